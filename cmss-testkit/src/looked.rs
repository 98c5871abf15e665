//! How often a harness looks: as often as a knob asks for, and it says how often it did.

use std::env;
use std::ffi::OsStr;

use crate::seed::tell;

/// How many are asked for by a knob, which is a variable of the environment; or so many.
///
/// # Panics
/// When the knob is set to what is no number: with its name, and with what it is set to.
#[must_use]
pub fn asked(knob: &str, unless_told: u32) -> u32 {
    env::var_os(knob).map_or(unless_told, |given| read(knob, &given))
}

fn read(knob: &str, given: &OsStr) -> u32 {
    let number = given.to_str().and_then(|given| given.parse().ok());
    number.unwrap_or_else(|| panic!("{knob} is a number, and is set to {given:?}"))
}

/// Says how many there really were of what is looked at, in a line of its own, `ran 30 stores`: who
/// runs a harness over and over adds these up.
pub fn ran(count: impl TryInto<u64>, what: &str) {
    // Nothing that is counted comes near the end.
    let count = count.try_into().unwrap_or(u64::MAX);
    tell(&format!("ran {count} {what}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_knob_is_read_as_the_number_it_is_set_to() {
        assert_eq!(read("CMSS_CASES", OsStr::new("15")), 15);
        assert_eq!(asked("CMSS_NOT_SET_BY_ANYBODY", 7), 7);
    }

    #[test]
    #[should_panic(expected = "CMSS_CASES is a number, and is set to \"1o\"")]
    fn a_knob_that_cannot_be_read_is_named() {
        read("CMSS_CASES", OsStr::new("1o"));
    }
}
