//! Generators of cases.

pub mod smith;
