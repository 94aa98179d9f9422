//! Traps and backtraces: walking compiled frames by the tables beside the code.

use crate::link::registry;
use crate::runtime::activation::Activation;
use crate::runtime::module::Module;
use crate::trap::TrapKind;
use std::fmt;

/// A Wasm function on the stack.
#[derive(Debug, Clone)]
pub struct Frame {
    module: Module,
    func_index: u32,
    offset: u32,
}

impl Frame {
    /// The function's module.
    pub fn module(&self) -> &Module {
        &self.module
    }

    /// The function's index in its module, imported functions counted.
    pub fn func_index(&self) -> u32 {
        self.func_index
    }

    /// The operator at work, as a byte offset in the module.
    pub fn offset(&self) -> u32 {
        self.offset
    }
}

/// The Wasm functions on the stack, innermost first, through nested calls of host functions.
#[derive(Debug, Clone, Default)]
pub struct Backtrace {
    frames: Vec<Frame>,
}

/// Where a walk starts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Start {
    /// At an instruction that faulted.
    Fault {
        /// The instruction.
        pc: usize,
        /// The stack pointer there.
        sp: usize,
    },
    /// At a call of the host.
    Exit {
        /// The address of the return address.
        sp: usize,
    },
}

impl Backtrace {
    /// The frames.
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// Walks the stack of this thread and collects the innermost `max` frames.
    ///
    /// Damage to the stack ends the walk; it reads nothing but the part of the stack that compiled
    /// code has used.
    ///
    /// # Safety
    ///
    /// The start must be a place where compiled code of this innermost activation of the thread stopped.
    pub(crate) unsafe fn capture(start: Start, innermost: &Activation, max: usize) -> Backtrace {
        let mut frames = Vec::new();
        let mut activation = innermost;
        let mut slot = match start {
            Start::Exit { sp } => sp,
            Start::Fault { pc, sp } => match fault_frame(pc, sp) {
                None => return Backtrace::default(),
                Some((frame, slot)) => {
                    frames.push(frame);
                    slot
                }
            },
        };
        loop {
            let bottom = activation.bottom();
            while slot < bottom && slot.is_multiple_of(size_of::<usize>()) && frames.len() < max {
                // SAFETY: an aligned address between where compiled code stopped and where it was entered, so a
                // part of the stack in use.
                let return_address = unsafe { *(slot as *const usize) };
                let Some((frame, next)) = call_frame(return_address, slot) else { break };
                frames.push(frame);
                slot = next;
            }
            // SAFETY: the chain holds activations of this thread that have not returned.
            match unsafe { activation.outer.as_ref() } {
                Some(outer) if frames.len() < max => {
                    slot = activation.outer_exit_sp;
                    activation = outer;
                }
                _ => break,
            }
        }
        frames.truncate(max);
        Backtrace { frames }
    }
}

/// The frame that faulted, and the address of its return address.
fn fault_frame(pc: usize, sp: usize) -> Option<(Frame, usize)> {
    let range = registry::lookup(pc)?;
    // SAFETY: the module's code is running, so an instance, and with it the module, is alive.
    let module = unsafe { Module::from_range(&range) };
    let site = module.image().trap_at(pc)?;
    let (defined, function) = module.image().function_at(pc)?;
    // The prologue checks the stack before it makes the frame.
    let frame_bytes = if site.kind == TrapKind::StackOverflow { 0 } else { function.frame_bytes as usize };
    let func_index = module.info().imported_funcs + defined as u32;
    Some((Frame { module, func_index, offset: site.wasm_offset }, sp + frame_bytes))
}

/// The frame that a return address belongs to, and the address of that frame's own return address.
fn call_frame(return_address: usize, slot: usize) -> Option<(Frame, usize)> {
    // The call instruction belongs to the function; what comes after it might not.
    let call = return_address.checked_sub(1)?;
    let range = registry::lookup(call)?;
    // SAFETY: the module's code is running, so an instance, and with it the module, is alive.
    let module = unsafe { Module::from_range(&range) };
    let site = module.image().call_returning_to(return_address)?;
    let (defined, function) = module.image().function_at(call)?;
    let next = slot + size_of::<usize>() + site.pushed_bytes as usize + function.frame_bytes as usize;
    let func_index = module.info().imported_funcs + defined as u32;
    Some((Frame { module, func_index, offset: site.wasm_offset }, next))
}

impl fmt::Display for Backtrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, frame) in self.frames.iter().enumerate() {
            write!(f, "\n  {number}: function {} at {:#x}", frame.func_index, frame.offset)?;
        }
        Ok(())
    }
}

/// Why execution stopped, and where.
#[derive(Debug, Clone)]
pub struct Trap {
    kind: TrapKind,
    offset: Option<u32>,
    backtrace: Backtrace,
}

impl Trap {
    /// The kind.
    pub fn kind(&self) -> TrapKind {
        self.kind
    }

    /// The operator that trapped, as a byte offset in its module. `None` if a segment of a module
    /// did not fit at instantiation.
    pub fn offset(&self) -> Option<u32> {
        self.offset
    }

    /// The Wasm frames, innermost first.
    pub fn backtrace(&self) -> &Backtrace {
        &self.backtrace
    }

    /// A trap of instantiation.
    pub(crate) fn of_segment(kind: TrapKind) -> Trap {
        Trap { kind, offset: None, backtrace: Backtrace::default() }
    }

    /// The trap at a faulting instruction.
    ///
    /// # Safety
    ///
    /// `pc` must be a trap site where compiled code of this innermost activation of the thread
    /// stopped with this stack pointer.
    pub(crate) unsafe fn at(pc: usize, sp: usize, innermost: &Activation, max: usize) -> Trap {
        let site = registry::lookup(pc).and_then(|range| {
            // SAFETY: the image belongs to a module whose code is running.
            unsafe { (*range.image).trap_at(pc) }
        });
        let Some(site) = site else { unreachable!("the signal handler claims only trap sites") };
        // SAFETY: the caller's promise.
        let backtrace = unsafe { Backtrace::capture(Start::Fault { pc, sp }, innermost, max) };
        Trap { kind: site.kind, offset: Some(site.wasm_offset), backtrace }
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "wasm trap: {}", self.kind)?;
        match self.offset {
            Some(offset) => write!(f, " at {offset:#x}")?,
            None => write!(f, " at instantiation")?,
        }
        self.backtrace.fmt(f)
    }
}

impl std::error::Error for Trap {}
