//! `br_table`: a jump through a table, or comparisons where there are few cases.

use super::Emitter;
use super::compare::TEST;
use super::cond::{self, Cond};
use super::control::Flow;
use super::edges::EdgePart;
use super::encode::Arithmetic;
use super::jumps::{Anchor, Fixups};
use super::operand::as_const;
use super::rewrites::Rewrite;
use crate::code::JumpTable;
use crate::microwasm::Target;
use crate::seeded::{Bug, seeded};
use crate::state::reg::Gpr;
use dynasmrt::{DynasmApi, dynasm};

/// Up to so many cases are compared one after the other.
const FEW_CASES: usize = 4;

/// Where an entry of a jump table leads.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stub {
    /// To the branch's target itself.
    Direct,
    /// To code on the way to it, or to a target that stands already.
    At(Anchor),
}

impl Emitter {
    /// `br_table`.
    pub(super) fn br_table(&mut self, targets: &[Target], default: Target) {
        let operand = self.state.pop();
        if targets.is_empty() {
            return self.br(default);
        }
        let known = as_const(operand).map(|bits| targets.get(bits as usize).copied().unwrap_or(default));
        if let Some(target) = known {
            return self.br(target);
        }
        let few = targets.len() <= FEW_CASES && self.may(Rewrite::CompareCases);
        let index = if few { self.gpr_of(operand) } else { self.modifiable_of(operand).gpr() };
        // Whatever all the branches need is done before they part.
        self.close_header();
        let start = self.asm.buf.position();
        self.state.see_control();
        self.state.freeze(self.state.len(), &mut self.asm);
        self.state.settle(&mut self.asm);
        for target in targets.iter().chain([&default]) {
            self.shape_header(*target);
        }
        self.note_edge(start, default, EdgePart::Shared);
        self.asm.work.state_operations += 3 * targets.len() as u64;
        if few {
            return self.compare_cases(index, targets, default);
        }

        self.table_count += 1;
        let mut return_stub = None;
        let (mut table, mut out_of_range) = (Fixups::NONE, Fixups::NONE);
        let (i, s) = (index.0, super::asm::SCRATCH.0);
        self.asm.buf.arithmetic_imm(Arithmetic::Cmp, false, index, targets.len() as i32);
        self.asm.jcc(cond::AE, &mut out_of_range);
        self.asm.lea_code(super::asm::SCRATCH, &mut table);
        dynasm!(self.asm.buf ; .arch x64
            ; movsxd Rq(i), DWORD [Rq(s) + Rq(i) * 4] ; add Rq(i), Rq(s) ; jmp Rq(i));
        match self.table_stub(default, &mut return_stub) {
            Stub::At(stub) => self.asm.bind_to(out_of_range, stub),
            Stub::Direct => {
                let (asm, jumps) = self.jumps_to(default);
                asm.join(out_of_range, jumps);
            }
        }
        for target in targets {
            self.table_stub(*target, &mut return_stub);
        }
        let start = self.asm.buf.position();
        self.asm.code.tables.push(JumpTable { start, entries: targets.len() as u32 });
        let base = self.asm.here();
        self.asm.bind_to(table, base);
        for target in targets {
            match self.table_stub(*target, &mut return_stub) {
                Stub::At(stub) => self.asm.table_entry_back(base, stub),
                Stub::Direct => {
                    let (asm, jumps) = self.jumps_to(*target);
                    asm.table_entry(base, jumps);
                }
            }
        }
        self.flow = Flow::Closed;
    }

    /// Few cases of a `br_table`, from the highest down: case 0 is mostly what comes next.
    fn compare_cases(&mut self, index: Gpr, targets: &[Target], default: Target) {
        let wrong = seeded(Bug::CaseComparedSigned);
        let (above, not_below) = if wrong { (cond::G, cond::GE) } else { (cond::A, cond::AE) };
        let (mut left, mut beyond) = (targets.len(), Some(default));
        while left > 1 || beyond.is_some() {
            // The index is below what was compared last: of two cases one comparison tells.
            let (highest, higher) = match beyond.take() {
                Some(default) => (left - 1, default),
                None => (left - 2, targets[left - 1]),
            };
            left = highest;
            if highest == 0 {
                self.asm.buf.reg_reg(TEST, index.0, index.0);
                self.case(cond::NE, higher);
            } else {
                self.asm.buf.arithmetic_imm(Arithmetic::Cmp, false, index, highest as i32);
                if targets[highest] == higher {
                    self.case(not_below, higher);
                } else {
                    self.case(above, higher);
                    self.case(cond::E, targets[highest]);
                }
            }
        }
        self.flow = Flow::Continue(targets[0]);
    }

    /// A branch of a `br_table` if the flags say so, which stay as they are.
    fn case(&mut self, cc: cond::Cc, target: Target) {
        let start = self.asm.buf.position();
        self.branch_values(target);
        debug_assert_eq!(self.asm.buf.position(), start, "what all branches need was done before");
        self.take_if(Cond::Code(cc), target);
    }

    /// If this is the first branch to a loop's header, the header gets its shape here, where all
    /// targets of a `br_table` still share what that stores.
    fn shape_header(&mut self, target: Target) {
        let Target::Label(label) = target else { return };
        if !self.labels[label.0 as usize].backward {
            return;
        }
        self.close_header();
        let label = &mut self.labels[label.0 as usize];
        if label.shape.is_none() {
            let params = label.params;
            let index = self.shapes.take();
            self.state.define_header(&mut self.shapes.at(index), label.keep, params, &mut self.asm);
            label.shape = Some(index);
        }
    }

    /// Where a `br_table` jumps for a target: one stub for all entries with the same target.
    fn table_stub(&mut self, target: Target, return_stub: &mut Option<Stub>) -> Stub {
        match target {
            Target::Return => {
                if let Some(stub) = *return_stub {
                    return stub;
                }
            }
            Target::Label(label) => {
                if let Some((table, stub)) = self.table_stubs.get(label.0 as usize)
                    && *table == self.table_count
                {
                    let stub = *stub;
                    if seeded(Bug::SameTargetTwice) && self.state.moves().is_empty() && label.0 > 1 {
                        return return_stub.unwrap_or(stub);
                    }
                    return stub;
                }
            }
        }
        self.branch_values(target);
        let bound = match target {
            Target::Label(label) => self.labels[label.0 as usize].bound,
            Target::Return => None,
        };
        if seeded(Bug::DirectEntryMovesLost) && self.state.moves().len() == 1 {
            // Nothing leads to this code.
            self.emit_branch_values(target);
        }
        let start = self.asm.buf.position();
        let in_place = self.state.moves().is_empty() && !self.has_memory_results(target);
        let stub = match bound {
            Some(bound) if in_place => Stub::At(bound),
            None if in_place && self.may(Rewrite::DirectEntry) => Stub::Direct,
            _ => {
                let here = self.asm.here();
                self.emit_branch_values(target);
                self.note_edge(start, target, EdgePart::Adaptor);
                self.jump(target);
                Stub::At(here)
            }
        };
        if self.asm.buf.position() == start {
            self.note_edge(start, target, EdgePart::Own);
        }
        match target {
            Target::Return => *return_stub = Some(stub),
            Target::Label(label) => {
                let index = label.0 as usize;
                while index >= self.table_stubs.len() {
                    // No `br_table` has the number 0.
                    self.table_stubs.push((0, Stub::Direct));
                }
                self.table_stubs[index] = (self.table_count, stub);
            }
        }
        stub
    }
}
