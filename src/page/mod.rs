//! The questions of the page and their answers: the same for `lenet5 demo`, whose server passes them on, and for a page without a
//! server, in WebAssembly.
//!
//! A question is a path, a query as in an address, and a body of bytes; an answer is JSON or bytes.
//!
//! ```
//! use lenet5::data::digits;
//! use lenet5::page::{Answer, Digits, Page};
//!
//! let page = Page::complete(lenet5::runs::checkpoint::Model::pretrained(), Digits { images: digits::load().test, mnist: false });
//! let Answer::Json(text) = page.ask("digits/7", "", &[])? else { panic!("JSON") };
//! assert!(text.contains("\"index\":7"));
//! assert_eq!(page.ask("digits/9999", "", &[]).unwrap_err().status, 404);
//! # Ok::<(), lenet5::page::Refusal>(())
//! ```

mod answer;
mod digits;
mod inside;
mod line;
mod networks;
mod picture;
mod rectangle;
mod refusal;
mod see;
mod training;

#[cfg(test)]
mod tests;

pub use answer::Answer;
pub use digits::Digits;
pub use refusal::Refusal;

use self::answer::parameters;
use self::line::Readers;
use self::networks::Networks;
use self::picture::Decoders;
use self::training::Training;
use crate::data::Dataset;
use crate::runs::checkpoint::Model;

/// The most bytes of a drawing: 1024 x 1024 pixels.
pub const MOST_OF_A_DRAWING: usize = 1 << 20;
/// The most bytes of a file: it is in memory as a whole.
pub const MOST_OF_A_FILE: usize = 64 << 20;

/// The page's networks, digits and training, for questions from several threads.
#[derive(Debug)]
pub struct Page {
    networks: Networks,
    readers: Readers,
    digits: Digits,
    training: Training,
    decoders: Option<Decoders>,
}

impl Page {
    /// A page whose networks have no weights yet: they are [given](Self::give). It is asked about pictures that are decoded already, by
    /// [`Readings::to_levels`](crate::picture::Readings::to_levels) and their width and height, so that its program has no decoders in it.
    pub fn new(digits: Digits) -> Self {
        Self {
            networks: Networks::new(),
            readers: Readers::new(),
            digits,
            training: Training::default(),
            decoders: None,
        }
    }

    /// A page with the networks that come with the program, and this one as LeNet-5; where this one is for a user's own classes, alone.
    pub fn complete(lenet5: Model, digits: Digits) -> Self {
        let shipped = |name| Model::pretrained_as(name).expect("it comes with the program");
        let page = Self {
            networks: Networks::complete(lenet5),
            readers: Readers::new(),
            digits,
            training: Training::default(),
            decoders: Some(Decoders::ALL),
        };
        page.readers.give_lenet5(&Model::pretrained());
        page.readers.give_strings(&shipped("strings"));
        page
    }

    /// This page, whose networks can be trained on MNIST, too.
    pub fn with_mnist(mut self, mnist: Dataset) -> Self {
        self.training = Training::with_mnist(mnist);
        self
    }

    /// Gives the network of this name its weights, the bytes of a `model.safetensors`: `lenet5`, `modern`, `lenet1`; `strings` for lines.
    ///
    /// # Errors
    /// If there is no such network, or the bytes are no model of it.
    pub fn give(&self, name: &str, bytes: &[u8]) -> Result<(), Refusal> {
        let model = Model::from_bytes(bytes).map_err(Refusal::unreadable)?;
        match name {
            "strings" => self.readers.give_strings(&model),
            _ => {
                if name == "lenet5" {
                    self.readers.give_lenet5(&model);
                }
                self.networks.give(name, &model)?;
            }
        }
        Ok(())
    }

    /// The answer to a question.
    ///
    /// # Errors
    /// [`Refusal`] with the reason.
    pub fn ask(&self, path: &str, query: &str, body: &[u8]) -> Result<Answer, Refusal> {
        let form = self.networks.form();
        match path {
            "networks" => Ok(Answer::of(&self.networks.list())),
            "networks/trained" => self.networks.keep(body).map(|kept| Answer::of(&kept)),
            "see" => see::look(&self.networks, parameters(query)?, body).map(|sight| Answer::of(&sight)),
            "scan" => line::scan(&self.readers, parameters(query)?, body).map(|reading| Answer::of(&reading)),
            "picture/digit" => picture::digit(form, self.decoders, query, body).map(|digit| Answer::of(&digit)),
            "picture/line" => {
                picture::line(&self.readers, self.decoders, query, body).map(|reading| Answer::of(&reading))
            }
            "digits" => Ok(Answer::of(&self.digits.list())),
            _ => match path.split_once('/') {
                Some(("digits", index)) => self.digits.digit(index).map(|digit| Answer::of(&digit)),
                Some(("inside", task)) => inside::ask(&self.networks, task, query, body),
                Some(("train", task)) => self.training.ask(task, query, body),
                _ => Err(Refusal::not_found("there is no such page")),
            },
        }
    }
}
