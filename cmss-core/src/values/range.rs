//! Numbers between two bounds.

use std::ops::RangeInclusive;

use super::{FaultCode, Flaw};

/// Nothing, when the value lies within the bounds.
pub(crate) fn in_range(value: impl Into<i64>, bounds: &RangeInclusive<i64>) -> Result<(), Flaw> {
    let value = value.into();
    let (code, bound) = if value < *bounds.start() {
        (FaultCode::TooSmall, *bounds.start())
    } else if value > *bounds.end() {
        (FaultCode::TooLarge, *bounds.end())
    } else {
        return Ok(());
    };
    Err(Flaw {
        code,
        limit: u64::try_from(bound).ok(),
        given: u64::try_from(value).ok(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_themselves_are_accepted_and_the_nearer_one_is_named() {
        assert_eq!(in_range(2, &(2..=3)), Ok(()));
        assert_eq!(in_range(3, &(2..=3)), Ok(()));
        assert_eq!(
            in_range(1, &(2..=3)),
            Err(Flaw::limit(FaultCode::TooSmall, 2, 1))
        );
        assert_eq!(
            in_range(4, &(2..=3)),
            Err(Flaw::limit(FaultCode::TooLarge, 3, 4))
        );
        assert_eq!(in_range(-4, &(2..=3)).unwrap_err().given, None);
    }
}
