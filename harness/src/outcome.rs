//! How something ended, and when two endings count as equal.

use crate::value::{Value, display_values};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why execution stopped, in words that every engine's traps map to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TrapKind {
    /// `unreachable` was executed.
    Unreachable,
    /// An access outside a memory.
    MemoryOutOfBounds,
    /// An access outside a table.
    TableOutOfBounds,
    /// `call_indirect` found a null reference.
    IndirectCallToNull,
    /// `call_indirect` found a function of another type.
    BadSignature,
    /// Integer division by zero.
    IntegerDivisionByZero,
    /// The quotient, or a float converted to an integer, does not fit.
    IntegerOverflow,
    /// NaN converted to an integer.
    BadConversionToInteger,
    /// A host function of the harness trapped, with this number.
    Host(u32),
}

impl TrapKind {
    /// The words of the specification's tests.
    pub const fn message(self) -> &'static str {
        match self {
            TrapKind::Unreachable => "unreachable",
            TrapKind::MemoryOutOfBounds => "out of bounds memory access",
            TrapKind::TableOutOfBounds => "out of bounds table access",
            TrapKind::IndirectCallToNull => "uninitialized element",
            TrapKind::BadSignature => "indirect call type mismatch",
            TrapKind::IntegerDivisionByZero => "integer divide by zero",
            TrapKind::IntegerOverflow => "integer overflow",
            TrapKind::BadConversionToInteger => "invalid conversion to integer",
            TrapKind::Host(_) => "host trap",
        }
    }
}

impl fmt::Display for TrapKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TrapKind::Host(number) => write!(f, "host trap {number}"),
            kind => f.write_str(kind.message()),
        }
    }
}

/// A Wasm frame on the stack: where its function was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The function's index in its module.
    pub func: u32,
    /// The byte offset of the operator in its module.
    pub offset: u32,
}

/// A trap, and where it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trap {
    /// Why execution stopped.
    pub kind: TrapKind,
    /// The frames on the stack, innermost first, at most [`Trap::MOST_PLACES`]; empty if the engine
    /// does not tell.
    pub places: Vec<Place>,
}

impl Trap {
    /// More frames than this are not compared.
    pub const MOST_PLACES: usize = 16;

    /// A trap with as many of the frames as are compared.
    pub fn new(kind: TrapKind, places: impl IntoIterator<Item = Place>) -> Trap {
        Trap { kind, places: places.into_iter().take(Trap::MOST_PLACES).collect() }
    }

    /// Whether both are at the same place, as far as both tell.
    pub fn same_place(&self, other: &Trap) -> bool {
        self.places.is_empty() || other.places.is_empty() || self.places == other.places
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        self.places.iter().try_for_each(|place| write!(f, "; function {} at {:#x}", place.func, place.offset))
    }
}

/// Why an engine refused a module, before anything of it ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rejection {
    /// It is not a valid module.
    Invalid(String),
    /// It uses a feature that the engine does not have.
    Unsupported(String),
    /// It exceeds a limit of the engine.
    Limit(String),
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rejection::Invalid(message) => write!(f, "invalid: {message}"),
            Rejection::Unsupported(message) => write!(f, "unsupported: {message}"),
            Rejection::Limit(message) => write!(f, "limit: {message}"),
        }
    }
}

/// How a compilation, an instantiation or a call ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It returned these values. A compilation or an instantiation returns none.
    Returned(Vec<Value>),
    /// It trapped, and every engine must trap so.
    Trapped(Trap),
    /// It ended in a way that engines may differ in (an exhausted stack, refused growth).
    Poison(String),
    /// The module was refused.
    Rejected(Rejection),
    /// The imports did not fit.
    Unlinkable(String),
    /// The engine panicked.
    Panicked(String),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Returned(values) => write!(f, "returned {}", display_values(values)),
            Outcome::Trapped(trap) => write!(f, "trapped: {trap}"),
            Outcome::Poison(reason) => write!(f, "no verdict: {reason}"),
            Outcome::Rejected(rejection) => write!(f, "rejected: {rejection}"),
            Outcome::Unlinkable(message) => write!(f, "unlinkable: {message}"),
            Outcome::Panicked(message) => write!(f, "panicked: {message}"),
        }
    }
}

/// What two outcomes say together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// They are equal: results, or the kind of a trap, bit for bit.
    Equal,
    /// At least one side ended in a way that proves nothing. The instance must not be used on.
    NoVerdict(String),
    /// They differ.
    Differ,
}

/// The rule of equality.
///
/// Messages never count; a panic never counts as equal to anything, not even to a panic.
pub fn compare(ours: &Outcome, oracle: &Outcome) -> Verdict {
    use Outcome::{Panicked, Poison, Rejected, Returned, Trapped, Unlinkable};
    match (ours, oracle) {
        (Panicked(_), _) | (_, Panicked(_)) => Verdict::Differ,
        (Poison(reason), _) | (_, Poison(reason)) => Verdict::NoVerdict(reason.clone()),
        (Rejected(Rejection::Unsupported(what)), _) | (_, Rejected(Rejection::Unsupported(what))) => {
            Verdict::NoVerdict(format!("unsupported: {what}"))
        }
        (Rejected(Rejection::Limit(what)), _) | (_, Rejected(Rejection::Limit(what))) => {
            Verdict::NoVerdict(format!("limit: {what}"))
        }
        (Rejected(Rejection::Invalid(_)), Rejected(Rejection::Invalid(_))) => Verdict::Equal,
        (Unlinkable(_), Unlinkable(_)) => Verdict::Equal,
        (Returned(ours), Returned(oracle)) if ours == oracle => Verdict::Equal,
        (Trapped(ours), Trapped(oracle)) if ours.kind == oracle.kind && ours.same_place(oracle) => Verdict::Equal,
        _ => Verdict::Differ,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_payloads_differ_and_messages_do_not() {
        let returned = |bits| Outcome::Returned(vec![Value::F32(bits)]);
        assert_eq!(compare(&returned(0x7fc0_0000), &returned(0x7fc0_0000)), Verdict::Equal);
        assert_eq!(compare(&returned(0x7fc0_0000), &returned(0xffc0_0000)), Verdict::Differ);
        let invalid = |message: &str| Outcome::Rejected(Rejection::Invalid(message.to_string()));
        assert_eq!(compare(&invalid("a"), &invalid("b")), Verdict::Equal);
        assert_eq!(compare(&invalid("a"), &returned(0)), Verdict::Differ);
    }

    #[test]
    fn a_panic_is_never_equal() {
        let panicked = Outcome::Panicked("x".to_string());
        assert_eq!(compare(&panicked, &panicked), Verdict::Differ);
        assert_eq!(compare(&panicked, &Outcome::Poison("stack".to_string())), Verdict::Differ);
    }

    #[test]
    fn traps_of_other_kinds_differ() {
        let trap = |kind, offsets: &[u32]| {
            Outcome::Trapped(Trap::new(kind, offsets.iter().map(|offset| Place { func: 0, offset: *offset })))
        };
        let a = trap(TrapKind::IntegerOverflow, &[]);
        let b = trap(TrapKind::IntegerDivisionByZero, &[]);
        assert_eq!(compare(&a, &b), Verdict::Differ);
        let (here, there) = (trap(TrapKind::Unreachable, &[1, 2]), trap(TrapKind::Unreachable, &[1, 3]));
        assert_eq!(compare(&here, &there), Verdict::Differ);
        assert_eq!(compare(&here, &trap(TrapKind::Unreachable, &[])), Verdict::Equal);
        assert_eq!(compare(&a, &Outcome::Returned(vec![])), Verdict::Differ);
    }
}
