//! LeNet-5 exactly as LeCun, Bottou, Bengio and Haffner published it in 1998: "Gradient-Based Learning Applied to Document
//! Recognition", Proceedings of the IEEE 86(11).
//!
//! Trainable-coefficient sum-pooling, the scaled hyperbolic tangent, the sparse C3 table, C5 as a convolution, Euclidean RBF
//! outputs with the fixed 7x12 codes, and stochastic diagonal Levenberg-Marquardt, one pattern at a time. `paper_notes.md`, in
//! the repository, says of each statement of the paper how it is read here, where it stands and which test holds it.
//!
//! # Train it and ask it
//!
//! One pass over the small digits that need no download, then an answer:
//!
//! ```
//! use lenet5::config_file::Builder;
//! use lenet5::data::digits;
//! use lenet5::evaluation::evaluate;
//! use lenet5::training::Trainer;
//!
//! let settings = Builder::default().build()?; // the preset `paper`
//! let dataset = digits::load();
//! let mut trainer = Trainer::<f32>::new(&settings, &dataset);
//! let record = trainer.pass(&mut ()).continue_value().expect("nobody stops it");
//! assert!(record.test_error_percent < 20.0);
//!
//! let values = &trainer.parameters().values;
//! let test = evaluate(trainer.network(), values, settings.loss_function(), &dataset.test);
//! assert_eq!(test.errors(), record.test_errors);
//! # Ok::<(), lenet5::config::ConfigError>(())
//! ```
//!
//! # The house
//!
//! Arrows point one way: [`seeds`] -> [`run`] and [`training`] -> [`evaluation`], [`optimizer`] -> [`models`], [`network`] ->
//! [`layers`] -> [`kernels`], [`maps`]. A layer knows no optimizer; a model knows of the data how it reads pixels.
//!
//! | module | what is in it |
//! |---|---|
//! | [`models`] | LeNet-5, its family and today's variant as declarations |
//! | [`layers`], [`kernels`] | the layers and their three passes; the loops behind them |
//! | [`network`], [`maps`], [`batch`], [`parameters`] | layers in a row; feature maps, of one pattern and of sixteen; the one flat store of parameters |
//! | [`engine`] | a network at work on one pattern, layer by layer or as one piece of code, or on a batch |
//! | [`loss`], [`optimizer`], [`initialisation`] | eqs. 8 and 9; diagonal Levenberg-Marquardt; how parameters start |
//! | [`config`], [`config_file`] | every setting with its source; TOML |
//! | [`data`], [`picture`] | MNIST, the small digits, CIFAR-10, IDX, downloads; a user's own picture |
//! | [`explanation`] | how an answer to a picture came about, as a page |
//! | [`supply`], [`training`], [`evaluation`] | patterns as they are presented; passes over them; error rates, intervals, confusion |
//! | [`boosting`], [`neighbours`] | three networks as one; a network's features and nearest neighbours in place of its last layer |
//! | [`scan`] | strings, read by the network replicated over a wide input |
//! | [`activity`] | the states of all layers for one picture, to be looked at |
//! | [`run`], [`rates`], [`checkpoint`], [`environment`] | a run's folder; its step sizes; models on disk; what computed them |
//! | [`npz`], [`tensorboard`] | a model's tensors for NumPy; a run's metrics for TensorBoard |
//! | [`seeds`], [`statistics`] | runs with several seeds, side by side; their mean and spread |
//! | [`benchmark`] | how fast the training step is, and how fast it could be at most |
//! | [`codes`], [`paper`] | Fig. 3; what the paper reports |
//! | [`plot`], [`sheet`] | charts and pages of small pictures as SVG, for the command line and the experiments |
//! | [`files`], [`interruption`] | files that are never half-written; stopping at a signal |
//! | [`terminal`], [`words`] | text from elsewhere as a terminal may show it; numbers and names as messages have them |

pub mod activity;
pub mod batch;
pub mod benchmark;
pub mod boosting;
pub mod checkpoint;
pub mod codes;
pub mod config;
pub mod config_file;
pub mod data;
pub mod engine;
pub mod environment;
pub mod evaluation;
pub mod explanation;
pub mod files;
pub mod initialisation;
pub mod interruption;
pub mod kernels;
pub mod layers;
pub mod loss;
pub mod maps;
pub mod models;
pub mod neighbours;
pub mod network;
pub mod npz;
pub mod optimizer;
pub mod paper;
pub mod parameters;
pub mod picture;
pub mod plot;
pub mod random;
pub mod rates;
pub mod run;
pub mod scalar;
pub mod scan;
pub mod seeds;
pub mod sheet;
pub mod statistics;
pub mod supply;
pub mod tensorboard;
pub mod terminal;
pub mod training;
pub mod words;
