//! Checks Microwasm against the rules M1 to M8 of [`super`], operator by operator.
//!
//! The checker stands between a producer that is not trusted and a sink that relies on the rules.
//! It takes time linear in the operators and their operands, and constant memory for each open
//! label: what a label keeps is known by its topmost entry, and lists of parameters are shared.

mod function;
mod module;
mod stack;

pub use module::{Declarations, Declared};

use super::{FuncType, Op, Sink};
use crate::error::{CompileError, CompileResult};
use crate::wasm::module::{DataSegment, ModuleInfo};
use function::Function;

/// The most variables that a function may have, parameters included.
pub const MAX_VARIABLES: u32 = 50_000;
/// The most entries on a function's stack.
pub const MAX_HEIGHT: u32 = 1 << 23;
/// The most types in a list: parameters or results of a function, parameters of a label.
pub const MAX_LIST: usize = 1000;

/// What is wrong, before it is known where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A rule is broken; the label that it is about, if it is about one.
    Rule(Option<u32>, String),
    /// A limit is exceeded.
    Limit(&'static str),
    /// Something that is not supported.
    Unsupported(&'static str),
}

impl Fault {
    /// A broken rule that is not about a label.
    pub(crate) fn rule(message: impl Into<String>) -> Box<Fault> {
        Box::new(Fault::Rule(None, message.into()))
    }

    /// The error at a byte offset.
    pub fn at(self, offset: u64) -> CompileError {
        match self {
            Fault::Rule(label, message) => CompileError::Microwasm { offset, label, message },
            Fault::Limit(limit) => CompileError::Limit { offset, limit },
            Fault::Unsupported(feature) => CompileError::Unsupported { offset, feature },
        }
    }
}

/// What checking returns: nothing, or what is wrong. Boxed, because every operator returns one.
pub(crate) type Checked<T = ()> = Result<T, Box<Fault>>;

/// A sink that passes on what keeps the rules, up to the first call that breaks one.
#[derive(Debug)]
pub struct Checker<S> {
    sink: S,
    fault: Option<Box<Fault>>,
    offset: u32,
    function: Function,
    operators: u64,
}

impl<S: Sink> Checker<S> {
    /// Checks what goes to a sink.
    pub fn new(sink: S) -> Checker<S> {
        Checker { sink, fault: None, offset: 0, function: Function::default(), operators: 0 }
    }

    /// What is wrong, if anything is. The sink has seen everything before it.
    pub fn fault(&self) -> Option<&Fault> {
        self.fault.as_deref()
    }

    /// How many entries are on the stack of the function at work.
    pub fn height(&self) -> u32 {
        self.function.height()
    }

    /// How many operators kept the rules.
    pub fn operators(&self) -> u64 {
        self.operators
    }

    /// The module is complete with its data segments: everything that it declares, and the sink.
    ///
    /// # Errors
    ///
    /// If something was wrong: [`CompileError::Microwasm`], a limit, or something unsupported.
    pub fn finish(mut self, data: Vec<DataSegment>) -> CompileResult<(ModuleInfo, S)> {
        if self.fault.is_none() {
            self.fault = self.function.finish(&data).err();
        }
        match self.fault {
            Some(fault) => Err(fault.at(self.offset.into())),
            None => Ok((ModuleInfo { data, ..self.function.into_module() }, self.sink)),
        }
    }

    /// Passes something on if it is right, and nothing after the first thing that is not.
    fn pass(&mut self, check: impl FnOnce(&mut Function) -> Checked, pass: impl FnOnce(&mut S)) {
        if self.fault.is_some() {
            return;
        }
        match check(&mut self.function) {
            Ok(()) => pass(&mut self.sink),
            Err(fault) => self.fault = Some(fault),
        }
    }
}

impl<S: Sink> Sink for Checker<S> {
    fn module(&mut self, module: &ModuleInfo) {
        self.pass(|function| function.module(module), |sink| sink.module(module));
    }

    fn begin(&mut self, index: u32, ty: &FuncType, offset: u32) {
        if self.fault.is_none() {
            self.offset = offset;
        }
        self.pass(|function| function.begin(index, ty), |sink| sink.begin(index, ty, offset));
    }

    #[inline]
    fn at(&mut self, offset: u32) {
        if self.fault.is_none() {
            self.offset = offset;
            self.sink.at(offset);
        }
    }

    #[inline]
    fn op(&mut self, op: Op<'_>) {
        self.operators += 1;
        if self.fault.is_some() {
            return;
        }
        match self.function.op(&op) {
            Ok(()) => self.sink.op(op),
            Err(fault) => self.fault = Some(fault),
        }
    }

    fn end(&mut self) {
        self.pass(Function::end, S::end);
    }
}

/// Nothing: for checking without a consumer.
impl Sink for () {
    fn module(&mut self, _module: &ModuleInfo) {}
    fn begin(&mut self, _index: u32, _ty: &FuncType, _offset: u32) {}
    fn at(&mut self, _offset: u32) {}
    fn op(&mut self, _op: Op<'_>) {}
    fn end(&mut self) {}
}
