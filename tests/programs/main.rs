//! The programs as their users meet them: `lenet5` on the command line and in a browser, `reproduce`, and Python beside them.

#![cfg(feature = "app")]

#[path = "../common/real_mnist.rs"]
mod real_mnist;
#[cfg(unix)]
mod signals;

mod cli;
mod demo;
mod python;
mod reproduce;
