//! The 1998 network at its best: j, the scale of the distances, the initial weights, the factor of the rates, the strength of the
//! distortions and the number of passes are chosen on 10,000 training patterns held out; the choice, preset `tuned`, is then
//! trained on all 60,000 and tested once.
//!
//! `choice.csv` has a row for each candidate and seed with its error on the patterns held out, `seeds.csv` one for each network of
//! the choice with its error on the test set.

use std::fs;

use anyhow::Context as _;
use lenet5::drawing::plot::{self, Axis, Chart, Curve, LineStyle, colour};
use lenet5::evaluation::clopper_pearson;
use lenet5::evaluation::statistics::{Summary, summarise};
use lenet5::files;
use serde::{Deserialize, Serialize};

use crate::cells::{Arm, Extent};
use crate::experiment::{Context, Experiment};
use crate::record::{self, Folder};
use crate::schedule::stretched;
use crate::section::{Finding, Section, mean_of, with_interval};

pub const EXPERIMENT: Experiment = Experiment {
    name: "tuned",
    about: "what the 1998 network can do: settings chosen on training patterns held out, then tested once",
    arms,
    summarise: summary,
    plot: draw,
    section,
};

struct Candidate {
    name: &'static str,
    j: f64,
    eta_factor: f64,
    distortion: f64,
    passes: usize,
    distance: &'static str,
    /// As the authors' later code starts: weights within 1/sqrt(F) and coefficients at 0.5.
    small_start: bool,
}

const CENTRE: Candidate = Candidate {
    name: "centre",
    j: 5.0,
    eta_factor: 1.0,
    distortion: 0.5,
    passes: 40,
    distance: "sum",
    small_start: false,
};

const SMALL_START: Candidate =
    Candidate { name: "half, small start, eta x 0.3", eta_factor: 0.3, distance: "half", small_start: true, ..CENTRE };

/// The candidates: a centre, one setting changed from it, and steps from the best of these.
static CANDIDATES: [Candidate; 11] = [
    CENTRE,
    Candidate { name: "j 10", j: 10.0, ..CENTRE },
    Candidate { name: "eta x 0.5", eta_factor: 0.5, ..CENTRE },
    Candidate { name: "eta x 1.5", eta_factor: 1.5, ..CENTRE },
    Candidate { name: "strength 0.25", distortion: 0.25, ..CENTRE },
    Candidate { name: "20 passes", passes: 20, ..CENTRE },
    Candidate { name: "60 passes", passes: 60, ..CENTRE },
    Candidate { name: "half distances", distance: "half", ..CENTRE },
    Candidate { name: "half, eta x 0.3", distance: "half", eta_factor: 0.3, ..CENTRE },
    SMALL_START,
    Candidate { name: "half, small start, eta x 0.3, j 10", j: 10.0, ..SMALL_START },
];

/// The network of the preset, trained on all patterns.
pub fn chosen(extent: &Extent) -> Arm {
    extent.arm("tuned", &["preset=tuned", "training_error=false"], "1-10")
}

fn candidates(extent: &Extent) -> Vec<Arm> {
    let arm = |candidate: &Candidate| {
        let &Candidate { name, j, eta_factor, distortion, passes, distance, small_start } = candidate;
        let (weight_range, coefficient) = if small_start { (1.0, 0.5) } else { (2.4, 0.25) };
        // Each distorted pattern is presented once, and the rates fall as over 20 passes.
        let assignments = [
            format!("j={j:?}"),
            format!("eta_factor={eta_factor:?}"),
            format!("distortion={distortion:?}"),
            format!("passes={passes}"),
            format!("distorted_copies={}", passes - 1),
            stretched(passes),
            format!("distance={distance}"),
            format!("weight_range={weight_range:?}"),
            format!("coefficient={coefficient:?}"),
            "held_out=10000".into(),
            "training_error=false".into(),
        ];
        let folder = format!("tuning/{}", name.replace(", ", "-").replace(' ', "-"));
        extent.arm(&folder, &assignments.each_ref().map(String::as_str), "1-2")
    };
    CANDIDATES.iter().map(arm).collect()
}

fn arms(extent: &Extent) -> Vec<Arm> {
    let mut arms = candidates(extent);
    arms.push(chosen(extent));
    arms
}

/// A row of `choice.csv`: the error on the 10,000 training patterns held out.
#[derive(Serialize, Deserialize)]
struct CandidateRow {
    candidate: String,
    j: f64,
    eta_factor: f64,
    distortion: f64,
    passes: usize,
    distance_scale: f64,
    weight_range: f64,
    coefficient: f64,
    seed: u64,
    held_out_error_percent: f64,
    held_out_errors: usize,
    held_out_error_low_percent: f64,
    held_out_error_high_percent: f64,
}

#[derive(Serialize, Deserialize)]
struct SeedRow {
    seed: u64,
    j: f64,
    eta_factor: f64,
    distortion: f64,
    passes: usize,
    test_error_percent: f64,
    test_errors: usize,
    test_error_low_percent: f64,
    test_error_high_percent: f64,
    running_training_error_percent: f64,
}

fn summary(context: &Context) -> anyhow::Result<()> {
    let (mut choice, mut seeds) = (Vec::new(), Vec::new());
    for (arm, Candidate { name, .. }) in candidates(context.extent).iter().zip(&CANDIDATES) {
        for cell in context.finished(arm)? {
            let (last, settings) = (cell.last(), &arm.settings);
            let interval = clopper_pearson(last.test_errors, settings.split(context.dataset.sizes()).measured);
            choice.push(CandidateRow {
                candidate: (*name).into(),
                j: settings.j,
                eta_factor: settings.eta_factor,
                distortion: settings.distortion,
                passes: settings.passes,
                distance_scale: settings.distance.scale(),
                weight_range: settings.weight_range,
                coefficient: settings.coefficient,
                seed: cell.seed,
                held_out_error_percent: last.test_error_percent,
                held_out_errors: last.test_errors,
                held_out_error_low_percent: interval.low,
                held_out_error_high_percent: interval.high,
            });
        }
    }
    let arm = chosen(context.extent);
    for cell in context.finished(&arm)? {
        let (last, settings) = (cell.last(), &arm.settings);
        let interval = clopper_pearson(last.test_errors, arm.settings.split(context.dataset.sizes()).measured);
        seeds.push(SeedRow {
            seed: cell.seed,
            j: settings.j,
            eta_factor: settings.eta_factor,
            distortion: settings.distortion,
            passes: settings.passes,
            test_error_percent: last.test_error_percent,
            test_errors: last.test_errors,
            test_error_low_percent: interval.low,
            test_error_high_percent: interval.high,
            running_training_error_percent: last.running_training_error_percent,
        });
    }
    context.folder.write("choice.csv", &choice)?;
    context.folder.write("seeds.csv", &seeds)?;
    pretrained(context, &arm)
}

/// Lays the network of the choice whose test error is the median (of an even number of seeds the lower one in the middle, of
/// equal errors the first seed) into `pretrained`, with its settings and metrics.
fn pretrained(context: &Context, arm: &Arm) -> anyhow::Result<()> {
    if !context.is_complete {
        return Ok(()); // it comes with the program
    }
    let mut cells = context.finished(arm)?;
    cells.sort_by_key(|cell| (cell.last().test_errors, cell.seed));
    let median = &cells[(cells.len() - 1) / 2];
    let folder = context.results.join("pretrained");
    fs::create_dir_all(&folder)?;
    for (from, to) in
        [("model.safetensors", "lenet5.safetensors"), ("config.toml", "config.toml"), ("metrics.csv", "metrics.csv")]
    {
        let from = median.folder().join(from);
        let contents = files::read(&from, 64 << 20).with_context(|| from.display().to_string())?;
        record::write(&folder.join(to), &contents)?;
    }
    Ok(())
}

/// The candidate with the smallest mean error on the patterns held out, the first of equal ones.
fn best(rows: &[CandidateRow]) -> &'static Candidate {
    let errors = by_candidate(rows);
    let smallest = errors.iter().min_by(|(_, left), (_, right)| left.mean.total_cmp(&right.mean));
    let named = |candidate: &&Candidate| smallest.is_some_and(|(name, _)| name == candidate.name);
    CANDIDATES.iter().find(named).unwrap_or(&CANDIDATES[0])
}

/// The error of each candidate over its seeds, in the order of the table.
fn by_candidate(rows: &[CandidateRow]) -> Vec<(String, Summary)> {
    let mut names: Vec<&String> = rows.iter().map(|row| &row.candidate).collect();
    names.dedup();
    let errors = |name: &String| {
        let own = rows.iter().filter(|row| row.candidate == *name);
        (name.clone(), summarise(own.map(|row| row.held_out_error_percent)))
    };
    names.into_iter().map(errors).collect()
}

fn draw(folder: &Folder) -> anyhow::Result<()> {
    let (choice, seeds): (Vec<CandidateRow>, Vec<SeedRow>) = (folder.read("choice.csv")?, folder.read("seeds.csv")?);
    let candidates = by_candidate(&choice);
    let height = |index: usize| (candidates.len() - index) as f64;
    let place = |name: &String| candidates.iter().position(|(other, _)| other == name).map_or(0.0, height);
    let each = choice.iter().map(|row| (row.held_out_error_percent, place(&row.candidate)));
    let means = candidates.iter().enumerate().map(|(index, (_, errors))| (errors.mean, height(index)));
    let tests = seeds.iter().map(|row| (row.test_error_percent, 0.0));
    let curves = vec![
        Curve::new("on 10,000 training patterns held out, each seed", colour::SIXTH, LineStyle::Dots, each),
        Curve::new("their mean", colour::TEST, LineStyle::Dots, means),
        Curve::new("the choice on the test set, each seed", colour::TRAINING, LineStyle::Dots, tests),
    ];
    let names = std::iter::once("the choice, all 60,000 patterns".to_string());
    let names = names.chain(candidates.iter().rev().map(|(name, _)| name.clone())).collect();
    let y = Axis { names, ..Axis::between("", -0.7, candidates.len() as f64 + 0.7) };
    let title = "Tuned: candidates on patterns held out, the choice on the test set".into();
    let x = Axis::new("error after the last pass (%)");
    folder.charts("tuned.svg", "choice.csv", [Chart { title, x, y, curves, ..Chart::default() }], plot::ALONE)
}

fn section(folder: &Folder) -> anyhow::Result<Section> {
    let (choice, seeds): (Vec<CandidateRow>, Vec<SeedRow>) = (folder.read("choice.csv")?, folder.read("seeds.csv")?);
    let test = summarise(seeds.iter().map(|row| row.test_error_percent));
    let Some(first) = seeds.first() else { anyhow::bail!("no network of the choice") };
    let mut text = String::from(
        "Candidates trained on the first 50,000 training patterns with distorted copies, each presented once, and tested on the \
         last 10,000: a centre (j = 5, distances as printed, eta x 1, strength 0.5, 40 passes), one setting changed from it, and \
         steps from the best of these. \"Half\" has eq. 7 with the 1/2 of the authors' code, \"small start\" weights within \
         1/sqrt(F) and S coefficients of 0.5. Two seeds each: differences below 0.1 points say little.\n\n\
         | candidate | error on the patterns held out, mean of its seeds |\n|---|---|\n",
    );
    for (name, errors) in by_candidate(&choice) {
        text += &format!("| {name} | {:.3} % (seeds {:.2} to {:.2}) |\n", errors.mean, errors.smallest, errors.largest);
    }
    let each: Vec<String> = seeds.iter().map(|row| format!("{:.2}", row.test_error_percent)).collect();
    text += &format!(
        "\nThe choice is the preset `tuned`: {}; j = {}, eta x {}, distortions of strength {}, {} passes. Trained on all 60,000 \
         patterns and tested once with each seed: {} %.\n",
        best(&choice).name,
        first.j,
        first.eta_factor,
        first.distortion,
        first.passes,
        each.join(", ")
    );
    let what = format!("preset `tuned`, with distortions, test error ({})", mean_of(seeds.len()));
    // The paper's 0.8 % is of other settings and half the passes: it is on no side of this interval.
    let ours = with_interval(test.mean, test.half_interval, 2);
    let finding = Finding::new(what, "0.8 % with distortions (III-B)", ours).one_run(None, &test, 2);
    Ok(Section {
        title: "what the 1998 network can do".into(),
        text,
        figures: vec![("tuned.svg".into(), "errors of the candidates and of the choice".into())],
        findings: vec![finding.headline()],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The preset is the candidate with the smallest error in the results, but for the patterns held out.
    #[test]
    fn the_preset_is_the_best_candidate() {
        let rows: Vec<CandidateRow> = Folder::existing("results".as_ref(), "tuned").read("choice.csv").unwrap();
        let extent = Extent::default();
        let index = CANDIDATES.iter().position(|candidate| candidate.name == best(&rows).name).unwrap();
        let best = &candidates(&extent)[index].settings;
        let named = best.with(|config| (config.held_out, config.preset) = (0, "tuned".into()));
        assert_eq!(named.unwrap(), chosen(&extent).settings);
    }
}
