//! Scripts on the reference interpreter.

use super::embedding::{Embedding, Failure, InstanceId, ModuleId, Place};
use crate::engines::interpreter::{from_interpreter, rejection, to_interpreter};
use crate::engines::ours::trap_kind;
use crate::outcome::Rejection;
use crate::source::Source;
use crate::value::{FuncIdentity, Value};
use lightbeam::interpreter::{Error, External, InstanceAddr, Limits, Module, Recorder, Store};
use lightbeam::microwasm::check::Checker;
use lightbeam::{FuncType, GlobalType, LinkError, MemoryType, TableType, TrapKind, ValType, interpreter};
use std::collections::HashMap;

/// The most steps of one invocation: seconds.
const STEPS: u64 = 300_000_000;

/// A store of the interpreter's, with what scripts have registered.
#[derive(Debug)]
pub struct Script {
    store: Store,
    registered: HashMap<String, HashMap<String, External>>,
    modules: Vec<Module>,
    instances: Vec<InstanceAddr>,
}

impl Script {
    /// A new store with `spectest`.
    ///
    /// # Errors
    ///
    /// If memory cannot be had.
    pub fn new() -> Result<Script, Error> {
        let mut store = Store::new(Limits { steps: Some(STEPS), ..Limits::default() });
        let mut spectest = HashMap::new();
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
            let func = store.add_func(ty, |_, _| Ok(Vec::new()));
            spectest.insert(name.to_string(), External::Func(func));
        }
        for (name, value) in [
            ("global_i32", interpreter::Value::I32(666)),
            ("global_i64", interpreter::Value::I64(666)),
            ("global_f32", interpreter::Value::F32(666.6f32.to_bits())),
            ("global_f64", interpreter::Value::F64(666.6f64.to_bits())),
        ] {
            let global = store.add_global(GlobalType { content: value.ty(), mutable: false }, value)?;
            spectest.insert(name.to_string(), External::Global(global));
        }
        let limits = |min, max| lightbeam::Limits { min, max };
        let ty = TableType { element: ValType::FuncRef, limits: limits(10, Some(20)) };
        let table = store.add_table(ty, interpreter::Value::FuncRef(None))?;
        spectest.insert("table".to_string(), External::Table(table));
        let memory = store.add_memory(&MemoryType { limits: limits(1, Some(2)) })?;
        spectest.insert("memory".to_string(), External::Memory(memory));
        let registered = [("spectest".to_string(), spectest)].into();
        Ok(Script { store, registered, modules: Vec::new(), instances: Vec::new() })
    }

    /// What is registered for each import of a module.
    fn imports(&self, module: &Module) -> Result<Vec<External>, Error> {
        let find = |import: &lightbeam::wasm::module::Import| {
            let found = self.registered.get(&*import.module).and_then(|exports| exports.get(&*import.name));
            let missing =
                || LinkError::Missing { module: import.module.to_string(), name: import.name.to_string() }.into();
            found.copied().ok_or_else(missing)
        };
        module.info().imports.iter().map(find).collect()
    }
}

fn value(value: interpreter::Value) -> Value {
    from_interpreter(value, |_| FuncIdentity::Foreign)
}

fn failure(error: &Error) -> Failure {
    match error {
        Error::Trap(trap) if trap.kind == TrapKind::StackOverflow => Failure::Exhausted,
        Error::Trap(trap) => match trap_kind(trap.kind) {
            Some(kind) => {
                let place = |frame: &interpreter::Frame| Place { func: frame.func, offset: frame.offset };
                Failure::Trap(kind, trap.frames.iter().map(place).collect())
            }
            None => Failure::Other(trap.to_string()),
        },
        Error::Link(link) => Failure::Unlinkable(link.to_string()),
        other => Failure::Other(other.to_string()),
    }
}

impl Embedding for Script {
    fn define(&mut self, wasm: &[u8]) -> Result<ModuleId, Rejection> {
        self.modules.push(Module::from_wasm(wasm).map_err(|error| rejection(&error))?);
        Ok(ModuleId(self.modules.len() - 1))
    }

    fn define_source(&mut self, source: &Source) -> Result<ModuleId, Rejection> {
        let recorded = source.say(Checker::new(Recorder::new()));
        let module = recorded.and_then(|(info, checker)| Module::from_checked(checker, info.data));
        self.modules.push(module.map_err(|error| rejection(&error))?);
        Ok(ModuleId(self.modules.len() - 1))
    }

    fn instantiate(&mut self, module: ModuleId) -> Result<InstanceId, Failure> {
        let module = &self.modules[module.0];
        let imports = self.imports(module).map_err(|error| failure(&error))?;
        let instance = self.store.instantiate(module, &imports).map_err(|error| failure(&error))?;
        self.instances.push(instance);
        Ok(InstanceId(self.instances.len() - 1))
    }

    fn register(&mut self, instance: InstanceId, name: &str) -> Result<(), Failure> {
        let exports = self.store.exports(self.instances[instance.0]);
        self.registered.entry(name.to_string()).or_default().extend(exports);
        Ok(())
    }

    fn invoke(&mut self, instance: InstanceId, name: &str, args: &[Value]) -> Result<Vec<Value>, Failure> {
        let func = self.store.export(self.instances[instance.0], name).and_then(External::func);
        let func = func.ok_or_else(|| Failure::Other(format!("no function `{name}`")))?;
        let args: Vec<_> = args.iter().map(|arg| to_interpreter(*arg, &[])).collect();
        let results = self.store.call(func, &args).map_err(|error| failure(&error))?;
        Ok(results.into_iter().map(value).collect())
    }

    fn get(&mut self, instance: InstanceId, name: &str) -> Result<Value, Failure> {
        match self.store.export(self.instances[instance.0], name) {
            Some(External::Global(global)) => Ok(value(self.store.global(global))),
            _ => Err(Failure::Other(format!("no global `{name}`"))),
        }
    }
}
