//! Wasm to Wasm: makes a module end, and makes all of its state visible.

pub mod bodies;
pub mod extend;
pub mod fuel;
mod nan;
pub mod operators;
pub mod path;
pub mod perturb;

/// The names of what rewriting adds. No module of the world uses them.
pub mod names {
    /// The exported global that holds the remaining fuel, an `i32` read as unsigned.
    pub const FUEL: &str = "lightbeam:fuel";
    /// The exported global that is 1 once fuel has run out.
    pub const OUT: &str = "lightbeam:out-of-fuel";

    /// The export of function `index`.
    pub fn func(index: u32) -> String {
        format!("lightbeam:f{index}")
    }
    /// The export of global `index`.
    pub fn global(index: u32) -> String {
        format!("lightbeam:g{index}")
    }
    /// The export of memory `index`.
    pub fn memory(index: u32) -> String {
        format!("lightbeam:m{index}")
    }
    /// The export of table `index`.
    pub fn table(index: u32) -> String {
        format!("lightbeam:t{index}")
    }
}
