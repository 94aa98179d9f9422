//! Modules: compiled code with its declarations, ready to be instantiated.

use crate::compile::CompiledModule;
use crate::error::CompileError;
use crate::link::linker::Image;
use crate::link::registry::{self, CodeRange};
use crate::runtime::engine::Engine;
use crate::runtime::error::Error;
use crate::runtime::externs::ExternType;
use crate::runtime::vmcontext::VmOffsets;
use crate::wasm::module::{ExportKind, ImportKind, ModuleInfo};
use crate::work::Work;
use std::fmt;
use std::sync::Arc;

/// A compiled module. Clones are the same module.
#[derive(Clone)]
pub struct Module {
    inner: Arc<ModuleInner>,
}

/// What the clones of a module share.
pub(crate) struct ModuleInner {
    engine: Engine,
    info: ModuleInfo,
    offsets: VmOffsets,
    signatures: Vec<u32>,
    image: Image,
    work: Work,
}

/// An import of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportType<'m> {
    module: &'m str,
    name: &'m str,
    ty: ExternType,
}

impl<'m> ImportType<'m> {
    /// The first name.
    pub fn module(&self) -> &'m str {
        self.module
    }

    /// The second name.
    pub fn name(&self) -> &'m str {
        self.name
    }

    /// What is asked for.
    pub fn ty(&self) -> &ExternType {
        &self.ty
    }
}

/// An export of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportType<'m> {
    name: &'m str,
    ty: ExternType,
}

impl<'m> ExportType<'m> {
    /// The name.
    pub fn name(&self) -> &'m str {
        self.name
    }

    /// What is exported.
    pub fn ty(&self) -> &ExternType {
        &self.ty
    }
}

impl Module {
    /// Makes compiled code executable.
    ///
    /// # Errors
    ///
    /// [`Error::Resource`] if executable memory cannot be had; [`Error::Compile`] if the code looks for memory 0
    /// elsewhere than the engine's.
    pub fn from_compiled(engine: &Engine, compiled: CompiledModule) -> Result<Module, Error> {
        let CompiledModule { info, code, work, .. } = compiled;
        let (ours, theirs) = (engine.compiler().memory_base, code.memory_base);
        if ours != theirs {
            let reason = format!("memory 0 is found by {} here, by {} in the code", ours.name(), theirs.name());
            return Err(CompileError::Host(reason).into());
        }
        let signatures = info.types.iter().map(|ty| engine.signature(ty)).collect::<Result<Vec<u32>, Error>>()?;
        let image = Image::new(code, &signatures)
            .map_err(|error| Error::Resource { what: "executable memory", reason: error.to_string() })?;
        let offsets = VmOffsets::new(&info);
        let inner = Arc::new(ModuleInner { engine: engine.clone(), info, offsets, signatures, image, work });
        registry::register(CodeRange {
            start: inner.image.start(),
            end: inner.image.end(),
            image: &inner.image,
            owner: Arc::as_ptr(&inner).cast(),
        });
        Ok(Module { inner })
    }

    /// The engine that it was compiled for.
    pub fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    /// Everything that it declares.
    pub fn info(&self) -> &ModuleInfo {
        &self.inner.info
    }

    /// Its imports, in order.
    pub fn imports(&self) -> impl ExactSizeIterator<Item = ImportType<'_>> {
        self.info().imports.iter().map(|import| ImportType {
            module: &import.module,
            name: &import.name,
            ty: match import.kind {
                ImportKind::Func(ty) => ExternType::Func(self.info().types[ty as usize].clone()),
                ImportKind::Table(ty) => ExternType::Table(ty),
                ImportKind::Memory(ty) => ExternType::Memory(ty),
                ImportKind::Global(ty) => ExternType::Global(ty),
            },
        })
    }

    /// Its exports, in order.
    pub fn exports(&self) -> impl ExactSizeIterator<Item = ExportType<'_>> {
        let info = self.info();
        info.exports.iter().map(|export| ExportType {
            name: &export.name,
            ty: match export.kind {
                ExportKind::Func(index) => ExternType::Func(info.func_type(index).clone()),
                ExportKind::Table(index) => ExternType::Table(info.tables[index as usize]),
                ExportKind::Memory(index) => ExternType::Memory(info.memories[index as usize]),
                ExportKind::Global(index) => ExternType::Global(info.globals[index as usize]),
            },
        })
    }

    /// What compiling it took.
    pub fn work(&self) -> Work {
        self.inner.work
    }

    /// The address range of its code.
    pub fn code_range(&self) -> std::ops::Range<usize> {
        self.inner.image.start()..self.inner.image.end()
    }

    /// Whether both are the same module.
    pub fn same(a: &Module, b: &Module) -> bool {
        Arc::ptr_eq(&a.inner, &b.inner)
    }

    pub(crate) fn image(&self) -> &Image {
        &self.inner.image
    }

    pub(crate) fn offsets(&self) -> &VmOffsets {
        &self.inner.offsets
    }

    pub(crate) fn signatures(&self) -> &[u32] {
        &self.inner.signatures
    }

    /// The module whose code this is.
    ///
    /// # Safety
    ///
    /// The module must be alive.
    pub(crate) unsafe fn from_range(range: &CodeRange) -> Module {
        let inner: *const ModuleInner = range.owner.cast();
        // SAFETY: `from_compiled` registered the pointer of a live `Arc`, and the caller says that it is alive still.
        unsafe { Arc::increment_strong_count(inner) };
        // SAFETY: the count was raised for this value.
        Module { inner: unsafe { Arc::from_raw(inner) } }
    }
}

impl fmt::Debug for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Module({:#x})", self.inner.image.start())
    }
}

impl Drop for ModuleInner {
    fn drop(&mut self) {
        registry::unregister(self.image.start());
    }
}
