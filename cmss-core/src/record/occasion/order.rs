//! In which order occasions stand.

use chrono::{DateTime, Datelike, NaiveTime, Utc};
use chrono_tz::Tz;

use crate::values::{DayPart, Fold, When, YearPart, instant_passed};

/// By how much is known of the day, then by what is known of it, then by the time of day.
type Moment = (u8, i32, u32, u32, NaiveTime);

/// Where a time stands among others: dated ones first, then those of which the year is known,
/// then those of which the day is, then the rest.
pub(super) fn moment(when: &When) -> Moment {
    match *when {
        When::Exact { date, .. } | When::Day { date } | When::DayPart { date, .. } => {
            (0, date.year(), date.month(), date.day(), time(when))
        }
        When::Month { year, month } => (1, year, month.into(), 0, NaiveTime::MIN),
        When::Term { part, year } => (1, year, first_month(part), 0, NaiveTime::MIN),
        When::MonthDay { month, day, .. } => (2, 0, month.into(), day.into(), time(when)),
        When::Unknown => (3, 0, 0, 0, NaiveTime::MIN),
    }
}

/// When it is over and when it begins, where it is dated: what lists are ordered by. A day begins
/// at its midnight.
pub(super) fn over_and_begins(when: &When, zone: Tz) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let over = when.over_at(zone)?;
    let begins = instant_passed(when.date()?.and_time(time(when)), zone, Fold::Earlier)?;
    Some((over, begins))
}

/// The time of day at which it begins.
fn time(when: &When) -> NaiveTime {
    let part = match *when {
        When::Exact { start, .. } => return start,
        When::DayPart { part, .. } => Some(part),
        When::MonthDay { part, .. } => part,
        When::Day { .. } | When::Month { .. } | When::Term { .. } | When::Unknown => None,
    };
    let hour = match part {
        None | Some(DayPart::Forenoon | DayPart::WholeDay) => 0,
        Some(DayPart::Afternoon) => 12,
        Some(DayPart::Evening) => 18,
    };
    NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or(NaiveTime::MIN)
}

/// The month in which a part of the year begins. A winter stands last in the year it is named by.
const fn first_month(part: YearPart) -> u32 {
    match part {
        YearPart::FirstHalf => 1,
        YearPart::Spring => 3,
        YearPart::Summer => 6,
        YearPart::SecondHalf => 7,
        YearPart::Autumn => 9,
        YearPart::Winter => 12,
    }
}
