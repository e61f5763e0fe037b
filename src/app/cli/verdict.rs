//! The messages of `lenet5 train` about runs without a usable result.

use std::process::ExitCode;

use lenet5::runs::folder::{Run, Verdict};
use lenet5::runs::seeds::SeedRecord;
use lenet5::training::{AtChance, Divergence};

use super::format::{program, shell};
use super::notes::option;

/// The exit code of a run that diverged, and of runs of which one did.
const DIVERGED: u8 = 3;

/// Prints where a run diverged, which files are kept and what to try.
pub fn report(run: &Run, divergence: &Divergence, tensorboard: bool) -> ExitCode {
    let (done, all) = (run.records().len(), run.settings().passes);
    say!("\nThis run {divergence}: there are numbers in it that are not finite. Nothing of that pass is kept.");
    match run.records().last() {
        Some(last) => {
            let model = run.folder().join("model.safetensors");
            let name = run.settings().measured().error_name();
            let error = last.is_tested().then(|| format!(", with a {name} of {:.2} %", last.test_error_percent));
            say!(
                "{done} of {all} passes are complete and kept: {} is the network after pass {done}{}.",
                model.display(),
                error.unwrap_or_default()
            );
        }
        None => say!("No pass is complete, and there is no model."),
    }
    let (config, option) = (shell(&run.folder().join("config.toml")), option(tensorboard));
    say!(
        "To try: {}.\n  {} train --config {config} --set {}{option}",
        divergence.advice,
        program(),
        divergence.assignment
    );
    ExitCode::from(DIVERGED)
}

/// Warns before a run is continued that it diverged in a pass that is still to come.
pub fn warn(run: &Run) {
    let divergence = run.verdict().and_then(Verdict::divergence);
    if let Some(divergence) = divergence.filter(|divergence| divergence.pass <= run.settings().passes) {
        say!(
            "This run {divergence} when it was last trained. The same settings come to the same numbers: expect it to do so again.\n"
        );
    }
}

/// True for a run that diverged, which `--resume` without a folder passes over; prints a line about it.
pub fn is_passed_over(run: &Run) -> bool {
    let divergence = run.verdict().and_then(Verdict::divergence);
    if let Some(divergence) = divergence {
        say!("{}: this run {divergence} and is passed over", run.folder().display());
    }
    divergence.is_some()
}

/// True for a run that is no better than chance, and so of no use for testing or predicting; prints its errors and what to try.
pub fn is_at_chance(run: &Run) -> bool {
    let Some(Verdict::AtChance(chance)) = run.verdict() else { return false };
    let AtChance { error_percent, chance_error_percent, advice, .. } = chance;
    say!(
        "This run {chance}: its error is {error_percent:.2} %, and that of always answering the most frequent class is \
         {chance_error_percent:.2} %.\nTo try: {advice}."
    );
    true
}

/// Prints the seeds that are left out of the means, and why.
pub fn left_out(records: &[SeedRecord], runs: &[Run]) {
    let why = |record: &SeedRecord| Some(format!("seed {} {}", record.seed, record.verdict.as_ref()?));
    let left_out: Vec<String> = records.iter().filter_map(why).collect();
    if left_out.is_empty() {
        return;
    }
    let (counted, all) = (records.len() - left_out.len(), records.len());
    if counted == 0 {
        say!("No seed has a result, so there is no mean.");
    } else {
        say!("mean of {counted} of {all} seeds; {}", left_out.join("; "));
    }
    let verdicts = || runs.iter().filter_map(Run::verdict);
    let diverged = verdicts().find(|verdict| verdict.divergence().is_some());
    if let Some(verdict) = diverged.or_else(|| verdicts().next()) {
        say!("To try: {}.", verdict.advice());
    }
}

pub fn exit_code<'a>(verdicts: impl IntoIterator<Item = &'a Verdict>) -> ExitCode {
    let diverged = verdicts.into_iter().any(|verdict| verdict.divergence().is_some());
    if diverged { ExitCode::from(DIVERGED) } else { ExitCode::SUCCESS }
}
