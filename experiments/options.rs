//! The options of the experiments.

use std::path::{Path, PathBuf};

use clap::Args;
use lenet5::data::Choice;
use lenet5::drawing::format::Format;
use lenet5::runs::seeds::Seeds;

use crate::cells::Shard;

/// The options of every experiment.
#[derive(Args, Clone)]
pub struct Options {
    #[command(flatten)]
    pub scope: Scope,
    /// Cells trained side by side [default: as many as there are threads]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// Only train share I of N of the cells, for a cluster's job array; the shares are of equal work
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,
    /// Only list the cells with the time that each is expected to take
    #[arg(long)]
    pub dry_run: bool,
}

/// Which results are made, from which data, and where they are written.
#[derive(Args, Clone)]
pub struct Scope {
    /// Seeds, such as 7, 1-10 or 1,3,5-8 [default: as many as each experiment wants]
    #[arg(long, value_name = "SEEDS")]
    pub seeds: Option<Seeds>,
    /// A tenth of the patterns, a quarter of the passes, at most two seeds: to see that everything works
    #[arg(long)]
    pub quick: bool,
    /// Folder of the results; the runs go to `runs` below it [default: results, results/quick with --quick, results/seeds-SEEDS
    /// with --seeds]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Also write figures as png (two pixels for each unit of the SVG) or pdf, beside the SVG
    #[arg(long, value_name = "FORMAT", value_delimiter = ',')]
    pub format: Vec<Format>,
    /// Folder with the four files of MNIST
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// The data set; another one than MNIST only shows that the program works
    #[arg(long, hide = true, default_value = "mnist")]
    pub dataset: Choice,
}

impl Scope {
    /// True if whole experiments are to be run, whose results are for the record.
    pub fn is_complete(&self) -> bool {
        !self.quick && self.seeds.is_none() && self.dataset == Choice::Mnist
    }

    /// The folder of the results, and that of the runs.
    pub fn folders(&self) -> (PathBuf, PathBuf) {
        let results = Path::new("results");
        let out = match (&self.out, &self.seeds) {
            (Some(out), _) => out.clone(),
            (None, _) if self.quick || self.dataset != Choice::Mnist => results.join("quick"),
            // The same networks as those of the whole experiment, with which they share their runs.
            (None, Some(seeds)) => return (results.join(format!("seeds-{seeds}")), results.join("runs")),
            (None, None) => results.into(),
        };
        let runs = out.join("runs");
        (out, runs)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        options: Options,
    }

    /// Partial results go to folders of their own and do not replace complete ones.
    #[test]
    fn only_whole_experiments_go_to_the_folder_of_results() {
        for (words, out, runs, complete) in [
            ("", "results", "results/runs", true),
            ("--jobs 2", "results", "results/runs", true),
            ("--seeds 1-3", "results/seeds-1-3", "results/runs", false),
            ("--seeds 1-3 --quick", "results/quick", "results/quick/runs", false),
            ("--dataset digits", "results/quick", "results/quick/runs", false),
            ("--seeds 1,3 --out mine", "mine", "mine/runs", false),
        ] {
            let words = format!("lenet5-reproduce {words}");
            let Only { options: Options { scope, .. } } = Only::try_parse_from(words.split_whitespace()).unwrap();
            assert_eq!(scope.folders(), (out.into(), runs.into()), "{words}");
            assert_eq!(scope.is_complete(), complete, "{words}");
        }
    }
}
