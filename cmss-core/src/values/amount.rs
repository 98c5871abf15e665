//! Money, and shares of a hundred.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{FaultCode, Flaw, in_range};

/// Swedish money in whole öre, a hundredth of a krona; may be negative, as in a counter-entry.
///
/// It is spelled with its unit, `{"ore": 500000}`, so that nobody takes öre for kronor. Sums are
/// checked and never wrap.
///
/// # Examples
///
/// ```
/// use cmss_core::values::Money;
///
/// let money = Money::ore(500_000);
/// assert_eq!(money.to_string(), "5000 kr");
/// assert_eq!(money.checked_add(Money::ore(1_250)).map(|sum| sum.to_string()).as_deref(),
///     Some("5012,50 kr"));
/// assert_eq!(Money::ore(i64::MAX).checked_add(Money::ore(1)), None);
/// ```
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Money {
    ore: i64,
}

impl Money {
    /// So many öre.
    #[must_use]
    pub const fn ore(ore: i64) -> Self {
        Self { ore }
    }

    /// The amount in öre.
    #[must_use]
    pub const fn in_ore(self) -> i64 {
        self.ore
    }

    /// The sum, where it can be written.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.ore.checked_add(other.ore) {
            Some(ore) => Some(Self { ore }),
            None => None,
        }
    }

    /// The difference, where it can be written.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.ore.checked_sub(other.ore) {
            Some(ore) => Some(Self { ore }),
            None => None,
        }
    }

    /// The sum of all, where it can be written; of none it is 0.
    #[must_use]
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts
            .into_iter()
            .try_fold(Self::default(), Self::checked_add)
    }

    /// The amount, when it is 0 or more.
    pub(crate) const fn not_negative(self) -> Result<Self, Flaw> {
        if self.ore < 0 {
            return Err(Flaw {
                code: FaultCode::TooSmall,
                limit: Some(0),
                given: None,
            });
        }
        Ok(self)
    }
}

/// In the Swedish manner: `5000 kr`, `12,50 kr`, `−3 kr`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.ore < 0 { "\u{2212}" } else { "" };
        let ore = self.ore.unsigned_abs();
        match (ore / 100, ore % 100) {
            (kronor, 0) => write!(f, "{sign}{kronor} kr"),
            (kronor, rest) => write!(f, "{sign}{kronor},{rest:02} kr"),
        }
    }
}

/// A whole share of a hundred: 0 to 100.
///
/// # Examples
///
/// ```
/// use cmss_core::values::Percent;
///
/// assert_eq!(Percent::try_from(75)?.to_string(), "75 %");
/// assert!(Percent::try_from(101).is_err());
/// # Ok::<(), cmss_core::values::Flaw>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Percent(u8);

impl Percent {
    /// The number.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Percent {
    type Error = Flaw;

    fn try_from(number: u8) -> Result<Self, Flaw> {
        in_range(number, &(0..=100)).map(|()| Self(number))
    }
}

impl From<Percent> for u8 {
    fn from(percent: Percent) -> Self {
        percent.0
    }
}

/// In the Swedish manner: `75 %`.
impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn money_is_shown_in_kronor_and_ore_only_where_there_are_any() {
        for (ore, shown) in [
            (0, "0 kr"),
            (5, "0,05 kr"),
            (1_250, "12,50 kr"),
            (500_000, "5000 kr"),
            (-1_250, "\u{2212}12,50 kr"),
            (i64::MIN, "\u{2212}92233720368547758,08 kr"),
        ] {
            assert_eq!(Money::ore(ore).to_string(), shown);
        }
    }

    #[test]
    fn money_names_its_unit_when_stored() {
        let stored = serde_json::to_string(&Money::ore(-5)).unwrap();
        assert_eq!(stored, r#"{"ore":-5}"#);
        assert_eq!(
            serde_json::from_str::<Money>(&stored).unwrap(),
            Money::ore(-5)
        );
        for wrong in ["5", r#"{"kr":5}"#, r#"{"ore":5.5}"#, r#"{"ore":5,"kr":0}"#] {
            assert!(serde_json::from_str::<Money>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_cost_is_not_negative() {
        assert!(Money::ore(0).not_negative().is_ok());
        assert_eq!(
            Money::ore(-1).not_negative().unwrap_err().code,
            FaultCode::TooSmall
        );
    }

    #[test]
    fn a_percentage_is_whole_and_at_most_a_hundred() {
        assert_eq!(
            serde_json::to_string(&Percent::try_from(50).unwrap()).unwrap(),
            "50"
        );
        for wrong in ["101", "-1", "50.5", "\"50\""] {
            assert!(serde_json::from_str::<Percent>(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_sum_of_money_is_exact_or_refused(a: i64, b: i64) {
            let (wide_a, wide_b) = (i128::from(a), i128::from(b));
            let written = |ore: i128| i64::try_from(ore).ok().map(Money::ore);
            prop_assert_eq!(Money::ore(a).checked_add(Money::ore(b)), written(wide_a + wide_b));
            prop_assert_eq!(Money::ore(a).checked_sub(Money::ore(b)), written(wide_a - wide_b));
            prop_assert_eq!(
                Money::checked_sum([Money::ore(a), Money::ore(b)]),
                written(wide_a + wide_b)
            );
        }
    }
}
