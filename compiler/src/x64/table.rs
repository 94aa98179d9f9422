//! Tables, and references to functions.

use super::Emitter;
use super::asm::SCRATCH;
use super::cond;
use crate::microwasm::Type;
use crate::runtime::vmcontext::{VmContext, VmFuncRef, VmTable};
use crate::seeded::{Bug, seeded};
use crate::state::reg::Gpr;
use crate::trap::TrapKind;
use dynasmrt::{DynasmApi, dynasm};
use std::mem::offset_of;

impl Emitter {
    /// `table.get`.
    pub(super) fn table_get(&mut self, table: u32, ty: Type) {
        let operand = self.state.pop();
        let index = self.gpr_of(operand);
        let dst = self.result_gpr(index);
        self.table_element(table, index);
        dynasm!(self.asm.buf ; .arch x64 ; mov Rq(dst.0), [Rq(SCRATCH.0) + Rq(index.0) * 8]);
        self.push(ty, dst);
    }

    /// `table.set`.
    pub(super) fn table_set(&mut self, table: u32) {
        let value = self.state.pop();
        let operand = self.state.pop();
        let src = self.gpr_of(value);
        let index = self.gpr_of(operand);
        self.table_element(table, index);
        dynasm!(self.asm.buf ; .arch x64 ; mov [Rq(SCRATCH.0) + Rq(index.0) * 8], Rq(src.0));
    }

    /// Checks an index and puts the address of the table's elements into the scratch register.
    pub(super) fn table_element(&mut self, table: u32, index: Gpr) {
        self.asm.load_ptr(SCRATCH, Gpr::R14, self.module.offsets.table(table) as i32);
        let elements = offset_of!(VmTable, elements) as i8;
        dynasm!(self.asm.buf ; .arch x64 ; cmp Rq(index.0), [BYTE Rq(SCRATCH.0) + elements]);
        let wrong = seeded(Bug::TableTrapKind);
        self.asm.trap_if(cond::AE, if wrong { TrapKind::MemoryOutOfBounds } else { TrapKind::TableOutOfBounds });
        self.asm.load_ptr(SCRATCH, SCRATCH, offset_of!(VmTable, base) as i32);
    }

    /// `table.size`.
    pub(super) fn table_size(&mut self, table: u32) {
        let dst = self.alloc_gpr();
        self.asm.load_ptr(SCRATCH, Gpr::R14, self.module.offsets.table(table) as i32);
        self.asm.load_ptr(dst, SCRATCH, offset_of!(VmTable, elements) as i32);
        self.push(Type::I32, dst);
    }

    /// `ref.func`.
    pub(super) fn ref_func(&mut self, func: u32) {
        let dst = self.alloc_gpr();
        self.asm.load_ptr(dst, Gpr::R14, offset_of!(VmContext, funcs) as i32);
        let offset = (func as usize * size_of::<VmFuncRef>()) as i32;
        dynasm!(self.asm.buf ; .arch x64 ; add Rq(dst.0), DWORD offset);
        self.push(Type::FuncRef, dst);
    }
}
