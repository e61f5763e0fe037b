//! What `lenet5 train` shows while it works.

use std::fmt::Write;
use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use lenet5::data::Source;
use lenet5::plot;
use lenet5::training::{Observer, PassRecord, Progress};

use super::format::duration;

static STOP: AtomicBool = AtomicBool::new(false);

/// Makes the first Ctrl-C ask the training loop to stop, and the second end the program.
pub fn stop_on_ctrl_c() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    })?;
    Ok(())
}

/// Draws a bar where there is a terminal, prints a line a pass, and redraws the run's learning curve.
pub struct Display {
    folder: PathBuf,
    title: String,
    source: Source,
    passes: usize,
    records: Vec<PassRecord>,
    bar: Option<ProgressBar>,
}

impl Display {
    /// For a run in `folder` that is to have `passes` passes and has `records` already.
    pub fn new(folder: PathBuf, title: String, source: Source, passes: usize, records: &[PassRecord]) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{prefix} [{bar:30}] {pos}/{len}  {rate}  {msg}  {eta} left");
            let rate = |state: &ProgressState, text: &mut dyn Write| {
                // The bar shows nothing in its place if this fails.
                let _ = write!(text, "{:.0} samples/s", state.per_sec());
            };
            let style = style.expect("the template is correct").with_key("rate", rate);
            ProgressBar::no_length().with_style(style.progress_chars("=> "))
        });
        let display = Self { folder, title, source, passes, records: records.to_vec(), bar };
        // A kill may have come between the last pass and its curve.
        if !records.is_empty() {
            display.draw();
        }
        display
    }

    fn draw(&self) {
        let path = self.folder.join("learning_curve.svg");
        if let Err(error) = plot::learning_curve(&path, &self.title, &self.records, self.source == Source::Mnist) {
            self.line(&format!("warning: {}: {error}", path.display()));
        }
    }

    fn line(&self, text: &str) {
        let print = || say!("{text}");
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }
}

impl Observer for Display {
    fn step(&mut self, progress: Progress) -> ControlFlow<()> {
        if let Some(bar) = &self.bar {
            if progress.presented == 1 {
                let total = progress.patterns * self.passes;
                bar.set_length(total as u64);
                bar.reset_elapsed();
                bar.set_position((progress.patterns * (progress.pass - 1)) as u64);
                bar.reset_eta();
                bar.set_prefix(format!("pass {}/{}", progress.pass, self.passes));
            }
            if progress.presented.is_multiple_of(100) {
                let error = 100.0 * progress.errors as f64 / progress.presented as f64;
                bar.set_position((progress.patterns * (progress.pass - 1) + progress.presented) as u64);
                bar.set_message(format!("running error {error:.2} %"));
            }
        }
        if STOP.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn pass(&mut self, record: &PassRecord) {
        self.records.push(record.clone());
        self.line(&format!(
            "pass {:>2}/{}  eta {:<7}  training error {:>6.3} % on the fly, {:>6.3} % after  test error {:>5.2} %  {}",
            record.pass,
            self.passes,
            record.global_rate,
            record.running_training_error_percent,
            record.training_error_percent,
            record.test_error_percent,
            duration(record.seconds)
        ));
        self.draw();
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
