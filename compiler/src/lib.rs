//! Lightbeam: an optimising, one-pass, streaming compiler from WebAssembly to x86-64.

pub mod code;
pub mod compile;
pub mod error;
#[cfg(feature = "explain")]
pub mod explain;
pub mod link;
pub mod microwasm;
pub mod runtime;
pub mod state;
pub mod trap;
pub mod wasm;
pub mod x64;

pub use error::CompileError;
pub use microwasm::{FuncType, Type as ValType};
pub use runtime::backtrace::{Backtrace, Frame, Trap};
pub use runtime::builder::ModuleBuilder;
pub use runtime::engine::{Config, Engine};
pub use runtime::error::{Error, HostError, LinkError};
pub use runtime::externs::{Extern, ExternType};
pub use runtime::func::Func;
pub use runtime::global::Global;
pub use runtime::host::Caller;
pub use runtime::instance::Instance;
pub use runtime::linker::Linker;
pub use runtime::memory::{MAX_PAGES, Memory, WASM_PAGE};
pub use runtime::module::{ExportType, ImportType, Module};
pub use runtime::store::{AsContext, AsContextMut, Store, StoreContext, StoreContextMut};
pub use runtime::table::{MAX_ELEMENTS, Table};
pub use runtime::typed::{HostResult, IntoFunc, TypedFunc, WasmTy, WasmValues};
pub use runtime::value::{ExternRef, Val};
pub use trap::TrapKind;
pub use wasm::module::{GlobalType, Limits, MemoryType, TableType};
