//! The code buffer: what dynasm's templates write into.

use crate::code::CodeBytes;
use dynasmrt::{AssemblyOffset, DynasmApi};

/// Bytes by which the buffer grows at least beyond what is needed, so that most writes need no growth.
const HEADROOM: usize = 64;

/// The mapping doubles, but so many bytes of it are used at a time: pages that no code needs are never touched.
const STEP: usize = 1 << 14;

/// The most memory in reserve, beside a step.
const MOST_RESERVE: usize = 1 << 15;

/// Bytes that an instruction is written into: the longest has 15 (AMD64 Architecture Programmer's Manual, volume 3,
/// "Instruction Length"), and its last part is written with seven bytes too many.
const ROOM: usize = 24;

/// Bytes that are moved at once.
const BLOCK: usize = 64;

/// Instructions of 1 to 8 bytes that do nothing (AMD64 Architecture Programmer's Manual, volume 3, `NOP`).
const NOPS: [&[u8]; 8] = [
    &[0x90],
    &[0x66, 0x90],
    &[0x0f, 0x1f, 0x00],
    &[0x0f, 0x1f, 0x40, 0x00],
    &[0x0f, 0x1f, 0x44, 0x00, 0x00],
    &[0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00],
    &[0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00],
    &[0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
];

/// Growing machine code. Writes are plain stores; the length is kept apart from the allocation.
#[derive(Debug, Default)]
pub struct CodeBuffer {
    bytes: CodeBytes,
    len: usize,
    /// How often it grew.
    growths: u64,
    /// Bytes copied within it.
    copied: u64,
}

/// An instruction that is being written, in parts of up to eight bytes. Each costs a store, however long it is.
pub(super) struct Instruction<'b> {
    place: &'b mut [u8; ROOM],
    len: usize,
    /// Where the buffer ends.
    end: &'b mut usize,
}

impl Instruction<'_> {
    /// Appends the lowest `length` bytes of a word, at most 8, the lowest first. The others mean nothing.
    #[inline(always)]
    pub(super) fn push(&mut self, word: u64, length: usize) {
        // The mask changes nothing; it shows that the word fits.
        let at = self.len & 15;
        self.place[at..at + 8].copy_from_slice(&word.to_le_bytes());
        self.len += length;
    }

    /// The instruction is complete.
    #[inline(always)]
    pub(super) fn finish(self) {
        debug_assert!(self.len <= 15, "no instruction is longer");
        *self.end += self.len;
    }
}

impl CodeBuffer {
    /// The end, as an offset: how many bytes there are.
    pub fn position(&self) -> u32 {
        self.len as u32
    }

    /// Overwrites bytes that are there already.
    pub fn patch(&mut self, offset: u32, bytes: &[u8]) {
        let offset = offset as usize;
        assert!(offset + bytes.len() <= self.len, "a patch lies inside the code");
        self.bytes[offset..offset + bytes.len()].copy_from_slice(bytes);
    }

    /// Overwrites the bits of a 32-bit field that are set in a mask.
    pub fn patch_bits(&mut self, offset: u32, value: u32, mask: u32) {
        let field = &mut self.bytes[offset as usize..offset as usize + 4];
        let old = u32::from_le_bytes([field[0], field[1], field[2], field[3]]);
        field.copy_from_slice(&(old & !mask | value & mask).to_le_bytes());
    }

    /// Reads a 32-bit field.
    pub fn read_u32(&self, offset: u32) -> u32 {
        let field = &self.bytes[offset as usize..offset as usize + 4];
        u32::from_le_bytes([field[0], field[1], field[2], field[3]])
    }

    /// Reads a byte.
    pub fn byte(&self, offset: u32) -> u8 {
        self.bytes[offset as usize]
    }

    /// Removes everything from this offset on.
    pub fn truncate(&mut self, len: u32) {
        self.len = self.len.min(len as usize);
    }

    /// Appends what stands between two offsets in another buffer.
    pub fn append(&mut self, other: &CodeBuffer, from: u32, to: u32) {
        assert!(to as usize <= other.len, "only what is there is copied");
        let (start, bytes) = (self.len, &other.bytes[from as usize..to as usize]);
        self.skip(bytes.len() as u32);
        self.copied += bytes.len() as u64;
        self.bytes[start..self.len].copy_from_slice(bytes);
    }

    /// Leaves room, whatever its bytes are.
    pub fn skip(&mut self, bytes: u32) {
        if self.len + bytes as usize > self.bytes.len() {
            self.grow(bytes as usize);
        }
        self.len += bytes as usize;
    }

    /// Overwrites so many bytes with instructions that do nothing.
    pub fn write_nops(&mut self, mut offset: u32, mut bytes: u32) {
        while bytes > 0 {
            let length = bytes.min(NOPS.len() as u32);
            self.patch(offset, NOPS[length as usize - 1]);
            offset += length;
            bytes -= length;
        }
    }

    /// How often it grew, and how many bytes were copied within it.
    pub fn growths_and_copied(&self) -> (u64, u64) {
        (self.growths, self.copied)
    }

    /// Copies the bytes between two offsets to another offset.
    pub fn move_bytes(&mut self, from: u32, to: u32, destination: u32) {
        assert!(to as usize <= self.len, "only what is there is moved");
        self.copied += u64::from(to - from);
        self.bytes.copy_within(from as usize..to as usize, destination as usize);
    }

    /// The same towards the start, where what stands between the destination's end and the source means nothing any more.
    pub fn move_down(&mut self, from: u32, to: u32, destination: u32) {
        let (from, to, destination) = (from as usize, to as usize, destination as usize);
        if to - from > BLOCK || destination + BLOCK > from || from + BLOCK > self.bytes.len() {
            return self.move_bytes(from as u32, to as u32, destination as u32);
        }
        // So many at once, however few they are, as how many cannot be foretold.
        self.copied += (to - from) as u64;
        let mut block = [0; BLOCK];
        block.copy_from_slice(&self.bytes[from..from + BLOCK]);
        self.bytes[destination..destination + BLOCK].copy_from_slice(&block);
    }

    /// What stands from `middle` on comes before what stands from `start` to `middle`.
    pub fn rotate(&mut self, start: u32, middle: u32) {
        self.copied += (self.len - start as usize) as u64;
        self.bytes[start as usize..self.len].rotate_left((middle - start) as usize);
    }

    /// The code.
    pub fn finish(mut self) -> CodeBytes {
        self.bytes.truncate(self.len);
        self.bytes.shrink_to_fit();
        self.bytes
    }

    #[inline(always)]
    fn write<const N: usize>(&mut self, bytes: [u8; N]) {
        if self.len + N > self.bytes.len() {
            self.grow(N);
        }
        self.bytes[self.len..self.len + N].copy_from_slice(&bytes);
        self.len += N;
    }

    /// Appends the lowest `length` bytes of a word, at most 8, the lowest first.
    #[inline(always)]
    pub(super) fn push_word(&mut self, word: u64, length: u32) {
        let mut instruction = self.instruction();
        instruction.push(word, length as usize);
        instruction.finish();
    }

    /// Room for one instruction behind the end.
    #[inline(always)]
    pub(super) fn instruction(&mut self) -> Instruction<'_> {
        // Asked in the same words, so that one answer serves both.
        if self.bytes.get(self.len..).and_then(|rest| rest.first_chunk::<ROOM>()).is_none() {
            self.grow(ROOM);
        }
        let place = self.bytes.get_mut(self.len..).and_then(|rest| rest.first_chunk_mut());
        Instruction { place: place.expect("there is room now"), len: 0, end: &mut self.len }
    }

    #[cold]
    fn grow(&mut self, more: usize) {
        let wanted = (self.len + (self.len / 8).min(MOST_RESERVE) + more + HEADROOM).next_multiple_of(STEP);
        // The system moves whole pages to a larger mapping, without copying what is in them.
        self.growths += u64::from(wanted > self.bytes.capacity());
        self.bytes.extend_to(wanted);
    }
}

impl Extend<u8> for CodeBuffer {
    fn extend<T: IntoIterator<Item = u8>>(&mut self, bytes: T) {
        for byte in bytes {
            self.push(byte);
        }
    }
}

impl<'a> Extend<&'a u8> for CodeBuffer {
    /// What templates emit: a few constant bytes. One check for all of them lets the compiler store them at once.
    #[inline(always)]
    fn extend<T: IntoIterator<Item = &'a u8>>(&mut self, bytes: T) {
        let mut bytes = bytes.into_iter();
        let known = bytes.size_hint().0;
        if self.len + known > self.bytes.len() {
            self.grow(known);
        }
        let places = &mut self.bytes[self.len..self.len + known];
        for (place, byte) in places.iter_mut().zip(bytes.by_ref()) {
            *place = *byte;
        }
        self.len += known;
        for byte in bytes {
            self.push(*byte);
        }
    }
}

impl DynasmApi for CodeBuffer {
    fn offset(&self) -> AssemblyOffset {
        AssemblyOffset(self.len)
    }

    #[inline(always)]
    fn push(&mut self, byte: u8) {
        self.write([byte]);
    }

    fn align(&mut self, alignment: usize, with: u8) {
        let start = self.len;
        self.skip((start.next_multiple_of(alignment) - start) as u32);
        self.bytes[start..self.len].fill(with);
    }

    #[inline(always)]
    fn push_i16(&mut self, value: i16) {
        self.write(value.to_le_bytes());
    }

    #[inline(always)]
    fn push_i32(&mut self, value: i32) {
        self.write(value.to_le_bytes());
    }

    #[inline(always)]
    fn push_i64(&mut self, value: i64) {
        self.write(value.to_le_bytes());
    }

    #[inline(always)]
    fn push_u16(&mut self, value: u16) {
        self.write(value.to_le_bytes());
    }

    #[inline(always)]
    fn push_u32(&mut self, value: u32) {
        self.write(value.to_le_bytes());
    }

    #[inline(always)]
    fn push_u64(&mut self, value: u64) {
        self.write(value.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dynasmrt::dynasm;

    #[test]
    fn writes_what_dynasm_encodes() {
        let mut buffer = CodeBuffer::default();
        for _ in 0..10_000 {
            dynasm!(buffer ; .arch x64 ; mov eax, 0x1234_5678 ; ret);
        }
        assert_eq!(buffer.position(), 60_000);
        buffer.patch(1, &7u32.to_le_bytes());
        assert_eq!(buffer.read_u32(1), 7);
        let bytes = buffer.finish();
        assert_eq!(&bytes[..12], &[0xb8, 7, 0, 0, 0, 0xc3, 0xb8, 0x78, 0x56, 0x34, 0x12, 0xc3]);
    }
}
