//! A compiled module that does what another does, but for how instantiations and calls end.

use crate::engine::{Instance, Module};
use crate::host::{Host, HostCall};
use crate::outcome::Outcome;
use crate::shape::Shape;
use crate::value::Value;
use std::rc::Rc;
use std::sync::Arc;

/// What becomes of an outcome.
type Filter = Rc<dyn Fn(Outcome) -> Outcome>;

/// A module whose outcomes go through a function.
pub struct Filtered {
    inner: Box<dyn Module>,
    filter: Filter,
}

impl Filtered {
    /// A module with the function that its outcomes go through.
    pub fn new(inner: Box<dyn Module>, filter: impl Fn(Outcome) -> Outcome + 'static) -> Filtered {
        Filtered { inner, filter: Rc::new(filter) }
    }
}

impl Module for Filtered {
    fn prepare(&self, shape: Arc<Shape>, host: Host) -> Result<Box<dyn Instance>, String> {
        Ok(Box::new(FilteredInstance { inner: self.inner.prepare(shape, host)?, filter: self.filter.clone() }))
    }
}

struct FilteredInstance {
    inner: Box<dyn Instance>,
    filter: Filter,
}

impl Instance for FilteredInstance {
    fn start(&mut self) -> Outcome {
        (self.filter)(self.inner.start())
    }

    fn call(&mut self, func: u32, args: &[Value]) -> Outcome {
        (self.filter)(self.inner.call(func, args))
    }

    fn global(&mut self, index: u32) -> Option<Value> {
        self.inner.global(index)
    }

    fn memory(&mut self, index: u32) -> Option<&[u8]> {
        self.inner.memory(index)
    }

    fn table_size(&mut self, index: u32) -> Option<u64> {
        self.inner.table_size(index)
    }

    fn table_get(&mut self, index: u32, element: u64) -> Option<Value> {
        self.inner.table_get(index, element)
    }

    fn fuel(&mut self) -> Option<(u32, bool)> {
        self.inner.fuel()
    }

    fn refuel(&mut self, fuel: u32) {
        self.inner.refuel(fuel);
    }

    fn take_trace(&mut self) -> (Vec<HostCall>, u64) {
        self.inner.take_trace()
    }
}
