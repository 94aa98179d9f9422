//! What a script needs of an engine: several modules and instances in one store, linked by name.

pub use crate::outcome::Place;
use crate::outcome::{Rejection, TrapKind};
use crate::source::Source;
use crate::value::Value;
use std::fmt;

/// Why an instantiation or an invocation did not return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It trapped, with these frames on the stack, innermost first.
    Trap(TrapKind, Vec<Place>),
    /// The call stack is exhausted.
    Exhausted,
    /// The imports do not fit.
    Unlinkable(String),
    /// There is no such export, or something else is wrong with the script.
    Other(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Trap(kind, places) => {
                write!(f, "trapped: {kind}")?;
                places.iter().try_for_each(|place| write!(f, "\n  function {} at {:#x}", place.func, place.offset))
            }
            Failure::Exhausted => f.write_str("trapped: call stack exhausted"),
            Failure::Unlinkable(message) => write!(f, "unlinkable: {message}"),
            Failure::Other(message) => f.write_str(message),
        }
    }
}

/// A compiled module of an embedding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ModuleId(pub usize);

/// An instance of an embedding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InstanceId(pub usize);

/// An engine with one store, in which the module `spectest` is registered.
///
/// A function reference that is not null is given as a foreign one: scripts tell no more apart.
pub trait Embedding {
    /// Compiles a module.
    ///
    /// # Errors
    ///
    /// If the module is refused.
    fn define(&mut self, wasm: &[u8]) -> Result<ModuleId, Rejection>;

    /// Compiles a module in the form that it was written in.
    ///
    /// # Errors
    ///
    /// If the module is refused, or if the engine does not know its form.
    fn define_source(&mut self, source: &Source) -> Result<ModuleId, Rejection> {
        match source {
            Source::Wasm(wasm) => self.define(wasm),
            _ => Err(Rejection::Unsupported("this engine takes no Microwasm".to_string())),
        }
    }

    /// Instantiates a module with what is registered.
    ///
    /// # Errors
    ///
    /// If the imports do not fit, or if a segment or the start function traps.
    fn instantiate(&mut self, module: ModuleId) -> Result<InstanceId, Failure>;

    /// Makes an instance's exports importable under a name. A later registration wins.
    ///
    /// # Errors
    ///
    /// If the engine refuses.
    fn register(&mut self, instance: InstanceId, name: &str) -> Result<(), Failure>;

    /// Calls an exported function.
    ///
    /// # Errors
    ///
    /// If it traps, or if there is no such function.
    fn invoke(&mut self, instance: InstanceId, name: &str, args: &[Value]) -> Result<Vec<Value>, Failure>;

    /// The value of an exported global.
    ///
    /// # Errors
    ///
    /// If there is no such global.
    fn get(&mut self, instance: InstanceId, name: &str) -> Result<Value, Failure>;
}
