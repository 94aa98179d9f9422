//! The command line of Lightbeam.

use clap::Parser;
use lightbeam_harness::cli::Cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    Cli::parse().run()
}
