//! The mutation score as a table in Markdown.

use super::{Fate, Trial};
use crate::generate::Generator;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::{self, Write};

/// Why a bug that nothing finds is there all the same, by its name: each survivor needs a reason.
const SURVIVORS: &str = include_str!("survivors.toml");

/// What was measured.
#[derive(Debug, Clone, Serialize)]
pub struct Score {
    /// The version of the format.
    pub version: u32,
    /// The bugs with the hunts for them.
    pub bugs: Vec<Fate>,
    /// The hunts for no bug at all: every kill is a mistake of the harness.
    pub control: Vec<Trial>,
    /// Seconds of processor time that a hunt may take with the first generator.
    pub seconds: f64,
    /// The same with each of the others.
    pub other_seconds: f64,
    /// The generators that hunted.
    pub generators: Vec<Generator>,
    /// How many seeds each of them was given.
    pub seeds: usize,
}

impl Score {
    /// The generator whose kills count: the first.
    pub fn main(&self) -> Generator {
        self.generators.first().copied().unwrap_or(Generator::Mix)
    }

    /// Bugs that the generator's every hunt found.
    pub fn killed(&self, generator: Generator) -> usize {
        self.bugs.iter().filter(|fate| fate.killed_by(generator)).count()
    }

    /// The share of bugs that the generator's every hunt found.
    pub fn share(&self, generator: Generator) -> f64 {
        self.killed(generator) as f64 / (self.bugs.len() as f64).max(1.0)
    }

    /// The median over the bugs of the median seconds of processor time to the kill; a bug that
    /// survives counts as infinitely slow. `None` without bugs.
    pub fn median_seconds(&self, generator: Generator) -> Option<f64> {
        let mut seconds: Vec<f64> =
            self.bugs
                .iter()
                .map(|fate| {
                    if fate.killed_by(generator) {
                        middle(fate, generator, |trial| trial.seconds)
                    } else {
                        f64::INFINITY
                    }
                })
                .collect();
        seconds.sort_by(f64::total_cmp);
        seconds.get(seconds.len() / 2).copied()
    }

    /// [`Score::median_seconds`] as a cell of a table: where the bug in the middle survives, only the time is known that
    /// was not enough. Empty without bugs.
    pub fn median(&self, generator: Generator) -> String {
        let given = if generator == self.main() { self.seconds } else { self.other_seconds };
        match self.median_seconds(generator) {
            Some(seconds) if seconds.is_finite() => format!("{seconds:.2}"),
            Some(_) => format!("> {given}"),
            None => String::new(),
        }
    }
}

/// The median of a quantity over a generator's hunts for a bug.
fn middle(fate: &Fate, generator: Generator, of: impl Fn(&Trial) -> f64) -> f64 {
    let mut values: Vec<f64> = fate.by(generator).map(of).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::INFINITY)
}

/// Writes the report.
///
/// # Errors
///
/// Only those of `out`.
pub fn print(score: &Score, out: &mut impl Write) -> fmt::Result {
    writeln!(out, "# Mutation score\n")?;
    writeln!(
        out,
        "Bugs seeded in the compiler, and what the harness needs to find each: seconds of processor time and modules, \
         medians over {} {}, at most {} s a hunt with {} and {} s with others. A bug counts as killed if every seed \
         finds it.\n",
        score.seeds,
        if score.seeds == 1 { "seed" } else { "seeds" },
        score.seconds,
        score.main().name(),
        score.other_seconds
    )?;
    writeln!(out, "| generator | killed | of | share | median seconds |\n|---|--:|--:|--:|--:|")?;
    for generator in &score.generators {
        let median = score.median(*generator);
        writeln!(
            out,
            "| {} | {} | {} | {:.1} % | {median} |",
            generator.name(),
            score.killed(*generator),
            score.bugs.len(),
            100.0 * score.share(*generator)
        )?;
    }
    let control: u64 = score.control.iter().map(|trial| trial.modules).sum();
    let mistakes = score.control.iter().filter(|trial| trial.killed.is_some()).count();
    writeln!(out, "\nWithout a bug: {mistakes} findings in {control} modules.\n")?;
    bugs(score, out)?;
    observations(score, out)?;
    survivors(score, out)
}

fn bugs(score: &Score, out: &mut impl Write) -> fmt::Result {
    write!(out, "| | bug | area | what is wrong | modelled on |")?;
    score.generators.iter().try_for_each(|generator| write!(out, " {} |", generator.name()))?;
    write!(out, " seen by |\n|--:|---|---|---|---|")?;
    score.generators.iter().try_for_each(|_| write!(out, "--:|"))?;
    writeln!(out, "---|")?;
    for fate in &score.bugs {
        let bug = &fate.bug;
        write!(out, "| {} | {} | {} | {} | {} |", bug.number, bug.name, bug.area, bug.what, bug.model)?;
        for generator in &score.generators {
            let killed = fate.by(*generator).filter(|trial| trial.killed.is_some()).count();
            if fate.killed_by(*generator) {
                let modules = middle(fate, *generator, |trial| trial.modules as f64);
                let seconds = middle(fate, *generator, |trial| trial.seconds);
                write!(out, " {seconds:.2} s, {modules:.0} |")?;
            } else {
                write!(out, " {killed} of {} |", fate.by(*generator).count())?;
            }
        }
        let mut seen: Vec<&str> =
            fate.trials.iter().filter_map(|trial| trial.killed.as_ref()).map(|what| what.kind()).collect();
        seen.sort_unstable();
        seen.dedup();
        writeln!(out, " {} |", seen.join(", "))?;
    }
    Ok(())
}

fn observations(score: &Score, out: &mut impl Write) -> fmt::Result {
    let mut kinds = BTreeMap::<&str, u64>::new();
    let mut killers = BTreeMap::<&str, u64>::new();
    for trial in score.bugs.iter().flat_map(|fate| fate.by(score.main())) {
        if let Some(what) = &trial.killed {
            *kinds.entry(what.kind()).or_default() += 1;
        }
        if let Some(killer) = trial.killer.filter(|_| trial.killed.is_some()) {
            *killers.entry(killer.name()).or_default() += 1;
        }
    }
    let list = |counts: &BTreeMap<&str, u64>| {
        counts.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
    };
    writeln!(out, "\nKills of {} by observation: {}.", score.main().name(), list(&kinds))?;
    writeln!(out, "By the generator that made the module: {}.", list(&killers))
}

fn survivors(score: &Score, out: &mut impl Write) -> fmt::Result {
    let reasons: BTreeMap<String, String> = toml::from_str(SURVIVORS).unwrap_or_default();
    for fate in score.bugs.iter().filter(|fate| !fate.killed_by(score.main())) {
        let reason = reasons.get(&fate.bug.name).map_or("not explained", String::as_str);
        writeln!(out, "\nSurvivor {} ({}): {reason}", fate.bug.name, fate.bug.what)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Observation;
    use crate::mutants::Bug;

    #[test]
    fn a_median_that_survives_is_the_time_that_was_given() {
        let fate = |number: u32, kills: [bool; 2]| {
            let trial = |(generator, killed): (Generator, bool)| Trial {
                generator,
                seed: 1,
                modules: 10,
                seconds: f64::from(number),
                killed: killed.then_some(Observation::Call),
                killer: None,
            };
            let bug =
                Bug { number, name: String::new(), area: String::new(), what: String::new(), model: String::new() };
            Fate { bug, trials: [Generator::Mix, Generator::Smith].into_iter().zip(kills).map(trial).collect() }
        };
        let score = Score {
            version: 1,
            bugs: vec![fate(1, [true, true]), fate(2, [true, false]), fate(3, [false, false])],
            control: Vec::new(),
            seconds: 600.0,
            other_seconds: 60.0,
            generators: vec![Generator::Mix, Generator::Smith],
            seeds: 1,
        };
        assert_eq!(score.median(Generator::Mix), "2.00");
        assert_eq!(score.median(Generator::Smith), "> 60");
        let mut text = String::new();
        print(&score, &mut text).expect("a text takes everything");
        assert!(text.contains("| smith | 1 | 3 | 33.3 % | > 60 |") && !text.contains("inf"), "{text}");
        assert_eq!(Score { bugs: Vec::new(), ..score }.median(Generator::Mix), "");
    }

    #[test]
    fn reasons_can_be_read() {
        toml::from_str::<BTreeMap<String, String>>(SURVIVORS).expect("a table of texts");
    }
}
