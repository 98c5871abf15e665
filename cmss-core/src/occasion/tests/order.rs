use proptest::prelude::*;

use super::{date, event, exact, occasion, page, shown, time};
use crate::record::{Occasion, OccasionPlan};
use crate::values::{DayPart, When, YearPart};

/// What is known of a time, from the most to the least, in the order in which it stands.
fn in_order() -> Vec<When> {
    let (first, second) = (date("2017-02-16"), date("2017-02-23"));
    let part = |part| When::DayPart { date: second, part };
    vec![
        exact("2017-02-16", "09:00", "10:00"),
        When::Exact {
            date: first,
            start: time("13:00"),
            end: None,
        },
        When::Day { date: second },
        exact("2017-02-23", "09:00", "16:00"),
        part(DayPart::Afternoon),
        part(DayPart::Evening),
        When::Month {
            year: 2017,
            month: 6,
        },
        When::Term {
            part: YearPart::Autumn,
            year: 2017,
        },
        When::Month {
            year: 2018,
            month: 1,
        },
        When::MonthDay {
            month: 5,
            day: 16,
            part: None,
        },
        When::MonthDay {
            month: 5,
            day: 16,
            part: Some(DayPart::Evening),
        },
        When::Unknown,
    ]
}

#[test]
fn only_an_exact_time_has_an_instant() {
    for when in in_order() {
        let (shown, index) = shown(OccasionPlan::at(when));
        let exact = matches!(when, When::Exact { .. });
        assert_eq!(shown.starts_at.is_some(), exact, "{when:?}");
        assert_eq!(index == "upcoming", when.date().is_some(), "{when:?}");
    }
}

proptest! {
    #[test]
    fn a_page_shows_its_occasions_by_time_in_whatever_order_they_were_read(
        order in Just((0..in_order().len()).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let whens = in_order();
        let around: Vec<_> = order
            .into_iter()
            .map(|n| occasion(n as u128, OccasionPlan::at(whens[n])))
            .collect();
        let (_, page) = page(&event(), &around);
        let shown: Vec<_> = page.occasions.iter().map(|one| one.when).collect();
        prop_assert_eq!(shown, whens);
    }

    #[test]
    fn occasions_at_one_time_stand_by_theme_and_always_alike(
        order in Just((0..4_u128).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let themes = [None, Some("Bröd"), Some("Vatten"), Some("Vatten")];
        let around = |order: &[u128]| -> Vec<Occasion> {
            let plan = |n: u128| OccasionPlan {
                theme: themes[n as usize].map(str::to_owned),
                ..OccasionPlan::at(When::Unknown)
            };
            order.iter().map(|n| occasion(*n, plan(*n))).collect()
        };
        let (_, page_of_shuffled) = page(&event(), &around(&order));
        let (_, page_in_order) = page(&event(), &around(&[0, 1, 2, 3]));
        let shown = page_in_order.occasions.iter().map(|one| one.theme.as_deref());
        prop_assert_eq!(shown.collect::<Vec<_>>(), themes);
        prop_assert_eq!(page_of_shuffled, page_in_order);
    }
}
