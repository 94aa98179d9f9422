//! Bytes to a module: at once, or as they arrive.

use crate::compile::{self, Compiler};
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

    /// A builder for Microwasm in its binary format.
    pub fn for_microwasm(engine: &Engine) -> ModuleBuilder {
        ModuleBuilder { engine: engine.clone(), compiler: Compiler::for_microwasm(engine.compiler()) }
    }

    /// The next bytes, any number of them. Every operator that they complete is compiled.
    ///
    /// # Errors
    ///
    /// [`Error::Compile`] as soon as the module can no longer become valid.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        Ok(self.compiler.push(bytes)?)
    }

    /// How many bytes have arrived that could not be compiled yet and are therefore held.
    pub fn held(&self) -> usize {
        self.compiler.held()
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

    /// Compiles a module of Microwasm in its binary format (`.mwasm`). Nothing in it is trusted.
    ///
    /// # Errors
    ///
    /// As [`Module::new`].
    pub fn from_microwasm(engine: &Engine, bytes: impl AsRef<[u8]>) -> Result<Module, Error> {
        let mut builder = ModuleBuilder::for_microwasm(engine);
        builder.push(bytes.as_ref())?;
        builder.finish()
    }

    /// Compiles a module of Microwasm in its text format (`.mwat`). Nothing in it is trusted.
    ///
    /// ```
    /// use lightbeam::{Config, Engine, Instance, Module, Store};
    ///
    /// // Collatz: two loops that jump into each other, which no structured language can say.
    /// let text = r#"
    ///     microwasm 1
    ///     func $steps :: [i64] -> [i32]
    ///     export "steps" func $steps
    ///     code $steps
    ///       locals 1 i32
    ///       def .even backward
    ///       def .odd backward
    ///       def .next
    ///       br .next
    ///     .odd:
    ///       pick 0
    ///       i64.const 3
    ///       i64.mul
    ///       i64.const 1
    ///       i64.add
    ///       put 0
    ///       pick 1
    ///       i32.const 1
    ///       i32.add
    ///       put 1
    ///       br .even
    ///     .even:
    ///       pick 0
    ///       i64.const 1
    ///       u64.shr
    ///       put 0
    ///       pick 1
    ///       i32.const 1
    ///       i32.add
    ///       put 1
    ///       br .next
    ///     .next:
    ///       def .done callers=1
    ///       def .more callers=1
    ///       pick 0
    ///       i64.const 1
    ///       u64.gt
    ///       br_if .more, .done
    ///     .more:
    ///       pick 0
    ///       i32.wrap_from.i64
    ///       i32.const 1
    ///       i32.and
    ///       br_if .odd, .even
    ///     .done:
    ///       pick 1
    ///       br .return
    ///     end"#;
    /// let engine = Engine::new(&Config::new())?;
    /// let module = Module::from_microwasm_text(&engine, text)?;
    /// let mut store = Store::new(&engine, ());
    /// let instance = Instance::new(&mut store, &module, &[])?;
    /// let steps = instance.get_typed_func::<i64, i32>(&mut store, "steps")?;
    /// assert_eq!(steps.call(&mut store, 27)?, 111);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Module::new`]; positions are lines and columns.
    pub fn from_microwasm_text(engine: &Engine, text: &str) -> Result<Module, Error> {
        Module::from_compiled(engine, compile::compile_text(text, engine.compiler())?)
    }
}
