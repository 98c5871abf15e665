//! Panics, of which an engine's end at its store: nobody is to be shown them.

use std::panic::{self, AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::{Mutex, PoisonError};

use crate::failure::Failure;

/// Where the last panic was. What it said may be content.
static LAST: Mutex<Option<String>> = Mutex::new(None);

/// Does the work of the program. Panics that end within it show nothing of themselves, since what
/// caught them says what went wrong; one that does not end there is told in a line.
pub(crate) fn contained(work: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    // A program that is built to abort where it panics would end without a word.
    if cfg!(panic = "unwind") {
        panic::set_hook(Box::new(note));
    }
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let place = LAST.lock().unwrap_or_else(PoisonError::into_inner).take();
        let place = place.unwrap_or_else(|| "a place that is not known".to_owned());
        Err(Failure::failed(format!(
            "the program is at fault: it panicked at {place}"
        )))
    })
}

fn note(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    *LAST.lock().unwrap_or_else(PoisonError::into_inner) = place;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_that_nobody_has_caught_is_told_by_its_place_and_not_by_what_it_said() {
        let told = contained(|| {
            let caught = catch_unwind(|| panic!("of an engine"));
            assert!(caught.is_err());
            panic!("Ada Almgren");
        });
        let _ = panic::take_hook();
        let told = told.unwrap_err().to_string();
        assert!(told.contains("panics.rs:"), "{told}");
        assert!(!told.contains("Ada"), "{told}");
    }
}
