//! Bytes to validated operators.

pub mod body;
pub mod code;
pub mod const_expr;
pub mod data;
pub mod features;
#[cfg(feature = "parallel")]
pub mod jobs;
pub mod module;
pub mod refusal;
pub mod sections;
pub mod stream;
