//! Figures in the form that was asked for.

use std::path::Path;

use anyhow::{Context, anyhow, ensure};
use clap::Args;
use lenet5::drawing::format::{self, Format, FormatError};
use lenet5::files;
use lenet5::words::terminal::name;

use super::output::{self, OutputArguments};

/// Of the commands whose figures have fixed names.
#[derive(Args, Clone)]
pub struct FigureArguments {
    /// Also write figures as png (two pixels for each unit of the SVG) or pdf, beside the SVG
    #[arg(long, value_name = "FORMAT", value_delimiter = ',')]
    pub format: Vec<Format>,
}

/// Checks, before any work is done, that the name after `option` says which form the figure is to have, and can be written.
pub fn check(option: &str, path: &Path, output: OutputArguments) -> anyhow::Result<()> {
    let problem = "writes a figure there; expected a name that ends in .svg, .png or .pdf";
    ensure!(Format::of(path).is_some(), "{}: {option} {problem}", name(path));
    output.check(path)
}

/// Writes the figure `svg` in the form that the ending of the name says, and the folder for it if that is missing.
pub fn write(path: &Path, svg: &str, output: OutputArguments) -> anyhow::Result<()> {
    output.check(path)?;
    output::make_folder_of(path)?;
    write_form(path, svg)
}

fn write_form(path: &Path, svg: &str) -> anyhow::Result<()> {
    format::write(path, svg).map_err(|error| match error {
        FormatError::Io(error) => anyhow!("{}: cannot be written: {error}{}", name(path), files::advice(&error)),
        other => anyhow!("{}: {other}", name(path)),
    })
}

/// Writes the figure that stands in the SVG file `path` in other forms too, beside it; nothing where there is no such file.
pub fn write_beside(path: &Path, formats: &[Format]) -> anyhow::Result<()> {
    /// The largest figure of a run has 0.1 MB.
    const MAX_SIZE: u64 = 64 << 20;
    let others: Vec<Format> = formats.iter().copied().filter(|&format| format != Format::Svg).collect();
    if others.is_empty() {
        return Ok(());
    }
    let cannot = || format!("{}: cannot be read", name(path));
    let Some(bytes) = files::read_if_there(path, MAX_SIZE).with_context(cannot)? else { return Ok(()) };
    let svg = String::from_utf8(bytes).with_context(cannot)?;
    others.into_iter().try_for_each(|format| write_form(&path.with_extension(format.name()), &svg))
}
