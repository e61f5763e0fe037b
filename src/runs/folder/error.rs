//! The reasons why a run cannot be made, found, recorded or resumed.

use std::path::PathBuf;

use crate::config::ConfigError;
use crate::data::{ChannelsError, Choice, UnfitData};
use crate::files::advice;
use crate::runs::checkpoint::CheckpointError;
use crate::words::count;

/// The contents of a folder with a run.
pub(super) const RUN: &str = "a run";

/// A run that cannot be made, found, recorded or resumed.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The folder has something in it.
    #[error("{folder} already holds {what} and is left as it is; {}choose another folder", if *what == RUN { format!("go on with it (`lenet5 train --resume --out {}`), or ", folder.display()) } else { String::new() }, folder = folder.display())]
    Occupied {
        /// The folder.
        folder: PathBuf,
        /// The contents: a run, or other files.
        what: &'static str,
    },
    /// There is no run in the folder.
    #[error("{folder}: expected the folder of a run, found no config.toml in it; name the folder of one (--out), or train a new run without --resume", folder = .0.display())]
    Missing(PathBuf),
    /// Another process is training the run.
    #[error("{folder}: {holder} is training this run", folder = folder.display())]
    Busy {
        /// The run's folder.
        folder: PathBuf,
        /// The process, such as `process 1234 on node7`.
        holder: String,
    },
    /// The data are not those that the run was trained on.
    #[error("{folder}: this run was trained on {expected}, but the data at hand are {found}{advice}", folder = folder.display(), advice = if *changed { ", with other images or labels than then; bring those back, or train a new run" } else { "" })]
    Data {
        /// The run's folder.
        folder: PathBuf,
        /// The data set that it was trained on.
        expected: Choice,
        /// The data set at hand.
        found: Choice,
        /// True if that has the name of the first, and other images or labels.
        changed: bool,
    },
    /// The configuration is not that of the checkpoint.
    #[error(
        "{config}: these settings are not those that {checkpoint} was trained with; only `passes` may change",
        config = .0.join("config.toml").display(),
        checkpoint = .0.join("checkpoint.safetensors").display()
    )]
    Changed(PathBuf),
    /// The folder holds a run with other settings.
    #[error(
        "{folder}: the run here has other settings: {differences}; choose another folder, or the settings of this run",
        folder = folder.display()
    )]
    Different {
        /// The run's folder.
        folder: PathBuf,
        /// Each setting that differs, with both values.
        differences: String,
    },
    /// The network cannot read the images.
    #[error(transparent)]
    Channels(#[from] ChannelsError),
    /// The network cannot be trained on the data.
    #[error(transparent)]
    Unfit(#[from] UnfitData),
    /// More patterns are held out of training than there are.
    #[error("`held_out` is {held_out}, but there are only {patterns} training patterns, and one at least must be left")]
    HeldOut {
        /// The number of patterns to hold out.
        held_out: usize,
        /// The number of training patterns.
        patterns: usize,
    },
    /// The run has more passes than were asked for.
    #[error("{folder}: this run has {} already, which is more than {wanted}", count(*done, "complete pass"), folder = folder.display())]
    Passes {
        /// The run's folder.
        folder: PathBuf,
        /// The number of complete passes.
        done: usize,
        /// The number of passes that was asked for.
        wanted: usize,
    },
    /// The run is trained and has no result that can be used.
    #[error("{folder}: expected a trained network, found none that can be used: {verdict}", folder = folder.display())]
    NoResult {
        /// The run's folder.
        folder: PathBuf,
        /// The reason.
        verdict: String,
    },
    /// The list of chosen patterns is empty.
    #[error("{folder}: there is no pattern to train on", folder = .0.display())]
    NoPatterns(PathBuf),
    /// The metrics, or another file beside them, are not what was written.
    #[error("{path}: {1}", path = .0.display())]
    Metrics(PathBuf, String),
    /// A setting in config.toml is not acceptable.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The checkpoint cannot be read or written.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// Event files for TensorBoard were asked for.
    #[error(
        "event files for TensorBoard: this build of lenet5 lacks the feature `export`; build it with `--features export`, or train without them"
    )]
    NoExport,
    /// An error of the operating system.
    #[error("{path}: cannot be read or written ({1}){advice}", path = .0.display(), advice = advice(.1))]
    Io(PathBuf, std::io::Error),
}
