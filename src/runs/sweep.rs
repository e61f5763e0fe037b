//! Sweeps: lists of values for settings, and the product of these lists.
//!
//! A list is a value of several parts, such as `mu=0.01,0.02`. Commas within brackets, braces or quotation marks are part of a value:
//! `schedule=[{passes=2,eta=0.001}]` is one value, `input_mean=[0.1],[0.2]` two, and `alphabet='0123456789,'` one.

use std::path::{Path, PathBuf};

use crate::config::{ConfigError, Settings};
use crate::models::builder::Builder;
use crate::runs::folder::RunError;

/// The most networks of a sweep, without their seeds.
const MOST: usize = 2000;

/// The longest name of a folder.
const LONGEST: usize = 120;

/// A setting with the values that it takes in turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// The setting.
    pub key: String,
    /// Its values as they were written, two at least.
    pub values: Vec<String>,
}

/// One network of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    /// Its name, such as `mu=0.01,j=2`, which is also that of its folder.
    pub name: String,
    /// The value of each axis, as it was written.
    pub values: Vec<String>,
    /// Its settings.
    pub settings: Settings,
}

impl Axis {
    /// The list in an assignment `key=a,b,c`; `None` where it has one value.
    ///
    /// ```
    /// use lenet5::runs::sweep::Axis;
    /// assert_eq!(Axis::of("mu=0.01, 0.02").unwrap().values, ["0.01", "0.02"]);
    /// assert_eq!(Axis::of("schedule=[{passes=2,eta=0.1},{passes=1,eta=0.01}]"), None);
    /// assert_eq!(Axis::of("input_mean=[0.1,0.2,0.3],[]").unwrap().values.len(), 2);
    /// assert_eq!(Axis::of("alphabet='0123456,89'"), None);
    /// ```
    pub fn of(assignment: &str) -> Option<Self> {
        let (key, list) = assignment.split_once('=')?;
        let values = parts(list);
        (values.len() > 1).then(|| Self { key: key.trim().into(), values })
    }
}

/// The parts between commas that are outside of brackets, braces and quotation marks.
fn parts(list: &str) -> Vec<String> {
    let (mut parts, mut depth, mut quote, mut escaped) = (vec![String::new()], 0_usize, None, false);
    for letter in list.chars() {
        match (quote, letter) {
            (None, ',') if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            (None, '"' | '\'') => quote = Some(letter),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth = depth.saturating_sub(1),
            // In a text of TOML in double quotation marks, a backslash takes the next letter for itself.
            (Some('"'), '\\') => {
                escaped = !escaped;
                parts.last_mut().expect("one at least").push(letter);
                continue;
            }
            (Some(open), letter) if letter == open && !escaped => quote = None,
            _ => {}
        }
        escaped = false;
        parts.last_mut().expect("one at least").push(letter);
    }
    parts.into_iter().map(|part| part.trim().to_string()).collect()
}

/// The lists among these assignments, and the other assignments. Of two for one setting, the later one counts.
pub fn axes(assignments: &[String]) -> (Vec<Axis>, Vec<String>) {
    let (mut axes, mut others): (Vec<Axis>, Vec<String>) = (Vec::new(), Vec::new());
    for assignment in assignments {
        let key = assignment.split_once('=').map_or("", |(key, _)| key.trim());
        axes.retain(|axis| axis.key != key);
        match Axis::of(assignment) {
            Some(axis) => axes.push(axis),
            None => others.push(assignment.clone()),
        }
    }
    (axes, others)
}

/// Every combination of the values of the axes, the last axis fastest. `build` makes the settings of the assignments `key=value`.
///
/// # Errors
/// If `build` refuses one, two are the same network, `seed` is an axis, or there are more than 2,000.
pub fn product(
    axes: &[Axis],
    build: impl Fn(&[String]) -> Result<Settings, ConfigError>,
) -> Result<Vec<Arm>, ConfigError> {
    let written = |axis: &Axis| format!("--set {}={}", axis.key, axis.values.join(","));
    let refused = |place: String, problem: String| ConfigError::Syntax { place, problem };
    if let Some(seed) = axes.iter().find(|axis| axis.key == "seed") {
        return Err(refused(written(seed), "expected settings but the seed, whose values are given by --seeds".into()));
    }
    let count = axes.iter().try_fold(1_usize, |count, axis| count.checked_mul(axis.values.len()));
    if count.is_none_or(|count| count > MOST) {
        let lists = axes.iter().map(written).collect::<Vec<_>>().join(" ");
        return Err(refused(lists, format!("expected at most {MOST} combinations of values, found more")));
    }
    let mut combinations: Vec<Vec<String>> = vec![Vec::new()];
    for axis in axes {
        let extend = |values: &Vec<String>| -> Vec<Vec<String>> {
            axis.values.iter().map(|value| [&values[..], std::slice::from_ref(value)].concat()).collect()
        };
        combinations = combinations.iter().flat_map(extend).collect();
    }
    let mut arms: Vec<Arm> = Vec::new();
    for values in combinations {
        let assignments: Vec<String> =
            axes.iter().zip(&values).map(|(axis, value)| format!("{}={value}", axis.key)).collect();
        let settings = build(&assignments)?;
        if let Some(same) = arms.iter().find(|arm| arm.settings == settings) {
            let problem = format!("expected different networks, found that this is the one of {}", same.name);
            return Err(refused(format!("--set {}", assignments.join(" --set ")), problem));
        }
        arms.push(Arm { name: free_name(&assignments, &arms), values, settings });
    }
    Ok(arms)
}

/// The combination as the name of a folder that no arm has yet.
fn free_name(assignments: &[String], arms: &[Arm]) -> String {
    let plain = |assignment: &String| {
        let kept = |letter: char| if letter.is_alphanumeric() || "._-+=".contains(letter) { letter } else { ' ' };
        let words: String = assignment.chars().map(kept).collect();
        words.split_whitespace().collect::<Vec<_>>().join("_")
    };
    let name = assignments.iter().map(plain).collect::<Vec<_>>().join(",");
    let short: String = name.chars().take(LONGEST).collect();
    let numbered = (2..).map(|number| format!("{short}-{number}"));
    let mut names = std::iter::once(short.clone()).chain(numbered);
    names.find(|name| arms.iter().all(|arm| arm.name != *name)).expect("there is always a next number")
}

/// The folder of an arm below `parent`: a folder with the runs of several seeds.
pub fn folder(parent: &Path, arm: &Arm) -> PathBuf {
    parent.join(&arm.name)
}

/// Checks that `parent` is missing, empty, or holds arms of this sweep, whatever else stands beside them.
///
/// # Errors
/// [`RunError::Occupied`] if it holds something else; or if it cannot be read.
pub fn check_parent(parent: &Path, arms: &[Arm]) -> Result<(), RunError> {
    let names = super::seeds::names(parent)?;
    let occupied = |what| Err(RunError::Occupied { folder: parent.into(), what });
    if names.iter().any(|name| name == "config.toml") {
        return occupied("a single run");
    }
    if names.is_empty() || names.iter().any(|name| arms.iter().any(|arm| arm.name == *name)) {
        return Ok(());
    }
    occupied(if names.iter().any(|name| name.starts_with("seed-")) { "runs of seeds" } else { "files" })
}

/// The settings of the assignments over those of `builder`.
///
/// # Errors
/// As [`Builder::assignment`] and [`Builder::build`].
pub fn assigned(builder: &Builder, assignments: &[String]) -> Result<Settings, ConfigError> {
    let mut builder = builder.clone();
    assignments.iter().try_for_each(|assignment| builder.assignment(assignment))?;
    builder.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arms(assignments: &[&str]) -> Result<Vec<Arm>, ConfigError> {
        let (axes, others) = axes(&assignments.iter().map(|text| text.to_string()).collect::<Vec<_>>());
        let mut builder = Builder::default();
        others.iter().try_for_each(|other| builder.assignment(other))?;
        product(&axes, |assignments| assigned(&builder, assignments))
    }

    #[test]
    fn lists_make_their_product() {
        let found = arms(&["j=9", "mu=0.01,0.02", "training_patterns=500", "j=1,2,3"]).unwrap();
        let names: Vec<&str> = found.iter().map(|arm| arm.name.as_str()).collect();
        assert_eq!(names[..4], ["mu=0.01,j=1", "mu=0.01,j=2", "mu=0.01,j=3", "mu=0.02,j=1"]);
        assert_eq!((found.len(), found[5].settings.mu, found[5].settings.j), (6, 0.02, 3.0));
        assert!(found.iter().all(|arm| arm.settings.training_patterns == 500));
        assert_eq!(arms(&["mu=0.01,0.02", "mu=0.5"]).unwrap().len(), 1, "the later one counts");
    }

    #[test]
    fn values_that_are_lists_stay_whole() {
        let found = arms(&["schedule=[{passes=2,eta=0.001}],[{passes=2,eta=0.001},{passes=1,eta=0.0001}]"]).unwrap();
        assert_eq!((found[0].settings.schedule.len(), found[1].settings.schedule.len()), (1, 2));
        assert_eq!(found[0].name, "schedule=_passes=2_eta=0.001");
        assert_eq!(parts(r#""a\",b",'c,\',d"#), [r#""a\",b""#, r"'c,\'", "d"]);
        assert_eq!(parts("a,,b"), ["a", "", "b"]);
    }

    #[test]
    fn what_is_no_sweep_is_refused_by_name() {
        for (assignments, message) in [
            (&["seed=1,2"][..], "by --seeds"),
            (&["mu=0.01,wide"], "setting `mu`: expected a number"),
            (&["mu=0.01,0.010"], "found that this is the one of mu=0.01"),
            (&["mu=0.01,"], "setting `mu`"),
            (&["mue=1,2"], "unknown setting `mue`"),
            (&["mu=0.01,-1"], "setting `mu`: -1 is not acceptable"),
        ] {
            let error = arms(assignments).unwrap_err().to_string();
            assert!(error.contains(message), "{assignments:?}: {error}");
        }
        let many = format!("mu={}", (1..60).map(|n| format!("0.{n:03}")).collect::<Vec<_>>().join(","));
        let error = arms(&[&many, &many.replace("mu", "j")]).unwrap_err().to_string();
        assert!(error.contains("at most 2000"), "{error}");
    }

    #[test]
    fn names_are_those_of_folders_and_different() {
        let found = arms(&["alphabet='0123456789','012345678/'"]).unwrap();
        assert_eq!([found[0].name.as_str(), &found[1].name], ["alphabet=_0123456789", "alphabet=_012345678"]);
        let found = arms(&["alphabet='012345678/','012345678*'"]).unwrap();
        assert_eq!([found[0].name.as_str(), &found[1].name], ["alphabet=_012345678", "alphabet=_012345678-2"]);
    }
}
