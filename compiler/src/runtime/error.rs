//! Errors of the embedding interface.

use crate::error::CompileError;
use crate::microwasm::{FuncType, Type};
use crate::runtime::backtrace::{Backtrace, Trap};
use std::error::Error as StdError;
use std::fmt;
use thiserror::Error;

/// What can go wrong between a host and its modules.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// A module was refused.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// A module could not be linked.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// Execution trapped.
    #[error(transparent)]
    Trap(#[from] Trap),
    /// A host function failed.
    #[error(transparent)]
    Host(HostError),
    /// A call with a wrong number of arguments or results.
    #[error("expected {expected} {what}, got {given}")]
    Count {
        /// `arguments`, `results` or `imports`.
        what: &'static str,
        /// How many were expected.
        expected: usize,
        /// How many there were.
        given: usize,
    },
    /// A value of a wrong type.
    #[error("expected a value of type {expected}, got one of type {given}")]
    ValueType {
        /// The type that was expected.
        expected: Type,
        /// The type of the value.
        given: Type,
    },
    /// A function does not have the type that was asked for.
    #[error("the function's type is {}, not {}", Signature(.actual), Signature(.wanted))]
    FuncType {
        /// The type that was asked for.
        wanted: FuncType,
        /// The function's type.
        actual: FuncType,
    },
    /// A value, function or module belongs to another store or engine.
    #[error("{0} of another store or engine")]
    WrongStore(&'static str),
    /// A write to a global that is immutable.
    #[error("the global is immutable")]
    Immutable,
    /// An access of the host outside a memory or table.
    #[error("out of bounds access to a {0}")]
    OutOfBounds(&'static str),
    /// The instance has no export of this kind and name.
    #[error("no exported {kind} named `{name}`")]
    NoExport {
        /// What was asked for.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// The system or a limit refuses more memory, table elements or code.
    #[error("cannot allocate {what}: {reason}")]
    Resource {
        /// What was wanted.
        what: &'static str,
        /// Why it was refused.
        reason: String,
    },
}

impl Error {
    /// An error of the host's own, to be returned by a host function.
    pub fn host(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
        Error::Host(HostError { error: error.into(), backtrace: Backtrace::default() })
    }

    /// The trap, if this is one.
    pub fn as_trap(&self) -> Option<&Trap> {
        match self {
            Error::Trap(trap) => Some(trap),
            _ => None,
        }
    }

    /// The host's own error, if this is one and of this type.
    pub fn downcast_ref<E: StdError + 'static>(&self) -> Option<&E> {
        match self {
            Error::Host(host) => host.downcast_ref(),
            _ => None,
        }
    }
}

impl From<Box<dyn StdError + Send + Sync>> for Error {
    fn from(error: Box<dyn StdError + Send + Sync>) -> Error {
        Error::host(error)
    }
}

/// The error of a host function, and where in Wasm the function was called.
#[derive(Debug)]
pub struct HostError {
    error: Box<dyn StdError + Send + Sync>,
    backtrace: Backtrace,
}

impl HostError {
    /// The host's own error.
    pub fn error(&self) -> &(dyn StdError + Send + Sync + 'static) {
        &*self.error
    }

    /// The host's own error, if it is of this type.
    pub fn downcast_ref<E: StdError + 'static>(&self) -> Option<&E> {
        self.error.downcast_ref()
    }

    /// The host's own error, by value.
    pub fn into_inner(self) -> Box<dyn StdError + Send + Sync> {
        self.error
    }

    /// The Wasm frames at the call of the host function, innermost first.
    pub fn backtrace(&self) -> &Backtrace {
        &self.backtrace
    }

    /// Adds the backtrace where the error leaves the host function that made it.
    pub(crate) fn locate(&mut self, backtrace: impl FnOnce() -> Backtrace) {
        if self.backtrace.frames().is_empty() {
            self.backtrace = backtrace();
        }
    }
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl StdError for HostError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.error.source()
    }
}

/// Why a module could not be linked. Nothing of the module has run.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LinkError {
    /// Nothing is defined by the import's name.
    #[error("unknown import `{module}` `{name}`: nothing of that name is defined")]
    Missing {
        /// The import's first name.
        module: String,
        /// The import's second name.
        name: String,
    },
    /// What is defined does not fit the import.
    #[error("incompatible import type for `{module}` `{name}`: expected {expected}, got {given}")]
    Incompatible {
        /// The import's first name.
        module: String,
        /// The import's second name.
        name: String,
        /// What the module asks for.
        expected: String,
        /// What was given.
        given: String,
    },
    /// The name is defined already.
    #[error("`{module}` `{name}` is defined already")]
    Duplicate {
        /// The first name.
        module: String,
        /// The second name.
        name: String,
    },
}

/// A function type as Wasm's text has it.
pub(crate) struct Signature<'a>(pub &'a FuncType);

impl fmt::Display for Signature<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        list(f, &self.0.params)?;
        f.write_str("] -> [")?;
        list(f, &self.0.results)?;
        f.write_str("]")
    }
}

fn list(f: &mut fmt::Formatter<'_>, types: &[Type]) -> fmt::Result {
    for (index, ty) in types.iter().enumerate() {
        if index > 0 {
            f.write_str(" ")?;
        }
        f.write_str(ty.name())?;
    }
    Ok(())
}
