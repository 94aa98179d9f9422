//! Microwasm to x86-64 machine code: the [`Emitter`], a sink that keeps nothing of what it is told
//! but the state of the value stack.
//!
//! Each family of operators has its file; each operator goes from [`Emitter::op`] to one function.

#![allow(clippy::useless_conversion, reason = "dynasm's templates convert also what has the right type already")]

pub mod abi;
pub mod asm;
pub mod buffer;
pub mod edges;
pub mod features;
pub mod listing;
pub mod memory_base;
pub mod rewrites;

mod address;
#[cfg(feature = "parallel")]
mod apart;
mod br_table;
mod builtin;
mod call;
mod compare;
mod cond;
mod control;
mod convert;
mod div;
mod encode;
mod float;
mod fold;
mod frame;
mod fused;
mod global;
mod int;
mod jumps;
mod layout;
mod lookback;
mod memory;
mod modrm;
mod operand;
mod packed;
mod pending;
mod pool;
mod reciprocal;
mod shift;
mod slot_use;
mod table;
mod update;
mod vector;

use crate::code::{Code, Growing};
use crate::error::{CompileError, CompileResult};
use crate::microwasm::{Binary, Branch, Const, FuncType, Label, Op, Sink, Type, Unary};
use crate::runtime::vmcontext::VmOffsets;
use crate::seeded::{Bug, seeded};
use crate::state::reg::{Reg, RegClass, Xmm};
use crate::state::{Location, Place, Shapes, Slot, State};
use crate::wasm::module::ModuleInfo;
use crate::work::Work;
#[cfg(feature = "parallel")]
use apart::Apart;
use asm::Assembler;
use br_table::Stub;
use control::{Flow, LabelState, LoopEntry};
use edges::EdgeCode;
use features::CpuFeatures;
use jumps::{Anchor, Fixups};
use listing::{Listing, OperatorCode};
use lookback::{Flags, Last};
use memory_base::MemoryBase;
use pending::Pending;
use rewrites::{Rewrite, Rewrites, Switches};
use smallvec::SmallVec;

/// What the emitter needs to know of the module.
#[derive(Debug, Clone)]
struct ModuleLayout {
    offsets: VmOffsets,
    imported_funcs: u32,
    imported_globals: u32,
}

/// The end of a chain of calls.
const NO_CALL: u32 = u32::MAX;

/// The most machine code that a module may have. Jumps reach 2 GiB; a function adds less than the other half.
pub const DEFAULT_MAX_CODE_BYTES: u32 = 1 << 30;

/// Emits machine code for the functions of one module.
#[derive(Debug)]
pub struct Emitter {
    features: CpuFeatures,
    memory_base: MemoryBase,
    rewrites: Rewrites,
    asm: Assembler,
    state: State,
    pending: Pending,
    /// Where the result of the operator on vectors that is being emitted is to be, if that costs nothing.
    destination: Option<Xmm>,
    last: Last,
    flags: Flags,
    flow: Flow,
    module: ModuleLayout,
    /// By defined function: the last call that awaits its entry. Its field names the one before.
    callers: Growing<u32>,
    labels: Growing<LabelState>,
    /// The types of their parameters.
    label_params: Growing<Type>,
    /// How many labels the function at work has defined.
    labels_defined: u32,
    shapes: Shapes,
    /// If the functions are compiled apart from their module.
    #[cfg(feature = "parallel")]
    apart: Option<Apart>,
    max_code_bytes: u32,
    /// The Wasm offset of the first function that made the code too large. Code is discarded since.
    too_large: Option<u32>,
    /// Where each operator's code begins, if that was asked for.
    listing: Option<Vec<OperatorCode>>,
    /// The code of each edge, if that was asked for.
    edges: Vec<EdgeCode>,

    // The function at work.
    index: u32,
    ty: FuncType,
    function_start: u32,
    /// Where the body starts.
    body: Anchor,
    /// How much was recorded before this function.
    listing_start: usize,
    edges_start: usize,
    function_offset: u32,
    has_calls: bool,
    loops_bound: u32,
    /// The loop whose header was bound last, until the first branch or label after it.
    open_header: Option<Label>,
    /// What can be put before that loop.
    loop_entry: Option<LoopEntry>,
    /// Constants that the branch to the label that comes next has to bring, as the code above falls into it.
    met: SmallVec<[(Place, u64); 2]>,
    /// How many `br_table`s the module has had.
    table_count: u32,
    /// By label: the last `br_table` that used it, and where its stub for it is.
    table_stubs: Growing<(u32, Stub)>,
    context_slot: Option<Slot>,
    /// Whether the prologue saves the context there.
    context_in_prologue: bool,
    /// Jumps to the epilogue.
    returns: Fixups,
    falls_into_epilogue: bool,
}

impl Emitter {
    /// An emitter for a CPU with these features.
    pub fn new(features: CpuFeatures, switches: Switches, memory_base: MemoryBase) -> Emitter {
        Emitter {
            features,
            memory_base,
            rewrites: Rewrites::new(switches),
            asm: Assembler::default(),
            state: State::with(memory_base.spared_registers()),
            pending: Pending::None,
            destination: None,
            last: Last::NOTHING,
            flags: Flags::UNKNOWN,
            flow: Flow::Open,
            module: ModuleLayout {
                offsets: VmOffsets::new(&ModuleInfo::default()),
                imported_funcs: 0,
                imported_globals: 0,
            },
            callers: Growing::new(),
            labels: Growing::new(),
            label_params: Growing::new(),
            labels_defined: 0,
            shapes: Shapes::default(),
            #[cfg(feature = "parallel")]
            apart: None,
            max_code_bytes: DEFAULT_MAX_CODE_BYTES,
            too_large: None,
            listing: None,
            edges: Vec::new(),
            index: 0,
            ty: FuncType::default(),
            function_start: 0,
            function_offset: 0,
            has_calls: false,
            loops_bound: 0,
            open_header: None,
            loop_entry: None,
            met: SmallVec::new(),
            body: Anchor::FIRST,
            listing_start: 0,
            edges_start: 0,
            table_count: 0,
            table_stubs: Growing::new(),
            context_slot: None,
            context_in_prologue: false,
            returns: Fixups::NONE,
            falls_into_epilogue: false,
        }
    }

    /// Records from now on where the code of each Wasm operator begins.
    pub fn record_listing(&mut self) {
        self.listing = Some(Vec::new());
        self.rewrites.record();
    }

    /// Lets only the first so many optional rewrites of the module happen.
    pub fn limit_rewrites(&mut self, limit: u64) {
        self.rewrites.limit(limit);
    }

    /// Refuses modules whose machine code is larger.
    ///
    /// # Panics
    ///
    /// If the limit is above [`DEFAULT_MAX_CODE_BYTES`]: jumps could not reach all of the code.
    pub fn limit_code(&mut self, bytes: u32) {
        assert!(bytes <= DEFAULT_MAX_CODE_BYTES, "jumps reach 2 GiB, and one function may need half of that");
        self.max_code_bytes = bytes;
    }

    /// The code, the listing if it was recorded, and the work it took.
    ///
    /// # Errors
    ///
    /// [`CompileError::Limit`] if the code is too large.
    pub fn finish(mut self) -> CompileResult<(Code, Listing, Work)> {
        if let Some(offset) = self.too_large {
            return Err(CompileError::Limit { offset: offset.into(), limit: "bytes of machine code" });
        }
        self.asm.emit_pool();
        let work = self.work();
        let mut code = self.asm.code;
        code.memory_base = self.memory_base;
        code.bytes = self.asm.buf.finish();
        let (rewrites, rewrite_sites) = self.rewrites.finish();
        let operators = self.listing.unwrap_or_default();
        Ok((code, Listing { operators, rewrites, rewrite_sites, edges: self.edges }, work))
    }

    /// The work so far.
    fn work(&self) -> Work {
        let mut work = self.asm.work();
        work.state_operations += self.state.operations();
        self.add_tables(&mut work);
        work
    }

    /// Adds the growth of what only functions at work need.
    fn add_tables(&self, work: &mut Work) {
        work.add_growing(&self.callers);
        work.add_growing(&self.labels);
        work.add_growing(&self.label_params);
        work.add_growing(&self.table_stubs);
        self.shapes.add_to(work);
    }

    /// After the last function: gives back what only functions at work need. The data of a module comes later.
    fn release_behind_last(&mut self) {
        #[cfg(feature = "parallel")]
        if self.apart.is_some() {
            return;
        }
        if self.asm.code.functions.len() < self.callers.len() {
            return;
        }
        let mut work = self.asm.work;
        self.add_tables(&mut work);
        self.asm.work = work;
        (self.labels, self.label_params, self.table_stubs, self.shapes, self.callers) = Default::default();
        self.asm.release();
    }

    /// Lists the operator at work, whose code starts here.
    #[cold]
    fn list_operator(&mut self) {
        if let Some(listing) = &mut self.listing {
            let (code_offset, wasm_offset) = (self.asm.buf.position(), self.asm.wasm_offset);
            listing.push(OperatorCode { code_offset, wasm_offset });
        }
    }

    /// Whether a rewrite that is possible here is to happen.
    #[inline]
    fn may(&mut self, rewrite: Rewrite) -> bool {
        self.rewrites.allow(rewrite, self.asm.wasm_offset)
    }

    /// Whether the code at work may be inside a loop: after the first loop's header.
    fn in_loop(&self) -> bool {
        self.loops_bound > 0
    }

    /// A binary operator without traps; the result goes to the register `hint` where that costs nothing.
    #[inline(always)]
    fn binary(&mut self, op: Binary, a: crate::state::Value, b: crate::state::Value, hint: Option<Reg>) -> Reg {
        if let Some(alu) = int::Alu::of(op) {
            self.alu(alu, op.result(), a, b, hint)
        } else if let Some(shift) = shift::Shift::of(op) {
            self.shift(shift, op.result(), a, b, hint)
        } else {
            self.float_binary(op, a, b, hint)
        }
    }

    /// `put` and `tee`: a pending operator learns its destination.
    fn overwrite(&mut self, position: u32, keep_top: bool) {
        if let Pending::Vector(_) | Pending::Rotate(_) = self.pending
            && self.may(Rewrite::Destination)
        {
            let old = self.state.entry(position).location();
            self.state.kill(position);
            let destination = match old {
                Location::Reg(reg) if reg.class() == RegClass::Float => Some(reg.xmm()),
                _ => None,
            };
            self.pending_vector(destination);
        } else if let Pending::Binary(op) = self.pending
            && self.may(Rewrite::Destination)
        {
            self.pending = Pending::None;
            let old = self.state.entry(position).location();
            let b = self.state.pop();
            let a = self.state.pop();
            // The old value dies here: its register may take the new one.
            self.state.kill(position);
            let hint = match old {
                Location::Reg(reg) if self.state.is_unowned(reg) => Some(reg),
                _ => None,
            };
            let hint = hint.filter(|reg| (reg.class() == RegClass::Float) == op.result().is_float());
            let reg = self.binary(op, a, b, hint);
            let lost = seeded(Bug::TeeOfPendingLost) && keep_top && hint.is_some();
            self.push(op.result(), if lost { hint.unwrap_or(reg) } else { reg });
        } else {
            self.flush();
        }
        if keep_top {
            self.state.tee(position, &mut self.asm);
        } else {
            self.state.put(position, &mut self.asm);
        }
    }

    /// Pops the top, or cancels it while it is still pending.
    fn drop_values(&mut self, count: u32) {
        if count == 0 {
            return;
        }
        let operands = self.state.len() - self.height();
        self.pending = Pending::None;
        self.state.drop(count + operands);
    }

    fn unary(&mut self, op: Unary) {
        match op {
            Unary::I32Eqz | Unary::I64Eqz | Unary::FuncRefIsNull | Unary::ExternRefIsNull => self.equal_zero(op),
            Unary::I32Clz | Unary::I64Clz | Unary::I32Ctz | Unary::I64Ctz | Unary::I32Popcnt | Unary::I64Popcnt => {
                self.flush();
                self.count_bits(op);
            }
            Unary::I32WrapI64 if seeded(Bug::WrapKeepsUpperHalf) => {
                self.flush();
                self.state.retype_top(Type::I32);
            }
            Unary::I64ExtendI32U => {
                self.flush();
                // An i32 has a zero upper half wherever it is.
                self.state.retype_top(Type::I64);
            }
            Unary::I32Extend8S
            | Unary::I32Extend16S
            | Unary::I64Extend8S
            | Unary::I64Extend16S
            | Unary::I64Extend32S
            | Unary::I64ExtendI32S
            | Unary::I32WrapI64 => {
                self.flush();
                self.extend(op);
            }
            _ if op.result().is_float() && op.operands()[0] == op.result() => {
                self.flush();
                self.float_unary(op);
            }
            _ => {
                self.flush();
                self.convert(op);
            }
        }
    }

    /// `eqz` of a pending comparison inverts it.
    fn equal_zero(&mut self, op: Unary) {
        let pending = self.pending;
        self.pending = match pending {
            Pending::Compare { op, negated } if self.may(Rewrite::InvertTest) => {
                Pending::Compare { op, negated: !negated }
            }
            Pending::Zero { wide, negated } if self.may(Rewrite::InvertTest) => {
                Pending::Zero { wide, negated: !negated }
            }
            Pending::Lanes { equal, negated } if self.may(Rewrite::InvertTest) => {
                Pending::Lanes { equal, negated: !negated }
            }
            _ => {
                self.flush();
                Pending::Zero { wide: op != Unary::I32Eqz, negated: false }
            }
        };
    }

    #[inline(always)]
    fn binary_operator(&mut self, op: Binary) {
        self.flush();
        match op {
            Binary::I32DivS
            | Binary::I32DivU
            | Binary::I32RemS
            | Binary::I32RemU
            | Binary::I64DivS
            | Binary::I64DivU
            | Binary::I64RemS
            | Binary::I64RemU => self.divide(op),
            _ => self.pending = Pending::Binary(op),
        }
    }
}

impl Sink for Emitter {
    fn module(&mut self, module: &ModuleInfo) {
        self.module = ModuleLayout {
            offsets: VmOffsets::new(module),
            imported_funcs: module.imported_funcs,
            imported_globals: module.imported_globals,
        };
        let defined = module.funcs.len() - module.imported_funcs as usize;
        self.callers = std::iter::repeat_n(NO_CALL, defined).collect();
    }

    fn begin(&mut self, index: u32, ty: &FuncType, offset: u32) {
        self.index = index;
        self.ty.clone_from(ty);
        self.function_offset = offset;
        self.has_calls = false;
        self.labels_defined = 0;
        self.loops_bound = 0;
        self.open_header = None;
        self.loop_entry = None;
        self.context_slot = None;
        self.context_in_prologue = false;
        self.returns = Fixups::NONE;
        self.falls_into_epilogue = false;
        self.pending = Pending::None;
        self.last = Last::NOTHING;
        self.flags = Flags::UNKNOWN;
        self.flow = Flow::Open;
        self.begin_frame();
        self.asm.pooled = self.rewrites.allow(Rewrite::ConstantPool, offset);
        self.state.begin(ty);
    }

    fn at(&mut self, offset: u32) {
        if seeded(Bug::TrapPlaceStale) && self.pending != Pending::None {
            return;
        }
        self.asm.wasm_offset = offset;
        if self.listing.is_some() {
            self.list_operator();
        }
    }

    // Where the operator is known, what is left of this is the call of one function.
    #[inline(always)]
    fn op(&mut self, op: Op<'_>) {
        self.state.next_operator();
        match op {
            Op::Def { label, keep, params, callers, backward } => self.define(label, keep, params, callers, backward),
            Op::Label(label) => self.label(label),
            Op::BrIf { then, otherwise } => self.br_if(then, otherwise),
            Op::Put(position) => self.overwrite(position, false),
            Op::Tee(position) => self.overwrite(position, true),
            Op::Drop(count) => self.drop_values(count),
            Op::Select => self.select(),
            Op::Unary(op) => {
                if !self.fold_unary(op) {
                    self.unary(op);
                }
            }
            Op::Binary(op) => {
                if !self.fold_binary(op) {
                    self.binary_operator(op);
                }
            }
            Op::Compare(op) => {
                if !self.fold_compare(op) {
                    self.flush();
                    self.pending = Pending::Compare { op, negated: false };
                }
            }
            Op::Vector(op) => self.vector(op),
            Op::Store(store, arg) => {
                if !self.update(store, arg) {
                    self.flush();
                    self.store(store, arg);
                }
            }
            _ => {
                self.flush();
                self.plain_op(op);
            }
        }
        #[cfg(debug_assertions)]
        if self.flow == Flow::Open {
            self.state.check();
        }
    }

    fn branch_on(&mut self, branch: Branch<'_>) {
        self.state.next_operator();
        self.branch_or_go_on(branch);
        #[cfg(debug_assertions)]
        self.state.check();
    }

    fn end(&mut self) {
        self.finish_flow();
        self.end_frame();
        self.release_behind_last();
    }
}

impl Emitter {
    /// Operators that have no use for a pending one.
    #[inline(always)]
    fn plain_op(&mut self, op: Op<'_>) {
        match op {
            Op::Locals { count, ty } => self.state.declare_locals(count, ty),
            Op::Br(target) => self.br(target),
            Op::BrTable { targets, default } => self.br_table(targets, default),
            Op::Unreachable => self.unreachable(),
            Op::Pick(position) => self.state.pick(position, &mut self.asm),
            Op::Const(Const::V128(bytes)) if bytes != [0; 16] => self.vector_constant(u128::from_le_bytes(bytes)),
            Op::Const(value) => self.state.push_const(value),
            Op::Lane(op, lane) => self.lane(op, lane),
            Op::Shuffle(lanes) => self.shuffle(lanes),
            Op::LoadLane(op, arg, lane) => self.load_lane(op, arg, lane),
            Op::StoreLane(op, arg, lane) => self.store_lane(op, arg, lane),
            Op::Load(op, arg) => self.load(op, arg),
            Op::GlobalGet { index, ty } => self.global_get(index, ty),
            Op::GlobalSet(index) => self.global_set(index),
            Op::MemorySize => self.memory_size(),
            Op::TableGet { table, ty } => self.table_get(table, ty),
            Op::TableSet(table) => self.table_set(table),
            Op::TableSize(table) => self.table_size(table),
            Op::RefFunc(func) => self.ref_func(func),
            Op::Call { func, ty } => self.call(func, ty),
            Op::CallIndirect { type_index, ty, table } => self.call_indirect(type_index, ty, table),
            Op::MemoryGrow
            | Op::MemoryFill
            | Op::MemoryCopy
            | Op::MemoryInit(_)
            | Op::DataDrop(_)
            | Op::TableGrow(_)
            | Op::TableFill(_)
            | Op::TableCopy { .. }
            | Op::TableInit { .. }
            | Op::ElemDrop(_) => self.builtin(op),
            Op::Def { .. }
            | Op::Label(_)
            | Op::BrIf { .. }
            | Op::Put(_)
            | Op::Tee(_)
            | Op::Drop(_)
            | Op::Select
            | Op::Store(..)
            | Op::Vector(_)
            | Op::Unary(_)
            | Op::Binary(_)
            | Op::Compare(_) => unreachable!("handled before"),
        }
    }
}
