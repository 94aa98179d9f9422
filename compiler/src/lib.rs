//! Lightbeam: an optimising, one-pass, streaming compiler from WebAssembly to x86-64.

pub mod code;
pub mod error;
pub mod link;
pub mod microwasm;
pub mod runtime;
pub mod state;
pub mod trap;
pub mod wasm;
pub mod x64;
