//! The progress display of `lenet5 train`.

use std::fmt::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use indicatif::{ProgressBar, ProgressFinish, ProgressState, ProgressStyle};
use lenet5::config::Measured;
use lenet5::data::Source;
use lenet5::drawing::plot;
use lenet5::models::is_run_of_fig_5;
use lenet5::runs::folder::Run;
use lenet5::runs::interruption;
use lenet5::training::{Observer, PassRecord, Progress};

use super::format::{count, duration};

fn stop_if_asked() -> ControlFlow<()> {
    if interruption::signal().is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

/// A bar on standard error, hidden if that is not a terminal, which disappears when it is dropped.
fn bar(template: &str) -> ProgressBar {
    let rate = |state: &ProgressState, text: &mut dyn Write| {
        // A failure leaves the rate out of the bar.
        let _ = write!(text, "{:.0} samples/s", state.per_sec());
    };
    let style = ProgressStyle::with_template(template).expect("the template is correct").with_key("rate", rate);
    ProgressBar::no_length().with_style(style.progress_chars("=> ")).with_finish(ProgressFinish::AndClear)
}

/// The file of a run's learning curve.
pub fn curve_of(run: &Run) -> PathBuf {
    curve_in(run.folder())
}

/// The learning curve of the run in `folder`.
pub fn curve_in(folder: &Path) -> PathBuf {
    folder.join("learning_curve.svg")
}

/// A run's learning curve, drawn again after each pass.
struct Curve {
    path: PathBuf,
    title: String,
    on: Measured,
    with_paper: bool,
    records: Vec<PassRecord>,
}

impl Curve {
    fn new(run: &Run, source: Source) -> Self {
        let settings = run.settings();
        Self {
            path: curve_of(run),
            title: format!("{}, seed {}, on {source}", settings.label(), settings.seed),
            on: settings.measured(),
            with_paper: is_run_of_fig_5(settings, source),
            records: run.records().to_vec(),
        }
    }

    /// Draws the curve. A failure is only a warning: training goes on.
    fn draw(&self, bar: &ProgressBar) {
        if self.records.is_empty() {
            return;
        }
        if let Err(error) = plot::learning_curve(&self.path, &self.title, &self.records, self.on, self.with_paper) {
            bar.suspend(|| say!("warning: {}: {error}", self.path.display()));
        }
    }
}

/// Draws a bar where there is a terminal, prints a line a pass, and redraws the run's learning curve.
pub struct Display {
    passes: usize,
    curve: Curve,
    bar: ProgressBar,
}

impl Display {
    pub fn new(run: &Run, source: Source) -> Self {
        let bar = bar("{prefix} [{bar:30}] {pos}/{len}  {rate}  {msg}  {eta} left");
        Self { passes: run.settings().passes, curve: Curve::new(run, source), bar }
    }

    /// Draws the learning curve, which is missing if the program was killed after the last pass.
    pub fn draw(&self) {
        self.curve.draw(&self.bar);
    }
}

impl Observer for Display {
    fn step(&mut self, progress: Progress) -> ControlFlow<()> {
        let (bar, before) = (&self.bar, progress.patterns * (progress.pass - 1));
        if progress.presented == 1 {
            bar.set_length((progress.patterns * self.passes) as u64);
            bar.reset_elapsed();
            bar.set_position(before as u64);
            bar.reset_eta();
            bar.set_prefix(format!("pass {}/{}", progress.pass, self.passes));
        }
        if progress.presented.is_multiple_of(100) {
            let error = 100.0 * progress.errors as f64 / progress.presented as f64;
            bar.set_position((before + progress.presented) as u64);
            bar.set_message(format!("running error {error:.2} %"));
        }
        stop_if_asked()
    }

    fn measuring(&mut self) -> ControlFlow<()> {
        stop_if_asked()
    }

    fn pass(&mut self, record: &PassRecord) {
        self.curve.records.push(record.clone());
        let text = format!(
            "pass {:>2}/{}  eta {:<7}  training error {:>6.3} % on the fly{}{}  {}",
            record.pass,
            self.passes,
            record.global_rate,
            record.running_training_error_percent,
            after_the_pass(record),
            tested(record, self.curve.on),
            duration(record.seconds)
        );
        self.bar.suspend(|| say!("{text}"));
        self.curve.draw(&self.bar);
    }
}

/// Shows runs that are trained side by side: one bar for all of them where there is a terminal, and a line for each that
/// finishes.
pub struct Overview {
    source: Source,
    passes: usize,
    done: AtomicUsize,
    bar: ProgressBar,
}

impl Overview {
    /// The display of these runs on this data, with this many training patterns each.
    pub fn new(runs: &[Run], source: Source, patterns: usize) -> Self {
        let passes = runs.iter().map(|run| run.settings().passes).sum();
        let done = runs.iter().map(|run| run.records().len()).sum();
        let bar = bar("{prefix} [{bar:30}] {percent} %  {rate}  {eta} left");
        bar.set_length((passes * patterns) as u64);
        bar.set_position((done * patterns) as u64);
        bar.reset_eta();
        let overview = Self { source, passes, done: AtomicUsize::new(done), bar };
        overview.show(done);
        overview
    }

    fn show(&self, done: usize) {
        self.bar.set_prefix(format!("{done} of {}", count(self.passes, "pass")));
    }

    pub fn observer(&self, run: &Run) -> OneOfMany<'_> {
        let curve = Curve::new(run, self.source);
        curve.draw(&self.bar);
        OneOfMany { overview: self, seed: run.settings().seed, passes: run.settings().passes, curve }
    }
}

pub struct OneOfMany<'a> {
    overview: &'a Overview,
    seed: u64,
    passes: usize,
    curve: Curve,
}

impl Observer for OneOfMany<'_> {
    fn step(&mut self, _: Progress) -> ControlFlow<()> {
        self.overview.bar.inc(1);
        stop_if_asked()
    }

    fn measuring(&mut self) -> ControlFlow<()> {
        stop_if_asked()
    }

    fn pass(&mut self, record: &PassRecord) {
        let (overview, bar) = (self.overview, &self.overview.bar);
        overview.show(overview.done.fetch_add(1, Ordering::Relaxed) + 1);
        self.curve.records.push(record.clone());
        self.curve.draw(bar);
        if record.pass == self.passes {
            let text = format!(
                "seed {:<4}{}  training error {:>6.3} % on the fly{}  {}",
                self.seed,
                tested(record, self.curve.on),
                record.running_training_error_percent,
                after_the_pass(record),
                duration(self.curve.records.iter().map(|record| record.seconds).sum())
            );
            bar.suspend(|| say!("{text}"));
        }
    }
}

/// One of many runs without a display: draws its learning curve after each pass.
pub struct Quiet<'a> {
    curve: Curve,
    bar: ProgressBar,
    stop: &'a AtomicBool,
}

impl<'a> Quiet<'a> {
    /// The observer of this run, which also stops it when `stop` is set.
    pub fn new(run: &Run, source: Source, stop: &'a AtomicBool) -> Self {
        let (curve, bar) = (Curve::new(run, source), ProgressBar::hidden());
        curve.draw(&bar);
        Self { curve, bar, stop }
    }
}

impl Observer for Quiet<'_> {
    fn step(&mut self, _: Progress) -> ControlFlow<()> {
        self.measuring()
    }

    fn measuring(&mut self) -> ControlFlow<()> {
        if self.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { stop_if_asked() }
    }

    fn pass(&mut self, record: &PassRecord) {
        self.curve.records.push(record.clone());
        self.curve.draw(&self.bar);
    }
}

/// `  test error  1.05 %`; nothing where it is not measured.
fn tested(record: &PassRecord, on: Measured) -> String {
    let text = || format!("  {} {:>5.2} %", on.error_name(), record.test_error_percent);
    record.is_tested().then(text).unwrap_or_default()
}

fn after_the_pass(record: &PassRecord) -> String {
    record.training_error_percent.map_or_else(String::new, |error| format!(", {error:>6.3} % after"))
}
