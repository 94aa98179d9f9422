//! Loads and stores: how many bytes, and how they become a value.

use crate::microwasm::{Load, Store};

/// How many bytes a load reads.
pub const fn load_bytes(op: Load) -> u32 {
    match op {
        Load::I32Load | Load::F32Load | Load::I64Load32S | Load::I64Load32U => 4,
        Load::I64Load | Load::F64Load => 8,
        Load::I32Load8S | Load::I32Load8U | Load::I64Load8S | Load::I64Load8U => 1,
        Load::I32Load16S | Load::I32Load16U | Load::I64Load16S | Load::I64Load16U => 2,
    }
}

/// The value that a load makes of its bytes, which `raw` holds in little-endian order, zeros above.
pub const fn load_value(op: Load, raw: u64) -> u64 {
    match op {
        Load::I32Load | Load::F32Load => raw as u32 as u64,
        Load::I64Load | Load::F64Load => raw,
        Load::I32Load8S => raw as i8 as i32 as u32 as u64,
        Load::I32Load8U | Load::I64Load8U => raw as u8 as u64,
        Load::I32Load16S => raw as i16 as i32 as u32 as u64,
        Load::I32Load16U | Load::I64Load16U => raw as u16 as u64,
        Load::I64Load8S => raw as i8 as i64 as u64,
        Load::I64Load16S => raw as i16 as i64 as u64,
        Load::I64Load32S => raw as i32 as i64 as u64,
        Load::I64Load32U => raw as u32 as u64,
    }
}

/// How many bytes a store writes: the value's low ones, in little-endian order.
pub const fn store_bytes(op: Store) -> u32 {
    match op {
        Store::I32Store | Store::F32Store | Store::I64Store32 => 4,
        Store::I64Store | Store::F64Store => 8,
        Store::I32Store8 | Store::I64Store8 => 1,
        Store::I32Store16 | Store::I64Store16 => 2,
    }
}
