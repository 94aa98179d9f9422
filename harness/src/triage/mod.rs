//! From a mismatch to its cause.

pub mod bisect;
pub mod dossier;
pub mod explicit;
pub mod listing;
pub mod locate;
pub mod probe;
