//! Bytes to validated operators.

pub mod module;
