//! Memory mapped for one growing array, which is never copied: the system moves its pages.

use std::alloc::{Layout, handle_alloc_error};
use std::ptr::{self, NonNull};

/// Memory of our own: zero at first, readable and writable. Address space behind what is populated costs nothing.
pub(super) struct Mapping {
    /// A multiple of the page size, or dangling if nothing is mapped.
    start: NonNull<u8>,
    /// Bytes that are mapped: whole pages.
    size: usize,
}

// SAFETY: the mapping belongs to this value alone, and so does everything in it.
unsafe impl Send for Mapping {}
// SAFETY: as above; access through a shared reference is reading.
unsafe impl Sync for Mapping {}

impl Mapping {
    /// Nothing is mapped.
    pub const NONE: Mapping = Mapping { start: NonNull::dangling(), size: 0 };

    /// The first byte.
    pub fn start(&self) -> NonNull<u8> {
        self.start
    }

    /// Bytes that are mapped.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Maps so many bytes instead of fewer, with the same content. Aborts if the system has no memory left, as a `Vec`
    /// does.
    pub fn grow(&mut self, size: usize) {
        let size = size.checked_next_multiple_of(page_size()).expect("an array is smaller than the address space");
        let start = match self.size {
            // SAFETY: a new private mapping at an address of the system's choice touches no other memory.
            0 => unsafe {
                let (access, kind) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
                libc::mmap(ptr::null_mut(), size, access, kind, -1, 0)
            },
            // SAFETY: exactly the mapping that this value owns; nothing borrows from it while it is borrowed mutably.
            mapped => unsafe { libc::mremap(self.start.as_ptr().cast(), mapped, size, libc::MREMAP_MAYMOVE) },
        };
        match NonNull::new(start.cast::<u8>()).filter(|_| start != libc::MAP_FAILED) {
            Some(start) => (self.start, self.size) = (start, size),
            None => handle_alloc_error(Layout::from_size_align(size, 1).unwrap_or(Layout::new::<u8>())),
        }
    }

    /// Bytes between these two are about to be written. One call makes their pages cheaper than a fault for each; where
    /// it fails, faults make them.
    pub fn populate(&mut self, from: usize, to: usize) {
        assert!(to <= self.size, "only what is mapped is written");
        let from = from.next_multiple_of(page_size());
        if from < to {
            // SAFETY: the range lies in the mapping, which is writable.
            unsafe { libc::madvise(self.start.as_ptr().add(from).cast(), to - from, libc::MADV_POPULATE_WRITE) };
        }
    }

    /// Gives back the pages behind so many bytes.
    pub fn shrink(&mut self, size: usize) {
        let kept = size.next_multiple_of(page_size());
        if kept < self.size {
            // SAFETY: whole pages of the mapping, which is borrowed mutably: nothing refers to them.
            let status = unsafe { libc::munmap(self.start.as_ptr().add(kept).cast(), self.size - kept) };
            debug_assert_eq!(status, 0, "pages of our own can be unmapped");
            self.size = kept;
        }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        if self.size != 0 {
            // SAFETY: the mapping is this value's, and so was what is in it.
            let status = unsafe { libc::munmap(self.start.as_ptr().cast(), self.size) };
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
