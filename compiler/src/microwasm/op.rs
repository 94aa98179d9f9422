//! The operator table: one row an operator, the single source of its name and typing.

use super::types::{Const, FuncType, Type};
use super::vector::{Lane, LoadLane, StoreLane, Vector};

/// Names an open label: its place in the stack of labels (rule M6 of [`super`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label(pub u32);

/// Where a branch goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// To a label.
    Label(Label),
    /// Out of the function; the values on top are its results.
    Return,
}

/// How many branches a label has, as far as its definition knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Callers {
    /// One branch, so the block may inherit everything that is known there; and what falls into it from above.
    One,
    /// Any number.
    Many,
}

/// The immediates of a load or a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MemArg {
    /// Added to the address, without wrapping.
    pub offset: u64,
}

/// One Microwasm operator. Stacks are written bottom to top.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Op<'a> {
    /// `[] -> [ty; count]`: pushes zeros. Only at a function's start: variables beside the parameters.
    Locals {
        /// How many.
        count: u32,
        /// Of which type.
        ty: Type,
    },
    /// Declares a label: its stack is the bottom `keep` entries of now, plus `params`.
    Def {
        /// The label.
        label: Label,
        /// How many entries from the bottom belong to its stack.
        keep: u32,
        /// What a branch passes above them.
        params: &'a [Type],
        /// How many branches it has.
        callers: Callers,
        /// Whether it is bound before its branches (a loop's header).
        backward: bool,
    },
    /// Binds a label: code at the label starts here.
    Label(Label),
    /// Goes to the target with the top entries as its parameters; the rest is discarded.
    Br(Target),
    /// `[.. i32] -> [..]`: pops a condition; to `then` when it is not zero, else to `otherwise`.
    BrIf {
        /// Taken when the condition is not zero.
        then: Target,
        /// Taken when it is zero.
        otherwise: Target,
    },
    /// `[.. i32] -> [..]`: pops an index; to `targets[index]`, or to `default` when beyond the end.
    BrTable {
        /// The targets by index.
        targets: &'a [Target],
        /// The target for every other index.
        default: Target,
    },
    /// Traps.
    Unreachable,
    /// Pushes a copy of the entry at this position.
    Pick(u32),
    /// Pops the top and overwrites the entry at this position, which is below it, with it.
    Put(u32),
    /// Copies the top over the entry at this position, which is below it; the top stays.
    Tee(u32),
    /// Removes this many entries from the top.
    Drop(u32),
    /// Pushes a constant.
    Const(Const),
    /// `[t t i32] -> [t]`: the first when the condition is not zero, else the second.
    Select,
    /// One value to one value: arithmetic, tests, conversions.
    Unary(Unary),
    /// Two values to one value of the same type.
    Binary(Binary),
    /// Two values to an `i32` that is 0 or 1.
    Compare(Compare),
    /// `[i32] -> [t]`: loads from memory 0.
    Load(Load, MemArg),
    /// `[i32 t] -> []`: stores to memory 0.
    Store(Store, MemArg),
    /// An operator on vectors without immediates.
    Vector(Vector),
    /// Reads or replaces this lane of a vector.
    Lane(Lane, u8),
    /// `[v128 v128] -> [v128]`: each byte of the result is the byte with this number, 0 to 15 of the
    /// first and 16 to 31 of the second.
    Shuffle([u8; 16]),
    /// `[i32 v128] -> [v128]`: loads this lane from memory 0.
    LoadLane(LoadLane, MemArg, u8),
    /// `[i32 v128] -> []`: stores this lane to memory 0.
    StoreLane(StoreLane, MemArg, u8),
    /// Pushes a global's value.
    GlobalGet {
        /// The global.
        index: u32,
        /// The type of its value.
        ty: Type,
    },
    /// Pops a global's new value.
    GlobalSet(u32),
    /// `[] -> [i32]`: memory 0's size in pages.
    MemorySize,
    /// `[i32] -> [i32]`: grows memory 0 by pages; the old size, or -1.
    MemoryGrow,
    /// `[i32 i32 i32] -> []`: destination, value, length.
    MemoryFill,
    /// `[i32 i32 i32] -> []`: destination, source, length.
    MemoryCopy,
    /// `[i32 i32 i32] -> []`: destination, offset in the data segment, length.
    MemoryInit(u32),
    /// Drops a data segment.
    DataDrop(u32),
    /// `[i32] -> [t]`: an element of a table.
    TableGet {
        /// The table.
        table: u32,
        /// The type of its elements.
        ty: Type,
    },
    /// `[i32 t] -> []`: sets an element of a table.
    TableSet(u32),
    /// `[] -> [i32]`: a table's size in elements.
    TableSize(u32),
    /// `[t i32] -> [i32]`: initial value, delta; the old size, or -1.
    TableGrow(u32),
    /// `[i32 t i32] -> []`: start, value, length.
    TableFill(u32),
    /// `[i32 i32 i32] -> []`: destination, source, length.
    TableCopy {
        /// The table written.
        dst: u32,
        /// The table read.
        src: u32,
    },
    /// `[i32 i32 i32] -> []`: destination, offset in the element segment, length.
    TableInit {
        /// The element segment.
        segment: u32,
        /// The table.
        table: u32,
    },
    /// Drops an element segment.
    ElemDrop(u32),
    /// Pushes a reference to a function.
    RefFunc(u32),
    /// `[args..] -> [results..]`: calls a function of the module.
    Call {
        /// Its index, imported ones included.
        func: u32,
        /// Its type.
        ty: &'a FuncType,
    },
    /// `[args.. i32] -> [results..]`: calls through a table; the index is on top.
    CallIndirect {
        /// The expected type's index in the module.
        type_index: u32,
        /// The expected type.
        ty: &'a FuncType,
        /// The table.
        table: u32,
    },
}

/// Defines a family of operators: for each, its variant, its name, its operands and its result.
macro_rules! family {
    ($(#[$doc:meta])* $family:ident { $($variant:ident $name:literal [$($operand:ident)*] -> $result:ident,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        #[allow(missing_docs, reason = "each variant's name, operands and result are its row")]
        pub enum $family { $($variant,)* }

        impl $family {
            /// Every operator of the family, in the order of the table.
            pub const ALL: &'static [$family] = &[$($family::$variant,)*];

            /// The operator's name in Microwasm's text.
            pub const fn name(self) -> &'static str {
                match self { $($family::$variant => $name,)* }
            }

            /// The types of its operands, bottom to top.
            pub const fn operands(self) -> &'static [Type] {
                match self { $($family::$variant => &[$(Type::$operand),*],)* }
            }

            /// The type of its result. A store has none: the type of what it stores.
            pub const fn result(self) -> Type {
                match self { $($family::$variant => Type::$result,)* }
            }
        }
    };
}

pub(super) use family;

family! {
    /// Operators from one value to one value.
    Unary {
        I32Eqz "i32.eqz" [I32] -> I32,
        I32Clz "i32.clz" [I32] -> I32,
        I32Ctz "i32.ctz" [I32] -> I32,
        I32Popcnt "i32.popcnt" [I32] -> I32,
        I32Extend8S "i32.extend8" [I32] -> I32,
        I32Extend16S "i32.extend16" [I32] -> I32,
        I64Eqz "i64.eqz" [I64] -> I32,
        I64Clz "i64.clz" [I64] -> I64,
        I64Ctz "i64.ctz" [I64] -> I64,
        I64Popcnt "i64.popcnt" [I64] -> I64,
        I64Extend8S "i64.extend8" [I64] -> I64,
        I64Extend16S "i64.extend16" [I64] -> I64,
        I64Extend32S "i64.extend32" [I64] -> I64,
        F32Abs "f32.abs" [F32] -> F32,
        F32Neg "f32.neg" [F32] -> F32,
        F32Ceil "f32.ceil" [F32] -> F32,
        F32Floor "f32.floor" [F32] -> F32,
        F32Trunc "f32.trunc" [F32] -> F32,
        F32Nearest "f32.nearest" [F32] -> F32,
        F32Sqrt "f32.sqrt" [F32] -> F32,
        F64Abs "f64.abs" [F64] -> F64,
        F64Neg "f64.neg" [F64] -> F64,
        F64Ceil "f64.ceil" [F64] -> F64,
        F64Floor "f64.floor" [F64] -> F64,
        F64Trunc "f64.trunc" [F64] -> F64,
        F64Nearest "f64.nearest" [F64] -> F64,
        F64Sqrt "f64.sqrt" [F64] -> F64,
        I32WrapI64 "i32.wrap_from.i64" [I64] -> I32,
        I64ExtendI32S "i64.extend_from.i32" [I32] -> I64,
        I64ExtendI32U "i64.extend_from.u32" [I32] -> I64,
        I32TruncF32S "i32.truncate_from.f32" [F32] -> I32,
        I32TruncSatF32S "i32.truncate_sat_from.f32" [F32] -> I32,
        I32TruncF32U "u32.truncate_from.f32" [F32] -> I32,
        I32TruncSatF32U "u32.truncate_sat_from.f32" [F32] -> I32,
        I32TruncF64S "i32.truncate_from.f64" [F64] -> I32,
        I32TruncSatF64S "i32.truncate_sat_from.f64" [F64] -> I32,
        I32TruncF64U "u32.truncate_from.f64" [F64] -> I32,
        I32TruncSatF64U "u32.truncate_sat_from.f64" [F64] -> I32,
        I64TruncF32S "i64.truncate_from.f32" [F32] -> I64,
        I64TruncSatF32S "i64.truncate_sat_from.f32" [F32] -> I64,
        I64TruncF32U "u64.truncate_from.f32" [F32] -> I64,
        I64TruncSatF32U "u64.truncate_sat_from.f32" [F32] -> I64,
        I64TruncF64S "i64.truncate_from.f64" [F64] -> I64,
        I64TruncSatF64S "i64.truncate_sat_from.f64" [F64] -> I64,
        I64TruncF64U "u64.truncate_from.f64" [F64] -> I64,
        I64TruncSatF64U "u64.truncate_sat_from.f64" [F64] -> I64,
        F32ConvertI32S "f32.convert_from.i32" [I32] -> F32,
        F32ConvertI32U "f32.convert_from.u32" [I32] -> F32,
        F32ConvertI64S "f32.convert_from.i64" [I64] -> F32,
        F32ConvertI64U "f32.convert_from.u64" [I64] -> F32,
        F64ConvertI32S "f64.convert_from.i32" [I32] -> F64,
        F64ConvertI32U "f64.convert_from.u32" [I32] -> F64,
        F64ConvertI64S "f64.convert_from.i64" [I64] -> F64,
        F64ConvertI64U "f64.convert_from.u64" [I64] -> F64,
        F32DemoteF64 "f32.demote_from.f64" [F64] -> F32,
        F64PromoteF32 "f64.promote_from.f32" [F32] -> F64,
        I32ReinterpretF32 "i32.reinterpret_from.f32" [F32] -> I32,
        I64ReinterpretF64 "i64.reinterpret_from.f64" [F64] -> I64,
        F32ReinterpretI32 "f32.reinterpret_from.i32" [I32] -> F32,
        F64ReinterpretI64 "f64.reinterpret_from.i64" [I64] -> F64,
        FuncRefIsNull "funcref.is_null" [FuncRef] -> I32,
        ExternRefIsNull "externref.is_null" [ExternRef] -> I32,
    }
}

family! {
    /// Operators from two values to one of the same type.
    Binary {
        I32Add "i32.add" [I32 I32] -> I32,
        I32Sub "i32.sub" [I32 I32] -> I32,
        I32Mul "i32.mul" [I32 I32] -> I32,
        I32DivS "i32.div" [I32 I32] -> I32,
        I32DivU "u32.div" [I32 I32] -> I32,
        I32RemS "i32.rem" [I32 I32] -> I32,
        I32RemU "u32.rem" [I32 I32] -> I32,
        I32And "i32.and" [I32 I32] -> I32,
        I32Or "i32.or" [I32 I32] -> I32,
        I32Xor "i32.xor" [I32 I32] -> I32,
        I32Shl "i32.shl" [I32 I32] -> I32,
        I32ShrS "i32.shr" [I32 I32] -> I32,
        I32ShrU "u32.shr" [I32 I32] -> I32,
        I32Rotl "i32.rotl" [I32 I32] -> I32,
        I32Rotr "i32.rotr" [I32 I32] -> I32,
        I64Add "i64.add" [I64 I64] -> I64,
        I64Sub "i64.sub" [I64 I64] -> I64,
        I64Mul "i64.mul" [I64 I64] -> I64,
        I64DivS "i64.div" [I64 I64] -> I64,
        I64DivU "u64.div" [I64 I64] -> I64,
        I64RemS "i64.rem" [I64 I64] -> I64,
        I64RemU "u64.rem" [I64 I64] -> I64,
        I64And "i64.and" [I64 I64] -> I64,
        I64Or "i64.or" [I64 I64] -> I64,
        I64Xor "i64.xor" [I64 I64] -> I64,
        I64Shl "i64.shl" [I64 I64] -> I64,
        I64ShrS "i64.shr" [I64 I64] -> I64,
        I64ShrU "u64.shr" [I64 I64] -> I64,
        I64Rotl "i64.rotl" [I64 I64] -> I64,
        I64Rotr "i64.rotr" [I64 I64] -> I64,
        F32Add "f32.add" [F32 F32] -> F32,
        F32Sub "f32.sub" [F32 F32] -> F32,
        F32Mul "f32.mul" [F32 F32] -> F32,
        F32Div "f32.div" [F32 F32] -> F32,
        F32Min "f32.min" [F32 F32] -> F32,
        F32Max "f32.max" [F32 F32] -> F32,
        F32Copysign "f32.copysign" [F32 F32] -> F32,
        F64Add "f64.add" [F64 F64] -> F64,
        F64Sub "f64.sub" [F64 F64] -> F64,
        F64Mul "f64.mul" [F64 F64] -> F64,
        F64Div "f64.div" [F64 F64] -> F64,
        F64Min "f64.min" [F64 F64] -> F64,
        F64Max "f64.max" [F64 F64] -> F64,
        F64Copysign "f64.copysign" [F64 F64] -> F64,
    }
}

family! {
    /// Comparisons: two values to 0 or 1.
    Compare {
        I32Eq "i32.eq" [I32 I32] -> I32,
        I32Ne "i32.ne" [I32 I32] -> I32,
        I32LtS "i32.lt" [I32 I32] -> I32,
        I32LtU "u32.lt" [I32 I32] -> I32,
        I32GtS "i32.gt" [I32 I32] -> I32,
        I32GtU "u32.gt" [I32 I32] -> I32,
        I32LeS "i32.le" [I32 I32] -> I32,
        I32LeU "u32.le" [I32 I32] -> I32,
        I32GeS "i32.ge" [I32 I32] -> I32,
        I32GeU "u32.ge" [I32 I32] -> I32,
        I64Eq "i64.eq" [I64 I64] -> I32,
        I64Ne "i64.ne" [I64 I64] -> I32,
        I64LtS "i64.lt" [I64 I64] -> I32,
        I64LtU "u64.lt" [I64 I64] -> I32,
        I64GtS "i64.gt" [I64 I64] -> I32,
        I64GtU "u64.gt" [I64 I64] -> I32,
        I64LeS "i64.le" [I64 I64] -> I32,
        I64LeU "u64.le" [I64 I64] -> I32,
        I64GeS "i64.ge" [I64 I64] -> I32,
        I64GeU "u64.ge" [I64 I64] -> I32,
        F32Eq "f32.eq" [F32 F32] -> I32,
        F32Ne "f32.ne" [F32 F32] -> I32,
        F32Lt "f32.lt" [F32 F32] -> I32,
        F32Gt "f32.gt" [F32 F32] -> I32,
        F32Le "f32.le" [F32 F32] -> I32,
        F32Ge "f32.ge" [F32 F32] -> I32,
        F64Eq "f64.eq" [F64 F64] -> I32,
        F64Ne "f64.ne" [F64 F64] -> I32,
        F64Lt "f64.lt" [F64 F64] -> I32,
        F64Gt "f64.gt" [F64 F64] -> I32,
        F64Le "f64.le" [F64 F64] -> I32,
        F64Ge "f64.ge" [F64 F64] -> I32,
    }
}

family! {
    /// Loads from memory.
    Load {
        I32Load "i32.load" [I32] -> I32,
        I64Load "i64.load" [I32] -> I64,
        F32Load "f32.load" [I32] -> F32,
        F64Load "f64.load" [I32] -> F64,
        I32Load8S "i32.load8" [I32] -> I32,
        I32Load8U "u32.load8" [I32] -> I32,
        I32Load16S "i32.load16" [I32] -> I32,
        I32Load16U "u32.load16" [I32] -> I32,
        I64Load8S "i64.load8" [I32] -> I64,
        I64Load8U "u64.load8" [I32] -> I64,
        I64Load16S "i64.load16" [I32] -> I64,
        I64Load16U "u64.load16" [I32] -> I64,
        I64Load32S "i64.load32" [I32] -> I64,
        I64Load32U "u64.load32" [I32] -> I64,
        V128Load "v128.load" [I32] -> V128,
        V128Load8x8S "i16x8.load8x8" [I32] -> V128,
        V128Load8x8U "u16x8.load8x8" [I32] -> V128,
        V128Load16x4S "i32x4.load16x4" [I32] -> V128,
        V128Load16x4U "u32x4.load16x4" [I32] -> V128,
        V128Load32x2S "i64x2.load32x2" [I32] -> V128,
        V128Load32x2U "u64x2.load32x2" [I32] -> V128,
        V128Load8Splat "v128.load8_splat" [I32] -> V128,
        V128Load16Splat "v128.load16_splat" [I32] -> V128,
        V128Load32Splat "v128.load32_splat" [I32] -> V128,
        V128Load64Splat "v128.load64_splat" [I32] -> V128,
        V128Load32Zero "v128.load32_zero" [I32] -> V128,
        V128Load64Zero "v128.load64_zero" [I32] -> V128,
    }
}

family! {
    /// Stores to memory.
    Store {
        I32Store "i32.store" [I32 I32] -> I32,
        I64Store "i64.store" [I32 I64] -> I64,
        F32Store "f32.store" [I32 F32] -> F32,
        F64Store "f64.store" [I32 F64] -> F64,
        I32Store8 "i32.store8" [I32 I32] -> I32,
        I32Store16 "i32.store16" [I32 I32] -> I32,
        I64Store8 "i64.store8" [I32 I64] -> I64,
        I64Store16 "i64.store16" [I32 I64] -> I64,
        I64Store32 "i64.store32" [I32 I64] -> I64,
        V128Store "v128.store" [I32 V128] -> V128,
    }
}
