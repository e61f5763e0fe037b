//! The figures and tables of `lenet5-reproduce` in other forms, from the CSV files of the repository's own results.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use temp_dir::TempDir;

fn results() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("results")
}

/// The standard output of `lenet5-reproduce` with these words, on the results in `folder`.
fn reproduce(words: &str, folder: &Path) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lenet5-reproduce"));
    let output = command.args(words.split(' ')).arg("--out").arg(folder).output().unwrap();
    assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Charts, bars and pages of pictures.
#[test]
fn figures_are_drawn_in_other_forms_beside_the_svg() {
    let folder = TempDir::new().unwrap();
    for (experiment, figure) in [("fig5", "fig5"), ("fig9", "fig9"), ("fig7", "fig7")] {
        let own = folder.path().join(experiment);
        fs::create_dir(&own).unwrap();
        for entry in fs::read_dir(results().join(experiment)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "csv") {
                fs::copy(&path, own.join(path.file_name().unwrap())).unwrap();
            }
        }
        reproduce(&format!("plot {experiment} --format png,pdf"), folder.path());
        let read = |ending: &str| fs::read(own.join(format!("{figure}.{ending}"))).unwrap();
        let same = read("svg") == fs::read(results().join(experiment).join(format!("{figure}.svg"))).unwrap();
        assert!(same, "{experiment}: the SVG is as it was without --format");
        let png = image::load_from_memory(&read("png")).unwrap();
        let dark = png.to_luma8().pixels().filter(|pixel| pixel.0[0] < 128).count();
        assert!(png.width() >= 1000 && dark > 2000, "{experiment}: {} wide, {dark} dark pixels", png.width());
        assert!(read("pdf").starts_with(b"%PDF-"), "{experiment}");
    }
}

/// What is printed is what the page of results has.
#[test]
fn tables_are_printed_in_markdown_and_latex() {
    let page = fs::read_to_string(results().join("README.md")).unwrap();
    let markdown = reproduce("tables fig6", &results());
    let rows: Vec<&str> = markdown.lines().filter(|line| line.starts_with("| test error, 15000 ")).collect();
    assert!(!rows.is_empty() && rows.iter().all(|row| page.lines().any(|line| line == *row)), "{markdown}");
    let latex = reproduce("tables fig6 --format latex", &results());
    assert!(latex.starts_with("% fig6: "), "{latex}");
    assert_eq!(
        latex.matches(r"\begin{tabular}").count(),
        markdown.lines().filter(|line| line.starts_with("|---")).count()
    );
    assert!(latex.contains("test error, 15000 training patterns (mean of 10 seeds) & 1.68 \\% (Fig. 6) & "), "{latex}");
    assert!(!latex.lines().any(|line| line.contains('|')), "{latex}");
}
