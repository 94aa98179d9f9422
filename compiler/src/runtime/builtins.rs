//! What compiled code calls in the runtime.

use crate::runtime::instance::InstanceData;
use crate::runtime::vmcontext::{VmBuiltins, VmContext};
use crate::trap::TrapKind;

/// The table of builtins, the same for all instances.
pub(crate) static BUILTINS: VmBuiltins = VmBuiltins {
    memory_grow,
    memory_fill,
    memory_copy,
    memory_init,
    data_drop,
    table_grow,
    table_fill,
    table_copy,
    table_init,
    elem_drop,
};

/// The instance whose code is calling.
///
/// # Safety
///
/// The context must be a live instance's, and no other reference to the instance may be alive.
unsafe fn instance<'a>(vmctx: *mut VmContext) -> &'a mut InstanceData {
    // SAFETY: the runtime set the pointer when it made the context; both live as long as the store.
    unsafe { &mut *(*vmctx).instance.cast::<InstanceData>() }
}

/// What compiled code takes for a trap; it knows itself which kind it is.
fn status(result: Result<(), TrapKind>) -> u32 {
    u32::from(result.is_err())
}

fn size_or_failure(old: Option<u64>) -> u32 {
    old.and_then(|old| u32::try_from(old).ok()).unwrap_or(u32::MAX)
}

unsafe extern "C" fn memory_grow(vmctx: *mut VmContext, pages: u32) -> u32 {
    // SAFETY: compiled code passes its own context.
    size_or_failure(unsafe { instance(vmctx) }.memory_grow(pages))
}

unsafe extern "C" fn memory_fill(vmctx: *mut VmContext, destination: u32, value: u32, length: u32) -> u32 {
    // SAFETY: compiled code passes its own context.
    status(unsafe { instance(vmctx) }.memory_fill(destination, value as u8, length))
}

unsafe extern "C" fn memory_copy(vmctx: *mut VmContext, destination: u32, source: u32, length: u32) -> u32 {
    // SAFETY: compiled code passes its own context.
    status(unsafe { instance(vmctx) }.memory_copy(destination, source, length))
}

unsafe extern "C" fn memory_init(
    vmctx: *mut VmContext,
    segment: u32,
    destination: u32,
    offset: u32,
    length: u32,
) -> u32 {
    // SAFETY: compiled code passes its own context.
    status(unsafe { instance(vmctx) }.memory_init(segment, destination, offset, length))
}

unsafe extern "C" fn data_drop(vmctx: *mut VmContext, segment: u32) {
    // SAFETY: compiled code passes its own context.
    unsafe { instance(vmctx) }.dropped_data[segment as usize] = true;
}

unsafe extern "C" fn table_grow(vmctx: *mut VmContext, table: u32, delta: u32, init: u64) -> u32 {
    // SAFETY: compiled code passes its own context.
    let table = unsafe { instance(vmctx) }.tables[table as usize];
    // SAFETY: the store keeps its tables; no other reference to one is alive.
    size_or_failure(unsafe { (*table).grow(delta.into(), init) })
}

unsafe extern "C" fn table_fill(vmctx: *mut VmContext, table: u32, start: u32, value: u64, length: u32) -> u32 {
    // SAFETY: compiled code passes its own context.
    let table = unsafe { instance(vmctx) }.tables[table as usize];
    // SAFETY: the store keeps its tables; no other reference to one is alive.
    status(unsafe { (*table).fill(start.into(), value, length.into()) })
}

unsafe extern "C" fn table_copy(
    vmctx: *mut VmContext,
    to: u32,
    from: u32,
    destination: u32,
    source: u32,
    length: u32,
) -> u32 {
    // SAFETY: compiled code passes its own context.
    status(unsafe { instance(vmctx) }.table_copy(to, from, destination, source, length))
}

unsafe extern "C" fn table_init(
    vmctx: *mut VmContext,
    table_and_segment: u64,
    destination: u32,
    offset: u32,
    length: u32,
) -> u32 {
    let (table, segment) = (table_and_segment as u32, (table_and_segment >> 32) as u32);
    // SAFETY: compiled code passes its own context.
    status(unsafe { instance(vmctx) }.table_init(table, segment, destination, offset, length))
}

unsafe extern "C" fn elem_drop(vmctx: *mut VmContext, segment: u32) {
    // SAFETY: compiled code passes its own context.
    unsafe { instance(vmctx) }.dropped_elements[segment as usize] = true;
}
