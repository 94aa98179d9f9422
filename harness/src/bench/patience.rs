//! How long an engine may take for a module, so that a few large ones do not cost everything else its time.

use super::rounds::Contender;
use super::{Field, OURS};
use std::collections::BTreeMap;
use std::time::Duration;

/// An engine that took so many times the limit is not asked about modules as large as that again.
const HOPELESS: u32 = 4;

/// Why a row has no times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotMeasured {
    /// Something is wrong.
    Void(String),
    /// It would take too long.
    Skipped(String),
}

/// The time that engines have for one module, and who has used it up.
#[derive(Debug, Default)]
pub struct Patience {
    limit: Option<Duration>,
    hopeless: BTreeMap<&'static str, usize>,
}

impl Patience {
    /// Engines have so long; for ever, if `None`.
    pub fn new(limit: Option<Duration>) -> Patience {
        Patience { limit, hopeless: BTreeMap::new() }
    }

    /// Refuses what takes so long before any engine has begun.
    ///
    /// # Errors
    ///
    /// With the reason.
    pub fn grant(&self, what: &str, time: Duration) -> Result<(), NotMeasured> {
        match self.limit {
            Some(limit) if time > limit => Err(NotMeasured::Skipped(too_long(what, time, limit))),
            _ => Ok(()),
        }
    }

    /// Has each engine do its work on a module of so many bytes once: those that can, and in time, take part.
    ///
    /// # Errors
    ///
    /// If ours cannot.
    pub fn field<'a>(&mut self, all: Vec<Box<dyn Contender + 'a>>, bytes: usize) -> Result<Field<'a>, NotMeasured> {
        let mut field = Field { contenders: Vec::new(), absent: BTreeMap::new() };
        for mut contender in all {
            match self.once(&mut *contender, bytes) {
                Ok(()) => field.contenders.push(contender),
                Err(reason) if contender.name() == OURS => return Err(reason),
                Err(NotMeasured::Void(reason) | NotMeasured::Skipped(reason)) => {
                    field.absent.insert(contender.name(), reason);
                }
            }
        }
        Ok(field)
    }

    fn once(&mut self, contender: &mut dyn Contender, bytes: usize) -> Result<(), NotMeasured> {
        if let Some(smaller) = self.hopeless.get(contender.name()).filter(|known| bytes >= **known) {
            return Err(NotMeasured::Skipped(format!("took far too long for a module of {smaller} bytes")));
        }
        let time = contender.once().map_err(|error| NotMeasured::Void(format!("{error:#}")))?;
        let Some(limit) = self.limit.filter(|limit| time > *limit) else { return Ok(()) };
        if time > limit * HOPELESS {
            self.hopeless.insert(contender.name(), bytes);
        }
        Err(NotMeasured::Skipped(too_long("once", time, limit)))
    }
}

fn too_long(what: &str, time: Duration, limit: Duration) -> String {
    format!("{what} takes {:.2} s, and the limit is {} s", time.as_secs_f64(), limit.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::{Result, bail};

    struct Fake(&'static str, u64);

    impl Contender for Fake {
        fn name(&self) -> &'static str {
            self.0
        }

        fn once(&mut self) -> Result<Duration> {
            if self.1 == 0 { bail!("cannot") } else { Ok(Duration::from_millis(self.1)) }
        }
    }

    #[test]
    fn who_takes_too_long_does_not_take_part() {
        let mut patience = Patience::new(Some(Duration::from_millis(100)));
        let field = |patience: &mut Patience, ours, slow, bytes| {
            let all: Vec<Box<dyn Contender>> =
                vec![Box::new(Fake(OURS, ours)), Box::new(Fake("slow", slow)), Box::new(Fake("broken", 0))];
            patience.field(all, bytes)
        };
        let names = |field: &Field<'_>| field.contenders.iter().map(|each| each.name()).collect::<Vec<_>>();
        let first = field(&mut patience, 1, 90, 10).expect("ours is quick");
        assert_eq!(names(&first), [OURS, "slow"]);
        assert_eq!(first.absent["broken"], "cannot");
        let second = field(&mut patience, 1, 500, 20).expect("ours is quick");
        assert_eq!(second.absent["slow"], "once takes 0.50 s, and the limit is 0.1 s");
        // Not asked any more, but about smaller ones.
        let third = field(&mut patience, 1, 1, 30).expect("ours is quick");
        assert_eq!(third.absent["slow"], "took far too long for a module of 20 bytes");
        assert_eq!(names(&field(&mut patience, 1, 1, 19).expect("ours is quick")), [OURS, "slow"]);
        assert!(matches!(field(&mut patience, 101, 1, 5), Err(NotMeasured::Skipped(_))));
        assert!(matches!(field(&mut patience, 0, 1, 5), Err(NotMeasured::Void(_))));
        assert!(patience.grant("arriving", Duration::from_millis(101)).is_err());
        assert!(Patience::default().grant("arriving", Duration::from_secs(9)).is_ok());
    }
}
