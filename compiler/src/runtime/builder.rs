//! Bytes to a module: at once, or as they arrive.

use crate::compile::Compiler;
use crate::runtime::engine::Engine;
use crate::runtime::error::Error;
use crate::runtime::module::Module;
use std::fmt;

/// Compiles a module while its bytes arrive.
pub struct ModuleBuilder {
    engine: Engine,
    compiler: Compiler,
}

impl ModuleBuilder {
    /// A builder that waits for the first byte.
    pub fn new(engine: &Engine) -> ModuleBuilder {
        ModuleBuilder { engine: engine.clone(), compiler: Compiler::new(engine.compiler()) }
    }

    /// The next bytes, any number of them. Every function that they complete is compiled.
    ///
    /// # Errors
    ///
    /// [`Error::Compile`] as soon as the module can no longer become valid.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        Ok(self.compiler.push(bytes)?)
    }

    /// All bytes are there.
    ///
    /// # Errors
    ///
    /// [`Error::Compile`] if the module is incomplete or invalid; [`Error::Resource`] if executable
    /// memory cannot be had.
    pub fn finish(self) -> Result<Module, Error> {
        Module::from_compiled(&self.engine, self.compiler.finish()?)
    }
}

impl fmt::Debug for ModuleBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ModuleBuilder").finish_non_exhaustive()
    }
}

impl Module {
    /// Compiles a module.
    ///
    /// # Errors
    ///
    /// [`Error::Compile`] if the module is malformed, invalid or unsupported; [`Error::Resource`]
    /// if executable memory cannot be had.
    pub fn new(engine: &Engine, bytes: impl AsRef<[u8]>) -> Result<Module, Error> {
        let mut builder = ModuleBuilder::new(engine);
        builder.push(bytes.as_ref())?;
        builder.finish()
    }
}
