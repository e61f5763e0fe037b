//! The ten digits as people write them: strokes in a box of height 1, y downwards.

/// A place in the box of a digit, or in a picture.
pub type Point = (f64, f64);

/// A path of the pen without being lifted: straight from each point to the next.
pub type Stroke = Vec<Point>;

/// Straight pieces between two points of a curve.
const PIECES: usize = 10;

/// A smooth curve through these points (Catmull and Rom's).
fn curve(points: &[Point]) -> Stroke {
    let at = |index: isize| points[index.clamp(0, points.len() as isize - 1) as usize];
    let mut stroke = vec![points[0]];
    for index in 0..points.len() as isize - 1 {
        let [a, b, c, d] = [-1, 0, 1, 2].map(|offset| at(index + offset));
        for piece in 1..=PIECES {
            let t = piece as f64 / PIECES as f64;
            let blend = |a: f64, b: f64, c: f64, d: f64| {
                b + 0.5 * t * (c - a + t * (2.0 * a - 5.0 * b + 4.0 * c - d + t * (3.0 * (b - c) + d - a)))
            };
            stroke.push((blend(a.0, b.0, c.0, d.0), blend(a.1, b.1, c.1, d.1)));
        }
    }
    stroke
}

/// A part of an ellipse, angles in degrees clockwise from the right.
fn arc(centre: Point, radii: Point, from: f64, to: f64) -> Stroke {
    let angle = |step: usize| (from + (to - from) * step as f64 / 48.0).to_radians();
    (0..=48).map(|step| (centre.0 + radii.0 * angle(step).cos(), centre.1 + radii.1 * angle(step).sin())).collect()
}

/// The strokes of each digit in three ways: of `line` the corners, of `curve` the points that it passes, of `arc` centre, radii, and the
/// first and the last angle.
const STYLES: [[&str; 3]; 10] = [
    [
        "arc 0.33,0.5 0.33,0.5 -100,265",
        "arc 0.24,0.5 0.24,0.5 -60,300",
        "curve 0.45,0.04 0.2,0.03 0.02,0.4 0.1,0.85 0.35,1 0.6,0.75 0.62,0.35 0.42,0.05 0.28,0.08",
    ],
    ["line 0.2,0 0.2,1", "line 0.02,0.2 0.22,0 0.22,1", "line 0.1,0.17 0.3,0 0.3,1; line 0.05,1 0.55,1"],
    [
        "curve 0.05,0.25 0.17,0.05 0.4,0 0.59,0.14 0.57,0.38 0.35,0.67 0.02,1; line 0.02,1 0.65,1",
        "curve 0.05,0.22 0.2,0.03 0.45,0.02 0.58,0.2 0.5,0.45 0.25,0.78 0.08,0.96 0,0.88 0.1,0.8 0.3,0.9 0.5,1 0.68,0.92",
        "curve 0.05,0.25 0.17,0.05 0.4,0 0.59,0.14 0.57,0.38 0.35,0.67 0.02,1; curve 0.02,1 0.2,0.94 0.45,1 0.68,0.95",
    ],
    [
        "curve 0.05,0.12 0.25,0 0.5,0.07 0.54,0.25 0.4,0.42 0.2,0.48; curve 0.2,0.48 0.48,0.54 0.61,0.75 0.45,0.96 0.2,1 0,0.88",
        "line 0.05,0 0.55,0 0.26,0.4; curve 0.26,0.4 0.52,0.5 0.6,0.74 0.4,0.97 0.15,1 0,0.88",
        "curve 0,0.1 0.3,0 0.48,0.15 0.4,0.38 0.24,0.45 0.42,0.55 0.52,0.78 0.3,1 -0.02,0.95",
    ],
    [
        "line 0.1,0 0.03,0.52 0.64,0.52; line 0.5,0.02 0.46,1",
        "line 0.45,0 0,0.65 0.66,0.65; line 0.45,0 0.45,1",
        "curve 0.08,0.05 0.03,0.3 0.08,0.5 0.3,0.54 0.5,0.45; line 0.55,0 0.48,1",
    ],
    [
        "line 0.6,0 0.15,0.01 0.1,0.43; curve 0.1,0.43 0.33,0.36 0.58,0.5 0.58,0.8 0.35,1 0,0.93",
        "line 0.13,0.06 0.1,0.43; curve 0.1,0.43 0.33,0.36 0.58,0.5 0.58,0.8 0.35,1 0,0.93; line 0.27,0 0.66,-0.03",
        "curve 0.62,0.03 0.4,0.02 0.2,0.08 0.13,0.3 0.3,0.44 0.5,0.6 0.52,0.82 0.3,1 0,0.95",
    ],
    [
        "curve 0.5,0 0.24,0.2 0.06,0.5 0.05,0.8 0.25,1 0.5,0.92 0.57,0.72 0.42,0.56 0.2,0.6 0.06,0.78",
        "curve 0.2,0 0.08,0.3 0.02,0.65 0.12,0.94 0.35,0.99 0.5,0.82 0.42,0.64 0.2,0.64 0.06,0.8",
        "curve 0.55,0.05 0.35,0.03 0.1,0.3 0,0.65 0.15,0.97 0.42,0.97 0.57,0.75 0.4,0.55 0.15,0.6 0.04,0.72",
    ],
    [
        "line 0,0 0.6,0 0.22,1",
        "line 0,0.03 0.6,0 0.25,1; line 0.18,0.52 0.6,0.48",
        "line 0,0.15 0.02,0.02 0.58,0.02; curve 0.58,0.02 0.42,0.35 0.32,0.65 0.28,1",
    ],
    [
        "curve 0.5,0.14 0.3,0 0.08,0.14 0.15,0.37 0.45,0.58 0.57,0.8 0.3,1 0.03,0.82 0.13,0.6 0.42,0.4 0.53,0.22 0.5,0.12",
        "arc 0.3,0.23 0.21,0.23 0,360; arc 0.3,0.73 0.28,0.27 -90,270",
        "curve 0.52,0.06 0.25,0.02 0.1,0.18 0.3,0.42 0.5,0.7 0.35,0.98 0.08,0.9 0.1,0.68 0.35,0.42 0.56,0.1",
    ],
    [
        "curve 0.53,0.2 0.35,0.02 0.12,0.08 0.04,0.3 0.2,0.47 0.42,0.4 0.53,0.18; line 0.53,0.14 0.48,1",
        "curve 0.53,0.2 0.35,0.02 0.12,0.08 0.04,0.3 0.2,0.47 0.42,0.4 0.53,0.18; curve 0.53,0.18 0.56,0.5 0.48,0.85 0.27,1 0.08,0.93",
        "arc 0.28,0.26 0.26,0.25 -20,340; curve 0.53,0.2 0.5,0.6 0.36,1",
    ],
];

/// The three ways in which a digit is written here.
pub fn styles(digit: usize) -> [Vec<Stroke>; 3] {
    STYLES[digit].map(|strokes| strokes.split("; ").map(stroke).collect())
}

fn stroke(text: &str) -> Stroke {
    let (kind, points) = text.split_once(' ').expect("a kind and its points");
    let point = |text: &str| -> Point {
        let (x, y) = text.split_once(',').expect("two numbers");
        (x.parse().expect("a number"), y.parse().expect("a number"))
    };
    let points: Stroke = points.split(' ').map(point).collect();
    match kind {
        "line" => points,
        "curve" => curve(&points),
        _ => arc(points[0], points[1], points[2].0, points[2].1),
    }
}
