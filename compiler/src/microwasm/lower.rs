//! Wasm operators to Microwasm: everything but control flow, which is in [`super::control`].

use super::control::Frame;
use super::{Binary, Compare, Const, FuncType, Load, MemArg, Op, Sink, Store, Target, Type, Unary};
use crate::wasm::module::ModuleInfo;
use wasmparser::Operator;

/// Lowers one function after the other into a sink. Knows heights and labels, no types of operands.
#[derive(Debug, Default)]
pub struct Lowering {
    pub(super) frames: Vec<Frame>,
    /// Values on Microwasm's stack.
    pub(super) height: u32,
    pub(super) next_label: u32,
    pub(super) targets: Vec<Target>,
    /// Blocks opened in code that is not reachable.
    pub(super) dead_frames: u32,
    pub(super) reachable: bool,
}

impl Lowering {
    /// Starts a function.
    pub fn begin<S: Sink>(&mut self, sink: &mut S, module: &ModuleInfo, index: u32, offset: u32) {
        let ty = module.func_type(index);
        self.frames.clear();
        self.height = ty.params.len() as u32;
        self.next_label = 0;
        self.dead_frames = 0;
        self.reachable = true;
        self.frames.push(Frame::function(ty.results.len() as u32));
        sink.begin(index, ty, offset);
    }

    /// Declares a run of locals.
    pub fn locals<S: Sink>(&mut self, sink: &mut S, count: u32, ty: Type) {
        if count > 0 {
            self.height += count;
            sink.op(Op::Locals { count, ty });
        }
    }

    fn depth_of(&self, local: u32) -> u32 {
        self.height - 1 - local
    }

    fn unary<S: Sink>(&mut self, sink: &mut S, op: Unary) {
        sink.op(Op::Unary(op));
    }

    fn binary<S: Sink>(&mut self, sink: &mut S, op: Binary) {
        self.height -= 1;
        sink.op(Op::Binary(op));
    }

    fn compare<S: Sink>(&mut self, sink: &mut S, op: Compare) {
        self.height -= 1;
        sink.op(Op::Compare(op));
    }

    fn constant<S: Sink>(&mut self, sink: &mut S, value: Const) {
        self.height += 1;
        sink.op(Op::Const(value));
    }

    fn load<S: Sink>(&mut self, sink: &mut S, op: Load, arg: &wasmparser::MemArg) {
        sink.op(Op::Load(op, MemArg { offset: arg.offset, align: arg.align }));
    }

    fn store<S: Sink>(&mut self, sink: &mut S, op: Store, arg: &wasmparser::MemArg) {
        self.height -= 2;
        sink.op(Op::Store(op, MemArg { offset: arg.offset, align: arg.align }));
    }

    fn called(&mut self, ty: &FuncType) {
        self.height = self.height - ty.params.len() as u32 + ty.results.len() as u32;
    }

    /// Lowers a valid operator at a byte offset.
    pub fn operator<S: Sink>(&mut self, sink: &mut S, module: &ModuleInfo, operator: &Operator<'_>, offset: u32) {
        use Operator as O;
        if !self.reachable && !self.dead_operator(operator) {
            return;
        }
        sink.at(offset);
        match operator {
            O::Unreachable => {
                sink.op(Op::Unreachable);
                self.reachable = false;
            }
            O::Nop => {}
            O::Block { blockty } => self.block(sink, module, *blockty),
            O::Loop { blockty } => self.loop_(sink, module, *blockty),
            O::If { blockty } => self.if_(sink, module, *blockty),
            O::Else => self.else_(sink),
            O::End => self.end(sink),
            O::Br { relative_depth } => self.br(sink, *relative_depth),
            O::BrIf { relative_depth } => self.br_if(sink, *relative_depth),
            O::BrTable { targets } => self.br_table(sink, targets),
            O::Return => self.br(sink, self.frames.len() as u32 - 1),
            O::Call { function_index } => {
                let ty = module.func_type(*function_index);
                self.called(ty);
                sink.op(Op::Call { func: *function_index, ty });
            }
            O::CallIndirect { type_index, table_index } => {
                let ty = &module.types[*type_index as usize];
                self.height -= 1;
                self.called(ty);
                sink.op(Op::CallIndirect { type_index: *type_index, ty, table: *table_index });
            }
            O::Drop => {
                self.height -= 1;
                sink.op(Op::Drop(1));
            }
            O::Select | O::TypedSelect { .. } => {
                self.height -= 2;
                sink.op(Op::Select);
            }
            O::LocalGet { local_index } => {
                sink.op(Op::Pick(self.depth_of(*local_index)));
                self.height += 1;
            }
            O::LocalSet { local_index } => {
                sink.op(Op::Put(self.depth_of(*local_index)));
                self.height -= 1;
            }
            O::LocalTee { local_index } => sink.op(Op::Tee(self.depth_of(*local_index))),
            O::GlobalGet { global_index } => {
                self.height += 1;
                let ty = module.globals[*global_index as usize].content;
                sink.op(Op::GlobalGet { index: *global_index, ty });
            }
            O::GlobalSet { global_index } => {
                self.height -= 1;
                sink.op(Op::GlobalSet(*global_index));
            }
            O::I32Const { value } => self.constant(sink, Const::I32(*value)),
            O::I64Const { value } => self.constant(sink, Const::I64(*value)),
            O::F32Const { value } => self.constant(sink, Const::F32(value.bits())),
            O::F64Const { value } => self.constant(sink, Const::F64(value.bits())),
            O::RefNull { hty } => {
                let ty = match *hty {
                    wasmparser::HeapType::EXTERN => Type::ExternRef,
                    _ => Type::FuncRef,
                };
                self.constant(sink, Const::Null(ty));
            }
            O::RefIsNull => self.unary(sink, Unary::FuncRefIsNull),
            O::RefFunc { function_index } => {
                self.height += 1;
                sink.op(Op::RefFunc(*function_index));
            }
            O::MemorySize { .. } => {
                self.height += 1;
                sink.op(Op::MemorySize);
            }
            O::MemoryGrow { .. } => sink.op(Op::MemoryGrow),
            O::MemoryFill { .. } => {
                self.height -= 3;
                sink.op(Op::MemoryFill);
            }
            O::MemoryCopy { .. } => {
                self.height -= 3;
                sink.op(Op::MemoryCopy);
            }
            O::MemoryInit { data_index, .. } => {
                self.height -= 3;
                sink.op(Op::MemoryInit(*data_index));
            }
            O::DataDrop { data_index } => sink.op(Op::DataDrop(*data_index)),
            O::TableGet { table } => {
                sink.op(Op::TableGet { table: *table, ty: module.tables[*table as usize].element });
            }
            O::TableSet { table } => {
                self.height -= 2;
                sink.op(Op::TableSet(*table));
            }
            O::TableSize { table } => {
                self.height += 1;
                sink.op(Op::TableSize(*table));
            }
            O::TableGrow { table } => {
                self.height -= 1;
                sink.op(Op::TableGrow(*table));
            }
            O::TableFill { table } => {
                self.height -= 3;
                sink.op(Op::TableFill(*table));
            }
            O::TableCopy { dst_table, src_table } => {
                self.height -= 3;
                sink.op(Op::TableCopy { dst: *dst_table, src: *src_table });
            }
            O::TableInit { elem_index, table } => {
                self.height -= 3;
                sink.op(Op::TableInit { segment: *elem_index, table: *table });
            }
            O::ElemDrop { elem_index } => sink.op(Op::ElemDrop(*elem_index)),
            O::I32Eqz => self.unary(sink, Unary::I32Eqz),
            O::I32Clz => self.unary(sink, Unary::I32Clz),
            O::I32Ctz => self.unary(sink, Unary::I32Ctz),
            O::I32Popcnt => self.unary(sink, Unary::I32Popcnt),
            O::I32Extend8S => self.unary(sink, Unary::I32Extend8S),
            O::I32Extend16S => self.unary(sink, Unary::I32Extend16S),
            O::I64Eqz => self.unary(sink, Unary::I64Eqz),
            O::I64Clz => self.unary(sink, Unary::I64Clz),
            O::I64Ctz => self.unary(sink, Unary::I64Ctz),
            O::I64Popcnt => self.unary(sink, Unary::I64Popcnt),
            O::I64Extend8S => self.unary(sink, Unary::I64Extend8S),
            O::I64Extend16S => self.unary(sink, Unary::I64Extend16S),
            O::I64Extend32S => self.unary(sink, Unary::I64Extend32S),
            O::F32Abs => self.unary(sink, Unary::F32Abs),
            O::F32Neg => self.unary(sink, Unary::F32Neg),
            O::F32Ceil => self.unary(sink, Unary::F32Ceil),
            O::F32Floor => self.unary(sink, Unary::F32Floor),
            O::F32Trunc => self.unary(sink, Unary::F32Trunc),
            O::F32Nearest => self.unary(sink, Unary::F32Nearest),
            O::F32Sqrt => self.unary(sink, Unary::F32Sqrt),
            O::F64Abs => self.unary(sink, Unary::F64Abs),
            O::F64Neg => self.unary(sink, Unary::F64Neg),
            O::F64Ceil => self.unary(sink, Unary::F64Ceil),
            O::F64Floor => self.unary(sink, Unary::F64Floor),
            O::F64Trunc => self.unary(sink, Unary::F64Trunc),
            O::F64Nearest => self.unary(sink, Unary::F64Nearest),
            O::F64Sqrt => self.unary(sink, Unary::F64Sqrt),
            O::I32WrapI64 => self.unary(sink, Unary::I32WrapI64),
            O::I64ExtendI32S => self.unary(sink, Unary::I64ExtendI32S),
            O::I64ExtendI32U => self.unary(sink, Unary::I64ExtendI32U),
            O::I32TruncF32S => self.unary(sink, Unary::I32TruncF32S),
            O::I32TruncSatF32S => self.unary(sink, Unary::I32TruncSatF32S),
            O::I32TruncF32U => self.unary(sink, Unary::I32TruncF32U),
            O::I32TruncSatF32U => self.unary(sink, Unary::I32TruncSatF32U),
            O::I32TruncF64S => self.unary(sink, Unary::I32TruncF64S),
            O::I32TruncSatF64S => self.unary(sink, Unary::I32TruncSatF64S),
            O::I32TruncF64U => self.unary(sink, Unary::I32TruncF64U),
            O::I32TruncSatF64U => self.unary(sink, Unary::I32TruncSatF64U),
            O::I64TruncF32S => self.unary(sink, Unary::I64TruncF32S),
            O::I64TruncSatF32S => self.unary(sink, Unary::I64TruncSatF32S),
            O::I64TruncF32U => self.unary(sink, Unary::I64TruncF32U),
            O::I64TruncSatF32U => self.unary(sink, Unary::I64TruncSatF32U),
            O::I64TruncF64S => self.unary(sink, Unary::I64TruncF64S),
            O::I64TruncSatF64S => self.unary(sink, Unary::I64TruncSatF64S),
            O::I64TruncF64U => self.unary(sink, Unary::I64TruncF64U),
            O::I64TruncSatF64U => self.unary(sink, Unary::I64TruncSatF64U),
            O::F32ConvertI32S => self.unary(sink, Unary::F32ConvertI32S),
            O::F32ConvertI32U => self.unary(sink, Unary::F32ConvertI32U),
            O::F32ConvertI64S => self.unary(sink, Unary::F32ConvertI64S),
            O::F32ConvertI64U => self.unary(sink, Unary::F32ConvertI64U),
            O::F64ConvertI32S => self.unary(sink, Unary::F64ConvertI32S),
            O::F64ConvertI32U => self.unary(sink, Unary::F64ConvertI32U),
            O::F64ConvertI64S => self.unary(sink, Unary::F64ConvertI64S),
            O::F64ConvertI64U => self.unary(sink, Unary::F64ConvertI64U),
            O::F32DemoteF64 => self.unary(sink, Unary::F32DemoteF64),
            O::F64PromoteF32 => self.unary(sink, Unary::F64PromoteF32),
            O::I32ReinterpretF32 => self.unary(sink, Unary::I32ReinterpretF32),
            O::I64ReinterpretF64 => self.unary(sink, Unary::I64ReinterpretF64),
            O::F32ReinterpretI32 => self.unary(sink, Unary::F32ReinterpretI32),
            O::F64ReinterpretI64 => self.unary(sink, Unary::F64ReinterpretI64),
            O::I32Add => self.binary(sink, Binary::I32Add),
            O::I32Sub => self.binary(sink, Binary::I32Sub),
            O::I32Mul => self.binary(sink, Binary::I32Mul),
            O::I32DivS => self.binary(sink, Binary::I32DivS),
            O::I32DivU => self.binary(sink, Binary::I32DivU),
            O::I32RemS => self.binary(sink, Binary::I32RemS),
            O::I32RemU => self.binary(sink, Binary::I32RemU),
            O::I32And => self.binary(sink, Binary::I32And),
            O::I32Or => self.binary(sink, Binary::I32Or),
            O::I32Xor => self.binary(sink, Binary::I32Xor),
            O::I32Shl => self.binary(sink, Binary::I32Shl),
            O::I32ShrS => self.binary(sink, Binary::I32ShrS),
            O::I32ShrU => self.binary(sink, Binary::I32ShrU),
            O::I32Rotl => self.binary(sink, Binary::I32Rotl),
            O::I32Rotr => self.binary(sink, Binary::I32Rotr),
            O::I64Add => self.binary(sink, Binary::I64Add),
            O::I64Sub => self.binary(sink, Binary::I64Sub),
            O::I64Mul => self.binary(sink, Binary::I64Mul),
            O::I64DivS => self.binary(sink, Binary::I64DivS),
            O::I64DivU => self.binary(sink, Binary::I64DivU),
            O::I64RemS => self.binary(sink, Binary::I64RemS),
            O::I64RemU => self.binary(sink, Binary::I64RemU),
            O::I64And => self.binary(sink, Binary::I64And),
            O::I64Or => self.binary(sink, Binary::I64Or),
            O::I64Xor => self.binary(sink, Binary::I64Xor),
            O::I64Shl => self.binary(sink, Binary::I64Shl),
            O::I64ShrS => self.binary(sink, Binary::I64ShrS),
            O::I64ShrU => self.binary(sink, Binary::I64ShrU),
            O::I64Rotl => self.binary(sink, Binary::I64Rotl),
            O::I64Rotr => self.binary(sink, Binary::I64Rotr),
            O::F32Add => self.binary(sink, Binary::F32Add),
            O::F32Sub => self.binary(sink, Binary::F32Sub),
            O::F32Mul => self.binary(sink, Binary::F32Mul),
            O::F32Div => self.binary(sink, Binary::F32Div),
            O::F32Min => self.binary(sink, Binary::F32Min),
            O::F32Max => self.binary(sink, Binary::F32Max),
            O::F32Copysign => self.binary(sink, Binary::F32Copysign),
            O::F64Add => self.binary(sink, Binary::F64Add),
            O::F64Sub => self.binary(sink, Binary::F64Sub),
            O::F64Mul => self.binary(sink, Binary::F64Mul),
            O::F64Div => self.binary(sink, Binary::F64Div),
            O::F64Min => self.binary(sink, Binary::F64Min),
            O::F64Max => self.binary(sink, Binary::F64Max),
            O::F64Copysign => self.binary(sink, Binary::F64Copysign),
            O::I32Eq => self.compare(sink, Compare::I32Eq),
            O::I32Ne => self.compare(sink, Compare::I32Ne),
            O::I32LtS => self.compare(sink, Compare::I32LtS),
            O::I32LtU => self.compare(sink, Compare::I32LtU),
            O::I32GtS => self.compare(sink, Compare::I32GtS),
            O::I32GtU => self.compare(sink, Compare::I32GtU),
            O::I32LeS => self.compare(sink, Compare::I32LeS),
            O::I32LeU => self.compare(sink, Compare::I32LeU),
            O::I32GeS => self.compare(sink, Compare::I32GeS),
            O::I32GeU => self.compare(sink, Compare::I32GeU),
            O::I64Eq => self.compare(sink, Compare::I64Eq),
            O::I64Ne => self.compare(sink, Compare::I64Ne),
            O::I64LtS => self.compare(sink, Compare::I64LtS),
            O::I64LtU => self.compare(sink, Compare::I64LtU),
            O::I64GtS => self.compare(sink, Compare::I64GtS),
            O::I64GtU => self.compare(sink, Compare::I64GtU),
            O::I64LeS => self.compare(sink, Compare::I64LeS),
            O::I64LeU => self.compare(sink, Compare::I64LeU),
            O::I64GeS => self.compare(sink, Compare::I64GeS),
            O::I64GeU => self.compare(sink, Compare::I64GeU),
            O::F32Eq => self.compare(sink, Compare::F32Eq),
            O::F32Ne => self.compare(sink, Compare::F32Ne),
            O::F32Lt => self.compare(sink, Compare::F32Lt),
            O::F32Gt => self.compare(sink, Compare::F32Gt),
            O::F32Le => self.compare(sink, Compare::F32Le),
            O::F32Ge => self.compare(sink, Compare::F32Ge),
            O::F64Eq => self.compare(sink, Compare::F64Eq),
            O::F64Ne => self.compare(sink, Compare::F64Ne),
            O::F64Lt => self.compare(sink, Compare::F64Lt),
            O::F64Gt => self.compare(sink, Compare::F64Gt),
            O::F64Le => self.compare(sink, Compare::F64Le),
            O::F64Ge => self.compare(sink, Compare::F64Ge),
            O::I32Load { memarg } => self.load(sink, Load::I32Load, memarg),
            O::I64Load { memarg } => self.load(sink, Load::I64Load, memarg),
            O::F32Load { memarg } => self.load(sink, Load::F32Load, memarg),
            O::F64Load { memarg } => self.load(sink, Load::F64Load, memarg),
            O::I32Load8S { memarg } => self.load(sink, Load::I32Load8S, memarg),
            O::I32Load8U { memarg } => self.load(sink, Load::I32Load8U, memarg),
            O::I32Load16S { memarg } => self.load(sink, Load::I32Load16S, memarg),
            O::I32Load16U { memarg } => self.load(sink, Load::I32Load16U, memarg),
            O::I64Load8S { memarg } => self.load(sink, Load::I64Load8S, memarg),
            O::I64Load8U { memarg } => self.load(sink, Load::I64Load8U, memarg),
            O::I64Load16S { memarg } => self.load(sink, Load::I64Load16S, memarg),
            O::I64Load16U { memarg } => self.load(sink, Load::I64Load16U, memarg),
            O::I64Load32S { memarg } => self.load(sink, Load::I64Load32S, memarg),
            O::I64Load32U { memarg } => self.load(sink, Load::I64Load32U, memarg),
            O::I32Store { memarg } => self.store(sink, Store::I32Store, memarg),
            O::I64Store { memarg } => self.store(sink, Store::I64Store, memarg),
            O::F32Store { memarg } => self.store(sink, Store::F32Store, memarg),
            O::F64Store { memarg } => self.store(sink, Store::F64Store, memarg),
            O::I32Store8 { memarg } => self.store(sink, Store::I32Store8, memarg),
            O::I32Store16 { memarg } => self.store(sink, Store::I32Store16, memarg),
            O::I64Store8 { memarg } => self.store(sink, Store::I64Store8, memarg),
            O::I64Store16 { memarg } => self.store(sink, Store::I64Store16, memarg),
            O::I64Store32 { memarg } => self.store(sink, Store::I64Store32, memarg),
            _ => unreachable!("validation admits Wasm 2.0 without vectors only: {operator:?}"),
        }
    }
}
