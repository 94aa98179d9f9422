//! Whether what is given fits what a module imports.

use crate::runtime::engine::Engine;
use crate::runtime::error::{Error, LinkError};
use crate::runtime::externs::{Extern, ExternType};
use crate::runtime::func::Func;
use crate::runtime::host::HostContext;
use crate::runtime::module::Module;
use crate::runtime::stable::Stable;
use crate::runtime::store::StoreOpaque;
use crate::runtime::vmcontext::VmFuncRef;
use crate::wasm::module::{ImportKind, Limits};

/// Checks number, store and types of a module's imports.
pub(crate) fn check(store: &StoreOpaque, module: &Module, imports: &[Extern]) -> Result<(), Error> {
    if !Engine::same(store.engine(), module.engine()) {
        return Err(Error::WrongStore("a module"));
    }
    let expected = &module.info().imports;
    if expected.len() != imports.len() {
        return Err(Error::Count { what: "imports", expected: expected.len(), given: imports.len() });
    }
    for (import, given) in module.imports().zip(imports) {
        let (given, fits) = given_type(store, given)
            .map(|given| {
                let fits = matches(import.ty(), &given);
                (given, fits)
            })
            .ok_or(Error::WrongStore("an import"))?;
        if !fits {
            return Err(Error::Link(LinkError::Incompatible {
                module: import.module().to_string(),
                name: import.name().to_string(),
                expected: import.ty().to_string(),
                given: given.to_string(),
            }));
        }
    }
    debug_assert!(expected.iter().zip(imports).all(|(import, given)| {
        matches!(
            (import.kind, given),
            (ImportKind::Func(_), Extern::Func(_))
                | (ImportKind::Table(_), Extern::Table(_))
                | (ImportKind::Memory(_), Extern::Memory(_))
                | (ImportKind::Global(_), Extern::Global(_))
        )
    }));
    Ok(())
}

/// The type of what is given, with present sizes; `None` if it is another store's.
fn given_type(store: &StoreOpaque, given: &Extern) -> Option<ExternType> {
    Some(match given {
        Extern::Func(func) => ExternType::Func((*func.ty_in(store)?).clone()),
        Extern::Table(table) => ExternType::Table(store.tables[table.index_in(store)?].get().ty()),
        Extern::Memory(memory) => ExternType::Memory(store.memories[memory.index_in(store)?].get().ty()),
        Extern::Global(global) => ExternType::Global(store.globals[global.index_in(store)?].ty),
    })
}

fn matches(wanted: &ExternType, given: &ExternType) -> bool {
    match (wanted, given) {
        (ExternType::Func(wanted), ExternType::Func(given)) => wanted == given,
        (ExternType::Table(wanted), ExternType::Table(given)) => {
            wanted.element == given.element && within(wanted.limits, given.limits)
        }
        (ExternType::Memory(wanted), ExternType::Memory(given)) => within(wanted.limits, given.limits),
        (ExternType::Global(wanted), ExternType::Global(given)) => wanted == given,
        _ => false,
    }
}

/// Limit matching of the specification.
fn within(wanted: Limits, given: Limits) -> bool {
    let max = match (wanted.max, given.max) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(wanted), Some(given)) => given <= wanted,
    };
    given.min >= wanted.min && max
}

/// A function as the instance number `importer` gets it. A host function gets a context of its own, which knows the
/// importer and has its memory.
pub(crate) fn bind(func: Func, store: &StoreOpaque, importer: usize) -> (VmFuncRef, Option<Stable<HostContext>>) {
    let mut funcref = *func.funcref_in(store);
    let context = func.host_context_in(store).map(|context| {
        let context = Stable::new(HostContext { importer: Some(importer), ..*context });
        funcref.vmctx = context.as_ptr().cast();
        context
    });
    (funcref, context)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(min: u64, max: Option<u64>) -> Limits {
        Limits { min, max }
    }

    #[test]
    fn limits_match_as_specified() {
        assert!(within(limits(1, None), limits(1, None)));
        assert!(within(limits(1, None), limits(2, Some(3))));
        assert!(!within(limits(2, None), limits(1, None)));
        assert!(!within(limits(1, Some(3)), limits(1, None)));
        assert!(within(limits(1, Some(3)), limits(1, Some(3))));
        assert!(!within(limits(1, Some(3)), limits(1, Some(4))));
    }
}
