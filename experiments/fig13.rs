//! Fig. 13: LeNet-5 on unusual and distorted characters, and the network trained with inverted pixels on noisy ones.
//!
//! [`maps`] draws the states of all layers. The claims below the figure are measured for LeNet-5, with the noise-trained network beside
//! it: [`tolerance`] to scale and rotation, each digit's own (`tolerance.csv`), and [`shift`] within a higher field (`shift.csv`).

mod maps;
mod shift;
mod tolerance;

use lenet5::applications::reader::Reader;
use lenet5::drawing::plot::{Axis, Chart, Curve, LineStyle, colour};
use lenet5::evaluation::statistics::{Summary, summarise};
use lenet5::words::count;

use crate::cells::{Arm, Extent};
use crate::experiment::{Context, Experiment};
use crate::fig5;
use crate::record::Folder;
use crate::section::{Finding, Section, plus_minus, with_interval};
use shift::{FIELD, ShiftRow};
use tolerance::{Change, Distribution, Measure, ToleranceRow};

pub const EXPERIMENT: Experiment = Experiment {
    name: "fig13",
    about: "all layers on unusual and noisy characters; tolerance to scale, vertical shift and rotation",
    arms: |extent| arms(extent).to_vec(),
    summarise: summary,
    plot: draw,
    section,
};

/// The names of the arms, and what the networks are called.
const NETWORKS: [(&str, &str); 2] = [("paper", "LeNet-5"), ("paper-noise", "trained with pixels inverted")];

/// The vertical shift of the paper's claim, as a share of the height.
const CLAIMED_SHIFT: f64 = 0.5;

/// LeNet-5, then the network for noisy characters: "each input pixel inverted with probability 0.1" (Fig. 13).
fn arms(extent: &Extent) -> [Arm; 2] {
    let noisy = extent.arm("paper-noise", &["pixel_noise=0.1"], "1-5");
    [Arm { seeds: noisy.seeds.clone(), ..fig5::arm(extent) }, noisy]
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let images = if context.extent.quick { context.dataset.test.first(500) } else { context.dataset.test.clone() };
    let (mut tolerances, mut shifts) = (Vec::new(), Vec::new());
    let arms = arms(context.extent);
    for arm in &arms {
        for cell in context.finished(arm)? {
            let model = cell.model()?;
            for change in Change::ALL {
                let digits = tolerance::of_digits(&model, &images, change);
                tolerances.extend(tolerance::rows(&arm.name, cell.seed, change, &digits));
            }
            shifts.extend(shift::rows(&arm.name, cell.seed, &Reader::new(&model)?, &images)?);
        }
    }
    context.folder.write("tolerance.csv", &tolerances)?;
    context.folder.write("shift.csv", &shifts)?;
    maps::summary(context, &arms)
}

/// What was measured, read from the CSV files.
struct Measured {
    tolerances: Vec<ToleranceRow>,
    shifts: Vec<ShiftRow>,
}

impl Measured {
    fn read(folder: &Folder) -> anyhow::Result<Self> {
        Ok(Self { tolerances: folder.read("tolerance.csv")?, shifts: folder.read("shift.csv")? })
    }

    /// The share of digits that tolerate at least so many steps, in percent, over the networks of an arm.
    fn share(&self, arm: &str, change: Change, measure: Measure, steps: usize) -> Summary {
        let networks = Distribution::of_arm(&self.tolerances, arm, change, measure);
        summarise(networks.iter().map(|digits| digits.share(steps)))
    }

    /// The factor or angle that at least `share` percent of the digits tolerate, over the networks of an arm. Not a number if more are
    /// misread as they are.
    fn reached_by(&self, arm: &str, change: Change, measure: Measure, share: f64) -> Summary {
        let networks = Distribution::of_arm(&self.tolerances, arm, change, measure);
        let value = |digits: &Distribution| Some(measure.value(change, digits.reached_by(share)?));
        summarise(networks.iter().map(|digits| value(digits).unwrap_or(f64::NAN)))
    }

    /// The test error at a shift, in percent, over the networks of an arm.
    fn error(&self, arm: &str, shift: f64) -> Summary {
        let rows = self.shifts.iter().filter(|row| row.arm == arm && row.shift == shift);
        summarise(rows.map(|row| row.error_percent))
    }
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let measured = Measured::read(folder)?;
    let charts = [
        ratio_chart(&measured),
        limits_chart(&measured, Change::Scale),
        limits_chart(&measured, Change::Rotation),
        shift_chart(&measured),
    ];
    folder.charts("tolerance.svg", "tolerance.csv", charts, (2, (700, 420)))?;
    maps::draw(folder)
}

/// A curve for each arm through its points (x, percent over networks).
fn curves(points: impl Fn(&str) -> Vec<(f64, Summary)>, line: LineStyle) -> Vec<Curve> {
    let curve = |((arm, label), colour)| {
        let points = points(arm);
        let end = |mean: f64, spread: f64| (mean + spread).clamp(0.0, 100.0);
        let band = points.iter().map(|(x, over)| (*x, end(over.mean, -over.deviation), end(over.mean, over.deviation)));
        Curve::new(label, colour, line, points.iter().map(|(x, over)| (*x, over.mean))).with_band(band)
    };
    NETWORKS.into_iter().zip([colour::TEST, colour::TRAINING]).map(curve).collect()
}

fn ratio_chart(measured: &Measured) -> Chart {
    /// Steps to a ratio of 8.
    const LAST: usize = 72;
    let (change, measure) = (Change::Scale, Measure::Range);
    let point = |arm: &str, steps| (measure.value(change, steps), measured.share(arm, change, measure, steps));
    Chart {
        title: "Each digit's own range of scales".into(),
        x: Axis { low: Some(1.0), high: Some(8.0), ..Axis::logarithmic("largest scale over smallest, at least") },
        y: Axis::between("test digits (%)", 0.0, 108.0),
        curves: curves(|arm| (0..=LAST).map(|steps| point(arm, steps)).collect(), LineStyle::Plain),
        marks: vec![(2.0, " paper".into())],
    }
}

/// The digits that are read rightly at every step up to the one shown, on either side of no change.
fn limits_chart(measured: &Measured, change: Change) -> Chart {
    let point = |arm: &str, steps: i32| {
        let measure = if steps < 0 { Measure::Down } else { Measure::Up };
        (change.value(steps), measured.share(arm, change, measure, steps.unsigned_abs() as usize))
    };
    let (title, x, claim) = match change {
        Change::Scale => ("Right at every scale from 1 on", Axis::new("scale (factor)"), " paper: ratio 2"),
        Change::Rotation => ("Right at every angle from 0 on", Axis::new("rotation (degrees, clockwise)"), " paper"),
    };
    let most = change.most();
    let claimed = |measure: Measure| (measure.value(change, measure.claimed()), claim.into());
    Chart {
        title: title.into(),
        x: Axis { low: Some(change.value(-most)), high: Some(change.value(most)), ..x },
        y: Axis::between("test digits (%)", 0.0, 108.0),
        curves: curves(|arm| (-most..=most).map(|steps| point(arm, steps)).collect(), LineStyle::Plain),
        marks: [Measure::Down, Measure::Up].map(claimed).to_vec(),
    }
}

fn shift_chart(measured: &Measured) -> Chart {
    let points = |arm: &str| shift::SHIFTS.map(|shift| (shift, measured.error(arm, shift))).to_vec();
    Chart {
        title: format!("Shifted in a field of {FIELD} rows"),
        x: Axis::new("vertical shift (share of the digit's height, downwards)"),
        y: Axis { low: Some(0.0), ..Axis::new("test error (%)") },
        curves: curves(points, LineStyle::Solid),
        marks: [-CLAIMED_SHIFT, CLAIMED_SHIFT].map(|shift| (shift, " paper".into())).to_vec(),
    }
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let measured = Measured::read(folder)?;
    let seeds = Distribution::of_arm(&measured.tolerances, NETWORKS[0].0, Change::Scale, Measure::Range).len();
    let text = format!(
        "The maps of unusual and distorted characters are LeNet-5's, those of noisy ones the noise-trained network's, each of its first \
         seed. The paper's estimates are for LeNet-5, on characters cut out of a field of fixed height.\n\n\
         **Scale and rotation.** Each test digit has its own tolerance: as far as it is read rightly at every step from no change on, on a \
         grid of 24 scales to a factor of 2, up to 4 times either way, and of 2.5 degrees, up to 90 either way; a digit that is misread as \
         it is has none. The digit stays in the 32x32 input, and ink that leaves it is lost. A factor of about 2 is read as the ratio of \
         the largest scale to the smallest, each digit's own; in the other reading, one range for all digits, 0.71 to 1.41, it is the factor \
         *either way*. Beside the share of digits that reach the claim stands what half of them and what 95 % of them reach. Means over \
         {}:\n\n{}\n\
         **Vertical shift.** The digit is moved by whole pixels in a field of {FIELD} rows, over which the network is replicated, and read \
         without knowing where it is: at the position whose answer has the smallest penalty. Positions are 4 pixels apart, so that a digit \
         of 20 rows is 2 pixels off the nearest one at odd tenths of its height. An unshifted digit is misread more often than in the \
         32x32 input: the answer of another position, to a part of it, may have a smaller penalty. Test error by shift, downwards, as a share of the \
         height:\n\n{}",
        count(seeds, "seed"),
        tolerance_table(&measured),
        shift_table(&measured)
    );
    Ok(Section {
        title: "unusual, distorted and noisy characters".into(),
        text,
        figures: vec![
            ("maps.svg".into(), "the states of all layers for seven characters".into()),
            (
                "tolerance.svg".into(),
                "digits that tolerate a scale or a rotation; test error against the vertical shift".into(),
            ),
        ],
        findings: findings(&measured),
    })
}

fn tolerance_table(measured: &Measured) -> String {
    let mut table = String::from(
        "| network | tolerance | at least | test digits | half of them | 95 % of them |\n|---|---|---|---|---|---|\n",
    );
    for change in Change::ALL {
        for (measure, (arm, label)) in Measure::ALL.into_iter().flat_map(|measure| NETWORKS.map(|arm| (measure, arm))) {
            let claimed = measure.claimed();
            let share = measured.share(arm, change, measure, claimed);
            let reached = |share| number(measured.reached_by(arm, change, measure, share).mean, change);
            table += &format!(
                "| {label} | {} | {} | {} | {} | {} |\n",
                measure.name(change),
                number(measure.value(change, claimed), change),
                with_interval(share.mean, share.half_interval, 1),
                reached(50.0),
                reached(95.0)
            );
        }
    }
    table
}

fn shift_table(measured: &Measured) -> String {
    let shifts = [-CLAIMED_SHIFT, -0.4, 0.0, 0.4, CLAIMED_SHIFT];
    let heads: String = shifts.iter().map(|shift| format!(" {shift} |")).collect();
    let mut table = format!("| network |{heads}\n|---|---|---|---|---|---|\n");
    for (arm, label) in NETWORKS {
        let errors = shifts.map(|shift| measured.error(arm, shift));
        let errors: String =
            errors.iter().map(|error| format!(" {} |", with_interval(error.mean, error.half_interval, 1))).collect();
        table += &format!("| {label} |{errors}\n");
    }
    table
}

/// A factor with two decimals, degrees with one; a dash for what is not reached.
fn number(value: f64, change: Change) -> String {
    match change {
        _ if value.is_nan() => "-".into(),
        Change::Scale => format!("{value:.2}"),
        Change::Rotation => format!("{value:.1}"),
    }
}

/// The claims beside LeNet-5's measures.
fn findings(measured: &Measured) -> Vec<Finding> {
    let arm = NETWORKS[0].0;
    let share = |change, measure: Measure| {
        let over = measured.share(arm, change, measure, measure.claimed());
        with_interval(over.mean, over.half_interval, 1)
    };
    let ratio = |share| {
        let over = measured.reached_by(arm, Change::Scale, Measure::Range, share);
        number(over.mean, Change::Scale) + &plus_minus(over.half_interval, 2)
    };
    let error = |shift| {
        let over = measured.error(arm, shift);
        with_interval(over.mean, over.half_interval, 1)
    };
    let scale = "scale by about 2 (below Fig. 13)";
    vec![
        Finding::new(
            "LeNet-5, digits whose largest scale is at least twice the smallest",
            scale,
            share(Change::Scale, Measure::Range),
        ),
        Finding::new(
            "LeNet-5, that ratio: reached by 95 % of the digits, by half of them",
            scale,
            format!("{}, {}", ratio(95.0), ratio(50.0)),
        ),
        Finding::new(
            "LeNet-5, digits right at every scale from 0.71 to 1.41",
            scale,
            share(Change::Scale, Measure::Both),
        ),
        Finding::new(
            format!(
                "LeNet-5, test error shifted by half the height up, not at all, and down, in a field of {FIELD} rows"
            ),
            "vertical shift by about half the height (below Fig. 13)",
            format!("{}, {}, {}", error(-CLAIMED_SHIFT), error(0.0), error(CLAIMED_SHIFT)),
        ),
        Finding::new(
            "LeNet-5, digits right at every rotation up to 30 degrees either way",
            "rotation by about 30 degrees (below Fig. 13)",
            share(Change::Rotation, Measure::Both),
        ),
    ]
}
