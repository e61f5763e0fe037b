//! `lenet5 data`

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use lenet5::data::download::{self, Options};
use lenet5::data::mnist::{self, PARTS};
use lenet5::data::{cifar10, qmnist};

use super::dataset::{DownloadDisplay, Location};
use super::describe;

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
    /// Show what is in a data set: its classes, with their codes and counts, how it is read, and a page of samples
    Describe(describe::Arguments),
}

pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    match &arguments.action {
        Action::Fetch { location, replace } => fetch(location, replace, out),
        Action::Verify(location) => verify(location, out),
        Action::Where(location) => locate(location, out),
        Action::Describe(arguments) => describe::run(arguments, out),
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
