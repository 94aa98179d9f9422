//! Instances of compiled modules, and the embedding interface around them.
//!
//! The public items are re-exported at the root of the crate.

pub(crate) mod activation;
pub(crate) mod backtrace;
pub(crate) mod builder;
pub(crate) mod builtins;
pub(crate) mod engine;
pub(crate) mod error;
pub(crate) mod externs;
pub(crate) mod func;
pub(crate) mod global;
pub(crate) mod host;
pub(crate) mod imports;
pub(crate) mod instance;
pub(crate) mod linker;
pub(crate) mod memory;
pub(crate) mod module;
pub(crate) mod segment;
pub(crate) mod segments;
pub(crate) mod signals;
pub(crate) mod stable;
pub(crate) mod store;
pub(crate) mod table;
pub(crate) mod thread;
pub(crate) mod typed;
pub(crate) mod value;
pub mod vmcontext;
