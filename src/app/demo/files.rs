//! The files of the page, which are part of the program.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;

const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Name, kind and text of a file in the folder `web/page`.
macro_rules! file {
    ($name:literal, $kind:expr) => {
        ($name, $kind, include_str!(concat!("../../../web/page/", $name)))
    };
}

/// The files; the first is the page itself, and the scripts belong to it.
const FILES: &[(&str, &str, &str)] = &[
    file!("index.html", HTML),
    file!("page.css", STYLE),
    file!("train.css", STYLE),
    file!("answer.js", SCRIPT),
    file!("chinese-digit.js", SCRIPT),
    file!("chinese-frame.js", SCRIPT),
    file!("chinese-inside.js", SCRIPT),
    file!("chinese-line.js", SCRIPT),
    file!("chinese-refusals.js", SCRIPT),
    file!("chinese-run.js", SCRIPT),
    file!("chinese-tour.js", SCRIPT),
    file!("chinese-train.js", SCRIPT),
    file!("chinese.js", SCRIPT),
    file!("codes.js", SCRIPT),
    file!("common.js", SCRIPT),
    file!("connections.js", SCRIPT),
    file!("curve.js", SCRIPT),
    file!("decoding.js", SCRIPT),
    file!("digit-link.js", SCRIPT),
    file!("digit-view.js", SCRIPT),
    file!("distortion.js", SCRIPT),
    file!("example.js", SCRIPT),
    file!("failure.js", SCRIPT),
    file!("frame.js", SCRIPT),
    file!("inside-formula.js", SCRIPT),
    file!("inside-sum.js", SCRIPT),
    file!("inside-view.js", SCRIPT),
    file!("inside-weights.js", SCRIPT),
    file!("kernels.js", SCRIPT),
    file!("keeping.js", SCRIPT),
    file!("latest.js", SCRIPT),
    file!("layers.js", SCRIPT),
    file!("line-view.js", SCRIPT),
    file!("link.js", SCRIPT),
    file!("maps.js", SCRIPT),
    file!("mnist-files.js", SCRIPT),
    file!("notice.js", SCRIPT),
    file!("opening.js", SCRIPT),
    file!("packing.js", SCRIPT),
    file!("page.js", SCRIPT),
    file!("painting.js", SCRIPT),
    file!("rows.js", SCRIPT),
    file!("run-view.js", SCRIPT),
    file!("server.js", SCRIPT),
    file!("simd.js", SCRIPT),
    file!("sketch.js", SCRIPT),
    file!("snapshot.js", SCRIPT),
    file!("steps.js", SCRIPT),
    file!("strip.js", SCRIPT),
    file!("test-digits.js", SCRIPT),
    file!("tour-steps.js", SCRIPT),
    file!("tour.js", SCRIPT),
    file!("train-coefficients.js", SCRIPT),
    file!("train-controls.js", SCRIPT),
    file!("train-curve.js", SCRIPT),
    file!("train-last.js", SCRIPT),
    file!("train-link.js", SCRIPT),
    file!("train-maps.js", SCRIPT),
    file!("train-model.js", SCRIPT),
    file!("train-pace.js", SCRIPT),
    file!("train-rates.js", SCRIPT),
    file!("train-settings.js", SCRIPT),
    file!("train-side.js", SCRIPT),
    file!("train-view.js", SCRIPT),
    file!("words.js", SCRIPT),
    file!("worker.js", SCRIPT),
];

/// Answers with the files, each by its name, and with the page at the root.
pub fn routes() -> Router {
    let answer = |kind: &'static str, text: &'static str| get(async move || ([(CONTENT_TYPE, kind)], text));
    let root = Router::new().route("/", answer(FILES[0].1, FILES[0].2));
    FILES.iter().skip(1).fold(root, |router, &(name, kind, text)| router.route(&format!("/{name}"), answer(kind, text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_served() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("web/page");
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        let mut served: Vec<&str> = FILES.iter().map(|(name, ..)| *name).collect();
        served.sort_unstable();
        assert_eq!(names, served);
    }

    #[test]
    fn the_page_knows_the_most_bytes_of_a_picture() {
        let stated = format!("const MOST_BYTES = {};", lenet5::page::MOST_OF_A_FILE);
        assert!(include_str!("../../../web/page/opening.js").contains(&stated), "{stated}");
    }
}
