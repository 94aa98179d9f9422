//! Ctrl-C and SIGTERM as a wish to end: what has begun is finished, if that takes no longer than moments, and reported. A
//! second one ends at once.

use anyhow::{Context, Result};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether somebody wants the run to end.
#[derive(Debug, Clone)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// From now on, the first such signal is only remembered.
    ///
    /// # Errors
    ///
    /// If the operating system refuses to tell.
    pub fn watch() -> Result<Interrupt> {
        let wished = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // In this order: it asks whether there was one before.
            flag::register_conditional_default(signal, wished.clone()).context("signals cannot be watched")?;
            flag::register(signal, wished.clone()).context("signals cannot be watched")?;
        }
        Ok(Interrupt(wished))
    }

    /// What is true after the first signal.
    pub fn flag(&self) -> Arc<AtomicBool> {
        self.0.clone()
    }

    /// Whether there was a signal.
    pub fn wished(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What the last line of a run says of one that was ended.
pub fn remark(interrupted: bool) -> &'static str {
    if interrupted { ", interrupted" } else { "" }
}
