//! Properties: library functions that fuzz targets and `cargo test` call with bytes.

pub mod bomb;
pub mod differential;
pub mod microwasm;
pub mod mutate;
pub mod roundtrip;
pub mod seeds;
pub mod splice;
pub mod split;

pub use bomb::bomb_bytes;
pub use differential::diff_bytes;
pub use microwasm::microwasm_bytes;
pub use mutate::{cross_bytes, fresh_bytes, mutate_bytes};
pub use roundtrip::roundtrip_bytes;
pub use seeds::plant_seeds;
pub use splice::splice_bytes;
pub use split::split_bytes;
