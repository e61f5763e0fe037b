//! LeNet-5 by the paper's protocol, on the 1,797 small digits that come with the library: its errors pass by pass.
//!
//! cargo run --release --example train_digits -- [PASSES]

use lenet5::data::digits;
use lenet5::models::builder::Builder;
use lenet5::training::PassRecord;
use lenet5::training::Trainer;
use std::error::Error;

/// Trains the preset `paper`, which `lenet5 settings` explains, and calls `show` after each pass.
pub fn run(passes: &str, mut show: impl FnMut(&PassRecord)) -> Result<Vec<PassRecord>, Box<dyn Error>> {
    let settings = Builder::assigned(&["preset=paper", "seed=1", &format!("passes={passes}")])?;
    let dataset = digits::load();
    let mut trainer = Trainer::<f32>::new(&settings, &dataset);
    let mut records = Vec::new();
    while trainer.passes() < settings.passes {
        let record = trainer.pass(&mut ()).continue_value().ok_or("stopped")?;
        if let Some(divergence) = trainer.divergence(&record) {
            return Err(divergence.to_string().into());
        }
        show(&record);
        records.push(record);
    }
    Ok(records)
}

fn main() -> Result<(), Box<dyn Error>> {
    let passes = std::env::args().nth(1).unwrap_or_else(|| "20".into());
    println!("pass     eta  training error, on the fly  test error");
    run(&passes, |record| {
        let (training, test) = (record.running_training_error_percent, record.test_error_percent);
        println!("{:>4} {:>7.0e} {training:>25.2} % {test:>9.2} %", record.pass, record.global_rate);
    })?;
    Ok(())
}
