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

/// The code of every host function: `r14` is its [`HostContext`]. Not callable from Rust.
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

const _: () = assert!(size_of::<CallFrame>() % 16 == 0, "the stack stays aligned");
