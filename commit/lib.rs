//! The commit of a program's sources, found while the program is compiled, so that it knows it wherever it is run.
//!
//! A build script would do so too, but with each commit Cargo would compile the library and all tests again. A macro concerns the
//! programs alone: they are compiled again when a file changes that they include, and the macro includes those in which git keeps
//! what is checked out.

use std::path::{Path, PathBuf};
use std::process::Command;

use proc_macro::TokenStream;

/// What git is asked about: the files that programs are compiled from. Tests, texts and other results make no other program.
const SOURCES: [&str; 8] = [
    "Cargo.toml",
    "Cargo.lock",
    "src",
    "experiments",
    "commit",
    "python/src",
    "results/pretrained/*.safetensors",
    "results/grid-*/r*.csv",
];

/// The commit of the sources of the package in which it stands, an `Option<&'static str>`: with `-dirty` where one of them differs from
/// it. In a git checkout it is asked of git, in a package that Cargo made it stands in `.cargo_vcs_info.json`. `None` elsewhere, and
/// where git can't be run.
#[proc_macro]
pub fn commit(_: TokenStream) -> TokenStream {
    let folder = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    let (commit, watched) = find(&folder);
    let includes: String = watched.iter().map(|path| format!("const _: &[u8] = include_bytes!({path:?});")).collect();
    format!("{{ {includes} const COMMIT: Option<&str> = {commit:?}; COMMIT }}").parse().expect("Rust")
}

/// The commit of the sources in a package's folder, and the files that change when it does.
fn find(folder: &Path) -> (Option<String>, Vec<PathBuf>) {
    // First: Cargo checks a package in a folder below the checkout that it comes from.
    let packaged = folder.join(".cargo_vcs_info.json");
    if let Ok(text) = std::fs::read_to_string(&packaged) {
        return (of_package(&text), vec![packaged]);
    }
    let Some(folder) = [Some(folder), folder.parent()].into_iter().flatten().find(|root| is_checkout(root, folder))
    else {
        return (None, Vec::new());
    };
    let mut places = vec!["HEAD".to_string(), "logs/HEAD".into(), "packed-refs".into()];
    places.extend(git(folder, &["symbolic-ref", "--quiet", "HEAD"]));
    let paths = places.iter().filter_map(|place| Some(folder.join(git(folder, &["rev-parse", "--git-path", place])?)));
    (of_checkout(folder), paths.filter(|path| path.is_file()).collect())
}

/// True if `root` is a git checkout that has the manifest of the package in `folder`.
fn is_checkout(root: &Path, folder: &Path) -> bool {
    root.join(".git").exists() && git(folder, &["ls-files", "--error-unmatch", "Cargo.toml"]).is_some()
}

/// The commit that is checked out, with `-dirty` where a source that git knows differs from it.
fn of_checkout(folder: &Path) -> Option<String> {
    let head = git(folder, &["rev-parse", "HEAD"])?;
    let status = [&["status", "--porcelain", "--untracked-files=no", "--"][..], &SOURCES].concat();
    Some(head + if git(folder, &status)?.is_empty() { "" } else { "-dirty" })
}

/// The commit in the text of a `.cargo_vcs_info.json`: `{"git": {"sha1": "...", "dirty": true}, "path_in_vcs": ""}`, the second only
/// where files differed from the commit.
fn of_package(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("\"sha1\"")?;
    let commit = rest.split('"').nth(1)?;
    let is_dirty =
        rest.split_once("\"dirty\"").is_some_and(|(_, rest)| rest.trim_start_matches([':', ' ']).starts_with("true"));
    Some(commit.to_string() + if is_dirty { "-dirty" } else { "" })
}

/// What git prints for these arguments in this folder; `None` if it fails.
fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(arguments).env("GIT_OPTIONAL_LOCKS", "0"); // it only asks
    git.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").env_remove("GIT_INDEX_FILE"); // as they are in a hook of git's
    let output = git.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use temp_dir::TempDir;

    /// A checkout with one commit of a source, a test and a text.
    fn checkout() -> TempDir {
        let folder = TempDir::new().unwrap();
        for name in ["Cargo.toml", "python/Cargo.toml", "src/lib.rs", "tests/one.rs", "README.md"] {
            fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
            fs::write(folder.path().join(name), "first").unwrap();
        }
        git(folder.path(), &["init", "--quiet"]).unwrap();
        record(folder.path());
        folder
    }

    fn record(folder: &Path) {
        git(folder, &["add", "."]).unwrap();
        git(folder, &["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "a"]).unwrap();
    }

    #[test]
    fn a_checkout_is_clean_until_a_source_is_changed() {
        let folder = checkout();
        let head = git(folder.path(), &["rev-parse", "HEAD"]).unwrap();
        assert_eq!(head.len(), 40);
        assert_eq!(find(folder.path()).0, Some(head.clone()));
        assert_eq!(find(&folder.path().join("python")), find(folder.path()), "a package of the same checkout");
        fs::write(folder.path().join("tests/one.rs"), "second").unwrap();
        fs::write(folder.path().join("README.md"), "second").unwrap();
        assert_eq!(find(folder.path()).0, Some(head.clone()));
        fs::write(folder.path().join("src/lib.rs"), "second").unwrap();
        assert_eq!(find(folder.path()).0, Some(head + "-dirty"));
    }

    /// Cargo compiles again when a file that was included has changed.
    #[test]
    fn a_commit_changes_a_file_that_is_watched_also_in_a_second_work_tree() {
        let (folder, other) = (checkout(), TempDir::new().unwrap());
        let other = other.path().join("tree");
        git(folder.path(), &["worktree", "add", "--quiet", other.to_str().unwrap()]).unwrap();
        for folder in [folder.path(), &other] {
            let contents = |paths: &[PathBuf]| paths.iter().map(|path| fs::read(path).unwrap()).collect::<Vec<_>>();
            let (first, watched) = find(folder);
            let before = contents(&watched);
            fs::write(folder.join("src/lib.rs"), folder.to_str().unwrap()).unwrap();
            record(folder);
            assert_ne!(contents(&watched), before, "{}", folder.display());
            assert_ne!(find(folder).0, first);
        }
    }

    /// Such as one that was checked below the checkout it comes from.
    #[test]
    fn a_package_says_its_commit_and_a_folder_of_neither_kind_has_none() {
        let folder = checkout();
        let inner = folder.path().join("target/package/lenet5-0.1.0");
        fs::create_dir_all(&inner).unwrap();
        assert_eq!(find(&inner), (None, Vec::new()));
        for (text, commit) in [
            (r#"{"git": {"sha1": "0a1b"}, "path_in_vcs": ""}"#, Some("0a1b")),
            ("{\n  \"git\": {\n    \"sha1\": \"0a1b\",\n    \"dirty\": true\n  }\n}", Some("0a1b-dirty")),
            ("{}", None),
        ] {
            let file = inner.join(".cargo_vcs_info.json");
            fs::write(&file, text).unwrap();
            assert_eq!(find(&inner), (commit.map(String::from), vec![file]));
        }
    }
}
