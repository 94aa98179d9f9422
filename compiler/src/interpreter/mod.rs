//! The reference interpreter: the executable meaning of Microwasm.
//!
//! It is written to be read beside the specification, and to be believed: no unsafe code, no
//! recursion, one function for each thing that the specification names. What operators compute is
//! [`crate::microwasm::eval`]'s business. It shares nothing with the code generator or the runtime
//! but declarations and limits, so that a mistake in them is not repeated here.
//!
//! - [`record`]: a sink that keeps a module's functions, each branch resolved to its label's definition.
//! - [`module`]: a module, from Wasm or from what a sink recorded.
//! - [`store`]: functions, tables, memories and globals by number, shared by any number of instances.
//! - [`instance`]: linking and instantiation.
//! - `machine`: execution.
//!
//! ```
//! use lightbeam::interpreter::{Limits, Module, Store, Value};
//!
//! let wasm = wat::parse_str(
//!     r#"(module (func (export "square") (param i32) (result i32)
//!         (i32.mul (local.get 0) (local.get 0))))"#,
//! )?;
//! let module = Module::from_wasm(&wasm)?;
//! let mut store = Store::new(Limits::default());
//! let instance = store.instantiate(&module, &[])?;
//! let square = store.export(instance, "square").and_then(|export| export.func()).ok_or("no function")?;
//! assert_eq!(store.call(square, &[Value::I32(12)])?, [Value::I32(144)]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

pub mod code;
pub mod error;
pub mod host;
pub mod instance;
mod machine;
mod memory;
pub mod module;
pub mod record;
mod segments;
pub mod store;
mod table;
pub mod value;

pub use error::{Error, Frame, Trap};
pub use host::{Caller, HostError};
pub use instance::InstanceAddr;
pub use module::Module;
pub use record::Recorder;
pub use store::{External, FuncAddr, GlobalAddr, MemoryAddr, Store, TableAddr};
pub use value::Value;

/// How deep calls may lie within calls of host functions.
pub const MAX_NESTING: usize = 100;

/// What a call may use. Beyond it ends with an error and leaves the store usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Calls that have not returned; one more is [`crate::TrapKind::StackOverflow`].
    pub depth: usize,
    /// Values on the stack, over all calls; entering a function beyond is
    /// [`crate::TrapKind::StackOverflow`].
    pub values: usize,
    /// Operators of one call from the host; `None` is no limit. Operators on ranges of memories and
    /// tables count by their length too. One more is [`Error::OutOfSteps`].
    pub steps: Option<u64>,
}

impl Default for Limits {
    /// About what compiled code has on 16 MiB of stack, and no limit of steps.
    fn default() -> Limits {
        Limits { depth: 200_000, values: 4 << 20, steps: None }
    }
}
