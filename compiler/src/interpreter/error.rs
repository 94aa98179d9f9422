//! What can go wrong: a trap and its place, and everything else.

use super::host::HostError;
use crate::error::CompileError;
use crate::microwasm::Type;
use crate::runtime::error::LinkError;
use crate::trap::TrapKind;
use std::fmt;
use thiserror::Error;

/// A function that was running: where it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Frame {
    /// The function's index in its module, imported ones counted.
    pub func: u32,
    /// The byte offset of the operator in its module, as [`crate::microwasm::Sink::at`] said.
    pub offset: u32,
}

/// A trap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trap {
    /// Why.
    pub kind: TrapKind,
    /// Where: the functions that were running, innermost first. Empty if a segment did not fit.
    pub frames: Vec<Frame>,
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)?;
        match self.frames.first() {
            Some(frame) => write!(f, " in function {} at {:#x}", frame.func, frame.offset),
            None => Ok(()),
        }
    }
}

/// Why there is no result.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// A module was refused.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// An import does not fit. Nothing was allocated.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// Not as many imports as the module has.
    #[error("expected {expected} imports, got {given}")]
    Imports {
        /// How many the module has.
        expected: usize,
        /// How many there were.
        given: usize,
    },
    /// Values of other types than are needed.
    #[error("{what}: expected types {expected:?}, got {given:?}")]
    Types {
        /// `arguments`, `results of the host`, or another place.
        what: &'static str,
        /// The types that are needed.
        expected: Vec<Type>,
        /// The types that were given.
        given: Vec<Type>,
    },
    /// A write to a global that cannot be written.
    #[error("the global is immutable")]
    Immutable,
    /// A limit or the system refuses a table or memory.
    #[error("cannot allocate {what}: {size} are too many")]
    Resource {
        /// What of.
        what: &'static str,
        /// How many.
        size: u64,
    },
    /// Execution trapped.
    #[error("{0}")]
    Trap(Trap),
    /// A host function failed.
    #[error("{0}")]
    Host(HostError),
    /// [`super::Limits::steps`] was reached.
    #[error("the limit of steps was reached")]
    OutOfSteps,
}

impl Error {
    /// The trap, if it is one.
    pub fn as_trap(&self) -> Option<&Trap> {
        match self {
            Error::Trap(trap) => Some(trap),
            _ => None,
        }
    }
}

/// Checks that values have these types.
pub(super) fn check_types(what: &'static str, expected: &[Type], given: &[super::Value]) -> Result<(), Error> {
    if given.iter().map(|value| value.ty()).eq(expected.iter().copied()) {
        return Ok(());
    }
    Err(Error::Types { what, expected: expected.to_vec(), given: given.iter().map(|value| value.ty()).collect() })
}
