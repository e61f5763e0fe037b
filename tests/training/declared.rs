//! Declared networks: the same bits as the program's own, starts by layer, losses of one's own, and declarations that are refused.

use std::fs;
use std::path::PathBuf;

use lenet5::config::network::{Declaration, Kind, LayerDeclaration, LayerStart};
use lenet5::config::{Config, ConfigError, Settings, UnitFunction};
use lenet5::data::{Dataset, digits};
use lenet5::kernels::maps::Shape;
use lenet5::models;
use lenet5::models::builder::Builder;
use lenet5::network::loss::{Loss, LossFunction};
use lenet5::runs::checkpoint::Model;
use lenet5::training::Trainer;
use proptest::prelude::*;
use temp_dir::TempDir;

/// The declaration in `examples/`, beside these settings.
fn example(name: &str, assignments: &[&str]) -> Settings {
    let mut builder = Builder::default();
    assignments.iter().for_each(|assignment| builder.assignment(assignment).unwrap());
    builder.network_file(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)).unwrap();
    builder.build().unwrap()
}

/// The bits of all parameters after two passes over a few digits.
fn trained(settings: &Settings, dataset: &Dataset) -> Vec<u32> {
    let mut trainer = Trainer::<f32>::new(settings, dataset);
    for _ in 0..2 {
        trainer.pass(&mut ()).continue_value().expect("nobody stops it");
    }
    trainer.parameters().values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn declared_networks_have_the_bits_of_the_programs_own() {
    let dataset = digits::load();
    let short = ["training_patterns=300", "seed=3"];
    for (file, more) in [
        ("lenet5.toml", &[][..]),
        ("lenet5.toml", &["preset=paper-2.4", "loss=eq8"]),
        ("lenet5.toml", &["activation=relu", "batch=8"]),
        ("lenet5.toml", &["alphabet='0123456789 '"]),
        ("lenet1.toml", &["preset=lenet1"]),
    ] {
        let assignments = [&short[..], more].concat();
        let (own, declared) = (Builder::assigned(&assignments).unwrap(), example(file, &assignments));
        assert_eq!(models::build::<f32>(&own).layout(), models::build::<f32>(&declared).layout(), "{file} {more:?}");
        assert!(trained(&own, &dataset) == trained(&declared, &dataset), "{file} {more:?}: other bits");
    }
}

/// All of them, by way of the TOML that they print.
#[test]
fn what_a_network_prints_declares_it() {
    let dataset = digits::load();
    for preset in ["paper", "lenet1", "lenet4", "lush", "modern"] {
        let own = Builder::assigned(&[&format!("preset={preset}"), "training_patterns=100"]).unwrap();
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("a network.toml");
        fs::write(&file, models::declaration(&own).to_toml().replacen("name", "# name", 1)).unwrap();
        let mut builder = Builder::default();
        builder.text("settings", &own.to_toml()).unwrap();
        builder.network_file(&file).unwrap();
        let declared = builder.build().unwrap();
        assert_eq!(declared.network.name(), "a-network", "the file's");
        assert!(trained(&own, &dataset) == trained(&declared, &dataset), "{preset}: other bits");
        let mut again = Builder::default();
        again.text("config.toml", &declared.to_toml()).unwrap();
        assert_eq!(again.build().unwrap(), declared, "{}", declared.to_toml());
    }
}

#[test]
fn lenet5_is_one_piece_of_code_wherever_it_is_declared() {
    assert!(models::build::<f32>(&example("lenet5.toml", &[])).fused().is_some());
    for assignments in [&["activation=relu"][..], &["preset=modern"], &["preset=lenet4"], &["c3=full"]] {
        let settings = Builder::assigned(assignments).unwrap();
        assert!(models::build::<f32>(&settings).fused().is_none(), "{assignments:?}");
    }
    let mut changed = Declaration::lenet5();
    let Kind::Convolution { table: Some(table), .. } = &mut changed.layers[2].kind else { panic!("C3") };
    table[0] = vec![0, 1, 3];
    let settings = Config { network: changed.into(), ..Config::default() }.check().unwrap();
    assert!(models::build::<f32>(&settings).fused().is_none(), "another table");
}

/// `mixed.toml` has a start of its own in four layers.
#[test]
fn layers_start_as_they_declare_and_others_as_the_settings_say() {
    let assignments = ["loss=cross_entropy", "weight_range=0.5", "coefficient=0.3"];
    let settings = example("mixed.toml", &assignments);
    let model = Model::untrained(settings.clone(), lenet5::data::Source::Digits);
    let network = model.network();
    let values = |name: &str| {
        let (_, range) = network.layout().iter().find(|(tensor, _)| tensor.name == name).unwrap();
        &model.values[range]
    };
    let largest = |name: &str| values(name).iter().fold(0.0, |largest: f32, value| largest.max(value.abs()));
    assert!(largest("c1.weight") > 0.5 / 5.0, "normal, with a deviation of 1.4142 / sqrt(25)");
    assert!(largest("c5.weight") <= 0.5 / 150_f32.sqrt() && largest("c5.weight") > 0.49 / 150_f32.sqrt());
    assert!(values("c3.bias").iter().all(|&bias| bias != 0.0) && values("c1.bias").iter().all(|&bias| bias == 0.0));
    assert!(values("s4.coefficient").iter().all(|&coefficient| coefficient == 0.5));
    assert_eq!(settings.start("s4.coefficient").weight_range, 0.5, "of the settings");
}

/// The curvature of S coefficients and the scale of the distances, by layer: as the setting, where all layers have it.
#[test]
fn readings_by_layer_are_those_of_the_settings() {
    let dataset = digits::load();
    let mut declared = Declaration::lenet5();
    for layer in &mut declared.layers {
        match &mut layer.kind {
            Kind::Subsampling { coefficient_curvature, .. } => {
                *coefficient_curvature = Some(lenet5::network::layers::CoefficientCurvature::Sum);
            }
            Kind::Rbf { distance } => *distance = Some(lenet5::network::layers::Distance::Sum),
            _ => layer.start = LayerStart { weight_range: Some(2.4), ..LayerStart::default() },
        }
        if layer.name.starts_with('S') {
            layer.start.coefficient = Some(0.25);
        }
    }
    let paper = Builder::assigned(&["training_patterns=200", "j=2"]).unwrap();
    let by_layer = paper.with(|config| config.network = declared.into()).unwrap();
    let by_setting = Builder::assigned(&["preset=paper-2.4", "training_patterns=200"]).unwrap();
    let bits = trained(&by_layer, &dataset);
    assert!(bits == trained(&by_setting, &dataset) && bits != trained(&paper, &dataset));
}

/// The same as the program's, by way of the trait.
#[derive(Debug)]
struct OwnEq9;

impl LossFunction<f32> for OwnEq9 {
    fn value(&self, distances: &[f32], class: usize) -> f64 {
        Loss::Eq9 { j: 1.5 }.value(distances, class)
    }

    fn gradient(&self, distances: &[f32], class: usize, gradient: &mut [f32]) -> f64 {
        Loss::Eq9 { j: 1.5 }.gradient(distances, class, gradient)
    }
}

#[test]
fn a_loss_of_ones_own_trains_as_the_programs_would() {
    let dataset = digits::load();
    let passes = |mut trainer: Trainer<f32>| {
        let record = trainer.pass(&mut ()).continue_value().expect("nobody stops it");
        (trainer.parameters().values.clone(), record.test_loss)
    };
    for batch in ["batch=1", "batch=40"] {
        let settings = Builder::assigned(&["training_patterns=200", batch]).unwrap();
        let (own, other) = (settings.clone(), settings.with(|config| config.loss = lenet5::config::LossName::Eq8));
        let expected = passes(Trainer::new(&own, &dataset));
        assert!(passes(Trainer::new(&other.unwrap(), &dataset).with_loss(OwnEq9)) == expected, "{batch}");
    }
}

#[test]
fn a_trainer_goes_on_from_a_model_that_was_read() {
    let dataset = digits::load();
    let settings = example("mixed.toml", &["preset=modern", "training_patterns=200"]);
    let mut trainer = Trainer::<f32>::new(&settings, &dataset);
    trainer.pass(&mut ()).continue_value().expect("nobody stops it");
    let Model { settings: read, values, optimizer_state, passes, .. } =
        Model::from_bytes(&Model::of(&trainer, &dataset).to_bytes()).unwrap();
    let mut again = Trainer::resume(&read, &dataset, values, optimizer_state, passes);
    trainer.pass(&mut ()).continue_value().expect("nobody stops it");
    again.pass(&mut ()).continue_value().expect("nobody stops it");
    assert!(trainer.parameters().values == again.parameters().values);
}

/// A change of `examples/lenet5.toml` by text, and what the message must say of it.
const REFUSED: [(&str, &str, &[&str]); 24] = [
    ("maps = 6", "maps = six", &["TOML", "line 9"]),
    ("maps = 6", "maps = \"six\"", &["layer 1 (`C1`)", "`maps`: expected a whole number of 1 to 4096", "\"six\""]),
    ("maps = 6", "maps = -6", &["layer 1 (`C1`)", "1 to 4096, found -6"]),
    ("maps = 6", "maps = 0", &["layer 1 (`C1`)", "1 to 4096, found 0"]),
    ("maps = 6\n", "map = 6\n", &["layer 1 (`C1`)", "unknown key of `convolution` `map`", "did you mean `maps`"]),
    ("maps = 6\n", "", &["layer 1 (`C1`)", "`maps`", "found none"]),
    ("maps = 6", "maps = 5", &["layer 3 (`C3`)", "expected numbers of 0 to 4 for the 5 input maps, found 5 for map 3"]),
    ("maps = 16", "maps = 15", &["layer 3 (`C3`)", "`table`: expected 15 rows, one for each map, found 16"]),
    ("[0, 1, 2],", "[],", &["layer 3 (`C3`)", "expected input maps for map 0, found none"]),
    ("[0, 1, 2],", "[0, 1, 1],", &["layer 3 (`C3`)", "different input maps for map 0, found 1 twice"]),
    ("[0, 1, 2],", "[0, 1, -2],", &["layer 3 (`C3`)", "`table`: expected a list for each map", "-2"]),
    (
        "size = 5 # kernels",
        "size = 9 # kernels",
        &["layer 1 (`C1`)", "`size`: expected a whole number of 1 to 7, found 9"],
    ),
    ("\"S2\"", "\"c1\"", &["layer 2 (`c1`)", "a name of its own, found that of layer 1"]),
    ("\"S2\"", "\"S 2\"", &["layer 2 (`S 2`)", "`name`: expected a letter"]),
    ("kind = \"full\"", "kind = \"dense\"", &["layer 6 (`F6`)", "unknown kind `dense`", "full"]),
    ("maps = 84", "maps = 80", &["layer 7 (`RBF`)", "expected 84 maps", "found 80"]),
    (
        "kind = \"rbf\"",
        "kind = \"targets\"\nmaps = 26",
        &["layer 7 (`RBF`)", "`maps`: expected 10, one for each class", "found 26"],
    ),
    ("kind = \"rbf\"", "kind = \"rbf\"\nsize = 2", &["layer 7 (`RBF`)", "unknown key of `rbf` `size`"]),
    (
        "kind = \"rbf\"",
        "kind = \"full\"\nmaps = 10",
        &["layer 7 (`RBF`)", "expected rbf, scores or targets in the end, found full"],
    ),
    ("[1, 32, 32]", "[1, 30, 32]", &["layer 5 (`C5`)", "16 maps of at least 5x5", "16 @ 4x5"]),
    ("[1, 32, 32]", "[1, 36, 36]", &["layer 7 (`RBF`)", "expected one position for the declared input, found 2x2"]),
    ("[1, 32, 32]", "[32, 32]", &["`input`: expected three whole numbers: maps, rows, columns", "[32, 32]"]),
    ("input = ", "inputs = ", &["unknown key of `network` `inputs`", "did you mean `input`"]),
    (
        "size = 2 # fields",
        "size = 2\ncoefficient = -1.0 # fields",
        &["layer 2 (`S2`)", "`coefficient`: expected a number above 0", "-1"],
    ),
];

#[test]
fn bad_declarations_name_file_layer_expected_and_found() {
    let folder = TempDir::new().unwrap();
    let good = fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/lenet5.toml")).unwrap();
    let message = |text: &str| {
        let file = folder.path().join("bad.toml");
        fs::write(&file, text).unwrap();
        let mut builder = Builder::default();
        let refused = builder.network_file(&file).and_then(|()| builder.build().map(drop));
        refused.expect_err("this declares no network").to_string()
    };
    for (from, to, expected) in REFUSED {
        assert!(good.contains(from), "{from}");
        let message = message(&good.replacen(from, to, 1));
        let is_whole = expected.iter().all(|part| message.contains(part));
        assert!(is_whole && message.contains("bad.toml"), "{from:?} as {to:?}: {message}");
    }
    assert!(message("").contains("`input`: expected"));
    assert!(message(&good[..good.find("[[layers]]").unwrap()]).contains("`layers`: expected a table [[layers]]"));
    let mut builder = Builder::default();
    let missing = builder.network_file(&folder.path().join("none.toml")).unwrap_err().to_string();
    assert!(missing.contains("none.toml") && missing.contains("cannot read"), "{missing}");
    let named = builder.network_file(std::path::Path::new("lenet1")).unwrap_err().to_string();
    assert!(named.contains("--preset lenet1"), "{named}");
}

#[test]
fn declarations_in_rust_are_checked_as_those_in_toml() {
    let message = |change: &dyn Fn(&mut Declaration)| {
        let mut declared = Declaration::lenet5();
        change(&mut declared);
        let refused = Config { network: declared.into(), ..Config::default() }.check();
        refused.expect_err("this is no network").to_string()
    };
    let large = |network: &mut Declaration| {
        network.layers[4] = LayerDeclaration::convolution("C5", 4096, 5);
        network.layers.insert(5, LayerDeclaration::full("F5", 4096));
    };
    let function = |network: &mut Declaration| network.layers[6].activation = Some(UnitFunction::Relu);
    let start = |network: &mut Declaration| network.layers[0].start.coefficient = Some(1.0);
    for (change, expected) in [
        (&large as &dyn Fn(&mut Declaration), "layer 6 (`F5`): expected at most 5,000,000 parameters"),
        (&function, "layer 7 (`RBF`): `activation`: expected none for rbf"),
        (&start, "layer 1 (`C1`): `coefficient`: expected none for convolution"),
        (&|network| network.layers.clear(), "`layers`: expected 1 to 100 of them, found 0"),
        (&|network| network.input = Shape::new(1, 4096, 4096), "`input`: expected 1 to 16 maps of 1 to 1024"),
        (&|network| network.name = "../x".into(), "`name`: expected 1 to 40 letters"),
    ] {
        let message = message(change);
        assert!(message.contains("setting `network`") && message.contains(expected), "{message}");
    }
    let scores =
        Config { network: example("mixed.toml", &["loss=cross_entropy"]).network.clone(), ..Config::default() };
    assert!(matches!(scores.check(), Err(ConfigError::Range { key: "loss", .. })));
}

proptest! {
    /// Whatever a table holds: a network, or an error with a reason.
    #[test]
    fn any_sizes_make_a_network_or_an_error(
        numbers in prop::array::uniform8(0_usize..70),
        huge in prop::option::of(0_usize..4),
        kinds in prop::array::uniform3(0_usize..7),
    ) {
        let mut numbers = numbers;
        if let Some(huge) = huge {
            numbers[2 * huge] = usize::MAX >> (8 * huge);
        }
        let [maps, height, width, size, times, more, side, map] = numbers;
        let kind = |kind| match kind {
            0 => Kind::Convolution { maps, size: size % 9, table: None },
            1 => Kind::Convolution { maps: 2, size: 1, table: Some(vec![vec![map % 3], vec![0, map]]) },
            2 => Kind::Full { maps: more },
            3 => Kind::Subsampling { size: side, coefficient_curvature: None },
            4 => Kind::Max { size: side % 5 },
            5 => Kind::Repeat { times },
            _ => Kind::Rbf { distance: None },
        };
        let mut layers: Vec<LayerDeclaration> = kinds.iter().enumerate().map(|(at, &number)| {
            let name = if number == 5 { String::new() } else { format!("L{at}") };
            LayerDeclaration::new(&name, kind(number))
        }).collect();
        layers.push(LayerDeclaration::new("out", Kind::targets(1 + side % 7)));
        let declared = Declaration::new("any", Shape::new(maps % 4, height, width), layers);
        match (Config { network: declared.into(), ..Config::default() }).check() {
            Ok(settings) => prop_assert_eq!(models::build::<f32>(&settings).outputs(), 10),
            Err(error) => prop_assert!(error.to_string().contains("expected"), "{}", error),
        }
    }
}
