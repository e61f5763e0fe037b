//! An experiment's part of the page of results.

use lenet5::words::count;

/// The paper's number beside ours.
#[derive(Debug, Clone)]
pub struct Finding {
    pub what: String,
    /// The paper's number, and where it stands.
    pub paper: String,
    /// Ours, with its interval.
    pub ours: String,
    /// True for a line of the short table in README.md too.
    pub headline: bool,
}

impl Finding {
    pub fn new(what: impl Into<String>, paper: impl Into<String>, ours: impl Into<String>) -> Self {
        Self { what: what.into(), paper: paper.into(), ours: ours.into(), headline: false }
    }

    /// Puts the line into README.md too.
    pub fn headline(self) -> Self {
        Self { headline: true, ..self }
    }
}

/// A mean in percent with half its 95 % interval, to this many digits; of one seed the value alone, of none a dash.
pub fn with_interval(mean: f64, half: f64, digits: usize) -> String {
    if mean.is_nan() {
        "-".into()
    } else if half.is_finite() {
        format!("{mean:.digits$} +- {half:.digits$} %")
    } else {
        format!("{mean:.digits$} % (one seed)")
    }
}

/// ` +- 0.05`, half an interval; nothing for one seed.
pub fn plus_minus(half: f64) -> String {
    if half.is_finite() { format!(" +- {half:.2}") } else { String::new() }
}

/// `mean of 10 seeds`.
pub fn mean_of(seeds: usize) -> String {
    format!("mean of {}", count(seeds, "seed"))
}

#[derive(Debug, Clone, Default)]
pub struct Section {
    pub title: String,
    /// The setting and the results, in Markdown.
    pub text: String,
    /// Its figures: file name, and what is on it.
    pub figures: Vec<(String, String)>,
    /// Its lines of the table.
    pub findings: Vec<Finding>,
}

impl Section {
    pub fn as_text(&self) -> String {
        let line = |finding: &Finding| format!("  {}: {} (paper: {})\n", finding.what, finding.ours, finding.paper);
        format!("{}\n{}", self.title, self.findings.iter().map(line).collect::<String>())
    }
}
