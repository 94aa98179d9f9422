//! Properties: library functions that fuzz targets and `cargo test` call with bytes.

pub mod differential;
pub mod mutate;

pub use differential::diff_bytes;
pub use mutate::mutate_bytes;
