//! The figure of a comparison: mean errors by pass, and after the last one.

use lenet5::config::Measured;
use lenet5::drawing::plot::bars::{Bar, Bars};
use lenet5::drawing::plot::{ALONE, Axis, colour, compared};
use lenet5::drawing::sheet::Sheet;
use lenet5::runs::comparison::{Comparison, Side};
use lenet5::training::PassRecord;

/// Curves with their 95 % intervals as bands, where there are runs, and below them a bar for each side.
pub fn of(sides: &[Side], comparison: &Comparison) -> anyhow::Result<String> {
    let on = sides.iter().find_map(|side| Some(side.settings.as_ref()?.measured())).unwrap_or(Measured::Test);
    let bar = |mean: &lenet5::runs::comparison::Mean| {
        // The interval of one error is not symmetric; its longer half is drawn on both sides.
        let half = (mean.high_percent - mean.mean_percent).max(mean.mean_percent - mean.low_percent);
        let text = format!("{:.3} %", mean.mean_percent);
        (mean.name.clone(), vec![Bar { series: 0, value: mean.mean_percent, half_interval: half, text }])
    };
    let bars = Bars {
        title: format!("{} after the last pass, with 95 % intervals", on.error_name()),
        x: Axis::new(&format!("{} (%)", on.error_name())),
        series: vec![("mean".into(), colour::TEST)],
        groups: comparison.sides.iter().map(bar).collect(),
    };
    let bars = bars.draw();
    let curves: Vec<(&str, Vec<&[PassRecord]>)> = sides
        .iter()
        .filter(|side| side.settings.is_some())
        .map(|side| (side.name.as_str(), side.members.iter().map(|member| &member.records[..]).collect()))
        .collect();
    if curves.is_empty() {
        return Ok(bars);
    }
    let (_, (width, height)) = ALONE;
    let curves = compared("mean error by pass", &curves, on).map_err(anyhow::Error::from_boxed)?;
    let (width, height) = (f64::from(width), f64::from(height));
    let mut sheet = Sheet::new(width, height + Bars::height(comparison.sides.len()));
    sheet.drawing(0.0, 0.0, &curves);
    sheet.drawing(0.0, height, &bars);
    Ok(sheet.to_svg())
}
