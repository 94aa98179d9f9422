//! Scripts on Wasmtime: shows that the runner itself is right.

use super::embedding::{Embedding, Failure, InstanceId, ModuleId, Place};
use crate::engines::wasmtime::{Backend, config, rejection, trap_kind};
use crate::outcome::Rejection;
use crate::value::{FuncIdentity, Value};
use wasmtime::{
    Engine, Extern, ExternRef, FrameInfo, Func, FuncType, Global, GlobalType, HeapType, Instance, Linker, Memory,
    MemoryType, Module, Mutability, Ref, RefType, Store, Table, TableType, Trap, Val, ValType, WasmBacktrace,
};

/// A store of Wasmtime's, with its linker.
pub struct Script {
    engine: Engine,
    store: Store<()>,
    linker: Linker<()>,
    modules: Vec<Module>,
    instances: Vec<Instance>,
}

impl Script {
    /// A new store with `spectest`.
    ///
    /// # Errors
    ///
    /// If Wasmtime refuses the configuration on this machine.
    pub fn new(backend: Backend) -> anyhow::Result<Script> {
        Script::build(backend).map_err(|error| anyhow::anyhow!("{error:?}"))
    }

    fn build(backend: Backend) -> wasmtime::Result<Script> {
        let mut config = config(backend);
        // Exhaustion must come before the thread's own stack ends, and soon.
        config.max_wasm_stack(1 << 20);
        let engine = Engine::new(&config)?;
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::new(&engine);
        linker.allow_shadowing(true);
        for (name, params) in [
            ("print", vec![]),
            ("print_i32", vec![ValType::I32]),
            ("print_i64", vec![ValType::I64]),
            ("print_f32", vec![ValType::F32]),
            ("print_f64", vec![ValType::F64]),
            ("print_i32_f32", vec![ValType::I32, ValType::F32]),
            ("print_f64_f64", vec![ValType::F64, ValType::F64]),
        ] {
            let ty = FuncType::new(&engine, params, []);
            let func = Func::new(&mut store, ty, |_, _, _| Ok(()));
            linker.define(&store, "spectest", name, func)?;
        }
        for (name, value) in [
            ("global_i32", Val::I32(666)),
            ("global_i64", Val::I64(666)),
            ("global_f32", Val::F32(666.6f32.to_bits())),
            ("global_f64", Val::F64(666.6f64.to_bits())),
        ] {
            let ty = GlobalType::new(value.ty(&store)?, Mutability::Const);
            let global = Global::new(&mut store, ty, value)?;
            linker.define(&store, "spectest", name, global)?;
        }
        let table = Table::new(&mut store, TableType::new(RefType::FUNCREF, 10, Some(20)), Ref::Func(None))?;
        linker.define(&store, "spectest", "table", table)?;
        let memory = Memory::new(&mut store, MemoryType::new(1, Some(2)))?;
        linker.define(&store, "spectest", "memory", memory)?;
        Ok(Script { engine, store, linker, modules: Vec::new(), instances: Vec::new() })
    }

    fn val(&mut self, value: Value) -> Result<Val, Failure> {
        Ok(match value {
            Value::I32(v) => Val::I32(v as i32),
            Value::I64(v) => Val::I64(v as i64),
            Value::F32(bits) => Val::F32(bits),
            Value::F64(bits) => Val::F64(bits),
            Value::V128(bits) => Val::V128(bits.into()),
            Value::FuncRef(_) => Val::FuncRef(None),
            Value::ExternRef(None) => Val::null_ref(&HeapType::Extern),
            Value::ExternRef(Some(token)) => {
                let reference = ExternRef::new(&mut self.store, token);
                Val::ExternRef(Some(reference.map_err(|error| Failure::Other(format!("{error:?}")))?))
            }
        })
    }

    fn value(&self, val: &Val) -> Result<Value, Failure> {
        Ok(match val {
            Val::I32(v) => Value::I32(*v as u32),
            Val::I64(v) => Value::I64(*v as u64),
            Val::F32(bits) => Value::F32(*bits),
            Val::F64(bits) => Value::F64(*bits),
            Val::V128(bits) => Value::V128(bits.as_u128()),
            Val::FuncRef(None) => Value::FuncRef(FuncIdentity::Null),
            Val::FuncRef(Some(_)) => Value::FuncRef(FuncIdentity::Foreign),
            Val::ExternRef(None) => Value::ExternRef(None),
            Val::ExternRef(Some(reference)) => {
                let data = reference.data(&self.store).ok().flatten();
                match data.and_then(|data| data.downcast_ref::<u32>()) {
                    Some(token) => Value::ExternRef(Some(*token)),
                    None => return Err(Failure::Other("an external reference that is not ours".to_string())),
                }
            }
            other => return Err(Failure::Other(format!("a value beyond Wasm 2.0: {other:?}"))),
        })
    }
}

fn failure(error: &wasmtime::Error) -> Failure {
    match error.downcast_ref::<Trap>() {
        Some(Trap::StackOverflow) => Failure::Exhausted,
        Some(trap) => {
            let Some(kind) = trap_kind(*trap) else { return Failure::Other(trap.to_string()) };
            let frames = error.downcast_ref::<WasmBacktrace>().map_or(&[][..], WasmBacktrace::frames);
            let place = |frame: &FrameInfo| {
                let offset = frame.module_offset().and_then(|offset| u32::try_from(offset).ok())?;
                Some(Place { func: frame.func_index(), offset })
            };
            Failure::Trap(kind, frames.iter().filter_map(place).collect())
        }
        None => Failure::Other(format!("{error:?}")),
    }
}

impl Embedding for Script {
    fn define(&mut self, wasm: &[u8]) -> Result<ModuleId, Rejection> {
        match Module::new(&self.engine, wasm) {
            Ok(module) => {
                self.modules.push(module);
                Ok(ModuleId(self.modules.len() - 1))
            }
            Err(error) => Err(rejection(&self.engine, wasm, &error)),
        }
    }

    fn instantiate(&mut self, module: ModuleId) -> Result<InstanceId, Failure> {
        let module = &self.modules[module.0];
        let unlinkable = |error: wasmtime::Error| match failure(&error) {
            Failure::Other(message) => Failure::Unlinkable(message),
            failure => failure,
        };
        let instance = self.linker.instantiate(&mut self.store, module).map_err(unlinkable)?;
        self.instances.push(instance);
        Ok(InstanceId(self.instances.len() - 1))
    }

    fn register(&mut self, instance: InstanceId, name: &str) -> Result<(), Failure> {
        let instance = self.instances[instance.0];
        self.linker.instance(&mut self.store, name, instance).map_err(|error| failure(&error))?;
        Ok(())
    }

    fn invoke(&mut self, instance: InstanceId, name: &str, args: &[Value]) -> Result<Vec<Value>, Failure> {
        let func = self.instances[instance.0].get_func(&mut self.store, name);
        let func = func.ok_or_else(|| Failure::Other(format!("no function `{name}`")))?;
        let args = args.iter().map(|arg| self.val(*arg)).collect::<Result<Vec<_>, _>>()?;
        let mut results = vec![Val::I32(0); func.ty(&self.store).results().len()];
        func.call(&mut self.store, &args, &mut results).map_err(|error| failure(&error))?;
        results.iter().map(|val| self.value(val)).collect()
    }

    fn get(&mut self, instance: InstanceId, name: &str) -> Result<Value, Failure> {
        match self.instances[instance.0].get_export(&mut self.store, name) {
            Some(Extern::Global(global)) => {
                let val = global.get(&mut self.store);
                self.value(&val)
            }
            _ => Err(Failure::Other(format!("no global `{name}`"))),
        }
    }
}
