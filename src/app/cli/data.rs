//! `lenet5 data`, and the arguments of every command that needs data.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use lenet5::data::download::{self, DownloadObserver, Options};
use lenet5::data::mnist::{self, PARTS};
use lenet5::data::{self, Choice, DataError, Dataset, cifar10, qmnist};

#[derive(Args)]
pub struct DataArguments {
    /// auto (MNIST, or the embedded digits where there is none), mnist, qmnist, digits or cifar10 [default: as the settings or the model say]
    #[arg(long, value_name = "NAME")]
    pub dataset: Option<Choice>,
    #[command(flatten)]
    location: Location,
}

#[derive(Args)]
struct Location {
    /// Folder with the four files of MNIST [default: LENET5_DATA, else data/mnist, else the cache], or with those of CIFAR-10
    /// [default: LENET5_CIFAR10, else data/cifar10]; QMNIST's test set is looked for where MNIST is
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// URL to download MNIST from, if it is missing
    #[arg(long, value_name = "URL")]
    mirror: Option<String>,
}

impl Location {
    fn options(&self) -> Options {
        let mut options = Options::default();
        if let Some(mirror) = &self.mirror {
            options.mirrors = vec![mirror.clone()];
        }
        options
    }
}

impl DataArguments {
    /// The data set of the command line, or otherwise `default`. A download shows its progress.
    pub fn open(&self, default: Choice) -> anyhow::Result<Dataset> {
        let choice = self.dataset.unwrap_or(default);
        Ok(data::open(
            choice,
            self.location.data_dir.as_deref(),
            &self.location.options(),
            &mut DownloadDisplay::default(),
        )?)
    }
}

#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Download MNIST into --data-dir, else LENET5_DATA, else the cache
    ///
    /// Verified files are kept. Other files are left alone, since own data sets and Fashion-MNIST have the same names; only an
    /// incomplete file of MNIST, as after an interrupted copy, is overwritten.
    Fetch {
        #[command(flatten)]
        location: Location,
        /// A file of the folder that may be overwritten whatever its contents, such as train-images-idx3-ubyte.gz; can be given several
        /// times
        #[arg(long, value_name = "FILE", value_parser = name_of_a_part)]
        replace: Vec<String>,
    },
    /// Compare the SHA-256 of the four files with the published ones
    Verify(Location),
    /// Show which folders are searched and what is in them
    Where(Location),
}

pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    match &arguments.action {
        Action::Fetch { location, replace } => fetch(location, replace, out),
        Action::Verify(location) => verify(location, out),
        Action::Where(location) => locate(location, out),
    }
}

/// The name of the file at this path, if it is one that a file of MNIST may have.
fn name_of_a_part(path: &str) -> Result<String, String> {
    let name = Path::new(path).file_name().unwrap_or_default().to_string_lossy().into_owned();
    if PARTS.iter().any(|part| part.names().contains(&name)) {
        return Ok(name);
    }
    Err(format!(
        "expected a file with a name of MNIST's: {}, with or without .gz",
        PARTS.map(|part| part.name).join(", ")
    ))
}

fn fetch(location: &Location, replace: &[String], out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let places = mnist::places(location.data_dir.as_deref());
    let folder = places.into_iter().find(|(place, _)| place.is_explicit() || *place == mnist::Place::Cache);
    let Some((_, folder)) = folder else {
        anyhow::bail!("this system names no cache folder; name one by --data-dir");
    };
    let options = Options { replace: replace.to_vec(), ..location.options() };
    download::fetch(&folder, &options, &mut DownloadDisplay::default())?;
    writeln!(out, "{}: the four files of MNIST are present and verified", folder.display())?;
    Ok(ExitCode::SUCCESS)
}

fn verify(location: &Location, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let places = mnist::places(location.data_dir.as_deref());
    let Some(folder) = mnist::locate(&places)? else {
        anyhow::bail!(
            "MNIST is in none of the folders that `lenet5 data where` shows; `lenet5 data fetch` downloads it"
        );
    };
    let mut code = ExitCode::SUCCESS;
    for check in mnist::verify(folder) {
        match check.problem {
            None => writeln!(out, "right  {}  {}", check.digest.unwrap_or_default(), check.path.display())?,
            Some(problem) => {
                writeln!(out, "WRONG  {problem}")?;
                code = ExitCode::FAILURE;
            }
        }
    }
    Ok(code)
}

fn locate(location: &Location, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let data_dir = location.data_dir.as_deref();
    for (place, folder) in mnist::places(data_dir) {
        let there = PARTS.len() - mnist::missing(&folder).len();
        writeln!(out, "{there} of {} files  {}  ({})", PARTS.len(), folder.display(), place.label())?;
    }
    for (place, folder) in mnist::places(data_dir) {
        let there = qmnist::NAMES.len() - qmnist::missing(&folder).len();
        writeln!(out, "QMNIST: {there} of {} files  {}  ({})", qmnist::NAMES.len(), folder.display(), place.label())?;
    }
    let (setting, folder) = cifar10::place(data_dir);
    let (there, all) = (cifar10::count(&folder), cifar10::TRAINING.len() + 1);
    writeln!(out, "CIFAR-10: {there} of {all} files  {}  ({setting})", folder.display())?;
    Ok(ExitCode::SUCCESS)
}

/// Shows a download: a bar where there is a terminal, and every failure.
#[derive(Default)]
struct DownloadDisplay {
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
}
