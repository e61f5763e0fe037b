//! `lenet5 bench`

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use lenet5::data::digits;
use lenet5::kernels::simd::Level;
use lenet5::models::builder::Builder;
use lenet5::runs::environment;
use lenet5::training::benchmark::{Benchmark, Report};

use super::format::{program, thousands};

/// The arguments of `lenet5 bench`.
#[derive(Args)]
pub struct Arguments {
    /// Print a JSON object with an object for each level
    #[arg(long)]
    json: bool,
    /// Every time is the median of this many measurements
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..))]
    repeats: u16,
}

/// Measures at every level that LENET5_SIMD allows, on the embedded digits: the time does not depend on what the images show.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let mut levels = Level::allowed()?;
    levels.reverse(); // best first
    let (settings, dataset) = (Builder::default().build()?, digits::load());
    let benchmark = Benchmark::new(&settings, &dataset);
    let repeats = usize::from(arguments.repeats);
    let report = benchmark.report(&levels, repeats);
    if arguments.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(out, "{}, one core, medians of {repeats}\n", environment::cpu())?;
    speeds(&levels, &report, out)?;
    let step = benchmark.multiply_adds().step;
    writeln!(
        out,
        "\nA training step is {} multiply-adds with trainable weights, or {:.2} MFLOP; the peak is what this core does with\n\
         nothing else to do. Figures of one run belong together. If other programs use this machine, keep to one core:\n  \
         taskset -c 0 {} bench\n",
        thousands(step),
        2e-6 * step as f64,
        program()
    )?;
    kernels(&levels, &benchmark, repeats, out)?;
    Ok(ExitCode::SUCCESS)
}

/// A row for each level.
fn speeds(levels: &[Level], report: &Report, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(
        out,
        "{:<8}{:>18}{:>10}{:>13}{:>17}{:>17}",
        "level", "FMA peak, GFLOP/s", "step, us", "forward, us", "useful, GFLOP/s", "share of peak, %"
    )?;
    for level in levels {
        let speed = &report.levels[level.name()];
        writeln!(
            out,
            "{:<8}{:>18.2}{:>10.2}{:>13.2}{:>17.2}{:>17.1}",
            level.name(),
            speed.fma_peak_gflops,
            speed.step_us,
            speed.forward_us,
            speed.useful_gflops,
            100.0 * speed.share_of_peak
        )?;
    }
    Ok(())
}

/// A row for each kernel of a step, a column for each level.
fn kernels(levels: &[Level], benchmark: &Benchmark<'_>, repeats: usize, out: &mut dyn Write) -> anyhow::Result<()> {
    let cells = |cells: Vec<String>| cells.iter().map(|cell| format!("{cell:>14}")).collect::<String>();
    let heading = levels.iter().map(|level| format!("{}, us", level.name())).collect();
    writeln!(out, "{:<10}{}", "kernel", cells(heading))?;
    let rows = benchmark.kernels(levels, repeats);
    for (kernel, times) in &rows {
        let times = times.iter().map(|time| format!("{time:.2}")).collect();
        writeln!(out, "{:<10}{}", format!("{kernel:?}"), cells(times))?;
    }
    let sum = |level: usize| rows.iter().map(|(_, times)| times[level]).sum::<f64>();
    let sums = (0..levels.len()).map(|level| format!("{:.2}", sum(level))).collect();
    writeln!(out, "{:<10}{}", "sum", cells(sums))?;
    Ok(())
}
