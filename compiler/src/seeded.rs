//! Bugs that are there on purpose, to measure what finds them. Only a build with the feature
//! `seeded-bugs` has them, and only the selected one acts.

/// Whether this bug acts. Without the feature none does, and the compiler removes the question.
#[cfg(not(feature = "seeded-bugs"))]
#[inline(always)]
pub(crate) const fn seeded(_bug: Bug) -> bool {
    false
}

/// Whether this bug acts.
#[cfg(feature = "seeded-bugs")]
#[inline]
pub(crate) fn seeded(bug: Bug) -> bool {
    SELECTED.load(std::sync::atomic::Ordering::Relaxed) == bug as u32
}

/// The number of the bug that acts; 0 is none.
#[cfg(feature = "seeded-bugs")]
static SELECTED: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);

/// Makes the bug with this number act from now on, in the whole process; 0 for none.
#[cfg(feature = "seeded-bugs")]
pub fn select(number: u32) {
    SELECTED.store(number, std::sync::atomic::Ordering::Relaxed);
}

/// Where a bug is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Area {
    /// Validation and lowering.
    FrontEnd,
    /// Where values are: registers, slots, copies, pending values.
    State,
    /// Joins of control flow.
    Merges,
    /// Loops.
    Loops,
    /// Calls.
    Calls,
    /// Memories.
    Memory,
    /// Traps.
    Traps,
    /// Integer arithmetic.
    Integers,
    /// Float arithmetic and conversions.
    Floats,
    /// Linking and instantiation.
    Linking,
    /// What the runtime does for running code.
    Runtime,
}

/// Defines the bugs, numbered from 1: name, area, what is wrong, and what it is modelled on.
macro_rules! bugs {
    ($($bug:ident $area:ident $what:literal $model:literal,)*) => {
        /// A seeded bug.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u32)]
        pub enum Bug {
            #[doc(hidden)]
            None,
            $(#[doc = $what] $bug,)*
        }

        impl Bug {
            /// All bugs, by number.
            pub const ALL: &'static [Bug] = &[$(Bug::$bug,)*];

            /// Its name.
            pub const fn name(self) -> &'static str {
                match self {
                    Bug::None => "None",
                    $(Bug::$bug => stringify!($bug),)*
                }
            }

            /// Where it is.
            pub const fn area(self) -> Option<Area> {
                match self {
                    Bug::None => None,
                    $(Bug::$bug => Some(Area::$area),)*
                }
            }

            /// What is wrong.
            pub const fn what(self) -> &'static str {
                match self {
                    Bug::None => "nothing",
                    $(Bug::$bug => $what,)*
                }
            }

            /// What it is modelled on: a bug that happened somewhere, or a classic.
            pub const fn model(self) -> &'static str {
                match self {
                    Bug::None => "",
                    $(Bug::$bug => $model,)*
                }
            }

            /// Its number, from 1.
            pub const fn number(self) -> u32 {
                self as u32
            }
        }
    };
}

bugs! {
    ShiftCountClobbersRcx Integers "a variable shift does not keep what rcx held" "classic: fixed registers",
}
