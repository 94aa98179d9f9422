//! Instances of compiled modules.

pub mod vmcontext;
