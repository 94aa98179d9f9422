//! How code was made, for those who explain it.

use super::edges::EdgeCode;
use super::rewrites::RewriteSite;

/// Where the code of a Wasm operator begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperatorCode {
    /// The offset in the code.
    pub code_offset: u32,
    /// The Wasm offset of the operator.
    pub wasm_offset: u32,
}

/// What is known of how code was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Where the code of each Wasm operator begins, by ascending code offset, if it was recorded.
    pub operators: Vec<OperatorCode>,
    /// How many optional rewrites there were.
    pub rewrites: u64,
    /// Each of them in order, if they were recorded.
    pub rewrite_sites: Vec<RewriteSite>,
    /// The code on the way from branches to their targets, function by function, if it was recorded.
    pub edges: Vec<EdgeCode>,
}
