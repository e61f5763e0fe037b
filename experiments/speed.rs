//! The tables of `lenet5 bench --out` as Markdown.

use lenet5::training::benchmark::Speed;
use serde::Deserialize;

#[derive(Deserialize)]
pub struct LevelSpeed {
    level: String,
    #[serde(flatten)]
    speed: Speed,
}

#[derive(Deserialize)]
pub struct KernelTime {
    kernel: String,
    level: String,
    us: f64,
}

/// A row for each level, best first; then a row for each kernel, with a column for each level.
pub fn tables(about: &str, levels: &[LevelSpeed], kernels: &[KernelTime]) -> String {
    let mut levels: Vec<&LevelSpeed> = levels.iter().collect();
    levels.sort_by(|one, other| one.speed.step_us.total_cmp(&other.speed.step_us));
    let mut text = format!(
        "{about}.\n\n| level | FMA peak, GFLOP/s | step, us | forward, us | useful GFLOP/s | share of the peak |\n|---|---|---|---|---|---|\n"
    );
    for LevelSpeed { level, speed } in &levels {
        let Speed { fma_peak_gflops, step_us, forward_us, useful_gflops, share_of_peak } = speed;
        let share = 100.0 * share_of_peak;
        text += &format!(
            "| {level} | {fma_peak_gflops:.1} | {step_us:.1} | {forward_us:.1} | {useful_gflops:.1} | {share:.1} % |\n"
        );
    }
    let cells = |cells: Vec<String>| cells.iter().map(|cell| format!(" {cell} |")).collect::<String>();
    let names = cells(levels.iter().map(|row| format!("{}, us", row.level)).collect());
    text += &format!("\n| kernel, a pattern |{names}\n|---|{}\n", "---|".repeat(levels.len()));
    let mut seen: Vec<&str> = kernels.iter().map(|row| row.kernel.as_str()).collect();
    seen.dedup();
    for kernel in seen {
        let time = |level: &&LevelSpeed| {
            let found = kernels.iter().find(|row| row.kernel == kernel && row.level == level.level);
            found.map_or_else(|| "-".into(), |row| format!("{:.2}", row.us))
        };
        text += &format!("| {kernel} |{}\n", cells(levels.iter().map(time).collect()));
    }
    text
}
