//! The shapes of labels, in one table: a function may have many at a time, and none is needed behind the last function.

use super::shape::{Line, Rest, Shape};
use crate::code::Growing;
use crate::work::Work;
use std::num::NonZeroU32;

/// Which shape it is, counted from one.
#[derive(Debug, Clone, Copy)]
pub struct ShapeIndex(NonZeroU32);

/// Shapes, those of closed labels to be used again.
#[derive(Debug, Default)]
pub struct Shapes {
    lines: Growing<Line>,
    /// Of those shapes that have one.
    rests: Growing<Rest>,
    spare: Vec<ShapeIndex>,
}

impl Shapes {
    /// One that nobody uses; what it holds means nothing.
    pub fn take(&mut self) -> ShapeIndex {
        self.spare.pop().unwrap_or_else(|| {
            self.lines.push(Line::default());
            ShapeIndex(NonZeroU32::new(self.lines.len() as u32).expect("there is one now"))
        })
    }

    /// Nobody uses this one any more.
    pub fn give_back(&mut self, shape: ShapeIndex) {
        self.spare.push(shape);
    }

    /// Adds the table's growth.
    pub(crate) fn add_to(&self, work: &mut Work) {
        work.add_growing(&self.lines);
        work.add_growing(&self.rests);
    }

    /// The shape.
    #[inline(always)]
    pub fn at(&mut self, shape: ShapeIndex) -> Shape<'_> {
        Shape { line: &mut self.lines[shape.0.get() as usize - 1], rests: &mut self.rests }
    }
}
