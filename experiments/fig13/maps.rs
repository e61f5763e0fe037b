//! The states of all layers for a few characters, drawn as in Fig. 13.
//!
//! Unusual and distorted characters are shown to LeNet-5, noisy ones to the network trained with inverted pixels. `characters.csv` has a
//! row for each character with the answer, `maps.csv` one for each map with its states.

use lenet5::applications::reader::Reader;
use lenet5::data::distortion::Distortion;
use lenet5::data::encoder::{BACKGROUND, FOREGROUND};
use lenet5::data::warp::warp;
use lenet5::drawing::plot::colour;
use lenet5::drawing::sheet::{Anchor, Sheet, Thumbnail};
use lenet5::kernels::maps::Maps;
use lenet5::network::loss;
use lenet5::paper::codes::{self, BITS};
use lenet5::random::stream;
use nalgebra::{Matrix3, Vector2};
use serde::{Deserialize, Serialize};

use crate::cells::Arm;
use crate::experiment::Context;
use crate::record::Folder;

/// Clockwise about the middle, as y points downwards; the same bits on every machine.
pub fn rotation(degrees: f64) -> Matrix3<f64> {
    let (sine, cosine) = libm::sincos(degrees.to_radians());
    Matrix3::new(cosine, -sine, 0.0, sine, cosine, 0.0, 0.0, 0.0, 1.0)
}

/// A character: what is special about it, which test pattern it is, how it is moved, the share of inverted pixels.
struct Character {
    about: &'static str,
    test_index: usize,
    forward: Matrix3<f64>,
    noise: f64,
}

/// The characters shown, all from the test set.
fn characters() -> Vec<Character> {
    let none = Matrix3::identity();
    let small = Matrix3::new_nonuniform_scaling(&Vector2::new(0.6, 0.6)).append_translation(&Vector2::new(3.0, 5.0));
    let slanted = Distortion { scale: 1.3, squeeze: 0.8, shear: -0.5, right: 0.0, down: 1.0 }.forward();
    let character = |about, test_index, forward, noise| Character { about, test_index, forward, noise };
    vec![
        character("clean", 4, none, 0.0),
        character("unusual", 8, none, 0.0),
        character("small, off centre", 0, small, 0.0),
        character("wide, slanted", 18, slanted, 0.0),
        character("rotated by 30 degrees", 1, rotation(30.0), 0.0),
        character("10 % of pixels inverted", 3, none, 0.1),
        character("noisy, rotated by -20 degrees", 7, rotation(-20.0), 0.1),
    ]
}

/// A layer of the figure: its name, its place among the states, columns of maps side by side, the side of a unit.
const LAYERS: [(&str, usize, usize, f64); 7] = [
    ("input", 0, 1, 3.0),
    ("C1", 2, 3, 1.25),
    ("S2", 4, 3, 2.5),
    ("C3", 6, 4, 2.1),
    ("S4", 8, 4, 4.2),
    ("C5", 10, 10, 8.0),
    ("F6", 12, codes::WIDTH, 8.0),
];

#[derive(Serialize, Deserialize)]
struct CharacterRow {
    character: usize,
    arm: String,
    about: String,
    test_index: usize,
    seed: u64,
    truth: usize,
    answer: usize,
    distance: f64,
    second: usize,
    second_distance: f64,
}

/// A row of `maps.csv`: the states of a map row by row, with a space between. The 120 units of C5 are written as one map of
/// 12x10, the 84 units of F6 as one of 12x7.
#[derive(Serialize, Deserialize)]
struct MapRow {
    character: usize,
    layer: String,
    map: usize,
    height: usize,
    width: usize,
    states: String,
}

/// Of these two arms the first is LeNet-5, the second trained with noise.
pub fn summary(context: &Context, [plain, noisy]: &[Arm; 2]) -> anyhow::Result<()> {
    let (mut answers, mut maps) = (Vec::new(), Vec::new());
    let mut networks = [first(context, plain)?, first(context, noisy)?];
    for (number, character) in characters().into_iter().enumerate() {
        let (seed, arm, reader) = &mut networks[usize::from(character.noise > 0.0)];
        answers.push(shown(context, (number, character), (*seed, arm), reader));
        for (layer, state, columns, _) in LAYERS {
            maps.extend(rows(number, layer, &reader.states()[state], columns));
        }
    }
    context.folder.write("characters.csv", &answers)?;
    context.folder.write("maps.csv", &maps)
}

/// The first network of an arm: its seed, its arm's name, and the network.
fn first(context: &Context, arm: &Arm) -> anyhow::Result<(u64, String, Reader)> {
    let finished = context.finished(arm)?;
    let cell = finished.first().ok_or_else(|| anyhow::anyhow!("{}: no seed", arm.name))?;
    Ok((cell.seed, arm.name.clone(), Reader::new(&cell.model()?)?))
}

/// Shows a character to a network, and returns what it answers.
fn shown(
    context: &Context,
    (number, character): (usize, Character),
    (seed, arm): (u64, &str),
    reader: &mut Reader,
) -> CharacterRow {
    let Character { about, test_index, forward, noise } = character;
    let images = &context.dataset.test;
    let answer = reader.read_as(|encoder, input| {
        warp(&forward, images.image(test_index), images.size(), encoder, input);
        if noise > 0.0 {
            encoder.invert(noise, &mut stream(seed, "fig13 noise", number as u64), input);
        }
    });
    let mut others = answer.distances.clone();
    others[answer.class] = f32::INFINITY;
    let second = loss::answer(&others);
    CharacterRow {
        character: number,
        arm: arm.into(),
        about: about.into(),
        test_index,
        seed,
        truth: usize::from(images.labels()[test_index]),
        answer: answer.class,
        distance: f64::from(answer.distances[answer.class]),
        second,
        second_distance: f64::from(others[second]),
    }
}

/// The maps of a layer; single units together as one map of so many columns.
fn rows(character: usize, layer: &str, states: &Maps<f32>, columns: usize) -> Vec<MapRow> {
    let shape = states.shape();
    let (height, width) = if shape.area() == 1 { (shape.maps / columns, columns) } else { (shape.height, shape.width) };
    let row = |(map, states): (usize, &[f32])| {
        let states: Vec<String> = states.iter().map(|state| format!("{state:.2}")).collect();
        MapRow { character, layer: layer.into(), map, height, width, states: states.join(" ") }
    };
    states.values.chunks(height * width).enumerate().map(row).collect()
}

const LEFT: f64 = 12.0;
const TOP: f64 = 78.0;
const PITCH: f64 = 148.0;
const GAP: f64 = 3.0;

pub fn draw(folder: &Folder) -> anyhow::Result<()> {
    let (answers, maps): (Vec<CharacterRow>, Vec<MapRow>) = (folder.read("characters.csv")?, folder.read("maps.csv")?);
    let mut sheet = Sheet::new(1010.0, TOP + PITCH * answers.len() as f64);
    let title = "Fig. 13: the states of LeNet-5; noisy characters: of the network trained with 10 % of pixels inverted";
    sheet.text(LEFT, 28.0, 20.0, Anchor::Start, title);
    let legend = "white to black: the input as it is encoded, C1 to C5 -1.7 to 1.7, F6 and the code -1 to 1";
    sheet.coloured_text(LEFT, 48.0, 15.0, Anchor::Start, colour::PAPER, legend);
    for answer in &answers {
        let top = TOP + PITCH * answer.character as f64;
        let mut left = LEFT;
        for (layer, _, columns, scale) in LAYERS {
            if answer.character == 0 {
                sheet.text(left, TOP - 8.0, 17.0, Anchor::Start, layer);
            }
            let mut right = left;
            for row in maps.iter().filter(|row| row.character == answer.character && row.layer == layer) {
                let picture = picture(row)?;
                let (width, height) = (scale * picture.width(), scale * picture.height());
                let (column, line) = ((row.map % columns) as f64, (row.map / columns) as f64);
                let (x, y) = (left + column * (width + GAP), top + line * (height + GAP));
                sheet.framed(x, y, scale, &picture, 0.5, colour::PAPER);
                right = f64::max(right, x + width);
            }
            left = right + 14.0;
        }
        verdict(&mut sheet, left, top, answer)?;
    }
    folder.draw("maps.svg", "maps.csv", &sheet.to_svg())
}

/// A row's picture, dark where the state is high.
fn picture(row: &MapRow) -> anyhow::Result<Thumbnail> {
    let states: Vec<f32> = row.states.split(' ').map(str::parse).collect::<Result<_, _>>()?;
    anyhow::ensure!(states.len() == row.height * row.width, "maps.csv: {} of {} units", states.len(), row.layer);
    let range = match row.layer.as_str() {
        "input" => (BACKGROUND, FOREGROUND),
        "F6" => (-1.0, 1.0),
        _ => (-1.7159, 1.7159),
    };
    Ok(Thumbnail::of_values(&states, (row.height, row.width), range))
}

/// The code beside F6, the answer below it, and what the character is.
fn verdict(sheet: &mut Sheet, left: f64, top: f64, row: &CharacterRow) -> anyhow::Result<()> {
    let codes = codes::digits();
    let code = codes.get(row.answer).ok_or_else(|| anyhow::anyhow!("characters.csv: no digit {}", row.answer))?;
    let values: [f32; BITS] = code.map(f32::from);
    let picture = Thumbnail::of_values(&values, (codes::HEIGHT, codes::WIDTH), (-1.0, 1.0));
    let scale = 8.0;
    if row.character == 0 {
        sheet.text(left, TOP - 8.0, 17.0, Anchor::Start, "code");
        sheet.text(left + 70.0, TOP - 8.0, 17.0, Anchor::Start, "answer (distance)");
    }
    sheet.framed(left, top, scale, &picture, 0.5, colour::PAPER);
    let (x, right) = (left + 70.0, row.answer == row.truth);
    let (mark, ink) = if right { ("right", colour::TEST) } else { ("wrong", colour::TRAINING) };
    sheet.coloured_text(
        x,
        top + 18.0,
        20.0,
        Anchor::Start,
        ink,
        &format!("{} ({:.1}), {mark}", row.answer, row.distance),
    );
    let second = format!("then {} ({:.1})", row.second, row.second_distance);
    sheet.text(x, top + 40.0, 16.0, Anchor::Start, &second);
    sheet.text(x, top + 66.0, 16.0, Anchor::Start, &format!("a {}:", row.truth));
    let mut y = top + 84.0;
    for words in wrapped(&row.about) {
        sheet.text(x, y, 16.0, Anchor::Start, &words);
        y += 17.0;
    }
    let network = super::NETWORKS.iter().find(|network| network.0 == row.arm).map_or("", |network| network.1);
    for words in wrapped(network) {
        sheet.coloured_text(x, y, 14.0, Anchor::Start, colour::PAPER, &words);
        y += 15.0;
    }
    Ok(())
}

/// A text in lines of about 14 letters.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        if lines[last].is_empty() {
            lines[last] = word.into();
        } else if lines[last].len() + word.len() < 15 {
            lines[last] += &format!(" {word}");
        } else {
            lines.push(word.into());
        }
    }
    lines
}
