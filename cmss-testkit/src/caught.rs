//! How a harness is held to finding a planted fault.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Asserts that work panics, and says this: what panics for another reason has not found what was
/// planted.
///
/// # Panics
/// When it does not.
pub fn caught(saying: &str, work: impl FnOnce()) {
    caught_saying_one_of(&[saying], work);
}

/// The same, where a planted fault can come to light in several ways: it says one of these.
///
/// # Panics
/// When it does not.
pub fn caught_saying_one_of(sayings: &[&str], work: impl FnOnce()) {
    let caught = catch_unwind(AssertUnwindSafe(work));
    let payload = caught.expect_err("a planted fault is caught");
    let said = payload.downcast_ref::<String>().cloned();
    let said = said.or_else(|| payload.downcast_ref::<&str>().map(|&said| said.to_owned()));
    let said = said.expect("a panic says why");
    assert!(sayings.iter().any(|saying| said.contains(saying)), "{said}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_that_says_so_is_what_was_looked_for() {
        caught("it is 2", || panic!("it is {}", 1 + 1));
        caught("it is 2", || panic!("it is 2"));
        caught_saying_one_of(&["it is 1", "it is 2"], || panic!("it is 2"));
    }

    #[test]
    #[should_panic(expected = "the disk is full")]
    fn a_panic_that_says_something_else_goes_on() {
        caught("it is 2", || panic!("the disk is full"));
    }

    #[test]
    #[should_panic(expected = "a planted fault is caught")]
    fn what_does_not_panic_is_told() {
        caught("it is 2", || ());
    }
}
