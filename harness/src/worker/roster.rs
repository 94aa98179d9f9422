//! Which engines run which case: lists of names, drawn from by the case's number.

use crate::engine::Engine;
use crate::engines;
use crate::rng::Rng;
use anyhow::{Result, ensure};
use lightbeam::MemoryBase;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::rc::Rc;
use std::str::FromStr;

/// Names of engines, separated by commas; each may begin with its share and a `*`: `4*lightbeam,lightbeam:plain`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster(String);

impl Roster {
    /// Our engine as embedders get it about half of the time, and its other configurations in turn.
    const OURS: &'static str = "5*lightbeam,lightbeam:plain,lightbeam:baseline,lightbeam:plain+baseline,lightbeam:pieces,lightbeam:microwasm,lightbeam:jobs=2";
    /// What is added to these where the machine permits it.
    const SEGMENT: &'static str = ",lightbeam:segment";
    /// The oracles: Cranelift at two levels, Winch for what has no references, wasmi, which is a third of their price,
    /// our interpreter, which shares the front end and is not much dearer, and now and then ours on a module that was
    /// rewritten to mean the same.
    #[cfg(feature = "wasmi")]
    pub const ORACLES: &'static str = "5*cranelift,8*cranelift-none,8*winch/cranelift-none,16*wasmi,8*microwasm,mutant";
    /// The oracles of a build without wasmi.
    #[cfg(not(feature = "wasmi"))]
    pub const ORACLES: &'static str = "8*cranelift,12*cranelift-none,12*winch/cranelift-none,9*microwasm,mutant";

    /// Our engine in the configurations that this machine can run.
    pub fn ours() -> Roster {
        let segment = if MemoryBase::Segment.is_permitted() { Roster::SEGMENT } else { "" };
        Roster(format!("{}{segment}", Roster::OURS))
    }

    /// The names with their shares.
    ///
    /// # Errors
    ///
    /// If there is none, or if a share is no number or 0.
    pub fn names(&self) -> Result<Vec<(u64, &str)>> {
        let share = |entry| match str::split_once(entry, '*') {
            Some((share, name)) => Ok((share.trim().parse()?, name.trim())),
            None => Ok((1, entry.trim())),
        };
        let names =
            self.0.split(',').filter(|entry| !entry.trim().is_empty()).map(share).collect::<Result<Vec<_>>>()?;
        ensure!(!names.is_empty(), "no engine is named");
        ensure!(names.iter().all(|(share, _)| *share > 0), "a share of nothing in `{self}`");
        Ok(names)
    }

    /// The engine that runs the case with this number of a seed. `salt` tells rosters apart.
    ///
    /// # Errors
    ///
    /// As [`Roster::names`].
    pub fn draw(&self, seed: u64, number: u64, salt: u64) -> Result<&str> {
        let names = self.names()?;
        let mut left = Rng::new(seed ^ salt, number).below(names.iter().map(|(share, _)| share).sum());
        for (share, name) in &names {
            if left < *share {
                return Ok(name);
            }
            left -= share;
        }
        Ok(names[0].1)
    }

    /// Makes each engine once, which finds names that are wrong.
    ///
    /// # Errors
    ///
    /// If there is no engine of a name, or if it cannot run here.
    pub fn check(&self) -> Result<()> {
        self.names()?.iter().try_for_each(|(_, name)| engines::by_name(name).map(drop))
    }
}

impl FromStr for Roster {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Roster> {
        let roster = Roster(text.to_string());
        roster.names()?;
        Ok(roster)
    }
}

impl fmt::Display for Roster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Engines that are made when they are first needed, and kept.
#[derive(Default)]
pub struct Stable {
    engines: Vec<(String, Rc<dyn Engine>)>,
}

impl Stable {
    /// The engine of this name.
    ///
    /// # Errors
    ///
    /// As [`engines::by_name`].
    pub fn ready(&mut self, name: &str) -> Result<Rc<dyn Engine>> {
        if let Some((_, engine)) = self.engines.iter().find(|(known, _)| known == name) {
            return Ok(engine.clone());
        }
        let engine: Rc<dyn Engine> = engines::by_name(name)?.into();
        self.engines.push((name.to_string(), engine.clone()));
        Ok(engine)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_kept() {
        let roster: Roster = "3*lightbeam, cranelift".parse().expect("it is well-formed");
        let drawn = (0..4000).filter(|number| roster.draw(1, *number, 2).expect("names") == "lightbeam").count();
        assert!((2800..3200).contains(&drawn), "{drawn}");
        assert!("".parse::<Roster>().is_err() && "0*winch".parse::<Roster>().is_err());
        let oracles: Roster = Roster::ORACLES.parse().expect("it is well-formed");
        for shipped in [Roster::ours(), oracles] {
            shipped.check().expect("they are all known");
        }
    }
}
