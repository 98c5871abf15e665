//! Dates and times as they are spelled: for programs, and for people.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

use super::Locale;

/// A time of day spelled `HH:MM`.
pub(crate) mod hhmm {
    use chrono::NaiveTime;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    const FORM: &str = "%H:%M";

    pub(crate) fn serialize<S: Serializer>(time: &NaiveTime, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&time.format(FORM))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(from)?;
        NaiveTime::parse_from_str(&text, FORM)
            .map_err(|_| D::Error::custom("a time is spelled HH:MM, 00:00 to 23:59"))
    }

    /// The same, where there may be none.
    pub(crate) mod optional {
        use super::{Deserialize, Deserializer, NaiveTime, Serialize, Serializer};

        #[derive(Serialize, Deserialize)]
        struct Spelled(#[serde(with = "super")] NaiveTime);

        pub(crate) fn serialize<S: Serializer>(
            time: &Option<NaiveTime>,
            to: S,
        ) -> Result<S::Ok, S::Error> {
            time.map(Spelled).serialize(to)
        }

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
            from: D,
        ) -> Result<Option<NaiveTime>, D::Error> {
            Ok(Option::<Spelled>::deserialize(from)?.map(|spelled| spelled.0))
        }
    }
}

/// `9:00`.
pub(crate) fn clock(time: NaiveTime) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}

/// `23 februari 2017`.
pub(crate) fn date(date: NaiveDate, locale: Locale) -> String {
    let month = month(date.month(), locale);
    format!("{} {month} {}", date.day(), date.year())
}

/// The name of a month; a number that is none stands as it is.
pub(crate) fn month(number: u32, locale: Locale) -> String {
    let (sv, en) = match number {
        1 => ("januari", "January"),
        2 => ("februari", "February"),
        3 => ("mars", "March"),
        4 => ("april", "April"),
        5 => ("maj", "May"),
        6 => ("juni", "June"),
        7 => ("juli", "July"),
        8 => ("augusti", "August"),
        9 => ("september", "September"),
        10 => ("oktober", "October"),
        11 => ("november", "November"),
        12 => ("december", "December"),
        other => return other.to_string(),
    };
    match locale {
        Locale::Sv => sv,
        Locale::En => en,
    }
    .to_owned()
}
