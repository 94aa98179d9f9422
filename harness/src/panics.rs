//! Turns a panic into a message with its place, so that one case's panic is one case's finding.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    /// `Some` while a panic of this thread is expected; the hook leaves its words here.
    static MESSAGE: RefCell<Option<String>> = const { RefCell::new(None) };
}

static HOOK: Once = Once::new();

/// Runs `f`; a panic becomes an error with its message and its place. Nothing is printed.
///
/// # Errors
///
/// If `f` panics.
pub fn catch<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    HOOK.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let caught = MESSAGE.try_with(|message| match message.borrow_mut().as_mut() {
                Some(message) => {
                    *message = info.to_string();
                    true
                }
                None => false,
            });
            if !caught.unwrap_or(false) {
                previous(info);
            }
        }));
    });
    let outer = MESSAGE.replace(Some(String::new()));
    let result = catch_unwind(AssertUnwindSafe(f));
    let message = MESSAGE.replace(outer);
    result.map_err(|_| message.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_told_and_the_thread_lives_on() {
        assert_eq!(catch(|| 3), Ok(3));
        let message = catch(|| -> () { panic!("number {}", 7) }).expect_err("it panics");
        assert!(message.contains("number 7") && message.contains("panics.rs"), "{message}");
        assert_eq!(catch(|| 4), Ok(4));
    }
}
