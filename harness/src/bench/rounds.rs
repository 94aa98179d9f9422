//! Interleaved measurement: all contenders run in one process in many short rounds, forwards and then backwards, so
//! that a machine that speeds up or slows down does so for all of them alike. Ratios are taken within a round.

use anyhow::Result;
use std::time::{Duration, Instant};

/// Something that can be timed.
pub trait Contender {
    /// The engine's name in tables and JSON.
    fn name(&self) -> &'static str;

    /// Does the work once and returns how long the measured part took.
    ///
    /// # Errors
    ///
    /// If the work fails or its result is wrong: then no time may be used.
    fn once(&mut self) -> Result<Duration>;
}

/// How long to measure.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Rounds for each program.
    pub rounds: usize,
    /// How long each contender works in one round, at least.
    pub round: Duration,
    /// After this time no further round is begun, once there are [`Effort::FEWEST_ROUNDS`].
    pub budget: Duration,
}

impl Effort {
    /// Rounds that are run however long they take.
    pub const FEWEST_ROUNDS: usize = 3;
}

impl Default for Effort {
    fn default() -> Self {
        Effort { rounds: 15, round: Duration::from_millis(20), budget: Duration::from_secs(20) }
    }
}

/// Measures all contenders and returns, for each of them, seconds for one piece of work by round.
///
/// # Errors
///
/// If a contender fails; the error names it.
pub fn measure(contenders: &mut [Box<dyn Contender + '_>], effort: &Effort) -> Result<Vec<Vec<f64>>> {
    let begin = Instant::now();
    let mut iterations = Vec::new();
    for contender in &mut *contenders {
        // The first run warms caches and is not used; the second says how often half a round has to repeat it.
        contender.once()?;
        let once = contender.once()?.as_secs_f64().max(1e-9);
        iterations.push((effort.round.as_secs_f64() / 2.0 / once).ceil().clamp(1.0, 1e6) as u32);
    }

    let mut samples = vec![Vec::new(); contenders.len()];
    for round in 0..effort.rounds.max(Effort::FEWEST_ROUNDS) {
        if round >= Effort::FEWEST_ROUNDS && begin.elapsed() > effort.budget {
            break;
        }
        let mut totals = vec![Duration::ZERO; contenders.len()];
        // Nobody is always first: the order rotates from round to round.
        let order: Vec<usize> = (0..contenders.len()).map(|i| (i + round) % contenders.len()).collect();
        for &index in order.iter().chain(order.iter().rev()) {
            for _ in 0..iterations[index] {
                totals[index] += contenders[index].once()?;
            }
        }
        for (index, total) in totals.iter().enumerate() {
            samples[index].push(total.as_secs_f64() / f64::from(2 * iterations[index]));
        }
    }
    Ok(samples)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    struct Fake<'a>(&'static str, u64, &'a RefCell<Vec<&'static str>>);

    impl Contender for Fake<'_> {
        fn name(&self) -> &'static str {
            self.0
        }

        fn once(&mut self) -> Result<Duration> {
            self.2.borrow_mut().push(self.0);
            Ok(Duration::from_millis(self.1))
        }
    }

    #[test]
    fn rounds_go_forwards_and_backwards() {
        let log = RefCell::new(Vec::new());
        let mut contenders: Vec<Box<dyn Contender + '_>> =
            vec![Box::new(Fake("a", 10, &log)), Box::new(Fake("b", 20, &log))];
        let effort = Effort { rounds: 3, round: Duration::from_millis(40), budget: Duration::from_secs(1) };
        let samples = measure(&mut contenders, &effort).expect("nothing fails");
        drop(contenders);
        assert_eq!(samples, vec![vec![0.01; 3], vec![0.02; 3]]);
        // Calibration, then a half round of two `a`, one `b`, and back; the next round begins with `b`.
        let log = log.into_inner();
        assert_eq!(log[..4], ["a", "a", "b", "b"]);
        assert_eq!(log[4..10], ["a", "a", "b", "b", "a", "a"]);
        assert_eq!(log[10..16], ["b", "a", "a", "a", "a", "b"]);
    }
}
