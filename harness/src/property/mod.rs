//! Properties: library functions that fuzz targets and `cargo test` call with bytes.

pub mod differential;

pub use differential::diff_bytes;
