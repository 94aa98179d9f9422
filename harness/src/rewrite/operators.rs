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

        /// The operators of each proposal, each with the function that visits it.
        const ALL: &[(&str, &str, &str)] = &[$((stringify!($proposal), stringify!($op), stringify!($visit)),)*];
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
    let occurs = |wanted: &str| ALL.iter().any(|(proposal, op, _)| *proposal == wanted && found.contains(op));
    let vectors: Vec<&str> = VECTOR.into_iter().filter(|proposal| occurs(proposal)).collect();
    let counts = |proposal: &&str| SCALAR.contains(proposal) || vectors.contains(proposal);
    let expected = ALL.iter().filter(|(proposal, op, _)| counts(proposal) && *op != NEVER_VALID);
    expected.map(|(_, op, _)| *op).collect()
}

/// What is before the dot of an operator's name in the text format, of those that have a dot.
const SPACES: [&str; 18] = [
    "i32", "i64", "f32", "f64", "v128", "i8x16", "i16x8", "i32x4", "i64x2", "f32x4", "f64x2", "memory", "table",
    "global", "local", "ref", "data", "elem",
];

/// Whether some operator has this name in the text format.
pub fn is_text(name: &str) -> bool {
    ALL.iter().any(|(_, op, _)| text(op) == name)
}

/// The name in the text format, `i32.add`, of the operator with this [name]; what is no operator stays as it is.
pub fn text(name: &str) -> String {
    let Some((_, _, visit)) = ALL.iter().find(|(_, op, _)| *op == name) else { return name.to_string() };
    let plain = visit.strip_prefix("visit_").unwrap_or(visit);
    if plain.starts_with("typed_select") {
        return "select".to_string();
    }
    let dotted = |space: &&str| Some(format!("{space}.{}", plain.strip_prefix(*space)?.strip_prefix('_')?));
    SPACES.iter().find_map(dotted).unwrap_or_else(|| plain.to_string())
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

    #[test]
    fn names_are_those_of_the_text_format() {
        let names = ["I32Add", "I64ExtendI32U", "BrIf", "MemoryGrow", "I32x4ExtAddPairwiseI16x8S", "TypedSelect"];
        let texts = ["i32.add", "i64.extend_i32_u", "br_if", "memory.grow", "i32x4.extadd_pairwise_i16x8_s", "select"];
        assert_eq!(names.map(text), texts);
        assert_eq!(text("the way back"), "the way back");
    }
}
