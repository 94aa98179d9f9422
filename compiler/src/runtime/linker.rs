//! The linker: names for what modules import.

use crate::microwasm::FuncType;
use crate::runtime::engine::Engine;
use crate::runtime::error::{Error, LinkError};
use crate::runtime::externs::Extern;
use crate::runtime::host::{Caller, HostFunc};
use crate::runtime::instance::Instance;
use crate::runtime::module::Module;
use crate::runtime::store::{AsContext, AsContextMut};
use crate::runtime::typed::IntoFunc;
use crate::runtime::value::Val;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// What a name stands for.
#[derive(Debug, Clone)]
enum Definition {
    /// Something in a store.
    Item(Extern),
    /// A host function for any store.
    Host(Arc<HostFunc>),
}

/// Definitions by two names each, from which modules are instantiated.
pub struct Linker<T: 'static> {
    engine: Engine,
    allow_shadowing: bool,
    definitions: HashMap<Box<str>, HashMap<Box<str>, Definition>>,
    data: PhantomData<fn(T)>,
}

impl<T: 'static> Clone for Linker<T> {
    fn clone(&self) -> Linker<T> {
        Linker {
            engine: self.engine.clone(),
            allow_shadowing: self.allow_shadowing,
            definitions: self.definitions.clone(),
            data: PhantomData,
        }
    }
}

impl<T: 'static> fmt::Debug for Linker<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Linker").field("definitions", &self.definitions).finish_non_exhaustive()
    }
}

impl<T: 'static> Linker<T> {
    /// A linker without definitions.
    pub fn new(engine: &Engine) -> Linker<T> {
        Linker { engine: engine.clone(), allow_shadowing: false, definitions: HashMap::new(), data: PhantomData }
    }

    /// Whether a name may be defined again; not unless set.
    pub fn allow_shadowing(&mut self, allow: bool) -> &mut Linker<T> {
        self.allow_shadowing = allow;
        self
    }

    fn insert(&mut self, module: &str, name: &str, definition: Definition) -> Result<&mut Linker<T>, Error> {
        let names = match self.definitions.get_mut(module) {
            Some(names) => names,
            None => self.definitions.entry(module.into()).or_default(),
        };
        if !self.allow_shadowing && names.contains_key(name) {
            let (module, name) = (module.to_string(), name.to_string());
            return Err(Error::Link(LinkError::Duplicate { module, name }));
        }
        names.insert(name.into(), definition);
        Ok(self)
    }

    /// Defines a name as something in a store.
    ///
    /// # Errors
    ///
    /// [`LinkError::Duplicate`] if the name is defined already.
    pub fn define(
        &mut self,
        _store: impl AsContext<Data = T>,
        module: &str,
        name: &str,
        item: impl Into<Extern>,
    ) -> Result<&mut Linker<T>, Error> {
        self.insert(module, name, Definition::Item(item.into()))
    }

    /// Defines all exports of an instance under this first name.
    ///
    /// # Errors
    ///
    /// [`LinkError::Duplicate`] if one of the names is defined already.
    pub fn instance(
        &mut self,
        store: impl AsContext<Data = T>,
        module: &str,
        instance: Instance,
    ) -> Result<&mut Linker<T>, Error> {
        for (name, item) in instance.exports(store) {
            self.insert(module, &name, Definition::Item(item))?;
        }
        Ok(self)
    }

    /// Defines a name as a host function of any type; see [`Func::new`](crate::Func::new).
    ///
    /// # Errors
    ///
    /// [`LinkError::Duplicate`] if the name is defined already; [`Error::Resource`] if the type
    /// cannot be handled.
    pub fn func_new(
        &mut self,
        module: &str,
        name: &str,
        ty: FuncType,
        call: impl Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<(), Error> + Send + Sync + 'static,
    ) -> Result<&mut Linker<T>, Error> {
        let func = HostFunc::untyped(&self.engine, ty, call)?;
        self.insert(module, name, Definition::Host(func))
    }

    /// Defines a name as a host function from a Rust function; see [`Func::wrap`](crate::Func::wrap).
    ///
    /// # Errors
    ///
    /// [`LinkError::Duplicate`] if the name is defined already.
    pub fn func_wrap<P, R>(
        &mut self,
        module: &str,
        name: &str,
        func: impl IntoFunc<T, P, R>,
    ) -> Result<&mut Linker<T>, Error> {
        let func = func.into_host_func(&self.engine)?;
        self.insert(module, name, Definition::Host(func))
    }

    /// What a name stands for. A host function is put into the store.
    pub fn get(&self, mut store: impl AsContextMut<Data = T>, module: &str, name: &str) -> Option<Extern> {
        match self.definitions.get(module)?.get(name)? {
            Definition::Item(item) => Some(*item),
            Definition::Host(func) => {
                let store = &mut store.as_context_mut().0.opaque;
                Some(Extern::Func(Arc::clone(func).into_func(store)))
            }
        }
    }

    /// Instantiates a module with what its imports' names stand for.
    ///
    /// # Errors
    ///
    /// [`LinkError::Missing`] names an import that is not defined; otherwise as [`Instance::new`].
    ///
    /// # Panics
    ///
    /// As [`Instance::new`].
    pub fn instantiate(&self, mut store: impl AsContextMut<Data = T>, module: &Module) -> Result<Instance, Error> {
        if !Engine::same(&self.engine, store.as_context().engine()) {
            return Err(Error::WrongStore("a linker"));
        }
        let mut imports = Vec::with_capacity(module.imports().len());
        for import in module.imports() {
            let item = self.get(&mut store, import.module(), import.name()).ok_or_else(|| LinkError::Missing {
                module: import.module().to_string(),
                name: import.name().to_string(),
            })?;
            imports.push(item);
        }
        Instance::new(store, module, &imports)
    }
}
