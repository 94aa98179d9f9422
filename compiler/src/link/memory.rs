//! Executable memory: written once, then executable and never writable again (W^X).

use std::io;
use std::ptr::{self, NonNull};

/// A mapping that holds machine code. It is unmapped on drop.
#[derive(Debug)]
pub(crate) struct CodeMemory {
    start: NonNull<u8>,
    mapped: usize,
    len: usize,
}

// SAFETY: the mapping belongs to this value alone and nothing can write to it any more.
unsafe impl Send for CodeMemory {}
// SAFETY: as above; all access through a shared reference is reading.
unsafe impl Sync for CodeMemory {}

impl CodeMemory {
    /// Maps a copy of the code, readable and executable.
    ///
    /// # Errors
    ///
    /// If the system has no memory left or forbids executable mappings.
    pub fn new(code: &[u8]) -> io::Result<CodeMemory> {
        if code.is_empty() {
            return Ok(CodeMemory { start: NonNull::dangling(), mapped: 0, len: 0 });
        }
        let page = page_size();
        let mapped = code.len().checked_next_multiple_of(page).ok_or(io::ErrorKind::OutOfMemory)?;
        // SAFETY: a new private mapping at an address of the system's choice touches no other memory.
        let start = unsafe {
            libc::mmap(
                ptr::null_mut(),
                mapped,
                libc::PROT_READ | libc::PROT_WRITE,
                // All of it is written at once: one call makes its pages cheaper than a fault for each.
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_POPULATE,
                -1,
                0,
            )
        };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let Some(start) = NonNull::new(start.cast::<u8>()) else {
            return Err(io::ErrorKind::OutOfMemory.into());
        };
        // From here on the value owns the mapping, so that an error below unmaps it.
        let memory = CodeMemory { start, mapped, len: code.len() };
        // SAFETY: the mapping is writable, at least as long as the code, and new, so it does not overlap.
        unsafe { ptr::copy_nonoverlapping(code.as_ptr(), start.as_ptr(), code.len()) };
        // SAFETY: exactly the mapping made above, which nobody else refers to yet.
        if unsafe { libc::mprotect(start.as_ptr().cast(), mapped, libc::PROT_READ | libc::PROT_EXEC) } != 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(memory)
    }

    /// The address of the first byte, a multiple of the page size (or dangling if there is no code).
    pub fn start(&self) -> *const u8 {
        self.start.as_ptr()
    }

    /// The bytes of code.
    pub fn len(&self) -> usize {
        self.len
    }
}

impl Drop for CodeMemory {
    fn drop(&mut self) {
        if self.mapped != 0 {
            // SAFETY: the mapping was made by `new` and nothing runs in it: whoever runs code keeps its module alive.
            let status = unsafe { libc::munmap(self.start.as_ptr().cast(), self.mapped) };
            debug_assert_eq!(status, 0, "a mapping of our own can be unmapped");
        }
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
        let memory = CodeMemory::new(&[0xb8, 42, 0, 0, 0, 0xc3]).unwrap();
        // SAFETY: the bytes are a function of this type.
        let answer: extern "C" fn() -> i32 = unsafe { std::mem::transmute(memory.start()) };
        assert_eq!(answer(), 42);
        assert_eq!(memory.len(), 6);
    }

    #[test]
    fn code_is_never_writable_and_executable() {
        let memory = CodeMemory::new(&[0xc3]).unwrap();
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
    fn no_code_needs_no_mapping() {
        assert_eq!(CodeMemory::new(&[]).unwrap().len(), 0);
    }
}
