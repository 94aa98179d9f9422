//! Whether a case still shows the same: in this process, or in one of its own where an engine may die.

use crate::compare::{self, Divergence, Observation};
use crate::engine::Engine;
use crate::plan::Case;
use crate::triage::probe::Prober;
use anyhow::Result;

/// How cases are run.
pub enum Way<'a> {
    /// In this process, which is fast, and ends with the engine.
    Here {
        /// The engine under test.
        engine: &'a dyn Engine,
        /// The oracle.
        oracle: &'a dyn Engine,
    },
    /// Each in a process of its own.
    Apart {
        /// Starts the processes.
        prober: &'a Prober,
        /// The name of the engine under test.
        engine: &'a str,
        /// The name of the oracle.
        oracle: &'a str,
    },
}

impl Way<'_> {
    /// The divergence that a case shows.
    ///
    /// # Errors
    ///
    /// If a process cannot be started.
    pub fn divergence(&self, case: &Case) -> Result<Option<Divergence>> {
        Ok(match self {
            Way::Here { engine, oracle } => compare::run(*engine, *oracle, case).divergence,
            Way::Apart { prober, engine, oracle } => prober.run(engine, oracle, case)?.divergence,
        })
    }
}

/// Whether two divergences may have one cause: what shows a wrong value (a result, a trap, a global, memory) may change
/// as a module shrinks, but death stays death, a refusal a refusal, a panic a panic, and a trap's place a trap's place.
pub fn alike(before: &Divergence, now: &Divergence) -> bool {
    let class = |divergence: &Divergence| {
        let class = match divergence.what {
            Observation::Process => 0,
            Observation::Validity | Observation::Compile => 1,
            Observation::TrapPlace => 2,
            _ => 3,
        };
        (class, divergence.ours.starts_with("panicked"), divergence.oracle.starts_with("panicked"))
    };
    class(before) == class(now)
}
