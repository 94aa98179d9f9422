//! One engine for what it knows, another for the rest: a fast oracle that lacks a feature still gets every case.

use crate::engine::{Engine, Module};
use crate::outcome::Rejection;

/// The engine `first/second`: the second compiles what the first says it does not support.
pub struct Either {
    name: String,
    first: Box<dyn Engine>,
    second: Box<dyn Engine>,
}

impl Either {
    /// Both engines as one.
    pub fn new(first: Box<dyn Engine>, second: Box<dyn Engine>) -> Either {
        Either { name: format!("{}/{}", first.name(), second.name()), first, second }
    }
}

impl Engine for Either {
    fn name(&self) -> &str {
        &self.name
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, Rejection> {
        match self.first.compile(wasm) {
            Err(Rejection::Unsupported(_)) => self.second.compile(wasm),
            verdict => verdict,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::engines::by_name;

    /// Winch has no references.
    const REFERENCES: &str = "(module (func (export \"f\") (param externref) (result externref) local.get 0))";

    #[test]
    fn the_second_takes_what_the_first_does_not_support() {
        let wasm = wat::parse_str(REFERENCES).expect("it is a module");
        let compiles = |name: &str| by_name(name).expect("it exists").compile(&wasm).is_ok();
        assert!(!compiles("winch"));
        assert!(compiles("winch/cranelift-none"));
    }

    #[test]
    fn what_is_invalid_stays_so() {
        let either = by_name("winch/cranelift-none").expect("it exists");
        assert_eq!(either.name(), "winch/cranelift-none");
        assert!(either.compile(b"\0asm\x01\0\0\0\x0a\x01\x01").is_err());
        assert!(by_name("winch/nothing").is_err());
    }
}
