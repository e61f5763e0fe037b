//! The programs as their users meet them: `lenet5` on the command line and in a browser, `lenet5-reproduce`, and Python beside them.

#![cfg(feature = "app")]

#[path = "../common/idx.rs"]
mod idx;
#[path = "../common/metrics.rs"]
mod metrics;
#[path = "../common/program.rs"]
mod program;
#[path = "../common/real_mnist.rs"]
mod real_mnist;
#[path = "../common/server.rs"]
mod server;
#[path = "../common/settings.rs"]
mod settings;
#[cfg(unix)]
mod signals;

mod cli;
mod demo;
mod examples;
mod figures;
mod onnx;
mod package;
mod python;
mod reproduce;
#[cfg(target_os = "linux")]
mod slurm;
