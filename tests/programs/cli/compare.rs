//! `lenet5 compare`: runs beside each other, against an independent computation.

use std::fs;

use lenet5::models::builder::Builder;
use lenet5::runs::seeds::SeedRecord;
use serde_json::Value;

use super::{User, complaint, outputs, printed, refused};

/// Writes folders of finished runs of the embedded digits, without models, with these numbers of errors for the seeds from `first` on.
fn write_runs(user: &User, name: &str, first: u64, errors: &[usize], more: &[&str]) {
    for (seed, errors) in (first..).zip(errors) {
        let folder = user.path(name).join(format!("seed-{seed}"));
        fs::create_dir_all(&folder).unwrap();
        let own = [format!("seed={seed}"), "passes=1".into(), "dataset=digits".into()];
        let all: Vec<&str> = own.iter().map(String::as_str).chain(more.iter().copied()).collect();
        fs::write(folder.join("config.toml"), Builder::assigned(&all).unwrap().to_toml()).unwrap();
        let percent = 100.0 * *errors as f64 / 360.0;
        let header = "pass,global_rate,smallest_effective_rate,largest_effective_rate,running_training_loss,running_training_error_percent,\
                      training_loss,training_error_percent,test_loss,test_error_percent,test_errors,seconds,samples_per_second";
        let row = format!("1,0.0005,1e-5,0.01,1,{},1,2.5,1,{percent},{errors},1,1000", 2.0 * percent);
        fs::write(folder.join("metrics.csv"), format!("{header}\n{row}\n")).unwrap();
    }
}

fn json(user: &User, words: &str) -> Value {
    serde_json::from_str(&printed(&mut user.lenet5(words))).unwrap()
}

fn agree(found: &Value, expected: f64) {
    let found = found.as_f64().unwrap_or_else(|| panic!("{found}, not {expected}"));
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{found}, not {expected}");
}

const A: [usize; 8] = [11, 9, 14, 10, 12, 8, 13, 11];
const B: [usize; 8] = [14, 10, 13, 15, 16, 15, 21, 21];
const C: [usize; 14] = [12, 15, 9, 11, 14, 13, 10, 12, 16, 11, 9, 14, 12, 13];
const D: [usize; 14] = [10, 13, 9, 12, 12, 11, 11, 10, 14, 9, 10, 12, 10, 11];

/// From SciPy 1.17.1, `python3 -c 'SCRIPT'` with this script:
///
/// ```python
/// import numpy as np; from scipy import stats; q = lambda x: np.array(x) * 100 / 360
/// A = [11, 9, 14, 10, 12, 8, 13, 11]; B = [14, 10, 13, 15, 16, 15, 21, 21]
/// C = [12, 15, 9, 11, 14, 13, 10, 12, 16, 11, 9, 14, 12, 13]; D = [10, 13, 9, 12, 12, 11, 11, 10, 14, 9, 10, 12, 10, 11]
/// for x in A, B, C, D: print(q(x).mean(), q(x).std(ddof=1), *stats.t.interval(.95, len(x) - 1, q(x).mean(), stats.sem(q(x))))
/// # Seeds of A and B are 1 to 8, of C and D 3 to 16: the last pair is over the seeds 3 to 8.
/// for x, y in (A, B), (C, D), (A[2:], C[:6]):
///     t = stats.ttest_rel(q(x), q(y)); i = t.confidence_interval(.95); w = stats.wilcoxon(x, y)
///     print((q(x) - q(y)).mean(), i.low, i.high, t.statistic, t.pvalue, w.statistic, w.pvalue)
/// ```
#[test]
fn means_and_differences_are_those_of_scipy() {
    let user = User::new();
    write_runs(&user, "a", 1, &A, &[]);
    write_runs(&user, "b", 1, &B, &["mu=0.5"]);
    write_runs(&user, "c", 3, &C, &["j=3"]);
    write_runs(&user, "d", 3, &D, &["j=4"]);
    let found = json(&user, "compare a b c d --json");
    let means = [
        [3.0555555555555554, 0.5555555555555556, 2.5910994879834934, 3.5200116231276173],
        [4.340277777777778, 1.049244920406211, 3.463087072404484, 5.217468483151071],
        [3.392857142857143, 0.5885357293381924, 3.0530467295988224, 3.732667556115463],
        [3.055555555555556, 0.4076663253918572, 2.8201760270115814, 3.29093508409953],
    ];
    for (side, [mean, deviation, low, high]) in found["sides"].as_array().unwrap().iter().zip(means) {
        agree(&side["mean_percent"], mean);
        agree(&side["deviation_percent"], deviation);
        agree(&side["low_percent"], low);
        agree(&side["high_percent"], high);
    }
    let pair = |first: &str, second: &str| {
        let pairs = found["pairs"].as_array().unwrap();
        pairs.iter().find(|pair| pair["first"] == first && pair["second"] == second).unwrap()
    };
    let pairs = [
        [
            -1.2847222222222223,
            -2.13515619354815,
            -0.43428825089629486,
            -3.5721589513768097,
            0.0090707021462109,
            1.5,
            0.0234375,
        ],
        [
            0.3373015873015874,
            0.12697323292162538,
            0.5476299416815493,
            3.4645627268356556,
            0.004189372247365644,
            6.0,
            0.0035574490828583385,
        ],
        [
            -0.27777777777777785,
            -1.1619710826533096,
            0.606415527097754,
            -0.8075728530872484,
            0.45602111641350723,
            7.0,
            0.5625,
        ],
    ];
    let named = [(pair("a", "b"), 8, true), (pair("c", "d"), 14, false), (pair("a", "c"), 6, true)];
    for ((pair, seeds, exact), [mean, low, high, t, t_p, w, w_p]) in named.into_iter().zip(pairs) {
        assert_eq!(pair["seeds"].as_array().unwrap().len(), seeds);
        agree(&pair["mean_difference"], mean);
        agree(&pair["low"], low);
        agree(&pair["high"], high);
        agree(&pair["student"]["t"], t);
        agree(&pair["student"]["p_value"], t_p);
        agree(&pair["wilcoxon"]["w"], w);
        agree(&pair["wilcoxon"]["p_value"], w_p);
        assert_eq!((&pair["wilcoxon"]["exact"], &pair["student"]["degrees"]), (&exact.into(), &(seeds - 1).into()));
    }
    let markdown = printed(&mut user.lenet5("compare a b --tables markdown"));
    let row = format!("| `a` - `b` | 8 | {:.3} |", pairs[0][0]);
    assert!(markdown.contains(&row) && markdown.contains("| `a` | 8 |"), "{row} in {markdown}");
    let latex = printed(&mut user.lenet5("compare a b --tables latex"));
    assert!(
        latex.matches(r"\begin{tabular}").count() == 2 && latex.contains(r"\texttt{a} - \texttt{b} & 8 &"),
        "{latex}"
    );
    // There are no models: that is said, and all else is there.
    let warnings = found["warnings"].to_string();
    assert!(warnings.contains("no McNemar's test: ") && warnings.contains("model.safetensors"), "{warnings}");
    assert_eq!(found["pairs"][0]["mcnemar"], Value::Array(Vec::new()));
}

/// Trained runs: McNemar's test from the models is that from recorded answers, and tables and figure are written once.
#[test]
fn trained_runs_are_compared() {
    let user = User::new();
    let short = "train --dataset digits --set training_patterns=200 --passes 2";
    printed(&mut user.lenet5(&format!("{short} --seeds 1-3 --out a")));
    printed(&mut user.lenet5(&format!("{short} --seeds 2-4 --set eta_factor=3 --out b")));
    let text = printed(&mut user.lenet5("compare a b --csv tables --plot figure.svg"));
    assert!(text.contains("a - b      2 ") && text.contains("t(1) = ") && text.contains("(exact)"), "{text}");
    let found = json(&user, "compare a b --json");
    assert_eq!(found["pairs"][0]["seeds"], serde_json::json!([2, 3]));
    let errors = |side: usize| {
        let errors = found["sides"][side]["errors"].as_array().unwrap().iter();
        errors.map(|one| (one["seed"].as_u64().unwrap(), one["errors"].as_u64().unwrap())).collect::<Vec<_>>()
    };
    for (side, folder) in ["a", "b"].into_iter().enumerate() {
        let of_seed = |record: SeedRecord| (record.seed, record.test_errors.unwrap() as u64);
        assert_eq!(errors(side), user.seeds(folder).into_iter().map(of_seed).collect::<Vec<_>>());
    }
    for name in ["a", "b"] {
        printed(&mut user.lenet5(&format!("test --dataset digits --model {name}/seed-2 --predictions {name}.csv")));
    }
    let recorded = json(&user, "compare a.csv b.csv --json");
    let own = &found["pairs"][0]["mcnemar"][0];
    assert_eq!((&own["seed"], &recorded["pairs"][0]["mcnemar"][0]["seed"]), (&2.into(), &Value::Null));
    for field in ["only_first_wrong", "only_second_wrong", "p_value"] {
        assert_eq!(own[field], recorded["pairs"][0]["mcnemar"][0][field], "{field}");
    }
    assert_eq!(json(&user, "compare a/seed-2 b.csv --json")["pairs"][0]["mcnemar"], recorded["pairs"][0]["mcnemar"]);
    let differing =
        own["only_first_wrong"].as_u64().unwrap() as i64 - own["only_second_wrong"].as_u64().unwrap() as i64;
    assert_eq!(differing, errors(0)[1].1 as i64 - errors(1)[0].1 as i64);

    let lines = |name: &str| user.text(&format!("tables/{name}.csv")).lines().count();
    assert_eq!([lines("means"), lines("errors"), lines("differences"), lines("mcnemar")], [3, 7, 2, 3]);
    let figure = user.text("figure.svg");
    assert!(roxmltree::Document::parse(&figure).is_ok() && figure.contains("mean error by pass"));
    refused(&user, "compare a b --csv tables", 1, "means.csv is already there and is left as it is");
    refused(&user, "compare a b --plot figure.svg", 1, "figure.svg is already there and is left as it is");
    assert_eq!(figure, user.text("figure.svg"));

    // The mean curve of several seeds stands beside their table.
    let curve = user.text("a/learning_curve.svg");
    assert!(curve.contains("mean of 3 seeds") && curve.contains("<polygon"), "a curve with its band");
}

#[test]
fn what_cannot_be_compared_is_refused_in_a_sentence() {
    let user = User::new();
    write_runs(&user, "a", 1, &A, &[]);
    write_runs(&user, "held", 1, &B, &["held_out=360"]);
    for name in 1..=8 {
        let metrics = user.path(&format!("held/seed-{name}/metrics.csv"));
        fs::write(&metrics, fs::read_to_string(&metrics).unwrap().replace(",test_", ",held_out_")).unwrap();
    }
    write_runs(&user, "mixed", 1, &A[..1], &[]);
    write_runs(&user, "mixed", 2, &A[1..], &["mu=0.3"]);
    write_runs(&user, "other", 1, &A, &["dataset=mnist"]);
    fs::create_dir_all(user.path("empty")).unwrap();
    fs::create_dir_all(user.path("sets")).unwrap();
    write_runs(&user, "sets/x", 1, &A, &[]);
    for (words, message) in [
        ("compare a a", "given twice"),
        ("compare a nowhere", "nowhere: expected the folder of a run"),
        ("compare a empty", "the folder is empty"),
        ("compare a sets", "name those to compare: sets/x"),
        (
            "compare a held",
            "their errors are of different patterns: test error (held_out = 0) and held-out error (held_out = 360)",
        ),
        ("compare a other", "their errors are of different patterns: data set \"digits\" and data set \"mnist\""),
        ("compare a mixed", "found in mixed/seed-2: `mu` is 0.3 and not 0.02"),
        ("compare a sets/x --plot page.jpg", "expected a name that ends in .svg, .png or .pdf"),
        ("compare a sets/x --dataset mnist", "expected the data set of the runs"),
    ] {
        refused(&user, words, 1, message);
    }
    fs::create_dir_all(user.path("twice/seed-1")).unwrap();
    write_runs(&user, "twice", 2, &A, &[]);
    for file in ["config.toml", "metrics.csv"] {
        fs::copy(user.path(&format!("twice/seed-2/{file}")), user.path(&format!("twice/seed-1/{file}"))).unwrap();
    }
    refused(&user, "compare a twice", 1, "found in twice/seed-2: the seed 2 of twice/seed-1, too");
    fs::write(user.path("table.csv"), "index,label\n0,1\n").unwrap();
    refused(
        &user,
        "compare a table.csv",
        1,
        "table.csv: expected a table of answers with the columns `truth` and `answer`",
    );
    fs::write(user.path("table.csv"), "truth,answer\n0,1\n1,1\n").unwrap();
    fs::write(user.path("fewer.csv"), "truth,answer\n0,1\n").unwrap();
    refused(&user, "compare table.csv fewer.csv", 1, "answers to 2 patterns and answers to 1 pattern");
    assert!(complaint(&mut user.lenet5("compare a"), 2).contains("RUNS"));
}

/// Runs that are not finished, and runs of other lengths.
#[test]
fn what_is_left_out_is_said() {
    let user = User::new();
    write_runs(&user, "a", 1, &A, &[]);
    write_runs(&user, "b", 1, &B, &["mu=0.5"]);
    let config = user.path("a/seed-3/config.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::remove_file(user.path("a/seed-3/metrics.csv")).unwrap();
    let (stdout, _) = outputs(&mut user.lenet5("compare a b"), 0);
    assert!(
        stdout.contains("a: not counted: seed 3 has 0 of 1 pass\n") && stdout.contains("a - b      7 "),
        "{stdout}"
    );
    fs::write(&config, text.replace("passes = 1", "passes = 5")).unwrap();
    refused(&user, "compare a b", 1, "found in a/seed-3: `passes` is 5 and not 1");
    refused(&user, "compare a/seed-3 b", 1, "expected a run with all its passes, found none: seed 3 has 0 of 5 passes");

    write_runs(&user, "long", 1, &B, &["passes=2"]);
    for seed in 1..=8 {
        let metrics = user.path(&format!("long/seed-{seed}/metrics.csv"));
        let text = fs::read_to_string(&metrics).unwrap();
        let row = text.lines().nth(1).unwrap().replacen("1,", "2,", 1);
        fs::write(&metrics, format!("{text}{row}\n")).unwrap();
    }
    let (stdout, _) = outputs(&mut user.lenet5("compare b long"), 0);
    assert!(stdout.contains("b has 1 pass and long has 2: each error is that after its own last pass"), "{stdout}");
}
