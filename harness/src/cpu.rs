//! Processor time.

/// Whose time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// This process.
    Process,
    /// The processes that this one has started and that have ended.
    Children,
}

/// Seconds of processor time, of user and system, so far.
///
/// # Panics
///
/// Never: the operating system knows both.
pub fn seconds(of: Of) -> f64 {
    let who = match of {
        Of::Process => libc::RUSAGE_SELF,
        Of::Children => libc::RUSAGE_CHILDREN,
    };
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: `usage` is a valid place for the structure that the call fills.
    let result = unsafe { libc::getrusage(who, usage.as_mut_ptr()) };
    assert_eq!(result, 0, "getrusage knows whom it is asked for");
    // SAFETY: all bytes were zero, which is valid, and the call has filled them.
    let usage = unsafe { usage.assume_init() };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_takes_time() {
        let begin = seconds(Of::Process);
        let mut sum = 0u64;
        while seconds(Of::Process) < begin + 0.01 {
            sum = std::hint::black_box(sum + 1);
        }
        assert!(sum > 0 && seconds(Of::Children) >= 0.0);
    }
}
