//! What a module declares: functions lose their bodies, and what nothing needs goes.

use super::body::{Body, constant, encoded};
use super::garbage::{Keep, Parts};
use super::{Search, ddmin};
use crate::plan::Case;
use crate::shape::Shape;
use wasm_encoder::Instruction;
use wasmparser::ExternalKind;

/// Simplifies functions as a whole, and leaves out declarations.
pub(super) fn reduce(search: &mut Search<'_>) {
    collect(search);
    stubs(search, true);
    stubs(search, false);
    collect(search);
    imports(search);
    declarations(search);
    collect(search);
}

/// Leaves out what nothing needs, all of it at once if that may be.
fn collect(search: &mut Search<'_>) {
    let edit = |parts: &Parts<'_>, case: &Case, keep: &mut Keep| {
        let called = |export: &wasmparser::Export<'_>| {
            export.kind == ExternalKind::Func && case.plan.calls.iter().any(|call| call.func == export.index)
        };
        let mut seen = Vec::new();
        for (export, keep) in parts.exports.iter().zip(&mut keep.exports) {
            // One name for each function that is called.
            *keep = called(export) && !seen.contains(&export.index);
            seen.push(export.index);
        }
    };
    if !attempt(search, edit) {
        // Exports also declare the functions that references may be made of.
        attempt(search, |_, _, _| {});
    }
}

/// Tries the module with what an edit keeps, and of that what is used.
fn attempt(search: &mut Search<'_>, edit: impl Fn(&Parts<'_>, &Case, &mut Keep)) -> bool {
    let candidate = || -> Option<Case> {
        let parts = Parts::read(&search.case.wasm)?;
        let mut keep = parts.all();
        edit(&parts, &search.case, &mut keep);
        let keep = parts.only_used(&search.case.plan.calls, keep)?;
        parts.apply(&search.case, &keep)
    };
    match candidate() {
        Some(candidate) if candidate != search.case => search.attempt(candidate),
        _ => false,
    }
}

/// Gives functions bodies that only trap, or that only return zeros.
fn stubs(search: &mut Search<'_>, trap: bool) {
    let Ok(shape) = Shape::parse(&search.case.wasm) else { return };
    let stub = |func: u32| -> Option<Vec<u8>> {
        if trap {
            return Some([encoded(&Instruction::Unreachable), encoded(&Instruction::End)].concat());
        }
        let results = &shape.func_type(func + shape.imported_funcs).results;
        let zeros = results.iter().map(|ty| constant(ty.zero())).collect::<Option<Vec<_>>>()?;
        Some([zeros.concat(), encoded(&Instruction::End)].concat())
    };
    let mut left: Vec<u32> = (0..shape.bodies).collect();
    let count = left.len();
    ddmin(count, |range| {
        let mut wasm = search.case.wasm.clone();
        for func in &left[range.clone()] {
            let Some(body) = Body::read(&wasm, *func) else { return false };
            let Some(stub) = stub(*func) else { return false };
            let current: usize = body.ops.iter().map(|op| op.bytes.len()).sum();
            // What is no longer than a stub stays: bodies must not alternate.
            if current > stub.len() {
                let Some(stubbed) = body.splice(&wasm, &[], &[&stub]) else { return false };
                wasm = stubbed;
            }
        }
        if wasm == search.case.wasm {
            return false;
        }
        let stubbed = search.attempt_wasm(wasm);
        if stubbed {
            left.drain(range);
        }
        stubbed
    });
}

/// Defines imported functions in the module.
fn imports(search: &mut Search<'_>) {
    let Some(count) = Parts::read(&search.case.wasm).map(|parts| parts.imported_funcs()) else { return };
    ddmin(count, |range| attempt(search, |_, _, keep| keep.defined[range.clone()].fill(true)));
}

/// Leaves out the start function, segments and exports.
fn declarations(search: &mut Search<'_>) {
    attempt(search, |_, _, keep| keep.start = false);
    attempt(search, |parts, _, keep| {
        let (elements, datas) = parts.unnamed_segments();
        keep.elements.iter_mut().zip(elements).for_each(|(keep, idle)| *keep &= !idle);
        keep.datas.iter_mut().zip(datas).for_each(|(keep, idle)| *keep &= !idle);
    });
    let counts = |search: &Search<'_>| {
        Parts::read(&search.case.wasm)
            .map_or((0, 0, 0), |parts| (parts.elements.len(), parts.datas.len(), parts.exports.len()))
    };
    let (elements, _, _) = counts(search);
    ddmin(elements, |range| attempt(search, |_, _, keep| keep.elements[range.clone()].fill(false)));
    let (_, datas, _) = counts(search);
    ddmin(datas, |range| attempt(search, |_, _, keep| keep.datas[range.clone()].fill(false)));
    let (_, _, exports) = counts(search);
    if exports > search.case.plan.calls.len() {
        ddmin(exports, |range| attempt(search, |_, _, keep| keep.exports[range.clone()].fill(false)));
    }
}
