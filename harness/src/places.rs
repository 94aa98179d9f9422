//! Whether a trap can have happened where an engine says: judged by the module's operators alone.
//!
//! Optimising compilers merge equal traps and so report places that are off. An engine that is told
//! apart from them needs another witness: the module itself.

use crate::outcome::{Place, Trap, TrapKind};
use wasmparser::{Operator, Parser, Payload};

/// Whether the innermost place is an operator that can trap so, and the others are calls, each in the
/// function that is named.
pub fn plausible(wasm: &[u8], trap: &Trap) -> bool {
    let mut places = trap.places.iter();
    let innermost = places.next().is_none_or(|place| match trap.kind {
        // A host function traps in the call of it.
        TrapKind::Host(_) => is(wasm, place, calls),
        kind => is(wasm, place, |operator| can_trap(operator, kind)),
    });
    innermost && places.all(|place| is(wasm, place, calls))
}

fn calls(operator: &Operator<'_>) -> bool {
    matches!(operator, Operator::Call { .. } | Operator::CallIndirect { .. })
}

/// Whether the function has an operator at the offset for which this holds.
fn is(wasm: &[u8], place: &Place, holds: impl Fn(&Operator<'_>) -> bool) -> bool {
    let mut func = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload {
            Ok(Payload::ImportSection(imports)) => {
                let imports = imports.into_imports().map_while(Result::ok);
                func += imports.filter(|import| matches!(import.ty, wasmparser::TypeRef::Func(_))).count() as u32;
            }
            Ok(Payload::CodeSectionEntry(body)) => {
                if func == place.func {
                    let Ok(operators) = body.get_operators_reader() else { return false };
                    let found = operators
                        .into_iter_with_offsets()
                        .map_while(Result::ok)
                        .find(|(_, offset)| *offset == u64::from(place.offset));
                    return found.is_some_and(|(operator, _)| holds(&operator));
                }
                func += 1;
            }
            _ => {}
        }
    }
    false
}

fn can_trap(operator: &Operator<'_>, kind: TrapKind) -> bool {
    use Operator as O;
    let of_table = matches!(
        operator,
        O::TableGet { .. } | O::TableSet { .. } | O::TableInit { .. } | O::TableCopy { .. } | O::TableFill { .. }
    );
    let of_memory = matches!(operator, O::MemoryInit { .. } | O::MemoryCopy { .. } | O::MemoryFill { .. });
    let indirect = matches!(operator, O::CallIndirect { .. });
    // Every operator that accesses memory has this immediate.
    let accesses = format!("{operator:?}").contains("memarg");
    let truncates = matches!(
        operator,
        O::I32TruncF32S
            | O::I32TruncF32U
            | O::I32TruncF64S
            | O::I32TruncF64U
            | O::I64TruncF32S
            | O::I64TruncF32U
            | O::I64TruncF64S
            | O::I64TruncF64U
    );
    match kind {
        TrapKind::Unreachable => matches!(operator, O::Unreachable),
        TrapKind::MemoryOutOfBounds => accesses || of_memory,
        TrapKind::TableOutOfBounds => of_table || indirect,
        TrapKind::IndirectCallToNull | TrapKind::BadSignature => indirect,
        TrapKind::IntegerDivisionByZero => matches!(
            operator,
            O::I32DivS | O::I32DivU | O::I32RemS | O::I32RemU | O::I64DivS | O::I64DivU | O::I64RemS | O::I64RemU
        ),
        TrapKind::IntegerOverflow => truncates || matches!(operator, O::I32DivS | O::I64DivS),
        TrapKind::BadConversionToInteger => truncates,
        TrapKind::Host(_) => calls(operator),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_operators_that_can_trap_so() {
        let wasm = wat::parse_str(
            "(module (import \"\" \"\" (func)) (memory 1)
               (func (nop) (drop (i32.load (i32.const -1))))
               (func (call 1)))",
        )
        .expect("well-formed text");
        let mut offsets = Vec::new();
        for payload in Parser::new(0).parse_all(&wasm) {
            if let Payload::CodeSectionEntry(body) = payload.expect("it is valid") {
                let operators = body.get_operators_reader().expect("it is valid").into_iter_with_offsets();
                offsets.push(operators.map(|operator| operator.expect("it is valid").1 as u32).collect::<Vec<_>>());
            }
        }
        let place = |func: u32, operator: usize| Place { func, offset: offsets[func as usize - 1][operator] };
        let plausible = |kind, places: &[Place]| plausible(&wasm, &Trap::new(kind, places.to_vec()));
        assert!(plausible(TrapKind::MemoryOutOfBounds, &[place(1, 2), place(2, 0)]));
        assert!(!plausible(TrapKind::MemoryOutOfBounds, &[place(1, 0), place(2, 0)]), "nop does not trap");
        assert!(!plausible(TrapKind::MemoryOutOfBounds, &[place(1, 2), place(1, 0)]), "nop does not call");
        assert!(!plausible(TrapKind::Unreachable, &[place(1, 2)]));
        assert!(!plausible(TrapKind::MemoryOutOfBounds, &[Place { func: 2, ..place(1, 2) }]), "another function");
    }
}
