//! Where compiled code finds the base of memory 0.

use crate::runtime::segment;
use crate::state::reg::{Gpr, RegSet};

/// Where compiled code finds the base of memory 0. All modules of an engine agree on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MemoryBase {
    /// In `r15`, which holds nothing else.
    #[default]
    Register,
    /// In the base of the segment `gs`. Needs `FSGSBASE` of the CPU and of the kernel.
    Segment,
}

impl MemoryBase {
    /// Both ways.
    pub const ALL: [MemoryBase; 2] = [MemoryBase::Register, MemoryBase::Segment];

    /// The name in reports and on command lines.
    pub const fn name(self) -> &'static str {
        match self {
            MemoryBase::Register => "register",
            MemoryBase::Segment => "segment",
        }
    }

    /// Whether this machine's CPU and kernel permit it.
    pub fn is_permitted(self) -> bool {
        match self {
            MemoryBase::Register => true,
            MemoryBase::Segment => segment::is_permitted(),
        }
    }

    /// Registers that hold values because the base is in none. Callees preserve them.
    pub(super) const fn spared_registers(self) -> RegSet {
        match self {
            MemoryBase::Register => RegSet::EMPTY,
            MemoryBase::Segment => RegSet::of(&[Gpr::R15]),
        }
    }
}
