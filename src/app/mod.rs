//! The program `lenet5`: its commands, and the page of `lenet5 demo`.

pub mod cli;
mod demo;
mod markup;
pub mod package;
