//! The shapes of labels, in one table: a function may have many at a time, and none is needed behind the last function.

use crate::code::Growing;
use crate::state::Shape;

/// Which shape it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct ShapeIndex(u32);

/// Shapes, those of closed labels to be used again.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    all: Growing<Shape>,
    spare: Vec<ShapeIndex>,
}

impl Shapes {
    /// One that nobody uses; what it holds means nothing.
    pub(super) fn take(&mut self) -> ShapeIndex {
        self.spare.pop().unwrap_or_else(|| {
            self.all.push(Shape::default());
            ShapeIndex(self.all.len() as u32 - 1)
        })
    }

    /// Nobody uses this one any more.
    pub(super) fn give_back(&mut self, shape: ShapeIndex) {
        self.spare.push(shape);
    }

    /// The shape.
    pub(super) fn at(&mut self, shape: ShapeIndex) -> &mut Shape {
        &mut self.all[shape.0 as usize]
    }
}
