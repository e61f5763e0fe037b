//! `lenet5-reproduce` through its command line: cells are trained once, go on after an interruption and can be shared out; results say
//! where they come from and are drawn again from the CSV files alone. All of it on the embedded digits.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use lenet5::data::digits;
use lenet5::models::builder::Builder;
use lenet5::runs::folder::{Run, Verdict};
use lenet5::training::{Divergence, NotFinite};
use temp_dir::TempDir;

use crate::metrics::without_times;

fn reproduce(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lenet5-reproduce")).args(arguments).env_remove("LENET5_DATA").output().unwrap()
}

/// Runs an experiment quickly on the digits; results go to `out`.
fn quick(experiment: &str, out: &Path, more: &[&str]) -> Output {
    let mut arguments = vec![experiment, "--quick", "--dataset", "digits", "--out", out.to_str().unwrap()];
    arguments.extend(more);
    reproduce(&arguments)
}

/// The results of such an experiment.
fn done(experiment: &str, more: &[&str]) -> TempDir {
    let folder = TempDir::new().unwrap();
    stdout(&quick(experiment, folder.path(), more));
    folder
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    assert!(!output.status.success());
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

fn rows(folder: &TempDir, cell: &str) -> Vec<String> {
    without_times(&folder.path().join("runs").join(cell))
}

/// The run of a cell that has `passes` of its passes, in another results folder.
fn partial(from: &TempDir, to: &TempDir, cell: &str, passes: usize) -> Run {
    let mut builder = Builder::default();
    builder.file(&from.path().join("runs").join(cell).join("config.toml")).unwrap();
    builder.assignment(&format!("passes={passes}")).unwrap();
    let (folder, dataset) = (to.path().join("runs").join(cell), digits::load());
    let mut run = Run::create(&folder, builder.build().unwrap(), &dataset).unwrap();
    run.train(&dataset, &mut ()).unwrap();
    run
}

#[test]
fn a_finished_cell_is_never_run_again_and_a_partial_one_goes_on() {
    let (whole, parts) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    assert!(stdout(&quick("fig5", whole.path(), &[])).contains("2/2  paper/seed-"));
    let metrics = whole.path().join("runs/paper/seed-1/metrics.csv");
    let before = fs::read(&metrics).unwrap();
    stdout(&quick("fig5", whole.path(), &[]));
    assert_eq!(fs::read(&metrics).unwrap(), before, "untouched, to the seconds in it");

    drop(partial(&whole, &parts, "paper/seed-2", 2));
    assert!(stdout(&quick("fig5", parts.path(), &[])).contains("2/2  paper/seed-"));
    for cell in ["paper/seed-1", "paper/seed-2"] {
        assert_eq!((rows(&whole, cell), rows(&whole, cell).len()), (rows(&parts, cell), 1 + 5));
        let model =
            |folder: &TempDir| fs::read(folder.path().join("runs").join(cell).join("model.safetensors")).unwrap();
        assert_eq!(model(&whole), model(&parts));
    }
}

#[cfg(unix)]
#[test]
fn a_signal_stops_all_cells_and_the_same_command_goes_on() {
    use std::process::Stdio;
    let (whole, parts) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let fig5 = |out: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lenet5-reproduce"));
        // Not the quick one, which might be done before the signal comes.
        command.args(["fig5", "--dataset", "digits", "--seeds", "1", "--out"]).arg(out).env_remove("LENET5_DATA");
        command
    };
    stdout(&fig5(whole.path()).output().unwrap());
    for (signal, code) in crate::signals::that_stop() {
        // Nobody reads what it prints, as with a terminal that is closed.
        let mut child = fig5(parts.path()).stdout(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        // Made after the handlers were.
        while !parts.path().join("runs/paper/seed-1/environment.toml").exists() {
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        let line = format!("kill -{signal} {}", child.id());
        assert!(Command::new("sh").args(["-c", &line]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
        fs::remove_file(parts.path().join("runs/paper/seed-1/environment.toml")).unwrap();
    }
    assert!(!parts.path().join("fig5").exists());
    stdout(&fig5(parts.path()).output().unwrap());
    assert_eq!(rows(&whole, "paper/seed-1"), rows(&parts, "paper/seed-1"));
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_said_and_not_left_out() {
    let folder = done("fig5", &["--seeds", "1"]);
    let page = read(&folder, "README.md");
    assert!(page.contains("fig5"));
    let looped = |name: &str| {
        let (path, kept) = (folder.path().join(name), folder.path().join("kept"));
        fs::rename(&path, &kept).unwrap();
        // Opening a link that leads to itself is an error, whoever tries.
        std::os::unix::fs::symlink(&path, &path).unwrap();
        move || fs::rename(&kept, &path).unwrap()
    };
    for (name, arguments) in [
        ("fig5/seeds.csv", vec!["page"]),
        ("fig5/summary.csv", vec!["page"]),
        ("runs/paper/seed-1/metrics.csv", vec!["fig5", "--quick", "--dataset", "digits", "--seeds", "1"]),
        ("runs/paper/seed-1/environment.toml", vec!["fig5", "--quick", "--dataset", "digits", "--seeds", "1"]),
    ] {
        let put_back = looped(name);
        let error = stderr(&reproduce(&[arguments, vec!["--out", folder.path().to_str().unwrap()]].concat()));
        assert!(error.contains(name), "{name}: {error}");
        assert_eq!(read(&folder, "README.md"), page, "{name}");
        put_back();
    }
}

#[test]
fn a_cell_that_another_process_trains_is_left_to_it() {
    let (whole, parts) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    stdout(&quick("fig5", whole.path(), &["--seeds", "1"]));
    let run = partial(&whole, &parts, "paper/seed-1", 1);
    let output = quick("fig5", parts.path(), &["--seeds", "1"]);
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(text.contains(&format!("process {} on ", std::process::id())), "{text}");
    assert!(stderr(&output).contains("another process trains some of the cells"));
    drop(run);
    stdout(&quick("fig5", parts.path(), &["--seeds", "1"]));
}

/// A network that learns nothing costs three passes and no more, and is never begun again.
#[test]
fn a_reading_that_learns_nothing_is_given_up() {
    let folder = done("readings", &["--seeds", "1"]);
    let rows = |cell: &str| rows(&folder, cell).len() - 1;
    assert_eq!(rows("readings/paper-2.4/seed-1"), 5);
    assert_eq!(rows("readings/2.4-F-0.25-eta-x-1/seed-1"), 3);
    let table = read(&folder, "readings/seeds.csv");
    let given_up = table.lines().find(|row| row.starts_with("\"2.4/F, 0.25, eta x 1\"")).unwrap();
    assert!(given_up.contains(",1,3,true,"), "{given_up}");
    let page = read(&folder, "README.md");
    assert!(!page.contains("NaN"), "{page}");
    assert!(!stdout(&quick("readings", folder.path(), &["--seeds", "1"])).contains("training 1"));

    // One that diverged at once has neither errors nor rates.
    let_diverge(&folder, "readings/j-5-full/seed-1", 0);
    let text = stdout(&quick("readings", folder.path(), &["--seeds", "1"]));
    let left_out = "Left out of all means, 1: `readings/j-5-full/seed-1` diverged in pass 1 (c3.weight).";
    assert!(text.contains(left_out) && !text.contains("training 1"), "{text}");
    let page = read(&folder, "README.md");
    assert!(page.contains(left_out) && page.contains("| j=5, full | - | - | - | - | 1 of 1 |"), "{page}");
    assert!(!page.contains("NaN") && !page.contains("inf"), "{page}");
}

/// A table of another program, or a broken one, is not averaged as if nothing had been measured.
#[test]
fn a_cell_without_its_test_errors_is_an_error_by_name() {
    let folder = done("fig5", &["--seeds", "1"]);
    let path = folder.path().join("runs/paper/seed-1/metrics.csv");
    let text = fs::read_to_string(&path).unwrap().replace("test_", "moo_");
    fs::write(&path, text).unwrap();
    let error = stderr(&quick("fig5", folder.path(), &["--seeds", "1"]));
    assert!(error.contains("metrics.csv") && error.contains("pass 1: expected test_loss"), "{error}");
}

/// Makes the run of a cell one that diverged after this many passes.
fn let_diverge(folder: &TempDir, cell: &str, passes: usize) {
    let run = folder.path().join("runs").join(cell);
    let metrics = fs::read_to_string(run.join("metrics.csv")).unwrap();
    let kept: Vec<&str> = metrics.lines().take(1 + passes).collect();
    fs::write(run.join("metrics.csv"), kept.join("\n") + "\n").unwrap();
    if passes == 0 {
        for name in ["metrics.csv", "rates.csv", "model.safetensors"] {
            fs::remove_file(run.join(name)).unwrap();
        }
    }
    let not_finite = NotFinite::Tensor("c3.weight".into());
    let divergence = Divergence {
        pass: passes + 1,
        not_finite,
        assignment: "eta_factor=0.1".into(),
        advice: "smaller steps".into(),
    };
    let verdict = toml::to_string(&Verdict::Diverged(divergence)).unwrap();
    fs::write(run.join("verdict.toml"), verdict).unwrap();
}

#[test]
fn a_cell_that_diverged_is_left_out_of_the_means_and_that_is_said() {
    let folder = done("fig5", &[]);
    let metrics = read(&folder, "runs/paper/seed-2/metrics.csv");
    let_diverge(&folder, "paper/seed-2", 1);
    let left_out = "Left out of all means, 1: `paper/seed-2` diverged in pass 2 (c3.weight).";
    let seeds = |name: &str| {
        let rows = read(&folder, name);
        let rows = rows.lines().filter(|row| !row.starts_with('#')).skip(1);
        rows.map(|row| row.split(',').next().unwrap().to_string()).collect::<std::collections::BTreeSet<String>>()
    };
    for experiment in ["fig5", "rates"] {
        let text = stdout(&quick(experiment, folder.path(), &[]));
        assert!(text.contains(left_out) && !text.contains("training 1"), "{text}");
        assert!(read(&folder, &format!("{experiment}/left_out.csv")).contains("paper/seed-2,diverged in pass 2"));
    }
    assert_eq!((seeds("fig5/seeds.csv"), seeds("rates/rates.csv")), (["1".into()].into(), ["1".into()].into()));
    let page = read(&folder, "README.md");
    assert_eq!(page.matches(left_out).count(), 2, "{page}");
    assert!(page.contains("(mean of 1 seed) [left out of this experiment: 1]") && !page.contains("NaN"), "{page}");

    // A run of an older program that always gave one answer says nothing of itself.
    fs::remove_file(folder.path().join("runs/paper/seed-2/verdict.toml")).unwrap();
    let mut rows = metrics.lines();
    let header = rows.next().unwrap();
    let column = header.split(',').position(|name| name == "test_errors").unwrap();
    let at_chance = rows.map(|row| {
        let mut fields: Vec<&str> = row.split(',').collect();
        fields[column] = "330";
        fields.join(",")
    });
    let text = std::iter::once(header.to_string()).chain(at_chance).collect::<Vec<_>>().join("\n");
    fs::write(folder.path().join("runs/paper/seed-2/metrics.csv"), text).unwrap();
    let text = stdout(&quick("fig5", folder.path(), &[]));
    assert!(text.contains("`paper/seed-2` was no better than chance in its last 3 passes"), "{text}");

    // Nothing is left out any more, or everything.
    fs::write(folder.path().join("runs/paper/seed-2/metrics.csv"), metrics).unwrap();
    assert!(!stdout(&quick("fig5", folder.path(), &[])).contains("Left out"));
    assert!(!folder.path().join("fig5/left_out.csv").exists());
    for cell in ["paper/seed-1", "paper/seed-2"] {
        let_diverge(&folder, cell, 0);
    }
    let error = stderr(&quick("fig5", folder.path(), &[]));
    assert!(error.contains("none of 2 networks has a result: paper/seed-1 diverged in pass 1 (c3.weight)"), "{error}");
}

#[test]
fn the_ladder_counts_what_diverged_and_pairs_the_others() {
    let folder = done("ladder", &["--seeds", "1-2"]);
    let_diverge(&folder, "ladder/2-max/seed-1", 0);
    let text = stdout(&quick("ladder", folder.path(), &["--seeds", "1-2"]));
    assert!(text.contains("Left out of all means, 1: `ladder/2-max/seed-1` diverged in pass 1 (c3.weight)."), "{text}");
    let row = |name: &str, start: &str| {
        let text = read(&folder, name);
        text.lines().find(|row| row.starts_with(start)).map(String::from).unwrap_or_else(|| panic!("{text}"))
    };
    assert_eq!(row("ladder/seeds.csv", "ladder/2-max,1,"), "ladder/2-max,1,0,true,,,,,,,,");
    assert!(row("ladder/summary.csv", "ladder/2-max,").contains(",2,1,"), "two seeds, of which one diverged");
    let pairs = read(&folder, "ladder/pairs.csv");
    let pairs = pairs.lines().filter(|row| row.starts_with("ladder/1-relu,ladder/2-max,"));
    assert_eq!(pairs.count(), 1, "the seed that has both");
    assert!(!read(&folder, "README.md").contains("NaN"));
}

#[test]
fn shards_share_the_cells_out() {
    let folder = TempDir::new().unwrap();
    let cells = || -> Vec<String> {
        let runs = fs::read_dir(folder.path().join("runs/paper")).unwrap();
        let mut names: Vec<String> = runs.map(|run| run.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    stdout(&quick("fig5", folder.path(), &["--shard", "2/2"]));
    assert_eq!(cells(), ["seed-2"]);
    assert!(!folder.path().join("fig5").exists(), "a shard has nothing to sum up");
    stdout(&quick("fig5", folder.path(), &["--shard", "1/2"]));
    assert_eq!(cells(), ["seed-1", "seed-2"]);
    assert!(stdout(&quick("fig5", folder.path(), &["--dry-run"])).contains("2 cells, 0 s of one core"));
    for wrong in ["0/2", "3/2", "2", "a/b", "1/0"] {
        assert!(stderr(&quick("fig5", folder.path(), &["--shard", wrong])).contains("expected I/N"), "{wrong}");
    }
}

/// As after shards that died: what is missing is named, and nothing is written.
#[test]
fn summarise_trains_nothing_and_says_what_is_missing() {
    let (whole, parts) = (done("fig5", &[]), TempDir::new().unwrap());
    let summarise = |out: &TempDir| {
        let out = out.path().to_str().unwrap();
        reproduce(&["summarise", "fig5", "--quick", "--dataset", "digits", "--out", out])
    };
    let nothing = stderr(&summarise(&parts));
    assert!(nothing.contains("expected 2 cells, all finished, found 0; these are missing:"), "{nothing}");
    assert!(nothing.contains("\n  paper/seed-1: 0 of 5 passes\n  paper/seed-2: 0 of 5 passes"), "{nothing}");
    stdout(&quick("fig5", parts.path(), &["--shard", "1/2"]));
    let run = partial(&whole, &parts, "paper/seed-2", 3);
    let busy = stderr(&summarise(&parts));
    assert!(
        busy.contains("found 1;") && busy.contains("paper/seed-2: 3 of 5 passes, a process is training it"),
        "{busy}"
    );
    drop(run);
    assert!(!stderr(&summarise(&parts)).contains("a process is"), "the lock is that of a process, not of a file");
    assert!(!parts.path().join("fig5").exists() && !parts.path().join("README.md").exists());
    assert_eq!(rows(&parts, "paper/seed-2").len(), 1 + 3);
    // That run was trained by this test, which is another program.
    fs::remove_dir_all(parts.path().join("runs/paper/seed-2")).unwrap();
    stdout(&quick("fig5", parts.path(), &["--shard", "2/2"]));
    stdout(&summarise(&parts));
    for name in ["README.md", "fig5/seeds.csv", "fig5/summary.csv", "fig5/fig5.svg"] {
        assert_eq!(read(&parts, name), read(&whole, name), "{name}");
    }
    // Cells of other settings are no cells of this experiment.
    let other =
        read(&parts, "runs/paper/seed-1/config.toml").replace("training_patterns = 480", "training_patterns = 479");
    fs::write(parts.path().join("runs/paper/seed-1/config.toml"), other).unwrap();
    assert!(stderr(&summarise(&parts)).contains("`training_patterns` is 479 and not 480"));
}

#[test]
fn a_dry_run_lists_what_there_is_to_do_and_does_nothing() {
    let folder = TempDir::new().unwrap();
    let text = stdout(&quick("readings", folder.path(), &["--dry-run", "--jobs", "2"]));
    assert!(text.contains("0 of 5") && text.contains("readings/2.4-F-0.25-eta-x-1/seed-1"), "{text}");
    assert!(text.contains("80 cells"), "{text}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn results_say_which_command_and_commit_made_them() {
    let folder = done("fig5", &["--seeds", "3-4"]);
    for file in ["fig5/seeds.csv", "fig5/summary.csv", "fig5/fig5.svg", "README.md"] {
        let text = read(&folder, file);
        assert!(
            text.contains(
                "command: cargo run --release --bin lenet5-reproduce -- fig5 --seeds 3-4 --quick --dataset digits"
            ),
            "{file}"
        );
        assert!(text.contains("commit: ") && text.contains("networks trained at: "), "{file}");
    }
    let rows =
        read(&folder, "fig5/seeds.csv").lines().filter(|line| line.starts_with('3') || line.starts_with('4')).count();
    assert_eq!(rows, 2 * 5, "a row for each seed and pass");
}

#[test]
fn figures_and_the_page_are_made_again_from_the_csv_files_alone() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().to_str().unwrap();
    stdout(&quick("fig6", folder.path(), &["--seeds", "1"]));
    let (figure, page) = (read(&folder, "fig6/fig6.svg"), read(&folder, "README.md"));
    fs::remove_dir_all(folder.path().join("runs")).unwrap();
    for file in ["fig6/fig6.svg", "README.md"] {
        fs::remove_file(folder.path().join(file)).unwrap();
    }
    stdout(&reproduce(&["plot", "fig6", "--out", out]));
    stdout(&reproduce(&["page", "--out", out]));
    assert_eq!((read(&folder, "fig6/fig6.svg"), read(&folder, "README.md")), (figure, page));
    assert!(stderr(&reproduce(&["plot", "fig5", "--out", out])).contains("run the experiment first"));
}

#[test]
fn a_cell_with_other_settings_is_not_taken_for_this_one() {
    let folder = done("fig5", &["--seeds", "1"]);
    let page = read(&folder, "README.md");
    assert!(page.contains("(one seed)") && !page.contains("NaN"), "one seed has no interval: {page}");
    let config = folder.path().join("runs/paper/seed-1/config.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("j = 1.5", "j = 3.0")).unwrap();
    let error = stderr(&quick("fig5", folder.path(), &["--seeds", "1"]));
    assert!(error.contains("`j` is 3.0 and not 1.5"), "{error}");
}

#[test]
fn a_wrong_name_is_a_clear_error() {
    for words in [&["fig33"][..], &["plot", "fig33"]] {
        let error = stderr(&reproduce(words));
        assert!(error.contains("'fig33'") && error.contains("similar") && error.contains("'fig13'"), "{error}");
    }
}

/// Whoever has set RUST_BACKTRACE for programs of their own mistypes a name here, too.
#[test]
fn a_wrong_name_has_no_backtrace() {
    let complaint = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lenet5-reproduce"));
        stderr(&command.args(arguments).env("RUST_BACKTRACE", "1").output().unwrap())
    };
    let text = complaint(&["fig5", "--data-dir", "no\u{1b}[2Jwhere"]);
    assert!(text.starts_with("error: ") && text.contains("no\\u001b[2Jwhere"), "{text:?}");
    assert_eq!(text.lines().count(), 1, "{text}");
    let text = complaint(&["fig\u{202e}99"]);
    assert!(text.starts_with("error: unrecognized subcommand") && text.contains("fig\\u202e99"), "{text:?}");
}

/// The network that comes with the program is that of a whole run.
#[test]
fn a_reduced_run_replaces_no_network() {
    let folder = TempDir::new().unwrap();
    let own = folder.path().join("pretrained/lenet5.safetensors");
    fs::create_dir(own.parent().unwrap()).unwrap();
    fs::write(&own, "mine").unwrap();
    stdout(&quick("tuned", folder.path(), &["--seeds", "1"]));
    assert_eq!(fs::read(&own).unwrap(), b"mine");
    // What the text says of a whole run does not stand on the page of a reduced one, nor does what is printed.
    let page = read(&folder, "README.md");
    assert!(page.contains("A reduced run") && !page.contains("60,000") && !page.contains("0.8 %"), "{page}");
}

/// A copy of what `page` reads of the repository: the results, README.md and Cargo.toml. README.md's table is empty.
fn copy_of_the_repository() -> TempDir {
    let (root, folder) = (Path::new(env!("CARGO_MANIFEST_DIR")), TempDir::new().unwrap());
    let results = folder.path().join("results");
    for entry in fs::read_dir(root.join("results")).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() && !is_ignored(&entry.file_name()) {
            let to = results.join(entry.file_name());
            fs::create_dir_all(&to).unwrap();
            for file in fs::read_dir(entry.path()).unwrap().map(Result::unwrap) {
                fs::copy(file.path(), to.join(file.file_name())).unwrap();
            }
        }
    }
    fs::copy(root.join("results/README.md"), results.join("README.md")).unwrap();
    fs::copy(root.join("Cargo.toml"), folder.path().join("Cargo.toml")).unwrap();
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let (before, rest) = readme.split_once("results/: begin -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- generated: end").unwrap();
    let empty = format!("{before}results/: begin -->\n<!-- generated: end{after}");
    fs::write(folder.path().join("README.md"), empty).unwrap();
    folder
}

/// Runs, and what stands beside the repository's results for a while.
fn is_ignored(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name == "runs" || name == "quick" || name.starts_with("seeds-")
}

/// The table in README.md is that of the results in this commit.
#[test]
fn the_table_in_the_readme_is_generated_from_the_results() {
    let (root, folder) = (Path::new(env!("CARGO_MANIFEST_DIR")), copy_of_the_repository());
    stdout(&reproduce(&["page", "--out", folder.path().join("results").to_str().unwrap()]));
    let same = |name: &str| assert_eq!(read(&folder, name), fs::read_to_string(root.join(name)).unwrap(), "{name}");
    same("README.md");
    same("results/README.md");
}

/// Only the repository's own results, all of them and whole, are in its README.md, and no page loses what is on it.
#[test]
fn partial_results_take_the_place_of_nothing() {
    let folder = copy_of_the_repository();
    let path = |name: &str| folder.path().join(name);
    let results = path("results");
    let out = results.to_str().unwrap();
    let kept = ["README.md", "results/README.md", "results/fig5/seeds.csv", "results/fig5/summary.csv"];
    let before = kept.map(|name| read(&folder, name));
    let is_kept = || assert!(kept.map(|name| read(&folder, name)) == before);

    stdout(&quick("fig5", &path("mine-quick"), &["--seeds", "1"]));
    assert!(path("mine-quick/README.md").is_file());
    is_kept();
    for more in [&["--seeds", "1"][..], &[]] {
        let error = stderr(&quick("fig5", &results, more));
        assert!(error.contains("are of all seeds on all patterns and are not replaced"), "{error}");
    }
    assert!(!path("results/runs").exists(), "refused before anything is trained");
    is_kept();

    // An experiment is not there any more: the page keeps it, and README.md the table of all.
    fs::rename(path("results/fig6"), path("fig6")).unwrap();
    let error = stderr(&reproduce(&["page", "--out", out]));
    assert!(error.contains("this page has results of fig6, which are not in the folder any more"), "{error}");
    is_kept();
    fs::rename(path("results/README.md"), path("old.md")).unwrap();
    let text = stdout(&reproduce(&["page", "--out", out]));
    assert!(text.contains("README.md is left as it is: not all experiments are here"), "{text}");
    assert!(!read(&folder, "results/README.md").contains("## fig6") && read(&folder, "README.md") == before[0]);

    // All are there, one of them quick.
    fs::rename(path("fig6"), path("results/fig6")).unwrap();
    let quick_one = before[2].replace("-- fig5\n", "-- fig5 --quick\n");
    assert_ne!(quick_one, before[2]);
    fs::write(path("results/fig5/seeds.csv"), quick_one).unwrap();
    stdout(&reproduce(&["page", "--out", out]));
    assert_eq!(read(&folder, "README.md"), before[0]);
}

#[test]
fn files_of_others_are_not_overwritten() {
    for (file, message) in [
        ("README.md", "expected a page of results or nothing, found another text"),
        ("fig5/seeds.csv", "expected a table of `lenet5-reproduce` or nothing, found another file"),
    ] {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("fig5")).unwrap();
        fs::write(folder.path().join(file), "years of work\n").unwrap();
        let error = stderr(&quick("fig5", folder.path(), &["--seeds", "1"]));
        assert!(error.contains(message) && error.contains("--out"), "{error}");
        assert_eq!(read(&folder, file), "years of work\n");
        assert!(!folder.path().join("runs").exists(), "refused before anything is trained");
    }
}

/// The page of a folder from the time when the program was called otherwise is written again.
#[test]
fn a_page_by_the_programs_earlier_name_is_its_own() {
    let folder = TempDir::new().unwrap();
    let page = folder.path().join("README.md");
    fs::write(&page, "# Results\n\nGenerated by `reproduce page` from the CSV files below; and so on\n").unwrap();
    stdout(&quick("example", folder.path(), &["--seeds", "1"]));
    assert!(read(&folder, "README.md").starts_with("# Results\n\nGenerated by `lenet5-reproduce page` from"));
}

#[test]
fn the_help_lists_the_experiments_and_each_has_its_own() {
    let (help, list) = (stdout(&reproduce(&["--help"])), stdout(&reproduce(&["list"])));
    assert_eq!(list.lines().count(), 25);
    for line in list.lines() {
        let (name, about) = line.split_once(' ').unwrap();
        assert!(
            help.lines().any(|line| line.trim_start().starts_with(name) && line.contains(about.trim())),
            "{name}: {help}"
        );
    }
    let text = stdout(&reproduce(&["fig5", "--help"]));
    assert!(text.contains("Usage: lenet5-reproduce fig5 [OPTIONS]") && text.contains("--seeds <SEEDS>"), "{text}");
}

/// The example of how to add an experiment, whole: its networks are trained, summarised and drawn.
#[test]
fn the_example_runs() {
    let folder = TempDir::new().unwrap();
    let text = stdout(&quick("example", folder.path(), &[]));
    let findings: Vec<&str> = text.lines().filter(|line| line.starts_with("  test error after one pass, ")).collect();
    assert_eq!(findings.len(), 4, "two losses, two seeds: {text}");
    assert!(findings[0].contains("example/eq8, seed 1: "), "{text}");
    assert!(folder.path().join("example/example.svg").exists());
}
