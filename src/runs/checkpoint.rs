//! Models on disk: safetensors with the network's tensors by name, and what is needed to use them and to train on.

use std::fs;
use std::path::{Path, PathBuf};

use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensors, serialize};
use serde::{Deserialize, Serialize};

use crate::config::{ConfigError, Settings};
use crate::data::{Choice, Dataset, OwnData, Source, cifar10};
use crate::files::{self, advice, write_atomically};
use crate::models;
use crate::models::builder::Builder;
use crate::network::Network;
use crate::network::parameters::Array;
use crate::training::Trainer;
use crate::training::initialisation::initial_values;
use crate::words::terminal::name;

/// The one key of the file's metadata. Its value is a TOML text: the format has an unordered map here, and a single entry is
/// written the same way every time.
const KEY: &str = "lenet5";

const OPTIMIZER_STATE: &str = "optimizer.memory";

/// The largest file that is read, in bytes; a LeNet-5 has about 250,000.
const MAX_SIZE: u64 = 64 << 20;

/// The file of the trained model in a run's folder.
const MODEL: &str = "model.safetensors";

/// The most models of a folder that a message lists.
const LISTED: usize = 5;

/// A trained network: its settings and the values of its parameters.
#[derive(Debug)]
pub struct Model {
    /// The settings it was trained with.
    pub settings: Settings,
    /// The data set that it was trained on.
    pub source: Source,
    /// What is kept of the data, where they are a user's own; `None` for published data.
    pub own_data: Option<OwnData>,
    /// The number of complete passes.
    pub passes: usize,
    /// The parameters, in the order of the network's layout.
    pub values: Vec<f32>,
    /// The state with which training resumes ([`Trainer::optimizer_state`](crate::training::Trainer::optimizer_state));
    /// empty in a model for inference.
    pub optimizer_state: Vec<f32>,
}

#[derive(Serialize, Deserialize)]
struct Metadata {
    version: String,
    source: Source,
    passes: usize,
    // Tables come last in TOML.
    #[serde(skip_serializing_if = "Option::is_none")]
    own_data: Option<OwnData>,
    settings: toml::Table,
}

/// The reason why a model cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// An error of the operating system.
    #[error("{path}: cannot {action}: {reason}{advice}", path = name(path), advice = advice(reason))]
    Io {
        /// The file.
        path: PathBuf,
        /// The action that failed.
        action: &'static str,
        /// The system's error.
        reason: std::io::Error,
    },
    /// The file is not a model.
    #[error("{path}: not a lenet5 model: {problem}", path = name(path))]
    Contents {
        /// The file.
        path: PathBuf,
        /// The expected and the found contents.
        problem: String,
    },
    /// A folder without a model of the name that a run gives it.
    #[error("{path}: there is no {MODEL} in this folder; {advice}", path = name(path))]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Advice in words.
        advice: String,
    },
}

impl Model {
    /// The network of these settings before its first pass, with its initial values.
    pub fn untrained(settings: Settings, source: Source) -> Self {
        let values = initial_values(models::build::<f32>(&settings).layout(), &settings);
        Self { settings, source, own_data: None, passes: 0, values, optimizer_state: Vec::new() }
    }

    /// As [`untrained`](Self::untrained), for training on `dataset`, whose classes the settings have
    /// ([`Settings::for_data`]).
    pub fn untrained_on(settings: Settings, dataset: &Dataset) -> Self {
        Self { own_data: dataset.own_data(), ..Self::untrained(settings, dataset.source) }
    }

    /// The setting `dataset` that names the data that it was trained on.
    pub fn choice(&self) -> Choice {
        if self.source.is_own() { self.settings.dataset.clone() } else { Choice::of(self.source, "") }
    }

    /// The network of `trainer` as it is now, trained on this data set: for a program that trains without a run's folder.
    ///
    /// # Panics
    /// If the trainer's network is not the one of its settings, but one with layers of your own kind
    /// ([`Trainer::with_network`]): the file could not be read.
    pub fn of(trainer: &Trainer<f32>, dataset: &Dataset) -> Self {
        let (settings, values) = (trainer.settings().clone(), trainer.parameters().values.clone());
        let layout = models::build::<f32>(&settings).layout().clone();
        assert_eq!(trainer.network().layout(), &layout, "the network of the settings");
        let optimizer_state = trainer.optimizer_state().to_vec();
        let (source, own_data) = (dataset.source, dataset.own_data());
        Self { settings, source, own_data, passes: trainer.passes(), values, optimizer_state }
    }

    /// The network that the parameters belong to.
    pub fn network(&self) -> Network<f32> {
        models::build(&self.settings)
    }

    /// A copy without optimizer state, for inference.
    pub fn without_optimizer_state(&self) -> Self {
        let (settings, own_data, values) = (self.settings.clone(), self.own_data.clone(), self.values.clone());
        Self { settings, source: self.source, own_data, passes: self.passes, values, optimizer_state: Vec::new() }
    }

    /// The name of each class: its character, or `blank`; for a model trained on CIFAR-10, the kind of thing; for one trained on a
    /// user's own data, the name that it has there.
    pub fn class_names(&self) -> Vec<String> {
        let mut names = self.settings.class_names();
        if self.source == Source::Cifar10 {
            names.iter_mut().zip(cifar10::CLASSES).for_each(|(name, class)| *name = class.into());
        }
        let own = self.own_data.iter().flat_map(|data| &data.classes);
        names.iter_mut().zip(own).for_each(|(name, class)| name.clone_from(class));
        names
    }

    /// Writes the model to `path`, as a whole or not at all. The same model always gives the same bytes.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), CheckpointError> {
        let io = |reason| CheckpointError::Io { path: path.into(), action: "write the model", reason };
        write_atomically(path, &self.to_bytes()).map_err(io)
    }

    /// The tensors by their names in the file: those that are trained, in the order of the network's layout, then
    /// those that are fixed.
    ///
    /// # Panics
    /// If there are not as many values as the network has parameters.
    pub fn tensors(&self) -> Vec<Array<f32>> {
        let network = self.network();
        let trained = network.layout().iter().map(|(tensor, range)| {
            let (name, shape) = (tensor.name.clone(), tensor.shape.clone());
            Array { name, shape, values: self.values[range].to_vec() }
        });
        trained.chain(network.constants()).collect()
    }

    /// The model as the bytes of a safetensors file, little-endian `f32`.
    ///
    /// # Panics
    /// If there are not as many values as the network has parameters.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut tensors = self.tensors();
        if !self.optimizer_state.is_empty() {
            let (shape, values) = (vec![self.optimizer_state.len()], self.optimizer_state.clone());
            tensors.push(Array { name: OPTIMIZER_STATE.into(), shape, values });
        }
        let bytes: Vec<Vec<u8>> = tensors.iter().map(Array::bytes).collect();
        let views = tensors.iter().zip(&bytes).map(|(array, bytes)| {
            let view = TensorView::new(Dtype::F32, array.shape.clone(), bytes).expect("shapes fit the data");
            (array.name.as_str(), view)
        });
        let metadata = Metadata {
            version: env!("CARGO_PKG_VERSION").into(),
            source: self.source,
            passes: self.passes,
            own_data: self.own_data.clone(),
            settings: toml::Table::try_from((*self.settings).clone()).expect("settings are plain values"),
        };
        let text = toml::to_string(&metadata).expect("plain values");
        serialize(views, Some([(KEY.into(), text)].into_iter().collect())).expect("a handful of tensors with names")
    }

    /// Reads the model at `path`, a file or a run's folder.
    ///
    /// # Errors
    /// If the file is missing or not a model, its tensors are not those of the network that its settings describe, or its answers could overflow.
    pub fn load(path: &Path) -> Result<Self, CheckpointError> {
        match Self::load_file(path) {
            Err(_) if path.is_dir() => Self::load_file(&file(path)?),
            loaded => loaded,
        }
    }

    /// Reads the model in the file `path`.
    ///
    /// # Errors
    /// As [`Model::load`].
    pub(crate) fn load_file(path: &Path) -> Result<Self, CheckpointError> {
        let io = |reason| CheckpointError::Io { path: path.into(), action: "read the model", reason };
        let bytes = files::read(path, MAX_SIZE).map_err(io)?;
        Self::from_bytes(&bytes).map_err(|problem| CheckpointError::Contents { path: path.into(), problem })
    }

    /// The model that comes with the program: the preset `tuned-rubbish`, trained on MNIST with distortions and with pictures that show no
    /// digit; of ten seeds the one that reads people's own pictures best (paper_notes.md). `results/pretrained` in the repository.
    ///
    /// # Panics
    /// Never: a test reads it.
    pub fn pretrained() -> Self {
        let bytes = include_bytes!("../../results/pretrained/lenet5.safetensors");
        Self::from_bytes(bytes).expect("a test reads it")
    }

    /// Another model that comes with the program, all in `results/pretrained`: `lenet1` and `modern`, of five seeds the one with the
    /// median test error, or `strings`, the LeNet-5 that reads lines of digits (section VII). `None` for other names.
    ///
    /// # Panics
    /// Never: a test reads them.
    pub fn pretrained_as(name: &str) -> Option<Self> {
        let bytes: &[u8] = match name {
            "lenet1" => include_bytes!("../../results/pretrained/lenet1.safetensors"),
            "modern" => include_bytes!("../../results/pretrained/modern.safetensors"),
            "strings" => include_bytes!("../../results/pretrained/strings.safetensors"),
            _ => return None,
        };
        Some(Self::from_bytes(bytes).expect("a test reads it"))
    }

    /// The model at `path`, or the one that comes with the program.
    ///
    /// # Errors
    /// As [`Model::load`].
    pub fn load_or_pretrained(path: Option<&Path>) -> Result<Self, CheckpointError> {
        path.map_or_else(|| Ok(Self::pretrained()), Self::load)
    }

    /// Reads a model from the bytes of a safetensors file.
    ///
    /// # Errors
    /// A sentence with the expected and the found contents.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let unreadable = |error| format!("expected a safetensors file ({error})");
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(unreadable)?;
        let file = SafeTensors::deserialize(bytes).map_err(unreadable)?;
        let text = header.metadata().as_ref().and_then(|entries| entries.get(KEY));
        let text = text.ok_or_else(|| format!("expected metadata `{KEY}` with the settings, found none"))?;
        let mut metadata: Metadata = toml::from_str(text).map_err(|error| format!("metadata `{KEY}`: {error}"))?;
        let mut builder = Builder::default();
        // Of a file without the setting, as `python/lenet5_torch.py` makes one, the distances are those of eq. 7, whatever the preset's are.
        metadata.settings.entry("distance").or_insert("sum".into());
        let settings = builder.text("metadata", &metadata.settings.to_string()).and_then(|()| builder.build());
        let settings = settings.map_err(|error: ConfigError| error.to_string())?;

        let network = models::build::<f32>(&settings);
        let mut values = Vec::with_capacity(network.layout().size());
        for (tensor, _) in network.layout().iter() {
            values.extend(floats(&file, &tensor.name, &tensor.shape)?);
        }
        for constant in network.constants() {
            if floats(&file, &constant.name, &constant.shape)? != constant.values {
                return Err(format!("`{}` differs from the codes of alphabet {:?}", constant.name, settings.alphabet));
            }
        }
        if let Some(tensor) = network.overflowing(&values) {
            return Err(format!(
                "expected numbers with which every answer is finite, found some that are too large, the largest in tensor \
                 `{tensor}`: its training has diverged; train it again with smaller steps, such as a smaller eta_factor"
            ));
        }
        let size = settings.optimizer_state_size(values.len());
        let has_state = size > 0 && file.tensor(OPTIMIZER_STATE).is_ok();
        let optimizer_state = if has_state { floats(&file, OPTIMIZER_STATE, &[size])? } else { Vec::new() };
        let Metadata { source, own_data, passes, .. } = metadata;
        check_own_data(own_data.as_ref(), &settings)?;
        Ok(Self { settings, source, own_data, passes, values, optimizer_state })
    }
}

/// Checks that the classes of the data are those of the network, and that the images are of a size that it reads.
fn check_own_data(own_data: Option<&OwnData>, settings: &Settings) -> Result<(), String> {
    let Some(OwnData { classes, height, width, .. }) = own_data else { return Ok(()) };
    let (expected, input) = (settings.data_classes(), models::build::<f32>(settings).input());
    if classes.len() != expected {
        return Err(format!("metadata `{KEY}`: expected the names of {expected} classes, found {}", classes.len()));
    }
    if !(1..=input.height).contains(height) || !(1..=input.width).contains(width) {
        let (rows, columns) = (input.height, input.width);
        return Err(format!(
            "metadata `{KEY}`: expected images of at most {rows} x {columns}, found {height} x {width}"
        ));
    }
    Ok(())
}

fn file(path: &Path) -> Result<PathBuf, CheckpointError> {
    let file = path.join(MODEL);
    if files::may_be_file(&file) {
        return Ok(file);
    }
    let is_model =
        |path: &PathBuf| path.join(MODEL).exists() || path.extension().is_some_and(|end| end == "safetensors");
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let mut models: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_model).collect();
    models.sort();
    let advice = if files::may_be_file(&path.join("verdict.toml")) {
        "the training of the run in it diverged before a pass was complete: verdict.toml there says how, and what to try".into()
    } else if models.iter().any(|model| model.ends_with("checkpoint.safetensors")) {
        format!("the run in it goes on, and writes one, by `lenet5 train --resume --out {}`", name(path))
    } else if models.is_empty() {
        "give the path of a model or of a run's folder, as `lenet5 train` writes them".into()
    } else {
        let names: Vec<String> = models.iter().take(LISTED).map(|model| name(model)).collect();
        let more = if models.len() > LISTED { ", ..." } else { "" };
        format!("give the path of one of these: {}{more}", names.join(", "))
    };
    Err(CheckpointError::Folder { path: path.into(), advice })
}

/// The values of tensor `name`, which must be finite `f32` of this shape.
fn floats(file: &SafeTensors<'_>, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
    let tensor =
        file.tensor(name).map_err(|_| format!("expected tensor `{name}` {shape:?}, found {:?}", sorted(file)))?;
    if tensor.dtype() != Dtype::F32 || tensor.shape() != shape {
        let found = (tensor.dtype(), tensor.shape());
        return Err(format!("tensor `{name}`: expected F32 {shape:?}, found {:?} {:?}", found.0, found.1));
    }
    let values: Vec<f32> = tensor.data().as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
    if values.iter().any(|value| !value.is_finite()) {
        return Err(format!(
            "tensor `{name}`: expected finite numbers, found NaN or infinity: its training diverged and cannot go on; train anew in \
             another folder, with a smaller eta_factor"
        ));
    }
    Ok(values)
}

fn sorted<'a>(file: &'a SafeTensors<'_>) -> Vec<&'a str> {
    let mut names = file.names();
    names.sort_unstable();
    names
}
