//! Time as it is known: from the minute to not at all.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize};

use super::dates::{self, hhmm};
use super::zone::instant_passed;
use super::{FaultCode, Faults, Flaw, Fold, Locale, in_range, instant, limits};

/// When something is, was, or is to be, as exactly as is known: an uncertain time is a value and
/// not a text.
///
/// Dates and times are local to the newsroom's zone, and both are kept: what was stated stays
/// stated. Only [`Exact`](Self::Exact), [`Day`](Self::Day) and [`DayPart`](Self::DayPart) are
/// *dated* and can be past; the others are shown as text and never as a calendar entry.
///
/// A time that the clocks of the zone leave out is refused; of one that they show twice, the first
/// is meant.
///
/// # Examples
///
/// ```
/// use chrono_tz::Europe::Stockholm;
/// use cmss_core::values::{Locale, When, offset_time};
///
/// let when: When = serde_json::from_str(
///     r#"{"grade": "exact", "date": "2017-02-23", "start": "09:00", "end": "16:00"}"#,
/// )?;
/// assert_eq!(when.label(Locale::Sv), "23 februari 2017 kl. 9:00–16:00");
/// let over = when.over_at(Stockholm).map(|instant| offset_time(instant, Stockholm));
/// assert_eq!(over.as_deref(), Some("2017-02-23T16:00:00+01:00"));
///
/// let when: When = serde_json::from_str(
///     r#"{"grade": "month_day", "month": 5, "day": 16, "part": "forenoon"}"#,
/// )?;
/// assert_eq!(when.label(Locale::Sv), "16 maj, förmiddag");
/// assert_eq!(when.over_at(Stockholm), None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "grade", rename_all = "snake_case", deny_unknown_fields)]
pub enum When {
    /// A day and a time of day.
    Exact {
        /// The day.
        date: NaiveDate,
        /// When it begins, in whole minutes.
        #[serde(with = "hhmm")]
        start: NaiveTime,
        /// When it ends, later on the same day.
        #[serde(
            default,
            with = "hhmm::optional",
            skip_serializing_if = "Option::is_none"
        )]
        end: Option<NaiveTime>,
    },
    /// A day.
    Day {
        /// The day.
        date: NaiveDate,
    },
    /// A part of a day.
    DayPart {
        /// The day.
        date: NaiveDate,
        /// The part.
        part: DayPart,
    },
    /// A day whose year is not known.
    MonthDay {
        /// The month: 1 to 12.
        month: u8,
        /// The day of the month; 29 February is one.
        day: u8,
        /// The part of the day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        part: Option<DayPart>,
    },
    /// A month.
    Month {
        /// The year.
        year: i32,
        /// The month: 1 to 12.
        month: u8,
    },
    /// A half or a season of a year.
    Term {
        /// The part of the year.
        part: YearPart,
        /// The year; of a winter, the one its editor names it by.
        year: i32,
    },
    /// Not known.
    #[serde(deserialize_with = "nothing_else")]
    Unknown,
}

/// A part of a day.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayPart {
    /// Until noon.
    Forenoon,
    /// From noon; over at 18:00.
    Afternoon,
    /// Until midnight.
    Evening,
    /// All day.
    WholeDay,
}

impl DayPart {
    /// What editors see.
    #[must_use]
    pub const fn label(self, locale: Locale) -> &'static str {
        match (self, locale) {
            (Self::Forenoon, Locale::Sv) => "Förmiddag",
            (Self::Forenoon, Locale::En) => "Morning",
            (Self::Afternoon, Locale::Sv) => "Eftermiddag",
            (Self::Afternoon, Locale::En) => "Afternoon",
            (Self::Evening, Locale::Sv) => "Kväll",
            (Self::Evening, Locale::En) => "Evening",
            (Self::WholeDay, Locale::Sv) => "Heldag",
            (Self::WholeDay, Locale::En) => "All day",
        }
    }

    /// The hour at which it is over, where that is not midnight.
    const fn over_at_hour(self) -> Option<u32> {
        match self {
            Self::Forenoon => Some(12),
            Self::Afternoon => Some(18),
            Self::Evening | Self::WholeDay => None,
        }
    }
}

/// A half or a season of a year.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum YearPart {
    /// January to June.
    FirstHalf,
    /// July to December.
    SecondHalf,
    /// Spring.
    Spring,
    /// Summer.
    Summer,
    /// Autumn.
    Autumn,
    /// Winter.
    Winter,
}

impl YearPart {
    /// What editors see.
    #[must_use]
    pub const fn label(self, locale: Locale) -> &'static str {
        match (self, locale) {
            (Self::FirstHalf, Locale::Sv) => "Första halvåret",
            (Self::FirstHalf, Locale::En) => "First half",
            (Self::SecondHalf, Locale::Sv) => "Andra halvåret",
            (Self::SecondHalf, Locale::En) => "Second half",
            (Self::Spring, Locale::Sv) => "Våren",
            (Self::Spring, Locale::En) => "Spring",
            (Self::Summer, Locale::Sv) => "Sommaren",
            (Self::Summer, Locale::En) => "Summer",
            (Self::Autumn, Locale::Sv) => "Hösten",
            (Self::Autumn, Locale::En) => "Autumn",
            (Self::Winter, Locale::Sv) => "Vintern",
            (Self::Winter, Locale::En) => "Winter",
        }
    }
}

impl When {
    /// The day, where it is dated.
    #[must_use]
    pub const fn date(&self) -> Option<NaiveDate> {
        match self {
            Self::Exact { date, .. } | Self::Day { date } | Self::DayPart { date, .. } => {
                Some(*date)
            }
            Self::MonthDay { .. } | Self::Month { .. } | Self::Term { .. } | Self::Unknown => None,
        }
    }

    /// The instant it begins, where it is exact and the zone has such a time.
    #[must_use]
    pub fn starts_at(&self, zone: Tz) -> Option<DateTime<Tz>> {
        match self {
            Self::Exact { date, start, .. } => {
                instant(date.and_time(*start), zone, Fold::Earlier).ok()
            }
            _ => None,
        }
    }

    /// The instant it ends, where it is exact, has an end, and the zone has such a time.
    #[must_use]
    pub fn ends_at(&self, zone: Tz) -> Option<DateTime<Tz>> {
        match self {
            Self::Exact {
                date,
                end: Some(end),
                ..
            } => instant(date.and_time(*end), zone, Fold::Earlier).ok(),
            _ => None,
        }
    }

    /// The instant from which it is past, where it is dated: its end, else the end of its day or
    /// part of the day.
    ///
    /// A stored time that a later change of the zone's rules leaves out is past once the clocks
    /// have gone over it.
    #[must_use]
    pub fn over_at(&self, zone: Tz) -> Option<DateTime<Utc>> {
        let (date, end) = match *self {
            Self::Exact { date, end, .. } => (date, end),
            Self::Day { date } => (date, None),
            Self::DayPart { date, part } => {
                let hour = part.over_at_hour();
                (
                    date,
                    hour.and_then(|hour| NaiveTime::from_hms_opt(hour, 0, 0)),
                )
            }
            Self::MonthDay { .. } | Self::Month { .. } | Self::Term { .. } | Self::Unknown => {
                return None;
            }
        };
        match end {
            Some(end) => instant_passed(date.and_time(end), zone, Fold::Earlier),
            // A day whose midnight is shown twice is over at the second.
            None => instant_passed(date.succ_opt()?.and_time(NaiveTime::MIN), zone, Fold::Later),
        }
    }

    /// What people read: `16 maj, förmiddag`, `23 February 2017, 9:00–16:00`, `hösten 2021`.
    #[must_use]
    pub fn label(&self, locale: Locale) -> String {
        let with_part =
            |day: String, part: DayPart| format!("{day}, {}", part.label(locale).to_lowercase());
        match *self {
            Self::Exact { date, start, end } => {
                let at = match locale {
                    Locale::Sv => " kl. ",
                    Locale::En => ", ",
                };
                let until = end.map(|end| format!("–{}", dates::clock(end)));
                let (day, start) = (dates::date(date, locale), dates::clock(start));
                format!("{day}{at}{start}{}", until.unwrap_or_default())
            }
            Self::Day { date } => dates::date(date, locale),
            Self::DayPart { date, part } => with_part(dates::date(date, locale), part),
            Self::MonthDay { month, day, part } => {
                let day = format!("{day} {}", dates::month(month.into(), locale));
                match part {
                    Some(part) => with_part(day, part),
                    None => day,
                }
            }
            Self::Month { year, month } => {
                format!("{} {year}", dates::month(month.into(), locale))
            }
            Self::Term { part, year } => {
                let of = match (part, locale) {
                    (YearPart::FirstHalf | YearPart::SecondHalf, Locale::En) => "of ",
                    _ => "",
                };
                format!("{} {of}{year}", part.label(locale).to_lowercase())
            }
            Self::Unknown => match locale {
                Locale::Sv => "okänt datum".to_owned(),
                Locale::En => "date unknown".to_owned(),
            },
        }
    }

    /// The same, when it is a time there is: years 1900 to 2200, days of the calendar, times of
    /// the zone in whole minutes, an end after its start.
    pub(crate) fn check(&self, faults: &mut Faults, zone: Tz) -> Option<Self> {
        match *self {
            Self::Exact { date, start, end } => {
                let dated = check_year(faults, "date", date.year());
                let begins = check_time(faults, "start", date, start, zone);
                let ends = match end {
                    None => Some(()),
                    Some(end) if end <= start => {
                        faults.push("end", Flaw::new(FaultCode::Inconsistent));
                        None
                    }
                    Some(end) => check_time(faults, "end", date, end, zone),
                };
                dated.and(begins).and(ends)
            }
            Self::Day { date } | Self::DayPart { date, .. } => {
                check_year(faults, "date", date.year())
            }
            Self::MonthDay { month, day, .. } => {
                check_month(faults, month)?;
                // A leap year has every day there is.
                let days = (28..=31)
                    .rev()
                    .find(|day| NaiveDate::from_ymd_opt(2000, month.into(), *day).is_some())?;
                faults.field("day", in_range(day, &(1..=i64::from(days))))
            }
            Self::Month { year, month } => {
                let dated = check_year(faults, "year", year);
                check_month(faults, month).and(dated)
            }
            Self::Term { year, .. } => check_year(faults, "year", year),
            Self::Unknown => Some(()),
        }
        .map(|()| *self)
    }
}

fn check_year(faults: &mut Faults, name: &str, year: i32) -> Option<()> {
    faults.field(name, in_range(year, &limits::YEARS))
}

fn check_month(faults: &mut Faults, month: u8) -> Option<()> {
    faults.field("month", in_range(month, &(1..=12)))
}

/// Notes a fault at this field unless it is a whole minute that the day has in the zone.
pub(crate) fn check_time(
    faults: &mut Faults,
    name: &str,
    date: NaiveDate,
    time: NaiveTime,
    zone: Tz,
) -> Option<()> {
    let checked = if time.second() == 0 && time.nanosecond() == 0 {
        instant(date.and_time(time), zone, Fold::Earlier).map(|_| ())
    } else {
        Err(Flaw::new(FaultCode::Malformed))
    };
    faults.field(name, checked)
}

/// A case of a tagged enum that has no other field: serde would let them through.
pub(crate) fn nothing_else<'de, D: Deserializer<'de>>(from: D) -> Result<(), D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Nothing {}

    Nothing::deserialize(from).map(|Nothing {}| ())
}

#[cfg(test)]
mod tests;
