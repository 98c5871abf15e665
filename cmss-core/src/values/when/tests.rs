use chrono::TimeDelta;
use chrono_tz::Europe::Stockholm;
use proptest::prelude::*;

use super::*;
use crate::values::zone::tests::edges;
use crate::values::{Fault, offset_time};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn time(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").unwrap()
}

fn exact(day: &str, start: &str, end: Option<&str>) -> When {
    When::Exact {
        date: date(day),
        start: time(start),
        end: end.map(time),
    }
}

fn faults(when: When) -> Vec<(String, FaultCode)> {
    let mut faults = Faults::new();
    let checked = when.check(&mut faults, Stockholm);
    match faults.finish() {
        Ok(()) => {
            assert_eq!(checked, Some(when));
            Vec::new()
        }
        Err(invalid) => {
            assert_eq!(checked, None);
            let pair = |fault: Fault| (fault.path, fault.code);
            invalid.faults.into_iter().map(pair).collect()
        }
    }
}

fn every_grade() -> Vec<(When, &'static str)> {
    let part = DayPart::Forenoon;
    vec![
        (
            exact("2017-02-23", "09:00", Some("16:00")),
            r#"{"grade":"exact","date":"2017-02-23","start":"09:00","end":"16:00"}"#,
        ),
        (
            exact("2017-02-23", "09:05", None),
            r#"{"grade":"exact","date":"2017-02-23","start":"09:05"}"#,
        ),
        (
            When::Day {
                date: date("2017-05-22"),
            },
            r#"{"grade":"day","date":"2017-05-22"}"#,
        ),
        (
            When::DayPart {
                date: date("2017-05-22"),
                part: DayPart::WholeDay,
            },
            r#"{"grade":"day_part","date":"2017-05-22","part":"whole_day"}"#,
        ),
        (
            When::MonthDay {
                month: 5,
                day: 16,
                part: Some(part),
            },
            r#"{"grade":"month_day","month":5,"day":16,"part":"forenoon"}"#,
        ),
        (
            When::MonthDay {
                month: 2,
                day: 29,
                part: None,
            },
            r#"{"grade":"month_day","month":2,"day":29}"#,
        ),
        (
            When::Month {
                year: 2021,
                month: 10,
            },
            r#"{"grade":"month","year":2021,"month":10}"#,
        ),
        (
            When::Term {
                part: YearPart::FirstHalf,
                year: 2017,
            },
            r#"{"grade":"term","part":"first_half","year":2017}"#,
        ),
        (When::Unknown, r#"{"grade":"unknown"}"#),
    ]
}

#[test]
fn every_grade_is_stored_as_it_is_spelled_here() {
    for (when, spelled) in every_grade() {
        assert_eq!(serde_json::to_string(&when).unwrap(), spelled);
        assert_eq!(serde_json::from_str::<When>(spelled).unwrap(), when);
        assert_eq!(faults(when), [], "{spelled}");
    }
}

#[test]
fn the_parts_are_stored_as_they_are_spelled_here() {
    let day = [
        DayPart::Forenoon,
        DayPart::Afternoon,
        DayPart::Evening,
        DayPart::WholeDay,
    ];
    let spelled = r#"["forenoon","afternoon","evening","whole_day"]"#;
    assert_eq!(serde_json::to_string(&day).unwrap(), spelled);
    let year = [
        YearPart::FirstHalf,
        YearPart::SecondHalf,
        YearPart::Spring,
        YearPart::Summer,
        YearPart::Autumn,
        YearPart::Winter,
    ];
    let spelled = r#"["first_half","second_half","spring","summer","autumn","winter"]"#;
    assert_eq!(serde_json::to_string(&year).unwrap(), spelled);
}

#[test]
fn what_does_not_belong_to_the_grade_is_refused() {
    for wrong in [
        r#"{"grade":"unknown","date":"2017-02-23"}"#,
        r#"{"grade":"day","date":"2017-02-23","start":"09:00"}"#,
        r#"{"grade":"day","date":"2017-02-30"}"#,
        r#"{"grade":"exact","date":"2017-02-23"}"#,
        r#"{"grade":"exact","date":"2017-02-23","start":"24:00"}"#,
        r#"{"grade":"exact","date":"2017-02-23","start":"09:00:30"}"#,
        r#"{"grade":"soon"}"#,
        r#"{"date":"2017-02-23"}"#,
    ] {
        assert!(serde_json::from_str::<When>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn every_faulty_field_is_named_at_once() {
    let fault = |path: &str, code| (path.to_owned(), code);
    assert_eq!(
        faults(When::Exact {
            date: date("1899-12-31"),
            start: time("09:00") + TimeDelta::seconds(1),
            end: Some(time("08:00")),
        }),
        [
            fault("date", FaultCode::TooSmall),
            fault("start", FaultCode::Malformed),
            fault("end", FaultCode::Inconsistent),
        ]
    );
    assert_eq!(
        faults(When::Month {
            year: 2201,
            month: 13
        }),
        [
            fault("year", FaultCode::TooLarge),
            fault("month", FaultCode::TooLarge)
        ]
    );
    assert_eq!(
        faults(When::Term {
            part: YearPart::Autumn,
            year: -1
        }),
        [fault("year", FaultCode::TooSmall)]
    );
    assert_eq!(
        faults(When::Day {
            date: date("2201-01-01")
        })[0]
            .1,
        FaultCode::TooLarge
    );
}

#[test]
fn an_end_comes_after_its_start() {
    assert_eq!(
        faults(exact("2017-02-23", "09:00", Some("09:00")))[0].0,
        "end"
    );
    assert_eq!(faults(exact("2017-02-23", "09:00", Some("09:01"))), []);
}

#[test]
fn a_day_without_a_year_is_a_day_of_some_year() {
    for (month, day, sound) in [
        (2, 29, true),
        (2, 30, false),
        (4, 30, true),
        (4, 31, false),
        (12, 31, true),
        (12, 32, false),
        (1, 0, false),
        (0, 1, false),
        (13, 1, false),
    ] {
        let found = faults(When::MonthDay {
            month,
            day,
            part: None,
        });
        assert_eq!(found.is_empty(), sound, "{day}/{month}");
    }
}

#[test]
fn a_time_the_clocks_leave_out_is_refused_and_one_shown_twice_is_the_first() {
    let gap = exact("2017-03-26", "02:30", Some("02:45"));
    assert_eq!(
        faults(gap),
        [
            ("start".to_owned(), FaultCode::NoSuchTime),
            ("end".to_owned(), FaultCode::NoSuchTime)
        ]
    );
    assert_eq!(gap.starts_at(Stockholm), None);
    let twice = exact("2017-10-29", "02:30", None);
    assert_eq!(faults(twice), []);
    let start = twice.starts_at(Stockholm).unwrap().with_timezone(&Utc);
    assert_eq!(offset_time(start, Stockholm), "2017-10-29T02:30:00+02:00");
}

#[test]
fn it_is_over_at_its_end_or_at_the_end_of_its_day_or_part() {
    let on = date("2017-05-22");
    let part = |part| When::DayPart { date: on, part };
    for (when, over) in [
        (
            exact("2017-05-22", "09:00", Some("16:00")),
            "2017-05-22T16:00:00+02:00",
        ),
        (
            exact("2017-05-22", "09:00", None),
            "2017-05-23T00:00:00+02:00",
        ),
        (When::Day { date: on }, "2017-05-23T00:00:00+02:00"),
        (part(DayPart::Forenoon), "2017-05-22T12:00:00+02:00"),
        (part(DayPart::Afternoon), "2017-05-22T18:00:00+02:00"),
        (part(DayPart::Evening), "2017-05-23T00:00:00+02:00"),
        (part(DayPart::WholeDay), "2017-05-23T00:00:00+02:00"),
        (
            exact("2017-03-26", "01:00", Some("02:30")),
            "2017-03-26T03:30:00+02:00",
        ),
    ] {
        let spelled = offset_time(when.over_at(Stockholm).unwrap(), Stockholm);
        assert_eq!(spelled, over, "{when:?}");
    }
}

#[test]
fn only_what_is_dated_is_ever_over_and_only_what_is_exact_begins() {
    for (when, spelled) in every_grade() {
        let dated = ["exact", "day", "day_part"]
            .iter()
            .any(|grade| spelled.contains(&format!(r#""grade":"{grade}""#)));
        assert_eq!(when.over_at(Stockholm).is_some(), dated, "{spelled}");
        assert_eq!(when.date().is_some(), dated, "{spelled}");
        let exact = spelled.contains(r#""grade":"exact""#);
        assert_eq!(when.starts_at(Stockholm).is_some(), exact, "{spelled}");
        let ends = spelled.contains(r#""end""#);
        assert_eq!(when.ends_at(Stockholm).is_some(), ends, "{spelled}");
    }
}

#[test]
fn people_read_it_in_their_language() {
    let labels = [
        (
            "23 februari 2017 kl. 9:00–16:00",
            "23 February 2017, 9:00–16:00",
        ),
        ("23 februari 2017 kl. 9:05", "23 February 2017, 9:05"),
        ("22 maj 2017", "22 May 2017"),
        ("22 maj 2017, heldag", "22 May 2017, all day"),
        ("16 maj, förmiddag", "16 May, morning"),
        ("29 februari", "29 February"),
        ("oktober 2021", "October 2021"),
        ("första halvåret 2017", "first half of 2017"),
        ("okänt datum", "date unknown"),
    ];
    for ((when, _), (sv, en)) in every_grade().into_iter().zip(labels) {
        assert_eq!(when.label(Locale::Sv), sv);
        assert_eq!(when.label(Locale::En), en);
    }
    let autumn = When::Term {
        part: YearPart::Autumn,
        year: 2021,
    };
    assert_eq!(autumn.label(Locale::Sv), "hösten 2021");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn an_exact_time_begins_when_it_was_stated_or_was_refused((zone, local) in edges()) {
        let when = When::Exact { date: local.date(), start: local.time(), end: None };
        let mut faults = Faults::new();
        let checked = when.check(&mut faults, zone);
        match when.starts_at(zone) {
            Some(start) => {
                prop_assert_eq!(checked, Some(when));
                prop_assert_eq!(start.naive_local(), local);
            }
            None => {
                let invalid = faults.finish().unwrap_err();
                prop_assert_eq!(invalid.faults[0].code, FaultCode::NoSuchTime);
            }
        }
    }

    #[test]
    fn a_time_that_was_accepted_ends_after_it_begins(
        (zone, local) in edges(), minutes in 1..300_i64,
    ) {
        let (end, days) = local.time().overflowing_add_signed(TimeDelta::minutes(minutes));
        // An end on the next day cannot be stated.
        if days != 0 {
            return Ok(());
        }
        let when = When::Exact { date: local.date(), start: local.time(), end: Some(end) };
        if when.check(&mut Faults::new(), zone).is_some() {
            let (start, end) = (when.starts_at(zone).unwrap(), when.ends_at(zone).unwrap());
            prop_assert!(start < end);
            prop_assert_eq!(when.over_at(zone).unwrap(), end);
        }
    }

    #[test]
    fn a_day_is_over_when_the_clocks_have_left_it_for_good((zone, local) in edges()) {
        let over = When::Day { date: local.date() }.over_at(zone).unwrap();
        for minute in 0..1_560 {
            let later = (over + TimeDelta::minutes(minute)).with_timezone(&zone);
            prop_assert!(later.date_naive() > local.date());
        }
    }
}
