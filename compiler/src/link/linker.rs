//! A module's code and tables as an executable image.

use crate::code::{CallSite, Code, FunctionCode, Growing, TrapSite};
use crate::link::memory::CodeMemory;
use crate::x64::memory_base::MemoryBase;
use std::io;

/// Executable code with the tables that explain it.
#[derive(Debug)]
pub(crate) struct Image {
    memory: CodeMemory,
    functions: Growing<FunctionCode>,
    traps: Growing<TrapSite>,
    calls: Growing<CallSite>,
    memory_base: MemoryBase,
}

impl Image {
    /// Relocates the code and makes it executable. `signatures` holds the engine's number of each
    /// of the module's types.
    ///
    /// # Errors
    ///
    /// If executable memory cannot be had.
    pub fn new(code: Code, signatures: &[u32]) -> io::Result<Image> {
        let Code { mut bytes, functions, traps, calls, signatures: uses, tables: _, memory_base } = code;
        for use_ in &uses {
            let field = use_.offset as usize;
            bytes[field..field + 4].copy_from_slice(&signatures[use_.type_index as usize].to_le_bytes());
        }
        Ok(Image { memory: CodeMemory::new(bytes)?, functions, traps, calls, memory_base })
    }

    /// Where the code looks for the base of memory 0.
    pub fn memory_base(&self) -> MemoryBase {
        self.memory_base
    }

    /// The address of the first byte of code.
    pub fn start(&self) -> usize {
        self.memory.start() as usize
    }

    /// One past the address of the last byte of code.
    pub fn end(&self) -> usize {
        self.start() + self.memory.len()
    }

    /// Where a function is entered, by its index among the functions defined in the module.
    pub fn entry(&self, defined: usize) -> *const u8 {
        self.memory.start().wrapping_add(self.functions[defined].entry as usize)
    }

    /// The trap site whose instruction is at exactly this address.
    pub fn trap_at(&self, pc: usize) -> Option<TrapSite> {
        let offset = self.offset(pc)?;
        let index = self.traps.binary_search_by_key(&offset, |site| site.offset).ok()?;
        self.traps.get(index).copied()
    }

    /// The call that returns to exactly this address.
    pub fn call_returning_to(&self, pc: usize) -> Option<CallSite> {
        let offset = self.offset(pc)?;
        let index = self.calls.binary_search_by_key(&offset, |site| site.return_offset).ok()?;
        self.calls.get(index).copied()
    }

    /// The function that this address belongs to, with its index among the defined functions.
    ///
    /// A return address may be one past the last byte of a function that ends in a call: pass the
    /// address of the call's last byte.
    pub fn function_at(&self, pc: usize) -> Option<(usize, FunctionCode)> {
        let offset = self.offset(pc)?;
        let index = self.functions.partition_point(|function| function.end <= offset);
        let function = self.functions.get(index).filter(|function| function.start <= offset)?;
        Some((index, *function))
    }

    fn offset(&self, pc: usize) -> Option<u32> {
        u32::try_from(pc.checked_sub(self.start())?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{CodeBytes, SignatureUse};
    use crate::trap::TrapKind;

    fn function(start: u32, end: u32) -> FunctionCode {
        FunctionCode { start, entry: start, end, frame_bytes: 8, wasm_offset: start }
    }

    #[test]
    fn relocates_and_finds() {
        let code = Code {
            bytes: CodeBytes::from(&[0xcc; 48][..]),
            functions: [function(0, 16), function(16, 48)].into(),
            traps: [TrapSite { offset: 20, wasm_offset: 5, kind: TrapKind::Unreachable }].into(),
            calls: [CallSite { return_offset: 16, wasm_offset: 3, pushed_bytes: 0 }].into(),
            signatures: [SignatureUse { offset: 40, type_index: 1 }].into(),
            ..Code::default()
        };
        let image = Image::new(code, &[7, 0x0102_0304]).unwrap();
        // SAFETY: the field lies in the image, which is readable.
        let field = unsafe { std::slice::from_raw_parts((image.start() + 39) as *const u8, 6) };
        assert_eq!(field, &[0xcc, 4, 3, 2, 1, 0xcc]);
        assert_eq!(image.trap_at(image.start() + 20).map(|site| site.wasm_offset), Some(5));
        assert_eq!(image.trap_at(image.start() + 21), None);
        assert_eq!(image.call_returning_to(image.start() + 16).map(|site| site.wasm_offset), Some(3));
        assert_eq!(image.function_at(image.start() + 15).map(|(index, _)| index), Some(0));
        assert_eq!(image.function_at(image.start() + 47).map(|(index, _)| index), Some(1));
        assert_eq!(image.function_at(image.start() + 48), None);
        assert_eq!(image.function_at(image.start().wrapping_sub(1)), None);
        assert_eq!(image.entry(1) as usize, image.start() + 16);
    }
}
