//! A user's own data: IDX files, arrays of a program, folders of pictures.

#[cfg(feature = "app")]
mod drawn;
#[cfg(feature = "app")]
mod folders;
mod formats;
mod library;
mod made;
#[cfg(feature = "app")]
mod sets;

/// The example for users, which must run.
#[path = "../../../examples/own_images.rs"]
#[expect(dead_code, reason = "its own main")]
mod example;

#[test]
fn the_example_learns_five_marks_and_reads_one() {
    let folder = temp_dir::TempDir::new().unwrap();
    let (error, answer) = example::run(&folder.path().join("run")).unwrap();
    assert!(error <= 5.0, "{error} %");
    assert_eq!(answer, "cross");
    let again = example::run(&folder.path().join("run")).unwrap_err().to_string();
    assert!(again.contains("already holds a run"), "{again}");
}
