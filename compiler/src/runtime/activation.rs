//! Running compiled code: the chain of entries from the host on this thread, and how they end.

use crate::link::frame::CallFrame;
use crate::link::trampoline;
use crate::runtime::backtrace::{Backtrace, Start, Trap};
use crate::runtime::error::Error;
use crate::runtime::segment;
use crate::runtime::store::{StoreHeader, StoreInner};
use crate::runtime::thread;
use crate::runtime::vmcontext::VmFuncRef;
use crate::x64::memory_base::MemoryBase;
use std::any::Any;
use std::cell::Cell;
use std::ptr;

/// One entry from the host into compiled code that has not returned.
#[derive(Debug)]
pub(crate) struct Activation {
    frame: *const CallFrame,
    stack_bytes: usize,
    /// The entry of the host around this one, on this thread, of any store.
    pub outer: *const Activation,
    /// Where that one left to the host: the address of the return address. 0 if there is none.
    pub outer_exit_sp: usize,
    header: *mut StoreHeader,
    max_frames: usize,
    unwind: Option<Unwind>,
}

/// Why compiled code was ended.
#[derive(Debug)]
pub(crate) enum Unwind {
    /// A trap, or the error of a host function.
    Error(Error),
    /// The panic of a host function.
    Panic(Box<dyn Any + Send>),
}

thread_local! {
    static INNERMOST: Cell<*mut Activation> = const { Cell::new(ptr::null_mut()) };
}

impl Activation {
    /// The address of the return address that leads back to the entry trampoline. All frames of
    /// compiled code that belong to this activation lie below it.
    pub fn bottom(&self) -> usize {
        // SAFETY: the frame outlives the activation, and the trampoline filled in `entry_sp`.
        unsafe { (*self.frame).entry_sp - self.stack_bytes - size_of::<usize>() }
    }
}

/// Calls a function with the arguments in the frame; the results are in the frame and the store's
/// result buffer afterwards.
///
/// # Errors
///
/// The trap or the error of a host function that ended it.
///
/// # Panics
///
/// With the panic of a host function that ended it.
///
/// # Safety
///
/// The function must belong to the store, and the frame must hold arguments of its type.
pub(crate) unsafe fn call<T: 'static>(
    store: &mut StoreInner<T>,
    func: *const VmFuncRef,
    frame: &mut CallFrame,
) -> Result<(), Error> {
    let config = store.opaque.engine().config();
    let (max_wasm_stack, max_frames) = (config.stack_bytes(), config.backtrace_frames());
    let by_segment = store.opaque.engine().compiler().memory_base == MemoryBase::Segment;
    let outer = INNERMOST.get();
    // SAFETY: the chain holds activations of this thread that have not returned.
    let (stack_limit, outer_exit_sp) = match unsafe { outer.as_ref() } {
        None => {
            let limit = thread::stack_limit(max_wasm_stack)
                .map_err(|error| Error::Resource { what: "a signal stack", reason: error.to_string() })?;
            (limit, 0)
        }
        // SAFETY: a store is not dropped while an activation of its own runs.
        Some(outer) => unsafe { ((*outer.header).vm.stack_limit, (*outer.header).vm.exit_sp) },
    };
    let header = store.opaque.header();
    let owner: *mut StoreInner<T> = store;
    // SAFETY: the header is the store's own and nobody else looks at it now.
    let saved = unsafe {
        let vm = &mut (*header).vm;
        vm.stack_limit = stack_limit;
        let saved = (vm.exit_pc, vm.exit_sp, (*header).owner);
        // Host functions find the store through this pointer, which comes from the borrow that lasts for the call.
        (*header).owner = owner.cast();
        saved
    };
    let frame: *mut CallFrame = frame;
    let mut activation = Activation {
        frame,
        // SAFETY: the frame is borrowed for the call.
        stack_bytes: unsafe { (*frame).stack_bytes },
        outer,
        outer_exit_sp,
        header,
        max_frames,
        unwind: None,
    };
    let innermost: *mut Activation = &raw mut activation;
    INNERMOST.set(innermost);
    // SAFETY: the engine was made only if the segment's base may be set; what it was is put back.
    let segment_base = by_segment.then(|| unsafe {
        let before = segment::base();
        segment::set_base((*(*func).vmctx).memory0_base as usize);
        before
    });
    // SAFETY: the caller says that function, store and arguments fit.
    let status = unsafe { trampoline::enter((*func).code, (*func).vmctx, frame) };
    if let Some(before) = segment_base {
        // SAFETY: as above; compiled code has come to its end, however it was.
        unsafe { segment::set_base(before) };
    }
    INNERMOST.set(outer);
    // SAFETY: as above, the header is the store's own.
    unsafe { ((*header).vm.exit_pc, (*header).vm.exit_sp, (*header).owner) = saved };
    if status == 0 {
        return Ok(());
    }
    // SAFETY: `activation` is alive; it is read through the pointer by which it was changed.
    match unsafe { (*innermost).unwind.take() } {
        Some(Unwind::Error(error)) => Err(error),
        Some(Unwind::Panic(payload)) => std::panic::resume_unwind(payload),
        None => unreachable!("compiled code is ended only with a reason"),
    }
}

/// The Wasm frames of this thread, as seen from a host function that compiled code has called.
pub(crate) fn backtrace_at_exit() -> Backtrace {
    let innermost = INNERMOST.get();
    // SAFETY: the chain holds activations of this thread that have not returned; their stores live.
    match unsafe { innermost.as_ref() } {
        None => Backtrace::default(),
        Some(activation) => {
            // SAFETY: as above.
            let exit_sp = unsafe { (*activation.header).vm.exit_sp };
            // SAFETY: compiled code of the innermost activation left to the host through `exit_sp`.
            unsafe { Backtrace::capture(Start::Exit { sp: exit_sp }, activation, activation.max_frames) }
        }
    }
}

/// Notes why the innermost activation is about to end.
pub(crate) fn set_unwind(unwind: Unwind) {
    let innermost = INNERMOST.get();
    assert!(!innermost.is_null(), "host functions run inside an activation");
    // SAFETY: the activation has not returned, and no reference to it is alive.
    unsafe { (*innermost).unwind = Some(unwind) };
}

/// Ends the innermost activation, for the reason noted before.
///
/// # Safety
///
/// Between the activation's entry and here there may be only compiled code, the exit trampoline,
/// and Rust functions that leave nothing to be dropped.
pub(crate) unsafe fn unwind() -> ! {
    let innermost = INNERMOST.get();
    // SAFETY: the activation has not returned; its frame lives as long.
    let entry_sp = unsafe { (*(*innermost).frame).entry_sp };
    // SAFETY: the caller's promise.
    unsafe { trampoline::leave(entry_sp) }
}

/// Where a fault in compiled code continues: `pc` is the instruction, `sp` its stack pointer. The
/// signal handler has returned to here; it is ordinary code on the stack of compiled code.
///
/// # Safety
///
/// `pc` must be a trap site of code that was running on this thread with that stack pointer.
pub(crate) unsafe extern "C" fn trap_landing(pc: usize, sp: usize) -> ! {
    record_trap(pc, sp);
    // SAFETY: below is compiled code only, and `record_trap` has returned.
    unsafe { unwind() }
}

fn record_trap(pc: usize, sp: usize) {
    let innermost = INNERMOST.get();
    // SAFETY: compiled code was running, so there is an activation.
    let activation = unsafe { &*innermost };
    // SAFETY: the caller of `trap_landing` says that `pc` and `sp` are those of the fault.
    let trap = unsafe { Trap::at(pc, sp, activation, activation.max_frames) };
    set_unwind(Unwind::Error(Error::Trap(trap)));
}
