//! The engine's function types: equal types have equal numbers, in all modules of an engine.

use crate::microwasm::FuncType;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The canonical function types of an engine. A number stays valid for as long as the engine lives.
#[derive(Debug, Default)]
pub(crate) struct Signatures {
    table: RwLock<Table>,
}

#[derive(Debug, Default)]
struct Table {
    numbers: HashMap<Arc<FuncType>, u32>,
    types: Vec<Arc<FuncType>>,
}

impl Signatures {
    /// The number of a type, a new one if the type is new. `None` if 2^32 types are there already.
    pub fn number(&self, ty: &FuncType) -> Option<u32> {
        if let Some(number) = self.table.read().unwrap_or_else(PoisonError::into_inner).numbers.get(ty) {
            return Some(*number);
        }
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = table.numbers.get(ty) {
            return Some(*number);
        }
        let number = u32::try_from(table.types.len()).ok()?;
        let ty = Arc::new(ty.clone());
        table.types.push(Arc::clone(&ty));
        table.numbers.insert(ty, number);
        Some(number)
    }

    /// The type with this number.
    ///
    /// # Panics
    ///
    /// If this engine never gave the number.
    pub fn ty(&self, number: u32) -> Arc<FuncType> {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&table.types[number as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::microwasm::Type;

    fn ty(params: &[Type], results: &[Type]) -> FuncType {
        FuncType { params: params.into(), results: results.into() }
    }

    #[test]
    fn equal_types_have_equal_numbers() {
        let signatures = Signatures::default();
        let a = signatures.number(&ty(&[Type::I32], &[Type::I64])).unwrap();
        let b = signatures.number(&ty(&[Type::I32, Type::I64], &[])).unwrap();
        assert_ne!(a, b);
        assert_eq!(signatures.number(&ty(&[Type::I32], &[Type::I64])), Some(a));
        assert_eq!(*signatures.ty(b), ty(&[Type::I32, Type::I64], &[]));
    }
}
