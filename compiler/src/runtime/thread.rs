//! What a thread needs before it may run compiled code: its stack's bounds and a signal stack.

use crate::link::mapping::page_size;
use std::cell::Cell;
use std::io;
use std::mem::MaybeUninit;
use std::ptr;

/// What is kept of the thread's stack below the limit of compiled code: for host functions,
/// builtins, and the report of a trap.
const HEADROOM: usize = 128 << 10;

/// Enough for our handler and those it passes signals to.
const SIGNAL_STACK: usize = 64 << 10;

#[derive(Debug, Clone, Copy)]
struct Bounds {
    low: usize,
    high: usize,
}

/// A signal stack that we gave to a thread; it is taken away and unmapped when the thread ends.
struct SignalStack {
    mapping: *mut libc::c_void,
    bytes: usize,
}

thread_local! {
    static BOUNDS: Cell<Option<Bounds>> = const { Cell::new(None) };
    static OWN_SIGNAL_STACK: Cell<Option<SignalStack>> = const { Cell::new(None) };
}

/// Prepares the thread, once, and returns the stack limit of a call that starts here: no more than
/// `max_wasm_stack` bytes below this frame, and inside the thread's stack.
pub(crate) fn stack_limit(max_wasm_stack: usize) -> io::Result<usize> {
    let bounds = match BOUNDS.get() {
        Some(bounds) => bounds,
        None => {
            ensure_signal_stack()?;
            let bounds = stack_bounds()?;
            BOUNDS.set(Some(bounds));
            bounds
        }
    };
    let marker = 0u8;
    let here = ptr::addr_of!(marker) as usize;
    let limit = here.saturating_sub(max_wasm_stack).max(page_size());
    // A fiber's stack is somewhere else: then its maker is asked to have chosen `max_wasm_stack` well.
    if (bounds.low..bounds.high).contains(&here) { Ok(limit.max(bounds.low + HEADROOM)) } else { Ok(limit) }
}

fn stack_bounds() -> io::Result<Bounds> {
    let mut attributes = MaybeUninit::<libc::pthread_attr_t>::uninit();
    // SAFETY: it initialises the attributes of the calling thread.
    let status = unsafe { libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) };
    if status != 0 {
        return Err(io::Error::from_raw_os_error(status));
    }
    let (mut low, mut size, mut guard) = (ptr::null_mut(), 0, 0);
    // SAFETY: the attributes were initialised above.
    let status = unsafe { libc::pthread_attr_getstack(attributes.as_ptr(), &mut low, &mut size) };
    // SAFETY: as above.
    let guard_status = unsafe { libc::pthread_attr_getguardsize(attributes.as_ptr(), &mut guard) };
    // SAFETY: initialised above, destroyed once.
    unsafe { libc::pthread_attr_destroy(attributes.as_mut_ptr()) };
    if status != 0 || guard_status != 0 {
        return Err(io::Error::from_raw_os_error(status.max(guard_status)));
    }
    // Whether the guard lies inside these bounds has changed between versions of the C library.
    Ok(Bounds { low: low as usize + guard, high: low as usize + size })
}

fn ensure_signal_stack() -> io::Result<()> {
    let mut current = MaybeUninit::<libc::stack_t>::uninit();
    // SAFETY: it only reports the present signal stack.
    if unsafe { libc::sigaltstack(ptr::null(), current.as_mut_ptr()) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: filled in by the call above.
    if unsafe { current.assume_init() }.ss_flags & libc::SS_DISABLE == 0 {
        return Ok(());
    }
    let page = page_size();
    let bytes = SIGNAL_STACK + page;
    // SAFETY: a new mapping at an address of the system's choice.
    let mapping =
        unsafe { libc::mmap(ptr::null_mut(), bytes, libc::PROT_NONE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, -1, 0) };
    if mapping == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    let stack = SignalStack { mapping, bytes };
    let usable = mapping.wrapping_byte_add(page);
    // SAFETY: all of the mapping but its first page, which stays a guard.
    if unsafe { libc::mprotect(usable, SIGNAL_STACK, libc::PROT_READ | libc::PROT_WRITE) } != 0 {
        return Err(io::Error::last_os_error());
    }
    let wanted = libc::stack_t { ss_sp: usable, ss_flags: 0, ss_size: SIGNAL_STACK };
    // SAFETY: the memory is writable and stays mapped until the thread ends or `stack` is dropped.
    if unsafe { libc::sigaltstack(&wanted, ptr::null_mut()) } != 0 {
        return Err(io::Error::last_os_error());
    }
    OWN_SIGNAL_STACK.set(Some(stack));
    Ok(())
}

impl Drop for SignalStack {
    fn drop(&mut self) {
        let mut current = MaybeUninit::<libc::stack_t>::uninit();
        // SAFETY: it only reports the present signal stack.
        let known = unsafe { libc::sigaltstack(ptr::null(), current.as_mut_ptr()) } == 0;
        // SAFETY: filled in if the call succeeded, which is checked first.
        if known && unsafe { current.assume_init() }.ss_sp == self.mapping.wrapping_byte_add(page_size()) {
            let none = libc::stack_t { ss_sp: ptr::null_mut(), ss_flags: libc::SS_DISABLE, ss_size: 0 };
            // SAFETY: the thread is ending or gave up the stack; no handler runs on it.
            unsafe { libc::sigaltstack(&none, ptr::null_mut()) };
        }
        // SAFETY: our own mapping, no longer registered as the signal stack.
        unsafe { libc::munmap(self.mapping, self.bytes) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_inside_the_stack() {
        std::thread::Builder::new()
            .stack_size(1 << 20)
            .spawn(|| {
                let bounds = stack_bounds().unwrap();
                assert!(bounds.high - bounds.low <= 2 << 20);
                assert_eq!(stack_limit(usize::MAX).unwrap(), bounds.low + HEADROOM);
                let near = stack_limit(64 << 10).unwrap();
                assert!(near > bounds.low + HEADROOM && near < bounds.high);
            })
            .unwrap()
            .join()
            .unwrap();
    }
}
