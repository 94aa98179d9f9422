//! The ways in and out of compiled code, one for all function types.
//!
//! [`enter`] loads every argument register of the convention from a [`CallFrame`], [`leave`]
//! unwinds to it, and [`exit`] is the code of every host function. All three live in the
//! program's own text, so there is nothing to generate and nothing to make executable.

use crate::link::frame::CallFrame;
use crate::runtime::host::{HostContext, host_call, raise};
use crate::runtime::vmcontext::{VmContext, VmStore};
use std::arch::naked_asm;
use std::mem::{offset_of, size_of};

/// Runs compiled code. Returns 0, or 1 if [`leave`] ended it.
///
/// # Safety
///
/// `code` must be an entry by the convention of `x64::abi` that fits the frame's arguments and
/// `vmctx`, and everything that it reaches from there must be valid while it runs. The current
/// activation must be the one of this call, so that traps find their way back.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn enter(code: *const u8, vmctx: *mut VmContext, frame: *mut CallFrame) -> u32 {
    naked_asm!(
        ".cfi_startproc",
        "push rbp",
        ".cfi_def_cfa_offset 16",
        ".cfi_offset rbp, -16",
        "mov rbp, rsp",
        ".cfi_def_cfa_register rbp",
        "push rbx",
        "push r12",
        "push r13",
        "push r14",
        "push r15",
        "push rdx", // aligns the stack
        "mov [rdx + {entry_sp}], rsp",
        "mov rbx, rdx",
        "mov rax, rdi",
        "mov r14, rsi",
        "mov r15, [r14 + {memory0_base}]",
        "mov rcx, [rbx + {stack_bytes}]",
        "test rcx, rcx",
        "jz 2f",
        "sub rsp, rcx",
        "mov rdi, rsp",
        "mov rsi, [rbx + {stack}]",
        "shr rcx, 3",
        "rep movsq",
        "2:",
        "movups xmm0, [rbx + {floats}]",
        "movups xmm1, [rbx + {floats} + 16]",
        "movups xmm2, [rbx + {floats} + 32]",
        "movups xmm3, [rbx + {floats} + 48]",
        "movups xmm4, [rbx + {floats} + 64]",
        "movups xmm5, [rbx + {floats} + 80]",
        "movups xmm6, [rbx + {floats} + 96]",
        "movups xmm7, [rbx + {floats} + 112]",
        "mov rdi, [rbx + {ints}]",
        "mov rsi, [rbx + {ints} + 8]",
        "mov rdx, [rbx + {ints} + 16]",
        "mov rcx, [rbx + {ints} + 24]",
        "mov r8, [rbx + {ints} + 32]",
        "mov r9, [rbx + {ints} + 40]",
        "xor r10d, r10d", // no compiled code calls
        "call rax",
        "mov [rbx + {result_ints}], rax",
        "mov [rbx + {result_ints} + 8], rdx",
        "movups [rbx + {result_floats}], xmm0",
        "movups [rbx + {result_floats} + 16], xmm1",
        "xor eax, eax",
        "pop rdx",
        "pop r15",
        "pop r14",
        "pop r13",
        "pop r12",
        "pop rbx",
        "pop rbp",
        ".cfi_def_cfa rsp, 8",
        "ret",
        ".cfi_endproc",
        entry_sp = const offset_of!(CallFrame, entry_sp),
        stack_bytes = const offset_of!(CallFrame, stack_bytes),
        stack = const offset_of!(CallFrame, stack),
        floats = const offset_of!(CallFrame, floats),
        ints = const offset_of!(CallFrame, ints),
        result_ints = const offset_of!(CallFrame, result_ints),
        result_floats = const offset_of!(CallFrame, result_floats),
        memory0_base = const offset_of!(VmContext, memory0_base),
    )
}

/// Ends the call that [`enter`] started with the frame whose `entry_sp` this is: it returns 1.
///
/// # Safety
///
/// That call must be running on this thread, and between it and here there may be only compiled
/// code, [`exit`], and Rust functions that leave nothing to be dropped.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn leave(entry_sp: usize) -> ! {
    naked_asm!(
        "mov rsp, rdi",
        "mov eax, 1",
        "pop rdx",
        "pop r15",
        "pop r14",
        "pop r13",
        "pop r12",
        "pop rbx",
        "pop rbp",
        "ret",
    )
}

/// The code of every host function: `r14` is its [`HostContext`], `r10` the context of the compiled code that calls it, or
/// null. Not callable from Rust.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn exit() {
    naked_asm!(
        ".cfi_startproc",
        "push rbp",
        ".cfi_def_cfa_offset 16",
        ".cfi_offset rbp, -16",
        "mov rbp, rsp",
        ".cfi_def_cfa_register rbp",
        "mov rax, [r14 + {store}]",
        "mov r11, [rbp + 8]",
        "mov [rax + {exit_pc}], r11",
        "lea r11, [rbp + 8]",
        "mov [rax + {exit_sp}], r11",
        "sub rsp, {frame_bytes}",
        "mov [rsp + {ints}], rdi",
        "mov [rsp + {ints} + 8], rsi",
        "mov [rsp + {ints} + 16], rdx",
        "mov [rsp + {ints} + 24], rcx",
        "mov [rsp + {ints} + 32], r8",
        "mov [rsp + {ints} + 40], r9",
        "movups [rsp + {floats}], xmm0",
        "movups [rsp + {floats} + 16], xmm1",
        "movups [rsp + {floats} + 32], xmm2",
        "movups [rsp + {floats} + 48], xmm3",
        "movups [rsp + {floats} + 64], xmm4",
        "movups [rsp + {floats} + 80], xmm5",
        "movups [rsp + {floats} + 96], xmm6",
        "movups [rsp + {floats} + 112], xmm7",
        "lea r11, [rbp + 16]",
        "mov [rsp + {stack}], r11",
        "mov rdi, r14",
        "mov rsi, rsp",
        "mov rdx, r10",
        "call {host_call}",
        "test eax, eax",
        "jnz 4f",
        "mov rax, [rsp + {result_ints}]",
        "mov rdx, [rsp + {result_ints} + 8]",
        "movups xmm0, [rsp + {result_floats}]",
        "movups xmm1, [rsp + {result_floats} + 16]",
        "mov rcx, [r14 + {stack_bytes}]",
        ".cfi_remember_state",
        "mov rsp, rbp",
        "pop rbp",
        ".cfi_def_cfa rsp, 8",
        "test rcx, rcx",
        "jnz 3f",
        "ret",
        "3:",
        "pop r11",
        "add rsp, rcx",
        "jmp r11",
        "4:",
        ".cfi_restore_state",
        "call {raise}",
        "ud2",
        ".cfi_endproc",
        store = const offset_of!(HostContext, store),
        stack_bytes = const offset_of!(HostContext, stack_bytes),
        exit_pc = const offset_of!(VmStore, exit_pc),
        exit_sp = const offset_of!(VmStore, exit_sp),
        frame_bytes = const size_of::<CallFrame>(),
        ints = const offset_of!(CallFrame, ints),
        floats = const offset_of!(CallFrame, floats),
        stack = const offset_of!(CallFrame, stack),
        result_ints = const offset_of!(CallFrame, result_ints),
        result_floats = const offset_of!(CallFrame, result_floats),
        host_call = sym host_call,
        raise = sym raise,
    )
}

const _: () = assert!(size_of::<CallFrame>().is_multiple_of(16), "the stack stays aligned");

#[cfg(test)]
mod tests {
    //! Functions assembled by hand, to test the ways in and out without the compiler.

    use crate::code::{CallSite, Code, CodeBytes, FunctionCode, TrapSite};
    use crate::compile::CompiledModule;
    use crate::link::registry;
    use crate::microwasm::{FuncType, Type};
    use crate::runtime::engine::{Config, Engine};
    use crate::runtime::error::Error;
    use crate::runtime::host::Caller;
    use crate::runtime::instance::Instance;
    use crate::runtime::module::Module;
    use crate::runtime::store::Store;
    use crate::runtime::typed::IntoFunc;
    use crate::runtime::vmcontext::{VmContext, VmFuncRef, VmStore};
    use crate::trap::TrapKind;
    use crate::wasm::module::{Export, ExportKind, Import, ImportKind, ModuleInfo};
    use crate::work::Work;
    use crate::x64::listing::Listing;
    use crate::{Extern, Func};
    use dynasmrt::x64::X64Relocation;
    use dynasmrt::{DynasmApi, VecAssembler, dynasm};
    use std::mem::offset_of;

    type Assembler = VecAssembler<X64Relocation>;

    /// A module of one import and one exported function `f`, whose code is given.
    fn module(engine: &Engine, import: FuncType, own: FuncType, code: Code) -> Module {
        let info = ModuleInfo {
            types: vec![import, own],
            imports: vec![Import { module: "".into(), name: "host".into(), kind: ImportKind::Func(0) }],
            funcs: vec![0, 1],
            imported_funcs: 1,
            exports: vec![Export { name: "f".into(), kind: ExportKind::Func(1) }],
            ..ModuleInfo::default()
        };
        Module::from_compiled(engine, CompiledModule { info, code, listing: Listing::default(), work: Work::default() })
            .expect("memory for code")
    }

    fn ty(params: &[Type], results: &[Type]) -> FuncType {
        FuncType { params: params.into(), results: results.into() }
    }

    fn one_function(ops: Assembler, frame_bytes: u32, traps: Vec<TrapSite>, calls: Vec<CallSite>) -> Code {
        let bytes = ops.finalize().expect("no open labels");
        let end = bytes.len() as u32;
        let functions = [FunctionCode { start: 0, entry: 0, end, frame_bytes, wasm_offset: 90 }].into();
        let (traps, calls) = (traps.into_iter().collect(), calls.into_iter().collect());
        Code { bytes: CodeBytes::from(&bytes[..]), functions, traps, calls, ..Code::default() }
    }

    fn instantiate<P, R>(
        store: &mut Store<()>,
        module: &Module,
        host: impl IntoFunc<(), P, R>,
    ) -> Result<Instance, Error> {
        let host = Func::wrap(&mut *store, host)?;
        Instance::new(store, module, &[Extern::Func(host)])
    }

    /// `f` fills the registers that a callee must preserve, passes 1 to 8 to the host, and returns the
    /// sum of the three results and of those registers.
    fn caller_of_host(engine: &Engine) -> Module {
        let mut ops = Assembler::new(0);
        dynasm!(ops ; .arch x64
            ; push rbx ; push rbp ; push r12 ; push r13 ; push r14
            ; mov rbx, 1000 ; mov rbp, 2000 ; mov r12, 3000 ; mov r13, 4000
            ; sub rsp, 16
            ; mov QWORD [rsp], 7 ; mov QWORD [rsp + 8], 8
            ; mov rdi, 1 ; mov rsi, 2 ; mov rdx, 3 ; mov rcx, 4 ; mov r8, 5 ; mov r9, 6
            ; mov rax, [r14 + offset_of!(VmContext, funcs) as i32]
            ; mov r10, r14
            ; mov r14, [rax + offset_of!(VmFuncRef, vmctx) as i32]
            ; call QWORD [rax + offset_of!(VmFuncRef, code) as i32]
        );
        let return_offset = ops.offset().0 as u32;
        dynasm!(ops ; .arch x64
            ; mov r14, [rsp]
            ; add rax, rdx
            ; mov rcx, [r14 + offset_of!(VmContext, store) as i32]
            ; mov rcx, [rcx + offset_of!(VmStore, results) as i32]
            ; add rax, [rcx + 32]
            ; add rax, rbx ; add rax, rbp ; add rax, r12 ; add rax, r13
            ; pop r14 ; pop r13 ; pop r12 ; pop rbp ; pop rbx
            ; ret
        );
        let calls = vec![CallSite { return_offset, wasm_offset: 95, pushed_bytes: 16 }];
        let host = ty(&[Type::I64; 8], &[Type::I64; 3]);
        module(engine, host, ty(&[], &[Type::I64]), one_function(ops, 40, Vec::new(), calls))
    }

    #[test]
    fn the_exit_keeps_registers_and_pops_arguments() {
        let engine = Engine::new(&Config::new()).unwrap();
        let module = caller_of_host(&engine);
        let mut store = Store::new(&engine, ());
        let host = |caller: Caller<'_, ()>, a: i64, b: i64, c: i64, d: i64, e: i64, f: i64, g: i64, h: i64| {
            assert_eq!([a, b, c, d, e, f, g, h], [1, 2, 3, 4, 5, 6, 7, 8]);
            let trace = caller.backtrace();
            assert_eq!(trace.frames().len(), 1);
            assert_eq!((trace.frames()[0].func_index(), trace.frames()[0].offset()), (1, 95));
            (100i64, 20i64, 3i64)
        };
        let instance = instantiate(&mut store, &module, host).unwrap();
        let f = instance.get_typed_func::<(), i64>(&store, "f").unwrap();
        for _ in 0..3 {
            assert_eq!(f.call(&mut store, ()).unwrap(), 10_123);
        }
    }

    #[test]
    fn a_failing_host_function_ends_the_call() {
        let engine = Engine::new(&Config::new()).unwrap();
        let module = caller_of_host(&engine);
        let mut store = Store::new(&engine, ());
        let host = |_: i64, _: i64, _: i64, _: i64, _: i64, _: i64, _: i64, h: i64| -> Result<(i64, i64, i64), Error> {
            Err(Error::host(format!("eighth was {h}")))
        };
        let instance = instantiate(&mut store, &module, host).unwrap();
        let f = instance.get_typed_func::<(), i64>(&store, "f").unwrap();
        for _ in 0..3 {
            let Err(Error::Host(error)) = f.call(&mut store, ()) else { panic!("the host's error comes back") };
            assert_eq!(error.to_string(), "eighth was 8");
            assert_eq!(error.backtrace().frames().len(), 1);
        }
    }

    #[test]
    fn a_fault_at_the_entry_has_no_frame_yet() {
        let engine = Engine::new(&Config::new()).unwrap();
        let mut ops = Assembler::new(0);
        dynasm!(ops ; .arch x64 ; ud2);
        // The frame's size must not be used: it would lead out of the activation.
        let trap = TrapSite { offset: 0, wasm_offset: 91, kind: TrapKind::StackOverflow };
        let code = one_function(ops, 1 << 20, vec![trap], Vec::new());
        let module = module(&engine, ty(&[], &[]), ty(&[Type::F64], &[]), code);
        let mut store = Store::new(&engine, ());
        let instance = instantiate(&mut store, &module, || ()).unwrap();
        let f = instance.get_typed_func::<f64, ()>(&store, "f").unwrap();
        let Err(Error::Trap(trap)) = f.call(&mut store, 1.0) else { panic!("it traps") };
        assert_eq!((trap.kind(), trap.offset()), (TrapKind::StackOverflow, Some(91)));
        assert_eq!(trap.backtrace().frames().len(), 1);
    }

    #[test]
    fn a_wrong_frame_size_ends_the_walk() {
        let engine = Engine::new(&Config::new()).unwrap();
        for frame_bytes in [0, 4, 8, 16, 1 << 20] {
            let mut ops = Assembler::new(0);
            dynasm!(ops ; .arch x64 ; push 0 ; push 0 ; push 0 ; ud2);
            let offset = ops.offset().0 as u32 - 2;
            let trap = TrapSite { offset, wasm_offset: 91, kind: TrapKind::Unreachable };
            let code = one_function(ops, frame_bytes, vec![trap], Vec::new());
            let module = module(&engine, ty(&[], &[]), ty(&[], &[]), code);
            let mut store = Store::new(&engine, ());
            let instance = instantiate(&mut store, &module, || ()).unwrap();
            let f = instance.get_typed_func::<(), ()>(&store, "f").unwrap();
            let Err(Error::Trap(trap)) = f.call(&mut store, ()) else { panic!("it traps") };
            assert_eq!(trap.backtrace().frames().len(), 1);
        }
    }

    #[test]
    fn modules_live_as_long_as_they_are_used() {
        let engine = Engine::new(&Config::new()).unwrap();
        let module = caller_of_host(&engine);
        let start = module.code_range().start;
        let mut store = Store::new(&engine, ());
        let host = |_: i64, _: i64, _: i64, _: i64, _: i64, _: i64, _: i64, _: i64| (1i64, 2i64, 3i64);
        instantiate(&mut store, &module, host).unwrap();
        drop(module);
        let owner = registry::lookup(start).expect("the instance keeps the module").owner;
        drop(store);
        // Another thread may have mapped code of its own at the same place since.
        assert!(registry::lookup(start).is_none_or(|range| range.owner != owner));
    }
}
