//! A function's operators as bytes, with what decides which of them belong together: how much each takes from the
//! stack and puts there, and where its block ends.

use super::change;
use crate::rewrite::bodies::rebuild;
use crate::value::{FuncIdentity, Value, ValueType};
use std::ops::Range;
use wasm_encoder::{ConstExpr, Encode, Instruction};
use wasmparser::{
    BlockType, FuncValidatorAllocations, FunctionBody, Operator, Parser, ValidPayload, Validator, WasmFeatures,
};

/// Which part of a block an operator is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// It opens a block, a loop or an `if`.
    Opener,
    /// `else`.
    Else,
    /// `end`.
    End,
    /// It is no part.
    None,
}

/// What a call calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Callee {
    /// A function.
    Direct(u32),
    /// An element of a table, of a type.
    Indirect {
        /// The table.
        table: u32,
        /// The type's index.
        ty: u32,
    },
}

/// An operator.
#[derive(Debug, Clone)]
pub(super) struct Op {
    /// Its encoding.
    pub bytes: Vec<u8>,
    /// Its byte offset in the module.
    pub offset: u64,
    /// Its name.
    pub name: &'static str,
    /// The value that it pushes, if it is a constant number.
    pub value: Option<Value>,
    /// The local that it names.
    pub local: Option<u32>,
    /// The labels that it branches to; a default comes last.
    pub labels: Vec<u32>,
    /// Operands, of a whole block for one that opens it.
    pub pops: u32,
    /// Results, of a whole block for its `end`.
    pub pushes: u32,
    /// The types of the operands, the last one last, for a block of all that it takes. Fewer in unreachable code.
    pub operands: Vec<ValueType>,
    /// The types of the results, the last one last.
    pub results: Vec<ValueType>,
    /// What it calls.
    pub callee: Option<Callee>,
    /// Values on the stack before it.
    pub height: u32,
    /// Which part of a block it is.
    pub part: Part,
    /// The other end of its block, for `end` and what opens one.
    pub partner: usize,
    /// The `else` of an `if`.
    pub other: Option<usize>,
}

/// A function's body.
#[derive(Debug, Clone)]
pub(super) struct Body {
    /// The number among the defined functions.
    pub func: u32,
    /// How many parameters there are.
    pub params: u32,
    /// The locals that are no parameters.
    pub locals: Vec<ValueType>,
    /// The operators; the last is the function's `end`.
    pub ops: Vec<Op>,
}

impl Body {
    /// Reads the body of this defined function. `None` if the module is not valid or has none.
    pub fn read(wasm: &[u8], func: u32) -> Option<Body> {
        let mut validator = Validator::new_with_features(WasmFeatures::WASM2.union(WasmFeatures::RELAXED_SIMD));
        let mut next = 0;
        for payload in Parser::new(0).parse_all(wasm) {
            if let ValidPayload::Func(function, body) = validator.payload(&payload.ok()?).ok()? {
                if next == func {
                    let validator = function.into_validator(FuncValidatorAllocations::default());
                    return operators(wasm, func, validator, &body);
                }
                next += 1;
            }
        }
        None
    }

    /// The operators that a block has, its ends included, or one operator alone.
    pub fn unit_ending_at(&self, end: usize) -> Range<usize> {
        match self.ops[end].part {
            Part::End if self.ops[end].partner < end => self.ops[end].partner..end + 1,
            _ => end..end + 1,
        }
    }

    /// What a unit takes from the stack and puts there.
    fn arity(&self, unit: &Range<usize>) -> (u32, u32) {
        (self.ops[unit.start].pops, self.ops[unit.end - 1].pushes)
    }

    /// Where the units begin that compute the last `need` values before this operator. `None` if a block begins
    /// before they do.
    pub fn operands(&self, mut before: usize, mut need: u32) -> Option<usize> {
        while need > 0 {
            let end = before.checked_sub(1)?;
            if matches!(self.ops[end].part, Part::Opener | Part::Else) {
                return None;
            }
            let unit = self.unit_ending_at(end);
            let (pops, pushes) = self.arity(&unit);
            need = need.saturating_sub(pushes).saturating_add(pops);
            before = unit.start;
        }
        Some(before)
    }

    /// The unit that ends here, with all that computes its operands. `None` for what is no unit by itself.
    pub fn expression(&self, end: usize) -> Option<Range<usize>> {
        if matches!(self.ops[end].part, Part::Opener | Part::Else) || end + 1 == self.ops.len() {
            return None;
        }
        let unit = self.unit_ending_at(end);
        let start = self.operands(unit.start, self.arity(&unit).0)?;
        Some(start..unit.end)
    }

    /// The module with another body in the place of this one.
    pub fn splice(&self, wasm: &[u8], locals: &[ValueType], ops: &[&[u8]]) -> Option<Vec<u8>> {
        let new = change::encoded(locals, &ops.concat());
        rebuild(wasm, |_, _| Ok(false), |func, _| Ok((func == self.func).then(|| new.clone()))).ok()
    }

    /// The module with some operators replaced.
    pub fn replace(&self, wasm: &[u8], range: Range<usize>, with: &[&[u8]]) -> Option<Vec<u8>> {
        let mut ops: Vec<&[u8]> = self.ops[..range.start].iter().map(|op| &op.bytes[..]).collect();
        ops.extend(with);
        ops.extend(self.ops[range.end..].iter().map(|op| &op.bytes[..]));
        self.splice(wasm, &self.locals, &ops)
    }
}

/// The operator that pushes a value; `None` for references that are not null.
pub(super) fn constant(value: Value) -> Option<Vec<u8>> {
    use wasm_encoder::{HeapType, Ieee32, Ieee64};
    let instruction = match value {
        Value::I32(v) => Instruction::I32Const(v as i32),
        Value::I64(v) => Instruction::I64Const(v as i64),
        Value::F32(bits) => Instruction::F32Const(Ieee32::new(bits)),
        Value::F64(bits) => Instruction::F64Const(Ieee64::new(bits)),
        Value::V128(bits) => Instruction::V128Const(bits as i128),
        Value::FuncRef(FuncIdentity::Null) => Instruction::RefNull(HeapType::FUNC),
        Value::ExternRef(None) => Instruction::RefNull(HeapType::EXTERN),
        Value::FuncRef(_) | Value::ExternRef(Some(_)) => return None,
    };
    Some(encoded(&instruction))
}

/// The value of a constant expression that [`constant`] has an operator for.
pub(super) fn constant_expression(ty: ValueType) -> ConstExpr {
    ConstExpr::raw(constant(ty.zero()).unwrap_or_default())
}

/// An operator's bytes.
pub(super) fn encoded(instruction: &Instruction<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    instruction.encode(&mut bytes);
    bytes
}

fn operators(
    wasm: &[u8],
    func: u32,
    mut validator: wasmparser::FuncValidator<wasmparser::ValidatorResources>,
    body: &FunctionBody<'_>,
) -> Option<Body> {
    let params = validator.len_locals();
    validator.read_locals(&mut body.get_binary_reader()).ok()?;
    let locals = (params..validator.len_locals()).map(|local| ValueType::from_parser(validator.get_local_type(local)?));
    let locals = locals.collect::<Option<Vec<_>>>()?;
    let mut ops: Vec<Op> = Vec::new();
    let mut open: Vec<(usize, (u32, u32))> = Vec::new();
    let mut reader = body.get_operators_reader().ok()?;
    while !reader.eof() {
        let offset = reader.original_position();
        let operator = reader.read().ok()?;
        let bytes = wasm[offset as usize..reader.original_position() as usize].to_vec();
        let mut op = Op {
            bytes,
            offset,
            name: crate::rewrite::operators::name(&operator),
            value: value(&operator),
            local: local(&operator),
            labels: labels(&operator)?,
            pops: 0,
            pushes: 0,
            operands: Vec::new(),
            results: Vec::new(),
            callee: callee(&operator),
            height: validator.operand_stack_height(),
            part: Part::None,
            partner: ops.len(),
            other: None,
        };
        match operator {
            Operator::Block { blockty } | Operator::Loop { blockty } | Operator::If { blockty } => {
                let (params, results) = block_type(&validator, blockty)?;
                op.part = Part::Opener;
                op.operands = params;
                op.operands.extend(matches!(operator, Operator::If { .. }).then_some(ValueType::I32));
                op.pops = op.operands.len() as u32;
                open.push((ops.len(), (op.pops, results)));
            }
            Operator::Else => {
                op.part = Part::Else;
                let opener = open.last()?.0;
                ops[opener].other = Some(ops.len());
            }
            Operator::End => {
                op.part = Part::End;
                if let Some((opener, (_, pushes))) = open.pop() {
                    op.partner = opener;
                    op.pushes = pushes;
                    ops[opener].partner = ops.len();
                }
            }
            _ => (op.pops, op.pushes) = operator.operator_arity(&validator.visitor(offset))?,
        }
        if op.part != Part::Opener {
            // Below what the block may take, in code that cannot be reached, lie the operands of others.
            let base = validator.get_control_frame(0)?.height;
            let there = validator.operand_stack_height() as usize - base;
            op.operands = top(&validator, op.pops.min(there as u32));
        }
        validator.op(offset, &operator).ok()?;
        if op.part != Part::Opener {
            op.results = top(&validator, op.pushes);
        }
        ops.push(op);
    }
    Some(Body { func, params, locals, ops })
}

/// The types of the topmost values, as far as they are known.
fn top(validator: &wasmparser::FuncValidator<wasmparser::ValidatorResources>, count: u32) -> Vec<ValueType> {
    let types = (0..count as usize).rev().map(|depth| validator.get_operand_type(depth).flatten());
    let known = |ty: wasmparser::ValType| match ty {
        // What `ref.func` gives has a type of its own.
        wasmparser::ValType::Ref(ty) if !ty.is_extern_ref() => Some(ValueType::FuncRef),
        ty => ValueType::from_parser(ty),
    };
    types.map_while(|ty| known(ty?)).collect()
}

fn callee(operator: &Operator<'_>) -> Option<Callee> {
    match operator {
        Operator::Call { function_index } => Some(Callee::Direct(*function_index)),
        Operator::CallIndirect { type_index, table_index } => {
            Some(Callee::Indirect { table: *table_index, ty: *type_index })
        }
        _ => None,
    }
}

fn value(operator: &Operator<'_>) -> Option<Value> {
    Some(match operator {
        Operator::I32Const { value } => Value::I32(*value as u32),
        Operator::I64Const { value } => Value::I64(*value as u64),
        Operator::F32Const { value } => Value::F32(value.bits()),
        Operator::F64Const { value } => Value::F64(value.bits()),
        _ => return None,
    })
}

fn local(operator: &Operator<'_>) -> Option<u32> {
    match operator {
        Operator::LocalGet { local_index }
        | Operator::LocalSet { local_index }
        | Operator::LocalTee { local_index } => Some(*local_index),
        _ => None,
    }
}

fn labels(operator: &Operator<'_>) -> Option<Vec<u32>> {
    Some(match operator {
        Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => vec![*relative_depth],
        Operator::BrTable { targets } => {
            let mut labels = targets.targets().collect::<Result<Vec<_>, _>>().ok()?;
            labels.push(targets.default());
            labels
        }
        _ => Vec::new(),
    })
}

/// The types of a block's parameters, and how many results it has.
fn block_type(
    validator: &wasmparser::FuncValidator<wasmparser::ValidatorResources>,
    ty: BlockType,
) -> Option<(Vec<ValueType>, u32)> {
    use wasmparser::WasmModuleResources;
    Some(match ty {
        BlockType::Empty => (Vec::new(), 0),
        BlockType::Type(_) => (Vec::new(), 1),
        BlockType::FuncType(index) => {
            let ty = validator.resources().sub_type_at(index)?.unwrap_func();
            let params = ty.params().iter().map(|ty| ValueType::from_parser(*ty)).collect::<Option<_>>()?;
            (params, ty.results().len() as u32)
        }
    })
}
