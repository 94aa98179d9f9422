//! Properties: library functions that fuzz targets and `cargo test` call with bytes.

pub mod differential;
pub mod microwasm;
pub mod mutate;
pub mod roundtrip;
pub mod splice;

pub use differential::diff_bytes;
pub use microwasm::microwasm_bytes;
pub use mutate::mutate_bytes;
pub use roundtrip::roundtrip_bytes;
pub use splice::splice_bytes;
