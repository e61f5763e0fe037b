//! Configuration texts and `--set` assignments: what is wrong gives an error that names it, and never a panic.

use lenet5::config::{Config, ConfigError, SETTINGS, Settings};
use lenet5::models::builder::Builder;
use proptest::prelude::*;

/// The settings of the preset with one assignment over it.
fn assign(text: &str) -> Result<Settings, ConfigError> {
    Builder::assigned(&[text])
}

/// The settings of the preset with a file over it.
fn file(text: &str) -> Result<Settings, ConfigError> {
    let mut builder = Builder::default();
    builder.text("a file", text)?;
    builder.build()
}

fn message<T: std::fmt::Debug>(result: Result<T, ConfigError>) -> String {
    result.expect_err("this is not acceptable").to_string()
}

/// Of each setting: values that are out of range or of the wrong kind.
const BAD: [(&str, &[&str]); 43] = [
    ("preset", &["nobody", "3"]),
    ("dataset", &["cifar", "7"]),
    ("transpose", &["1", "yes"]),
    ("training_patterns", &["-1", "1.5", "all"]),
    ("held_out", &["-1", "0.5", "some"]),
    ("distorted_copies", &["-1", "1001", "0.5", "nine"]),
    ("distortion", &["-0.1", "2.1", "nan", "strong"]),
    ("pixel_noise", &["-0.1", "1.1", "nan", "some"]),
    ("flanks", &["1", "yes", "true"]),
    ("rubbish", &["1.0", "-0.1", "nan", "half"]),
    ("training_error", &["0", "no"]),
    ("test_set", &["0", "no"]),
    ("seed", &["-1", "0.5", "lucky"]),
    ("passes", &["0", "100001", "-3", "2.0", "many"]),
    ("network", &["lenet6", "5"]),
    ("activation", &["tanh", "1"]),
    ("pooling", &["mean", "2"]),
    ("c3", &["dense", "3"]),
    ("output", &["softmax", "10"]),
    ("input_mean", &["[0.1, 0.2, 0.3, 0.4]", "[11.0]", "[nan]", "0.1"]),
    ("input_deviation", &["[0.0]", "[0.3]", "[nan]", "0.3"]),
    ("classes", &["1", "257", "-1", "ten", "97"]),
    ("alphabet", &["0", "0123456780", "01234567890", "012345678\u{e9}", ""]),
    ("distance", &["manhattan", "2"]),
    ("loss", &["eq10", "8", "cross_entropy"]),
    ("j", &["0.0", "-1.0", "nan", "inf", "two"]),
    ("weight_distribution", &["cauchy", "1"]),
    ("weight_range", &["0.0", "-2.4", "nan", "inf", "wide"]),
    ("weight_fan_in", &["cubic", "1"]),
    ("bias_start", &["one", "0"]),
    ("coefficient_start", &["zero", "0.25"]),
    ("coefficient", &["0.0", "-0.25", "nan", "inf", "quarter"]),
    ("coefficient_curvature", &["square", "1", "Sum"]),
    ("order", &["sorted", "1"]),
    ("optimizer", &["lbfgs", "1"]),
    ("momentum", &["1.0", "-0.1", "nan", "much"]),
    ("batch", &["0", "4097", "-1", "1.5"]),
    ("eta_factor", &["0.0", "-1.0", "1e7", "1e-13", "nan", "inf", "half"]),
    ("mu", &["0.0", "-0.02", "nan", "inf", "small"]),
    ("curvature_count", &["0", "-500", "1e3", "some"]),
    ("curvature_patterns", &["last", "500"]),
    ("curvature_moment", &["never", "1"]),
    (
        "schedule",
        &[
            "[]",
            "[{ passes = 0, eta = 0.1 }]",
            "[{ passes = 1, eta = 0.0 }]",
            "[{ passes = 1, eta = nan }]",
            "[{ passes = 1 }]",
            "[{ passes = 1, eta = 0.1, momentum = 0.9 }]",
            "0.0005",
        ],
    ),
];

#[test]
fn every_bad_value_is_refused_by_its_name() {
    let keys: Vec<&str> = SETTINGS.iter().map(|setting| setting.key).collect();
    assert_eq!(BAD.map(|(key, _)| key), keys.as_slice(), "bad values for each setting");
    for (key, values) in BAD {
        for value in values {
            let message = message(assign(&format!("{key}={value}")));
            // A preset is known by its value: "preset `nobody`".
            let names = [format!("`{key}`"), format!("preset `{value}`")];
            assert!(names.iter().any(|name| message.contains(name)), "{key}: {message}");
        }
    }
}

#[test]
fn a_value_out_of_range_is_shown_with_what_was_expected() {
    let found = assign("mu=-0.5").unwrap_err();
    let expected =
        ConfigError::Range { key: "mu", expected: "a number above 0 (1e-12 to 1e6)".into(), found: "-0.5".into() };
    assert_eq!(found, expected);
    assert_eq!(found.to_string(), "setting `mu`: -0.5 is not acceptable; expected a number above 0 (1e-12 to 1e6)");
}

#[test]
fn unknown_settings_are_named_with_those_there_are() {
    let by_file = message(file("moo = 1"));
    let by_assignment = message(assign("moo=1"));
    for message in [&by_file, &by_assignment] {
        assert!(message.contains("`moo`") && SETTINGS.iter().all(|setting| message.contains(setting.key)), "{message}");
    }
    assert!(by_file.starts_with("a file: ") && by_assignment.starts_with("--set moo=1: "));
    assert!(message(assign("mu")).contains("expected key=value"));
    assert!(
        message(file("loss = 'eq10'")).starts_with("a file: setting `loss`: unknown value `eq10`, expected one of")
    );
}

#[test]
fn broken_toml_is_refused_with_its_line() {
    let message = message(file("mu = 0.02\nj = \n"));
    assert!(message.starts_with("a file: ") && message.contains("line 2"), "{message}");
}

#[test]
fn assignments_take_words_numbers_and_tables() {
    assert_eq!(assign("mu=0.5").unwrap().mu, 0.5);
    assert_eq!(assign(" passes = 7 ").unwrap().passes, 7);
    assert_eq!((assign("j=2").unwrap().j, file("mu = 1").unwrap().mu), (2.0, 1.0), "a whole number is a real one");
    assert_eq!(assign("loss=eq8").unwrap().loss, assign("loss=\"eq8\"").unwrap().loss);
    assert_eq!(assign("schedule=[{ passes = 3, eta = 0.25 }]").unwrap().schedule[0].eta, 0.25);
    for alphabet in ["9876543210", "abcdefghij", "ab=\"#]. ,x", "1234567890", "0123456789-"] {
        assert_eq!(assign(&format!("alphabet={alphabet}")).unwrap().alphabet, alphabet);
    }
}

/// TOML has dates, which were taken for the preset `paper` and could not be read again.
#[test]
fn a_text_is_a_text_even_where_it_looks_like_something_else() {
    for text in ["1979-05-27", "07:32:00", "7", "true"] {
        assert!(message(assign(&format!("preset={text}"))).starts_with(&format!("unknown preset `{text}`")));
        let message = message(file(&format!("preset = {text}")));
        assert!(message.starts_with("a file: setting `preset`: expected a text, found "), "{message}");
    }
    let message = message(file("alphabet = 1979-05-27"));
    assert!(message.contains("`alphabet`: expected a text, found a date"), "{message}");
}

#[test]
fn later_settings_win() {
    let mut builder = Builder::default();
    builder.text("first", "mu = 0.5\nj = 3.0").unwrap();
    builder.assignment("mu=0.25").unwrap();
    let settings = builder.build().unwrap();
    assert_eq!((settings.mu, settings.j), (0.25, 3.0));
}

#[test]
fn every_default_has_a_source() {
    for setting in SETTINGS {
        let tagged = ["paper", "assumed", "ours"].iter().any(|tag| setting.source.starts_with(tag));
        assert!(tagged && !setting.meaning.is_empty(), "{setting:?}");
    }
}

/// A configuration with none of the preset's values.
const OTHER: &str = r#"
dataset = "idx:/data/letters"
transpose = true
training_patterns = 1000
held_out = 7
distorted_copies = 3
distortion = 0.25
pixel_noise = 0.125
training_error = false
test_set = false
seed = 9
passes = 3
network = "lenet5"
activation = "relu"
pooling = "max"
c3 = "full"
output = "scores"
input_mean = [0.5]
input_deviation = [0.25]
classes = 9
alphabet = "\"\\'#=[] zZ"
distance = "sum"
loss = "cross_entropy"
j = 0.1
weight_distribution = "normal"
weight_range = 1e-3
weight_fan_in = "linear"
bias_start = "uniform"
coefficient_start = "uniform"
coefficient = 0.5
coefficient_curvature = "sum"
order = "reshuffled"
optimizer = "adam"
momentum = 0.5
batch = 16
eta_factor = 1e6
mu = 0.3333333333333333
curvature_count = 1
curvature_patterns = "random"
curvature_moment = "rate"
schedule = [{ passes = 1, eta = 1e-12 }, { passes = 2, eta = 0.1 }]
"#;

#[test]
fn a_written_configuration_reads_back_the_same() {
    let (paper, other) = (Builder::default().build().unwrap(), file(OTHER).unwrap());
    let (before, after) = (toml::Table::try_from((*paper).clone()), toml::Table::try_from((*other).clone()));
    let (before, after) = (before.unwrap(), after.unwrap());
    // Flanks need an eleventh character, rubbish another loss, and another network takes no changes.
    let same = ["preset", "flanks", "rubbish", "network"];
    assert!(SETTINGS.iter().all(|setting| same.contains(&setting.key) || before[setting.key] != after[setting.key]));
    let flanked = file("flanks = true\nrubbish = 0.25\nalphabet = '0123456789 '").unwrap();
    for settings in [paper, other, flanked] {
        let text = settings.to_toml();
        assert_eq!(file(&text).unwrap(), settings);
        assert_eq!(file(&text).unwrap().to_toml(), text);
        for setting in SETTINGS {
            let (meaning, key) = (format!("# {} [{}]\n", setting.meaning, setting.source), setting.key);
            assert!(text.contains(&(meaning + key + " = ")), "`{key}` below its meaning");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_values_are_taken_or_refused_by_name(setting in 0..SETTINGS.len(), value in "[-+0-9a-z.\"\\[\\]{}=, ]{0,20}") {
        let key = SETTINGS[setting].key;
        match assign(&format!("{key}={value}")) {
            Ok(settings) => prop_assert_eq!(file(&settings.to_toml()).unwrap(), settings),
            Err(error) => prop_assert!(error.to_string().contains(key), "{}: {}", key, error),
        }
    }

    /// Every finite number in range survives being written and read, to the last bit.
    #[test]
    fn numbers_read_back_to_the_last_bit(mu in 1e-12..1e6_f64, seed in 0..i64::MAX) {
        let settings = file(&format!("mu = {mu:e}\nseed = {seed}")).unwrap();
        prop_assert_eq!(settings.mu, mu);
        prop_assert_eq!(file(&settings.to_toml()).unwrap(), settings);
    }
}

/// TOML has whole numbers up to 2^63 - 1 only.
#[test]
fn whole_numbers_beyond_toml_are_refused() {
    let message = message(Config { seed: u64::MAX, ..Config::default() }.check());
    assert!(message.starts_with("setting `seed`: 18446744073709551615 is not acceptable"), "{message}");
}

/// Settings that `check` accepts have to give a network a start.
#[test]
fn the_largest_numbers_do_not_panic() {
    for text in ["coefficient=1.5e308", "weight_range=1.5e308"] {
        let starts = ["coefficient_start=uniform", "bias_start=uniform", "weight_fan_in=linear"];
        if let Ok(settings) = Builder::assigned(&[&[text], &starts[..]].concat()) {
            let network = lenet5::models::build::<f64>(&settings);
            lenet5::training::initialisation::initial_values::<f64>(network.layout(), &settings);
        }
    }
}
