//! A table that grows to any size in one place: no second copy of it while it grows, and little in reserve.
//!
//! With `Vec`s instead, whose larger ones the C library's allocator here moves without a copy as well, compiling takes as
//! long, and its peak of memory is 0.2 to 0.4 MB higher for real modules of 9 to 17 MB: beside code and tables, it is to
//! be 1 MiB at most.

use super::mapping::Mapping;
use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::ptr::{self, NonNull};

/// Up to so many bytes, a table is allocated as usual. Small modules have only such.
pub(crate) const SMALL: usize = 1 << 15;
/// The most bytes of memory that a larger one has in reserve. Its address space doubles.
const STEP: usize = 1 << 14;

/// A growing table; a slice of them otherwise. A large one lies in a mapping of its own, so that it
/// grows without being copied.
pub struct Growing<T> {
    /// Of `small` or of `mapping`.
    start: NonNull<T>,
    len: usize,
    /// Records that there is room for in memory that has been used or is to be used next.
    capacity: usize,
    /// Empty if nothing was mapped. Otherwise the records are there, and none in an allocation.
    mapping: Mapping,
}

// SAFETY: as a `Vec` of the records.
unsafe impl<T: Send> Send for Growing<T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for Growing<T> {}

impl<T> Growing<T> {
    /// An empty table, for which nothing is allocated.
    pub const fn new() -> Growing<T> {
        const { assert!(size_of::<T>() > 0, "records have bytes") };
        Growing { start: NonNull::dangling(), len: 0, capacity: 0, mapping: Mapping::NONE }
    }

    /// Appends a record.
    #[inline]
    pub fn push(&mut self, record: T) {
        if self.len == self.capacity {
            self.grow();
        }
        // SAFETY: there is room behind the last record.
        unsafe { self.start.add(self.len).write(record) };
        self.len += 1;
    }

    /// Removes the last record.
    #[inline]
    pub fn pop(&mut self) -> Option<T> {
        self.len = self.len.checked_sub(1)?;
        // SAFETY: the record was written there, and this value does not have it any more.
        Some(unsafe { self.start.add(self.len).read() })
    }

    /// Keeps the first so many records.
    pub(crate) fn truncate(&mut self, len: usize) {
        let dropped: *mut [T] = match self.get_mut(len..) {
            Some(records) => records,
            None => return,
        };
        self.len = len;
        // SAFETY: the records were this value's, which does not have them any more.
        unsafe { ptr::drop_in_place(dropped) };
    }

    /// Removes all records; there is room for as many again.
    pub(crate) fn clear(&mut self) {
        self.truncate(0);
    }

    /// Keeps the records that satisfy this.
    pub(crate) fn retain(&mut self, mut keeps: impl FnMut(&T) -> bool) {
        let mut kept = 0;
        for index in 0..self.len {
            if keeps(&self[index]) {
                self.swap(kept, index);
                kept += 1;
            }
        }
        self.truncate(kept);
    }

    /// Records that there is room for.
    pub(crate) fn capacity(&self) -> usize {
        self.capacity
    }

    #[cold]
    fn grow(&mut self) {
        let bytes = self.len * size_of::<T>();
        if 2 * bytes <= SMALL {
            let mut records = self.take_small();
            records.reserve(records.len().max(4));
            return self.put_small(records);
        }
        let ready = bytes + (bytes / 4).clamp(size_of::<T>(), STEP);
        if ready > self.mapping.size() {
            let small = (self.mapping.size() == 0).then(|| self.take_small());
            self.mapping.grow(2 * ready);
            self.start = self.mapping.start().cast();
            if let Some(mut small) = small {
                self.len = small.len();
                // SAFETY: the new mapping is larger, and its start is aligned for everything. The allocation does not have
                // the records any more, then.
                unsafe {
                    self.start.copy_from_nonoverlapping(NonNull::from(small.as_mut_slice()).cast(), small.len());
                    small.set_len(0);
                }
            }
        }
        self.mapping.populate(bytes, ready);
        self.capacity = ready / size_of::<T>();
    }

    /// The records, if they are in an allocation; this is empty then.
    fn take_small(&mut self) -> Vec<T> {
        debug_assert_eq!(self.mapping.size(), 0, "they are in an allocation");
        // SAFETY: these are the parts of a `Vec` (an empty one if nothing is allocated), which are forgotten here.
        let records = unsafe { Vec::from_raw_parts(self.start.as_ptr(), self.len, self.capacity) };
        (self.start, self.len, self.capacity) = (NonNull::dangling(), 0, 0);
        records
    }

    /// These are the records, where nothing is mapped or allocated.
    fn put_small(&mut self, records: Vec<T>) {
        let mut records = ManuallyDrop::new(records);
        (self.len, self.capacity) = (records.len(), records.capacity());
        self.start = NonNull::new(records.as_mut_ptr()).expect("a Vec's pointer is never null");
    }
}

impl<T> Drop for Growing<T> {
    fn drop(&mut self) {
        if self.mapping.size() == 0 {
            drop(self.take_small());
        } else {
            // SAFETY: the records are this value's, and nobody reads them after.
            unsafe { ptr::drop_in_place(&mut **self) };
        }
    }
}

impl<T> Default for Growing<T> {
    fn default() -> Self {
        Growing::new()
    }
}

impl<T> Deref for Growing<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        // SAFETY: so many records were written there.
        unsafe { NonNull::slice_from_raw_parts(self.start, self.len).as_ref() }
    }
}

impl<T> DerefMut for Growing<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as above; they belong to this value.
        unsafe { NonNull::slice_from_raw_parts(self.start, self.len).as_mut() }
    }
}

impl<T> Extend<T> for Growing<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, records: I) {
        records.into_iter().for_each(|record| self.push(record));
    }
}

impl<T> FromIterator<T> for Growing<T> {
    fn from_iter<I: IntoIterator<Item = T>>(records: I) -> Self {
        let mut table = Growing::new();
        table.extend(records);
        table
    }
}

impl<T, const N: usize> From<[T; N]> for Growing<T> {
    fn from(records: [T; N]) -> Self {
        records.into_iter().collect()
    }
}

impl<'a, T> IntoIterator for &'a Growing<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, T> IntoIterator for &'a mut Growing<T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl<T: Clone> Clone for Growing<T> {
    fn clone(&self) -> Self {
        self.iter().cloned().collect()
    }
}

impl<T: PartialEq> PartialEq for Growing<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for Growing<T> {}

impl<T: fmt::Debug> fmt::Debug for Growing<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    #[test]
    fn it_holds_what_a_vec_holds() {
        let (mut table, mut vec) = (Growing::new(), Vec::new());
        for number in 0..200_000u32 {
            table.push([number; 3]);
            vec.push([number; 3]);
            if number % 7 == 0 {
                assert_eq!(table.pop(), vec.pop());
            }
            if number.is_power_of_two() {
                assert_eq!(*table, *vec);
                assert_eq!(table.clone(), table);
                table.iter_mut().chain(&mut vec).for_each(|record| record[1] ^= 5);
            }
        }
        assert_eq!(*table, *vec);
        let reserve = (table.capacity() - table.len()) * size_of::<[u32; 3]>();
        assert!(table.mapping.size() > 0 && reserve <= STEP, "{reserve} bytes");
    }

    #[test]
    fn every_record_is_dropped_once() {
        let record = Rc::new(());
        let mut table = Growing::new();
        for _ in 0..2 * SMALL / size_of::<Rc<()>>() {
            table.push(Rc::clone(&record));
        }
        assert!(table.mapping.size() > 0);
        assert_eq!(Rc::strong_count(&record), table.len() + 1);
        drop(table.pop());
        let kept = table.len() / 2;
        table.truncate(kept);
        table.truncate(kept + 1);
        assert_eq!((Rc::strong_count(&record), table.len()), (kept + 1, kept));
        let mut number = 0;
        table.retain(|_| {
            number += 1;
            number % 3 == 0
        });
        assert_eq!((Rc::strong_count(&record), table.len()), (kept / 3 + 1, kept / 3));
        drop(table);
        assert_eq!(Rc::strong_count(&record), 1);
    }

    #[test]
    fn nothing_to_pop() {
        assert_eq!(Growing::<u32>::new().pop(), None);
        let mut table = Growing::from([1]);
        assert_eq!((table.pop(), table.pop(), table.len()), (Some(1), None, 0));
    }
}
