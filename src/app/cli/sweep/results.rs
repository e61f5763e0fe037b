//! What a sweep came to: the tables and the figures.

use std::process::ExitCode;

use lenet5::config::Measured;
use lenet5::evaluation::statistics::{Summary, summarise};
use lenet5::files;
use lenet5::runs::folder::{RunError, Snapshot};
use lenet5::runs::seeds::{self, SeedRecord};
use lenet5::runs::sweep::{Arm, folder};
use lenet5::training::PassRecord;

use super::super::figure::write_beside;
use super::super::format::{count, program, shell};
use super::super::notes::warn_if_digits;
use super::super::progress::curve_in;
use super::super::seeds::draw_mean;
use super::super::verdict;
use super::{ArmResult, Sweep, figure};

impl Sweep<'_> {
    /// Writes the tables and draws the figures of the finished runs.
    pub fn conclude(&self) -> anyhow::Result<ExitCode> {
        let results = self.arms.iter().map(|arm| self.result(arm)).collect::<anyhow::Result<Vec<ArmResult>>>()?;
        let on = self.arms[0].settings.measured();
        self.print(&results, on);
        let (table, plot) = (self.parent.join("sweep.csv"), self.parent.join("sweep.svg"));
        let write = |path: &std::path::Path, bytes: &[u8]| {
            files::write_atomically(path, bytes).map_err(|error| RunError::Io(path.into(), error))
        };
        let is_own = |name: &str| ["sweep.csv", "sweep.svg"].contains(&name);
        let removed = files::remove_temporaries(self.parent, is_own, files::LONG_AGO);
        removed.map_err(|error| RunError::Io(self.parent.into(), error))?;
        write(&table, &self.table(&results, on)?)?;
        match figure::of(self.axes, &results, on) {
            Ok(svg) => {
                write(&plot, svg.as_bytes())?;
                write_beside(&plot, self.formats)?;
            }
            Err(error) => say!("warning: {}: {error}", plot.display()),
        }
        let counted = results.iter().filter(|result| result.runs() > 0);
        let folders: Vec<String> = counted.map(|result| shell(&folder(self.parent, result.arm))).collect();
        say!("\nThe table: {}\nThe plot: {}", table.display(), plot.display());
        if (2..=6).contains(&folders.len()) {
            say!("Next:\n  {} compare {}", program(), folders.join(" "));
        }
        Ok(verdict::exit_code(results.iter().flat_map(|result| &result.verdicts)))
    }

    /// The runs of a combination, with their own table and mean curve in its folder, as `train --seeds` has them.
    fn result<'a>(&self, arm: &'a Arm) -> anyhow::Result<ArmResult<'a>> {
        let own = folder(self.parent, arm);
        let read = |seed| Snapshot::read(&seeds::folder(&own, seed));
        let runs = self.seeds.iter().map(read).collect::<Result<Vec<Snapshot>, RunError>>()?;
        let record = |run: &Snapshot| SeedRecord::of(run.settings.seed, &run.records, run.verdict.as_ref());
        let records: Vec<SeedRecord> = runs.iter().filter_map(record).collect();
        seeds::write(&own.join("seeds.csv"), &records, arm.settings.measured())?;
        let trained = runs.iter().filter(|run| run.verdict.is_none());
        let trained: Vec<&[PassRecord]> = trained.map(|run| &run.records[..]).collect();
        let curves = runs.iter().map(|run| curve_in(&seeds::folder(&own, run.settings.seed)));
        let curve = draw_mean(&own, &arm.settings, self.dataset.source, &trained);
        curves.chain(curve).try_for_each(|curve| write_beside(&curve, self.formats))?;
        let over_seeds = |value: fn(&SeedRecord) -> Option<f64>| {
            summarise(records.iter().filter(|record| record.verdict.is_none()).filter_map(value))
        };
        let measured = over_seeds(|record| record.test_error_percent);
        let on_the_fly = over_seeds(|record| record.running_training_error_percent);
        let verdicts = runs.into_iter().filter_map(|run| run.verdict).collect();
        Ok(ArmResult { arm, records, verdicts, measured, on_the_fly })
    }

    fn print(&self, results: &[ArmResult], on: Measured) {
        let title = "means, 95 % intervals";
        let width = results.iter().map(|result| result.arm.name.chars().count()).fold(title.len(), usize::max);
        let number = |value: f64| if value.is_nan() { "-".into() } else { format!("{value:.3} %") };
        let mean = |summary: &Summary| {
            let half = summary.half_interval;
            if half.is_nan() { number(summary.mean) } else { format!("{:.3} +- {half:.3} %", summary.mean) }
        };
        say!("");
        let heading = if on == Measured::Nothing { "" } else { on.error_name() };
        say!("{title:<width$}  runs  {heading:>18}  training error on the fly");
        for result in results {
            let (ArmResult { arm, measured, on_the_fly, .. }, runs) = (result, result.runs());
            let tested = if on == Measured::Nothing { String::new() } else { mean(measured) };
            say!("{:<width$}  {runs:>4}  {tested:>18}  {:>24}", arm.name, mean(on_the_fly));
        }
        for (result, record) in
            results.iter().flat_map(|result| result.records.iter().map(move |record| (result, record)))
        {
            if let Some(verdict) = &record.verdict {
                say!("not counted: {}/seed-{} {verdict}", result.arm.name, record.seed);
            }
        }
        if on == Measured::Test {
            say!(
                "These are errors on the test set: a value that is chosen by them has no test error any more. To choose, hold training patterns \
                 out (--set held_out=N)."
            );
        }
        warn_if_digits(self.dataset.source);
        say!("{}", count(results.iter().map(|result| result.records.len()).sum(), "run"));
    }

    /// `sweep.csv`: a row for each combination; the rows of its seeds are in its own `seeds.csv`.
    fn table(&self, results: &[ArmResult], on: Measured) -> anyhow::Result<Vec<u8>> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let mut columns = vec!["name".to_string()];
        columns.extend(self.axes.iter().map(|axis| axis.key.clone()));
        columns.push("runs".into());
        let kinds = on.column().into_iter().chain(["running_training"]);
        columns.extend(kinds.flat_map(|kind| {
            ["mean", "deviation", "half_interval"].map(|what| format!("{kind}_error_{what}_percent"))
        }));
        writer.write_record(&columns)?;
        let number = |value: f64| if value.is_nan() { String::new() } else { value.to_string() };
        for result in results {
            let (ArmResult { arm, measured, on_the_fly, .. }, runs) = (result, result.runs());
            let mut row = vec![arm.name.clone()];
            row.extend(arm.values.iter().cloned());
            row.push(runs.to_string());
            for summary in on.column().map(|_| measured).into_iter().chain([on_the_fly]) {
                row.extend([summary.mean, summary.deviation, summary.half_interval].map(number));
            }
            writer.write_record(&row)?;
        }
        writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))
    }
}
