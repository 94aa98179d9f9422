//! Scripts on Lightbeam.

use super::embedding::{Embedding, Failure, InstanceId, ModuleId, Place};
use crate::engines::ours::{from_val_with, module, rejection, to_val, trap_kind};
use crate::engines::setup::{Delivery, Setup};
use crate::outcome::Rejection;
use crate::source::Source;
use crate::value::{FuncIdentity, Value};
use lightbeam::{
    Engine, Error, Extern, Func, FuncType, Global, GlobalType, Instance, Limits, Linker, Memory, MemoryType, Module,
    Store, Table, TableType, Val, ValType,
};

/// A store of Lightbeam's, with its linker.
pub struct Script {
    engine: Engine,
    delivery: Delivery,
    store: Store<()>,
    linker: Linker<()>,
    modules: Vec<Module>,
    instances: Vec<Instance>,
}

impl Script {
    /// A new store with `spectest`, for our engine in this configuration.
    ///
    /// # Errors
    ///
    /// If the process cannot have signal handlers, or if memory cannot be had.
    pub fn new(setup: &Setup) -> Result<Script, Error> {
        let mut config = setup.config();
        // Exhaustion must come before the thread's own stack ends, and soon.
        config.max_wasm_stack(1 << 20);
        let engine = Engine::new(&config)?;
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::new(&engine);
        linker.allow_shadowing(true);
        let prints: [(&str, &[ValType]); 7] = [
            ("print", &[]),
            ("print_i32", &[ValType::I32]),
            ("print_i64", &[ValType::I64]),
            ("print_f32", &[ValType::F32]),
            ("print_f64", &[ValType::F64]),
            ("print_i32_f32", &[ValType::I32, ValType::F32]),
            ("print_f64_f64", &[ValType::F64, ValType::F64]),
        ];
        for (name, params) in prints {
            let ty = FuncType { params: params.into(), results: [].into() };
            let func = Func::new(&mut store, ty, |_, _, _| Ok(()))?;
            linker.define(&store, "spectest", name, func)?;
        }
        for (name, value) in [
            ("global_i32", Val::I32(666)),
            ("global_i64", Val::I64(666)),
            ("global_f32", Val::F32(666.6f32.to_bits())),
            ("global_f64", Val::F64(666.6f64.to_bits())),
        ] {
            let global = Global::new(&mut store, GlobalType { content: value.ty(), mutable: false }, value)?;
            linker.define(&store, "spectest", name, global)?;
        }
        let ty = TableType { element: ValType::FuncRef, limits: Limits { min: 10, max: Some(20) } };
        let table = Table::new(&mut store, ty, Val::FuncRef(None))?;
        linker.define(&store, "spectest", "table", table)?;
        let memory = Memory::new(&mut store, MemoryType { limits: Limits { min: 1, max: Some(2) } })?;
        linker.define(&store, "spectest", "memory", memory)?;
        Ok(Script { engine, delivery: setup.delivery, store, linker, modules: Vec::new(), instances: Vec::new() })
    }

    fn value(&self, val: &Val) -> Value {
        from_val_with(&self.store, val, |_| FuncIdentity::Foreign)
    }
}

fn failure(error: &Error) -> Failure {
    match error {
        Error::Trap(trap) if trap.kind() == lightbeam::TrapKind::StackOverflow => Failure::Exhausted,
        Error::Trap(trap) => {
            let Some(kind) = trap_kind(trap.kind()) else { return Failure::Other(trap.to_string()) };
            let frames = trap.backtrace().frames().iter();
            Failure::Trap(
                kind,
                frames.map(|frame| Place { func: frame.func_index(), offset: frame.offset() }).collect(),
            )
        }
        Error::Link(link) => Failure::Unlinkable(link.to_string()),
        other => Failure::Other(other.to_string()),
    }
}

impl Embedding for Script {
    fn define(&mut self, wasm: &[u8]) -> Result<ModuleId, Rejection> {
        let module = module(&self.engine, wasm, self.delivery).map_err(|error| rejection(&error))?;
        self.modules.push(module);
        Ok(ModuleId(self.modules.len() - 1))
    }

    fn define_source(&mut self, source: &Source) -> Result<ModuleId, Rejection> {
        let module = match source {
            Source::Wasm(wasm) => return self.define(wasm),
            Source::Microwasm(bytes) => Module::from_microwasm(&self.engine, bytes),
            Source::MicrowasmText(text) => Module::from_microwasm_text(&self.engine, text),
        };
        self.modules.push(module.map_err(|error| rejection(&error))?);
        Ok(ModuleId(self.modules.len() - 1))
    }

    fn instantiate(&mut self, module: ModuleId) -> Result<InstanceId, Failure> {
        let instance = self.linker.instantiate(&mut self.store, &self.modules[module.0]);
        self.instances.push(instance.map_err(|error| failure(&error))?);
        Ok(InstanceId(self.instances.len() - 1))
    }

    fn register(&mut self, instance: InstanceId, name: &str) -> Result<(), Failure> {
        let instance = self.instances[instance.0];
        self.linker.instance(&self.store, name, instance).map_err(|error| failure(&error))?;
        Ok(())
    }

    fn invoke(&mut self, instance: InstanceId, name: &str, args: &[Value]) -> Result<Vec<Value>, Failure> {
        let func = self.instances[instance.0].get_func(&self.store, name);
        let func = func.ok_or_else(|| Failure::Other(format!("no function `{name}`")))?;
        let args: Vec<Val> = args.iter().map(|arg| to_val(&mut self.store, *arg, &[])).collect();
        let mut results = vec![Val::I32(0); func.ty(&self.store).results.len()];
        func.call(&mut self.store, &args, &mut results).map_err(|error| failure(&error))?;
        Ok(results.iter().map(|val| self.value(val)).collect())
    }

    fn get(&mut self, instance: InstanceId, name: &str) -> Result<Value, Failure> {
        match self.instances[instance.0].get_export(&self.store, name) {
            Some(Extern::Global(global)) => Ok(self.value(&global.get(&self.store))),
            _ => Err(Failure::Other(format!("no global `{name}`"))),
        }
    }
}
