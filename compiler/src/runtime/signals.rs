//! Faults in compiled code become traps; all other signals go to whoever handled them before.

use crate::link::registry;
use crate::runtime::activation::trap_landing;
use crate::runtime::memory::RESERVED_BYTES;
use crate::runtime::segment;
use crate::trap::TrapKind;
use crate::x64::memory_base::MemoryBase;
use libc::{c_int, c_void, siginfo_t, ucontext_t};
use std::cell::UnsafeCell;
use std::io;
use std::mem::{MaybeUninit, transmute};
use std::ptr;
use std::sync::OnceLock;

const SIGNALS: [c_int; 4] = [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE];

/// What handled each of [`SIGNALS`] before.
struct Previous(UnsafeCell<MaybeUninit<[libc::sigaction; SIGNALS.len()]>>);

// SAFETY: it is written once, before the handlers are installed, and only read afterwards.
unsafe impl Sync for Previous {}

static PREVIOUS: Previous = Previous(UnsafeCell::new(MaybeUninit::uninit()));

/// Installs the handlers, once for the process.
///
/// # Errors
///
/// If the system refuses; then it refuses every later call too.
pub(crate) fn install() -> io::Result<()> {
    static INSTALLED: OnceLock<Result<(), i32>> = OnceLock::new();
    let code = |error: io::Error| error.raw_os_error().unwrap_or(libc::EINVAL);
    INSTALLED.get_or_init(|| install_all().map_err(code)).map_err(io::Error::from_raw_os_error)
}

fn install_all() -> io::Result<()> {
    for (index, signal) in SIGNALS.into_iter().enumerate() {
        // SAFETY: the field is inside the static, and nobody reads it yet.
        let previous = unsafe { (*PREVIOUS.0.get()).as_mut_ptr().cast::<libc::sigaction>().add(index) };
        // SAFETY: it only reports the present action.
        if unsafe { libc::sigaction(signal, ptr::null(), previous) } != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    for signal in SIGNALS {
        // SAFETY: all-zero bytes are a valid action.
        let mut action: libc::sigaction = unsafe { MaybeUninit::zeroed().assume_init() };
        action.sa_sigaction = handle as *const () as usize;
        // NODEFER: a previous handler may leave by a jump, and must not leave the signal blocked.
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_NODEFER;
        // SAFETY: the action is complete but for its mask, which is emptied here.
        unsafe { libc::sigemptyset(&mut action.sa_mask) };
        // SAFETY: `handle` is async-signal-safe and has the signature that the flags announce.
        if unsafe { libc::sigaction(signal, &action, ptr::null_mut()) } != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

/// The handler. It runs anywhere, so it takes no lock and allocates nothing.
unsafe extern "C" fn handle(signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
    // SAFETY: the kernel passes valid pointers to a handler with SA_SIGINFO.
    let claimed = unsafe { claim(signal, &*info, &mut *context.cast::<ucontext_t>()) };
    if !claimed {
        // SAFETY: as above.
        unsafe { forward(signal, info, context) };
    }
}

/// If the fault is a trap of compiled code: makes the thread continue in [`trap_landing`].
fn claim(signal: c_int, info: &siginfo_t, context: &mut ucontext_t) -> bool {
    // Signals that another process or thread sent are not faults, wherever they find us.
    if info.si_code <= 0 {
        return false;
    }
    let registers = &mut context.uc_mcontext.gregs;
    let pc = registers[libc::REG_RIP as usize] as usize;
    let Some(range) = registry::lookup(pc) else { return false };
    // SAFETY: the image's code is running on this thread, so its module is alive.
    let Some(site) = (unsafe { (*range.image).trap_at(pc) }) else { return false };
    if matches!(signal, libc::SIGSEGV | libc::SIGBUS) {
        // SAFETY: these signals carry an address.
        let address = unsafe { info.si_addr() } as usize;
        // SAFETY: the image's code is running, which is made for the segment only where its base may be read.
        let base = match unsafe { (*range.image).memory_base() } {
            MemoryBase::Register => registers[libc::REG_R15 as usize] as usize,
            // SAFETY: as above; the kernel leaves the base as it was at the fault.
            MemoryBase::Segment => unsafe { segment::base() },
        };
        // An address that no correct code can form means that the code is wrong: that must not pass for a trap.
        let expected = match site.kind {
            TrapKind::MemoryOutOfBounds => address.wrapping_sub(base) < RESERVED_BYTES,
            _ => address < 4096,
        };
        if !expected {
            return false;
        }
    }
    let sp = registers[libc::REG_RSP as usize] as usize;
    registers[libc::REG_RIP as usize] = trap_landing as *const () as i64;
    registers[libc::REG_RDI as usize] = pc as i64;
    registers[libc::REG_RSI as usize] = sp as i64;
    // As after a call: the stack pointer is 8 below a multiple of 16.
    registers[libc::REG_RSP as usize] = ((sp & !15) - 8) as i64;
    // The C convention wants the direction flag clear.
    registers[libc::REG_EFL as usize] &= !0x400;
    true
}

/// Does what would have happened without us.
unsafe fn forward(signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
    let Some(index) = SIGNALS.iter().position(|other| *other == signal) else { return };
    // SAFETY: the actions were stored before this handler was installed.
    let previous = unsafe { &*(*PREVIOUS.0.get()).as_ptr().cast::<libc::sigaction>().add(index) };
    // SAFETY: the kernel's pointer.
    let sent = unsafe { (*info).si_code } <= 0;
    match previous.sa_sigaction {
        libc::SIG_IGN if sent => {}
        libc::SIG_DFL | libc::SIG_IGN => {
            // A fault happens again on return, and then ends the process as it would have; a sent signal is sent again.
            // SAFETY: restores the action that was there.
            unsafe { libc::sigaction(signal, previous, ptr::null_mut()) };
            if sent {
                // SAFETY: no preconditions.
                unsafe { libc::raise(signal) };
            }
        }
        handler if previous.sa_flags & libc::SA_SIGINFO != 0 => {
            // SAFETY: the flag says that the handler has this signature.
            let handler: unsafe extern "C" fn(c_int, *mut siginfo_t, *mut c_void) = unsafe { transmute(handler) };
            // SAFETY: the kernel's own arguments.
            unsafe { handler(signal, info, context) };
        }
        handler => {
            // SAFETY: without the flag a handler has this signature.
            let handler: unsafe extern "C" fn(c_int) = unsafe { transmute(handler) };
            // SAFETY: the kernel's own argument.
            unsafe { handler(signal) };
        }
    }
}
