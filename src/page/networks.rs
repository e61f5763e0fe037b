//! The networks to choose from, with their layers and connections.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use serde::Serialize;
use serde_json::{Value, json};

use super::refusal::Refusal;
use crate::applications::reader::Reader;
use crate::config::{Config, Settings};
use crate::data::Source;
use crate::models;
use crate::network::{Hidden, Network};
use crate::picture::{FRAME, Form};
use crate::runs::checkpoint::Model;

/// A network that comes with the program.
struct Shipped {
    name: &'static str,
    title: &'static str,
    about: &'static str,
    preset: &'static str,
}

/// The networks in the order of the page.
const SHIPPED: [Shipped; 3] = [
    Shipped {
        name: "lenet5",
        title: "LeNet-5 (1998)",
        about: "Sum-pooling with trainable coefficients, scaled tanh, the sparse C3 table, and RBF outputs that compare F6 with a picture of each digit.",
        preset: "tuned-rubbish",
    },
    Shipped {
        name: "modern",
        title: "modern LeNet",
        about: "What is called LeNet today: ReLU, max-pooling, a full C3, and softmax over ten scores.",
        preset: "modern",
    },
    Shipped {
        name: "lenet1",
        title: "LeNet-1 (1989)",
        about: "The ancestor: 2,578 parameters, digits reduced to 16x16, ten squashed outputs.",
        preset: "lenet1",
    },
];

/// Name and sentence of a network of the user's own, which has the first place.
const OWN: (&str, &str) = ("own", "The network that the model's own declaration describes.");

/// The sentence about a network for a user's own classes.
const OWN_DATA: &str = "Trained on data of your own: it reads pictures and drawings as a whole, as predict does, and knows their classes alone.";

/// Name and sentence of the network that was trained on the page.
const TRAINED: (&str, &str) = ("trained", "The network that you have trained on this page.");

/// The networks, each for one question at a time.
#[derive(Debug)]
pub struct Networks {
    all: RwLock<Vec<Arc<Entry>>>,
}

/// A network; its reader is none as long as it has no weights.
#[derive(Debug)]
pub struct Entry {
    form: Option<Form>,
    reader: Mutex<Option<Reader>>,
    /// Its weights as they were given, once some of them have been nudged, and how often.
    nudged: Mutex<Option<(Vec<f32>, usize)>>,
    about: About,
}

/// What the page knows of a network without its weights.
#[derive(Debug, Serialize, Clone)]
pub struct About {
    name: String,
    title: String,
    about: String,
    /// True if it reads pictures as a whole, for classes of the user's own, and no digits.
    whole: bool,
    /// Rows and columns of the images that it reads.
    height: usize,
    width: usize,
    classes: Vec<String>,
    codes: Option<Vec<Vec<i8>>>,
    layers: Vec<LayerShape>,
}

#[derive(Debug, Serialize, Clone)]
struct LayerShape {
    name: String,
    maps: usize,
    height: usize,
    width: usize,
    kernel: Option<usize>,
    stride: usize,
    inputs: Vec<Vec<usize>>,
}

impl Networks {
    /// Those that come with the program, without weights.
    pub fn new() -> Self {
        Self::of(SHIPPED.iter().map(|shipped| {
            let about = About::new((shipped.name, shipped.title.into(), shipped.about), &shipped.untrained());
            Entry { form: None, reader: Mutex::new(None), nudged: Mutex::new(None), about }
        }))
    }

    /// This model as LeNet-5, and the other networks that come with the program; beside a model for classes of the user's own, which
    /// digits are not, no other.
    pub fn complete(lenet5: Model) -> Self {
        let shown = if lenet5.own_data.is_some() { 1 } else { SHIPPED.len() };
        let mut lenet5 = Some(lenet5);
        Self::of(SHIPPED.iter().take(shown).map(|shipped| {
            let model = lenet5.take_if(|_| shipped.name == "lenet5").or_else(|| Model::pretrained_as(shipped.name));
            let model = model.expect("all others come with the program");
            Entry::new(shipped.told(&model), &model).expect("checked when the model was read")
        }))
    }

    fn of(entries: impl Iterator<Item = Entry>) -> Self {
        Self { all: RwLock::new(entries.map(Arc::new).collect()) }
    }

    /// Gives the shipped network of this name its weights.
    ///
    /// # Errors
    /// If there is no such network.
    pub fn give(&self, name: &str, model: &Model) -> Result<(), Refusal> {
        let shipped = SHIPPED.iter().find(|shipped| shipped.name == name).ok_or_else(unknown)?;
        self.put(Entry::new(shipped.told(model), model)?);
        Ok(())
    }

    /// `networks/trained`: takes the bytes of a `model.safetensors` as the network that was trained on the page, in place of an earlier one.
    ///
    /// # Errors
    /// If it is no model of a network for digits.
    pub fn keep(&self, bytes: &[u8]) -> Result<Value, Refusal> {
        let model = Model::from_bytes(bytes).map_err(Refusal::unreadable)?;
        let input = model.network().input();
        if input.maps != 1 || input.height < FRAME || input.width < FRAME || model.own_data.is_some() {
            return Err(Refusal::unreadable("expected a network that reads digits"));
        }
        let title = format!("trained here: {}, pass {}", model.settings.label(), model.passes);
        self.put(Entry::new((TRAINED.0, title.clone(), TRAINED.1), &model)?);
        Ok(json!({ "name": TRAINED.0, "title": title }))
    }

    /// Puts an entry in the place of the one of its name, or at the end.
    fn put(&self, entry: Entry) {
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        match all.iter_mut().find(|each| each.about.name == entry.about.name) {
            Some(place) => *place = entry.into(),
            None => all.push(entry.into()),
        }
    }

    fn entries(&self) -> Vec<Arc<Entry>> {
        self.all.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The network of this name; a model of the user's own is also `lenet5`, whose place it has.
    ///
    /// # Errors
    /// If there is no such network.
    pub fn find(&self, name: &str) -> Result<Arc<Entry>, Refusal> {
        let all = self.entries();
        let named = all.iter().find(|network| network.about.name == name);
        named.or(all.first().filter(|_| name == "lenet5")).cloned().ok_or_else(unknown)
    }

    /// How the first network reads pictures, where it is for a user's own classes; `None` where it looks for a digit in them.
    pub fn form(&self) -> Option<Form> {
        self.entries()[0].form
    }

    /// `networks`
    pub fn list(&self) -> Value {
        let entries = self.entries();
        let all: Vec<&About> = entries.iter().map(|network| &network.about).collect();
        json!({ "networks": all })
    }
}

fn unknown() -> Refusal {
    Refusal::not_found("there is no network of this name")
}

impl Shipped {
    /// The network before training, to be told of.
    fn untrained(&self) -> Model {
        let settings: Settings = models::preset(self.preset).and_then(Config::check).expect("a preset");
        Model::untrained(settings, Source::Mnist)
    }

    /// Name, title and sentence of a model in this place.
    fn told(&self, model: &Model) -> (&'static str, String, &'static str) {
        let declared = model.settings.network.declaration();
        match (&model.own_data, declared) {
            (Some(_), None) => (OWN.0, format!("preset {}", model.settings.preset), OWN_DATA),
            (Some(_), Some(own)) => (OWN.0, own.name.clone(), OWN_DATA),
            (None, Some(own)) => (OWN.0, own.name.clone(), OWN.1),
            (None, None) => (self.name, self.title.into(), self.about),
        }
    }
}

impl Entry {
    fn new(told: (&str, String, &str), model: &Model) -> Result<Self, Refusal> {
        let reader = Reader::new(model).map_err(Refusal::unreadable)?;
        let (form, about, reader) = (form(model), About::new(told, model), Mutex::new(Some(reader)));
        Ok(Self { form, reader, nudged: Mutex::new(None), about })
    }

    /// How it reads pictures as a whole; `None` where it looks for a digit in them.
    pub fn form(&self) -> Option<Form> {
        self.form
    }

    /// What its reader makes of something, for one question at a time.
    ///
    /// # Errors
    /// If it has no weights yet.
    pub fn read<T>(&self, read: impl FnOnce(&mut Reader) -> T) -> Result<T, Refusal> {
        // A panic leaves no wrong state behind: each reading overwrites the input.
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        reader.as_mut().map(read).ok_or_else(|| Refusal::new(409, "the weights of this network have not been given"))
    }

    /// Adds `by` to weight `at`; what it is then, and how many nudges there have been since the last [restoring](Self::restore).
    ///
    /// # Errors
    /// If it has no weights yet.
    pub fn nudge(&self, at: usize, by: f32) -> Result<(f32, usize), Refusal> {
        let mut nudged = self.nudged.lock().unwrap_or_else(PoisonError::into_inner);
        self.read(|reader| {
            let mut values = reader.values().to_vec();
            let (_, count) = nudged.get_or_insert_with(|| (values.clone(), 0));
            *count += 1;
            values[at] += by;
            reader.load_values(&values);
            (values[at], *count)
        })
    }

    /// Gives back the weights as they were before the first nudge.
    pub fn restore(&self) {
        let mut nudged = self.nudged.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((values, _)) = nudged.take() {
            let _ = self.read(|reader| reader.load_values(&values)); // nudged, and so it has weights
        }
    }
}

/// How a model for a user's own classes reads pictures; `None` of one for digits.
fn form(model: &Model) -> Option<Form> {
    let own = model.own_data.as_ref()?;
    Some(Form { channels: own.channels, frame: (own.height, own.width), transpose: false })
}

impl About {
    /// What there is to say of a model with this name, title and sentence.
    pub fn new((name, title, about): (&str, String, &str), model: &Model) -> Self {
        let (form, network) = (form(model), model.network());
        let (height, width) = form.map_or((FRAME, FRAME), |form| form.frame);
        Self {
            name: name.into(),
            title,
            about: about.into(),
            whole: form.is_some(),
            height,
            width,
            classes: model.class_names(),
            codes: code_rows(model, &network),
            layers: layers(&network),
        }
    }
}

/// The code of each class, where the network has RBF units.
fn code_rows(model: &Model, network: &Network<f32>) -> Option<Vec<Vec<i8>>> {
    let has_codes = !network.constants().is_empty();
    has_codes.then(|| model.settings.codes().iter().map(|code| code.to_vec()).collect())
}

fn layers(network: &Network<f32>) -> Vec<LayerShape> {
    let shapes = network.shapes(network.input()).expect("checked when the network was made");
    let layer = |hidden: &Hidden| {
        let (shape, field) = (shapes[hidden.state], hidden.field.clone());
        let (kernel, stride) = field.as_ref().map_or((None, 1), |field| (Some(field.size), field.step));
        let inputs = field.map_or_else(Vec::new, |field| field.inputs);
        LayerShape {
            name: hidden.name.clone(),
            maps: shape.maps,
            height: shape.height,
            width: shape.width,
            kernel,
            stride,
            inputs,
        }
    };
    network.hidden().iter().map(layer).collect()
}
