//! Data sets: images as bytes, where they come from, and how a pass reads them.
//!
//! MNIST is read from the user's folder or downloaded ([`mnist`], [`download`]), in the IDX format ([`idx`]); without it a
//! run uses 1,797 handwritten digits that come with the crate (`digits`, behind the feature of that name). CIFAR-10's colour images
//! and QMNIST's further test digits are read from the user's folder ([`cifar10`], [`qmnist`]). Who wrote MNIST's test digits is known
//! ([`provenance`]). A user's own IDX files are read by [`own`], a program's own arrays by [`Images`] and [`Dataset`]. An image reaches the network as it is ([`encoder`]), smaller ([`reduction`]),
//! distorted ([`distortion`], [`warp`]), or with others beside it ([`flanked`]).

mod centring;
mod choice;
pub mod cifar10;
mod dataset;
pub(crate) mod digest;
#[cfg(feature = "digits")]
pub mod digits;
pub mod distortion;
pub mod download;
pub mod encoder;
mod error;
pub mod flanked;
pub mod idx;
mod images;
mod listing;
pub mod mnist;
pub mod nondigits;
mod open;
pub mod own;
pub mod provenance;
pub mod published;
pub mod qmnist;
mod record;
pub mod reduction;
mod source;
pub mod warp;

pub use centring::centre_by_mass;
pub use choice::Choice;
pub use dataset::{ChannelsError, Dataset, UnfitData};
pub use error::DataError;
pub use images::{Images, ImagesError, MOST_CLASSES};
pub use open::{open, open_at, open_for};
pub use record::OwnData;
pub use source::Source;
