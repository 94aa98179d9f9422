//! What an engine must be able to do to be compared: one small trait for each stage.

use crate::engines::holes::Hole;
use crate::host::{Host, HostCall};
use crate::outcome::{Outcome, Rejection};
use crate::shape::Shape;
use crate::value::Value;
use std::sync::Arc;

/// A compiler with its runtime.
pub trait Engine {
    /// The name on the command line and in findings.
    fn name(&self) -> &str;

    /// Compiles a module.
    ///
    /// # Errors
    ///
    /// If the module is refused.
    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, Rejection>;

    /// Whether it can run what it accepts. One that cannot only says what is valid.
    fn runs(&self) -> bool {
        true
    }

    /// The known mistake of this engine by which it takes a module for valid that others refuse, if it is one.
    fn hole(&self, _wasm: &[u8]) -> Option<Hole> {
        None
    }
}

/// A compiled module.
pub trait Module {
    /// Creates what the module imports, in a store of its own; nothing of the module runs. Some engines may call host
    /// functions, which know the shape, from any thread.
    ///
    /// # Errors
    ///
    /// If the engine refuses to create an import, with its reason. That is never a verdict.
    fn prepare(&self, shape: Arc<Shape>, host: Host) -> Result<Box<dyn Instance>, String>;
}

/// An instance of a module that went through [`crate::rewrite`], or what will become one; with its twin, if the host is
/// linked. In each index space, what the twin has follows what the instance has.
///
/// State that a failed start has left unreachable is `None`; imported state stays visible.
pub trait Instance {
    /// Instantiates: segments, then the start function. First of all the twin, if the host is linked.
    fn start(&mut self) -> Outcome;

    /// Calls a function by its index with arguments of the right types.
    fn call(&mut self, func: u32, args: &[Value]) -> Outcome;

    /// The value of a global.
    fn global(&mut self, index: u32) -> Option<Value>;

    /// The contents of a memory.
    fn memory(&mut self, index: u32) -> Option<&[u8]>;

    /// The size of a table in elements.
    fn table_size(&mut self, index: u32) -> Option<u64>;

    /// An element of a table.
    fn table_get(&mut self, index: u32, element: u64) -> Option<Value>;

    /// The remaining fuel and whether it has run out, the twin's included; `None` before a successful start.
    fn fuel(&mut self) -> Option<(u32, bool)>;

    /// Sets the fuel and clears the flag that it has run out.
    fn refuel(&mut self, fuel: u32);

    /// The host calls since the last time, and a hash over all calls ever.
    fn take_trace(&mut self) -> (Vec<HostCall>, u64);
}

/// The names that [`crate::engines::by_name`] knows; `wasmi` is there in builds that have it, `wasm-validate` where it is
/// installed.
pub const ENGINES: &[&str] =
    &["lightbeam", "cranelift", "cranelift-none", "winch", "microwasm", "mutant", "wasmi", "wasm-validate"];
