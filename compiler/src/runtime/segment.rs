//! The base of the segment `gs`, where compiled code may look for memory 0.
//!
//! The thread's own data is behind `fs`; on x86-64 Linux `gs` belongs to the program. The kernel keeps its base for each
//! thread, and leaves it alone when it delivers a signal.

use std::arch::asm;

/// The bit of `AT_HWCAP2` by which Linux says that the instructions below are there and permitted.
const HWCAP2_FSGSBASE: libc::c_ulong = 1 << 1;

/// Whether the CPU and the kernel let programs read and write the base.
pub(crate) fn is_permitted() -> bool {
    // SAFETY: no preconditions; 0 for what the kernel does not know.
    permits(unsafe { libc::getauxval(libc::AT_HWCAP2) })
}

fn permits(capabilities: libc::c_ulong) -> bool {
    capabilities & HWCAP2_FSGSBASE != 0
}

/// The base.
///
/// # Safety
///
/// It must be permitted to read it.
pub(crate) unsafe fn base() -> usize {
    let base;
    // SAFETY: the caller says that the instruction is there; it changes nothing.
    unsafe { asm!("rdgsbase {}", out(reg) base, options(nostack, preserves_flags)) };
    base
}

/// Sets the base.
///
/// # Safety
///
/// It must be permitted to write it, and nobody else may rely on what it was.
pub(crate) unsafe fn set_base(base: usize) {
    // SAFETY: the caller says that the instruction is there, and that the old base is not needed.
    unsafe { asm!("wrgsbase {}", in(reg) base, options(nostack, preserves_flags)) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_says_whether_it_is_permitted() {
        assert!(!permits(0) && !permits(!2));
        assert!(permits(2) && permits(3));
    }

    #[test]
    fn a_thread_has_a_base_of_its_own() {
        if !is_permitted() {
            return eprintln!("skipped: the base of gs may not be written here");
        }
        // SAFETY: it is permitted, and the base is put back.
        unsafe {
            let before = base();
            set_base(0x1234_5000);
            assert_eq!(base(), 0x1234_5000);
            let other = std::thread::spawn(|| {
                set_base(0x5678_9000);
                base()
            });
            assert_eq!(other.join().ok(), Some(0x5678_9000));
            assert_eq!(base(), 0x1234_5000);
            set_base(before);
        }
    }
}
