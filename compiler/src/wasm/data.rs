//! The bytes of data segments.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// The bytes of a data segment, a slice of them otherwise. Segments of one section lie in one allocation: there are
/// modules with a hundred thousand of a few bytes each.
#[derive(Clone)]
pub struct DataBytes {
    all: Arc<Box<[u8]>>,
    start: u32,
    end: u32,
}

impl DataBytes {
    /// A part of an allocation.
    ///
    /// # Panics
    ///
    /// If it is not a part of it, or of its first 4 GiB.
    pub fn part(all: &Arc<Box<[u8]>>, range: Range<usize>) -> DataBytes {
        assert!(range.start <= range.end && range.end <= all.len(), "it is a part");
        let offset = |offset| u32::try_from(offset).expect("a section has less than 4 GiB");
        DataBytes { all: Arc::clone(all), start: offset(range.start), end: offset(range.end) }
    }
}

impl Deref for DataBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.all[self.start as usize..self.end as usize]
    }
}

impl<B: Into<Box<[u8]>>> From<B> for DataBytes {
    fn from(bytes: B) -> Self {
        let bytes = bytes.into();
        let all = 0..bytes.len();
        DataBytes::part(&Arc::new(bytes), all)
    }
}

impl PartialEq for DataBytes {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for DataBytes {}

impl fmt::Debug for DataBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_apart() {
        let all = Arc::new(Box::from([1, 2, 3, 1, 2]));
        let [first, second, again] = [0..2, 2..3, 3..5].map(|range| DataBytes::part(&all, range));
        assert_eq!((&*first, &*second), (&[1, 2][..], &[3][..]));
        assert_eq!(first, again);
        assert_eq!(first, DataBytes::from([1, 2]));
        assert_ne!(first, second);
    }
}
