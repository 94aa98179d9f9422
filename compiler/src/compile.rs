//! The driver: bytes in, code and declarations out.
//!
//! ```text
//!   bytes --wasm--> validated operators --microwasm--> Microwasm --x64 over state--> code
//! ```

use crate::code::Code;
use crate::error::{CompileError, CompileResult};
use crate::microwasm::binary::Decoder;
use crate::microwasm::check::Checker;
use crate::microwasm::{FuncType, Op, Sink, text};
#[cfg(feature = "parallel")]
use crate::wasm::jobs::{Input, Jobs};
use crate::wasm::module::{DataSegment, ModuleInfo};
use crate::wasm::stream::Frontend;
use crate::work::Work;
use crate::x64::features::CpuFeatures;
use crate::x64::listing::Listing;
use crate::x64::memory_base::MemoryBase;
use crate::x64::rewrites::Switches;
use crate::x64::{DEFAULT_MAX_CODE_BYTES, Emitter};

/// How to compile.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CompilerConfig {
    /// The CPU to compile for.
    pub features: CpuFeatures,
    /// Where code finds the base of memory 0. What is compiled for one engine agrees on it.
    pub memory_base: MemoryBase,
    /// Which optional rewrites to apply.
    pub switches: Switches,
    /// How many optional rewrites to apply in a module; those after the last are left out.
    pub rewrite_limit: u64,
    /// Whether to record where the code of each Wasm operator begins, and each rewrite.
    pub listing: bool,
    /// The most bytes of machine code that a module may have; at most (and by default) 1 GiB.
    pub max_code_bytes: u32,
    /// How many threads may compile the functions of a module whose code is pushed as a whole; 1 by default, which is the
    /// thread of the caller. Others have ended when that returns. The code is the same for any number. A listing and a
    /// limit of rewrites take one.
    #[cfg(feature = "parallel")]
    pub jobs: usize,
    /// With several jobs: about how many bytes of functions one takes at a time, 32 KiB by default. Less code than that is
    /// left to the caller's thread.
    #[cfg(feature = "parallel")]
    pub batch_bytes: usize,
}

/// [`CompilerConfig::batch_bytes`] unless it is set: compiling them takes much longer than handing them over.
#[cfg(feature = "parallel")]
pub const DEFAULT_BATCH_BYTES: usize = 1 << 15;

impl CompilerConfig {
    /// Compiles for the CPU that this runs on.
    ///
    /// # Errors
    ///
    /// [`CompileError::Host`] if the CPU lacks what compiled code needs.
    pub fn native() -> CompileResult<CompilerConfig> {
        Ok(CompilerConfig {
            features: CpuFeatures::detect()?,
            memory_base: MemoryBase::default(),
            switches: Switches::ALL,
            rewrite_limit: u64::MAX,
            listing: false,
            max_code_bytes: DEFAULT_MAX_CODE_BYTES,
            #[cfg(feature = "parallel")]
            jobs: 1,
            #[cfg(feature = "parallel")]
            batch_bytes: DEFAULT_BATCH_BYTES,
        })
    }
}

/// A compiled module: what it declares, and its machine code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompiledModule {
    /// What it declares.
    pub info: ModuleInfo,
    /// The code of its functions.
    pub code: Code,
    /// How the code was made; only its counts unless [`CompilerConfig::listing`] was set.
    pub listing: Listing,
    /// What compiling it took.
    pub work: Work,
}

/// A module that is being compiled while its bytes arrive.
///
/// Each operator is compiled as soon as its bytes are there. Beside the code and the module's tables,
/// no more is held than the bytes of one section that is not code, or of one operator.
///
/// ```
/// use lightbeam::compile::{Compiler, CompilerConfig};
///
/// let wasm = wat::parse_str(r#"(module (func (export "one") (result i32) (i32.const 1)))"#)?;
/// let mut compiler = Compiler::new(&CompilerConfig::native()?);
/// for chunk in wasm.chunks(7) {
///     compiler.push(chunk)?;
/// }
/// let module = compiler.finish()?;
/// assert_eq!(module.code.functions.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Compiler {
    source: Source,
    /// Bytes that were taken.
    received: u64,
}

/// What the bytes are.
#[allow(clippy::large_enum_variant, reason = "there is one for each module, and it is not moved")]
enum Source {
    Wasm(Frontend<Emitter>),
    Microwasm(Decoder<Emitter>),
}

impl Compiler {
    /// A compiler that has seen no bytes.
    ///
    /// # Panics
    ///
    /// If [`CompilerConfig::max_code_bytes`] is above 1 GiB.
    pub fn new(config: &CompilerConfig) -> Compiler {
        Compiler { source: Source::Wasm(frontend(config)), received: 0 }
    }

    /// A compiler for Microwasm in its binary format, which is checked as it is compiled. Positions
    /// in errors and in the code's tables are byte offsets in that.
    ///
    /// # Panics
    ///
    /// If [`CompilerConfig::max_code_bytes`] is above 1 GiB.
    pub fn for_microwasm(config: &CompilerConfig) -> Compiler {
        Compiler { source: Source::Microwasm(Decoder::new(emitter(config))), received: 0 }
    }

    /// Takes the next bytes of the module, however many.
    ///
    /// # Errors
    ///
    /// If the module is malformed, invalid, unsupported or too large; the same error again on every
    /// later call.
    pub fn push(&mut self, bytes: &[u8]) -> CompileResult<()> {
        self.received += bytes.len() as u64;
        match &mut self.source {
            Source::Wasm(frontend) => frontend.push(bytes),
            Source::Microwasm(decoder) => decoder.push(bytes),
        }
    }

    /// How many bytes have arrived that could not be compiled yet and are therefore held.
    pub fn held(&self) -> usize {
        match &self.source {
            Source::Wasm(frontend) => frontend.held(),
            Source::Microwasm(decoder) => decoder.held(),
        }
    }

    /// The module is complete.
    ///
    /// # Errors
    ///
    /// As [`Compiler::push`], and if the module is incomplete.
    pub fn finish(self) -> CompileResult<CompiledModule> {
        let (info, emitter) = match self.source {
            Source::Wasm(frontend) => frontend.finish()?,
            Source::Microwasm(decoder) => decoder.finish()?,
        };
        compiled(info, emitter, self.received)
    }
}

#[cfg(feature = "parallel")]
fn frontend(config: &CompilerConfig) -> Frontend<Emitter> {
    let jobs = Jobs { count: config.jobs, batch_bytes: config.batch_bytes };
    match config.jobs {
        0 | 1 => Frontend::new(emitter(config)),
        _ => Frontend::with_code(
            emitter(config),
            Some(Box::new(move |section, bytes, offset, validator, info, buffers, sink| {
                jobs.take(section, Input { bytes, offset }, validator, info, buffers, sink)
            })),
        ),
    }
}

#[cfg(not(feature = "parallel"))]
fn frontend(config: &CompilerConfig) -> Frontend<Emitter> {
    Frontend::new(emitter(config))
}

fn emitter(config: &CompilerConfig) -> Emitter {
    let mut emitter = Emitter::new(config.features, config.switches, config.memory_base);
    emitter.limit_code(config.max_code_bytes);
    emitter.limit_rewrites(config.rewrite_limit);
    if config.listing {
        emitter.record_listing();
    }
    emitter
}

fn compiled(info: ModuleInfo, emitter: Emitter, input_bytes: u64) -> CompileResult<CompiledModule> {
    let (code, listing, mut work) = emitter.finish()?;
    work.input_bytes = input_bytes;
    work.add_declarations(&info);
    Ok(CompiledModule { info, code, listing, work })
}

/// A module that is compiled while its producer says it, operator by operator: the interface for
/// compilers that target Microwasm. What it is told is checked; what is wrong is reported at the end.
///
/// ```
/// use lightbeam::compile::{CompilerConfig, OperatorCompiler};
/// use lightbeam::microwasm::{FuncType, Op, Sink, Target, Type};
/// use lightbeam::wasm::module::{Export, ExportKind, ModuleInfo};
///
/// let ty = FuncType { params: [Type::I32].into(), results: [Type::I32].into() };
/// let info = ModuleInfo {
///     types: vec![ty.clone()],
///     funcs: vec![0],
///     exports: vec![Export { name: "same".into(), kind: ExportKind::Func(0) }],
///     ..ModuleInfo::default()
/// };
/// let mut compiler = OperatorCompiler::new(&CompilerConfig::native()?);
/// compiler.module(&info);
/// compiler.begin(0, &ty, 0);
/// compiler.op(Op::Pick(0));
/// compiler.op(Op::Br(Target::Return));
/// compiler.end();
/// let module = compiler.finish(Vec::new())?;
/// assert_eq!(module.code.functions.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct OperatorCompiler {
    checker: Checker<Emitter>,
}

impl OperatorCompiler {
    /// A compiler that was told nothing.
    ///
    /// # Panics
    ///
    /// If [`CompilerConfig::max_code_bytes`] is above 1 GiB.
    pub fn new(config: &CompilerConfig) -> OperatorCompiler {
        OperatorCompiler { checker: Checker::new(emitter(config)) }
    }

    /// The module is complete with these data segments.
    ///
    /// # Errors
    ///
    /// [`CompileError::Microwasm`] if it broke a rule; a limit or something unsupported.
    pub fn finish(self, data: Vec<DataSegment>) -> CompileResult<CompiledModule> {
        let (info, emitter) = self.checker.finish(data)?;
        compiled(info, emitter, 0)
    }
}

impl Sink for OperatorCompiler {
    fn module(&mut self, module: &ModuleInfo) {
        self.checker.module(module);
    }

    fn begin(&mut self, index: u32, ty: &FuncType, offset: u32) {
        self.checker.begin(index, ty, offset);
    }

    fn at(&mut self, offset: u32) {
        self.checker.at(offset);
    }

    fn op(&mut self, op: Op<'_>) {
        self.checker.op(op);
    }

    fn end(&mut self) {
        self.checker.end();
    }
}

/// Compiles a whole module.
///
/// # Errors
///
/// As [`Compiler::push`].
pub fn compile(wasm: &[u8], config: &CompilerConfig) -> Result<CompiledModule, CompileError> {
    let mut compiler = Compiler::new(config);
    compiler.push(wasm)?;
    compiler.finish()
}

/// Compiles Microwasm in its text format, which is checked as it is compiled. Positions in the code's
/// tables are byte offsets of lines in the text.
///
/// # Errors
///
/// [`CompileError::Text`] with the line and the column; a limit or something unsupported.
///
/// # Panics
///
/// If [`CompilerConfig::max_code_bytes`] is above 1 GiB.
pub fn compile_text(text: &str, config: &CompilerConfig) -> CompileResult<CompiledModule> {
    let (info, emitter) = text::parse(text, emitter(config))?;
    compiled(info, emitter, text.len() as u64)
}
