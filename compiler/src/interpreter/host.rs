//! Host functions.

use super::instance::InstanceAddr;
use super::store::{External, MemoryAddr, Store};
use super::value::Value;
use std::error::Error as StdError;
use std::fmt;
use std::rc::Rc;

/// The error of a host function.
pub type HostError = Box<dyn StdError + Send + Sync>;

/// What a host function does.
pub(super) type HostCode = dyn Fn(&mut Caller<'_>, &[Value]) -> Result<Vec<Value>, HostError>;

/// A host function as the store keeps it.
#[derive(Clone)]
pub(super) struct HostFunction(pub(super) Rc<HostCode>);

impl fmt::Debug for HostFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HostFunction")
    }
}

/// What a host function sees of its caller.
#[derive(Debug)]
pub struct Caller<'s> {
    pub(super) store: &'s mut Store,
    pub(super) instance: Option<InstanceAddr>,
}

impl Caller<'_> {
    /// The instance that calls, by one of its functions or because this is its start function; `None`
    /// if the host calls its own function.
    pub fn instance(&self) -> Option<InstanceAddr> {
        self.instance
    }

    /// An export of the instance that calls.
    pub fn export(&self, name: &str) -> Option<External> {
        self.store.export(self.instance?, name)
    }

    /// A memory of the instance that calls, by its index in the module.
    pub fn memory(&self, index: u32) -> Option<MemoryAddr> {
        self.store.memory_of(self.instance?, index)
    }

    /// The store: the host function may change anything in it, and call. Calls within calls of host functions are
    /// the only recursion here, and end at a depth of [`super::MAX_NESTING`] as a stack that is exhausted.
    pub fn store_mut(&mut self) -> &mut Store {
        self.store
    }

    /// The bytes of a memory.
    pub fn bytes_mut(&mut self, memory: MemoryAddr) -> &mut [u8] {
        self.store.bytes_mut(memory)
    }
}
