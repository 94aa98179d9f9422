//! Functions that are compiled apart from the rest of their module, on other threads, and appended to it in order. What
//! they refer to outside is recorded, so that the module's code is the same as if they had been compiled in their place.

use super::Emitter;
use super::asm::Assembler;
use super::jumps::FunctionCall;
use super::layout::{LINE, Records};
use super::pool::ConstantUse;
use crate::code::{CallSite, FunctionCode, Growing, JumpTable, SignatureUse, TrapSite};
use dynasmrt::DynasmApi;

/// What functions refer to, while they are not in their place.
#[derive(Debug, Default)]
pub(super) struct Apart {
    calls: Growing<FunctionCall>,
    constants: Growing<ConstantUse>,
    functions: Growing<Extent>,
}

/// Where a function may start, and how many records there are with its own.
#[derive(Debug, Clone, Copy, Default)]
struct Extent {
    at_line: bool,
    records: Records,
    calls: usize,
    constants: usize,
}

impl Apart {
    /// A function is laid out: its calls and constants are taken from it.
    pub(super) fn keep(&mut self, asm: &mut Assembler) {
        self.calls.extend(asm.jumps.calls.drain(..));
        self.constants.extend(asm.jumps.constants.drain(..));
        self.functions.push(Extent {
            at_line: asm.layout.starts_at_line(),
            records: Records::so_far(asm),
            calls: self.calls.len(),
            constants: self.constants.len(),
        });
    }
}

impl Emitter {
    /// An emitter for functions of the same module, to be appended to it.
    pub(crate) fn apart(&self) -> Emitter {
        let mut emitter = Emitter::new(self.features, self.rewrites.switches(), self.memory_base);
        emitter.module = self.module.clone();
        emitter.apart = Some(Apart::default());
        emitter
    }

    /// Whether functions may be compiled apart: nothing is asked for that depends on all before them.
    pub(crate) fn can_be_apart(&self) -> bool {
        self.listing.is_none() && !self.rewrites.is_limited()
    }

    /// Forgets the functions that were compiled apart; what they needed is used again.
    pub(crate) fn forget(&mut self) {
        self.asm.buf.truncate(0);
        self.asm.code.clear();
        self.asm.pool.clear();
        if let Some(apart) = &mut self.apart {
            apart.calls.clear();
            apart.constants.clear();
            apart.functions.clear();
        }
    }

    /// Appends functions that were compiled apart, which come next in the module.
    pub(crate) fn append(&mut self, emitter: &Emitter) {
        let Some(apart) = &emitter.apart else { return };
        let constants: Vec<u32> = self.asm.adopt_constants(&emitter.asm.pool);
        let (code, mut from) = (&emitter.asm.code, Extent::default());
        for (function, to) in code.functions.iter().zip(&apart.functions) {
            if self.too_large.is_some() {
                return;
            }
            self.asm.buf.align(if to.at_line { LINE as usize } else { 16 }, 0xcc);
            let start = self.asm.buf.position();
            let by = start.wrapping_sub(function.start);
            let moved = |offset: u32| offset.wrapping_add(by);
            self.asm.buf.append(&emitter.asm.buf, function.start, function.end);
            let records = from.records.to(to.records);
            let traps = &code.traps[records.traps];
            self.asm.code.traps.extend(traps.iter().map(|trap| TrapSite { offset: moved(trap.offset), ..*trap }));
            let calls = code.calls[records.calls].iter();
            let calls = calls.map(|call| CallSite { return_offset: moved(call.return_offset), ..*call });
            self.asm.code.calls.extend(calls);
            let uses = code.signatures[records.signatures].iter();
            self.asm.code.signatures.extend(uses.map(|used| SignatureUse { offset: moved(used.offset), ..*used }));
            let tables = code.tables[records.tables].iter();
            self.asm.code.tables.extend(tables.map(|table| JumpTable { start: moved(table.start), ..*table }));
            let calls = apart.calls[from.calls..to.calls].iter();
            self.asm.jumps.calls.extend(calls.map(|call| FunctionCall { field: moved(call.field), ..*call }));
            let uses = apart.constants[from.constants..to.constants].iter();
            self.asm.jumps.constants.extend(uses.map(|used| used.moved(moved(used.field), &constants)));
            let entry = moved(function.entry);
            let end = self.asm.buf.position();
            self.index = self.module.imported_funcs + self.asm.code.functions.len() as u32;
            self.function_offset = function.wasm_offset;
            self.asm.code.functions.push(FunctionCode { start, entry, end, ..*function });
            self.bind_callers(entry);
            from = *to;
        }
        self.release_behind_last();
    }

    /// What an emitter that will not be used again did for this module's functions.
    pub(crate) fn add_work_of(&mut self, emitter: &Emitter) {
        self.asm.work.add(&emitter.asm.work);
        self.asm.work.state_operations += emitter.state.operations();
        self.rewrites.add(emitter.rewrites.count());
    }
}
