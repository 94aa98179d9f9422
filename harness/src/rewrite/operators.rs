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
const SCALAR: [&str; 5] = ["mvp", "sign_extension", "saturating_float_to_int", "bulk_memory", "reference_types"];
/// `select` with more than one type is nothing that a valid module has.
const NEVER_VALID: &str = "TypedSelectMulti";

/// The proposals of vectors: their operators are only in modules that were generated to have them.
const VECTOR: [&str; 2] = ["simd", "relaxed_simd"];

/// The operators to expect in modules that have these: all of Wasm 2.0 without vectors, and those of each proposal of
/// vectors of which there is one.
pub fn expected(found: &[&str]) -> Vec<&'static str> {
    let occurs = |wanted: &str| ALL.iter().any(|(proposal, op)| *proposal == wanted && found.contains(op));
    let vectors: Vec<&str> = VECTOR.into_iter().filter(|proposal| occurs(proposal)).collect();
    let counts = |proposal: &&str| SCALAR.contains(proposal) || vectors.contains(proposal);
    let expected = ALL.iter().filter(|(proposal, op)| counts(proposal) && *op != NEVER_VALID);
    expected.map(|(_, op)| *op).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_as_in_wasm_2() {
        // 172 of 1.0, 5 sign extensions, 8 saturating truncations, 7 of bulk memory, 9 of references and tables.
        assert_eq!(expected(&["I32Add"]).len(), 201);
        assert_eq!(expected(&["V128Load"]).len(), 201 + 236);
        assert_eq!(expected(&["F32x4RelaxedMadd", "V128Load"]).len(), 201 + 236 + 20);
        assert_eq!(name(&Operator::I32Add), "I32Add");
    }
}
