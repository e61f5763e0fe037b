//! What a package manager and its users meet: addresses, versions, completions, pages for `man`, the commit inside a program.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use temp_dir::TempDir;

const PROGRAMS: [(&str, &str); 2] =
    [("lenet5", env!("CARGO_BIN_EXE_lenet5")), ("lenet5-reproduce", env!("CARGO_BIN_EXE_lenet5-reproduce"))];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run(program: &str, words: &[&str]) -> Output {
    Command::new(program).args(words).output().unwrap()
}

fn stdout(program: &str, words: &[&str]) -> String {
    let output = run(program, words);
    assert!(output.status.success() && output.stderr.is_empty(), "{words:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// `repository` in Cargo.toml is the one that the others follow.
#[test]
fn all_places_name_the_address_and_the_version_of_the_manifest() {
    let repository = env!("CARGO_PKG_REPOSITORY");
    let owner = repository.strip_prefix("https://github.com/").unwrap().strip_suffix("/lenet5").unwrap();
    assert_eq!(env!("CARGO_PKG_HOMEPAGE"), repository);
    let mut found = 0;
    for name in ["Cargo.toml", "CITATION.cff", "README.md"] {
        let text = fs::read_to_string(root().join(name)).unwrap();
        for address in text.split("github.com/").skip(1) {
            let (other, rest) = address.split_once('/').unwrap();
            if rest.starts_with("lenet5") {
                assert_eq!(other, owner, "{name}");
                found += 1;
            }
        }
    }
    assert!(found >= 4, "repository, homepage, the citation's and the command to install: {found}");
    let citation = fs::read_to_string(root().join("CITATION.cff")).unwrap();
    for line in [format!("version: {}", env!("CARGO_PKG_VERSION")), format!("repository-code: {repository}")] {
        assert!(citation.lines().any(|other| other == line), "CITATION.cff: {line}");
    }
}

/// Also without git, and in another folder: it is inside the program.
#[test]
fn a_program_knows_the_commit_that_it_was_built_from() {
    let git = |words: &[&str]| Command::new("git").arg("-C").arg(root()).args(words).output().unwrap();
    let head = git(&["rev-parse", "HEAD"]);
    assert!(head.status.success(), "a checkout: {head:?}");
    let head = String::from_utf8(head.stdout).unwrap();
    let folder = TempDir::new().unwrap();
    for (name, program) in PROGRAMS {
        let mut command = Command::new(program);
        command.arg("--version").current_dir(folder.path()).env("PATH", "");
        let text = String::from_utf8(command.output().unwrap().stdout).unwrap();
        let start = format!("{name} {} ({}", env!("CARGO_PKG_VERSION"), head.trim());
        let rest = text.strip_prefix(&start).unwrap_or_else(|| panic!("{text}, expected {start}"));
        assert!([")\n", "-dirty)\n"].contains(&rest), "{text}");
    }
}

/// A shell that is here completes with it; of others, that it names the commands.
#[test]
fn shells_complete_commands_and_options() {
    for (name, program) in PROGRAMS {
        let [bash, zsh, fish] = ["bash", "zsh", "fish"].map(|shell| stdout(program, &["completions", shell]));
        assert!(zsh.starts_with(&format!("#compdef {name}\n")) && zsh.contains("'completions:"), "{zsh}");
        assert!(fish.contains(&format!("complete -c {name} ")) && fish.contains("-a \"completions\""), "{fish}");
        assert!(bash.contains(&format!(" default {name}\n")), "{bash}");
        let complete = |typed: &str| {
            let words: Vec<&str> = typed.split(' ').collect();
            let (last, before) = (words[words.len() - 1], words[words.len() - 2]);
            let question = format!(
                "{bash}\nCOMP_WORDS=({typed}); COMP_CWORD={}; _{} {name} '{last}' '{before}'; echo ${{COMPREPLY[*]}}",
                words.len() - 1,
                name.replace('-', "_")
            );
            match Command::new("bash").args(["--norc", "-c", &question]).output() {
                Ok(output) => Some(String::from_utf8(output.stdout).unwrap().trim().to_string()),
                Err(error) => {
                    println!("no bash here: {error}");
                    None
                }
            }
        };
        for (typed, expected) in [
            ("comple", "completions"),
            ("completions z", "zsh"),
            if name == "lenet5" { ("train --res", "--resume") } else { ("fig5 --shar", "--shard") },
        ] {
            let found = complete(&format!("{name} {typed}"));
            assert!(found.is_none_or(|found| found == expected), "{name} {typed}");
        }
        assert!(!run(program, &["completions", "dish"]).status.success());
    }
}

#[test]
fn every_command_has_a_page_and_no_other_file_is_replaced() {
    for (name, program) in PROGRAMS {
        let folder = TempDir::new().unwrap();
        let pages = folder.path().join("share/man1");
        let words = ["man", pages.to_str().unwrap()];
        let text = stdout(program, &words);
        let count = fs::read_dir(&pages).unwrap().count();
        assert!(text.starts_with(&format!("{count} pages written to ")), "{text}");
        let listed = stdout(program, &["--help"]);
        let commands = listed.split_once("Commands:\n").unwrap().1.lines().take_while(|line| !line.is_empty());
        let mut commands: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
        commands.retain(|&command| command != "help");
        assert!(commands.len() >= 15 && count > commands.len(), "{commands:?}");
        for command in commands {
            let page = fs::read_to_string(pages.join(format!("{name}-{command}.1"))).unwrap();
            assert!(page.contains(&format!(".TH {name}-{command} 1")), "{page}");
        }
        assert_eq!(fs::read_to_string(pages.join(format!("{name}.1"))).unwrap(), stdout(program, &["man"]));

        stdout(program, &words); // in place of its own
        let other = pages.join(format!("{name}-man.1"));
        fs::write(&other, "a page of mine\n").unwrap();
        fs::remove_file(pages.join(format!("{name}.1"))).unwrap();
        let output = run(program, &words);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(&format!("expected the page of {name}-man or nothing, found another file")), "{error}");
        assert_eq!(fs::read_to_string(&other).unwrap(), "a page of mine\n");
        assert!(!pages.join(format!("{name}.1")).exists(), "nothing is written where one page can't be");
    }
}
