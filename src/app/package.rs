//! What a package manager installs beside a program: completions for shells and pages for `man`, made from its command line. Both
//! programs have this file.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use clap::Subcommand;
use clap_complete::Shell;
use lenet5::files::{read_if_there, write_atomically};
use lenet5::runs::environment;

/// The commands.
#[derive(Subcommand)]
pub enum Package {
    /// Print what completes this program's command line in a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print this program's page for `man`, or write the pages of all its commands to a folder
    Man {
        /// Such as ~/.local/share/man/man1; made if it is missing [default: print the first page]
        folder: Option<PathBuf>,
    },
}

/// The command line whose `--version` says the commit, too.
pub fn with_commit(command: clap::Command) -> clap::Command {
    let version: &'static str = format!("{} ({})", env!("CARGO_PKG_VERSION"), environment::commit()).leak();
    command.version(version)
}

impl Package {
    /// Carries the command out for a program with this command line.
    pub fn run(&self, mut command: clap::Command) -> anyhow::Result<()> {
        let text = match self {
            Self::Completions { shell } => completions(*shell, command).into_bytes(),
            Self::Man { folder } => {
                command = command.disable_help_subcommand(true);
                command.build(); // gives the commands of commands their whole names
                let mut pages = Vec::new();
                collect(&command, &mut pages)?;
                match folder {
                    Some(folder) => return write(folder, &pages),
                    None => pages.swap_remove(0).1,
                }
            }
        };
        match io::stdout().write_all(&text) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("standard output"),
            _ => Ok(()),
        }
    }
}

/// What completes the command line in a shell. For bash, clap_complete 4.6 spells the hyphen in a program's name in two ways, and the options
/// of its commands are not found: there its functions are named without.
fn completions(shell: Shell, mut command: clap::Command) -> String {
    let name = command.get_name().to_string();
    let own = if shell == Shell::Bash { name.replace('-', "_") } else { name.clone() };
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut command, own.clone(), &mut text);
    String::from_utf8_lossy(&text).replace(&format!(" default {own}\n"), &format!(" default {name}\n"))
}

/// Adds the page of a command and of those below it, each with its name.
fn collect(command: &clap::Command, pages: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    pages.push((command.get_display_name().unwrap_or(command.get_name()).to_string(), page));
    let shown = |command: &&clap::Command| !command.is_hide_set() && command.get_name() != "help";
    command.get_subcommands().filter(shown).try_for_each(|command| collect(command, pages))
}

/// The title in a page: `.TH lenet5-train 1`.
fn title(page: &[u8]) -> Option<Vec<String>> {
    let text = String::from_utf8_lossy(page);
    let line = text.lines().find(|line| line.starts_with(".TH "))?;
    Some(line.split_whitespace().take(3).map(String::from).collect())
}

/// Writes the pages to a folder, each in place of an earlier one with its title; no other file is replaced.
fn write(folder: &Path, pages: &[(String, Vec<u8>)]) -> anyhow::Result<()> {
    const LARGEST: u64 = 1 << 20;
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let path = |name: &str| folder.join(format!("{name}.1"));
    for (name, page) in pages {
        let path = path(name);
        let found = read_if_there(&path, LARGEST).with_context(|| path.display().to_string())?;
        ensure!(
            found.is_none_or(|found| title(&found) == title(page)),
            "{}: expected the page of {name} or nothing, found another file, which is left as it is; name another folder",
            path.display()
        );
    }
    for (name, page) in pages {
        let path = path(name);
        write_atomically(&path, page).with_context(|| path.display().to_string())?;
    }
    println!("{} pages written to {}", pages.len(), folder.display());
    Ok(())
}
