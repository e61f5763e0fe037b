//! LeNet-5 as LeCun, Bottou, Bengio and Haffner published it in 1998: "Gradient-Based Learning Applied to Document
//! Recognition", Proceedings of the IEEE 86(11).
//!
//! Trainable-coefficient sum-pooling, the scaled hyperbolic tangent, the sparse C3 table, C5 as a convolution, Euclidean RBF
//! outputs with the fixed 7x12 codes, and stochastic diagonal Levenberg-Marquardt, one pattern at a time. `paper_notes.md`, in
//! the repository, says of each statement of the paper how it is read here, where it stands and which test holds it.
//!
//! What the paper leaves open had to be read: the start of weights, biases and S layers, the loss and its j, h of the S coefficients,
//! the ranges of the distortions. Each reading is a setting ([`config`]), and the "Open readings" of `paper_notes.md` say what speaks
//! for it and what against.
//!
//! # Ask it
//!
//! ```
//! # #[cfg(feature = "digits")] {
//! use lenet5::{applications::reader::Reader, data::digits, kernels::maps::Shape, runs::checkpoint::Model};
//!
//! let test = digits::load().test;
//! let answer = Reader::new(&Model::pretrained())?.read(test.image(0), Shape::new(1, 28, 28))?;
//! assert_eq!(answer.class, usize::from(test.labels()[0]));
//! # }
//! # Ok::<(), lenet5::applications::reader::ReadError>(())
//! ```
//!
//! # Train it
//!
//! One pass over the small digits that need no download:
//!
//! ```
//! # #[cfg(feature = "digits")] {
//! use lenet5::{data::digits, models::builder::Builder, training::Trainer};
//!
//! let (settings, dataset) = (Builder::default().build()?, digits::load()); // the preset `paper`
//! let mut trainer = Trainer::<f32>::new(&settings, &dataset);
//! let record = trainer.pass(&mut ()).continue_value().expect("nobody stops it");
//! assert!(record.test_error_percent < 20.0);
//! # }
//! # Ok::<(), lenet5::config::ConfigError>(())
//! ```
//!
//! # The house
//!
//! Arrows point one way, from the last wing to the first: a file uses what is in its own wing and in those above it.
//!
//! | wing | what is in it |
//! |---|---|
//! | [`paper`] | what the paper states: Table I, the codes of Fig. 3, printed errors and curves |
//! | [`kernels`] | numbers, maps, vectors, and the loops over them |
//! | [`network`] | layers, parameters, loss, optimizer; a network, and a network at work |
//! | [`data`] | images as bytes, and how they become a network's input |
//! | [`config`] | every setting, with its range and its source; the declaration of a network |
//! | [`evaluation`] | error, interval, confusion, rejection, McNemar's test, mean and spread, paired tests |
//! | [`models`] | one file a network with its preset; settings laid over a preset |
//! | [`training`] | passes, presentation, initial values, curvature, benchmark |
//! | [`runs`] | a run's folder, checkpoints, seeds, sweeps, comparisons, environment, other programs' formats |
//! | [`picture`] | a user's own picture as the network reads it |
//! | [`applications`] | a reader of images; strings, boosting, nearest neighbours, the states of all layers |
//! | [`page`] | the questions of the page and their answers: what a network does with a drawing, and training step by step |
//! | [`drawing`] | charts and sheets of pictures |
//!
//! On the ground: [`files`] that are never half-written, [`random`] streams, [`words`] of messages, a stopwatch.
//!
//! # In WebAssembly
//!
//! For `wasm32-unknown-unknown`, the core and the features `digits`, `picture` and `page` compile, and training ends in the same bits as elsewhere.
//! There are no signals (`runs::interruption`) and no threads, records of passes have no times, and what reads or writes files gets the
//! system's error that there are none. [`kernels::simd::Level`] says which vectors there are.

#[doc(inline)]
pub use lenet5_paper as paper;

#[doc(inline)]
pub use lenet5_kernels as kernels;

pub mod network;

pub mod data;

pub mod config;

pub mod evaluation;

pub mod models;

pub mod training;

pub mod runs;

#[cfg(feature = "picture")]
pub mod picture;

pub mod applications;

#[cfg(feature = "page")]
pub mod page;

#[cfg(feature = "drawing")]
pub mod drawing;

mod clock;
pub mod files;
pub mod random;
pub mod words;
