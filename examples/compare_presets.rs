//! Two presets on the embedded digits, seed by seed: the mean difference of their test errors with its 95 % interval, and Student's test.
//!
//! cargo run --release --example compare_presets -- [FIRST SECOND [SEEDS [PASSES]]]

use lenet5::data::digits;
use lenet5::evaluation::paired::{Student, student};
use lenet5::evaluation::statistics::{Summary, summarise};
use lenet5::models::builder::Builder;
use lenet5::training::Trainer;
use rayon::prelude::*;
use std::error::Error;

/// The test error of a preset with a seed, in percent, after its passes.
fn error_percent(preset: &str, seed: u64, passes: &str) -> Result<f64, String> {
    let assignments = [format!("preset={preset}"), format!("seed={seed}"), format!("passes={passes}")];
    let settings = Builder::assigned(&assignments.each_ref().map(String::as_str)).map_err(|error| error.to_string())?;
    let dataset = digits::load();
    let mut trainer = Trainer::<f32>::try_new(&settings, &dataset).map_err(|error| error.to_string())?;
    let records = (0..settings.passes).map_while(|_| trainer.pass(&mut ()).continue_value());
    Ok(records.last().ok_or("no pass")?.test_error_percent)
}

/// The differences, first less second, of seeds 1 to `seeds`, in percentage points; the test where they differ at all.
pub fn run(first: &str, second: &str, seeds: u64, passes: &str) -> Result<(Summary, Option<Student>), Box<dyn Error>> {
    let difference = |seed| Ok(error_percent(first, seed, passes)? - error_percent(second, seed, passes)?);
    let differences = (1..=seeds).into_par_iter().map(difference).collect::<Result<Vec<f64>, String>>()?;
    Ok((summarise(differences.iter().copied()), student(&differences)))
}

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let word = |at: usize, default: &'static str| words.get(at).map_or(default, String::as_str);
    let (first, second, seeds) = (word(0, "paper"), word(1, "paper-2.4"), word(2, "5"));
    let (summary, test) = run(first, second, seeds.parse()?, word(3, "5"))?;
    println!("{first} less {second}: {:+.2} +- {:.2} points, {seeds} seeds", summary.mean, summary.half_interval);
    if let Some(Student { t, degrees, p_value }) = test {
        println!("Student's t = {t:.2} with {degrees} degrees of freedom, p = {p_value:.3}");
    }
    Ok(())
}
