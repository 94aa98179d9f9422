//! Optional rewrites: what code generation may do beyond what it must. Each kind has a switch, to
//! measure it; and all are numbered as they happen, so that a limit on their number finds the one
//! behind a miscompile.

/// A kind of rewrite.
///
/// The effects are those of the kind alone, everything on over this one off: bytes of code on the geometric mean of the 18
/// real modules without vectors (which their own compilers have optimised), then run time on the geometric mean of 46
/// programs. They are what `lightbeam bench execute --ablate` prints; below 1 the rewrite pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[repr(u8)]
pub enum Rewrite {
    /// Correct a loop header's shape by the loop's first straight stretch.
    /// 1.006, 0.934; `sha256` 0.62.
    OpenHeader,
    /// Compute an operator on constants.
    /// 0.9996, none; 0.994 times the code of the least optimised module.
    FoldConstant,
    /// Decide a condition that is constant.
    /// 1.0000, none: rare in optimised modules; dead arms are not compiled at all.
    FoldCondition,
    /// Branch and select on flags instead of on a value that is 0 or 1.
    /// 0.914, 0.889.
    FuseTest,
    /// Negate a pending comparison instead of comparing its value with zero.
    /// 0.998, 0.995.
    InvertTest,
    /// A constant as an immediate operand.
    /// 0.931, 0.898.
    Immediate,
    /// A constant as a shift's count.
    /// 0.986, 0.955.
    ShiftImmediate,
    /// A constant address as a displacement.
    /// 0.997, 0.974.
    ConstantAddress,
    /// Compute into the register of the local that is overwritten.
    /// 0.991, 0.940.
    Destination,
    /// A label that only what is right above it branches to inherits everything that is known.
    /// 0.999, 0.984; it also spares the work of a join.
    Inherit,
    /// Shifts with three operands.
    /// 0.999, 0.985.
    ThreeOperandShift,
    /// Addition into a third register.
    /// 0.980, 0.954.
    AddressArithmetic,
    /// Free a register at a loop's header instead of at each turn of the loop.
    /// 1.000, 0.964; `sha256` 0.62.
    SinkAtHeader,
    /// An operand from memory instead of a load before.
    /// 0.993, 0.926.
    MemoryOperand,
    /// One `lea` for two additions, or for a shift and an addition.
    /// 0.996, 0.980.
    FuseSum,
    /// Multiply by a reciprocal instead of dividing by a constant.
    /// 1.0004, 0.984; `mixture` 0.73.
    Reciprocal,
    /// Move innermost loops to where they touch the fewest lines of the instruction cache.
    /// 1.002; 0.979 when it was multiples of 16; `sieve` 0.76 when its inner loop crossed a line of the cache.
    AlignLoop,
    /// Jumps of two bytes where their targets are near.
    /// 0.948, not measured.
    ShortJump,
    /// Float constants as operands in memory; counted once for each function.
    /// 0.998; instructions of `mandelbrot` and `stencil` 0.86.
    ConstantPool,
    /// One instruction for a load, an operator and a store to the same address.
    /// 0.998, not measured alone.
    Update,
    /// The flags of arithmetic instead of a comparison of its result with zero.
    /// 0.998, not measured alone.
    ReuseFlags,
    /// A fault at the signature of null instead of a test for null, in indirect calls.
    /// 0.994; with the next, instructions of `dispatch` 0.89.
    NullByFault,
    /// The context saved once in the prologue instead of before each call that may change it; counted once for each
    /// function.
    /// 0.998; with the one before, stores of `dispatch` 0.69.
    ContextInPrologue,
    /// Entries of jump tables that lead to their target instead of to a jump there, where no value must move.
    /// 0.991, run time 0.991; `interpreter` 0.72, as the processor predicts an indirect jump better when no other follows at once.
    DirectEntry,
    /// A signed operator for an unsigned one where the instruction before shows that no number is negative.
    /// 1.0000, 0.996; `montecarlo` 0.93, its instructions 0.87; `adler32` with vectors 0.926 [0.902 0.979].
    KnownSign,
    /// One operator for two shifts of a vector that together rotate its lanes.
    /// 1.0000; accesses to slots in the loop of `chacha20` with vectors 22 instead of 34.
    RotateLanes,
    /// A sum of 32 bits that an access computes for itself, where the segment holds the base of memory 0.
    /// There 0.998, 0.965, and instructions 0.949; nothing where a register holds it.
    NarrowAddress,
    /// Stores to slots of the frame that nothing in the function loads are left out, and those slots at its end; counted
    /// once for each function.
    /// Of all 22 real modules 0.986, 0.987; instructions 0.990; `knapsack` 0.59.
    DeadStore,
    /// Copies and constants go from where they are to where a label wants them, without a register of their own in
    /// between.
    /// Of all 22 real modules 0.997, 0.991; instructions 0.998; `quicksort` 0.96.
    DirectMoves,
    /// The lowest 8, 16 or 32 bits by an instruction that copies them alone, instead of a mask.
    /// Of all 22 real modules 0.999, 0.996; instructions 0.997; `life` 0.95.
    MaskByCopy,
    /// Products with 3, 5 and 9 by `lea`.
    /// Of all 22 real modules 1.0000, 0.996; only `divide` has many: 0.83, instructions 0.95.
    MultiplyBySum,
    /// A comparison's value in a register that was made zero before, instead of one that is extended after.
    /// Of all 22 real modules 0.999, 0.990; `levenshtein` 0.69 on an Intel Xeon.
    ZeroBefore,
    /// Compare the index with few cases instead of jumping through a table.
    /// Of all 22 real modules 0.996, 0.998; `life` 0.94.
    CompareCases,
    /// What a loop needs only behind its first call waits in a register that callees preserve, from the header on.
    /// Of all 22 real modules 0.9998, 0.998; `fib` 0.87.
    CarryOverCall,
}

impl Rewrite {
    /// All kinds.
    pub const ALL: [Rewrite; 34] = [
        Rewrite::OpenHeader,
        Rewrite::FoldConstant,
        Rewrite::FoldCondition,
        Rewrite::FuseTest,
        Rewrite::InvertTest,
        Rewrite::Immediate,
        Rewrite::ShiftImmediate,
        Rewrite::ConstantAddress,
        Rewrite::Destination,
        Rewrite::Inherit,
        Rewrite::ThreeOperandShift,
        Rewrite::AddressArithmetic,
        Rewrite::SinkAtHeader,
        Rewrite::MemoryOperand,
        Rewrite::FuseSum,
        Rewrite::Reciprocal,
        Rewrite::AlignLoop,
        Rewrite::ShortJump,
        Rewrite::ConstantPool,
        Rewrite::Update,
        Rewrite::ReuseFlags,
        Rewrite::NullByFault,
        Rewrite::ContextInPrologue,
        Rewrite::DirectEntry,
        Rewrite::KnownSign,
        Rewrite::RotateLanes,
        Rewrite::NarrowAddress,
        Rewrite::DeadStore,
        Rewrite::DirectMoves,
        Rewrite::MaskByCopy,
        Rewrite::MultiplyBySum,
        Rewrite::ZeroBefore,
        Rewrite::CompareCases,
        Rewrite::CarryOverCall,
    ];

    /// The name in reports and on command lines.
    pub const fn name(self) -> &'static str {
        match self {
            Rewrite::OpenHeader => "open-header",
            Rewrite::FoldConstant => "fold-constant",
            Rewrite::FoldCondition => "fold-condition",
            Rewrite::FuseTest => "fuse-test",
            Rewrite::InvertTest => "invert-test",
            Rewrite::Immediate => "immediate",
            Rewrite::ShiftImmediate => "shift-immediate",
            Rewrite::ConstantAddress => "constant-address",
            Rewrite::Destination => "destination",
            Rewrite::Inherit => "inherit",
            Rewrite::ThreeOperandShift => "three-operand-shift",
            Rewrite::AddressArithmetic => "address-arithmetic",
            Rewrite::SinkAtHeader => "sink-at-header",
            Rewrite::MemoryOperand => "memory-operand",
            Rewrite::FuseSum => "fuse-sum",
            Rewrite::Reciprocal => "reciprocal",
            Rewrite::AlignLoop => "align-loop",
            Rewrite::ShortJump => "short-jump",
            Rewrite::ConstantPool => "constant-pool",
            Rewrite::Update => "update",
            Rewrite::ReuseFlags => "reuse-flags",
            Rewrite::NullByFault => "null-by-fault",
            Rewrite::ContextInPrologue => "context-in-prologue",
            Rewrite::DirectEntry => "direct-entry",
            Rewrite::KnownSign => "known-sign",
            Rewrite::RotateLanes => "rotate-lanes",
            Rewrite::NarrowAddress => "narrow-address",
            Rewrite::DeadStore => "dead-store",
            Rewrite::DirectMoves => "direct-moves",
            Rewrite::MaskByCopy => "mask-by-copy",
            Rewrite::MultiplyBySum => "multiply-by-sum",
            Rewrite::ZeroBefore => "zero-before",
            Rewrite::CompareCases => "compare-cases",
            Rewrite::CarryOverCall => "carry-over-call",
        }
    }
}

/// The kinds of rewrites that are switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Switches(u64);

impl Switches {
    /// Everything on.
    pub const ALL: Switches = Switches(u64::MAX);
    /// Everything off.
    pub const NONE: Switches = Switches(0);

    /// Whether a kind is on.
    pub const fn has(self, rewrite: Rewrite) -> bool {
        self.0 >> rewrite as u32 & 1 != 0
    }

    /// The same with one kind off.
    #[must_use]
    pub const fn without(self, rewrite: Rewrite) -> Switches {
        Switches(self.0 & !(1 << rewrite as u32))
    }

    /// The same with one kind on.
    #[must_use]
    pub const fn with(self, rewrite: Rewrite) -> Switches {
        Switches(self.0 | 1 << rewrite as u32)
    }
}

impl Default for Switches {
    fn default() -> Self {
        Switches::ALL
    }
}

/// A rewrite that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RewriteSite {
    /// Its kind.
    pub rewrite: Rewrite,
    /// The Wasm offset of the operator at work.
    pub wasm_offset: u32,
}

/// Decides which rewrites happen, and counts them.
#[derive(Debug)]
pub(super) struct Rewrites {
    switches: Switches,
    /// How many have happened.
    count: u64,
    /// How many may happen.
    limit: u64,
    /// Each, if that was asked for.
    sites: Option<Vec<RewriteSite>>,
}

impl Rewrites {
    pub(super) fn new(switches: Switches) -> Rewrites {
        Rewrites { switches, count: 0, limit: u64::MAX, sites: None }
    }

    /// Lets the first so many happen. Those after are not done, as if they were switched off.
    pub(super) fn limit(&mut self, limit: u64) {
        self.limit = limit;
    }

    pub(super) fn record(&mut self) {
        self.sites = Some(Vec::new());
    }

    /// How many have happened, and where if that was recorded.
    pub(super) fn finish(self) -> (u64, Vec<RewriteSite>) {
        (self.count, self.sites.unwrap_or_default())
    }

    #[cfg(feature = "parallel")]
    /// Which kinds are on.
    pub(super) fn switches(&self) -> Switches {
        self.switches
    }

    #[cfg(feature = "parallel")]
    /// Whether the first so many decide about those that come later.
    pub(super) fn is_limited(&self) -> bool {
        self.limit != u64::MAX
    }

    #[cfg(feature = "parallel")]
    /// How many have happened.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    #[cfg(feature = "parallel")]
    /// So many have happened elsewhere in the module.
    pub(super) fn add(&mut self, count: u64) {
        self.count += count;
    }

    /// Whether a rewrite that is possible here is to happen: it is then counted as done.
    #[inline]
    pub(super) fn allow(&mut self, rewrite: Rewrite, wasm_offset: u32) -> bool {
        if !self.switches.has(rewrite) || self.count >= self.limit {
            return false;
        }
        self.count += 1;
        if self.sites.is_some() {
            self.add_site(RewriteSite { rewrite, wasm_offset });
        }
        true
    }

    #[cold]
    fn add_site(&mut self, site: RewriteSite) {
        self.sites.iter_mut().for_each(|sites| sites.push(site));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_switches_and_numbers_are_limited() {
        for (index, rewrite) in Rewrite::ALL.into_iter().enumerate() {
            assert_eq!(index, rewrite as usize);
            assert!(!Switches::ALL.without(rewrite).has(rewrite) && Switches::NONE.with(rewrite).has(rewrite));
        }
        let mut rewrites = Rewrites::new(Switches::ALL.without(Rewrite::Inherit));
        rewrites.limit(2);
        rewrites.record();
        let asked = [Rewrite::Immediate, Rewrite::Inherit, Rewrite::Immediate, Rewrite::Destination];
        let allowed: Vec<bool> = asked.into_iter().map(|rewrite| rewrites.allow(rewrite, 7)).collect();
        assert_eq!(allowed, [true, false, true, false]);
        let (count, sites) = rewrites.finish();
        assert_eq!((count, sites.len()), (2, 2));
    }
}
