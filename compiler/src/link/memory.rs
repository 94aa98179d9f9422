//! Memory for machine code: written first, then executable and never writable again (W^X). Code stays where it was
//! written, so that there is never a second copy of it.

use std::alloc::{Layout, handle_alloc_error};
use std::ops::{Deref, DerefMut};
use std::ptr::{self, NonNull};
use std::{fmt, io, slice};

/// Address space taken at first; it doubles.
const FIRST: usize = 1 << 16;

/// Machine code in a mapping of its own, which can be made executable. A slice of bytes otherwise.
pub struct CodeBytes {
    /// A multiple of the page size, or dangling if nothing is mapped.
    start: NonNull<u8>,
    /// Bytes that are mapped, readable and writable: whole pages.
    mapped: usize,
    /// Those of them that belong to the slice.
    len: usize,
}

// SAFETY: the mapping belongs to this value alone, and so does everything in it.
unsafe impl Send for CodeBytes {}
// SAFETY: as above; access through a shared reference is reading.
unsafe impl Sync for CodeBytes {}

impl CodeBytes {
    /// Makes this so many bytes long, if it is shorter. The new bytes are 0, or what they were before
    /// [`CodeBytes::truncate`]. Aborts if the system has no memory left, as a `Vec` does.
    pub(crate) fn extend_to(&mut self, len: usize) {
        if len <= self.len {
            return;
        }
        if len > self.mapped {
            let wanted = len.max(2 * self.mapped).max(FIRST);
            self.map(wanted.checked_next_multiple_of(page_size()).expect("code is smaller than the address space"));
        }
        let from = self.len.next_multiple_of(page_size());
        if from < len {
            // SAFETY: the range lies in the mapping, which is writable. One call makes the pages cheaper than a fault for
            // each; where it fails, faults make them.
            unsafe { libc::madvise(self.start.as_ptr().add(from).cast(), len - from, libc::MADV_POPULATE_WRITE) };
        }
        self.len = len;
    }

    /// Drops what is behind the first so many bytes.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Bytes that it can have before it has to be mapped anew.
    pub(crate) fn capacity(&self) -> usize {
        self.mapped
    }

    /// Gives back the pages behind the bytes.
    pub(crate) fn shrink_to_fit(&mut self) {
        let kept = self.len.next_multiple_of(page_size());
        if kept < self.mapped {
            // SAFETY: whole pages of the mapping, which nothing refers to: the slice ends before them.
            let status = unsafe { libc::munmap(self.start.as_ptr().add(kept).cast(), self.mapped - kept) };
            debug_assert_eq!(status, 0, "pages of our own can be unmapped");
            self.mapped = kept;
        }
    }

    /// Maps so many bytes instead of fewer, with the same content.
    fn map(&mut self, size: usize) {
        let start = match self.mapped {
            // SAFETY: a new private mapping at an address of the system's choice touches no other memory.
            0 => unsafe {
                let (access, kind) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
                libc::mmap(ptr::null_mut(), size, access, kind, -1, 0)
            },
            // SAFETY: exactly the mapping that this value owns; nothing borrows from it while it is borrowed mutably.
            mapped => unsafe { libc::mremap(self.start.as_ptr().cast(), mapped, size, libc::MREMAP_MAYMOVE) },
        };
        match NonNull::new(start.cast::<u8>()).filter(|_| start != libc::MAP_FAILED) {
            Some(start) => (self.start, self.mapped) = (start, size),
            None => handle_alloc_error(Layout::from_size_align(size, 1).unwrap_or(Layout::new::<u8>())),
        }
    }
}

impl Drop for CodeBytes {
    fn drop(&mut self) {
        if self.mapped != 0 {
            // SAFETY: the mapping is this value's. Nothing runs in it: whoever runs code keeps its module alive.
            let status = unsafe { libc::munmap(self.start.as_ptr().cast(), self.mapped) };
            debug_assert_eq!(status, 0, "a mapping of our own can be unmapped");
        }
    }
}

impl Default for CodeBytes {
    fn default() -> Self {
        CodeBytes { start: NonNull::dangling(), mapped: 0, len: 0 }
    }
}

impl Deref for CodeBytes {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        // SAFETY: the first `len` bytes of the mapping are readable, and were set to 0 by the system or written since.
        unsafe { slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }
}

impl DerefMut for CodeBytes {
    #[inline]
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as above; they are writable until `CodeMemory` takes this value, which never lends it mutably.
        unsafe { slice::from_raw_parts_mut(self.start.as_ptr(), self.len) }
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
        if bytes.mapped != 0 {
            let access = libc::PROT_READ | libc::PROT_EXEC;
            // SAFETY: exactly the mapping of these bytes, which nobody else refers to, and which are not written again.
            if unsafe { libc::mprotect(bytes.start.as_ptr().cast(), bytes.mapped, access) } != 0 {
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

/// The size of a page of the system.
pub(crate) fn page_size() -> usize {
    // SAFETY: `sysconf` has no preconditions.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).unwrap_or(4096)
}

#[cfg(test)]
mod tests {
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
