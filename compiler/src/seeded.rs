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
#[cfg(feature = "seeded-bugs")]
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
    /// Operators on vectors.
    Vectors,
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
            #[cfg(feature = "seeded-bugs")]
            /// None of them.
            None,
            $(#[doc = $what] $bug,)*
        }

        #[cfg(feature = "seeded-bugs")]
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
    LoadOffsetTruncated FrontEnd "a load's offset is cut to 16 bits" "classic: narrow immediate",
    StoreOffsetEven FrontEnd "a store's odd offset loses its lowest bit" "classic: alignment taken for a fact",
    BrTableDefaultFirst FrontEnd "the default target of br_table is its first one" "ancestor: br_table default",
    Extend8For16 FrontEnd "i32.extend16_s extends 8 bits" "classic: wrong row of a table",
    RemainderSigned FrontEnd "i64.rem_u is signed" "classic: wrong row of a table",
    GreaterSigned FrontEnd "i64.gt_u is signed" "classic: signedness of a condition",
    Load32Signed FrontEnd "i64.load32_u extends the sign" "Cranelift: uload32 lowered as sload32",
    Store32Narrow FrontEnd "i64.store32 stores 16 bits" "classic: width of an access",
    NegativeZeroConstant FrontEnd "the constant -0.0 of f32 is read as 0.0" "classic: zero compared as a number",
    DeadBlockNotCounted FrontEnd "the second block opened in unreachable code is not counted" "Winch #10751: unreachable code after br_table",
    WrittenLocalIsClean State "a local that was just written counts as stored at home" "classic: dirty bit",
    EvictFirstOwnerOnly State "eviction stores only the newest of the copies that share a register" "ancestor: stale copies",
    RelocateFirstOwnerOnly State "when a register moves, only the newest of its copies follows" "ancestor: stale copies",
    TakeKeepsOwners State "a fixed register that holds two copies is taken without moving them" "classic: fixed registers",
    SharedFloatOverwritten State "a float register with one other copy may be overwritten" "Winch #8632: a live value is clobbered",
    SharedLocalOverwritten State "a register with one other copy may be overwritten once the frame has ten values" "Winch #8632: a live value is clobbered",
    ConstantSignExtended State "a pushed i32 constant is kept sign-extended" "classic: upper half of a register",
    FirmConstantNotStored State "under pressure a constant that must be at home is not stored" "Winch #9554: a spill is missing",
    FirmCopyNotMoved State "a float copy that gets a register of its own is not copied" "classic: missing move",
    FirmCopyNotStored State "under pressure a copy that must be at home is not stored" "Winch #9554: a spill is missing",
    UntouchedLocalNotZeroed State "a declared local first used after a branch is not zeroed on the other paths" "classic: uninitialised local",
    LoopLocalStaysZero State "a declared local read in a loop before it is written is taken for zero" "ancestor: locals in loops",
    SeventeenthCopyForgotten State "the copy that is one too many is not made firm" "classic: a bounded table overflows",
    PutReadsDestination State "local.set of a value at home reads the old local instead" "classic: wrong slot",
    PopKeepsWatermark State "values pushed again after a pop count as firm" "classic: cache not invalidated",
    TeeOfPendingLost State "local.tee of pending arithmetic gives the local the left operand" "classic: destination-driven code",
    MergeTakesCleanForGranted Merges "a join does not store a changed value that others have at home" "Winch: value not in its slot at a join",
    MergeForgetsStore Merges "a value that the join has at home is not stored if others move, too" "Winch #7494: spills at joins",
    LastParameterNotHomed Merges "the last of many block parameters is not stored" "wasmer singlepass #4053: multi-value",
    SnapshotLosesZero Merges "a zero is forgotten at the label of a conditional branch" "wasmjit-omr #151: a block result is always 0",
    ConstantSurvivesJoin Merges "a constant of the path above is believed at a label that others reach" "classic: constant propagation over a join",
    MetConstantLost Merges "what was a constant is not brought where the only arm of an if leaves it, too" "classic: missing move",
    ShapeKeepsConstants Merges "a label keeps the constants of a closed label whose record it uses again" "classic: stale cache",
    ParametersOverwritten Merges "a label's parameters overwrite those of the label around it" "classic: wrong index",
    ParameterIsClean Merges "a block parameter in a register counts as stored" "classic: dirty bit",
    RingNotParked Merges "values that change places are moved without a third place" "classic: parallel moves",
    TwoMovesInOrder Merges "two moves are made one after the other, whatever they read" "classic: parallel moves",
    ThreeMovesInOrder Merges "three moves are made one after the other, whatever they read" "classic: parallel moves",
    BranchMovesOnBothPaths Merges "the moves of a conditional branch happen on the other path, too" "wasmjit-omr #151: results of if",
    SameTargetTwice Merges "a target that br_table has twice is reached by the jump of the one before it" "ancestor: br_table stacks",
    HeaderReadForgotten Loops "a local that a loop reads and then writes counts as dead at its header" "TurboFan: loop liveness",
    HoistIntoUsedRegister Loops "a value is hoisted into a register that the loop's first stretch has used" "classic: register live range",
    SingleHoistNotLoaded Loops "a loop's entry does not load the value that is hoisted alone" "classic: missing reload",
    BackEdgeReloads Loops "the back-edge goes to the entry of the loop, which loads what was hoisted again" "classic: back-edge to the preheader",
    CallKeepsHeaderOpen Loops "a call does not close a loop's open header" "classic: clobbered by a call",
    BackEdgeForgetsStore Loops "a back-edge does not store a value that the header expects at home, too" "Winch: spills at loop headers",
    DeadAfterRead Loops "what is dead at a header is not brought back although the loop is left there" "classic: liveness at an exit",
    FloatsNotSaved Calls "floats are not saved over calls" "classic: caller-saved registers",
    NewestNotSaved Calls "the newest value below the arguments is not saved over a call" "classic: off by one",
    ThirdRegisterNotPreserved Calls "the third callee-saved register that a function uses is not preserved" "wasmer singlepass: callee-saved registers",
    StackArgumentsSwapped Calls "the first two arguments on the stack change places" "wasmer singlepass #6239: permuted arguments",
    ThirdResultRepeated Calls "of the results in memory, the first is read for all" "wasmer singlepass #3940: multi-value returns",
    SignatureNotChecked Calls "call_indirect does not compare signatures" "classic: missing check",
    NullNotChecked Calls "call_indirect does not look for null" "classic: missing check",
    CalleeContextNotLoaded Calls "call_indirect enters a host function with the caller's context" "ancestor: context of imported functions",
    ReturnPopsTooLittle Calls "a function with more than two arguments on the stack leaves two words there" "Winch #7494: pushed and popped sizes differ",
    ConstantArgumentCut Calls "a constant argument of more than 32 bits is cut" "classic: narrow immediate",
    IndirectClobbersRax Calls "call_indirect overwrites what rax holds" "classic: fixed registers",
    SavedRegisterReused Calls "in a loop, a value that should move to a callee-saved register over a call stays where it is" "classic: stale location",
    MemoryResultsLost Calls "the last of more than five results is the first one" "wasmer singlepass #3940: multi-value returns",
    ConstantAddressWraps Memory "a constant address and its offset are added modulo 2^32" "ancestor: effective addresses wrap",
    LargeOffsetWraps Memory "an address and an offset beyond 2 GiB are added modulo 2^32" "ancestor: effective addresses wrap",
    ByteOffsetSigned Memory "an offset from 128 to 255 is taken for a negative one" "classic: disp8",
    Load8SignedHalf Memory "i64.load8_s leaves the upper half zero" "classic: width of an extension",
    Load16Signed Memory "i32.load16_u extends the sign if its address is a constant" "classic: signedness of a load",
    StoreConstantNarrow Memory "a constant is stored by i32.store16 as a byte" "classic: width of an immediate store",
    StoreConstantHalf Memory "a constant is stored by i64.store as four bytes" "classic: width of an immediate store",
    WrapKeepsUpperHalf Memory "i32.wrap_i64 leaves the upper half, which an address then has" "Cranelift CVE-2023-26489: 64-bit address from a 32-bit value",
    GrowReturnsNewSize Memory "memory.grow returns the new size" "classic: before or after",
    GrowIgnoresMaximum Memory "memory.grow goes beyond the memory's maximum" "classic: missing check",
    FillWritesPart Memory "memory.fill beyond the end writes what fits before it traps" "Wasm 1.0 bulk-memory drafts: partial writes",
    CopyForwards Memory "memory.copy of overlapping ranges repeats their beginning" "classic: memcpy for memmove",
    DroppedDataStays Memory "data.drop is ignored by memory.init" "classic: missing state",
    BulkBoundsByOne Memory "a bulk operation may go one byte beyond the end" "classic: off by one",
    EmptyRangeAnywhere Memory "a bulk operation of no bytes never traps" "Wasm 1.0 bulk-memory drafts: empty ranges",
    DivisionTrapKind Traps "a 64-bit division by zero is reported as an overflow" "classic: wrong trap code",
    NanTrapKind Traps "NaN converted to an integer is reported as an overflow" "classic: wrong trap code",
    TrapPlaceStale Traps "a trap after pending arithmetic is reported at the operator before" "Wasmtime: trap offsets",
    QuotientTrapKind Traps "the overflow of a quotient is reported as a division by zero" "classic: wrong trap code",
    CallPlaceNext Traps "a caller's frame is reported one byte behind its call" "classic: return address for call address",
    TableTrapKind Traps "an index beyond a table is reported as an access outside memory" "classic: wrong trap code",
    UnreachableFallsThrough Traps "unreachable returns from a function without results" "classic: missing trap",
    ShiftClobbersRcx Integers "a rotation by a variable overwrites what rcx holds" "classic: fixed registers",
    ShiftCountCut Integers "a constant count of a 64-bit shift is taken modulo 32" "classic: count mask",
    RotateOtherWay Integers "a 64-bit rotation to the right by a constant goes left" "classic: direction",
    SubtractSmallest Integers "-2^31 subtracted from an i64 is added" "Cranelift: negated immediates",
    ImmediateUnsigned Integers "an i64 constant from 2^31 to 2^32 is taken for a sign-extended immediate" "Cranelift: imm32 sign extension",
    MultiplyByteImmediate Integers "a factor from 128 to 255 is taken for a negative byte" "classic: imm8",
    SubtractCommutes Integers "operands of a subtraction change places if the second dies" "classic: commutativity",
    LeaUpperHalf Integers "a 32-bit sum in a third register keeps its carry in the upper half" "Cranelift: upper bits of a 32-bit result",
    LeadingZerosOfZero Integers "without lzcnt, the leading zeros of an i64 zero are 63" "Winch: clz fallback",
    PopcountMask Integers "without popcnt, some sums of set bits overflow into their neighbours" "Winch: popcnt fallback",
    ConditionMirrored Integers "a constant on the left of le_s is compared as lt" "classic: mirrored condition",
    ZeroTestNarrow Integers "i64.eqz of a pending test looks at 32 bits" "V8: i64 eqz on 32-bit halves",
    RemainderOfSmallest Integers "the remainder of the smallest i64 by -1 faults" "classic: MIN % -1",
    SelectSwapped Integers "select gives the other value if only the second dies" "Wasmtime #4322: select",
    DivisorInRdx Integers "a divisor in rdx is overwritten by the dividend" "classic: fixed registers",
    MinimumOfZeros Floats "min of zeros of both signs is positive" "WasmEdge #2816: float min",
    MaximumOfNan Floats "max of NaN and a number is the number" "WasmEdge #2988: float max",
    EqualIfUnordered Floats "NaN equals itself where the result is kept as a value" "Winch #8632: float comparisons",
    BranchIfUnordered Floats "a branch on ne is not taken for NaN" "classic: parity flag",
    SelectIfUnordered Floats "select by eq takes the first value for NaN" "classic: parity flag",
    ConvertNotSticky Floats "a large u64 converted to a float is rounded twice" "classic: double rounding",
    ConvertU32Signed Floats "f64.convert_i32_u is signed" "classic: signedness of a conversion",
    TruncateBorder Floats "2^63 converted to u64 takes the path of smaller numbers" "classic: a border by one",
    SaturateNan Floats "a saturating conversion of NaN gives the largest number" "classic: NaN",
    CopysignSwapped Floats "f64.copysign takes the sign of the first operand" "classic: operand order",
    TruncateAsFloor Floats "f64.trunc rounds down" "classic: rounding mode",
    FloatSubtractSwapped Floats "operands of an f64 subtraction change places if the result is kept in the second" "classic: two operands for three",
    AvxOnly Floats "where two float operands share a register, the first is overwritten before the second is read" "Winch: two-operand floats",
    LastElementForgotten Linking "the last function of an element segment is not written to the table" "ancestor: tables",
    DataSegmentsBackwards Linking "of data segments that overlap, the first wins" "classic: order",
    GlobalOfImportZero Linking "a global whose initial value is an imported global is zero" "ancestor: imported globals",
    StartNotRun Linking "the start function is not run" "classic: missing step",
    DroppedElementsStay Runtime "elem.drop is ignored by table.init" "classic: missing state",
    TableGrowsNull Runtime "table.grow fills with null" "classic: operand ignored",
    TableFillShort Runtime "table.fill leaves its last element" "classic: off by one",
    TableCopyBackwards Runtime "table.copy of overlapping ranges repeats their beginning" "classic: memcpy for memmove",
    HostResultCut Runtime "an i64 that a host function returns is cut to 32 bits" "ancestor: host calls",
    HostArgumentsOnStack Runtime "a host function's second argument on the stack is its first" "ancestor: host calls",
    TableMaximumIgnored Runtime "table.grow goes beyond the table's maximum" "classic: missing check",
    ReciprocalTooShort Integers "an unsigned division by a constant loses the reciprocal's highest bit" "classic: magic numbers",
    ReciprocalRoundsDown Integers "a signed division by a constant rounds down" "classic: magic numbers",
    FusedLoadTooWide Memory "an i64 operand in memory that is loaded as 32 bits is read as 64" "Cranelift #2852: load sinking of a narrow load",
    SumForgetsOffset Integers "three terms added by one instruction lose their constant" "classic: address arithmetic",
    FusedTrapPlace Traps "a load that is an operand traps at the place of its consumer" "classic: trap places of fused instructions",
    SunkValueNotStored Loops "a loop's entry does not store the value whose register the loop needs" "classic: missing spill",
    ShortJumpReach Merges "a jump over more than 127 bytes is taken for a short one" "classic: a border by one",
    MovedTrapStays Traps "a trap in a loop's first stretch is not recorded where the loop has moved to" "classic: trap places of moved code",
    LastConstantForAll Floats "of the float constants of a module, the last is the one before it" "classic: a wrong label of a constant pool",
    UpdateElsewhere Memory "a value that was loaded with another offset is updated in place" "classic: read-modify-write of two addresses",
    FlagsOfAnother Integers "the flags of the last arithmetic stand for any value that is compared with zero" "classic: stale flags",
    VectorStoredHalf Vectors "a vector is saved to its slot as 64 bits" "Winch: width of a spill",
    VectorLocalHalfZero Vectors "of a vector that is a zeroed local, the upper half is not zeroed" "classic: width of an initialisation",
    VectorConstantHalf Vectors "the upper half of a vector constant is zero" "classic: width of a constant",
    VectorArgumentHalf Vectors "a vector passed on the stack loses its upper half" "classic: width of an argument",
    LaneShiftNotMasked Vectors "the variable count of a lane shift is not taken modulo the lane's bits" "V8: shift counts of i8x16",
    ByteShiftKeepsNeighbours Vectors "u8x16.shr by a constant brings in bits of the neighbour" "V8: byte shifts as word shifts",
    QuadwordShiftLogical Vectors "i64x2.shr by a constant does not extend the sign" "Cranelift: no arithmetic shift of quadwords",
    LaneOrderSigned Vectors "u32x4.ge is signed" "Cranelift: signedness of lane comparisons",
    AndNotExchanged Vectors "v128.andnot complements its first operand" "Cranelift: operands of pandn",
    SwizzleWraps Vectors "i8x16.swizzle takes indices from 16 to 127 modulo 16" "V8: swizzle",
    ShuffleHalvesExchanged Vectors "a shuffle of neighbouring bytes takes its operands the wrong way round" "Wasmtime: shuffle lowerings",
    LaneBeside Vectors "i8x16.replace_lane of an upper lane replaces the one before" "classic: off by one",
    ExtractedByteUnsigned Vectors "i8x16.extract_lane_s does not extend the sign" "Winch: extract_lane",
    LaneMinimumOfZeros Vectors "f32x4.min of zeros of both signs is positive" "V8: float lane minimum",
    LaneOfNanConverted Vectors "a lane that is NaN is converted to the smallest integer" "Cranelift #3327: trunc_sat lanes",
    LaneConvertedSigned Vectors "f32x4.convert_i32x4_u is signed" "classic: signedness of a conversion",
    ByteCountOfOnes Vectors "i8x16.popcnt counts three for four set bits" "classic: a table's last entry",
    CrossProductForgotten Vectors "i64x2.mul forgets the upper half of its second operand" "Winch: i64x2.mul",
    ExtendedLoadUnsigned Vectors "v128.load8x8_s does not extend the sign" "classic: signedness of a load",
    AllTrueOfBytes Vectors "i16x8.all_true asks for each byte" "Cranelift: all_true lane size",
    ExtendedProductHalf Vectors "i32x4.extmul_high_i16x8_u multiplies the lower lanes" "Wasmtime: extmul lowerings",
    RoundingProductOverflows Vectors "i16x8.q15mulr_sat does not saturate" "classic: the smallest squared",
    NullFaultKind Traps "an indirect call of null is reported as one with a wrong signature" "classic: wrong trap code",
    ContextNotSaved Calls "a function that zeroes slots does not save its context for calls that change it" "ancestor: context of imported functions",
    DirectEntryMovesLost Merges "where a target of br_table needs one value moved, the table leads past the move" "classic: missing move on an edge",
    KeptFlagsNotNegated Merges "a branch on the negation of a comparison whose value is kept, too, is not negated" "classic: a condition inverted twice",
    WordsTakenForSmall Vectors "i32x4.extadd_pairwise_i16x8_u of the last operator's result is signed" "classic: signedness of an extension",
    LanesRotatedRight Vectors "two shifts that rotate lanes to the left rotate them to the right" "classic: direction of a rotation",
    AddressNotWrapped Memory "through the segment, a sum that an access computes for itself does not wrap" "Cranelift CVE-2023-26489: an address computed with 64 bits for 32",
    SegmentNotRestored Calls "through the segment, memory 0 stays the callee's after a call of another instance" "classic: a register that a call changes",
    DeadStoreBeside State "a store to the frame is left out if nothing loads the word after its own" "classic: liveness of another variable",
    LooseNotSentHome Merges "a copy that a join has at home is not stored where it goes there directly" "classic: missing move on an edge",
    MaskExtendsSign Integers "the lowest 8 or 16 bits of a number that is needed whole, too, are sign-extended" "classic: signedness of an extension",
    FiveTimesIsNine Integers "a number times five is that times nine" "classic: scale of an address",
    SignTakenForClear Floats "a u64 that was shifted by a constant as a signed number is converted as one" "classic: signedness of a conversion",
    ZeroedAddress Integers "the register made zero for a comparison with memory may be the one that the address is in" "classic: a register freed too early",
    CarriedNotCopied Loops "what is carried over the first call of a loop is not brought to its register before the loop" "classic: missing move on an edge",
    CarriedToUsed Loops "what is carried over the first call of a loop gets a register that the loop has written before" "classic: a register used twice",
    CaseComparedSigned Merges "an index with the highest bit set is below the few cases of a br_table" "classic: signedness of a condition",
    ConstantByPlace Floats "a constant is taken for another that is remembered in the same place" "classic: equal hashes taken for equal keys",
    FirstBranchMovesNothing Merges "the first branch to a label, which decides where its parameters are, does not bring them there" "classic: missing move on an edge",
    CallerIsImporter Calls "a host function that came through a table takes the instance that imported it for its caller" "this compiler once: whose memory a host function looks at",
    CalleeBaseNotLoaded Calls "a function of another instance finds its caller's memory 0" "classic: a register that a call changes",
    BaseNotRestored Calls "after a call of another instance, memory 0 is still that one's" "classic: a register that a call changes",
}
