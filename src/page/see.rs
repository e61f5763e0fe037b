//! A network's layers and answer for a drawing.

use base64::{Engine, engine::general_purpose::STANDARD};
use image::{GrayImage, imageops};
use nalgebra::{Matrix3, Rotation2};
use serde::{Deserialize, Serialize};

use super::networks::Networks;
use super::refusal::Refusal;
use crate::applications::activity::{Activity, LayerStates};
use crate::applications::reader::Reader;
use crate::clock::Stopwatch;
use crate::data::encoder::Encoder;
use crate::data::warp::warp;
use crate::kernels::maps::Maps;
use crate::picture::{FRAME, Picture, whole_of_gray};
use crate::random::stream;

/// The most rows and columns of a drawing.
const MAX_SIDE: u32 = 1024;

#[derive(Deserialize)]
pub struct Question {
    #[serde(default = "lenet5")]
    network: String,
    width: u32,
    height: u32,
    /// True if the body is an image of the size that the network reads, to be read unchanged.
    #[serde(default)]
    prepared: bool,
    #[serde(default = "one")]
    scale: f64,
    /// In degrees, clockwise.
    #[serde(default)]
    rotation: f64,
    /// The probability with which a pixel of the input is inverted.
    #[serde(default)]
    noise: f64,
}

fn lenet5() -> String {
    "lenet5".into()
}

fn one() -> f64 {
    1.0
}

#[derive(Serialize)]
pub struct Sight {
    network: String,
    pixels: Vec<u8>,
    input: LayerValues,
    layers: Vec<LayerValues>,
    /// The outputs of a network that ends in distances; the smallest wins.
    #[serde(skip_serializing_if = "Option::is_none")]
    distances: Option<Vec<f32>>,
    /// The outputs of a network that ends in scores; the largest wins.
    #[serde(skip_serializing_if = "Option::is_none")]
    scores: Option<Vec<f32>>,
    probabilities: Option<Vec<f64>>,
    rubbish: Option<f64>,
    /// The distance of rubbish in eq. 9, where there is a probability of it.
    j: Option<f64>,
    answer: usize,
    /// In the network; none without a clock.
    microseconds: Option<u64>,
}

impl Sight {
    /// What the network of this name did with these pixels, in so many seconds; `j` is that of eq. 9.
    pub fn new(network: String, pixels: Vec<u8>, activity: Activity, j: f64, seconds: f64) -> Self {
        let (scores, answer) = (activity.answer.scores(), activity.answer);
        Self {
            network,
            pixels,
            input: activity.input.into(),
            layers: activity.layers.into_iter().map(LayerValues::from).collect(),
            distances: scores.is_none().then_some(answer.distances),
            scores,
            probabilities: answer.probabilities,
            rubbish: answer.rubbish,
            j: answer.rubbish.map(|_| j),
            answer: answer.class,
            microseconds: seconds.is_finite().then_some((1e6 * seconds) as u64),
        }
    }
}

#[derive(Serialize)]
struct LayerValues {
    name: String,
    maps: usize,
    height: usize,
    width: usize,
    low: f64,
    high: f64,
    /// The states, each four bytes of an `f32`, the lowest first, in base64: exact, and written ten times faster than numbers.
    states: String,
}

impl From<LayerStates> for LayerValues {
    fn from(states: LayerStates) -> Self {
        let (shape, (low, high)) = (states.maps.shape(), states.range);
        let mut bytes = vec![0; 4 * states.maps.values.len()];
        for (four, state) in bytes.chunks_exact_mut(4).zip(states.maps.values.iter()) {
            four.copy_from_slice(&state.to_le_bytes());
        }
        let (name, states) = (states.name, STANDARD.encode(bytes));
        Self { name, maps: shape.maps, height: shape.height, width: shape.width, low, high, states }
    }
}

/// The drawing of a request: dark ink on white paper.
///
/// # Errors
/// If the size is out of range, or is not the body's.
pub fn drawing(body: &[u8], (width, height): (u32, u32)) -> Result<GrayImage, Refusal> {
    if !(1..=MAX_SIDE).contains(&width) || !(1..=MAX_SIDE).contains(&height) {
        return Err(Refusal::bad(format!("width and height must be 1 to {MAX_SIDE}")));
    }
    let expected = (width * height) as usize;
    if body.len() != expected {
        let reason = format!("the body must be {width} * {height} = {expected} bytes, found {}", body.len());
        return Err(Refusal::bad(reason));
    }
    let mut image = GrayImage::from_raw(width, height, body.to_vec()).expect("as many bytes as pixels");
    imageops::invert(&mut image);
    Ok(image)
}

/// `see`
///
/// # Errors
/// As [`read`].
pub fn look(networks: &Networks, question: Question, body: &[u8]) -> Result<Sight, Refusal> {
    let (pixels, (activity, j, seconds)) = read(networks, &question, body, |reader, write| {
        let clock = Stopwatch::start();
        (Activity::of_input(reader, write), reader.j(), clock.seconds())
    })?;
    Ok(Sight::new(question.network, pixels, activity, j, seconds))
}

/// The pixels that a question's drawing becomes, and what `read` makes of them: it is given the reader of the network, and what writes
/// the pixels, moved and noisy as the question says, to the input.
///
/// # Errors
/// If a parameter is out of range, or there is no ink.
pub fn read<T>(
    networks: &Networks,
    question: &Question,
    body: &[u8],
    read: impl FnOnce(&mut Reader, &dyn Fn(&Encoder<f32>, &mut Maps<f32>)) -> T,
) -> Result<(Vec<u8>, T), Refusal> {
    check(question)?;
    let network = networks.find(&question.network)?;
    let (width, height) = (question.width, question.height);
    let drawing = drawing(body, (width, height))?;
    let size = network.form().map_or((FRAME, FRAME), |form| form.frame);
    let pixels = match (question.prepared, network.form()) {
        (true, _) if (height as usize, width as usize) == size => body.to_vec(),
        (true, _) => return Err(Refusal::bad(format!("a prepared image has {} x {} pixels", size.1, size.0))),
        (false, Some(form)) => whole_of_gray(drawing, form).map_err(Refusal::unreadable)?.pixels,
        (false, None) => Picture::from_gray(&drawing).map_err(Refusal::unreadable)?.pixels,
    };
    let moved = question.scale != 1.0 || question.rotation != 0.0;
    let write = |encoder: &Encoder<f32>, input: &mut Maps<f32>| {
        if moved {
            warp(&forward(question), &pixels, size, encoder, input);
        } else {
            encoder.encode(&pixels, size, input);
        }
        encoder.invert(question.noise, &mut stream(1, "demo", 0), input);
    };
    let found = network.read(|reader| read(reader, &write))?;
    Ok((pixels, found))
}

fn check(question: &Question) -> Result<(), Refusal> {
    let within = |name: &str, value: f64, range: std::ops::RangeInclusive<f64>| {
        let reason = || Refusal::bad(format!("{name} must be {} to {}", range.start(), range.end()));
        range.contains(&value).then_some(()).ok_or_else(reason)
    };
    within("scale", question.scale, 0.3..=2.0)?;
    within("rotation", question.rotation, -180.0..=180.0)?;
    within("noise", question.noise, 0.0..=0.5)
}

/// The affine map of the sliders, about the middle.
fn forward(question: &Question) -> Matrix3<f64> {
    let rotation = Rotation2::new(question.rotation.to_radians()).to_homogeneous();
    rotation * Matrix3::new_nonuniform_scaling(&[question.scale, question.scale].into())
}
