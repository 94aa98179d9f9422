//! Memory for machine code: written first, then executable and never writable again (W^X). Code stays where it was
//! written, so that there is never a second copy of it.

use super::mapping::Mapping;
use std::ops::{Deref, DerefMut};
use std::{fmt, io, slice};

/// Address space taken at first; it doubles.
const FIRST: usize = 1 << 16;

/// Machine code in a mapping of its own, which can be made executable. A slice of bytes otherwise.
pub struct CodeBytes {
    mapping: Mapping,
    /// How many of its bytes belong to the slice.
    len: usize,
}

impl CodeBytes {
    /// Makes this so many bytes long, if it is shorter. The new bytes are 0, or what they were before
    /// [`CodeBytes::truncate`]. Aborts if the system has no memory left, as a `Vec` does.
    pub(crate) fn extend_to(&mut self, len: usize) {
        if len <= self.len {
            return;
        }
        if len > self.mapping.size() {
            self.mapping.grow(len.max(2 * self.mapping.size()).max(FIRST));
        }
        self.mapping.populate(self.len, len);
        self.len = len;
    }

    /// Drops what is behind the first so many bytes.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Bytes that it can have before it has to be mapped anew.
    pub(crate) fn capacity(&self) -> usize {
        self.mapping.size()
    }

    /// Gives back the pages behind the bytes.
    pub(crate) fn shrink_to_fit(&mut self) {
        self.mapping.shrink(self.len);
    }
}

impl Default for CodeBytes {
    fn default() -> Self {
        CodeBytes { mapping: Mapping::NONE, len: 0 }
    }
}

impl Deref for CodeBytes {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        // SAFETY: the first `len` bytes of the mapping are readable, and were set to 0 by the system or written since.
        unsafe { slice::from_raw_parts(self.mapping.start().as_ptr(), self.len) }
    }
}

impl DerefMut for CodeBytes {
    #[inline]
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as above; they are writable until `CodeMemory` takes this value, which never lends it mutably.
        unsafe { slice::from_raw_parts_mut(self.mapping.start().as_ptr(), self.len) }
    }
}

impl From<&[u8]> for CodeBytes {
    fn from(bytes: &[u8]) -> Self {
        let mut code = CodeBytes::default();
        code.extend_to(bytes.len());
        code.copy_from_slice(bytes);
        code
    }
}

impl Clone for CodeBytes {
    fn clone(&self) -> Self {
        CodeBytes::from(&**self)
    }
}

impl PartialEq for CodeBytes {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for CodeBytes {}

impl fmt::Debug for CodeBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// Executable code. It is unmapped on drop.
#[derive(Debug)]
pub(crate) struct CodeMemory {
    /// Readable and executable, but for an empty one.
    bytes: CodeBytes,
}

impl CodeMemory {
    /// Makes code executable, where it is.
    ///
    /// # Errors
    ///
    /// If the system forbids executable mappings.
    pub fn new(mut bytes: CodeBytes) -> io::Result<CodeMemory> {
        bytes.shrink_to_fit();
        if bytes.mapping.size() != 0 {
            let access = libc::PROT_READ | libc::PROT_EXEC;
            // SAFETY: exactly the mapping of these bytes, which nobody else refers to, and which are not written again.
            if unsafe { libc::mprotect(bytes.mapping.start().as_ptr().cast(), bytes.mapping.size(), access) } != 0 {
                return Err(io::Error::last_os_error());
            }
        }
        Ok(CodeMemory { bytes })
    }

    /// The address of the first byte, a multiple of the page size (or dangling if there is no code).
    pub fn start(&self) -> *const u8 {
        self.bytes.as_ptr()
    }

    /// The bytes of code.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::super::mapping::page_size;
    use super::*;

    #[test]
    fn code_runs() {
        // mov eax, 42; ret
        let memory = CodeMemory::new(CodeBytes::from(&[0xb8, 42, 0, 0, 0, 0xc3][..])).unwrap();
        // SAFETY: the bytes are a function of this type.
        let answer: extern "C" fn() -> i32 = unsafe { std::mem::transmute(memory.start()) };
        assert_eq!(answer(), 42);
        assert_eq!(memory.len(), 6);
    }

    #[test]
    fn code_is_never_writable_and_executable() {
        let memory = CodeMemory::new(CodeBytes::from(&[0xc3][..])).unwrap();
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        // The kernel may list neighbours of the same kind as one mapping.
        let contains = |line: &&str| {
            let (from, to) = line.split(' ').next().and_then(|range| range.split_once('-')).unwrap();
            let address = |text| usize::from_str_radix(text, 16).unwrap();
            (address(from)..address(to)).contains(&(memory.start() as usize))
        };
        let line = maps.lines().find(contains).expect("the mapping is listed");
        assert!(line.contains(" r-xp "), "{line}");
    }

    #[test]
    fn what_was_written_survives_growth() {
        let mut code = CodeBytes::default();
        for (index, len) in [1, 4096, 4097, FIRST, FIRST + 1, 5 * FIRST].into_iter().enumerate() {
            code.extend_to(len);
            assert_eq!((code.len(), code[len - 1]), (len, 0));
            code[len - 1] = index as u8 + 1;
        }
        assert_eq!((code[0], code[4095], code[4096], code[FIRST - 1], code[FIRST]), (1, 2, 3, 4, 5));
        assert_eq!(code.capacity(), 5 * FIRST);
        code.truncate(4097);
        code.shrink_to_fit();
        assert_eq!(code.capacity(), 2 * page_size());
        assert_eq!(code, code.clone());
    }

    #[test]
    fn no_code_needs_no_mapping() {
        assert_eq!(CodeMemory::new(CodeBytes::default()).unwrap().len(), 0);
    }
}
