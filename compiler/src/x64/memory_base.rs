//! Where compiled code finds the base of memory 0.

use crate::runtime::segment;
use crate::state::reg::{Gpr, RegSet};

/// Where compiled code finds the base of memory 0. All modules of an engine agree on it.
///
/// Through the segment programs take 0.951 times the instructions and, on the geometric mean of 46, 0.96 to 0.98 times the
/// time, from 0.7 (`threaded`) to 1.6 times (`dispatch`), as `lightbeam bench execute --ablate --switch base-register` says;
/// `reports/code-quality.md` has the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MemoryBase {
    /// In `r15`, which holds nothing else. Each access names it; a call that may leave the instance loads it twice.
    #[default]
    Register,
    /// In the base of the segment `gs`, so that `r15` holds values, and a sum of 32 bits can be part of an access
    /// ([`Rewrite::NarrowAddress`]). Each access has a prefix, and the CPU needs about a cycle more to load where the address
    /// was loaded before. The base is set whenever the host enters compiled code and leaves it, and where a call changes to an
    /// instance with another memory and back; calls that may do so compare. Needs `FSGSBASE` of the CPU and of the kernel.
    ///
    /// [`Rewrite::NarrowAddress`]: super::rewrites::Rewrite::NarrowAddress
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
