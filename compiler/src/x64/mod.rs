//! Microwasm to x86-64 machine code.

pub mod abi;
