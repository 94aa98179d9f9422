//! `lightbeam bench bombs`: growth of compile time over families of compiler bombs, as a table, a report and a plot.

use super::bench::Measured;
use super::interrupt::{Interrupt, remark};
use super::{FOUND, progress, say};
use crate::bench::bombs::{plot, report, run as measure};
use anyhow::{Context, Result, ensure};
use std::path::Path;

pub use crate::bench::bombs::Options;

/// Carries out the command. The report and its plot are written when all families are measured.
///
/// # Errors
///
/// If a file cannot be written, nothing is left to measure, or a process cannot be started.
pub(super) fn run(options: &Options, report_file: &Path, to: &Measured<'_>) -> Result<u8> {
    let families = options.families().len();
    ensure!(families > 0, "nothing to measure: no family's name contains {:?}", options.only);
    ensure!(options.scales.is_sorted_by(|a, b| a < b) && !options.scales.is_empty(), "sizes must grow");
    let bar = progress::bar((families * options.engines().len()) as u64, "curves");
    let mut started = 0;
    let interrupt = Interrupt::watch()?;
    let measured = measure(options, &interrupt.flag(), |family, engine| {
        bar.set_position(started);
        bar.set_message(format!("{family} {engine}"));
        started += 1;
    })?;
    bar.finish_and_clear();

    let mut text = String::new();
    report::print(&measured, &mut text).context("a table cannot be printed")?;
    say(text.trim_end());
    if options.only.is_empty() && !measured.interrupted {
        let plot_file = report_file.with_extension("svg");
        plot::draw(&measured, &plot_file)?;
        let plot_name = plot_file.file_name().context("the report is no file")?.to_string_lossy();
        let mut markdown = String::new();
        report::markdown(&measured, &plot_name, &mut markdown).context("a report cannot be printed")?;
        std::fs::write(report_file, markdown).with_context(|| format!("cannot write {}", report_file.display()))?;
    }
    let worse = to.done(&measured)?;
    let broken: Vec<&str> = measured.broken().map(|row| row.family).collect();
    for family in &broken {
        say(format_args!("broken: {family}"));
    }
    let (done, early) = (measured.rows.len(), remark(measured.interrupted));
    say(format_args!("bombs: {done} families of {families}, {} broken{early}", broken.len()));
    Ok(if broken.is_empty() { worse } else { FOUND })
}
