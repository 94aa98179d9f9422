//! The table of opcodes: which byte means what, for both directions and for the specification.

use crate::microwasm::{Binary, Compare, Lane, Load, LoadLane, Store, StoreLane, Type, Unary, Vector};
use std::fmt;
use std::sync::LazyLock;

/// An operator or an abbreviation that an opcode stands for, with immediates as its row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    /// Nothing; refused.
    Reserved,
    /// Another byte follows, from the second table.
    Extended,
    /// Another byte follows, from the table of vectors.
    Vectors,
    Form(Form),
    Unary(Unary),
    Binary(Binary),
    Compare(Compare),
    Load(Load),
    Store(Store),
    /// A load or a store whose offset is implied.
    LoadAt(Load, u8),
    StoreAt(Store, u8),
    /// Positions that are implied.
    PickAt(u8),
    PutAt(u8),
    TeeAt(u8),
    /// A constant that is implied.
    I32At(i8),
    Locals(Type),
    Null(Type),
    V128Const,
    Shuffle,
    Vector(Vector),
    Lane(Lane),
    LoadLane(LoadLane),
    StoreLane(StoreLane),
}

/// Defines the forms that are in no family: name, immediates, and what it stands for.
macro_rules! forms {
    ($($form:ident $name:literal $immediates:literal $meaning:literal,)*) => {
        /// An opcode that is in no family of operators.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(super) enum Form { $($form,)* }

        impl Form {
            const ALL: &'static [Form] = &[$(Form::$form,)*];

            /// Its name, its immediates, and what it stands for.
            const fn row(self) -> (&'static str, &'static str, &'static str) {
                match self { $(Form::$form => ($name, $immediates, $meaning),)* }
            }
        }
    };
}

forms! {
    Pick "pick" "position" "",
    Put "put" "position" "",
    Tee "tee" "position" "",
    Drop1 "drop 1" "" "",
    Select "select" "" "",
    I32Const "i32.const" "signed" "",
    I64Const "i64.const" "signed" "",
    F32Const "f32.const" "4 bytes" "",
    F64Const "f64.const" "8 bytes" "",
    GlobalGet "global.get" "global" "",
    GlobalSet "global.set" "global" "",
    Call "call" "function" "",
    CallIndirect0 "call_indirect of table 0" "type" "",
    Unreachable "unreachable" "" "",
    End "end" "" "the function ends",
    ReturnEnd "return end" "" "`br .return`, and the function ends",
    Return "return" "" "`br .return`",
    Br "br" "target" "",
    BrIf "br_if" "target" "`def .N keep=H-1 callers=1; br_if target, .N; .N:`",
    BrTable "br_table" "count, targets, target" "",
    Block "block" "list" "`def .N keep=H params=list`",
    BlockEmpty "block" "" "`def .N keep=H`",
    LoopEmpty "loop" "" "`def .N keep=H; def .M keep=H backward; br .M; .M:`",
    IfEmpty "if" "" "`def .N keep=H-1; def .M keep=H-1 callers=1; def .O keep=H-1 callers=1; br_if .O, .M; .O:`",
    If "if" "list a, list b" "as `if`, with `keep=H-1-length of b`, `params=a` for `.N` and `params=b` for `.M` and `.O`",
    Loop "loop" "list a, list b" "as `loop`, with `keep=H-length of b`, `params=a` for `.N` and `params=b` for `.M`",
    Else "else" "" "`br 1; 0:`",
    End0 "end" "" "`br 0; 0:`",
    End1 "end of a loop" "" "`br 1; 1:`",
    Ends "two ends" "" "`br 0; 0: br 0; 0:`",
    EndDead "end of an arm" "" "`0: br 0; 0:`",
    Bind0 "label" "" "`0:`",
    Bind1 "label" "" "`1:`",
    Bind "label" "label" "",
    UnreachableBind "trap and label" "" "`unreachable; 0:`",
    Def "def" "depth, list" "`def .N keep=H-depth params=list`",
    DefOne "def" "depth, list" "the same with `callers=1`",
    DefBackward "def" "depth, list" "the same with `backward`",
    DefClosing "def" "kind, count, depth, list" "the same by kind 0, 1, 2, with the number N less the count, which is not 0",
    BrIfBoth "br_if" "target, target" "",
    Drop "drop" "count" "",
    CallIndirect "call_indirect" "type, table" "",
    MemorySize "memory.size" "" "",
    MemoryGrow "memory.grow" "" "",
    MemoryFill "memory.fill" "" "",
    MemoryCopy "memory.copy" "" "",
    MemoryInit "memory.init" "segment" "",
    DataDrop "data.drop" "segment" "",
    TableGet "table.get" "table" "",
    TableSet "table.set" "table" "",
    TableSize "table.size" "table" "",
    TableGrow "table.grow" "table" "",
    TableFill "table.fill" "table" "",
    TableCopy "table.copy" "table written, table read" "",
    TableInit "table.init" "segment, table" "",
    ElemDrop "elem.drop" "segment" "",
    RefFunc "ref.func" "function" "",
}

/// The forms up to this one have an opcode of one byte.
const LAST_SHORT: Form = Form::DefBackward;

/// The byte that leads to the second table.
const EXTENDED: usize = 0xFF;
/// The byte that leads to the table of vectors.
const VECTORS: usize = 0xFE;
/// How many low positions, counted from 0, have opcodes of their own.
const PICKS: u8 = 44;
const PUTS: u8 = 12;
const TEES: u8 = 16;
/// The constants that have opcodes of their own.
const SMALL: &[i8] = &[0, 1, 2, 3, 4, 8, 16, 24, 32, -1];
/// The loads and stores that have opcodes of their own, with their offsets.
const LOADS: &[(Load, u8)] = &[
    (Load::I32Load, 0),
    (Load::I32Load, 4),
    (Load::I32Load, 8),
    (Load::I32Load, 12),
    (Load::I32Load, 16),
    (Load::I32Load, 20),
    (Load::I32Load8U, 0),
    (Load::I64Load, 0),
];
const STORES: &[(Store, u8)] = &[
    (Store::I32Store, 0),
    (Store::I32Store, 4),
    (Store::I32Store, 8),
    (Store::I32Store, 12),
    (Store::I32Store8, 0),
    (Store::I64Store, 0),
];

/// The loads and stores before the first one of a vector.
const SCALAR_LOADS: usize = Load::V128Load as usize;
const SCALAR_STORES: usize = Store::V128Store as usize;

/// Whether an operator's opcode is in the second table.
const fn is_rare_unary(op: Unary) -> bool {
    !matches!(
        op,
        Unary::I32Eqz
            | Unary::I32Clz
            | Unary::I32Ctz
            | Unary::I32Extend8S
            | Unary::I32Extend16S
            | Unary::I64Eqz
            | Unary::I64Clz
            | Unary::I64Ctz
            | Unary::F64Neg
            | Unary::F64Abs
            | Unary::I32WrapI64
            | Unary::I64ExtendI32S
            | Unary::I64ExtendI32U
            | Unary::F64ConvertI32S
            | Unary::F64ConvertI32U
            | Unary::F32DemoteF64
            | Unary::F64PromoteF32
            | Unary::I64ReinterpretF64
            | Unary::F64ReinterpretI64
    )
}

const fn is_rare_binary(op: Binary) -> bool {
    matches!(
        op,
        Binary::I64RemS
            | Binary::I64Rotr
            | Binary::F32Min
            | Binary::F32Max
            | Binary::F32Copysign
            | Binary::F64Min
            | Binary::F64Max
            | Binary::F64Copysign
    )
}

const fn is_rare_compare(op: Compare) -> bool {
    matches!(op, Compare::F32Eq | Compare::F32Le | Compare::F32Ge)
}

/// A table that is being filled.
struct Builder {
    codes: [Code; 256],
    next: usize,
}

impl Builder {
    const fn push(mut self, code: Code) -> Builder {
        self.codes[self.next] = code;
        self.next += 1;
        self
    }
}

/// The table of one-byte opcodes, or the second table.
const fn build(extended: bool) -> [Code; 256] {
    let mut table = Builder { codes: [Code::Reserved; 256], next: 0 };
    let mut at = 0;
    while at < Form::ALL.len() {
        let form = Form::ALL[at];
        if (form as u8 > LAST_SHORT as u8) == extended {
            table = table.push(Code::Form(form));
        }
        at += 1;
    }
    table = families(table, extended);
    if extended {
        table = table.push(Code::Locals(Type::V128));
        table = table.push(Code::Locals(Type::FuncRef)).push(Code::Locals(Type::ExternRef));
        return table.push(Code::Null(Type::FuncRef)).push(Code::Null(Type::ExternRef)).codes;
    }
    table = table.push(Code::Locals(Type::I32)).push(Code::Locals(Type::I64));
    table = table.push(Code::Locals(Type::F32)).push(Code::Locals(Type::F64));
    table = implied(table);
    assert!(table.next <= VECTORS, "the opcodes of one byte end before the prefixes");
    table.codes[EXTENDED] = Code::Extended;
    table.codes[VECTORS] = Code::Vectors;
    table.codes
}

const fn families(mut table: Builder, extended: bool) -> Builder {
    let mut at = 0;
    while at < Unary::ALL.len() {
        if is_rare_unary(Unary::ALL[at]) == extended {
            table = table.push(Code::Unary(Unary::ALL[at]));
        }
        at += 1;
    }
    at = 0;
    while at < Binary::ALL.len() {
        if is_rare_binary(Binary::ALL[at]) == extended {
            table = table.push(Code::Binary(Binary::ALL[at]));
        }
        at += 1;
    }
    at = 0;
    while at < Compare::ALL.len() {
        if is_rare_compare(Compare::ALL[at]) == extended {
            table = table.push(Code::Compare(Compare::ALL[at]));
        }
        at += 1;
    }
    at = 0;
    while !extended && at < SCALAR_LOADS {
        table = table.push(Code::Load(Load::ALL[at]));
        at += 1;
    }
    at = 0;
    while !extended && at < SCALAR_STORES {
        table = table.push(Code::Store(Store::ALL[at]));
        at += 1;
    }
    table
}

/// The table of vectors. It is full.
const fn build_vectors() -> [Code; 256] {
    let mut table = Builder { codes: [Code::Reserved; 256], next: 0 };
    table = table.push(Code::V128Const).push(Code::Shuffle);
    let mut at = SCALAR_LOADS;
    while at < Load::ALL.len() {
        table = table.push(Code::Load(Load::ALL[at]));
        at += 1;
    }
    at = SCALAR_STORES;
    while at < Store::ALL.len() {
        table = table.push(Code::Store(Store::ALL[at]));
        at += 1;
    }
    at = 0;
    while at < LoadLane::ALL.len() {
        table = table.push(Code::LoadLane(LoadLane::ALL[at]));
        at += 1;
    }
    at = 0;
    while at < StoreLane::ALL.len() {
        table = table.push(Code::StoreLane(StoreLane::ALL[at]));
        at += 1;
    }
    at = 0;
    while at < Lane::ALL.len() {
        table = table.push(Code::Lane(Lane::ALL[at]));
        at += 1;
    }
    at = 0;
    while at < Vector::ALL.len() {
        table = table.push(Code::Vector(Vector::ALL[at]));
        at += 1;
    }
    table.codes
}

/// The opcodes that imply an immediate.
const fn implied(mut table: Builder) -> Builder {
    let mut at = 0;
    while at < LOADS.len() {
        table = table.push(Code::LoadAt(LOADS[at].0, LOADS[at].1));
        at += 1;
    }
    at = 0;
    while at < STORES.len() {
        table = table.push(Code::StoreAt(STORES[at].0, STORES[at].1));
        at += 1;
    }
    at = 0;
    while at < SMALL.len() {
        table = table.push(Code::I32At(SMALL[at]));
        at += 1;
    }
    at = 0;
    while at < PICKS as usize {
        table = table.push(Code::PickAt(at as u8));
        at += 1;
    }
    at = 0;
    while at < PUTS as usize {
        table = table.push(Code::PutAt(at as u8));
        at += 1;
    }
    at = 0;
    while at < TEES as usize {
        table = table.push(Code::TeeAt(at as u8));
        at += 1;
    }
    table
}

/// What each first byte means.
pub(super) static SHORT: [Code; 256] = build(false);
/// What each byte after the prefix means.
pub(super) static LONG: [Code; 256] = build(true);
/// What each byte after the prefix of vectors means.
pub(super) static VECTOR: [Code; 256] = build_vectors();

/// An opcode's bytes: below 0x100 one byte, else the prefix and the low byte: below 0x200 the second
/// table's prefix, else that of vectors. 0xFFFF: there is none.
pub(super) type Bytes = u16;

/// There is no opcode.
pub(super) const NONE: Bytes = 0xFFFF;

/// The table the other way round.
#[derive(Debug)]
pub(super) struct Opcodes {
    pub(super) forms: [Bytes; Form::ALL.len()],
    pub(super) unary: [Bytes; Unary::ALL.len()],
    pub(super) binary: [Bytes; Binary::ALL.len()],
    pub(super) compare: [Bytes; Compare::ALL.len()],
    pub(super) load: [Bytes; Load::ALL.len()],
    pub(super) store: [Bytes; Store::ALL.len()],
    pub(super) load_at: [[Bytes; 64]; Load::ALL.len()],
    pub(super) store_at: [[Bytes; 64]; Store::ALL.len()],
    pub(super) pick: [Bytes; 64],
    pub(super) put: [Bytes; 64],
    pub(super) tee: [Bytes; 64],
    /// By the constant as a byte.
    pub(super) i32: [Bytes; 256],
    pub(super) locals: [Bytes; 7],
    pub(super) null: [Bytes; 7],
    pub(super) v128: Bytes,
    pub(super) shuffle: Bytes,
    pub(super) vector: [Bytes; Vector::ALL.len()],
    pub(super) lane: [Bytes; Lane::ALL.len()],
    pub(super) load_lane: [Bytes; LoadLane::ALL.len()],
    pub(super) store_lane: [Bytes; StoreLane::ALL.len()],
}

/// The opcodes of everything.
pub(super) static OPCODES: LazyLock<Opcodes> = LazyLock::new(|| {
    let mut opcodes = Opcodes {
        forms: [NONE; Form::ALL.len()],
        unary: [NONE; Unary::ALL.len()],
        binary: [NONE; Binary::ALL.len()],
        compare: [NONE; Compare::ALL.len()],
        load: [NONE; Load::ALL.len()],
        store: [NONE; Store::ALL.len()],
        load_at: [[NONE; 64]; Load::ALL.len()],
        store_at: [[NONE; 64]; Store::ALL.len()],
        pick: [NONE; 64],
        put: [NONE; 64],
        tee: [NONE; 64],
        i32: [NONE; 256],
        locals: [NONE; 7],
        null: [NONE; 7],
        v128: NONE,
        shuffle: NONE,
        vector: [NONE; Vector::ALL.len()],
        lane: [NONE; Lane::ALL.len()],
        load_lane: [NONE; LoadLane::ALL.len()],
        store_lane: [NONE; StoreLane::ALL.len()],
    };
    for (bytes, code) in (0..).zip(SHORT.iter().chain(&LONG).chain(&VECTOR)) {
        let place = match *code {
            Code::Reserved | Code::Extended | Code::Vectors => continue,
            Code::Form(form) => &mut opcodes.forms[form as usize],
            Code::Unary(op) => &mut opcodes.unary[op as usize],
            Code::Binary(op) => &mut opcodes.binary[op as usize],
            Code::Compare(op) => &mut opcodes.compare[op as usize],
            Code::Load(op) => &mut opcodes.load[op as usize],
            Code::Store(op) => &mut opcodes.store[op as usize],
            Code::LoadAt(op, offset) => &mut opcodes.load_at[op as usize][offset as usize],
            Code::StoreAt(op, offset) => &mut opcodes.store_at[op as usize][offset as usize],
            Code::PickAt(position) => &mut opcodes.pick[position as usize],
            Code::PutAt(position) => &mut opcodes.put[position as usize],
            Code::TeeAt(position) => &mut opcodes.tee[position as usize],
            Code::I32At(value) => &mut opcodes.i32[value as u8 as usize],
            Code::Locals(ty) => &mut opcodes.locals[ty as usize],
            Code::Null(ty) => &mut opcodes.null[ty as usize],
            Code::V128Const => &mut opcodes.v128,
            Code::Shuffle => &mut opcodes.shuffle,
            Code::Vector(op) => &mut opcodes.vector[op as usize],
            Code::Lane(op) => &mut opcodes.lane[op as usize],
            Code::LoadLane(op) => &mut opcodes.load_lane[op as usize],
            Code::StoreLane(op) => &mut opcodes.store_lane[op as usize],
        };
        *place = bytes;
    }
    opcodes
});

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Code::Reserved => f.write_str("reserved"),
            Code::Extended => f.write_str("prefix"),
            Code::Vectors => f.write_str("prefix of vectors"),
            Code::Form(form) => f.write_str(form.row().0),
            Code::Unary(op) => f.write_str(op.name()),
            Code::Binary(op) => f.write_str(op.name()),
            Code::Compare(op) => f.write_str(op.name()),
            Code::Load(op) => f.write_str(op.name()),
            Code::Store(op) => f.write_str(op.name()),
            Code::LoadAt(op, offset) => write!(f, "{} offset={offset}", op.name()),
            Code::StoreAt(op, offset) => write!(f, "{} offset={offset}", op.name()),
            Code::PickAt(position) => write!(f, "pick {position}"),
            Code::PutAt(position) => write!(f, "put {position}"),
            Code::TeeAt(position) => write!(f, "tee {position}"),
            Code::I32At(value) => write!(f, "i32.const {value}"),
            Code::Locals(ty) => write!(f, "locals {ty}"),
            Code::Null(ty) => write!(f, "{ty}.null"),
            Code::V128Const => f.write_str("v128.const"),
            Code::Shuffle => f.write_str("i8x16.shuffle"),
            Code::Vector(op) => f.write_str(op.name()),
            Code::Lane(op) => f.write_str(op.name()),
            Code::LoadLane(op) => f.write_str(op.name()),
            Code::StoreLane(op) => f.write_str(op.name()),
        }
    }
}

/// The table of opcodes as rows: the bytes, the name, the immediates, and what an abbreviation stands
/// for. Bytes that mean nothing have no row.
pub fn opcodes() -> Vec<(Vec<u8>, String, &'static str, &'static str)> {
    let short = (0..=255).zip(SHORT).map(|(byte, code)| (vec![byte], code));
    let long = (0..=255).zip(LONG).map(|(byte, code)| (vec![EXTENDED as u8, byte], code));
    let vectors = (0..=255).zip(VECTOR).map(|(byte, code)| (vec![VECTORS as u8, byte], code));
    let used = short.chain(long).chain(vectors).filter(|(_, code)| *code != Code::Reserved);
    let row = |(bytes, code): (Vec<u8>, Code)| {
        let (immediates, meaning) = match code {
            Code::Form(form) => (form.row().1, form.row().2),
            Code::Load(_) | Code::Store(_) => ("offset", ""),
            Code::Locals(_) => ("count", ""),
            Code::Extended | Code::Vectors => ("another byte", ""),
            Code::V128Const => ("16 bytes", ""),
            Code::Shuffle => ("16 numbers of bytes", ""),
            Code::Lane(_) => ("lane, a byte", ""),
            Code::LoadLane(_) | Code::StoreLane(_) => ("offset, lane, a byte", ""),
            _ => ("", ""),
        };
        (bytes, code.to_string(), immediates, meaning)
    };
    used.map(row).collect()
}

/// Appends an opcode.
#[inline]
pub(super) fn write(out: &mut Vec<u8>, bytes: Bytes) {
    if bytes >= 0x100 {
        out.push(if bytes < 0x200 { EXTENDED } else { VECTORS } as u8);
    }
    out.push(bytes as u8);
}

/// All types, by their numbers.
pub(super) static TYPES: [Type; 7] =
    [Type::I32, Type::I64, Type::F32, Type::F64, Type::V128, Type::FuncRef, Type::ExternRef];
