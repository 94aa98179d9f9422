//! Wasmer's one-pass compiler, to be compared with. Behind the feature `singlepass`, because Wasmer is large.

use rayon::{ThreadPool, ThreadPoolBuilder};
use std::fmt;
use wasmer::sys::{EngineBuilder, Singlepass as Config};
use wasmer::{Engine, Module};

/// Wasmer with Singlepass. Results of float operators keep their NaNs as the processor makes them, as with all the
/// others: to make them canonical, which is Wasmer's default, would cost it time.
pub struct Singlepass {
    engine: Engine,
    /// One thread, like all the others.
    threads: ThreadPool,
}

impl fmt::Debug for Singlepass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Singlepass").finish_non_exhaustive()
    }
}

impl Singlepass {
    /// Wasmer with Singlepass on one thread.
    ///
    /// # Errors
    ///
    /// If the thread cannot be started.
    pub fn new() -> Result<Singlepass, String> {
        let mut config = Config::new();
        config.canonicalize_nans(false);
        let threads = ThreadPoolBuilder::new().num_threads(1).build().map_err(|error| error.to_string())?;
        Ok(Singlepass { engine: EngineBuilder::new(config).engine().into(), threads })
    }

    /// Compiles a module: from its bytes to code that can be called.
    ///
    /// # Errors
    ///
    /// What Wasmer says, if it refuses the module.
    pub fn compile(&self, wasm: &[u8]) -> Result<Module, String> {
        self.threads.install(|| Module::new(&self.engine, wasm)).map_err(|error| error.to_string())
    }
}
