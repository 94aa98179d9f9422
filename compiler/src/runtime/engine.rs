//! The engine: what all modules and stores of one configuration share.

use crate::compile::CompilerConfig;
use crate::error::CompileError;
use crate::link::signatures::Signatures;
use crate::microwasm::FuncType;
use crate::runtime::error::Error;
use crate::runtime::signals;
use crate::x64::features::CpuFeatures;
use crate::x64::memory_base::MemoryBase;
use crate::x64::rewrites::Switches;
use std::sync::Arc;

/// How an engine compiles and runs.
#[derive(Debug, Clone)]
pub struct Config {
    max_wasm_stack: usize,
    backtrace_frames: usize,
    features: Option<CpuFeatures>,
    memory_base: MemoryBase,
    switches: Switches,
    rewrite_limit: u64,
    #[cfg(feature = "parallel")]
    jobs: (usize, usize),
}

impl Default for Config {
    fn default() -> Config {
        Config {
            max_wasm_stack: 512 << 10,
            backtrace_frames: 64,
            features: None,
            memory_base: MemoryBase::default(),
            switches: Switches::ALL,
            rewrite_limit: u64::MAX,
            #[cfg(feature = "parallel")]
            jobs: (1, crate::compile::DEFAULT_BATCH_BYTES),
        }
    }
}

impl Config {
    /// The defaults.
    pub fn new() -> Config {
        Config::default()
    }

    /// How much of the thread's stack compiled code may use, in bytes, counted from where the host
    /// first enters it; 512 KiB unless set. What the thread's stack really has left, less a
    /// reserve for host functions, bounds it too.
    pub fn max_wasm_stack(&mut self, bytes: usize) -> &mut Config {
        self.max_wasm_stack = bytes;
        self
    }

    /// How many frames a backtrace holds at most, the innermost ones; 64 unless set.
    pub fn max_backtrace_frames(&mut self, frames: usize) -> &mut Config {
        self.backtrace_frames = frames;
        self
    }

    /// The CPU features that compiled code may use; all that this CPU has unless set. What this CPU
    /// lacks is left out.
    pub fn cpu_features(&mut self, features: CpuFeatures) -> &mut Config {
        self.features = Some(features);
        self
    }

    /// Where compiled code finds the base of memory 0; in a register unless set.
    ///
    /// Through the segment, `gs` is the engine's while compiled code runs, and while host functions do that it calls:
    /// they and signal handlers must not rely on its base. Outside calls it is what it was.
    pub fn memory_base(&mut self, memory_base: MemoryBase) -> &mut Config {
        self.memory_base = memory_base;
        self
    }

    /// Which optional rewrites the code generator applies; all unless set.
    pub fn switches(&mut self, switches: Switches) -> &mut Config {
        self.switches = switches;
        self
    }

    /// How many optional rewrites the code generator applies in a module; any number unless set.
    /// A miscompile that is there with `n + 1` and not with `n` comes from the rewrite in between.
    pub fn rewrite_limit(&mut self, limit: u64) -> &mut Config {
        self.rewrite_limit = limit;
        self
    }

    /// How many threads may compile the functions of a module that is given as a whole; 1 unless set, which is the
    /// caller's. Others have ended once the module is there. The code is the same for any number.
    #[cfg(feature = "parallel")]
    pub fn jobs(&mut self, jobs: usize) -> &mut Config {
        self.jobs.0 = jobs;
        self
    }

    /// With several jobs: about how many bytes of functions one takes at a time; 32 KiB unless set. Less code than that is
    /// left to the caller's thread.
    #[cfg(feature = "parallel")]
    pub fn batch_bytes(&mut self, bytes: usize) -> &mut Config {
        self.jobs.1 = bytes;
        self
    }

    /// How to compile.
    fn compiler(&self) -> Result<CompilerConfig, Error> {
        let mut compiler = CompilerConfig::native()?;
        if let Some(features) = self.features {
            compiler.features = compiler.features.and(features);
        }
        if !self.memory_base.is_permitted() {
            let reason = "the CPU or the kernel does not let programs set the base of gs (FSGSBASE)";
            return Err(CompileError::Host(reason.to_string()).into());
        }
        compiler.memory_base = self.memory_base;
        compiler.switches = self.switches;
        compiler.rewrite_limit = self.rewrite_limit;
        #[cfg(feature = "parallel")]
        {
            (compiler.jobs, compiler.batch_bytes) = self.jobs;
        }
        Ok(compiler)
    }

    pub(crate) fn stack_bytes(&self) -> usize {
        self.max_wasm_stack
    }

    pub(crate) fn backtrace_frames(&self) -> usize {
        self.backtrace_frames
    }
}

/// A configuration in use. Clones are the same engine.
#[derive(Debug, Clone)]
pub struct Engine {
    inner: Arc<EngineInner>,
}

#[derive(Debug)]
struct EngineInner {
    config: Config,
    compiler: CompilerConfig,
    signatures: Signatures,
}

impl Engine {
    /// An engine of this configuration. The first one of the process installs signal handlers for
    /// SIGSEGV, SIGBUS, SIGILL and SIGFPE, which pass on every signal that is not a trap of ours.
    ///
    /// # Errors
    ///
    /// [`Error::Resource`] if the handlers cannot be installed; [`Error::Compile`] if the CPU lacks
    /// something that compiled code needs, or if the kernel does not permit it.
    pub fn new(config: &Config) -> Result<Engine, Error> {
        signals::install().map_err(|error| Error::Resource { what: "signal handlers", reason: error.to_string() })?;
        Ok(Engine {
            inner: Arc::new(EngineInner {
                config: config.clone(),
                // Asked once: under a hypervisor a look at the CPU's features costs as much as a small module.
                compiler: config.compiler()?,
                signatures: Signatures::default(),
            }),
        })
    }

    /// Whether both are the same engine.
    pub fn same(a: &Engine, b: &Engine) -> bool {
        Arc::ptr_eq(&a.inner, &b.inner)
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    pub(crate) fn compiler(&self) -> &CompilerConfig {
        &self.inner.compiler
    }

    pub(crate) fn signatures(&self) -> &Signatures {
        &self.inner.signatures
    }

    pub(crate) fn signature(&self, ty: &FuncType) -> Result<u32, Error> {
        let too_many = || Error::Resource { what: "function types", reason: "2^32 are in use".to_string() };
        self.signatures().number(ty).ok_or_else(too_many)
    }
}
