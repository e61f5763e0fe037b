//! `lenet5`: train, test and use the network of 1998 from the command line.

mod cli;
mod demo;

fn main() -> std::process::ExitCode {
    cli::main()
}
