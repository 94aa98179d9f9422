//! Records which code stands on the way from a branch to its target: what moves values so that they are where the
//! target wants them. It is recorded with the listing only.

use super::Emitter;
use crate::microwasm::{Label, Target};

/// What an edge of the control flow is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Edge {
    /// To a label below (a loop's header from above, too), or out of the function.
    Forward,
    /// Back to a loop's header.
    Back,
    /// Into a loop, once the header turned out to need something.
    Entry,
}

/// When the code of an edge runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EdgePart {
    /// Before the branch, whichever way that goes.
    Shared,
    /// On this edge.
    Own,
    /// On this edge, and apart: the branch does not go to its target but here.
    Adaptor,
}

/// Code of an edge, from its first byte to one past its last. Each edge has one that is not
/// [`EdgePart::Shared`], which is empty where nothing is moved; a target of a jump table has one for all its entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EdgeCode {
    /// The first byte.
    pub start: u32,
    /// One past the last byte; a jump to the target is not counted.
    pub end: u32,
    /// What the edge is.
    pub edge: Edge,
    /// When the code runs.
    pub part: EdgePart,
}

impl Emitter {
    /// Records, if that was asked for, that everything emitted since `start` is for the way to this target.
    #[inline]
    pub(super) fn note_edge(&mut self, start: u32, target: Target, part: EdgePart) {
        if self.listing.is_some() {
            let edge = if self.is_backward(target) { Edge::Back } else { Edge::Forward };
            self.edges.push(EdgeCode { start, end: self.asm.buf.position(), edge, part });
        }
    }

    /// The same for the way into a loop.
    pub(super) fn note_loop_entry(&mut self, start: u32, end: u32) {
        if self.listing.is_some() {
            self.edges.push(EdgeCode { start, end, edge: Edge::Entry, part: EdgePart::Adaptor });
        }
    }

    fn is_backward(&self, target: Target) -> bool {
        matches!(target, Target::Label(Label(index)) if self.labels[index as usize].bound.is_some())
    }
}
