//! Counts operators and labels.

use super::{FuncType, Op, Sink};
use crate::wasm::module::ModuleInfo;

/// A sink that counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counter {
    /// Functions with code.
    pub functions: u64,
    /// Operators, definitions and labels included.
    pub operators: u64,
    /// Definitions of labels.
    pub labels: u64,
}

impl Sink for Counter {
    fn module(&mut self, _module: &ModuleInfo) {}

    fn begin(&mut self, _index: u32, _ty: &FuncType, _offset: u32) {
        self.functions += 1;
    }

    fn at(&mut self, _offset: u32) {}

    #[inline]
    fn op(&mut self, op: Op<'_>) {
        self.operators += 1;
        self.labels += u64::from(matches!(op, Op::Def { .. }));
    }

    fn end(&mut self) {}
}
