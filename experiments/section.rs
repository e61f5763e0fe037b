//! An experiment's part of the page of results.

use lenet5::evaluation::statistics::Summary;
use lenet5::words::count;

/// The paper's number beside ours.
#[derive(Debug, Clone)]
pub struct Finding {
    pub what: String,
    /// The paper's number, and where it stands.
    pub paper: String,
    /// Ours, with its interval.
    pub ours: String,
    /// What one more run of ours would give, and the printed number beside it, where that is of one run.
    pub one_run: Option<OneRun>,
    /// True for a line of the short table in README.md too.
    pub headline: bool,
}

impl Finding {
    pub fn new(what: impl Into<String>, paper: impl Into<String>, ours: impl Into<String>) -> Self {
        Self { what: what.into(), paper: paper.into(), ours: ours.into(), one_run: None, headline: false }
    }

    /// The mean of several runs in percent, beside the number that is printed for one.
    pub fn of_runs(what: impl Into<String>, printed: Printed, runs: &Summary) -> Self {
        let paper = printed.map_or_else(|| "-".into(), |(percent, place)| format!("{percent} % ({place})"));
        let ours = with_interval(runs.mean, runs.half_interval, 2);
        Self::new(what, paper, ours).one_run(printed.map(|(percent, _)| percent), runs, 2)
    }

    /// The geometric mean of several runs, beside the number that is printed for one, for numbers whose logarithms are compared; their interval
    /// is that of the logarithms. The summary is of these.
    pub fn of_logarithms(what: impl Into<String>, (printed, place): (f64, &str), runs: &Summary) -> Self {
        let (low, high) = (runs.mean - runs.half_interval, runs.mean + runs.half_interval);
        let interval =
            if low.is_finite() { format!(" ({:.1e} to {:.1e})", low.exp(), high.exp()) } else { String::new() };
        let ours = format!("{:.1e}{interval}", runs.mean.exp());
        let one_run = OneRun::of_logarithms(printed, runs);
        Self { one_run, ..Self::new(what, format!("{printed:.1e} ({place})"), ours) }
    }

    /// Adds the interval of one more run, to this many digits, and on which side of its ends the printed number is.
    pub fn one_run(self, printed: Option<f64>, runs: &Summary, digits: usize) -> Self {
        Self { one_run: OneRun::new(printed, runs, digits), ..self }
    }

    /// Puts the line into README.md too.
    pub fn headline(self) -> Self {
        Self { headline: true, ..self }
    }
}

/// A number in percent that is printed for one run, and where it stands.
pub type Printed<'a> = Option<(f64, &'a str)>;

/// The 95 % prediction interval of one more run of ours: what a printed number of one run is held against.
#[derive(Debug, Clone)]
pub struct OneRun {
    low: f64,
    high: f64,
    /// After the point; nothing for numbers with an exponent.
    digits: Option<usize>,
    printed: Option<f64>,
}

impl OneRun {
    /// `None` for fewer than two runs.
    fn new(printed: Option<f64>, runs: &Summary, digits: usize) -> Option<Self> {
        let (low, high) = ((runs.mean - runs.half_prediction).max(0.0), runs.mean + runs.half_prediction);
        high.is_finite().then_some(Self { low, high, digits: Some(digits), printed })
    }

    /// Of numbers whose logarithms these runs summarise; `None` for fewer than two runs.
    fn of_logarithms(printed: f64, runs: &Summary) -> Option<Self> {
        let (low, high) = ((runs.mean - runs.half_prediction).exp(), (runs.mean + runs.half_prediction).exp());
        high.is_finite().then_some(Self { low, high, digits: None, printed: Some(printed) })
    }

    /// `0.89 to 1.07`.
    pub fn interval(&self) -> String {
        let Self { low, high, .. } = self;
        match self.digits {
            Some(digits) => format!("{low:.digits$} to {high:.digits$}"),
            None => format!("{low:.1e} to {high:.1e}"),
        }
    }

    /// By how much the printed number is outside: 0 inside; `None` if none is printed.
    pub fn distance(&self) -> Option<f64> {
        self.printed.map(|printed| (self.low - printed).max(printed - self.high).max(0.0))
    }

    /// `inside` or `outside`; a dash if nothing is printed.
    pub fn side(&self) -> &'static str {
        self.distance().map_or("-", |distance| if distance > 0.0 { "outside" } else { "inside" })
    }

    /// Leaves the printed number out.
    pub fn alone(&mut self) {
        self.printed = None;
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

/// ` +- 0.05`, half an interval to this many digits; nothing for one seed.
pub fn plus_minus(half: f64, digits: usize) -> String {
    if half.is_finite() { format!(" +- {half:.digits$}") } else { String::new() }
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
        let line = |finding: &Finding| {
            let one_run = finding.one_run.as_ref();
            let one_run = one_run.map_or_else(String::new, |run| format!("; one more run: {}", run.interval()));
            format!("  {}: {}{one_run} (paper: {})\n", finding.what, finding.ours, finding.paper)
        };
        format!("{}\n{}", self.title, self.findings.iter().map(line).collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lenet5::evaluation::statistics::summarise;

    /// Five numbers with mean 3 and deviation sqrt(5/2): one more is expected within 3 +- 4.809, but not below 0.
    #[test]
    fn a_printed_number_is_inside_or_outside() {
        let runs = summarise([1.0, 2.0, 3.0, 4.0, 5.0]);
        let one = |printed: Printed| Finding::of_runs("a", printed, &runs).one_run.unwrap();
        assert_eq!((one(None).interval(), one(None).side()), ("0.00 to 7.81".into(), "-"));
        assert_eq!((one(Some((7.8, "b"))).side(), one(Some((7.82, "b"))).side()), ("inside", "outside"));
        assert!((one(Some((8.0, "b"))).distance().unwrap() - 0.1911).abs() < 1e-4);
        assert!(Finding::of_runs("a", None, &summarise([1.0])).one_run.is_none());

        let logarithms = summarise([1.0, 10.0, 100.0].map(f64::ln));
        let rate = Finding::of_logarithms("a", (0.0001, "b"), &logarithms);
        // ln 10 +- 4.3027 ln 10 sqrt(1 + 1/3)
        assert_eq!(rate.one_run.as_ref().map(OneRun::interval), Some("1.1e-4 to 9.3e5".into()));
        assert_eq!((rate.paper.as_str(), rate.one_run.unwrap().side()), ("1.0e-4 (b)", "outside"));
    }
}
