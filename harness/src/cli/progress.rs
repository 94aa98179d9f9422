//! A progress bar on a terminal, nothing elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::Duration;

/// A bar that counts to `total`, hidden when standard error is not a terminal.
///
/// # Panics
///
/// Never: the template is a constant.
pub fn bar(total: u64, unit: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), target());
    let template =
        format!("{{elapsed_precise}} [{{bar:40}}] {{pos}}/{{len}} {unit}, {{per_sec}}, {{eta}} left {{msg}}");
    bar.set_style(ProgressStyle::with_template(&template).expect("the template is well-formed"));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// A bar over seconds, with a message for the rate.
///
/// # Panics
///
/// Never: the template is a constant.
pub fn clock(seconds: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(seconds), target());
    let template = "{elapsed_precise} [{bar:40}] {eta} left, {msg}";
    bar.set_style(ProgressStyle::with_template(template).expect("the template is well-formed"));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn target() -> ProgressDrawTarget {
    if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() }
}
