//! The figures that the paper prints, and those of the networks that it compares LeNet-5 with.

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/settings.rs"]
mod settings;

mod codes;
mod family;
mod statements;
