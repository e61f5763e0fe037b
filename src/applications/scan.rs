//! Reading strings: the network replicated over a wide input, and a character model that decodes its outputs
//! (section VII, Figs. 25 and 26).
//!
//! The network answers at positions [`STRIDE`](crate::data::flanked::STRIDE) pixels apart. A *path* gives each position one state: a character, seen there,
//! or blank. The cost of a character is its distance y_i. That of blank is the distance of the class "blank" or a bound,
//! whichever is smaller; a network without that class has the bound alone. The bound is what j is in eq. 9: the distance of the
//! class of "rubbish", for every input. The character model forbids two characters on neighbouring positions: one that
//! answers at two of them is read once, and equal ones in a row are told apart by the blank between them. The path of the
//! smallest total cost, found by Viterbi's algorithm, is the answer.
//!
//! With -log of the probabilities of eq. 9 in place of the distances the path is the same: at each position they differ from
//! the distances by one number, and a path has one state at each position.

use crate::applications::reader::{ReadError, Reader};
use crate::kernels::maps::{Maps, Shape};
use crate::network::layers::ShapeError;
use crate::network::loss;
use crate::runs::checkpoint::Model;

/// The bound of a network that has the class "blank", in units of the distance: that which read most strings of training digits
/// (`results/scan/bounds.csv`).
pub const BOUND: f64 = 128.0;

/// A network that reads strings.
#[derive(Debug)]
pub struct Scanner {
    reader: Reader,
    /// The most that blank costs at a position, in units of the distance.
    pub bound: f64,
}

/// A character that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Character {
    /// Its class.
    pub class: usize,
    /// Its position in the row, counted from 0: it is seen in the columns `4 * position` to `4 * position + 31`.
    pub position: usize,
}

impl Scanner {
    /// The network of `model`. The bound is its setting `j`; of a network with the class "blank", [`BOUND`].
    ///
    /// # Errors
    /// As [`Reader::new`].
    pub fn new(model: &Model) -> Result<Self, ReadError> {
        let reader = Reader::new(model)?;
        Ok(Self { bound: if reader.blank().is_some() { BOUND } else { reader.j() }, reader })
    }

    /// The name of each class: its character, or `blank`.
    pub fn names(&self) -> &[String] {
        self.reader.names()
    }

    /// Runs the network over an image of `height` x `width` pixels, 0 being background and 255 ink: (height - 28) / 4 rows and
    /// (width - 28) / 4 columns of positions, rounded down. A network for colour sees it in all of its maps. The map of class i has the
    /// distances y_i at all positions.
    ///
    /// # Errors
    /// If the image is lower or narrower than 32 pixels.
    ///
    /// # Panics
    /// If there are not `height * width` pixels.
    pub fn scan(&self, pixels: &[u8], size: (usize, usize)) -> Result<Maps<f32>, ShapeError> {
        self.reader.read_everywhere(pixels, size)
    }

    /// Reads one row of positions.
    ///
    /// # Panics
    /// If there is no such row, or the distances are another network's.
    pub fn read(&self, distances: &Maps<f32>, row: usize) -> Vec<Character> {
        let Shape { maps, width, .. } = distances.shape();
        assert_eq!(maps, self.names().len(), "a map for each class");
        let y = |class: usize, x: usize| f64::from(distances.matrix(class)[(row, x)]);
        let characters: Vec<usize> = (0..maps).filter(|&class| Some(class) != self.reader.blank()).collect();
        let costs = (0..width).map(|x| Costs {
            blank: self.reader.blank().map_or(self.bound, |class| y(class, x).min(self.bound)),
            characters: characters.iter().map(|&class| y(class, x)).collect(),
        });
        let path = viterbi(&costs.collect::<Vec<Costs>>());
        let seen = |(position, state): (usize, Option<usize>)| Some(Character { class: characters[state?], position });
        path.into_iter().enumerate().filter_map(seen).collect()
    }

    /// The text of these characters.
    pub fn text(&self, characters: &[Character]) -> String {
        characters.iter().map(|character| self.names()[character.class].as_str()).collect()
    }
}

/// The cost of each state at one position.
#[derive(Debug, Clone, PartialEq)]
pub struct Costs {
    /// No character here.
    pub blank: f64,
    /// One of these here.
    pub characters: Vec<f64>,
}

/// The states along the path of the smallest total cost on which no two characters are neighbours, `None` for blank. Where
/// costs are equal blank is preferred, then the first character.
///
/// ```
/// use lenet5::applications::scan::{Costs, viterbi};
/// let costs = [[0.1, 9.0], [0.3, 9.0], [9.0, 9.0], [0.2, 9.0]].map(|y| Costs { blank: 2.0, characters: y.to_vec() });
/// assert_eq!(viterbi(&costs), [Some(0), None, None, Some(0)]);
/// ```
pub fn viterbi(costs: &[Costs]) -> Vec<Option<usize>> {
    // The cost of the best path so far that ends in blank, and of the best one that ends in a character: at one position the
    // cheapest character is as good as any other for what comes before and after it.
    let (mut blank, mut character) = (0.0, f64::INFINITY);
    let mut after_character = Vec::with_capacity(costs.len());
    for here in costs {
        after_character.push(character < blank);
        let cheapest = here.characters.iter().copied().fold(f64::INFINITY, f64::min);
        (blank, character) = (blank.min(character) + here.blank, blank + cheapest);
    }
    let mut is_character = character < blank;
    let mut path = Vec::with_capacity(costs.len());
    for (here, after_character) in costs.iter().zip(after_character).rev() {
        path.push(is_character.then(|| loss::answer(&here.characters)));
        is_character = !is_character && after_character;
    }
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Source;
    use crate::models::builder::Builder;
    use crate::random::stream;
    use rand::RngExt;

    fn model(alphabet: &str) -> Model {
        let settings = Builder::assigned(&[&format!("alphabet={alphabet:?}")]).unwrap();
        Model::untrained(settings, Source::Digits)
    }

    fn cost(costs: &[Costs], path: &[Option<usize>]) -> f64 {
        costs.iter().zip(path).map(|(here, state)| state.map_or(here.blank, |class| here.characters[class])).sum()
    }

    /// Every path of `length` positions on which no two characters are neighbours.
    fn paths(length: usize, characters: usize) -> Vec<Vec<Option<usize>>> {
        let states: Vec<Option<usize>> = (0..characters).map(Some).chain([None]).collect();
        let mut paths = vec![vec![]];
        for _ in 0..length {
            let longer = |path: &Vec<Option<usize>>| {
                let allowed = |state: &&Option<usize>| state.is_none() || path.last().is_none_or(Option::is_none);
                states.iter().filter(allowed).map(|&state| [path.as_slice(), &[state]].concat()).collect()
            };
            paths = paths.iter().flat_map(|path| -> Vec<Vec<Option<usize>>> { longer(path) }).collect();
        }
        paths
    }

    #[test]
    fn viterbi_finds_the_cheapest_of_all_allowed_paths() {
        assert_eq!(paths(3, 2).len(), 1 + 3 * 2 + 4);
        for index in 0..300 {
            let mut generator = stream(1, "viterbi", index);
            let (length, characters) = (generator.random_range(0..=7), generator.random_range(1..=3));
            let mut draw = || Costs {
                blank: generator.random_range(0.0..3.0),
                characters: (0..characters).map(|_| generator.random_range(0.0..4.0)).collect(),
            };
            let costs: Vec<Costs> = (0..length).map(|_| draw()).collect();
            let all = paths(length, characters);
            let cheapest = all.iter().min_by(|a, b| cost(&costs, a).total_cmp(&cost(&costs, b))).unwrap();
            assert_eq!(&viterbi(&costs), cheapest, "{costs:?}");
        }
    }

    #[test]
    fn blank_is_its_own_class_up_to_the_bound_or_the_bound_alone() {
        let mut values = [30.0; 11 * 3];
        for (class, position, y) in [(4, 0, 3.0), (10, 0, 5.0), (7, 2, 3.0), (10, 2, 0.5)] {
            values[class * 3 + position] = y;
        }
        let distances =
            |classes: usize| Maps::from_values(Shape::new(classes, 1, 3), values[..classes * 3].to_vec()).unwrap();
        let read = |alphabet: &str, bound: f64| {
            let scanner = Scanner { bound, ..Scanner::new(&model(alphabet)).unwrap() };
            let characters = scanner.read(&distances(alphabet.len()), 0);
            (scanner.text(&characters), characters.iter().map(|character| character.position).collect::<Vec<usize>>())
        };
        assert_eq!(read("0123456789 ", 10.0), ("4".into(), vec![0]));
        assert_eq!(read("0123456789 ", 2.0), (String::new(), vec![]));
        assert_eq!(read("0123456789", 10.0), ("47".into(), vec![0, 2]));
        assert_eq!(read("0123456789", 2.0), (String::new(), vec![]));
    }

    #[test]
    fn an_image_smaller_than_the_window_is_refused() {
        let scanner = Scanner::new(&model("0123456789")).unwrap();
        assert!(scanner.scan(&[0; 31 * 40], (31, 40)).is_err() && scanner.scan(&[0; 32 * 31], (32, 31)).is_err());
    }
}
