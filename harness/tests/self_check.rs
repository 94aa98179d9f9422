//! Shows that the comparison can fail: an engine that is wrong in one small way must be caught.

use lightbeam_harness::compare::{self, Observation};
use lightbeam_harness::engine::{Engine, Instance, Module};
use lightbeam_harness::engines::by_name;
use lightbeam_harness::generate::smith;
use lightbeam_harness::host::{Host, HostCall};
use lightbeam_harness::outcome::{Outcome, Rejection, Trap, TrapKind};
use lightbeam_harness::shape::Shape;
use lightbeam_harness::value::{FuncIdentity, Value};
use std::sync::Arc;

/// What the wrong engine does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    Result,
    TrapKind,
    TrapPlace,
    Returns,
    Memory,
    Global,
    TableElement,
    TwinMemory,
    TwinGlobal,
    TwinTableElement,
    Fuel,
    HostCall,
    Invalid,
    Start,
    Panic,
}

struct Wrong {
    inner: Box<dyn Engine>,
    fault: Fault,
}

struct WrongModule {
    inner: Box<dyn Module>,
    fault: Fault,
}

struct WrongInstance {
    inner: Box<dyn Instance>,
    fault: Fault,
    shape: Arc<Shape>,
    memory: Vec<u8>,
}

impl Engine for Wrong {
    fn name(&self) -> &str {
        "wrong"
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, Rejection> {
        match self.fault {
            Fault::Invalid => Err(Rejection::Invalid("made up".to_string())),
            Fault::Panic => panic!("made up"),
            fault => Ok(Box::new(WrongModule { inner: self.inner.compile(wasm)?, fault })),
        }
    }
}

impl Module for WrongModule {
    fn prepare(&self, shape: Arc<Shape>, host: Host) -> Result<Box<dyn Instance>, String> {
        let inner = self.inner.prepare(shape.clone(), host)?;
        Ok(Box::new(WrongInstance { inner, fault: self.fault, shape, memory: Vec::new() }))
    }
}

/// One bit of a value the other way round.
fn flip(value: Value) -> Value {
    match value {
        Value::I32(v) => Value::I32(v ^ 1),
        Value::I64(v) => Value::I64(v ^ 1 << 40),
        Value::F32(v) => Value::F32(v ^ 1),
        Value::F64(v) => Value::F64(v ^ 1 << 63),
        Value::V128(v) => Value::V128(v ^ 1),
        Value::FuncRef(FuncIdentity::Null) => Value::FuncRef(FuncIdentity::Index(0)),
        Value::FuncRef(_) => Value::FuncRef(FuncIdentity::Null),
        Value::ExternRef(None) => Value::ExternRef(Some(0)),
        Value::ExternRef(Some(token)) => Value::ExternRef(Some(token ^ 1)),
    }
}

impl WrongInstance {
    /// Whether what has this index, of so many in a module, is what the fault is about.
    fn is_wrong(&self, index: u32, each: usize, own: Fault, twin: Fault) -> bool {
        self.fault == if (index as usize) < each { own } else { twin }
    }
}

impl Instance for WrongInstance {
    fn start(&mut self) -> Outcome {
        match (self.fault, self.inner.start()) {
            (Fault::Start, Outcome::Returned(_)) => Outcome::Trapped(Trap::new(TrapKind::MemoryOutOfBounds, [])),
            (_, outcome) => outcome,
        }
    }

    fn call(&mut self, func: u32, args: &[Value]) -> Outcome {
        match (self.fault, self.inner.call(func, args)) {
            (Fault::Result, Outcome::Returned(mut values)) => {
                values.iter_mut().for_each(|value| *value = flip(*value));
                Outcome::Returned(values)
            }
            (Fault::TrapKind, Outcome::Trapped(mut trap)) => {
                let unreachable = trap.kind == TrapKind::Unreachable;
                trap.kind = if unreachable { TrapKind::MemoryOutOfBounds } else { TrapKind::Unreachable };
                Outcome::Trapped(trap)
            }
            (Fault::TrapPlace, Outcome::Trapped(mut trap)) => {
                trap.places.iter_mut().take(1).for_each(|place| place.offset += 1);
                Outcome::Trapped(trap)
            }
            (Fault::Returns, Outcome::Trapped(_)) => Outcome::Returned(Vec::new()),
            (_, outcome) => outcome,
        }
    }

    fn global(&mut self, index: u32) -> Option<Value> {
        let value = self.inner.global(index)?;
        let wrong = self.is_wrong(index, self.shape.globals.len(), Fault::Global, Fault::TwinGlobal);
        Some(if wrong { flip(value) } else { value })
    }

    fn memory(&mut self, index: u32) -> Option<&[u8]> {
        if !self.is_wrong(index, self.shape.memories.len(), Fault::Memory, Fault::TwinMemory) {
            return self.inner.memory(index);
        }
        self.memory = self.inner.memory(index)?.to_vec();
        // A memory of no pages has no byte to be wrong.
        if let Some(last) = self.memory.last_mut() {
            *last ^= 0x80;
        }
        Some(&self.memory)
    }

    fn table_size(&mut self, index: u32) -> Option<u64> {
        self.inner.table_size(index)
    }

    fn table_get(&mut self, index: u32, element: u64) -> Option<Value> {
        let value = self.inner.table_get(index, element)?;
        let wrong = self.is_wrong(index, self.shape.tables.len(), Fault::TableElement, Fault::TwinTableElement);
        Some(if wrong { flip(value) } else { value })
    }

    fn fuel(&mut self) -> Option<(u32, bool)> {
        let (fuel, out) = self.inner.fuel()?;
        Some(if self.fault == Fault::Fuel { (fuel ^ 1, out) } else { (fuel, out) })
    }

    fn refuel(&mut self, fuel: u32) {
        self.inner.refuel(fuel);
    }

    fn take_trace(&mut self) -> (Vec<HostCall>, u64) {
        let (mut calls, hash) = self.inner.take_trace();
        if self.fault == Fault::HostCall {
            calls.pop();
        }
        (calls, hash)
    }
}

/// The kinds of divergence that a fault leads to, over some generated modules.
fn kinds(fault: Fault) -> Vec<&'static str> {
    let wrong = Wrong { inner: by_name("cranelift-none").expect("Cranelift is there"), fault };
    let oracle = by_name("cranelift-none").expect("Cranelift is there");
    let mut kinds: Vec<&'static str> = (0..60)
        .filter_map(|number| compare::run(&wrong, &*oracle, &smith::case(3, number)).divergence)
        .map(|divergence| divergence.what.kind())
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

#[test]
fn every_fault_is_caught_by_the_comparison_that_it_belongs_to() {
    let expected = [
        (Fault::Result, Observation::Call),
        (Fault::TrapKind, Observation::Call),
        (Fault::TrapPlace, Observation::TrapPlace),
        (Fault::Returns, Observation::Call),
        (Fault::Memory, Observation::Memory(0, 0)),
        (Fault::Global, Observation::Global(0)),
        (Fault::TableElement, Observation::Table(0, 0)),
        (Fault::TwinMemory, Observation::Twin(Box::new(Observation::Memory(0, 0)))),
        (Fault::TwinGlobal, Observation::Twin(Box::new(Observation::Global(0)))),
        (Fault::TwinTableElement, Observation::Twin(Box::new(Observation::Table(0, 0)))),
        (Fault::Fuel, Observation::Fuel),
        (Fault::HostCall, Observation::HostCalls),
        (Fault::Invalid, Observation::Validity),
        (Fault::Panic, Observation::Compile),
        (Fault::Start, Observation::Instantiate),
    ];
    for (fault, observation) in expected {
        assert_eq!(kinds(fault), [observation.kind()], "{fault:?}");
    }
}

#[test]
fn without_a_fault_nothing_is_found() {
    assert!(kinds(Fault::None).is_empty());
}
