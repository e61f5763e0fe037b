//! Model files and run folders that are broken: an error that names what is wrong, and never a panic.

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::Path;
use std::sync::LazyLock;

use lenet5::data::Source;
use lenet5::models;
use lenet5::network::layers::Distance;
use lenet5::runs::checkpoint::{CheckpointError, Model};
use lenet5::runs::folder::{Outcome, Run, RunError, read_table};
use lenet5::training::PassRecord;
use proptest::prelude::*;
use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensors, serialize};
use temp_dir::TempDir;

use crate::settings::settings;
use crate::short::{StopAt, dataset};

fn model() -> Model {
    let values = (0..60_000).map(|index| (index as f32 * 0.7).sin()).collect();
    let (settings, optimizer_state) = (settings(&["seed=5", "distance=half"]), Vec::new());
    Model { settings, source: Source::Digits, own_data: None, passes: 4, values, optimizer_state }
}

static FILE: LazyLock<Vec<u8>> = LazyLock::new(|| model().to_bytes());

/// The number of bytes before the tensors: the length of the header in 8 bytes, and the header.
fn header_size() -> usize {
    8 + usize::try_from(u64::from_le_bytes(FILE[..8].try_into().unwrap())).unwrap()
}

fn problem(bytes: &[u8]) -> String {
    Model::from_bytes(bytes).map(drop).expect_err("this is no model")
}

/// Name, type of number, dimensions, bytes.
type Tensor = (String, Dtype, Vec<usize>, Vec<u8>);

/// The parts of a safetensors file: tensors by name, and metadata.
struct Parts {
    tensors: Vec<Tensor>,
    metadata: HashMap<String, String>,
}

impl Parts {
    /// Those of the good file.
    fn new() -> Self {
        let file = SafeTensors::deserialize(&FILE).unwrap();
        let part =
            |(name, view): (String, TensorView<'_>)| (name, view.dtype(), view.shape().to_vec(), view.data().to_vec());
        let metadata = SafeTensors::read_metadata(&FILE).unwrap().1.metadata().clone().unwrap().into_iter().collect();
        Self { tensors: file.tensors().into_iter().map(part).collect(), metadata }
    }

    fn tensor(&mut self, name: &str) -> &mut Tensor {
        self.tensors.iter_mut().find(|tensor| tensor.0 == name).unwrap()
    }

    /// Replaces text in the metadata.
    fn replace(&mut self, from: &str, to: &str) {
        let text = self.metadata.get_mut("lenet5").unwrap();
        assert!(text.contains(from), "{text}");
        *text = text.replace(from, to);
    }

    fn bytes(&self) -> Vec<u8> {
        let views = self
            .tensors
            .iter()
            .map(|(name, dtype, shape, data)| (name.as_str(), TensorView::new(*dtype, shape.clone(), data).unwrap()));
        serialize(views, Some(self.metadata.clone().into_iter().collect())).unwrap()
    }
}

/// The problem of the good file after this change.
fn changed(change: impl FnOnce(&mut Parts)) -> String {
    let mut parts = Parts::new();
    change(&mut parts);
    problem(&parts.bytes())
}

#[test]
fn a_model_reads_back_the_same() {
    let (model, again) = (model(), Model::from_bytes(&FILE).unwrap());
    assert_eq!((&again.settings, again.source, again.passes), (&model.settings, model.source, model.passes));
    assert_eq!(again.values, model.values);
    assert_eq!(again.to_bytes(), *FILE);
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("model.safetensors");
    model.save(&path).unwrap();
    assert_eq!(fs::read(&path).unwrap(), *FILE);
    assert_eq!(Model::load(&path).unwrap().values, model.values);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    assert!(Model::from_bytes(&Parts::new().bytes()).is_ok(), "the parts that the tests below change are a model");
}

#[test]
fn tensors_go_by_their_names_in_the_paper() {
    let mut names: Vec<String> = Parts::new().tensors.into_iter().map(|tensor| tensor.0).collect();
    names.sort();
    let expected = "c1.bias c1.weight c3.bias c3.weight c5.bias c5.weight f6.bias f6.weight rbf.codes s2.bias s2.coefficient \
                    s4.bias s4.coefficient";
    assert_eq!(names.join(" "), expected);
}

#[test]
fn a_truncated_file_is_no_model() {
    let lengths = (0..header_size() + 64).chain((header_size()..FILE.len()).step_by(997)).chain([FILE.len() - 1]);
    for length in lengths {
        assert!(problem(&FILE[..length]).starts_with("expected a safetensors file ("), "{length} bytes");
    }
}

#[test]
fn a_file_with_more_than_it_says_is_no_model() {
    for more in [1, 4, 1000] {
        let longer = [FILE.as_slice(), &vec![0; more]].concat();
        assert!(problem(&longer).starts_with("expected a safetensors file ("));
    }
    for length in [0, 1, u64::MAX, u64::MAX - 7, i64::MAX as u64, FILE.len() as u64] {
        let mut other = FILE.clone();
        other[..8].copy_from_slice(&length.to_le_bytes());
        assert!(problem(&other).starts_with("expected a safetensors file ("), "a header of {length} bytes");
    }
}

#[test]
fn a_huge_file_is_not_read() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("huge.safetensors");
    // Only its size is written: the disk holds none of it.
    File::create(&path).unwrap().set_len(1 << 40).unwrap();
    let message = Model::load(&path).unwrap_err().to_string();
    assert!(message.contains("huge.safetensors") && message.contains("1099511627776"), "{message}");
}

#[test]
fn a_missing_file_is_named() {
    let error = Model::load(Path::new("/no/such/model.safetensors")).unwrap_err();
    assert!(matches!(error, CheckpointError::Io { .. }) && error.to_string().contains("/no/such/model.safetensors"));
    assert!(Model::load(TempDir::new().unwrap().path()).is_err(), "a folder is no model");
}

#[test]
fn wrong_tensors_are_named() {
    let dtype = changed(|parts| parts.tensor("c1.weight").1 = Dtype::I32);
    assert_eq!(dtype, "tensor `c1.weight`: expected F32 [6, 1, 5, 5], found I32 [6, 1, 5, 5]");
    let shape = changed(|parts| parts.tensor("f6.weight").2 = vec![120, 84]);
    assert_eq!(shape, "tensor `f6.weight`: expected F32 [84, 120], found F32 [120, 84]");
    let flat = changed(|parts| parts.tensor("s2.bias").2 = vec![6, 1]);
    assert!(flat.starts_with("tensor `s2.bias`: expected F32 [6],"), "{flat}");
    for name in ["c1.weight", "s4.coefficient", "rbf.codes"] {
        let missing = changed(|parts| parts.tensors.retain(|tensor| tensor.0 != name));
        assert!(missing.starts_with(&format!("expected tensor `{name}`")), "{missing}");
        let renamed = changed(|parts| parts.tensor(name).0 = "other".into());
        assert!(renamed.starts_with(&format!("expected tensor `{name}`")) && renamed.contains("other"), "{renamed}");
    }
    assert!(changed(|parts| parts.tensors.clear()).starts_with("expected tensor `c1.weight`"));
}

/// A network with the class "blank" comes back as it was.
#[test]
fn eleven_codes_on_disk() {
    let model = Model { settings: settings(&["alphabet='0123456789 '"]), ..model() };
    let file = model.to_bytes();
    let codes = SafeTensors::deserialize(&file).unwrap().tensor("rbf.codes").unwrap().shape().to_vec();
    let again = Model::from_bytes(&file).unwrap();
    assert_eq!((codes, again.settings.blank_class(), &again.settings), (vec![11, 84], Some(10), &model.settings));
    assert_eq!(again.values, model.values);
}

#[test]
fn numbers_that_are_not_finite_are_refused() {
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let problem = changed(|parts| parts.tensor("c5.bias").3[40..44].copy_from_slice(&value.to_le_bytes()));
        assert!(problem.starts_with("tensor `c5.bias`: expected finite numbers, found NaN or infinity: "), "{problem}");
        assert!(problem.contains("its training diverged") && problem.contains("eta_factor"), "{problem}");
    }
}

/// Finite weights of which no answer would come: with those of any layer, of any network. Rectifiers make 0 of NaN, so that the outputs
/// alone may not show it.
#[test]
fn numbers_that_overflow_are_refused() {
    for preset in ["paper", "lenet1", "lenet4", "lush", "modern", "modern-wide"] {
        let settings = models::preset(preset).unwrap().check().unwrap();
        let network = models::build::<f32>(&settings);
        let model = Model::untrained(settings, Source::Digits);
        assert!(Model::from_bytes(&model.to_bytes()).is_ok(), "{preset}");
        assert!(network.bound(&model.values) < 1e12, "{preset}: no trained network comes near the limit");
        for (tensor, range) in network.layout().iter() {
            let mut values = model.values.clone();
            values[range]
                .iter_mut()
                .enumerate()
                .for_each(|(at, value)| *value = if at % 2 == 0 { 3e38 } else { -3e38 });
            let large = Model {
                settings: model.settings.clone(),
                values,
                optimizer_state: Vec::new(),
                ..model.without_optimizer_state()
            };
            let problem = problem(&large.to_bytes());
            assert!(
                problem.contains(&tensor.name) && problem.contains("too large, the largest in tensor"),
                "{preset}: {problem}"
            );
            assert!(problem.contains("diverged"), "{problem}");
        }
    }
}

/// A run's folder stands for the model in it; of another, the message says what is there.
#[test]
fn a_folder_is_the_model_in_it() {
    let folder = TempDir::new().unwrap();
    let message = |folder: &Path| Model::load(folder).unwrap_err().to_string();
    assert!(message(folder.path()).contains("there is no model.safetensors in this folder; give the path of a model"));
    for name in ["seed-2", "seed-1"] {
        fs::create_dir(folder.path().join(name)).unwrap();
        model().save(&folder.path().join(name).join("model.safetensors")).unwrap();
    }
    let seeds = message(folder.path());
    assert!(seeds.contains("one of these: ") && seeds.find("seed-1") < seeds.find("seed-2"), "{seeds}");
    assert_eq!(Model::load(&folder.path().join("seed-1")).unwrap().values, model().values);
    fs::write(folder.path().join("checkpoint.safetensors"), "").unwrap();
    assert!(message(folder.path()).contains("lenet5 train --resume --out"));
    fs::write(folder.path().join("model.safetensors"), "").unwrap();
    assert!(message(folder.path()).contains("model.safetensors: not a lenet5 model"));
}

#[test]
fn codes_have_to_be_those_of_the_alphabet() {
    let flipped = changed(|parts| parts.tensor("rbf.codes").3[3] ^= 0x80);
    assert_eq!(flipped, "`rbf.codes` differs from the codes of alphabet \"0123456789\"");
    let other = changed(|parts| parts.replace("0123456789", "9876543210"));
    assert_eq!(other, "`rbf.codes` differs from the codes of alphabet \"9876543210\"");
}

#[test]
fn metadata_have_to_hold_acceptable_settings() {
    let key = "expected metadata `lenet5`";
    assert!(changed(|parts| parts.metadata.clear()).contains(key));
    assert!(changed(|parts| parts.metadata = HashMap::from([("other".into(), "1".into())])).contains(key));
    let cases = [
        ("seed = 5", "seed = 5\nmoo = 1", "`moo`"),
        ("seed = 5", "seed = -5", "`seed`"),
        ("mu = 0.02", "mu = -1.0", "`mu`"),
        ("passes = 4", "passes = \"four\"", "metadata `lenet5`"),
        ("passes = 4", "passes = -4", "metadata `lenet5`"),
        ("source = \"digits\"", "source = \"cifar\"", "cifar"),
        ("source = \"digits\"", "", "source"),
        ("[settings", "[other", "settings"),
        ("seed = 5", "seed = ", "metadata `lenet5`"),
    ];
    for (from, to, name) in cases {
        let problem = changed(|parts| parts.replace(from, to));
        assert!(problem.contains(name), "{from} -> {to}: {problem}");
    }
}

/// As `python/lenet5_torch.py` makes models: those of before the preset had the 1/2 keep their meaning.
#[test]
fn a_model_without_the_setting_has_the_distances_of_equation_7() {
    let mut parts = Parts::new();
    parts.replace("distance = \"half\"", "");
    assert_eq!(Model::from_bytes(&FILE).unwrap().settings.distance, Distance::Half);
    assert_eq!(Model::from_bytes(&parts.bytes()).unwrap().settings.distance, Distance::Sum);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// One bit: either there is an error, or all values are finite and at most one differs.
    #[test]
    fn a_flipped_bit_is_refused_or_stays_one_bit(
        in_header: bool, place in any::<prop::sample::Index>(), bit in 0..8_u32,
    ) {
        let mut bytes = FILE.clone();
        bytes[place.index(if in_header { header_size() } else { FILE.len() })] ^= 1 << bit;
        match Model::from_bytes(&bytes) {
            Err(problem) => prop_assert!(!problem.is_empty()),
            Ok(found) => {
                let different = found.values.iter().zip(&model().values).filter(|(a, b)| a != b).count();
                prop_assert!(found.values.len() == 60_000 && different <= 1, "{} values differ", different);
                prop_assert!(found.values.iter().all(|value| value.is_finite()));
            }
        }
    }
}

fn trained() -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut run = Run::create(folder.path(), settings(&["passes=2"]), &dataset(Source::Digits)).unwrap();
    assert_eq!(run.train(&dataset(Source::Digits), &mut ()).unwrap(), Outcome::Finished);
    folder
}

/// Why the run cannot be resumed with this file as it is here, or without it.
fn resume_with(name: &str, contents: Option<&[u8]>) -> String {
    let folder = trained();
    let path = folder.path().join(name);
    match contents {
        Some(contents) => fs::write(&path, contents).unwrap(),
        None => fs::remove_file(&path).unwrap(),
    }
    Run::resume(folder.path(), None).expect_err("a broken run").to_string()
}

#[test]
fn a_run_is_resumed_where_it_was_interrupted() {
    let folder = TempDir::new().unwrap();
    let data = dataset(Source::Digits);
    let mut run = Run::create(folder.path(), settings(&["passes=4"]), &data).unwrap();
    assert_eq!(run.train(&data, &mut StopAt(3, 7)).unwrap(), Outcome::Stopped);
    drop(run);
    let mut run = Run::resume(folder.path(), None).unwrap();
    assert_eq!(run.records().len(), 2);
    assert_eq!(run.train(&data, &mut ()).unwrap(), Outcome::Finished);

    let whole = TempDir::new().unwrap();
    Run::create(whole.path(), settings(&["passes=4"]), &data).unwrap().train(&data, &mut ()).unwrap();
    let model = |folder: &TempDir| fs::read(folder.path().join("model.safetensors")).unwrap();
    assert!(model(&folder) == model(&whole), "the same bits as without the interruption");
    assert_eq!(read_table::<PassRecord>(&folder.path().join("metrics.csv")).unwrap().len(), 4);
}

#[test]
fn a_folder_without_a_run_is_not_resumed() {
    let folder = TempDir::new().unwrap();
    let error = Run::resume(folder.path(), None).unwrap_err();
    assert!(matches!(error, RunError::Missing(_)) && error.to_string().contains("config.toml"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "and stays empty");
    assert!(matches!(Run::resume(&folder.path().join("none"), None), Err(RunError::Missing(_))));
}

#[test]
fn a_run_with_a_broken_configuration_is_not_resumed() {
    for (text, name) in [("passes = ", "config.toml"), ("moo = 1", "`moo`"), ("mu = -1.0", "`mu`"), ("j = true", "`j`")]
    {
        let message = resume_with("config.toml", Some(text.as_bytes()));
        assert!(message.contains(name), "{text}: {message}");
    }
    assert!(resume_with("config.toml", Some(b"seed = 1 # \xff\xfe")).contains("config.toml"));
    assert!(matches!(Run::resume(trained().path(), Some(0)), Err(RunError::Config(_))), "0 passes");
}

/// Only the number of passes may change between two parts of a run.
#[test]
fn a_run_with_other_settings_is_not_resumed() {
    for other in ["distance=sum", "alphabet=ABCDEFGHIJ", "dataset=mnist", "seed=2"] {
        let config = settings(&["passes=2", "dataset=digits", other]).to_toml();
        let message = resume_with("config.toml", Some(config.as_bytes()));
        assert!(message.contains("these settings are not those"), "{other}: {message}");
    }
}

#[test]
fn a_run_with_a_broken_checkpoint_is_not_resumed() {
    for contents in [None, Some(&b""[..]), Some(&b"no model"[..]), Some(&FILE[..FILE.len() - 1])] {
        let message = resume_with("checkpoint.safetensors", contents);
        assert!(message.contains("checkpoint.safetensors"), "{message}");
    }
    // A good model, but of more passes than there are rows.
    let folder = trained();
    let path = folder.path().join("checkpoint.safetensors");
    let ahead = Model { passes: 4, ..Model::load(&path).unwrap() };
    ahead.save(&path).unwrap();
    let message = Run::resume(folder.path(), Some(4)).expect_err("two rows for four passes").to_string();
    assert!(message.contains("4 passes"), "{message}");
}

#[test]
fn a_run_with_broken_metrics_is_not_resumed() {
    let folder = trained();
    let text = fs::read_to_string(folder.path().join("metrics.csv")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3);
    let [header, first, second] = [lines[0], lines[1], lines[2]];
    let broken = [
        String::new(),
        format!("{header}\n"),
        format!("{header}\n{first}\n"),
        format!("{header}\n{second}\n{first}\n"),
        format!("{header}\n{first}\n{}\n", &second[..second.len() / 2]),
        format!("{header}\n{first}\n{}\n", second.replacen('2', "two", 1)),
        format!("{}\n{first}\n{second}\n", header.replacen("test_loss", "moo", 1)),
        format!("{}\n{first}\n{second}\n", header.replacen("test_errors", "moo", 1)),
        format!("{}\n{first}\n{second}\n", header.replace("test_", "moo_")),
    ];
    for text in broken {
        let message = resume_with("metrics.csv", Some(text.as_bytes()));
        assert!(message.contains("metrics.csv"), "{text}: {message}");
    }
    assert!(resume_with("metrics.csv", Some(b"\xff\xfe\0")).contains("metrics.csv"));
    assert!(resume_with("metrics.csv", None).contains("metrics.csv"));
}

#[test]
fn a_run_keeps_its_folder_and_its_data_to_itself() {
    let folder = trained();
    let before = fs::read(folder.path().join("config.toml")).unwrap();
    let again = Run::create(folder.path(), settings(&[]), &dataset(Source::Digits)).unwrap_err();
    assert!(matches!(again, RunError::Occupied { what: "a run", .. }), "{again}");
    assert_eq!(fs::read(folder.path().join("config.toml")).unwrap(), before);

    let mut run = Run::resume(folder.path(), Some(3)).unwrap();
    let busy = Run::resume(folder.path(), None).unwrap_err();
    assert!(matches!(busy, RunError::Busy { .. }), "{busy}");
    #[cfg(unix)] // Windows lets nobody else read a file that is locked.
    assert!(busy.to_string().contains(&format!("process {} on ", std::process::id())), "{busy}");
    let other = run.train(&dataset(Source::Mnist), &mut ()).unwrap_err().to_string();
    assert!(other.contains("trained on digits, but the data at hand are mnist"), "{other}");

    let files = TempDir::new().unwrap();
    fs::write(files.path().join("notes.txt"), "mine").unwrap();
    let occupied = Run::create(files.path(), settings(&[]), &dataset(Source::Digits)).unwrap_err();
    assert!(matches!(occupied, RunError::Occupied { what: "files", .. }), "{occupied}");
}
