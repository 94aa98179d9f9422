//! Code to an executable image: executable memory, relocation, the engine's function types, the
//! ways in and out of compiled code, and the process-wide table of where code lies.

pub(crate) mod frame;
pub(crate) mod growing;
pub(crate) mod linker;
pub(crate) mod mapping;
pub(crate) mod memory;
pub(crate) mod registry;
pub(crate) mod signatures;
pub(crate) mod trampoline;
