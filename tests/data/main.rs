//! The sets of images: read, verified, downloaded, refused.

#[path = "../common/real_mnist.rs"]
mod real_mnist;

mod cifar10;
mod download;
mod features;
mod mnist;
mod sets;
