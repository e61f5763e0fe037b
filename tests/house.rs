//! The architecture of `src/`: which wing may use which, and that no files import each other in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each wing with those that it may use directly, and through them whatever they may use. All may use the [`GROUND`].
const WINGS: [(&str, &[&str]); 14] = [
    ("paper", &[]),
    ("kernels", &["paper"]),
    ("network", &["kernels"]),
    ("data", &["network"]),
    ("config", &["data"]),
    ("evaluation", &["data"]),
    ("models", &["config"]),
    ("training", &["models", "evaluation"]),
    ("runs", &["training"]),
    ("picture", &["data"]),
    ("applications", &["runs", "picture"]),
    ("drawing", &["applications"]),
    ("page", &["applications"]),
    ("app", &["drawing", "page"]),
];

/// The wings that are packages of their own.
const PACKAGES: [&str; 2] = ["paper", "kernels"];

/// Files that stand beside the wings and use none of them.
const GROUND: [&str; 4] = ["clock", "files", "random", "words"];

/// A file's path below `src/` without its ending, such as `network/layers/squash`; `network` for `network/mod.rs`.
type Module = Vec<String>;

/// The source files, each with its code without comments.
struct House {
    files: BTreeMap<Module, String>,
}

impl House {
    fn read(folder: &Path) -> Self {
        let mut house = Self { files: BTreeMap::new() };
        house.add(folder, &[]);
        house
    }

    fn add(&mut self, folder: &Path, module: &[String]) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let inner = [module, std::slice::from_ref(&name)].concat();
            if path.is_dir() {
                self.add(&path, &inner);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let is_front = name == "mod" || name == "lib" && !module.is_empty();
                let own = if is_front { module.to_vec() } else { inner };
                self.files.insert(own, code(&fs::read_to_string(path).unwrap()));
            }
        }
    }

    /// The file that a path leads to, and what is left of the path: names in that file.
    fn resolve<'a>(&self, path: &'a [String]) -> Option<(Module, &'a [String])> {
        let length = (1..=path.len()).rev().find(|&length| self.files.contains_key(&path[..length]))?;
        Some((path[..length].to_vec(), &path[length..]))
    }

    /// Every import: the file that has it, and the file that it leads to. What a file hands on (`pub use`) is imported by those who
    /// take it.
    fn imports(&self) -> BTreeSet<(Module, Module)> {
        let mut handed_on = BTreeMap::new();
        for (file, code) in &self.files {
            for path in uses(file, code, true) {
                if let (Some(name), Some((target, _))) = (path.last(), self.resolve(&path)) {
                    handed_on.insert((file.clone(), name.clone()), target);
                }
            }
        }
        let mut imports = BTreeSet::new();
        for (file, code) in &self.files {
            for path in uses(file, code, false) {
                let Some((mut target, rest)) = self.resolve(&path) else { continue };
                while let Some(next) = rest.first().and_then(|name| handed_on.get(&(target.clone(), name.clone()))) {
                    target.clone_from(next);
                }
                if &target != file {
                    imports.insert((file.clone(), target));
                }
            }
        }
        imports
    }
}

/// The code without comments, and without the unit tests at its end, which may use any wing. A path in a text counts as an import.
fn code(source: &str) -> String {
    let code = source.split("\nmod tests {").next().unwrap();
    code.lines().map(|line| line.split("//").next().unwrap().to_string() + "\n").collect()
}

/// The paths, from the root of `src/`, that the code of a file names: those that it hands on, or all others.
fn uses(file: &Module, code: &str, handed_on: bool) -> Vec<Module> {
    let mut paths = Vec::new();
    let children: Vec<&str> = code
        .match_indices("mod ")
        .filter_map(|(at, _)| code[at + 4..].split_once(';').map(|(name, _)| name))
        .filter(|name| name.chars().all(|letter| letter.is_alphanumeric() || letter == '_'))
        .collect();
    let mut at = 0;
    while let Some(length) = code[at..].find("::") {
        let start = code[..at + length].rfind(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
        let start = start.map_or(0, |before| before + 1);
        let (first, is_path_start) = (&code[start..at + length], !code[..start].ends_with("::"));
        let root = match first {
            "crate" if PACKAGES.contains(&file[0].as_str()) => Some(file[..1].to_vec()),
            "crate" => Some(Vec::new()),
            "lenet5_paper" => Some(vec!["paper".into()]),
            "lenet5" if file[0] == "app" => Some(Vec::new()),
            "self" => Some(file.clone()),
            "super" => Some(file[..file.len().saturating_sub(1)].to_vec()),
            child if children.contains(&child) => Some([&file[..], &[child.to_string()]].concat()),
            _ => None,
        };
        at += length + 2;
        let Some(root) = root.filter(|_| is_path_start) else { continue };
        let line = code[..start].rsplit(['\n', ';', '}']).next().unwrap().trim_start();
        if (line.starts_with("pub use") || line.starts_with("pub(crate) use")) == handed_on {
            spread(root, &code[at..], &mut paths);
        }
    }
    paths
}

/// Adds the paths of `a::{b, c::d}` that go on from `root`, and returns how much of the text they are.
fn spread(mut root: Module, text: &str, paths: &mut Vec<Module>) -> usize {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        if rest.starts_with('{') {
            at += 1;
            while !text[at..].starts_with('}') {
                let skipped = text[at..].find(|letter: char| !letter.is_whitespace() && letter != ',').unwrap();
                at += skipped;
                if !text[at..].starts_with('}') {
                    at += spread(root.clone(), &text[at..], paths).max(1);
                }
            }
            return at + 1;
        }
        let end = rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(rest.len());
        match &rest[..end] {
            "super" => {
                root.pop();
            }
            "self" | "" => {}
            name => root.push(name.into()),
        }
        at += end;
        if !text[at..].starts_with("::") {
            paths.push(root);
            return at;
        }
        at += 2;
    }
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The wings that a wing may use, its own among them.
fn allowed(wing: &str) -> BTreeSet<&'static str> {
    let mut allowed = BTreeSet::from(GROUND);
    let mut open: Vec<&str> = vec![wing];
    while let Some(next) = open.pop() {
        let (name, used) = WINGS.iter().find(|(name, _)| *name == next).unwrap_or_else(|| panic!("{next} is no wing"));
        allowed.insert(name);
        open.extend(*used);
    }
    allowed
}

/// The imports that the table of the wings does not allow.
fn upward(imports: &BTreeSet<(Module, Module)>) -> Vec<String> {
    let is_wrong = |(from, to): &&(Module, Module)| match from[0].as_str() {
        "lib" | "main" => false,
        ground if GROUND.contains(&ground) => from[0] != to[0],
        wing => !allowed(wing).contains(to[0].as_str()),
    };
    imports.iter().filter(is_wrong).map(|(from, to)| format!("{} -> {}", from.join("/"), to.join("/"))).collect()
}

/// The imports that lie on a circle: those whose file is reached again from what it imports.
fn circles(imports: &BTreeSet<(Module, Module)>) -> Vec<String> {
    let returns = |(from, to): &&(Module, Module)| {
        let (mut seen, mut open) = (BTreeSet::from([to]), vec![to]);
        while let Some(file) = open.pop() {
            open.extend(
                imports.iter().filter(|(one, other)| one == file && seen.insert(other)).map(|(_, other)| other),
            );
        }
        seen.contains(from)
    };
    imports.iter().filter(returns).map(|(from, to)| format!("{} -> {}", from.join("/"), to.join("/"))).collect()
}

#[test]
fn no_import_runs_up() {
    let house = House::read(&source());
    assert_eq!(upward(&house.imports()), Vec::<String>::new());
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let house = House::read(&source());
    assert_eq!(circles(&house.imports()), Vec::<String>::new());
}

#[test]
fn every_entry_of_the_folder_is_a_wing_or_on_the_ground() {
    let mut known: BTreeSet<&str> = WINGS.iter().map(|(wing, _)| *wing).chain(GROUND).collect();
    known.extend(["lib", "main"]);
    for entry in fs::read_dir(source()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(known.contains(name.as_str()), "{}", path.display());
    }
}

/// A house of two files that import each other, one of them upwards.
#[test]
fn forbidden_imports_are_found() {
    let file = |path: &str| -> Module { path.split('/').map(String::from).collect() };
    let mut house = House { files: BTreeMap::new() };
    house.files.insert(file("network"), code("pub mod maps;\npub use maps::Maps;\n"));
    house.files.insert(file("network/maps"), code("use crate::data::{Images, encoder::Encoder};\n"));
    house.files.insert(file("data"), code("// use crate::app;\n"));
    house.files.insert(file("data/encoder"), code("use super::Images;\nfn f() -> crate::network::Maps {}\n"));
    house.files.insert(file("app"), String::new());
    let imports = house.imports();
    assert_eq!(upward(&imports), ["network/maps -> data", "network/maps -> data/encoder"]);
    assert_eq!(circles(&imports), ["data/encoder -> network/maps", "network/maps -> data/encoder"]);
}
