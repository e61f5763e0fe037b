//! The page of `lenet5 demo`: a server for this machine alone, with everything that it serves inside the program.

mod asking;
mod connections;
mod files;
mod refusing;
mod runs;
mod server;
mod workers;

pub use server::{Content, Server};
