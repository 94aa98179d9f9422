//! Wasm operators to Microwasm. Each method lowers the Wasm operator it is named after; control is
//! in [`control`], the families of arithmetic and memory access in `numeric`.

pub mod control;
mod numeric;
mod vector;

use wasmparser::{Ieee32, Ieee64};

use super::{Const, FuncType, Op, Sink, Target, Type};
use crate::error::CompileError;
use crate::seeded::{Bug, seeded};
use crate::wasm::module::ModuleInfo;
use control::Frame;

/// What lowering an operator returns: nothing, or why the module is refused. Boxed, because every
/// operator returns one.
pub type Lowered = Result<(), Box<CompileError>>;

impl From<wasmparser::Error> for Box<CompileError> {
    fn from(error: wasmparser::Error) -> Self {
        Box::new(error.into())
    }
}

/// Where the lowering of a function stands: what outlasts the bytes at hand. Used again for the next function.
#[derive(Debug, Default)]
pub struct LowerState {
    /// The open blocks, outermost first.
    frames: Vec<Frame>,
    /// The targets of the current `br_table`.
    targets: Vec<Target>,
    /// How many entries are on the stack, locals included.
    height: u32,
    /// Whether control can come here.
    reachable: bool,
    /// How many blocks were opened in unreachable code and are not closed yet.
    dead_blocks: u32,
    /// The lowest number that no open label has.
    next_label: u32,
}

/// Lowers one function's validated operators to calls on a sink.
///
/// The methods trust the validator: they are to be called for operators that it has accepted, and
/// only when [`Lower::live`] says so.
#[derive(Debug)]
pub struct Lower<'m, S> {
    info: &'m ModuleInfo,
    state: &'m mut LowerState,
    sink: &'m mut S,
}

#[allow(missing_docs, reason = "the methods named visit_.. are Wasm operators")]
impl<'m, S: Sink> Lower<'m, S> {
    /// Starts a function: its index with imported ones counted, its type, its body's byte offset.
    pub fn begin(
        info: &'m ModuleInfo,
        state: &'m mut LowerState,
        sink: &'m mut S,
        index: u32,
        ty: &FuncType,
        offset: u32,
    ) -> Lower<'m, S> {
        state.frames.clear();
        (state.reachable, state.dead_blocks, state.next_label) = (true, 0, 0);
        sink.begin(index, ty, offset);
        let mut lower = Lower { info, state, sink };
        lower.enter(ty);
        lower
    }

    /// Goes on with the function that the state is about.
    pub fn resume(info: &'m ModuleInfo, state: &'m mut LowerState, sink: &'m mut S) -> Lower<'m, S> {
        Lower { info, state, sink }
    }

    /// A run of declared locals. Only before the first operator.
    pub fn locals(&mut self, offset: u32, count: u32, ty: Type) {
        if count != 0 {
            self.at(offset);
            self.op(Op::Locals { count, ty });
            self.state.height += count;
        }
    }

    /// Ends the function.
    pub fn finish(self) {
        self.sink.end();
    }

    /// What follows comes from the Wasm operator at this byte offset.
    #[inline]
    pub fn at(&mut self, offset: u32) {
        self.sink.at(offset);
    }

    #[inline]
    fn op(&mut self, op: Op<'_>) {
        self.sink.op(op);
    }

    /// Emits an operator that takes and leaves so many entries.
    #[inline]
    fn effect(&mut self, op: Op<'_>, pops: u32, pushes: u32) -> Lowered {
        self.op(op);
        self.state.height = self.state.height - pops + pushes;
        Ok(())
    }

    #[inline]
    fn constant(&mut self, value: Const) -> Lowered {
        self.effect(Op::Const(value), 0, 1)
    }

    #[inline]
    pub fn visit_local_get(&mut self, local: u32) -> Lowered {
        self.effect(Op::Pick(local), 0, 1)
    }

    #[inline]
    pub fn visit_local_set(&mut self, local: u32) -> Lowered {
        self.effect(Op::Put(local), 1, 0)
    }

    #[inline]
    pub fn visit_local_tee(&mut self, local: u32) -> Lowered {
        self.effect(Op::Tee(local), 0, 0)
    }

    pub fn visit_drop(&mut self) -> Lowered {
        self.effect(Op::Drop(1), 1, 0)
    }

    pub fn visit_select(&mut self) -> Lowered {
        self.effect(Op::Select, 3, 1)
    }

    pub fn visit_i32_const(&mut self, value: i32) -> Lowered {
        self.constant(Const::I32(value))
    }

    pub fn visit_i64_const(&mut self, value: i64) -> Lowered {
        self.constant(Const::I64(value))
    }

    pub fn visit_f32_const(&mut self, value: Ieee32) -> Lowered {
        let bits = if seeded(Bug::NegativeZeroConstant) && value.bits() == 1 << 31 { 0 } else { value.bits() };
        self.constant(Const::F32(bits))
    }

    pub fn visit_f64_const(&mut self, value: Ieee64) -> Lowered {
        self.constant(Const::F64(value.bits()))
    }

    pub fn visit_ref_null(&mut self, ty: Type) -> Lowered {
        self.constant(Const::Null(ty))
    }

    pub fn visit_ref_func(&mut self, function: u32) -> Lowered {
        self.effect(Op::RefFunc(function), 0, 1)
    }

    pub fn visit_global_get(&mut self, index: u32) -> Lowered {
        let ty = self.info.globals[index as usize].content;
        self.effect(Op::GlobalGet { index, ty }, 0, 1)
    }

    pub fn visit_global_set(&mut self, index: u32) -> Lowered {
        self.effect(Op::GlobalSet(index), 1, 0)
    }

    pub fn visit_memory_size(&mut self, _memory: u32) -> Lowered {
        self.effect(Op::MemorySize, 0, 1)
    }

    pub fn visit_memory_grow(&mut self, _memory: u32) -> Lowered {
        self.effect(Op::MemoryGrow, 1, 1)
    }

    pub fn visit_memory_fill(&mut self, _memory: u32) -> Lowered {
        self.effect(Op::MemoryFill, 3, 0)
    }

    pub fn visit_memory_copy(&mut self, _dst: u32, _src: u32) -> Lowered {
        self.effect(Op::MemoryCopy, 3, 0)
    }

    pub fn visit_memory_init(&mut self, segment: u32, _memory: u32) -> Lowered {
        self.effect(Op::MemoryInit(segment), 3, 0)
    }

    pub fn visit_data_drop(&mut self, segment: u32) -> Lowered {
        self.effect(Op::DataDrop(segment), 0, 0)
    }

    pub fn visit_table_get(&mut self, table: u32) -> Lowered {
        let ty = self.info.tables[table as usize].element;
        self.effect(Op::TableGet { table, ty }, 1, 1)
    }

    pub fn visit_table_set(&mut self, table: u32) -> Lowered {
        self.effect(Op::TableSet(table), 2, 0)
    }

    pub fn visit_table_size(&mut self, table: u32) -> Lowered {
        self.effect(Op::TableSize(table), 0, 1)
    }

    pub fn visit_table_grow(&mut self, table: u32) -> Lowered {
        self.effect(Op::TableGrow(table), 2, 1)
    }

    pub fn visit_table_fill(&mut self, table: u32) -> Lowered {
        self.effect(Op::TableFill(table), 3, 0)
    }

    pub fn visit_table_copy(&mut self, dst: u32, src: u32) -> Lowered {
        self.effect(Op::TableCopy { dst, src }, 3, 0)
    }

    pub fn visit_table_init(&mut self, segment: u32, table: u32) -> Lowered {
        self.effect(Op::TableInit { segment, table }, 3, 0)
    }

    pub fn visit_elem_drop(&mut self, segment: u32) -> Lowered {
        self.effect(Op::ElemDrop(segment), 0, 0)
    }

    pub fn visit_call(&mut self, func: u32) -> Lowered {
        let ty = self.info.func_type(func);
        self.effect(Op::Call { func, ty }, ty.params.len() as u32, ty.results.len() as u32)
    }

    pub fn visit_call_indirect(&mut self, type_index: u32, table: u32) -> Lowered {
        let ty = &self.info.types[type_index as usize];
        self.effect(Op::CallIndirect { type_index, ty, table }, ty.params.len() as u32 + 1, ty.results.len() as u32)
    }
}
