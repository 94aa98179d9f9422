//! `lightbeam site`: the nightly report as pages.

use super::{FINE, say};
use crate::site;
use anyhow::Result;
use std::path::PathBuf;

/// Makes the pages of a nightly report again
///
/// Writes DIR/index.html and DIR/site/ from DIR/report.json and DIR/history.jsonl, in place of pages that are there.
/// `lightbeam nightly` does the same at its end. The pages need no server and no network. Those of the benchmark programs,
/// in DIR/site/explorer/, show the code that this program makes of them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  lightbeam site nights          then open nights/index.html

Exit codes: 0 written, 2 no report, a newer one, or files.")]
pub struct Args {
    /// The folder of the report
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

/// Carries out the command.
///
/// # Errors
///
/// If there is no report that this program can read, or if pages cannot be written.
pub fn run(args: &Args) -> Result<u8> {
    let pages = site::write(&args.dir)?;
    say(format_args!("site: {pages} pages, {}", args.dir.join(site::INDEX).display()));
    Ok(FINE)
}
