//! Microwasm as text.

mod print;

pub use print::Printer;
