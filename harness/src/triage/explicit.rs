//! A case that says all by itself: one that is run without fuel after a run with fuel becomes one without fuel.

use crate::plan::{Case, Variant};
use crate::reduce::predicate::Judge;
use crate::rewrite::fuel::FuelMode;
use anyhow::Result;

/// The case, with only the calls up to the divergence and with the module as it really ran, if it shows the same then.
///
/// # Errors
///
/// If a process cannot be started.
pub fn explicit(judge: &Judge<'_>, case: Case) -> Result<Case> {
    if case.plan.variant != Variant::Bare {
        return Ok(case);
    }
    let mut bare = case.clone();
    bare.plan.calls.truncate(judge.divergence.call.map_or(case.plan.calls.len(), |call| call + 1));
    (bare.plan.variant, bare.plan.fuel_mode) = (Variant::Fuelled, FuelMode::Off);
    Ok(if judge.shows(&bare)? { bare } else { case })
}
