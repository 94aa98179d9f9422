//! Where each value is.

pub mod reg;
