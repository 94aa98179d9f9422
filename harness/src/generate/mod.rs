//! Generators of cases.

pub mod microwasm;
pub mod smith;
