//! Horizontal bars with intervals, such as the paper's beside ours.

use plotters::style::{BLACK, RGBColor};

use super::axis::{Axis, number};
use crate::drawing::sheet::{Anchor, Sheet};

/// Units of the page: its width, a bar's thickness, the space between groups, and what stands above and below the bars.
const WIDTH: f64 = 800.0;
const THICKNESS: f64 = 13.0;
const GAP: f64 = 12.0;
const ABOVE: f64 = 66.0;
const BELOW: f64 = 52.0;
/// The size of most letters, and the width of an average one.
const LETTER: (f64, f64) = (13.0, 6.8);
const GREY: RGBColor = RGBColor(225, 225, 225);

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// The index of its series.
    pub series: usize,
    /// The value at its end.
    pub value: f64,
    /// Half the width of the interval around its end; drawn if it is finite.
    pub half_interval: f64,
    /// The text behind it.
    pub text: String,
}

impl Bar {
    /// A bar without an interval.
    pub fn new(series: usize, value: f64, text: impl Into<String>) -> Self {
        Self { series, value, half_interval: f64::NAN, text: text.into() }
    }

    /// Its ends: that of the bar, or of its interval.
    fn ends(&self) -> (f64, f64) {
        let half = if self.half_interval.is_finite() { self.half_interval } else { 0.0 };
        (self.value - half, self.value + half)
    }
}

/// Groups of bars, from top to bottom, over one axis.
///
/// ```
/// use lenet5::drawing::plot::bars::{Bar, Bars};
/// use lenet5::drawing::plot::{Axis, colour};
/// let bars = Bars {
///     title: "Fig. 9: test error".into(),
///     x: Axis::new("error (%)"),
///     series: vec![("paper".into(), colour::PAPER), ("ours".into(), colour::TEST)],
///     groups: vec![("LeNet-5".into(), vec![Bar::new(0, 0.95, "0.95"), Bar::new(1, 0.98, "0.98")])],
/// };
/// assert!(bars.draw().contains("LeNet-5"));
/// ```
#[derive(Debug, Clone)]
pub struct Bars {
    /// The title above them.
    pub title: String,
    /// The axis below them. A linear one begins at 0, a logarithmic one at a power of ten, unless it says otherwise.
    pub x: Axis,
    /// The legend: name and colour of each series.
    pub series: Vec<(String, RGBColor)>,
    /// The groups by their names; bars whose value is not finite are left out.
    pub groups: Vec<(String, Vec<Bar>)>,
}

/// The scale of the axis: from values to places on the page.
struct BarScale {
    log: bool,
    values: (f64, f64),
    places: (f64, f64),
}

impl BarScale {
    /// Its place; that of the nearer end if it is beyond.
    fn place(&self, value: f64) -> f64 {
        let (low, high) = self.values;
        let share = if self.log { (value / low).ln() / (high / low).ln() } else { (value - low) / (high - low) };
        self.places.0 + share.clamp(0.0, 1.0) * (self.places.1 - self.places.0)
    }

    /// The values that are marked: powers of ten, or at most eight steps of 1, 2 or 5 times one.
    fn ticks(&self) -> Vec<f64> {
        let (low, high) = self.values;
        if self.log {
            let exponents = (low.log10() - 1e-9).ceil() as i32..=(high.log10() + 1e-9).floor() as i32;
            return exponents.map(|exponent| 10_f64.powi(exponent)).collect();
        }
        let power = 10_f64.powf(((high - low) / 8.0).log10().floor());
        let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
        let step = steps.into_iter().find(|step| (high - low) / step <= 8.0).unwrap_or(high - low);
        let first = (low / step).ceil() as i64;
        (first..).map(|count| count as f64 * step).take_while(|tick| *tick <= high).collect()
    }
}

impl Bars {
    /// The height of the drawing of so many groups of one bar each; its width is that of a chart that stands alone.
    pub fn height(groups: usize) -> f64 {
        ABOVE + groups as f64 * (GAP + THICKNESS) + GAP + BELOW
    }

    /// The bars as SVG.
    pub fn draw(&self) -> String {
        let groups = || self.groups.iter().map(|(name, bars)| (name, bars.iter().filter(|bar| bar.value.is_finite())));
        let height: f64 = groups().map(|(_, bars)| GAP + THICKNESS * bars.count().max(1) as f64).sum();
        let mut sheet = Sheet::new(WIDTH, ABOVE + height + GAP + BELOW);
        let (scale, bottom) = (self.scale(), ABOVE + height + GAP);
        self.frame(&mut sheet, &scale, bottom);
        let mut y = ABOVE + GAP;
        for (name, bars) in groups() {
            let lines = bars.clone().count().max(1) as f64;
            let middle = y + lines * THICKNESS / 2.0;
            sheet.text(scale.places.0 - 10.0, middle + 4.5, LETTER.0, Anchor::End, name);
            for (line, bar) in bars.enumerate() {
                self.bar(&mut sheet, &scale, y + (line as f64 + 0.5) * THICKNESS, bar);
            }
            y += lines * THICKNESS + GAP;
        }
        sheet.line((scale.places.0, ABOVE), (scale.places.0, bottom), 1.0, BLACK);
        sheet.to_svg()
    }

    /// From the smallest to the largest value, beside the longest name and the longest text.
    fn scale(&self) -> BarScale {
        let bars = || self.groups.iter().flat_map(|(_, bars)| bars).filter(|bar| bar.value.is_finite());
        let largest = bars().map(|bar| bar.ends().1).fold(f64::NEG_INFINITY, f64::max);
        let smallest = bars().map(|bar| bar.value).filter(|value| *value > 0.0).fold(f64::INFINITY, f64::min);
        let low = if self.x.log { 10_f64.powf(smallest.min(largest).log10().floor()) } else { 0.0 };
        let low = self.x.low.unwrap_or(if low.is_finite() { low } else { 1.0 });
        let high = self.x.high.unwrap_or(largest).max(if self.x.log { 10.0 * low } else { low + 1e-3 });
        let longest = |lengths: &mut dyn Iterator<Item = usize>| LETTER.1 * lengths.max().unwrap_or(0) as f64;
        let names = longest(&mut self.groups.iter().map(|(name, _)| name.chars().count()));
        let texts = longest(&mut bars().map(|bar| bar.text.chars().count()));
        BarScale { log: self.x.log, values: (low, high), places: (names + 30.0, WIDTH - texts - 30.0) }
    }

    /// Title, legend and axis.
    fn frame(&self, sheet: &mut Sheet, scale: &BarScale, bottom: f64) {
        let (left, right) = scale.places;
        sheet.text(WIDTH / 2.0, 28.0, 18.0, Anchor::Middle, &self.title);
        let lengths = self.series.iter().map(|(name, _)| 36.0 + LETTER.1 * name.chars().count() as f64);
        let mut x = (WIDTH - lengths.clone().sum::<f64>()) / 2.0;
        for ((name, colour), length) in self.series.iter().zip(lengths) {
            sheet.line((x, 48.0), (x + 12.0, 48.0), 12.0, *colour);
            sheet.text(x + 18.0, 52.5, LETTER.0, Anchor::Start, name);
            x += length;
        }
        for tick in scale.ticks() {
            let at = scale.place(tick);
            sheet.line((at, ABOVE), (at, bottom), 1.0, GREY);
            sheet.text(
                at,
                bottom + 17.0,
                LETTER.0,
                Anchor::Middle,
                &number(tick, if scale.log { tick } else { scale.values.1 - scale.values.0 }),
            );
        }
        sheet.line((left, bottom), (right, bottom), 1.0, BLACK);
        sheet.text((left + right) / 2.0, bottom + 40.0, 15.0, Anchor::Middle, &self.x.label);
    }

    fn bar(&self, sheet: &mut Sheet, scale: &BarScale, y: f64, bar: &Bar) {
        let colour = self.series.get(bar.series).map_or(BLACK, |series| series.1);
        let (low, high) = bar.ends();
        sheet.line((scale.places.0, y), (scale.place(bar.value), y), THICKNESS - 2.0, colour);
        if high > low {
            let (from, to) = (scale.place(low), scale.place(high));
            sheet.line((from, y), (to, y), 1.5, BLACK);
            for end in [from, to] {
                sheet.line((end, y - 4.0), (end, y + 4.0), 1.5, BLACK);
            }
        }
        sheet.text(scale.place(high) + 7.0, y + 4.5, LETTER.0 - 1.0, Anchor::Start, &bar.text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::plot::colour;

    fn bars(x: Axis, values: &[f64]) -> Bars {
        let group = |&value: &f64| (format!("<{value}>"), vec![Bar::new(0, value, value.to_string())]);
        let series = vec![("ours".into(), colour::TEST)];
        Bars { title: "bars".into(), x, series, groups: values.iter().map(group).collect() }
    }

    /// The lengths of the bars, which are the lines in the colour of their series but for the legend's.
    fn lengths(svg: &str) -> Vec<f64> {
        let document = roxmltree::Document::parse(svg).unwrap();
        let lines = document.descendants().filter(|node| node.attribute("stroke") == Some("#0072b2"));
        let number = |node: &roxmltree::Node, name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap();
        lines.skip(1).map(|node| number(&node, "x2") - number(&node, "x1")).collect()
    }

    #[test]
    fn bars_are_as_long_as_their_values_from_zero() {
        let found = lengths(&bars(Axis::new("error (%)"), &[0.5, 1.0, f64::NAN, 4.0]).draw());
        assert_eq!(found.len(), 3);
        assert!((found[1] / found[0] - 2.0).abs() < 0.01 && (found[2] / found[0] - 8.0).abs() < 0.01, "{found:?}");
    }

    #[test]
    fn on_a_logarithmic_axis_bars_are_as_long_as_their_logarithms() {
        let found = lengths(&bars(Axis::logarithmic("thousands"), &[3.0, 30.0, 10_000.0]).draw());
        let [three, thirty, largest] = found[..] else { panic!("{found:?}") };
        assert!(((thirty - three) / largest - 0.25).abs() < 0.01, "{found:?}");
    }

    #[test]
    fn ticks_are_round_and_few() {
        let ticks = |log, low, high| BarScale { log, values: (low, high), places: (0.0, 1.0) }.ticks();
        assert_eq!(ticks(false, 0.0, 1.7), [0.0, 0.5, 1.0, 1.5]);
        assert_eq!(ticks(false, 0.0, 8.0).len(), 9);
        assert_eq!(ticks(true, 1.0, 24_000.0), [1.0, 10.0, 100.0, 1e3, 1e4]);
    }

    /// A page without finite bars is still a page.
    #[test]
    fn nothing_is_drawn_of_nothing() {
        for x in [Axis::new("x"), Axis::logarithmic("x")] {
            for values in [&[][..], &[f64::NAN], &[0.0]] {
                let svg = bars(x.clone(), values).draw();
                assert!(roxmltree::Document::parse(&svg).is_ok() && !svg.contains("inf"), "{svg}");
            }
        }
    }
}
