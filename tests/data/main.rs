//! The sets of images: read, verified, downloaded, refused.

#[path = "../common/idx.rs"]
mod idx;
#[cfg(feature = "app")]
#[path = "../common/program.rs"]
mod program;
#[path = "../common/real_mnist.rs"]
mod real_mnist;
#[cfg(feature = "app")]
#[path = "../common/settings.rs"]
mod settings;

mod cifar10;
mod download;
mod features;
mod mnist;
mod own;
mod provenance;
mod qmnist;
mod sets;
