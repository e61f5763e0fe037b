//! The arguments of every command that needs data.

use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use lenet5::config::Settings;
use lenet5::data::download::{DownloadObserver, Options};
use lenet5::data::own::Preparation;
use lenet5::data::{self, Choice, DataError, Dataset};
use lenet5::models;
use lenet5::picture::folders;

#[derive(Args)]
pub struct DataArguments {
    /// auto (MNIST, or the embedded digits where there is none), mnist, qmnist, digits, cifar10, or your own: idx:FOLDER (IDX files, as
    /// EMNIST's; idx:FOLDER/PREFIX of one set among several) or folder:FOLDER (pictures, a folder a class) [default: as the settings or
    /// the model say]
    #[arg(long, value_name = "NAME")]
    pub dataset: Option<Choice>,
    /// The rows of the images in your own data are their columns, as EMNIST's are
    #[arg(long)]
    pub transpose: bool,
    #[command(flatten)]
    location: Location,
}

/// Where published data are.
#[derive(Args)]
pub struct Location {
    /// Folder with the four files of MNIST [default: LENET5_DATA, else data/mnist, else the cache], or with those of CIFAR-10
    /// [default: LENET5_CIFAR10, else data/cifar10]; QMNIST's test set is looked for where MNIST is
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// URL to download MNIST from, if it is missing
    #[arg(long, value_name = "URL")]
    mirror: Option<String>,
}

impl Location {
    pub fn options(&self) -> Options {
        let mut options = Options::default();
        if let Some(mirror) = &self.mirror {
            options.mirrors = vec![mirror.clone()];
        }
        options
    }
}

impl DataArguments {
    /// The data set of the command line, or otherwise `default`, made ready for the network of these settings. A download shows its
    /// progress, and a user's own data how they were read.
    pub fn open(&self, default: &Choice, settings: &Settings) -> anyhow::Result<Dataset> {
        let choice = self.dataset.as_ref().unwrap_or(default);
        let transpose = self.transpose || (settings.transpose && choice.is_own());
        anyhow::ensure!(
            !transpose || choice.is_own(),
            "--transpose: expected a data set of your own (idx:, folder:), found {choice}"
        );
        let preparation = Preparation { input: models::build::<f32>(settings).input(), transpose };
        let progress = &mut DownloadDisplay::default();
        if let Choice::Folder(folder) = choice {
            return Ok(folders::load(Path::new(folder), &preparation, progress)?);
        }
        Ok(data::open_for(choice, self.location.data_dir.as_deref(), &preparation, &self.location.options(), progress)?)
    }
}

/// Shows a download: a bar where there is a terminal, and every failure.
#[derive(Default)]
pub struct DownloadDisplay {
    file: String,
    bar: Option<ProgressBar>,
}

impl DownloadDisplay {
    fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| complain!("{text}")),
            None => complain!("{text}"),
        }
    }
}

impl DownloadObserver for DownloadDisplay {
    fn received(&mut self, file: &str, mirror: &str, bytes: u64, total: Option<u64>) {
        if self.file != file {
            self.line(&format!("downloading {file} from {mirror}"));
            self.file = file.into();
            let style = ProgressStyle::with_template("[{bar:30}] {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left");
            let style = style.expect("the template is correct").progress_chars("=> ");
            let bar = ProgressBar::new(total.unwrap_or(0)).with_style(style).with_finish(ProgressFinish::AndClear);
            self.bar = Some(bar);
        }
        if let Some(bar) = &self.bar {
            bar.set_position(bytes);
        }
    }

    fn failed(&mut self, file: &str, mirror: &str, reason: &str) {
        self.line(&format!("{file} from {mirror}: {reason}"));
        self.file.clear();
    }

    fn fallback(&mut self, reason: &DataError) {
        self.line(&format!("{reason}\n\nGoing on with the embedded digits instead of MNIST.\n"));
    }

    fn note(&mut self, text: &str) {
        self.line(text);
    }
}
