//! Where compiled code lies, for the whole process, readable from a signal handler.
//!
//! The table is a sorted array that is never changed, only replaced. A reader announces itself,
//! loads the array, searches, and signs off: no lock, no allocation. A writer replaces the array
//! under a lock and frees the old one when no reader is left. Readers are short and never wait, so
//! the writer waits a moment at most.

use crate::link::linker::Image;
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// One image of code.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CodeRange {
    /// Its first address.
    pub start: usize,
    /// One past its last address.
    pub end: usize,
    /// Its tables.
    pub image: *const Image,
    /// What the owner wants to find again: the module.
    pub owner: *const (),
}

static RANGES: AtomicPtr<Vec<CodeRange>> = AtomicPtr::new(ptr::null_mut());
static READERS: AtomicUsize = AtomicUsize::new(0);
static WRITER: Mutex<()> = Mutex::new(());

/// The image that this address lies in. Safe to call in a signal handler.
pub(crate) fn lookup(pc: usize) -> Option<CodeRange> {
    READERS.fetch_add(1, Ordering::SeqCst);
    let ranges = RANGES.load(Ordering::SeqCst);
    // SAFETY: a writer frees an array only after it was replaced and `READERS` was seen as zero. This reader was
    // counted before it loaded the pointer, so either it sees the new array or the writer waits for it.
    let found = unsafe { ranges.as_ref() }.and_then(|ranges| {
        let index = ranges.partition_point(|range| range.end <= pc);
        ranges.get(index).filter(|range| range.start <= pc).copied()
    });
    READERS.fetch_sub(1, Ordering::SeqCst);
    found
}

/// Makes an image known.
pub(crate) fn register(range: CodeRange) {
    if range.start != range.end {
        replace(|ranges| {
            let index = ranges.partition_point(|other| other.start < range.start);
            ranges.insert(index, range);
        });
    }
}

/// Forgets the image that starts here.
pub(crate) fn unregister(start: usize) {
    replace(|ranges| ranges.retain(|range| range.start != start));
}

fn replace(change: impl FnOnce(&mut Vec<CodeRange>)) {
    let _writer = WRITER.lock().unwrap_or_else(PoisonError::into_inner);
    let old = RANGES.load(Ordering::SeqCst);
    // SAFETY: only a holder of the lock replaces or frees the array.
    let mut ranges = unsafe { old.as_ref() }.cloned().unwrap_or_default();
    change(&mut ranges);
    RANGES.store(Box::into_raw(Box::new(ranges)), Ordering::SeqCst);
    while READERS.load(Ordering::SeqCst) != 0 {
        std::thread::yield_now();
    }
    if !old.is_null() {
        // SAFETY: it came from `Box::into_raw` above, nobody can load it any more, and no reader is left that has.
        drop(unsafe { Box::from_raw(old) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(start: usize, end: usize) -> CodeRange {
        CodeRange { start, end, image: ptr::null(), owner: ptr::null() }
    }

    // Addresses below 0x1000 never hold code, so this does not disturb other tests of the process.
    #[test]
    fn finds_what_is_registered() {
        register(range(0x300, 0x400));
        register(range(0x100, 0x200));
        assert_eq!(lookup(0x0ff).map(|r| r.start), None);
        assert_eq!(lookup(0x100).map(|r| r.start), Some(0x100));
        assert_eq!(lookup(0x1ff).map(|r| r.start), Some(0x100));
        assert_eq!(lookup(0x200).map(|r| r.start), None);
        assert_eq!(lookup(0x3ff).map(|r| r.start), Some(0x300));
        unregister(0x100);
        assert_eq!(lookup(0x100).map(|r| r.start), None);
        assert_eq!(lookup(0x300).map(|r| r.start), Some(0x300));
        unregister(0x300);
        assert_eq!(lookup(0x300).map(|r| r.start), None);
    }
}
