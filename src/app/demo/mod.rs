//! The page of `lenet5 demo`: a server for this machine alone, with everything that it serves inside the program.

mod connections;
mod digits;
mod line;
mod networks;
mod page;
mod picture;
mod rectangle;
mod refusal;
mod runs;
mod see;
mod server;
mod workers;

pub use digits::Digits;
pub use server::{Content, Server};
