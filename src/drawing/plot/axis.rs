//! The axes of charts: labels, ends, and the format of numbers.

use plotters::coord::combinators::IntoLogRange;

use super::scale::Scale;

/// An axis: its label and its ends. An end that is not given follows from the points.
#[derive(Debug, Clone, Default)]
pub struct Axis {
    /// Its name with the unit.
    pub label: String,
    /// True for a logarithmic axis; then all points must be above 0.
    pub log: bool,
    /// True for counts, such as passes: only whole numbers are marked then. Without effect on a logarithmic axis.
    pub whole: bool,
    /// Its lower end.
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
    /// Labels at 0, 1, 2 and so on in place of numbers; may be empty. Only for the vertical axis.
    pub names: Vec<String>,
}

impl Axis {
    /// A linear axis.
    pub fn new(label: &str) -> Self {
        Self { label: label.into(), ..Self::default() }
    }

    /// A linear axis between these ends.
    pub fn between(label: &str, low: f64, high: f64) -> Self {
        Self { low: Some(low), high: Some(high), ..Self::new(label) }
    }

    /// A linear axis for what is counted.
    pub fn whole(label: &str) -> Self {
        Self { whole: true, ..Self::new(label) }
    }

    /// A logarithmic axis.
    pub fn logarithmic(label: &str) -> Self {
        Self { log: true, ..Self::new(label) }
    }

    /// The label at this value, on an axis between these ends.
    pub(super) fn text(&self, value: f64, ends: (f64, f64)) -> String {
        if self.names.is_empty() {
            return number(value, if self.log { value } else { ends.1 - ends.0 });
        }
        let whole = (value - value.round()).abs() < 1e-6 && value > -0.5;
        self.names.get(value.round() as usize).filter(|_| whole).cloned().unwrap_or_default()
    }

    pub(super) fn scale(&self, low: f64, high: f64) -> Scale {
        match (self.log, self.whole) {
            (true, _) => Scale::Logarithmic((low..high).log_scale().into()),
            (false, true) => Scale::Whole((low..high).into()),
            (false, false) => Scale::Linear((low..high).into()),
        }
    }

    /// The ends with which it shows these values.
    pub(super) fn range(&self, values: impl Iterator<Item = f64>) -> (f64, f64) {
        let positive = |value: &f64| value.is_finite() && (!self.log || *value > 0.0);
        let extremes = |(low, high): (f64, f64), value: f64| (low.min(value), high.max(value));
        let (low, high) = values.filter(positive).fold((f64::INFINITY, f64::NEG_INFINITY), extremes);
        let (low, high) = if low <= high { (low, high) } else { (1.0, 1.0) };
        let (first, last) = (self.low.unwrap_or(low), self.high.unwrap_or(high));
        let extent = if high > low { high - low } else { last - first };
        let (below, above) = if self.log {
            (low / 1.3, high * 1.3)
        } else if self.whole && last - first < 0.5 {
            (low - 0.5, high + 0.5)
        } else if last - first <= 1e-9 * last.abs() {
            // One value alone, which stands in the middle or, where it is 0, at the lower end.
            let around = if high == 0.0 { 1.0 } else { 0.1 * high.abs() };
            (if high == 0.0 { 0.0 } else { low - around }, high + around)
        } else {
            // What is not negative is not drawn below 0, and what is counted begins where the count does.
            let below = low - if self.whole { 0.0 } else { 0.02 * extent };
            (if low >= 0.0 { below.max(0.0) } else { below }, high + 0.05 * extent)
        };
        (self.low.unwrap_or(below), self.high.unwrap_or(above))
    }
}

/// A number on an axis, as short as it can be: with as many digits as steps of a hundredth of `extent` need, three at least.
pub(super) fn number(value: f64, extent: f64) -> String {
    let size = value.abs();
    if size < 1e-9 * extent.abs() || size < 1e-12 {
        return "0".into();
    }
    let digits = (2.0 - extent.abs().log10().floor()).clamp(3.0, 12.0) as usize;
    if (1e-3..1e5).contains(&size) {
        let text = format!("{value:.digits$}");
        return text.trim_end_matches('0').trim_end_matches('.').to_string();
    }
    // As many digits before the exponent as tell steps of a hundredth of the extent from each other.
    let digits = (size.log10().floor() - extent.abs().log10().floor() + 2.0).clamp(0.0, 12.0) as usize;
    let text = format!("{value:.digits$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mantissa = if mantissa.contains('.') { mantissa.trim_end_matches('0').trim_end_matches('.') } else { mantissa };
    format!("{mantissa}e{exponent}")
}
