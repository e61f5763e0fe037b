//! The networks to choose from, with their layers and connections.

use std::sync::{Arc, Mutex};

use axum::Json;
use axum::extract::State;
use lenet5::applications::reader::Reader;
use lenet5::network::{Hidden, Network};
use lenet5::picture::{FRAME, Form};
use lenet5::runs::checkpoint::Model;
use serde::Serialize;

/// Name, title and a sentence about each network, in the order of the page.
const ABOUT: [(&str, &str, &str); 3] = [
    (
        "lenet5",
        "LeNet-5 (1998)",
        "Sum-pooling with trainable coefficients, scaled tanh, the sparse C3 table, and RBF outputs that compare F6 with a picture of each digit.",
    ),
    (
        "modern",
        "modern LeNet",
        "What is called LeNet today: ReLU, max-pooling, a full C3, and softmax over ten scores.",
    ),
    ("lenet1", "LeNet-1 (1989)", "The ancestor: 2,578 parameters, digits reduced to 16x16, ten squashed outputs."),
];

/// Name and sentence of a network of the user's own, which has the first place.
const OWN: (&str, &str) = ("own", "The network that the model's own declaration describes.");

/// The sentence about a network for a user's own classes.
const OWN_DATA: &str = "Trained on data of your own: it reads pictures and drawings as a whole, as predict does, and knows their classes alone.";

/// The networks, each for one request at a time.
pub struct Networks {
    all: Vec<Entry>,
}

pub struct Entry {
    name: &'static str,
    form: Option<Form>,
    reader: Mutex<Reader>,
    about: About,
}

#[derive(Serialize, Clone)]
struct About {
    name: &'static str,
    title: String,
    about: &'static str,
    /// True if it reads pictures as a whole, for classes of the user's own, and no digits.
    whole: bool,
    /// Rows and columns of the images that it reads.
    height: usize,
    width: usize,
    classes: Vec<String>,
    codes: Option<Vec<Vec<i8>>>,
    layers: Vec<LayerShape>,
}

#[derive(Serialize, Clone)]
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
    /// This model as LeNet-5, and the other networks that come with the program; beside a model for classes of the user's own, which
    /// digits are not, no other.
    pub fn new(lenet5: Model) -> Self {
        let shown = if lenet5.own_data.is_some() { 1 } else { ABOUT.len() };
        let mut lenet5 = Some(lenet5);
        let one = |(name, title, about): (&'static str, &str, _)| {
            let model = lenet5.take_if(|_| name == "lenet5").or_else(|| Model::pretrained_as(name));
            let model = model.expect("all others come with the program");
            let reader = Reader::new(&model).expect("checked when the model was read");
            let declared = model.settings.network.declaration();
            let (shown, title, about) =
                declared.map_or((name, title.into(), about), |own| (OWN.0, own.name.clone(), OWN.1));
            let form = form(&model);
            let (shown, title, about) = match (&form, declared) {
                (Some(_), None) => (OWN.0, format!("preset {}", model.settings.preset), OWN_DATA),
                (Some(_), Some(_)) => (shown, title, OWN_DATA),
                (None, _) => (shown, title, about),
            };
            let (height, width) = form.map_or((FRAME, FRAME), |form| form.frame);
            let about = About {
                name: shown,
                title,
                about,
                whole: form.is_some(),
                height,
                width,
                classes: reader.names().to_vec(),
                codes: code_rows(&model),
                layers: layers(reader.network()),
            };
            Entry { name, form, reader: Mutex::new(reader), about }
        };
        Self { all: ABOUT.into_iter().take(shown).map(one).collect() }
    }

    pub fn find(&self, name: &str) -> Option<&Entry> {
        self.all.iter().find(|network| network.name == name || network.about.name == name)
    }
}

/// How a model for a user's own classes reads pictures; `None` of one for digits.
pub fn form(model: &Model) -> Option<Form> {
    let own = model.own_data.as_ref()?;
    Some(Form { channels: own.channels, frame: (own.height, own.width), transpose: false })
}

impl Entry {
    /// How it reads pictures as a whole; `None` where it looks for a digit in them.
    pub fn form(&self) -> Option<Form> {
        self.form
    }

    /// Its reader, for one request at a time.
    pub fn reader(&self) -> std::sync::MutexGuard<'_, Reader> {
        // A panic leaves no wrong state behind: each reading overwrites the input.
        self.reader.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The code of each class, where the network has RBF units.
fn code_rows(model: &Model) -> Option<Vec<Vec<i8>>> {
    let has_codes = !model.network().constants().is_empty();
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

/// `GET /api/networks`
pub async fn list(State(networks): State<Arc<Networks>>) -> Json<serde_json::Value> {
    let all: Vec<&About> = networks.all.iter().map(|network| &network.about).collect();
    Json(serde_json::json!({ "networks": all }))
}
