//! `lenet5 bench`

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::Args;
use lenet5::data::digits;
use lenet5::files::{read_if_there, write_atomically};
use lenet5::kernels::lenet5::Kernel;
use lenet5::kernels::maps::PATTERNS;
use lenet5::kernels::simd::Level;
use lenet5::models::builder::Builder;
use lenet5::runs::environment;
use lenet5::training::benchmark::{Benchmark, Report};
use serde::Serialize;

use super::format::{program, thousands};

#[derive(Args)]
pub struct Arguments {
    /// Print a JSON object with an object for each level
    #[arg(long)]
    json: bool,
    /// Every time is the median of this many measurements
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..))]
    repeats: u16,
    /// Write `levels.csv` and `kernels.csv` to this folder, too; those of an earlier measurement are replaced
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

/// The first line of a table that `--out` writes.
const HEADING: &str = "# lenet5 bench: ";

/// Measures at every level that LENET5_SIMD allows, on the embedded digits: the time does not depend on what the images show.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let mut levels = Level::allowed()?;
    levels.reverse(); // best first
    let (settings, dataset) = (Builder::default().build()?, digits::load());
    let benchmark = Benchmark::new(&settings, &dataset);
    let repeats = usize::from(arguments.repeats);
    let tables = ["levels.csv", "kernels.csv"];
    if let Some(folder) = &arguments.out {
        tables.iter().try_for_each(|name| check_replaceable(&folder.join(name)))?;
    }
    let report = benchmark.report(&levels, repeats);
    let only_levels = arguments.json && arguments.out.is_none();
    let rows = if only_levels { Vec::new() } else { benchmark.kernels(&levels, repeats) };
    if let Some(folder) = &arguments.out {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        let about = format!("{}, one core, medians of {repeats}", environment::cpu());
        let speeds = report.levels.iter().map(|(level, speed)| (LevelName { level }, speed));
        write(&folder.join(tables[0]), &about, speeds)?;
        let mut times = Vec::new();
        for (kernel, all) in &rows {
            let time =
                |(level, &us): (&Level, &f64)| KernelTime { kernel: format!("{kernel:?}"), level: level.name(), us };
            times.extend(levels.iter().zip(all).map(time));
        }
        write(&folder.join(tables[1]), &about, times.into_iter())?;
    }
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
    kernels(&levels, &rows, out)?;
    Ok(ExitCode::SUCCESS)
}

/// The first column of `levels.csv`.
#[derive(Serialize)]
struct LevelName<'a> {
    level: &'a str,
}

#[derive(Serialize)]
struct KernelTime {
    kernel: String,
    level: &'static str,
    us: f64,
}

/// An error if there is a file at `path` that this command has not written.
fn check_replaceable(path: &Path) -> anyhow::Result<()> {
    const LARGEST: u64 = 1 << 20;
    let found = read_if_there(path, LARGEST).with_context(|| path.display().to_string())?;
    let is_own = found.is_none_or(|bytes| bytes.starts_with(HEADING.as_bytes()));
    ensure!(
        is_own,
        "{}: expected a table of `lenet5 bench` or nothing, found another file, which is left as it is; name another folder (--out)",
        path.display()
    );
    Ok(())
}

/// Writes a table below the machine, the command and the commit that it comes from.
fn write(path: &Path, about: &str, rows: impl Iterator<Item = impl Serialize>) -> anyhow::Result<()> {
    let commit = environment::commit();
    let command: Vec<String> = std::env::args().skip(1).collect();
    let heading = format!("{HEADING}{about}\n# command: lenet5 {}\n# commit: {commit}\n", command.join(" "));
    let mut writer = csv::Writer::from_writer(heading.into_bytes());
    for row in rows {
        writer.serialize(row)?;
    }
    let text = writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))?;
    write_atomically(path, &text).with_context(|| path.display().to_string())
}

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

/// A row for each kernel and one for what a step's kernels and those of sixteen patterns take together, a column for each level.
fn kernels(levels: &[Level], rows: &[(Kernel, Vec<f64>)], out: &mut dyn Write) -> anyhow::Result<()> {
    let cells = |cells: Vec<String>| cells.iter().map(|cell| format!("{cell:>14}")).collect::<String>();
    let heading = levels.iter().map(|level| format!("{}, us", level.name())).collect();
    writeln!(out, "{:<24}{}", "kernel, a pattern", cells(heading))?;
    for (name, patterns) in [("a step", 1), ("sixteen patterns", PATTERNS)] {
        let rows = || rows.iter().filter(|row| row.0.patterns() == patterns);
        for (kernel, times) in rows() {
            let times = times.iter().map(|time| format!("{time:.2}")).collect();
            writeln!(out, "{:<24}{}", format!("{kernel:?}"), cells(times))?;
        }
        let sum = |level: usize| rows().map(|(_, times)| times[level]).sum::<f64>();
        let sums = (0..levels.len()).map(|level| format!("{:.2}", sum(level))).collect();
        writeln!(out, "{:<24}{}", format!("sum of {name}"), cells(sums))?;
    }
    Ok(())
}
