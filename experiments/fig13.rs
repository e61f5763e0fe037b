//! Fig. 13: a network trained with inverted pixels, on unusual, distorted and noisy characters.
//!
//! [`maps`] draws the states of all its layers. Here its tolerance is measured, beside that of the plain network: `tolerance.csv`
//! has the test error of each network at each scale, vertical shift and rotation, `limits.csv` where it passes 10 and 50 %,
//! `summary.csv` means over seeds.

mod maps;

use lenet5::data::{Images, encoder::Encoder, warp::warp};
use lenet5::drawing::plot::{Axis, Chart, Curve, LineStyle, colour};
use lenet5::evaluation::statistics::summarise;
use lenet5::evaluation::{clopper_pearson, percent};
use lenet5::network::engine::Engine;
use lenet5::network::loss;
use lenet5::runs::checkpoint::Model;
use nalgebra::{Matrix3, Vector2};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::cells::{Arm, Extent};
use crate::experiment::{Context, Experiment};
use crate::fig5;
use crate::record::Folder;
use crate::section::{Finding, Section, with_interval};
use maps::rotation;

pub const EXPERIMENT: Experiment = Experiment {
    name: "fig13",
    about: "all layers of a network trained with noise; tolerance to scale, vertical shift and rotation",
    arms,
    summarise: summary,
    plot: draw,
    section,
};

/// "Each input pixel inverted with probability 0.1" (Fig. 13).
fn noisy(extent: &Extent) -> Arm {
    extent.arm("paper-noise", &["pixel_noise=0.1"], "1-5")
}

fn arms(extent: &Extent) -> Vec<Arm> {
    let noisy = noisy(extent);
    let seeds = noisy.seeds.clone();
    vec![noisy, Arm { seeds, ..fig5::arm(extent) }]
}

/// A change of a character before the network sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Change {
    /// Scaled by a factor about the middle.
    Scale,
    /// Shifted downwards, by a share of the height of its ink.
    Shift,
    /// Rotated clockwise about the middle, in degrees.
    Rotation,
}

impl Change {
    const ALL: [Self; 3] = [Self::Scale, Self::Shift, Self::Rotation];

    /// The values at which it is measured, upwards.
    fn values(self) -> Vec<f64> {
        match self {
            Self::Scale => vec![0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 2.0],
            Self::Shift => (-15..=15).map(|step| f64::from(step) / 20.0).collect(),
            Self::Rotation => (-12..=12).map(|step| f64::from(step) * 5.0).collect(),
        }
    }

    /// The value that changes nothing.
    fn none(self) -> f64 {
        if self == Self::Scale { 1.0 } else { 0.0 }
    }

    /// The range that the paper claims to be tolerated (below Fig. 13).
    fn claimed(self) -> [f64; 2] {
        match self {
            Self::Scale => [0.5, 2.0],
            Self::Shift => [-0.5, 0.5],
            Self::Rotation => [-30.0, 30.0],
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Scale => "scale",
            Self::Shift => "vertical shift",
            Self::Rotation => "rotation",
        }
    }

    fn axis(self) -> Axis {
        match self {
            Self::Scale => {
                Axis { low: Some(0.48), high: Some(2.08), ..Axis::logarithmic("scale (factor, logarithmic)") }
            }
            Self::Shift => Axis::between("vertical shift (share of the character's height, downwards)", -0.78, 0.78),
            Self::Rotation => Axis::between("rotation (degrees, clockwise)", -62.0, 62.0),
        }
    }

    /// The affine map for an image of `width` pixels in a row.
    fn forward(self, value: f64, pixels: &[u8], width: usize) -> Matrix3<f64> {
        match self {
            Self::Scale => Matrix3::new_nonuniform_scaling(&Vector2::new(value, value)),
            Self::Shift => Matrix3::new_translation(&Vector2::new(0.0, value * ink_height(pixels, width))),
            Self::Rotation => rotation(value),
        }
    }
}

/// Rows from the first to the last with ink.
fn ink_height(pixels: &[u8], width: usize) -> f64 {
    let inked = |row: &[u8]| row.iter().any(|&pixel| pixel > 0);
    let (mut rows, mut again) = (pixels.chunks(width), pixels.chunks(width));
    match (rows.position(inked), again.rposition(inked)) {
        (Some(first), Some(last)) => (last - first + 1) as f64,
        _ => 0.0,
    }
}

fn errors(model: &Model, images: &Images, change: Change, value: f64) -> usize {
    let network = model.network();
    let encoder = Encoder::new(network.encoding());
    let engine = || {
        let mut engine = Engine::new(&network);
        engine.load_values(&model.values);
        engine
    };
    let wrong = |engine: &mut Engine<f32>, index: usize| {
        let image = images.image(index);
        let forward = change.forward(value, image, images.size().1);
        warp(&forward, image, images.size(), &encoder, engine.input_mut());
        loss::answer(engine.forward(&network)) != usize::from(images.labels()[index])
    };
    (0..images.len()).into_par_iter().map_init(engine, wrong).filter(|&wrong| wrong).count()
}

#[derive(Serialize, Deserialize)]
struct ToleranceRow {
    arm: String,
    seed: u64,
    change: Change,
    value: f64,
    patterns: usize,
    errors: usize,
    error_percent: f64,
    error_low_percent: f64,
    error_high_percent: f64,
}

/// A row of `limits.csv`: the value, away from no change, at which the error passes `error_percent`; none if it does not in
/// the range measured.
#[derive(Serialize, Deserialize)]
struct LimitRow {
    arm: String,
    seed: u64,
    change: Change,
    upwards: bool,
    error_percent: f64,
    value: Option<f64>,
}

#[derive(Serialize, Deserialize)]
struct SummaryRow {
    arm: String,
    change: Change,
    value: f64,
    seeds: usize,
    error_mean_percent: f64,
    error_deviation_percent: f64,
    error_half_interval_percent: f64,
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let images = if context.extent.quick { context.dataset.test.first(500) } else { context.dataset.test.clone() };
    let (mut rows, mut limits, mut summary) = (Vec::new(), Vec::new(), Vec::new());
    for arm in arms(context.extent) {
        let finished = context.finished(&arm)?;
        for cell in &finished {
            let model = cell.model()?;
            for change in Change::ALL {
                let measured: Vec<ToleranceRow> = change
                    .values()
                    .into_iter()
                    .map(|value| {
                        row(&arm.name, cell.seed, (change, value), errors(&model, &images, change, value), &images)
                    })
                    .collect();
                limits.extend(limits_of(&measured));
                rows.extend(measured);
            }
        }
        for (change, value) in
            Change::ALL.into_iter().flat_map(|change| change.values().into_iter().map(move |v| (change, v)))
        {
            let same = |row: &&ToleranceRow| row.arm == arm.name && row.change == change && row.value == value;
            let errors = summarise(rows.iter().filter(same).map(|row| row.error_percent));
            summary.push(SummaryRow {
                arm: arm.name.clone(),
                change,
                value,
                seeds: finished.len(),
                error_mean_percent: errors.mean,
                error_deviation_percent: errors.deviation,
                error_half_interval_percent: errors.half_interval,
            });
        }
    }
    context.folder.write("tolerance.csv", &rows)?;
    context.folder.write("limits.csv", &limits)?;
    context.folder.write("summary.csv", &summary)?;
    maps::summary(context, &noisy(context.extent))
}

fn row(arm: &str, seed: u64, (change, value): (Change, f64), errors: usize, images: &Images) -> ToleranceRow {
    let interval = clopper_pearson(errors, images.len());
    ToleranceRow {
        arm: arm.into(),
        seed,
        change,
        value,
        patterns: images.len(),
        errors,
        error_percent: percent(errors, images.len()),
        error_low_percent: interval.low,
        error_high_percent: interval.high,
    }
}

/// The values at which one network's error under one change passes 10 and 50 %, either way.
fn limits_of(measured: &[ToleranceRow]) -> Vec<LimitRow> {
    let Some(first) = measured.first() else { return Vec::new() };
    let none = first.change.none();
    let mut limits = Vec::new();
    for (upwards, error_percent) in [(false, 10.0), (false, 50.0), (true, 10.0), (true, 50.0)] {
        let point = |row: &ToleranceRow| (row.value, row.error_percent);
        let outwards: Vec<_> = match upwards {
            true => measured.iter().filter(|row| row.value >= none).map(point).collect(),
            false => measured.iter().rev().filter(|row| row.value <= none).map(point).collect(),
        };
        let value = passes(&outwards, error_percent);
        let (arm, seed, change) = (first.arm.clone(), first.seed, first.change);
        limits.push(LimitRow { arm, seed, change, upwards, error_percent, value });
    }
    limits
}

/// The first x at which these points (x, y), joined by straight lines, pass `level` upwards.
fn passes(points: &[(f64, f64)], level: f64) -> Option<f64> {
    let pair = points.windows(2).find(|pair| pair[0].1 < level && pair[1].1 >= level)?;
    let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
    Some(x0 + (x1 - x0) * (level - y0) / (y1 - y0))
}

const LABELS: [(&str, &str); 2] = [("paper-noise", "trained with pixels inverted"), ("paper", "trained without noise")];

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let rows: Vec<SummaryRow> = folder.read("summary.csv")?;
    let chart = |change: Change| {
        let curve = |((arm, label), colour): ((&str, &str), _)| {
            let shown = || rows.iter().filter(move |row| row.arm == arm && row.change == change);
            let band = shown().map(|row| {
                let (mean, deviation) = (row.error_mean_percent, row.error_deviation_percent);
                (row.value, (mean - deviation).clamp(0.0, 100.0), (mean + deviation).clamp(0.0, 100.0))
            });
            Curve::new(label, colour, LineStyle::Solid, shown().map(|row| (row.value, row.error_mean_percent)))
                .with_band(band)
        };
        Chart {
            title: format!("Tolerance to {}: mean of seeds and s.d.", change.name()),
            x: change.axis(),
            y: Axis::between("test error (%)", 0.0, 100.0),
            curves: LABELS.into_iter().zip([colour::TEST, colour::TRAINING]).map(curve).collect(),
            marks: change.claimed().map(|value| (value, " paper".into())).to_vec(),
        }
    };
    folder.charts("tolerance.svg", "summary.csv", Change::ALL.map(chart), (1, (800, 360)))?;
    maps::draw(folder)
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let (rows, limits): (Vec<SummaryRow>, Vec<LimitRow>) = (folder.read("summary.csv")?, folder.read("limits.csv")?);
    let error = |arm: &str, change: Change, value: f64| {
        let row = rows.iter().find(|row| row.arm == arm && row.change == change && row.value == value);
        row.map_or("-".into(), |row| with_interval(row.error_mean_percent, row.error_half_interval_percent, 1))
    };
    let limit = |arm: &str, change: Change, upwards: bool, level: f64| {
        let same = |row: &&LimitRow| {
            row.arm == arm && row.change == change && row.upwards == upwards && row.error_percent == level
        };
        let values: Option<Vec<f64>> = limits.iter().filter(same).map(|row| row.value).collect();
        values.map_or("not reached".into(), |values| format!("{:.2}", summarise(values).mean))
    };
    let mut text = String::from(
        "The maps are those of the noise-trained network's first seed. For the tolerance each test digit is moved by \
         one affine map in the 32x32 input; what leaves the input is lost, as ink of most digits does beyond a scale of 1.6 \
         or a shift of 0.3. Where the mean error passes 10 and 50 %, means over seeds:\n\n\
         | network | change | 50 % below | 10 % below | 10 % above | 50 % above |\n|---|---|---|---|---|---|\n",
    );
    for change in Change::ALL {
        for (arm, label) in LABELS {
            let at = |upwards, level| limit(arm, change, upwards, level);
            text += &format!(
                "| {label} | {} | {} | {} | {} | {} |\n",
                change.name(),
                at(false, 50.0),
                at(false, 10.0),
                at(true, 10.0),
                at(true, 50.0)
            );
        }
    }
    let claim = |change: Change, paper: &str| {
        let [low, high] = change.claimed();
        let ours = format!("{} and {}", error("paper-noise", change, low), error("paper-noise", change, high));
        Finding::new(format!("noise-trained network, test error at {} {low} and {high}", change.name()), paper, ours)
    };
    Ok(Section {
        title: "unusual, distorted and noisy characters".into(),
        text,
        figures: vec![
            ("maps.svg".into(), "the states of all layers for six characters".into()),
            ("tolerance.svg".into(), "test error against scale, vertical shift and rotation".into()),
        ],
        findings: vec![
            claim(Change::Scale, "tolerated: scale by about 2 (Fig. 13)"),
            claim(Change::Shift, "tolerated: about half the height (Fig. 13)"),
            claim(Change::Rotation, "tolerated: about 30 degrees (Fig. 13)"),
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_passed_where_the_line_crosses_it() {
        let points = [(1.0, 1.0), (1.5, 5.0), (2.0, 25.0), (2.5, 8.0), (3.0, 60.0)];
        assert_eq!(passes(&points, 10.0), Some(1.625));
        assert_eq!(passes(&points, 70.0), None);
    }

    #[test]
    fn the_height_is_that_of_the_ink() {
        assert_eq!(ink_height(&[0, 0, 0, 9, 0, 0, 1, 0, 0, 0], 2), 3.0);
        assert_eq!(ink_height(&[0; 4], 2), 0.0);
    }

    #[test]
    fn a_rotation_is_clockwise() {
        // A point to the right of the middle goes below it.
        let moved = rotation(90.0) * nalgebra::Vector3::new(2.0, 0.0, 1.0);
        assert!((moved - nalgebra::Vector3::new(0.0, 2.0, 1.0)).norm() < 1e-12);
    }
}
