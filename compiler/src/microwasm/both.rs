//! Two sinks that are told the same.

use super::{FuncType, Op, Sink};
use crate::wasm::module::ModuleInfo;

/// Feeds two sinks with the same calls, the first one first.
#[derive(Debug, Clone, Default)]
pub struct Both<A, B>(pub A, pub B);

impl<A: Sink, B: Sink> Sink for Both<A, B> {
    fn module(&mut self, module: &ModuleInfo) {
        self.0.module(module);
        self.1.module(module);
    }

    fn begin(&mut self, index: u32, ty: &FuncType, offset: u32) {
        self.0.begin(index, ty, offset);
        self.1.begin(index, ty, offset);
    }

    fn at(&mut self, offset: u32) {
        self.0.at(offset);
        self.1.at(offset);
    }

    fn op(&mut self, op: Op<'_>) {
        self.0.op(op);
        self.1.op(op);
    }

    fn end(&mut self) {
        self.0.end();
        self.1.end();
    }
}
