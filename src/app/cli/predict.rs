//! `lenet5 predict`

mod folder;
mod labelled;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::ensure;
use clap::Args;
use lenet5::applications::reader::{ReadError, Reader};
use lenet5::data::{OwnData, Source, cifar10, reduction};
use lenet5::drawing::explanation;
use lenet5::kernels::maps::Shape;
use lenet5::picture::{self, Form, Picture, PictureError, StrokeWidth, Whole};
use lenet5::runs::checkpoint::Model;
use lenet5::words::terminal::name;
use rayon::prelude::*;
use serde::Serialize;

use super::figure;
use super::format::{count, note_of_source};
use super::input::{Input, is_standard};
use super::output::OutputArguments;
use folder::Contents;
use labelled::Labelled;

#[derive(Args)]
pub struct Arguments {
    /// A model.safetensors that `lenet5 train` has written, or its run's folder [default: the one that comes with the program]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Print a JSON array with an object for each picture
    #[arg(long)]
    json: bool,
    /// Of several pictures, too, print all the distances and what the network sees
    #[arg(long, conflicts_with = "json")]
    verbose: bool,
    /// Draw how the answer came about, for one picture: its ink, every layer of the network, the distances; in the form that the name
    /// ends in: .svg, .png or .pdf
    #[arg(long, value_name = "FILE.svg")]
    explain: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArguments,
    /// Pictures of one digit each: PNG, JPEG, WebP, GIF, TIFF, BMP or PNM, of any size, photographed, scanned or drawn, dark on light
    /// or light on dark; `-` reads one from standard input; or folders of such pictures, which are looked into with the folders in
    /// them, two deep; where inner folders have the names of classes, the share of right answers is said. For a model trained on CIFAR-10: in
    /// colour, of which it sees the largest square in the middle; for one trained on data of your own: of anything, seen as a whole
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,
}

#[derive(Serialize)]
struct Prediction {
    file: String,
    /// The name of the class: a character, `blank`, an object of CIFAR-10, or the name in one's own data.
    class: String,
    /// The folder with the name of a class in which the picture stands, if it stands in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    /// The characters that are seen in the picture, of which one was read; only of a picture of a digit.
    #[serde(skip_serializing_if = "Option::is_none")]
    characters: Option<usize>,
    /// In pixels of the network's input; only of a picture of a digit.
    #[serde(skip_serializing_if = "Option::is_none")]
    stroke_width: Option<StrokeWidth>,
    #[serde(flatten)]
    outputs: Outputs,
    /// Of eq. 9, 0 to 1; only for a network with RBF units.
    #[serde(skip_serializing_if = "Option::is_none")]
    rubbish_probability: Option<f64>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Outputs {
    /// y_i; the smallest wins.
    Distances { distances: Vec<f32> },
    /// The outputs of a network that ends in scores; the largest wins. The probabilities are their softmax.
    Scores { scores: Vec<f32>, probabilities: Vec<f64> },
}

impl Outputs {
    /// The confidence in a class, as text, and the number by which classes are ranked.
    fn of(&self, class: usize) -> (String, f32) {
        match self {
            Self::Distances { distances } => (format!("distance {:8.3}", distances[class]), -distances[class]),
            Self::Scores { scores, probabilities } => {
                (format!("probability {:.4}", probabilities[class]), scores[class])
            }
        }
    }
}

enum InputImage {
    Digit(Picture),
    /// Three channels of 32x32 pixels.
    Colour(Vec<u8>),
    /// Of a network for a user's own classes: the picture as a whole.
    Whole(Whole, Shape),
}

impl InputImage {
    /// The pixels that the network is given, and their shape.
    fn pixels(&self) -> (&[u8], Shape) {
        match self {
            Self::Digit(picture) => (&picture.pixels, Shape::new(1, picture::FRAME, picture::FRAME)),
            Self::Colour(pixels) => (pixels, Shape::new(cifar10::CHANNELS, cifar10::SIDE, cifar10::SIDE)),
            Self::Whole(whole, shape) => (&whole.pixels, *shape),
        }
    }
}

/// Classifies each picture, on all cores, and prints the answers in the order of the files. A picture that cannot be read does not stop
/// the others.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let model = Model::load_or_pretrained(arguments.model.as_deref())?;
    let is_one = matches!(&arguments.images[..], [path] if is_standard(path) || !path.is_dir());
    let standard = arguments.images.iter().filter(|path| is_standard(path)).count();
    ensure!(standard <= 1, "standard input can be read once; expected one \"-\", found {standard}");
    if let Some(page) = &arguments.explain {
        figure::check("--explain", page, arguments.output)?;
        ensure!(is_one, "--explain draws one picture; expected the path of one file, found a folder or several paths");
    }
    let (inputs, complete) = inputs(&arguments.images, &model.class_names());
    if let (Some(page), Some(input)) = (&arguments.explain, inputs.first()) {
        figure::write(page, &explanation(&model, &input.input)?, arguments.output)?;
    }
    note_of_source(&model);
    let mut code = if complete { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    let long = !arguments.json && (is_one || arguments.verbose);
    let (mut predictions, mut refused) = (Vec::new(), Vec::new());
    for (answer, input) in answers(&model, &inputs, long)?.into_iter().zip(&inputs) {
        match answer {
            Ok((prediction, text)) => {
                write!(out, "{text}")?;
                predictions.push(prediction);
            }
            Err(error) => {
                complain!("error: {error}");
                refused.extend(input.label.as_deref());
                code = ExitCode::FAILURE;
            }
        }
    }
    if arguments.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&predictions)?)?;
        return Ok(code);
    }
    if !long {
        lines(&model, &predictions, out)?;
    }
    let labelled = predictions.iter().filter_map(|one| Some((one.label.as_deref()?, Some(one.class.as_str()))));
    let labelled: Vec<Labelled> = labelled.chain(refused.into_iter().map(|label| (label, None))).collect();
    if !labelled.is_empty() {
        write!(out, "\n{}", labelled::summary(&model.class_names(), &labelled))?;
    }
    Ok(code)
}

/// A picture to read, with the class whose name its folder has.
struct LabelledInput {
    input: Input,
    label: Option<String>,
}

/// The pictures that the arguments name, and `false` if some cannot be read, which is printed. Those in folders with the name of a class
/// have it for a label; that others are in none is said where there are both.
fn inputs(paths: &[PathBuf], classes: &[String]) -> (Vec<LabelledInput>, bool) {
    let (mut inputs, mut all, mut others) = (Vec::new(), true, Vec::new());
    for path in paths {
        let (pictures, complete) = if is_standard(path) { (vec![path.clone()], true) } else { pictures(path) };
        all &= complete;
        for picture in pictures {
            let folder = labelled::folder_of(&picture, path);
            let label = folder.clone().filter(|folder| classes.contains(folder));
            others.extend(folder.filter(|_| label.is_none()));
            match Input::open(&picture) {
                Ok(input) => inputs.push(LabelledInput { input, label }),
                Err(error) => {
                    complain!("error: {error}");
                    all = false;
                }
            }
        }
    }
    if !others.is_empty() && inputs.iter().any(|input| input.label.is_some()) {
        let pictures = count(others.len(), "picture");
        others.dedup();
        let named = others.iter().take(5).map(|folder| name(folder.as_ref())).collect::<Vec<_>>().join(", ");
        complain!("{pictures} in folders with other names than those of the classes are not counted: {named}");
    }
    (inputs, all)
}

/// The picture `path`, or the pictures in the folder `path`, sorted by name, and `false` if there is none or a folder cannot be read.
/// Prints a line for skipped files.
fn pictures(path: &Path) -> (Vec<PathBuf>, bool) {
    if !path.is_dir() {
        return (vec![path.to_path_buf()], true);
    }
    let contents = Contents::of(path);
    for (folder, error) in &contents.unreadable {
        complain!("error: {}: the folder cannot be read ({error}); check its permissions", name(folder));
    }
    for line in contents.skipped() {
        complain!("{}: {line}", name(path));
    }
    let (none, all_read) = (contents.pictures.is_empty(), contents.unreadable.is_empty());
    if none && all_read {
        let endings = folder::endings();
        complain!(
            "error: {}: there is no picture in this folder; expected files whose names end in {endings}",
            name(path)
        );
    }
    (contents.pictures, !none && all_read)
}

/// The network's answer to each picture, in their order, with the long text if `long`.
fn answers(
    model: &Model,
    inputs: &[LabelledInput],
    long: bool,
) -> anyhow::Result<Vec<anyhow::Result<(Prediction, String)>>> {
    let reader = Reader::new(model)?;
    let answer = |reader: &mut Reader, LabelledInput { input, label }: &LabelledInput| {
        let image = read(model, input)?;
        let prediction = Prediction { label: label.clone(), ..predict(reader, input.path(), &image)? };
        let text = if long { text(model, &image, &prediction) } else { String::new() };
        Ok((prediction, text))
    };
    Ok(inputs.par_iter().map_init(|| reader.clone(), answer).collect())
}

/// Draws how the answer to the picture came about.
fn explanation(model: &Model, input: &Input) -> anyhow::Result<String> {
    let image = read(model, input)?;
    let (pixels, shape) = image.pixels();
    Ok(match &image {
        InputImage::Digit(picture) => explanation::of_digit(model, picture, &input.gray()?)?,
        InputImage::Colour(_) | InputImage::Whole(..) => explanation::of_image(model, pixels, shape)?,
    })
}

/// Reads a picture in the form of the model's training images; the data set decides, since a network with three channels may have been
/// trained on digits.
fn read(model: &Model, input: &Input) -> Result<InputImage, PictureError> {
    if let Some(OwnData { channels, height, width, .. }) = model.own_data {
        let form = Form { channels, frame: (height, width), transpose: false };
        return input.whole(form).map(|whole| InputImage::Whole(whole, Shape::new(channels, height, width)));
    }
    match model.source {
        Source::Cifar10 => input.colour(cifar10::SIDE).map(InputImage::Colour),
        _ => input.digit().map(InputImage::Digit),
    }
}

fn predict(reader: &mut Reader, path: &Path, image: &InputImage) -> Result<Prediction, ReadError> {
    let (pixels, shape) = image.pixels();
    let answer = reader.read(pixels, shape)?;
    let scores = answer.scores();
    let picture = match image {
        InputImage::Digit(picture) => Some(picture),
        InputImage::Colour(_) | InputImage::Whole(..) => None,
    };
    Ok(Prediction {
        file: path.display().to_string(),
        class: reader.names()[answer.class].clone(),
        label: None,
        characters: picture.map(|picture| picture.characters),
        stroke_width: picture.map(|picture| picture.stroke),
        rubbish_probability: answer.rubbish,
        outputs: match (scores, answer.probabilities) {
            (Some(scores), Some(probabilities)) => Outputs::Scores { scores, probabilities },
            _ => Outputs::Distances { distances: answer.distances },
        },
    })
}

/// Prints a line for each picture: the answer and its confidence.
fn lines(model: &Model, predictions: &[Prediction], out: &mut dyn Write) -> io::Result<()> {
    let names = model.class_names();
    let files: Vec<String> = predictions.iter().map(|prediction| name(prediction.file.as_ref())).collect();
    let longest = files.iter().map(|file| file.chars().count()).max().unwrap_or(0);
    let width = names.iter().map(String::len).fold(1, usize::max);
    for (file, Prediction { class, outputs, rubbish_probability, characters, .. }) in files.iter().zip(predictions) {
        let mut order: Vec<usize> = (0..names.len()).collect();
        order.sort_by(|&a, &b| outputs.of(b).1.total_cmp(&outputs.of(a).1));
        write!(out, "{file:<longest$}  {class:>width$}  {}", outputs.of(order[0]).0)?;
        if let Some(&second) = order.get(1) {
            write!(out, "   second {:>width$}  {}", names[second], outputs.of(second).0)?;
        }
        if let Some(rubbish) = rubbish_probability {
            write!(out, "   rubbish {rubbish:.4}")?;
        }
        if let Some(note) = characters.and_then(several) {
            write!(out, "   {note}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// A note about a picture that shows so many characters, if there are several.
fn several(characters: usize) -> Option<String> {
    (characters > 1)
        .then(|| format!("one of {characters} characters that are seen: `lenet5 scan` reads a line of them"))
}

/// The long text about one picture: its ink and all outputs.
fn text(model: &Model, image: &InputImage, prediction: &Prediction) -> String {
    let mut out = format!("{}: {}\n", name(prediction.file.as_ref()), prediction.class);
    if let Some(note) = prediction.characters.and_then(several) {
        out += &format!("{note}\n");
    }
    if let InputImage::Digit(picture) = image {
        out += &ink_text(model, picture);
    }
    if let InputImage::Whole(whole, shape) = image {
        out += &whole_text(whole, *shape);
    }
    let names = model.class_names();
    let width = names.iter().map(String::len).fold(5, usize::max);
    let heading = match prediction.outputs {
        Outputs::Distances { .. } => "distance (the smallest wins)",
        Outputs::Scores { .. } => "score  probability",
    };
    out += &format!("{:<width$}  {heading}\n", "class");
    for (class, name) in names.iter().enumerate() {
        let mark = if *name == prediction.class { "  <--" } else { "" };
        out += &match &prediction.outputs {
            Outputs::Distances { distances } => format!("{name:>width$}{:>10.3}{mark}\n", distances[class]),
            Outputs::Scores { scores, probabilities } => {
                format!("{name:>width$}{:>7.2}{:>13.4}{mark}\n", scores[class], probabilities[class])
            }
        };
    }
    if let Some(rubbish) = prediction.rubbish_probability {
        out += &format!("probability of rubbish (eq. 9, j = {}): {rubbish:.4}\n", model.settings.answer_j());
    }
    out + "\n"
}

/// How the whole picture was brought to size, and how the network sees it.
fn whole_text(whole: &Whole, shape: Shape) -> String {
    let (width, height) = whole.size;
    let inverted = if whole.inverted { ", inverted since its border is light" } else { "" };
    let size = format!("all of {width}x{height} pixels, scaled into {}x{}{inverted}", shape.width, shape.height);
    match shape.maps {
        1 => format!("{size}; what the network sees:\n\n{}\n", picture::as_text(&whole.pixels, shape.width)),
        _ => format!("{size}, in colour\n"),
    }
}

/// The place of the ink, and the digit as the network sees it.
fn ink_text(model: &Model, picture: &Picture) -> String {
    let ink = picture.ink;
    let (pixels, side) = (&picture.pixels, picture::FRAME);
    let reduced = model.network().encoding().reduced.then(|| reduction::reduced(pixels, (side, side)));
    format!(
        "ink of {}x{} at ({}, {}) of {}x{} pixels, {}; {}; what the network sees:\n\n{}\n",
        ink.width,
        ink.height,
        ink.left,
        ink.top,
        picture.width,
        picture.height,
        picture.polarity,
        picture.stroke,
        picture::as_text(reduced.as_ref().unwrap_or(pixels), side)
    )
}
