//! The contents of a folder that lacks the expected files, for messages.

use std::path::Path;

/// A description of a folder that lacks files: `missing`, and the files that are there.
pub(super) fn found_in(dir: &Path, missing: String) -> String {
    const FEW: usize = 4;
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(_) if dir.is_file() => return "a file and no folder".into(),
        Err(error) => return format!("no folder that can be read ({error})"),
    };
    let names = entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()));
    let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
    if names.is_empty() {
        return format!("{missing}: the folder is empty");
    }
    names.sort();
    let is_other_form = |name: &&String| OTHER_FORMS.iter().any(|ending| name.ends_with(ending));
    let other =
        names.iter().find(is_other_form).map(|name| format!(" ({name} is a form of the data that is not read)"));
    let more = if names.len() > FEW { ", ..." } else { "" };
    format!("{missing}, but {}{more}{}", names[..names.len().min(FEW)].join(", "), other.unwrap_or_default())
}

/// Endings of files that have MNIST or CIFAR-10 in another form: Kaggle's tables, the packed arrays of Keras, Hugging
/// Face's tables, archives, and the version of CIFAR-10 for Python.
const OTHER_FORMS: [&str; 8] = [".csv", ".npz", ".npy", ".parquet", ".pkl.gz", ".zip", ".tar.gz", "batches-py"];
