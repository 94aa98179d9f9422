//! Operators by name, and the ones that the compiler supports.

use wasmparser::Operator;

/// Defines the functions from wasmparser's list of all operators.
macro_rules! names {
    ($( @$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
        /// An operator's name: its variant.
        pub fn name(operator: &Operator<'_>) -> &'static str {
            match operator {
                $(Operator::$op { .. } => stringify!($op),)*
                _ => "unknown",
            }
        }

        /// The operators of each proposal.
        const ALL: &[(&str, &str)] = &[$((stringify!($proposal), stringify!($op)),)*];
    };
}

wasmparser::for_each_operator!(names);

/// The proposals that make Wasm 2.0, but for vectors.
const SUPPORTED: [&str; 5] = ["mvp", "sign_extension", "saturating_float_to_int", "bulk_memory", "reference_types"];
/// `select` with more than one type is nothing that a valid module has.
const NEVER_VALID: &str = "TypedSelectMulti";

/// The names of all operators that the compiler supports.
pub fn supported() -> impl Iterator<Item = &'static str> {
    let supported = ALL.iter().filter(|(proposal, op)| SUPPORTED.contains(proposal) && *op != NEVER_VALID);
    supported.map(|(_, op)| *op)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_as_in_wasm_2() {
        // 172 of 1.0, 5 sign extensions, 8 saturating truncations, 7 of bulk memory, 9 of references and tables.
        assert_eq!(supported().count(), 201);
        assert_eq!(name(&Operator::I32Add), "I32Add");
    }
}
