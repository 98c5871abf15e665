use proptest::prelude::*;

use super::{Stockholm, date, exact, time};
use crate::record::{Audience, OccasionPlan, Segment};
use crate::values::{Fault, FaultCode, Faults, When};

fn check(plan: &OccasionPlan) -> Result<OccasionPlan, Vec<(String, FaultCode)>> {
    let mut faults = Faults::new();
    let checked = plan.check(&mut faults, Stockholm);
    match faults.finish() {
        Ok(()) => Ok(checked.unwrap()),
        Err(invalid) => {
            let pair = |fault: Fault| (fault.path, fault.code);
            Err(invalid.faults.into_iter().map(pair).collect())
        }
    }
}

fn faults(plan: &OccasionPlan) -> Vec<(String, FaultCode)> {
    check(plan).unwrap_err()
}

fn named(path: &str, code: FaultCode) -> (String, FaultCode) {
    (path.to_owned(), code)
}

fn segment(start: &str, end: &str, audience: Audience) -> Segment {
    Segment {
        start: time(start),
        end: time(end),
        label: None,
        audience,
    }
}

/// A day from nine to four, in these parts.
fn day_of(segments: Vec<Segment>) -> OccasionPlan {
    OccasionPlan {
        segments,
        ..OccasionPlan::at(exact("2017-02-23", "09:00", "16:00"))
    }
}

#[test]
fn every_fault_of_a_plan_is_named_at_once() {
    let mut unlabelled = segment("10:00", "09:30", Audience::Everyone);
    unlabelled.label = Some("x".repeat(201));
    let plan = OccasionPlan {
        when: When::MonthDay {
            month: 13,
            day: 1,
            part: None,
        },
        theme: Some("x".repeat(201)),
        place: Some("a\nb".to_owned()),
        groups: vec!["Lyktgruppen".to_owned(), " ".to_owned()],
        segments: vec![unlabelled],
        open_to_residents: true,
        note: Some("x".repeat(1_001)),
    };
    let expected = [
        named("when.month", FaultCode::TooLarge),
        named("theme", FaultCode::TooLong),
        named("place", FaultCode::ForbiddenCharacter),
        named("groups[1]", FaultCode::Empty),
        named("segments", FaultCode::Inconsistent),
        named("segments[0].end", FaultCode::Inconsistent),
        named("segments[0].label", FaultCode::TooLong),
        named("note", FaultCode::TooLong),
    ];
    assert_eq!(faults(&plan), expected);
}

#[test]
fn an_occasion_needs_no_title_and_no_place() {
    let plan = OccasionPlan::at(exact("2017-03-23", "13:00", "15:00"));
    assert_eq!(check(&plan), Ok(plan));
}

#[test]
fn what_is_blank_is_nothing() {
    let plan = OccasionPlan {
        theme: Some("  ".to_owned()),
        place: Some(" Kvarnen ".to_owned()),
        note: Some("\n".to_owned()),
        ..OccasionPlan::at(When::Unknown)
    };
    let checked = check(&plan).unwrap();
    assert_eq!(checked.theme, None);
    assert_eq!(checked.place.as_deref(), Some("Kvarnen"));
    assert_eq!(checked.note, None);
}

#[test]
fn a_group_is_named_once_and_there_are_at_most_ten() {
    let plan = OccasionPlan {
        groups: vec!["Lyktgruppen".to_owned(), " Lyktgruppen".to_owned()],
        ..OccasionPlan::at(When::Unknown)
    };
    assert_eq!(faults(&plan), [named("groups[1]", FaultCode::Duplicate)]);
    let groups = |n: u32| OccasionPlan {
        groups: (0..n).map(|n| format!("Grupp {n}")).collect(),
        ..OccasionPlan::at(When::Unknown)
    };
    assert!(check(&groups(10)).is_ok());
    assert_eq!(faults(&groups(11)), [named("groups", FaultCode::TooMany)]);
}

#[test]
fn only_a_time_with_a_beginning_and_an_end_has_segments() {
    let day = date("2017-02-23");
    let open_ended = When::Exact {
        date: day,
        start: time("09:00"),
        end: None,
    };
    for when in [When::Unknown, When::Day { date: day }, open_ended] {
        let plan = OccasionPlan {
            when,
            ..day_of(vec![segment("09:00", "10:00", Audience::Staff)])
        };
        assert_eq!(faults(&plan), [named("segments", FaultCode::Inconsistent)]);
        assert!(check(&OccasionPlan::at(when)).is_ok());
    }
}

#[test]
fn a_day_may_begin_with_residents_and_end_with_staff() {
    let plan = day_of(vec![
        segment("14:00", "16:00", Audience::Staff),
        segment("09:00", "14:00", Audience::Residents),
    ]);
    let checked = check(&plan).unwrap();
    let order: Vec<_> = checked.segments.iter().map(|one| one.audience).collect();
    assert_eq!(order, [Audience::Residents, Audience::Staff]);
}

#[test]
fn two_audiences_may_meet_side_by_side_and_one_may_not_be_in_two_places() {
    let residents = segment("09:00", "12:00", Audience::Residents);
    let staff = segment("09:00", "12:00", Audience::Staff);
    assert!(check(&day_of(vec![residents.clone(), staff])).is_ok());
    let again = segment("11:59", "13:00", Audience::Residents);
    let plan = day_of(vec![residents, again]);
    assert_eq!(
        faults(&plan),
        [named("segments[1]", FaultCode::Inconsistent)]
    );
}

#[test]
fn a_segment_lies_inside_its_occasion() {
    let early = day_of(vec![segment("08:59", "10:00", Audience::Everyone)]);
    let late = day_of(vec![segment("15:00", "16:01", Audience::Everyone)]);
    let beside = day_of(vec![segment("17:00", "18:00", Audience::Everyone)]);
    let (start, end) = ("segments[0].start", "segments[0].end");
    let at = |path| named(path, FaultCode::Inconsistent);
    assert_eq!(faults(&early), [at(start)]);
    assert_eq!(faults(&late), [at(end)]);
    assert_eq!(faults(&beside), [at(start), at(end)]);
}

#[test]
fn a_segment_in_the_hour_that_the_clocks_leave_out_is_refused() {
    let plan = OccasionPlan {
        segments: vec![segment("02:30", "03:30", Audience::Everyone)],
        ..OccasionPlan::at(exact("2017-03-26", "01:00", "05:00"))
    };
    let expected = named("segments[0].start", FaultCode::NoSuchTime);
    assert_eq!(faults(&plan), [expected]);
}

#[test]
fn segments_are_counted_before_they_are_looked_at() {
    let overlapping = vec![segment("09:00", "10:00", Audience::Everyone); 21];
    assert_eq!(
        faults(&day_of(overlapping)),
        [named("segments", FaultCode::TooMany)]
    );
}

#[test]
fn a_plan_has_a_limit_as_a_whole() {
    let plan = OccasionPlan {
        groups: (0..10)
            .map(|n| format!("{n}{}", "\"".repeat(190)))
            .collect(),
        ..OccasionPlan::at(When::Unknown)
    };
    assert_eq!(faults(&plan), [named("", FaultCode::TooLong)]);
}

#[test]
fn a_field_that_nobody_knows_is_refused() {
    let known = r#"{"when": {"grade": "unknown"}}"#;
    let plan: OccasionPlan = serde_json::from_str(known).unwrap();
    assert_eq!(plan, OccasionPlan::at(When::Unknown));
    let unknown = r#"{"when": {"grade": "unknown"}, "titel": "x"}"#;
    assert!(serde_json::from_str::<OccasionPlan>(unknown).is_err());
}

fn segments() -> impl Strategy<Value = Vec<Segment>> {
    let audience = proptest::sample::select(vec![Audience::Everyone, Audience::Staff]);
    let quarter = |n: u32| super::NaiveTime::from_hms_opt(n / 4, n % 4 * 15, 0).unwrap();
    let segment =
        (30_u32..70, 30_u32..70, audience).prop_map(move |(start, end, audience)| Segment {
            start: quarter(start),
            end: quarter(end),
            label: None,
            audience,
        });
    proptest::collection::vec(segment, 0..5)
}

proptest! {
    #[test]
    fn segments_are_sound_when_each_fits_and_no_minute_has_two_for_one_audience(
        segments in segments(),
    ) {
        let (from, until) = (time("09:00"), time("16:00"));
        let fits = |one: &Segment| from <= one.start && one.start < one.end && one.end <= until;
        let quarters = (0..96_u32).filter_map(|n| super::NaiveTime::from_hms_opt(n / 4, n % 4 * 15, 0));
        let crowded = quarters.into_iter().any(|at| {
            [Audience::Everyone, Audience::Staff].into_iter().any(|audience| {
                let there = |one: &&Segment| one.audience == audience && one.start <= at && at < one.end;
                segments.iter().filter(there).count() > 1
            })
        });
        let sound = segments.iter().all(fits) && !crowded;
        prop_assert_eq!(check(&day_of(segments)).is_ok(), sound);
    }

    #[test]
    fn a_checked_plan_checks_to_itself(segments in segments()) {
        if let Ok(checked) = check(&day_of(segments)) {
            prop_assert_eq!(check(&checked), Ok(checked.clone()));
        }
    }
}
