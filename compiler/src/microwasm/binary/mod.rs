//! The binary format, `.mwasm`: a whole module of Microwasm, written and read as a stream.
//!
//! [`Encoder`] is a sink that writes each operator when it is told of it; [`Decoder`] takes bytes in
//! any chunks and tells a sink of each operator as soon as its last byte is there, checked. Section
//! 7 of `MICROWASM.md` specifies the format; [`format`](self) holds the one table of opcodes.

mod decode;
mod encode;
mod format;
mod leb;
mod module_in;
mod module_out;
mod operators;
mod track;

pub use decode::Decoder;
pub use encode::{Encoder, encode};
pub use format::opcodes;

/// The first bytes of every module.
pub const MAGIC: [u8; 4] = *b"\0mwm";
