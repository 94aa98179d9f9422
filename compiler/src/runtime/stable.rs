//! Heap allocations whose address is shared with compiled code.

use std::ptr::NonNull;

/// Owns a value at an address that never changes. Unlike `Box`, it makes no claim that nobody else
/// reads or writes the value: compiled code does, while it runs.
#[derive(Debug)]
pub(crate) struct Stable<T>(NonNull<T>);

impl<T> Stable<T> {
    /// Moves the value to the heap.
    pub fn new(value: T) -> Stable<T> {
        Stable(NonNull::from(Box::leak(Box::new(value))))
    }

    /// The address.
    pub fn as_ptr(&self) -> *mut T {
        self.0.as_ptr()
    }

    /// The value. The store that owns it is borrowed, so no compiled code runs meanwhile.
    pub fn get(&self) -> &T {
        // SAFETY: the allocation lives as long as `self`; compiled code writes only while the store that holds
        // this is mutably borrowed by a call.
        unsafe { self.0.as_ref() }
    }

    /// The value. The store that owns it is borrowed, so no compiled code runs meanwhile.
    pub fn get_mut(&mut self) -> &mut T {
        // SAFETY: as for `get`.
        unsafe { self.0.as_mut() }
    }
}

impl<T> Drop for Stable<T> {
    fn drop(&mut self) {
        // SAFETY: the pointer came from a box in `new` and is freed once.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

// SAFETY: ownership moves as a box's would.
unsafe impl<T: Send> Send for Stable<T> {}
// SAFETY: shared access is reading, as for a box.
unsafe impl<T: Sync> Sync for Stable<T> {}
