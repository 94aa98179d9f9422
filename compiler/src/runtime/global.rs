//! Globals: cells with a stable address.

use crate::runtime::error::Error;
use crate::runtime::stable::Stable;
use crate::runtime::store::{AsContext, AsContextMut, StoreId, StoreOpaque};
use crate::runtime::value::Val;
use crate::runtime::vmcontext::VmValue;
use crate::wasm::module::GlobalType;

/// A global of a store. Its cell lies in an instance's context, or belongs to the store.
#[derive(Debug, Clone, Copy)]
pub struct GlobalRecord {
    pub(crate) cell: *mut VmValue,
    pub(crate) ty: GlobalType,
}

impl GlobalRecord {
    /// The value's bits.
    pub(crate) fn bits(&self) -> u128 {
        // SAFETY: cells live as long as the store that holds this record; it is borrowed, so no code runs.
        unsafe { (*self.cell).0 }
    }
}

/// A global.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Global {
    store: StoreId,
    index: usize,
}

impl Global {
    /// A global of the host's own.
    ///
    /// # Errors
    ///
    /// [`Error::ValueType`] or [`Error::WrongStore`] if the value does not fit.
    pub fn new(mut store: impl AsContextMut, ty: GlobalType, value: Val) -> Result<Global, Error> {
        let store = &mut store.as_context_mut().0.opaque;
        let cell = Stable::new(VmValue(value.to_bits_of(ty.content, store)?));
        store.globals.push(GlobalRecord { cell: cell.as_ptr(), ty });
        store.cells.push(cell);
        Ok(Global { store: store.id(), index: store.globals.len() - 1 })
    }

    pub(crate) fn from_index(store: StoreId, index: usize) -> Global {
        Global { store, index }
    }

    pub(crate) fn index_in(self, store: &StoreOpaque) -> Option<usize> {
        (self.store == store.id()).then_some(self.index)
    }

    fn record<'a>(&self, store: &'a StoreOpaque) -> &'a GlobalRecord {
        store.check(self.store);
        &store.globals[self.index]
    }

    /// The global's type.
    ///
    /// # Panics
    ///
    /// If it belongs to another store, as all functions here.
    pub fn ty(&self, store: impl AsContext) -> GlobalType {
        self.record(&store.as_context().0.opaque).ty
    }

    /// The value.
    pub fn get(&self, store: impl AsContext) -> Val {
        let record = self.record(&store.as_context().0.opaque);
        Val::from_bits(record.ty.content, record.bits(), self.store)
    }

    /// Overwrites the value.
    ///
    /// # Errors
    ///
    /// [`Error::Immutable`]; [`Error::ValueType`] or [`Error::WrongStore`] if the value does not fit.
    pub fn set(&self, mut store: impl AsContextMut, value: Val) -> Result<(), Error> {
        let store = &mut store.as_context_mut().0.opaque;
        let record = *self.record(store);
        if !record.ty.mutable {
            return Err(Error::Immutable);
        }
        let bits = value.to_bits_of(record.ty.content, store)?;
        // SAFETY: the cell lives as long as the store, which is mutably borrowed.
        unsafe { *record.cell = VmValue(bits) };
        Ok(())
    }
}
