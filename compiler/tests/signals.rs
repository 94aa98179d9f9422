//! Signals that are not ours go to whoever handled them before, and faults of ours reach us through
//! handlers that were installed later. Each case changes the process, so each has a process of its own.

use lightbeam::{Engine, Error, Instance, Module, Store, TrapKind};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus};
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};

const CASE: &str = "LIGHTBEAM_SIGNAL_CASE";

/// Runs a case in a process of its own.
fn child(case: &str) -> ExitStatus {
    let program = std::env::current_exe().expect("the test's own program");
    let mut command = Command::new(program);
    command.args(["--exact", "case", "--nocapture", "--test-threads=1"]).env(CASE, case);
    command.output().expect("the test's own program starts").status
}

/// The body of the child processes; as an ordinary test it has nothing to do.
#[test]
fn case() {
    match std::env::var(CASE).as_deref() {
        Err(_) => {}
        Ok("chain") => chain(),
        Ok("segv") => fault_outside(),
        Ok("sent") => send(libc::SIGFPE),
        Ok("ignored") => ignored(),
        Ok("no signal stack") => without_signal_stack(),
        Ok(other) => panic!("no case {other}"),
    }
}

#[test]
fn handlers_before_and_after_ours_work() {
    assert!(child("chain").success());
}

#[test]
fn a_fault_outside_compiled_code_still_ends_the_process() {
    assert_eq!(child("segv").signal(), Some(libc::SIGSEGV));
}

#[test]
fn a_sent_signal_still_ends_the_process() {
    assert_eq!(child("sent").signal(), Some(libc::SIGFPE));
}

#[test]
fn a_sent_signal_that_was_ignored_stays_ignored() {
    assert!(child("ignored").success());
}

#[test]
fn a_thread_without_a_signal_stack_gets_one() {
    assert!(child("no signal stack").success());
}

/// A load out of bounds, a division by zero, `unreachable` and a stack overflow.
fn trap_in_every_way() {
    let wat = r#"(module (memory 1)
        (func (export "load") (param i32) (drop (i32.load (i32.const 65536))))
        (func (export "div") (param i32) (drop (i32.div_s (i32.const 1) (local.get 0))))
        (func (export "unreachable") (param i32) unreachable)
        (func $deep (export "deep") (param i32) (call $deep (local.get 0)) (call $deep (local.get 0))))"#;
    let engine = Engine::new(&lightbeam::Config::new()).unwrap();
    let module = Module::new(&engine, wat::parse_str(wat).unwrap()).unwrap();
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let expected = [
        ("load", TrapKind::MemoryOutOfBounds),
        ("div", TrapKind::IntegerDivisionByZero),
        ("unreachable", TrapKind::Unreachable),
        ("deep", TrapKind::StackOverflow),
    ];
    for (name, kind) in expected {
        let func = instance.get_typed_func::<i32, ()>(&store, name).unwrap();
        let Err(Error::Trap(trap)) = func.call(&mut store, 0) else { panic!("{name} traps") };
        assert_eq!(trap.kind(), kind);
    }
}

static SEEN_BEFORE: AtomicUsize = AtomicUsize::new(0);
static SEEN_AFTER: AtomicUsize = AtomicUsize::new(0);
static OURS: AtomicUsize = AtomicUsize::new(0);

type Handler = unsafe extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void);

fn install(signal: libc::c_int, handler: usize) -> usize {
    // SAFETY: all-zero bytes are a valid action, completed below; the handlers have the signature that the flags say.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        let mut old: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
        libc::sigemptyset(&mut action.sa_mask);
        assert_eq!(libc::sigaction(signal, &action, &mut old), 0);
        old.sa_sigaction
    }
}

/// As another engine would: steps over the two bytes of its own `ud2`.
unsafe extern "C" fn before(_: libc::c_int, _: *mut libc::siginfo_t, context: *mut libc::c_void) {
    SEEN_BEFORE.fetch_add(1, Ordering::SeqCst);
    // SAFETY: the kernel's pointer to the interrupted registers.
    unsafe { (*context.cast::<libc::ucontext_t>()).uc_mcontext.gregs[libc::REG_RIP as usize] += 2 };
}

unsafe extern "C" fn after(signal: libc::c_int, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    SEEN_AFTER.fetch_add(1, Ordering::SeqCst);
    // SAFETY: this is the handler that was installed before, which has this signature.
    let ours: Handler = unsafe { std::mem::transmute(OURS.load(Ordering::SeqCst)) };
    // SAFETY: the kernel's own arguments.
    unsafe { ours(signal, info, context) };
}

fn chain() {
    install(libc::SIGILL, before as *const () as usize);
    trap_in_every_way();
    assert_eq!(SEEN_BEFORE.load(Ordering::SeqCst), 0, "our traps are ours");
    // SAFETY: the handler `before` steps over the instruction.
    unsafe { std::arch::asm!("ud2") };
    assert_eq!(SEEN_BEFORE.load(Ordering::SeqCst), 1, "other faults are passed on");
    let ours = install(libc::SIGILL, after as *const () as usize);
    OURS.store(ours, Ordering::SeqCst);
    trap_in_every_way();
    let seen = SEEN_AFTER.load(Ordering::SeqCst);
    assert!(seen >= 1, "a later handler comes first");
    // SAFETY: as above, by way of `after` and ours.
    unsafe { std::arch::asm!("ud2") };
    assert_eq!((SEEN_BEFORE.load(Ordering::SeqCst), SEEN_AFTER.load(Ordering::SeqCst)), (2, seen + 1));
}

fn fault_outside() {
    trap_in_every_way();
    // SAFETY: none: it is meant to fault.
    unsafe { ptr::without_provenance_mut::<u32>(4096).write_volatile(1) };
}

fn send(signal: libc::c_int) {
    trap_in_every_way();
    // SAFETY: no preconditions.
    unsafe { libc::raise(signal) };
}

fn ignored() {
    // SAFETY: no handler is installed.
    unsafe { libc::signal(libc::SIGFPE, libc::SIG_IGN) };
    send(libc::SIGFPE);
    send(libc::SIGFPE);
}

fn without_signal_stack() {
    let none = libc::stack_t { ss_sp: ptr::null_mut(), ss_flags: libc::SS_DISABLE, ss_size: 0 };
    // SAFETY: no handler is running.
    assert_eq!(unsafe { libc::sigaltstack(&none, ptr::null_mut()) }, 0);
    trap_in_every_way();
    let mut current = none;
    // SAFETY: it only reports.
    assert_eq!(unsafe { libc::sigaltstack(ptr::null(), &mut current) }, 0);
    assert_eq!(current.ss_flags & libc::SS_DISABLE, 0);
}
