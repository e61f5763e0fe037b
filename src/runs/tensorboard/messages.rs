//! The messages in event files, of TensorFlow, of TensorBoard and of its page of hyper-parameters; of each, only the fields that are
//! written here.

use std::collections::BTreeMap;

use prost::{Message, Oneof};

use super::histogram::Histogram;
use super::kernels::Picture;
use super::logged::Logged;

/// `tensorboard.Event`
#[derive(Clone, PartialEq, Message)]
pub struct Event {
    #[prost(double, tag = "1")]
    pub wall_time: f64,
    #[prost(int64, tag = "2")]
    pub step: i64,
    #[prost(oneof = "Content", tags = "3, 5, 7")]
    pub content: Option<Content>,
}

#[derive(Clone, PartialEq, Oneof)]
pub enum Content {
    #[prost(string, tag = "3")]
    FileVersion(String),
    #[prost(message, tag = "5")]
    Summary(Summary),
    #[prost(message, tag = "7")]
    SessionLog(SessionLog),
}

#[derive(Clone, PartialEq, Message)]
pub struct SessionLog {
    /// 1 for START: events of this step and later ones in earlier files no longer count.
    #[prost(int32, tag = "1")]
    pub status: i32,
}

#[derive(Clone, PartialEq, Message)]
pub struct Summary {
    #[prost(message, repeated, tag = "1")]
    pub value: Vec<Value>,
}

/// `tensorboard.Summary.Value`
#[derive(Clone, PartialEq, Message)]
pub struct Value {
    #[prost(string, tag = "1")]
    pub tag: String,
    /// Optional, so that 0 is written too.
    #[prost(float, optional, tag = "2")]
    pub simple_value: Option<f32>,
    #[prost(message, optional, tag = "4")]
    image: Option<Image>,
    #[prost(message, optional, tag = "5")]
    histogram: Option<Histogram>,
    #[prost(message, optional, tag = "8")]
    tensor: Option<Tensor>,
    #[prost(message, optional, tag = "9")]
    metadata: Option<Metadata>,
}

impl Value {
    pub fn logged(tag: String, logged: Logged) -> Self {
        let value = Self { tag, ..Self::default() };
        match logged {
            Logged::Scalar(number) => Self { simple_value: Some(number as f32), ..value },
            Logged::Histogram(histogram) => Self { histogram: Some(histogram), ..value },
            Logged::Picture(Picture { height, width, png }) => {
                let size = |pixels| i32::try_from(pixels).expect("a small picture");
                Self { image: Some(Image { height: size(height), width: size(width), colorspace: 1, png }), ..value }
            }
        }
    }

    /// A text in Markdown.
    pub fn text(tag: &str, text: &str) -> Self {
        let tensor = Tensor { dtype: DT_STRING, shape: Some(TensorShape {}), strings: vec![text.as_bytes().into()] };
        Self {
            tag: tag.into(),
            tensor: Some(tensor),
            metadata: Some(Metadata::of("text", Vec::new())),
            ..Self::default()
        }
    }

    pub fn session(session: &Session) -> Self {
        let tag = if session.start.is_some() { "_hparams_/session_start_info" } else { "_hparams_/session_end_info" };
        let metadata = Some(Metadata::of("hparams", session.encode_to_vec()));
        Self { tag: tag.into(), metadata, ..Self::default() }
    }
}

#[derive(Clone, PartialEq, Message)]
pub struct Image {
    #[prost(int32, tag = "1")]
    height: i32,
    #[prost(int32, tag = "2")]
    width: i32,
    /// 1 for grey.
    #[prost(int32, tag = "3")]
    colorspace: i32,
    #[prost(bytes = "vec", tag = "4")]
    png: Vec<u8>,
}

/// `DT_STRING`
const DT_STRING: i32 = 7;

#[derive(Clone, PartialEq, Message)]
struct Tensor {
    #[prost(int32, tag = "1")]
    dtype: i32,
    #[prost(message, optional, tag = "2")]
    shape: Option<TensorShape>,
    #[prost(bytes = "vec", repeated, tag = "8")]
    strings: Vec<Vec<u8>>,
}

/// No dimensions: one string.
#[derive(Clone, PartialEq, Message)]
struct TensorShape {}

#[derive(Clone, PartialEq, Message)]
struct Metadata {
    #[prost(message, optional, tag = "1")]
    plugin: Option<Plugin>,
}

impl Metadata {
    fn of(name: &str, content: Vec<u8>) -> Self {
        Self { plugin: Some(Plugin { name: name.into(), content }) }
    }
}

#[derive(Clone, PartialEq, Message)]
struct Plugin {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(bytes = "vec", tag = "2")]
    content: Vec<u8>,
}

/// `tensorboard.hparams.HParamsPluginData`, of version 0: a run begins, or ends.
#[derive(Clone, PartialEq, Message)]
pub struct Session {
    #[prost(message, optional, tag = "3")]
    start: Option<SessionStart>,
    #[prost(message, optional, tag = "4")]
    end: Option<SessionEnd>,
}

impl Session {
    /// A run with these hyper-parameters begins; times are in seconds since 1970.
    pub fn start(time: f64, settings: &toml::Table) -> Self {
        let parameters = settings.iter().map(|(name, value)| (name.clone(), Parameter { kind: Some(Kind::of(value)) }));
        Self { start: Some(SessionStart { parameters: parameters.collect(), time }), end: None }
    }

    /// A run ends.
    pub fn end(time: f64, has_result: bool) -> Self {
        // STATUS_SUCCESS and STATUS_FAILURE.
        let status = if has_result { 1 } else { 2 };
        Self { start: None, end: Some(SessionEnd { status, time }) }
    }
}

#[derive(Clone, PartialEq, Message)]
struct SessionStart {
    #[prost(btree_map = "string, message", tag = "1")]
    parameters: BTreeMap<String, Parameter>,
    #[prost(double, tag = "5")]
    time: f64,
}

#[derive(Clone, PartialEq, Message)]
struct SessionEnd {
    #[prost(int32, tag = "1")]
    status: i32,
    #[prost(double, tag = "2")]
    time: f64,
}

/// `google.protobuf.Value`
#[derive(Clone, PartialEq, Message)]
struct Parameter {
    #[prost(oneof = "Kind", tags = "2, 3, 4")]
    kind: Option<Kind>,
}

#[derive(Clone, PartialEq, Oneof)]
enum Kind {
    #[prost(double, tag = "2")]
    Number(f64),
    #[prost(string, tag = "3")]
    Text(String),
    #[prost(bool, tag = "4")]
    Bool(bool),
}

impl Kind {
    /// Lists and tables as they are written in TOML.
    fn of(value: &toml::Value) -> Self {
        match value {
            toml::Value::Integer(number) => Self::Number(*number as f64),
            toml::Value::Float(number) => Self::Number(*number),
            toml::Value::Boolean(value) => Self::Bool(*value),
            toml::Value::String(text) => Self::Text(text.clone()),
            other => Self::Text(other.to_string()),
        }
    }
}
