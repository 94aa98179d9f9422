//! Globals.

use super::Emitter;
use super::asm::SCRATCH;
use crate::microwasm::Type;
use crate::state::class_of;
use crate::state::reg::Gpr;

impl Emitter {
    /// `global.get`.
    pub(super) fn global_get(&mut self, index: u32, ty: Type) {
        let dst = self.state.alloc(class_of(ty), &mut self.asm);
        let (base, disp) = self.global_place(index);
        self.asm.load_value(ty, dst, base, disp);
        self.push(ty, dst);
    }

    /// `global.set`.
    pub(super) fn global_set(&mut self, index: u32) {
        let value = self.state.pop();
        let src = self.reg_of(value);
        let (base, disp) = self.global_place(index);
        self.asm.store_value(value.ty, base, disp, src);
    }

    /// Where a global's value is, as a base register and a displacement.
    fn global_place(&mut self, index: u32) -> (Gpr, i32) {
        if index < self.module.imported_globals {
            self.asm.load_ptr(SCRATCH, Gpr::R14, self.module.offsets.imported_global(index) as i32);
            return (SCRATCH, 0);
        }
        (Gpr::R14, self.module.offsets.own_global(index) as i32)
    }
}
