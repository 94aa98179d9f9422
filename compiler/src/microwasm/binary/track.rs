//! What both directions know of a function while they go through it: the stack's height and the open
//! labels. Both count from them, so that the numbers in the bytes stay small.

use crate::microwasm::{Label, Op, Target};

/// An open label.
#[derive(Debug, Clone, Copy)]
struct Open {
    /// The height of the stack at it.
    height: u32,
    backward: bool,
}

/// The state of a function. For operators that break the rules it is meaningless, but defined.
#[derive(Debug, Default)]
pub(super) struct Track {
    height: u32,
    labels: Vec<Open>,
}

impl Track {
    /// A function starts with so many parameters.
    pub(super) fn begin(&mut self, params: usize) {
        self.height = params as u32;
        self.labels.clear();
    }

    /// How many entries are on the stack.
    pub(super) fn height(&self) -> u32 {
        self.height
    }

    /// How many labels are open: the number of the next one.
    pub(super) fn labels(&self) -> u32 {
        self.labels.len() as u32
    }

    /// A label as it is written: how many are above it.
    pub(super) fn above(&self, label: Label) -> u32 {
        self.labels().wrapping_sub(1).wrapping_sub(label.0)
    }

    /// A target as it is written: as a label, and a return as if it lay below all labels.
    pub(super) fn distance(&self, target: Target) -> u32 {
        match target {
            Target::Label(label) => self.above(label),
            Target::Return => self.labels(),
        }
    }

    /// The label with so many above it.
    pub(super) fn label(&self, above: u32) -> Option<Label> {
        self.labels().checked_sub(1)?.checked_sub(above).map(Label)
    }

    /// The target at a distance.
    pub(super) fn target(&self, distance: u32) -> Option<Target> {
        if distance == self.labels() { Some(Target::Return) } else { self.label(distance).map(Target::Label) }
    }

    #[inline(always)]
    fn change(&mut self, pops: usize, pushes: usize) {
        self.height = self.height.wrapping_sub(pops as u32).wrapping_add(pushes as u32);
    }

    /// Goes over an operator.
    #[inline(always)]
    pub(super) fn pass(&mut self, op: &Op<'_>) {
        match *op {
            Op::Locals { count, .. } => self.height = self.height.wrapping_add(count),
            Op::Def { label, keep, params, backward, .. } => {
                self.labels.truncate(label.0 as usize);
                self.labels.push(Open { height: keep.wrapping_add(params.len() as u32), backward });
            }
            Op::Label(label) => {
                if let Some(open) = self.labels.get(label.0 as usize) {
                    self.height = open.height;
                    if !open.backward {
                        self.labels.truncate(label.0 as usize);
                    }
                }
            }
            Op::Br(_) | Op::Unreachable | Op::Tee(_) | Op::Unary(_) | Op::Load(..) => {}
            Op::DataDrop(_) | Op::ElemDrop(_) | Op::MemoryGrow | Op::TableGet { .. } => {}
            Op::BrIf { .. } | Op::BrTable { .. } | Op::Put(_) | Op::GlobalSet(_) => self.change(1, 0),
            Op::Pick(_) | Op::Const(_) | Op::GlobalGet { .. } => self.change(0, 1),
            Op::MemorySize | Op::TableSize(_) | Op::RefFunc(_) => self.change(0, 1),
            Op::Drop(count) => self.height = self.height.wrapping_sub(count),
            Op::Select => self.change(3, 1),
            Op::Binary(_) | Op::Compare(_) | Op::TableGrow(_) => self.change(2, 1),
            Op::Store(..) | Op::StoreLane(..) | Op::TableSet(_) => self.change(2, 0),
            Op::Vector(op) => self.change(op.operands().len(), 1),
            Op::Lane(op, _) => self.change(op.operands().len(), 1),
            Op::Shuffle(_) | Op::LoadLane(..) => self.change(2, 1),
            Op::MemoryFill | Op::MemoryCopy | Op::MemoryInit(_) => self.change(3, 0),
            Op::TableFill(_) | Op::TableCopy { .. } | Op::TableInit { .. } => self.change(3, 0),
            Op::Call { ty, .. } => self.change(ty.params.len(), ty.results.len()),
            Op::CallIndirect { ty, .. } => self.change(ty.params.len() + 1, ty.results.len()),
        }
    }
}
