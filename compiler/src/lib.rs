//! Lightbeam: an optimising, one-pass, streaming compiler from WebAssembly to x86-64.
//!
//! ```
//! use lightbeam::{Caller, Config, Engine, Linker, Module, Store};
//!
//! let engine = Engine::new(&Config::new())?;
//! let wasm = wat::parse_str(
//!     r#"(module
//!         (import "host" "note" (func $note (param i32)))
//!         (func (export "double") (param i32) (result i32)
//!             (call $note (local.get 0))
//!             (i32.mul (local.get 0) (i32.const 2))))"#,
//! )?;
//! let module = Module::new(&engine, &wasm)?;
//!
//! let mut linker = Linker::<Vec<i32>>::new(&engine);
//! linker.func_wrap("host", "note", |mut caller: Caller<'_, Vec<i32>>, value: i32| {
//!     caller.data_mut().push(value);
//! })?;
//! let mut store = Store::new(&engine, Vec::new());
//! let instance = linker.instantiate(&mut store, &module)?;
//! let double = instance.get_typed_func::<i32, i32>(&store, "double")?;
//! assert_eq!(double.call(&mut store, 21)?, 42);
//! assert_eq!(*store.data(), [21]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A module can be compiled while its bytes arrive: [`ModuleBuilder`].
//!
//! `EMBEDDING.md` beside this crate's sources shows more: streaming, memories, errors, untrusted modules.
//!
//! # How it works
//!
//! Nothing is read twice and nothing is read ahead. Each module below is one step of the way:
//!
//! 1. [`wasm`]: bytes in any chunks to validated operators, and what the module declares.
//! 2. [`microwasm`]: operators to Microwasm, a flat language over one value stack; its calls go
//!    straight to a [`microwasm::Sink`], nothing is stored.
//! 3. [`state`]: where each value is. Registers are a cache over home slots, so that a join costs
//!    O(registers). It decides and never emits.
//! 4. [`x64`]: each Microwasm operator to instructions. It emits and never decides a join.
//! 5. [`link`]: code to an executable image.
//! 6. [`runtime`]: images and imports to instances, calls and traps.
//!
//! [`compile`](mod@compile) drives the first four, [`Module`] all of them. Beside them stands
//! [`interpreter`], which runs Microwasm as its specification says: what the others are judged by.
//!
//! All of it takes time and memory linear in the module's bytes, for every module: `LINEAR.md` beside this crate's
//! sources gives the reason for each construct, and [`Work`] counts.
//!
//! # Calls and traps
//!
//! Compiled code is called on the host's stack. A trap, the error of a host function and a panic of
//! a host function all end the call and leave the store usable. See [`Engine::new`] for the signal
//! handlers that this needs.

pub mod code;
pub mod compile;
pub mod error;
#[cfg(feature = "explain")]
pub mod explain;
pub mod interpreter;
pub mod link;
pub mod microwasm;
pub mod runtime;
#[cfg(feature = "seeded-bugs")]
pub mod seeded;
#[cfg(not(feature = "seeded-bugs"))]
mod seeded;
pub mod state;
#[cfg(feature = "explain")]
pub mod statistics;
pub mod trap;
pub mod wasm;
pub mod work;
pub mod x64;

/// The guide's examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../EMBEDDING.md")]
pub struct Embedding;

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
pub use work::Work;
pub use x64::features::CpuFeatures;
pub use x64::memory_base::MemoryBase;
pub use x64::rewrites::{Rewrite, Switches};
