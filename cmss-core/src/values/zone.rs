//! Local times and instants.

use chrono::{DateTime, LocalResult, NaiveDateTime, SecondsFormat, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::{FaultCode, Flaw};

/// Which of two instants is meant by a local time that the clocks show twice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fold {
    /// The first time they show it.
    Earlier,
    /// The second time.
    Later,
}

/// The instant of a local time. One that the clocks of the zone leave out is refused.
pub(crate) fn instant(local: NaiveDateTime, zone: Tz, fold: Fold) -> Result<DateTime<Tz>, Flaw> {
    match (zone.from_local_datetime(&local), fold) {
        (LocalResult::Single(instant), _)
        | (LocalResult::Ambiguous(instant, _), Fold::Earlier)
        | (LocalResult::Ambiguous(_, instant), Fold::Later) => Ok(instant),
        (LocalResult::None, _) => Err(Flaw::new(FaultCode::NoSuchTime)),
    }
}

/// The instant by which a local time has passed. One that the clocks leave out is read with the
/// offset before the gap (RFC 5545, 3.3.5), which is never too early.
pub(crate) fn instant_passed(local: NaiveDateTime, zone: Tz, fold: Fold) -> Option<DateTime<Utc>> {
    if let Ok(instant) = instant(local, zone, fold) {
        return Some(instant.with_timezone(&Utc));
    }
    // No zone is a day ahead of UTC, so that this lies before the gap.
    let before = local.checked_sub_signed(TimeDelta::days(1))?;
    let offset = zone.offset_from_utc_datetime(&before);
    let utc = local.checked_sub_offset(chrono::Offset::fix(&offset))?;
    Some(utc.and_utc())
}

/// An instant as others read it: RFC 3339 with the zone's offset at that instant, in whole
/// seconds.
///
/// # Examples
///
/// ```
/// use chrono::DateTime;
/// use chrono_tz::Europe::Stockholm;
/// use cmss_core::values::offset_time;
///
/// let instant = DateTime::from_timestamp(1_487_836_800, 999).ok_or("out of range")?;
/// assert_eq!(offset_time(instant, Stockholm), "2017-02-23T09:00:00+01:00");
/// # Ok::<(), &'static str>(())
/// ```
#[must_use]
pub fn offset_time(instant: DateTime<Utc>, zone: Tz) -> String {
    instant
        .with_timezone(&zone)
        .to_rfc3339_opts(SecondsFormat::Secs, false)
}

#[cfg(test)]
pub(crate) mod tests {
    use chrono::{NaiveDate, Offset};
    use chrono_tz::Europe::Stockholm;
    use chrono_tz::TZ_VARIANTS;
    use proptest::prelude::*;

    use super::*;

    fn local(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    #[test]
    fn a_time_in_the_spring_gap_does_not_exist() {
        let gap = instant(local("2017-03-26 02:30"), Stockholm, Fold::Earlier);
        assert_eq!(gap, Err(Flaw::new(FaultCode::NoSuchTime)));
        let passed = instant_passed(local("2017-03-26 02:30"), Stockholm, Fold::Earlier).unwrap();
        assert_eq!(offset_time(passed, Stockholm), "2017-03-26T03:30:00+02:00");
    }

    #[test]
    fn a_time_that_is_shown_twice_is_told_apart() {
        let twice = local("2017-10-29 02:30");
        let spelled = |fold| {
            let instant = instant(twice, Stockholm, fold).unwrap();
            offset_time(instant.with_timezone(&Utc), Stockholm)
        };
        assert_eq!(spelled(Fold::Earlier), "2017-10-29T02:30:00+02:00");
        assert_eq!(spelled(Fold::Later), "2017-10-29T02:30:00+01:00");
    }

    #[test]
    fn a_day_that_a_zone_left_out_has_passed_on_the_next() {
        let samoa = chrono_tz::Pacific::Apia;
        assert!(instant(local("2011-12-30 12:00"), samoa, Fold::Earlier).is_err());
        let passed = instant_passed(local("2011-12-30 12:00"), samoa, Fold::Earlier).unwrap();
        assert_eq!(offset_time(passed, samoa), "2011-12-31T12:00:00+14:00");
    }

    #[test]
    fn utc_is_spelled_with_an_offset_too() {
        let instant = local("2017-02-23 08:00").and_utc();
        assert_eq!(offset_time(instant, Tz::UTC), "2017-02-23T08:00:00+00:00");
    }

    /// The local times up to three hours around a change of the clocks of the year, if there is
    /// one; else of any minute of it.
    fn around_an_edge(zone: Tz, year: i32, which: usize, minutes: i64) -> NaiveDateTime {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let offset = |at: &NaiveDateTime| zone.offset_from_utc_datetime(at).fix();
        let hours: Vec<_> = first
            .iter_days()
            .take(366)
            .flat_map(|day| [0, 6, 12, 18].map(|hour| day.and_hms_opt(hour, 0, 0).unwrap()))
            .collect();
        let edges: Vec<_> = hours
            .windows(2)
            .filter(|pair| offset(&pair[0]) != offset(&pair[1]))
            .collect();
        let Some(pair) = edges.get(which % edges.len().max(1)) else {
            return hours[which % hours.len()] + TimeDelta::minutes(minutes);
        };
        let edge = (0..=360)
            .map(|minute| pair[0] + TimeDelta::minutes(minute))
            .find(|at| offset(at) != offset(&pair[0]))
            .unwrap();
        edge.checked_add_offset(offset(&pair[0])).unwrap() + TimeDelta::minutes(minutes)
    }

    prop_compose! {
        pub(crate) fn edges()(
            zone in proptest::sample::select(TZ_VARIANTS.as_slice()),
            year in 1973..2038_i32,
            which: usize,
            minutes in -180..180_i64,
        ) -> (Tz, NaiveDateTime) {
            (zone, around_an_edge(zone, year, which, minutes))
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn a_local_time_renders_back_or_was_refused((zone, local) in edges()) {
            for fold in [Fold::Earlier, Fold::Later] {
                match instant(local, zone, fold) {
                    Ok(instant) => {
                        prop_assert_eq!(instant.naive_local(), local);
                        let spelled = offset_time(instant.with_timezone(&Utc), zone);
                        let stated = local.format("%Y-%m-%dT%H:%M:%S").to_string();
                        prop_assert!(spelled.starts_with(&stated), "{} {}", spelled, stated);
                        prop_assert_eq!(DateTime::parse_from_rfc3339(&spelled).unwrap(), instant);
                    }
                    Err(flaw) => {
                        prop_assert_eq!(flaw.code, FaultCode::NoSuchTime);
                        // The clocks indeed never show it.
                        let shown = (-960..=960)
                            .map(|minute| (local + TimeDelta::minutes(minute)).and_utc())
                            .any(|at| at.with_timezone(&zone).naive_local() == local);
                        prop_assert!(!shown);
                    }
                }
            }
        }

        #[test]
        fn the_earlier_instant_is_not_the_later_one((zone, local) in edges()) {
            let earlier = instant(local, zone, Fold::Earlier);
            let later = instant(local, zone, Fold::Later);
            if let (Ok(earlier), Ok(later)) = (earlier, later) {
                prop_assert!(earlier <= later);
                let offsets = (earlier.offset().fix(), later.offset().fix());
                prop_assert_eq!(earlier == later, offsets.0 == offsets.1);
            }
        }

        #[test]
        fn when_a_time_has_passed_the_clocks_show_it_or_more((zone, local) in edges()) {
            for fold in [Fold::Earlier, Fold::Later] {
                let passed = instant_passed(local, zone, fold).unwrap();
                prop_assert!(passed.with_timezone(&zone).naive_local() >= local);
            }
        }
    }
}
