//! A module: what it declares, and its recorded functions.

use super::code::Function;
use super::record::Recorder;
use crate::error::CompileResult;
use crate::microwasm::check::Checker;
use crate::wasm::module::{DataSegment, ModuleInfo};
use crate::wasm::stream::Frontend;
use std::rc::Rc;

/// A module that can be instantiated. Clones share it.
#[derive(Debug, Clone)]
pub struct Module {
    inner: Rc<Inner>,
}

#[derive(Debug)]
struct Inner {
    info: ModuleInfo,
    functions: Vec<Rc<Function>>,
}

impl Module {
    /// Reads a Wasm module. What the lowering says goes through the checker, so that code that
    /// breaks a rule of Microwasm is refused and never run.
    ///
    /// # Errors
    ///
    /// If the module is malformed, invalid, unsupported or too large.
    pub fn from_wasm(wasm: &[u8]) -> CompileResult<Module> {
        let mut frontend = Frontend::new(Checker::new(Recorder::new()));
        frontend.push(wasm)?;
        let (info, checker) = frontend.finish()?;
        Module::from_checked(checker, info.data)
    }

    /// What a checker has passed on, with the module's data segments.
    ///
    /// # Errors
    ///
    /// If something was wrong, as [`Checker::finish`].
    pub fn from_checked(checker: Checker<Recorder>, data: Vec<DataSegment>) -> CompileResult<Module> {
        let (info, recorder) = checker.finish(data)?;
        Ok(Module { inner: Rc::new(Inner { info, functions: recorder.into_functions() }) })
    }

    /// What it declares.
    pub fn info(&self) -> &ModuleInfo {
        &self.inner.info
    }

    /// The functions that are not imported, in order.
    pub fn functions(&self) -> &[Rc<Function>] {
        &self.inner.functions
    }
}
