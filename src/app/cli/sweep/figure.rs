//! The figure of a sweep: the mean error against the setting with the most numbers for values, or a bar for each combination.

use lenet5::config::Measured;
use lenet5::drawing::plot::bars::{Bar, Bars};
use lenet5::drawing::plot::{ALONE, Axis, Chart, Curve, DrawError, LineStyle, colour, draw};
use lenet5::evaluation::statistics::Summary;
use lenet5::runs::sweep;

use super::ArmResult;

/// Values that are this many times as large as the smallest stand on a logarithmic axis.
const FAR: f64 = 10.0;

/// The figure as SVG.
pub fn of(axes: &[sweep::Axis], results: &[ArmResult], on: Measured) -> Result<String, DrawError> {
    let (label, summary): (String, fn(&ArmResult) -> Summary) = match on {
        Measured::Nothing => ("training error on the fly (%)".into(), |result| result.on_the_fly),
        _ => (format!("{} (%)", on.error_name()), |result| result.measured),
    };
    let numbers =
        |axis: &sweep::Axis| axis.values.iter().map(|value| value.parse::<f64>().ok()).collect::<Option<Vec<f64>>>();
    let numeric = axes.iter().enumerate().filter_map(|(index, axis)| Some((index, numbers(axis)?)));
    let longest = numeric.max_by_key(|(index, values)| (values.len(), std::cmp::Reverse(*index)));
    match longest {
        Some((index, values)) if results.len() <= values.len() * colour::ALL.len() => {
            curves(axes, results, index, &values, (&label, summary))
        }
        _ => Ok(bars(results, &label, summary)),
    }
}

/// Values of an axis with the mean and half the 95 % interval.
type Points = Vec<(f64, f64, f64)>;

/// A curve over the values of axis `index` for each combination of the others, with the 95 % intervals.
fn curves(
    axes: &[sweep::Axis],
    results: &[ArmResult],
    index: usize,
    values: &[f64],
    (label, summary): (&str, fn(&ArmResult) -> Summary),
) -> Result<String, DrawError> {
    let others = |result: &ArmResult| {
        let named = axes.iter().zip(&result.arm.values).enumerate().filter(|(at, _)| *at != index);
        named.map(|(_, (axis, value))| format!("{} = {value}", axis.key)).collect::<Vec<_>>().join(", ")
    };
    let mut sets: Vec<(String, Points)> = Vec::new();
    for result in results {
        let (name, Summary { mean, half_interval, .. }) = (others(result), summary(result));
        let Ok(x) = result.arm.values[index].parse::<f64>() else { continue };
        let point = (x, mean, half_interval);
        match sets.iter_mut().find(|(other, _)| *other == name) {
            Some((_, points)) => points.push(point),
            None => sets.push((name, vec![point])),
        }
    }
    let curve = |((name, mut points), colour): ((String, Points), _)| {
        points.retain(|(_, mean, _)| mean.is_finite());
        points.sort_by(|one, other| one.0.total_cmp(&other.0));
        Curve::of_means(&name, colour, LineStyle::Solid, points)
    };
    let curves = sets.into_iter().zip(colour::ALL).map(curve).collect();
    let (least, most) =
        values.iter().fold((f64::INFINITY, 0.0_f64), |(least, most), &value| (least.min(value), most.max(value)));
    let key = &axes[index].key;
    let x = if least > 0.0 && most >= FAR * least { Axis::logarithmic(key) } else { Axis::new(key) };
    let y = Axis { low: Some(0.0), ..Axis::new(label) };
    let title = format!("{label} after the last pass, mean with 95 % interval");
    draw(&[Chart { title, x, y, curves, ..Chart::default() }], ALONE)
}

fn bars(results: &[ArmResult], label: &str, summary: fn(&ArmResult) -> Summary) -> String {
    let bar = |result: &ArmResult| {
        let Summary { mean, half_interval, .. } = summary(result);
        (result.arm.name.clone(), vec![Bar { series: 0, value: mean, half_interval, text: format!("{mean:.3}") }])
    };
    Bars {
        title: format!("{label} after the last pass, mean with 95 % interval"),
        x: Axis::new(label),
        series: vec![("mean".into(), colour::TEST)],
        groups: results.iter().map(bar).collect(),
    }
    .draw()
}
