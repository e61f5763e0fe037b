//! The type of an experiment, and the context in which it runs.

use std::path::Path;

use lenet5::data::Dataset;

use crate::cells::{Arm, Extent};
use crate::finished::{Finished, Results};
use crate::record::Folder;
use crate::section::Section;

/// A figure or table of the paper, or what is measured beside it: a file of this folder.
pub struct Experiment {
    /// Its name on the command line, and its folder below the results.
    pub name: &'static str,
    /// Its subject, in a line.
    pub about: &'static str,
    /// The networks that it needs.
    pub arms: fn(&Extent) -> Vec<Arm>,
    /// Writes its CSV files, from the finished cells.
    pub summarise: fn(&Context) -> anyhow::Result<()>,
    /// Draws, from the CSV files alone.
    pub plot: fn(&Folder) -> anyhow::Result<()>,
    /// Its part of the page of results, from the CSV files alone.
    pub section: fn(&Folder) -> anyhow::Result<Section>,
}

/// The context in which an experiment is summarised, once its cells are finished.
pub struct Context<'a> {
    /// MNIST.
    pub dataset: &'a Dataset,
    /// The seeds, and how much of the experiment is run.
    pub extent: &'a Extent,
    /// The folder of its results.
    pub folder: &'a Folder,
    /// The folder of all results.
    pub results: &'a Path,
    /// True if the experiment is run whole: on MNIST, with all patterns, passes and seeds.
    pub is_complete: bool,
    pub runs: &'a Path,
    pub cells: Results,
}

impl Context<'_> {
    /// The finished cells of an arm that have a result, by seed: what may be averaged. Those that diverged or were no better than
    /// chance are left out, and that is said.
    pub fn finished(&self, arm: &Arm) -> anyhow::Result<Vec<Finished>> {
        self.cells.of(Finished::of(self.runs, arm, self.dataset)?)
    }

    /// All finished cells of an arm, by seed: for tables that count those that learnt nothing.
    pub fn all(&self, arm: &Arm) -> anyhow::Result<Vec<Finished>> {
        Ok(self.cells.all(Finished::of(self.runs, arm, self.dataset)?))
    }
}
