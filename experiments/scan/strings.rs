//! Strings composed of digits, and what a network reads in them.

use lenet5::applications::scan::Scanner;
use lenet5::data::Images;
use lenet5::data::flanked::{self, DigitString};
use lenet5::kernels::maps::Maps;
use lenet5::network::loss;
use lenet5::random::stream;
use rand::RngExt;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Rows of a string's picture.
pub const HEIGHT: usize = 32;
/// Seed of the strings, which are the same for every network.
const SEED: u64 = 1998;
/// The strings of Fig. 25 and of Fig. 26.
pub const FIGURES: [&str; 5] = ["2345", "540", "1114", "678", "3514"];
/// Composed strings, as many of each length.
pub const STRINGS: usize = 1000;
/// The lengths of composed strings.
pub const LENGTHS: [usize; 4] = [2, 3, 4, 5];
/// Bounds on blank's cost to choose from, in units of the distance.
const BOUNDS: [f64; 9] = [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];

/// A row of `bounds.csv`: strings of training digits that were read right with a bound.
#[derive(Serialize)]
pub struct BoundRow {
    pub arm: String,
    pub seed: u64,
    pub bound: f64,
    pub strings: usize,
    pub right: usize,
}

/// A row of `strings.csv`.
#[derive(Serialize, Deserialize)]
pub struct StringRow {
    pub arm: String,
    pub seed: u64,
    pub string: usize,
    pub truth: String,
    pub answer: String,
    /// Characters to insert, delete or exchange to get from one to the other.
    pub edits: usize,
}

/// String number `string` of `images` as a picture, and what it says.
fn compose(images: &Images, string: usize) -> (DigitString, String) {
    let mut generator = stream(SEED, "strings", string as u64);
    let length = LENGTHS[string % LENGTHS.len()];
    let indices: Vec<usize> = (0..length).map(|_| generator.random_range(0..images.len())).collect();
    let truth = indices.iter().map(|&index| images.labels()[index].to_string()).collect();
    (flanked::string(images, &indices, &mut generator), truth)
}

/// A string of the paper's figures from these images.
pub fn compose_figure(images: &Images, figure: usize) -> DigitString {
    let mut generator = stream(SEED, "strings of the figures", figure as u64);
    let labelled = |digit: u8| -> Vec<usize> {
        (0..images.len()).filter(|&index| images.labels()[index] == digit - b'0').collect()
    };
    let choices = FIGURES[figure].bytes().map(labelled);
    let indices: Vec<usize> = choices.map(|of| of[generator.random_range(0..of.len())]).collect();
    flanked::string(images, &indices, &mut generator)
}

/// A network's outputs for each of `count` strings of these images, and the digits in it.
fn scan_strings(scanner: &Scanner, images: &Images, count: usize) -> anyhow::Result<Vec<(Maps<f32>, String)>> {
    let scan = |string| {
        let (line, truth) = compose(images, string);
        Ok((scanner.scan(&line.pixels, (HEIGHT, line.width))?, truth))
    };
    (0..count).into_par_iter().map(scan).collect()
}

fn read(scanner: &Scanner, distances: &Maps<f32>) -> String {
    scanner.text(&scanner.read(distances, 0))
}

/// Sets the bound with which the network reads most of [`STRINGS`] strings of its training digits, the middle one of the best. Returns
/// a row for each bound.
pub fn choose_bound(scanner: &mut Scanner, training: &Images, arm: &str, seed: u64) -> anyhow::Result<Vec<BoundRow>> {
    let strings = scan_strings(scanner, training, STRINGS)?;
    let mut row = |bound: f64| {
        scanner.bound = bound;
        let right = strings.iter().filter(|(distances, truth)| read(scanner, distances) == *truth).count();
        BoundRow { arm: arm.into(), seed, bound, strings: STRINGS, right }
    };
    let rows: Vec<BoundRow> = BOUNDS.into_iter().map(&mut row).collect();
    let most = rows.iter().map(|row| row.right).max();
    let best: Vec<f64> = rows.iter().filter(|row| Some(row.right) == most).map(|row| row.bound).collect();
    scanner.bound = best[best.len() / 2];
    Ok(rows)
}

/// Reads `count` strings of these images.
pub fn read_strings(
    scanner: &Scanner,
    images: &Images,
    count: usize,
    (arm, seed): (&str, u64),
) -> anyhow::Result<Vec<StringRow>> {
    let row = |(string, (distances, truth)): (usize, (Maps<f32>, String))| {
        let answer = read(scanner, &distances);
        let edits = strsim::levenshtein(&truth, &answer);
        StringRow { arm: arm.into(), seed, string, truth, answer, edits }
    };
    Ok(scan_strings(scanner, images, count)?.into_iter().enumerate().map(row).collect())
}

/// The digits of `images` that the network takes for another class when each stands once with neighbours beside it, up to two columns off
/// the middle, as digits of a string do.
pub fn errors_beside_others(scanner: &Scanner, images: &Images) -> anyhow::Result<usize> {
    let is_wrong = |index: usize| {
        let pixels = flanked::digit(images, index, &mut stream(SEED, "digits beside others", index as u64));
        let distances = scanner.scan(&pixels, (HEIGHT, HEIGHT))?;
        Ok(usize::from(loss::answer(&distances.values) != usize::from(images.labels()[index])))
    };
    (0..images.len()).into_par_iter().map(is_wrong).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lenet5::data::{Source, digits};
    use lenet5::models::builder::Builder;
    use lenet5::runs::checkpoint::Model;

    #[test]
    fn strings_are_the_same_every_time_and_say_what_they_show() {
        let images = digits::load().test;
        for string in 0..8 {
            let (line, truth) = compose(&images, string);
            assert_eq!((truth.len(), line.middles.len()), (LENGTHS[string % 4], LENGTHS[string % 4]));
            assert_eq!(compose(&images, string), (line, truth));
        }
        assert_ne!(compose(&images, 0), compose(&images, 4));
        let middles = (0..FIGURES.len()).map(|figure| compose_figure(&images, figure).middles.len());
        assert_eq!(middles.collect::<Vec<usize>>(), FIGURES.map(str::len));
    }

    /// A network that has learnt nothing reads strings no better with any bound; the rows say so, and the bound is one of them.
    #[test]
    fn the_bound_is_the_middle_one_of_the_best() {
        let model = Model::untrained(Builder::assigned(&["alphabet='0123456789 '"]).unwrap(), Source::Digits);
        let (mut scanner, images) = (Scanner::new(&model).unwrap(), digits::load().training.first(50));
        let rows = choose_bound(&mut scanner, &images, "arm", 1).unwrap();
        assert_eq!(rows.iter().map(|row| row.bound).collect::<Vec<_>>(), BOUNDS);
        let most = rows.iter().map(|row| row.right).max().unwrap();
        let best: Vec<f64> = rows.iter().filter(|row| row.right == most).map(|row| row.bound).collect();
        assert_eq!(scanner.bound, best[best.len() / 2]);
        let strings = read_strings(&scanner, &images, STRINGS, ("arm", 1)).unwrap();
        assert_eq!(strings.iter().filter(|row| row.edits == 0).count(), most);
        assert!(errors_beside_others(&scanner, &images).unwrap() > 25);
    }
}
