//! `lenet5`: train, test and use the network of 1998 from the command line.

mod app;

fn main() -> std::process::ExitCode {
    app::cli::main()
}
