//! The command line of Lightbeam with bugs seeded in the compiler: what `lightbeam mutants` runs.

use clap::Parser;
use lightbeam_harness::cli::Cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    Cli::parse().run()
}
