//! Every operator on vectors, compiled and run, against what [`eval`] says: with each kind of operand, with and
//! without AVX.

use crate::compile::{CompilerConfig, OperatorCompiler};
use crate::microwasm::{Const, Lane, Load, LoadLane, MemArg, Op, Sink, StoreLane, Target, Type, Vector, eval};
use crate::runtime::engine::{Config, Engine};
use crate::runtime::instance::Instance;
use crate::runtime::module::Module;
use crate::runtime::store::Store;
use crate::wasm::module::{ConstExpr, DataSegment, Export, ExportKind, Limits, MemoryType, ModuleInfo, SegmentMode};
use crate::x64::features::CpuFeatures;
use crate::{FuncType, Val};
use rand::{Rng, SeedableRng, rngs::StdRng};

/// How an operator comes by its operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// From parameters, which are read again afterwards.
    Kept,
    /// From parameters, for the last time.
    LastUse,
    /// All vectors are the same parameter.
    Same,
    /// Vectors are constants.
    Constant,
    /// The first vector is the constant zero.
    ZeroFirst,
    /// The last vector is the constant zero.
    ZeroLast,
    /// Vectors are loaded from memory one by one.
    Loaded,
    /// The result overwrites the first parameter of its type, if there is one.
    Overwrites,
}

const KINDS: [Kind; 8] = [
    Kind::Kept,
    Kind::LastUse,
    Kind::Same,
    Kind::Constant,
    Kind::ZeroFirst,
    Kind::ZeroLast,
    Kind::Loaded,
    Kind::Overwrites,
];

/// What an operator computes of its operands' bits.
type Expected = Box<dyn Fn(&[u128]) -> u128>;

/// An operator with its operands' types, and what it computes of their bits.
struct Case {
    name: String,
    op: Op<'static>,
    operands: &'static [Type],
    result: Type,
    expected: Expected,
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for op in Vector::ALL {
        cases.push(Case {
            name: op.name().to_string(),
            op: Op::Vector(*op),
            operands: op.operands(),
            result: op.result(),
            expected: Box::new(|bits| {
                let operand = |n: usize| bits.get(n).copied().unwrap_or(0);
                eval::vector(*op, [operand(0), operand(1), operand(2)])
            }),
        });
    }
    for op in Lane::ALL {
        for lane in [0, 1, op.lanes() - 1] {
            cases.push(Case {
                name: format!("{} {lane}", op.name()),
                op: Op::Lane(*op, lane),
                operands: op.operands(),
                result: op.result(),
                expected: Box::new(move |bits| match bits {
                    [vector, value] => eval::replace_lane(*op, lane, *vector, *value as u64),
                    bits => eval::extract_lane(*op, lane, bits[0]).into(),
                }),
            });
        }
    }
    let mut rng = StdRng::seed_from_u64(3);
    let mut shuffle = |numbers: [u8; 16]| {
        cases.push(Case {
            name: format!("i8x16.shuffle {numbers:?}"),
            op: Op::Shuffle(numbers),
            operands: &[Type::V128, Type::V128],
            result: Type::V128,
            expected: Box::new(move |bits| eval::shuffle(numbers, bits[0], bits[1])),
        });
    };
    for lanes in [1, 2, 4, 8] {
        for _ in 0..40 {
            let mut numbers = [0; 16];
            for group in numbers.chunks_mut(lanes) {
                let first = rng.random_range(0..32 / lanes as u8) * lanes as u8;
                group.iter_mut().zip(first..).for_each(|(number, byte)| *number = byte);
            }
            shuffle(numbers);
        }
        // The two operands interleaved, and pieces of both in a row.
        for first in [0, 8, 16, 24] {
            shuffle(std::array::from_fn(|n| {
                let (lane, within) = (n / lanes, n % lanes);
                (first + lane / 2 * lanes + within + lane % 2 * 16) as u8 % 32
            }));
        }
    }
    for first in 0..32 {
        shuffle(std::array::from_fn(|n| (first + n as u8) % 32));
        shuffle(std::array::from_fn(|n| first / 16 * 16 + (first + n as u8) % 16));
    }
    cases
}

/// The operand that is zero instead.
fn zeroed(case: &Case, kind: Kind) -> Option<usize> {
    let mut vectors = (0..case.operands.len()).filter(|n| case.operands[*n] == Type::V128);
    match kind {
        Kind::ZeroFirst => vectors.next(),
        Kind::ZeroLast => vectors.next_back(),
        _ => None,
    }
}

/// The operator as a function of its operands. What is kept is returned after the result.
fn function(case: &Case, kind: Kind, values: &[u128]) -> (FuncType, Vec<Op<'static>>) {
    let mut ops = Vec::new();
    let mut vector = None;
    for (position, (ty, bits)) in (0..).zip(case.operands.iter().zip(values)) {
        let first = *vector.get_or_insert(position);
        match kind {
            Kind::Same if *ty == Type::V128 => ops.push(Op::Pick(first)),
            Kind::ZeroFirst | Kind::ZeroLast if Some(position as usize) == zeroed(case, kind) => {
                ops.push(Op::Const(Const::V128([0; 16])));
            }
            Kind::Constant if *ty == Type::V128 => ops.push(Op::Const(Const::V128(bits.to_le_bytes()))),
            Kind::Loaded if *ty == Type::V128 => {
                ops.push(Op::Const(Const::I32(position as i32 * 16)));
                ops.push(Op::Load(Load::V128Load, MemArg { offset: 1 }));
            }
            _ => ops.push(Op::Pick(position)),
        }
    }
    ops.push(case.op);
    let mut results = vec![case.result];
    let overwritten = case.operands.iter().position(|ty| *ty == case.result);
    match (kind, overwritten) {
        (Kind::Overwrites, Some(position)) => {
            ops.push(Op::Put(position as u32));
            ops.push(Op::Pick(position as u32));
        }
        (Kind::LastUse, _) => {}
        _ => {
            for (position, ty) in (0..).zip(case.operands) {
                ops.push(Op::Pick(position));
                results.push(*ty);
            }
        }
    }
    ops.push(Op::Br(Target::Return));
    (FuncType { params: case.operands.into(), results: results.into() }, ops)
}

fn value(ty: Type, bits: u128) -> Val {
    match ty {
        Type::I32 => Val::I32(bits as i32),
        Type::I64 => Val::I64(bits as i64),
        Type::F32 => Val::F32(bits as u32),
        Type::F64 => Val::F64(bits as u64),
        _ => Val::V128(bits),
    }
}

fn bits(value: Val) -> u128 {
    match value {
        Val::I32(value) => u128::from(value as u32),
        Val::I64(value) => u128::from(value as u64),
        Val::F32(bits) => bits.into(),
        Val::F64(bits) => bits.into(),
        Val::V128(bits) => bits,
        other => panic!("{other:?} is no number"),
    }
}

/// Whether lanes are equal, or NaNs both. Only for operators whose lanes are floats of this size.
fn same_floats(single: bool, a: u128, b: u128) -> bool {
    let lane = |bits: u128, n: u32| -> Option<u64> {
        if single {
            let bits = (bits >> (32 * n)) as u32;
            (!f32::from_bits(bits).is_nan()).then_some(bits.into())
        } else {
            let bits = (bits >> (64 * n)) as u64;
            (!f64::from_bits(bits).is_nan()).then_some(bits)
        }
    };
    (0..if single { 4 } else { 2 }).all(|n| lane(a, n) == lane(b, n))
}

fn agree(case: &Case, ours: u128, expected: u128) -> bool {
    let float = match case.op {
        Op::Vector(op) if op.result() == Type::V128 => {
            op.name().starts_with("f32x4").then_some(true).or_else(|| op.name().starts_with("f64x2").then_some(false))
        }
        _ => None,
    };
    ours == expected || float.is_some_and(|single| same_floats(single, ours, expected))
}

/// Lanes that are edges of something, or random.
fn random_bits(rng: &mut StdRng, ty: Type) -> u128 {
    const EDGES: [u64; 16] = [
        0,
        1,
        0x7f,
        0x80,
        0x7fff_8000_7fff_8000,
        0x8000_0000_7fff_ffff,
        0x8000_0000_0000_0000,
        u64::MAX,
        0x7f80_0000_ff80_0000,
        0x7fc0_0000_7fa0_0001,
        0x4f00_0000_cf00_0000,
        0x4f7f_ffff_4eff_ffff,
        0x7ff8_0000_0000_0000,
        0x41df_ffff_ffc0_0000,
        0xc1e0_0000_0020_0000,
        0x41ef_ffff_ffe0_0001,
    ];
    if ty != Type::V128 && rng.random_range(0..4) > 0 {
        return rng.random_range(0..140);
    }
    let mut half = || match rng.random_range(0..3) {
        0 => EDGES[rng.random_range(0..EDGES.len())],
        1 => rng.random::<u64>(),
        _ => {
            u64::from(rng.random_range(0..10_u32) as f32 as u32) << 32
                | u64::from((rng.random::<f32>() * 1e9).to_bits())
        }
    };
    let bits = u128::from(half()) << 64 | u128::from(half());
    match ty {
        Type::I32 | Type::F32 => bits & 0xffff_ffff,
        Type::I64 | Type::F64 => bits & 0xffff_ffff_ffff_ffff,
        _ => bits,
    }
}

/// Compiles functions into one module with a memory, whose content is given.
fn instance(features: CpuFeatures, functions: &[(FuncType, Vec<Op<'_>>)], memory: Vec<u8>) -> (Store<()>, Instance) {
    let info = ModuleInfo {
        types: functions.iter().map(|(ty, _)| ty.clone()).collect(),
        funcs: (0..functions.len() as u32).collect(),
        memories: vec![MemoryType { limits: Limits { min: 1, max: None } }],
        exports: (0..functions.len() as u32)
            .map(|n| Export { name: n.to_string().into(), kind: ExportKind::Func(n) })
            .chain([Export { name: "memory".into(), kind: ExportKind::Memory(0) }])
            .collect(),
        ..ModuleInfo::default()
    };
    let config = CompilerConfig { features, ..CompilerConfig::native().expect("SSE4.1") };
    let engine = Engine::new(Config::new().cpu_features(features)).expect("this CPU will do");
    let mut compiler = OperatorCompiler::new(&config);
    compiler.module(&info);
    for (index, (ty, ops)) in (0..).zip(functions) {
        compiler.begin(index, ty, 0);
        ops.iter().for_each(|op| compiler.op(*op));
        compiler.end();
    }
    let mode = SegmentMode::Active { index: 0, offset: ConstExpr::Const(Const::I32(0)) };
    let compiled = compiler.finish(vec![DataSegment { mode, bytes: memory.into() }]).expect("by the rules");
    let module = Module::from_compiled(&engine, compiled).expect("memory for code");
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).expect("nothing is missing");
    (store, instance)
}

fn every_operator(features: CpuFeatures) {
    let mut rng = StdRng::seed_from_u64(1);
    let fused = features.fma;
    for round in 0..6 {
        for case in cases() {
            // Without the instruction they round twice, which is permitted.
            let unfused = match case.op {
                Op::Vector(
                    op @ (Vector::F32x4RelaxedMadd
                    | Vector::F32x4RelaxedNmadd
                    | Vector::F64x2RelaxedMadd
                    | Vector::F64x2RelaxedNmadd),
                ) if !fused => Some(op),
                _ => None,
            };
            let values: Vec<u128> = case.operands.iter().map(|ty| random_bits(&mut rng, *ty)).collect();
            let mut memory = vec![0];
            values.iter().for_each(|bits| memory.extend(bits.to_le_bytes()));
            let functions: Vec<_> = KINDS.iter().map(|kind| function(&case, *kind, &values)).collect();
            let (mut store, instance) = instance(features, &functions, memory);
            for (index, kind) in KINDS.iter().enumerate() {
                let params: Vec<Val> = case.operands.iter().zip(&values).map(|(ty, bits)| value(*ty, *bits)).collect();
                let mut results: Vec<Val> = functions[index].0.results.iter().map(|ty| Val::default_for(*ty)).collect();
                let func = instance.get_func(&mut store, &index.to_string()).expect("it is exported");
                func.call(&mut store, &params, &mut results).expect("nothing traps");
                let mut operands = values.clone();
                if *kind == Kind::Same {
                    let first = case.operands.iter().position(|ty| *ty == Type::V128).unwrap_or(0);
                    for (ty, bits) in case.operands.iter().zip(&mut operands) {
                        if *ty == Type::V128 {
                            *bits = values[first];
                        }
                    }
                }
                if let Some(zeroed) = zeroed(&case, *kind) {
                    operands[zeroed] = 0;
                }
                let expected = (case.expected)(&operands);
                let ours = bits(results[0]);
                let permitted = |op| {
                    let operand = |n: usize| operands.get(n).copied().unwrap_or(0);
                    eval::permits(op, [operand(0), operand(1), operand(2)], ours)
                };
                assert!(
                    agree(&case, ours, expected) || unfused.is_some_and(permitted),
                    "{} of {operands:x?} ({kind:?}, round {round}): {ours:#x} and not {expected:#x}",
                    case.name
                );
                for (kept, value) in results[1..].iter().zip(&values) {
                    let kept_is = *kind == Kind::Overwrites || bits(*kept) == *value;
                    assert!(kept_is, "{} ({kind:?}) changes an operand", case.name);
                }
            }
        }
    }
}

#[test]
fn every_operator_with_all_that_the_cpu_has() {
    every_operator(CpuFeatures::detect().expect("SSE4.1"));
}

#[test]
fn every_operator_without_avx() {
    every_operator(CpuFeatures::BASELINE);
}

#[test]
fn every_operator_with_avx_alone() {
    let cpu = CpuFeatures::detect().expect("SSE4.1");
    every_operator(CpuFeatures { avx2: false, fma: false, ..cpu });
}

/// Loads and stores of all kinds at an address that is not aligned.
fn every_access(features: CpuFeatures) {
    let mut rng = StdRng::seed_from_u64(2);
    let memory: Vec<u8> = (0..256).map(|_| rng.random()).collect();
    let at = |address: usize| {
        let bytes: [u8; 16] = memory[address..address + 16].try_into().expect("16 bytes");
        u128::from_le_bytes(bytes)
    };
    let arg = MemArg { offset: 3 };
    let operand = 0x0011_2233_4455_6677_8899_aabb_ccdd_eeff_u128;
    for op in Load::ALL.iter().filter(|op| op.result() == Type::V128) {
        let ty = FuncType { params: [Type::I32].into(), results: [Type::V128].into() };
        let ops = vec![Op::Pick(0), Op::Load(*op, arg), Op::Br(Target::Return)];
        let (mut store, instance) = instance(features, &[(ty, ops)], memory.clone());
        let func = instance.get_func(&mut store, "0").expect("it is exported");
        for address in [0, 5, 77] {
            let mut results = [Val::V128(0)];
            func.call(&mut store, &[Val::I32(address)], &mut results).expect("within the memory");
            let raw = at(address as usize + 3) & u128::MAX >> (128 - 8 * eval::load_bytes(*op));
            assert_eq!(bits(results[0]), eval::load_value(*op, raw), "{} at {address}", op.name());
        }
    }
    for op in LoadLane::ALL {
        for lane in 0..op.lanes() {
            let ty = FuncType { params: [Type::I32, Type::V128].into(), results: [Type::V128, Type::V128].into() };
            let ops = vec![Op::Pick(0), Op::Pick(1), Op::LoadLane(*op, arg, lane), Op::Pick(1), Op::Br(Target::Return)];
            let (mut store, instance) = instance(features, &[(ty, ops)], memory.clone());
            let func = instance.get_func(&mut store, "0").expect("it is exported");
            let mut results = [Val::V128(0), Val::V128(0)];
            func.call(&mut store, &[Val::I32(9), Val::V128(operand)], &mut results).expect("within the memory");
            assert_eq!(bits(results[0]), eval::load_lane(*op, lane, operand, at(12)), "{} {lane}", op.name());
            assert_eq!(bits(results[1]), operand, "{} {lane} changes its operand", op.name());
        }
    }
    for op in StoreLane::ALL {
        for lane in 0..op.lanes() {
            let ty = FuncType { params: [Type::I32, Type::V128].into(), results: [Type::V128].into() };
            let load = Op::Load(Load::V128Load, arg);
            let ops = vec![
                Op::Pick(0),
                Op::Pick(1),
                Op::StoreLane(*op, arg, lane),
                Op::Pick(0),
                load,
                Op::Br(Target::Return),
            ];
            let (mut store, instance) = instance(features, &[(ty, ops)], memory.clone());
            let func = instance.get_func(&mut store, "0").expect("it is exported");
            let mut results = [Val::V128(0)];
            func.call(&mut store, &[Val::I32(9), Val::V128(operand)], &mut results).expect("within the memory");
            let mask = u128::MAX >> (128 - 8 * u32::from(op.bytes()));
            let expected = at(12) & !mask | eval::store_lane(*op, lane, operand) & mask;
            assert_eq!(bits(results[0]), expected, "{} {lane}", op.name());
        }
    }
}

#[test]
fn every_access_with_all_that_the_cpu_has() {
    every_access(CpuFeatures::detect().expect("SSE4.1"));
}

#[test]
fn every_access_without_avx() {
    every_access(CpuFeatures::BASELINE);
}
