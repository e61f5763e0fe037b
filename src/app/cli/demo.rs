//! `lenet5 demo`

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use lenet5::data::{digits, mnist};
use lenet5::page::{Digits, Page};
use lenet5::picture::FRAME;
use lenet5::runs::checkpoint::Model;

use super::format::note_of_source;
use crate::app::demo::{Content, Server};

#[derive(Args)]
pub struct Arguments {
    /// Port of 127.0.0.1; 0 for any free one
    #[arg(long, value_name = "N", default_value_t = 1998)]
    port: u16,
    /// A model.safetensors of a LeNet-5, or of a network of your own, that `lenet5 train` has written, or its run's folder [default: the one that comes with the
    /// program]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Folder with the runs that can be followed
    #[arg(long, value_name = "DIR", default_value = "runs")]
    runs: PathBuf,
    /// Folder with the test set of MNIST [default: LENET5_DATA, else data/mnist, else the cache, else the embedded digits]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

/// Serves the page until the process is stopped.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let lenet5 = Model::load_or_pretrained(arguments.model.as_deref())?;
    let input = lenet5.network().input();
    anyhow::ensure!(
        input.maps == 1 && input.height >= FRAME && input.width >= FRAME,
        "the page is for networks that read grey images of {FRAME} x {FRAME} pixels; this one reads {} x {} x {} (maps, rows, columns)",
        input.maps,
        input.height,
        input.width
    );
    note_of_source(&lenet5);
    let page = page(lenet5, arguments)?;
    let server = Server::bind(arguments.port).with_context(|| {
        format!("cannot listen on port {} of 127.0.0.1; --port 0 takes any free one", arguments.port)
    })?;
    writeln!(out, "http://{}/", server.address()?)?;
    out.flush()?;
    complain!("open this address in a browser on this machine; Ctrl-C ends it");
    match server.serve(Content { page, runs: arguments.runs.clone() })? {}
}

/// The page with MNIST where it is, and otherwise with the embedded digits alone.
fn page(lenet5: Model, arguments: &Arguments) -> anyhow::Result<Page> {
    let Some(folder) = mnist::locate(&mnist::places(arguments.data_dir.as_deref()))?.map(Path::to_path_buf) else {
        return Ok(Page::complete(lenet5, Digits { images: digits::load().test, mnist: false }));
    };
    let mnist = mnist::load(&folder)?;
    Ok(Page::complete(lenet5, Digits { images: mnist.test.clone(), mnist: true }).with_mnist(mnist))
}
