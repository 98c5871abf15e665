use proptest::prelude::*;
use uuid::Uuid;

use super::{Room, date, event, exact, occasion, time};
use crate::ids::{Id, OrganisationId};
use crate::kernel::encode;
use crate::occasion::{
    Audience, Certainty, Occasion, OccasionItem, OccasionPlan, OccasionStatus, PublicOccasion,
    Segment,
};
use crate::record::{Event, EventPage, Kept, Kind};
use crate::site::{
    BY_PART, Card, Face, Head, OCCASIONS, PAGES, PARTS, Part, UNDATED, UPCOMING, split, typed,
};
use crate::store::{Entry, Limits};
use crate::values::{DayPart, Faults, Lang, When, YearPart, limits};

/// What an event and its occasions show.
fn faces(event: &Kept<Event>, around: &[Occasion]) -> Vec<Face> {
    let room = Room::new();
    Event::faces(event, &around.to_vec(), &room.newsroom.press())
}

fn page(event: &Kept<Event>, around: &[Occasion]) -> (Head, EventPage) {
    let faces = faces(event, around);
    let face = faces
        .iter()
        .find(|face| face.at.collection == PAGES)
        .unwrap();
    let (head, text) = split(&face.at, &face.body).unwrap();
    (head, typed(&face.at, text).unwrap())
}

/// The occasion as the page shows it and as lists do, and the index by which lists find it.
fn shown(plan: OccasionPlan) -> (PublicOccasion, &'static str) {
    let around = [occasion(1, plan)];
    let (_, page) = page(&event(), &around);
    let [on_page] = page.occasions.as_slice() else {
        panic!("{page:?}");
    };
    let faces = faces(&event(), &around);
    let face = faces
        .iter()
        .find(|face| face.at.collection == OCCASIONS)
        .unwrap();
    let (head, text) = split(&face.at, &face.body).unwrap();
    let item: OccasionItem = typed(&face.at, text).unwrap();
    assert_eq!(item.occasion, *on_page);
    assert_eq!(item.event.part, 0);
    let part = faces
        .iter()
        .find(|face| face.at.collection == PARTS)
        .unwrap();
    assert_eq!(head.parts, [part.at.id]);
    let index = match face.entries.as_slice() {
        [Entry::Listed { index, .. }] if *index == UPCOMING => "upcoming",
        [Entry::Listed { index, .. }] if *index == UNDATED => "undated",
        other => panic!("{other:?}"),
    };
    (item.occasion, index)
}

#[test]
fn an_exact_time_carries_the_offset_of_its_day() {
    let (winter, index) = shown(OccasionPlan::at(exact("2017-02-16", "13:00", "15:00")));
    assert_eq!(
        winter.starts_at.as_deref(),
        Some("2017-02-16T13:00:00+01:00")
    );
    assert_eq!(winter.ends_at.as_deref(), Some("2017-02-16T15:00:00+01:00"));
    assert_eq!(winter.when_label, "16 februari 2017 kl. 13:00–15:00");
    assert_eq!(index, "upcoming");
    let (summer, _) = shown(OccasionPlan::at(exact("2017-06-12", "13:00", "15:00")));
    assert_eq!(
        summer.starts_at.as_deref(),
        Some("2017-06-12T13:00:00+02:00")
    );
}

#[test]
fn a_tentative_day_stays_a_day() {
    let mut tentative = occasion(
        1,
        OccasionPlan {
            groups: vec!["Lyktgruppen".to_owned(), "Brogruppen".to_owned()],
            ..OccasionPlan::at(When::Day {
                date: date("2017-05-22"),
            })
        },
    );
    tentative.certainty = Certainty::Tentative;
    let (_, page) = page(&event(), &[tentative]);
    let spelled = serde_json::to_value(&page.occasions[0]).unwrap();
    let expected = serde_json::json!({
        "id": page.occasions[0].id,
        "when": {"grade": "day", "date": "2017-05-22"},
        "when_label": "22 maj 2017",
        "certainty": "tentative",
        "status": "planned",
        "groups": ["Lyktgruppen", "Brogruppen"],
        "open_to_residents": false,
    });
    assert_eq!(spelled, expected);
}

#[test]
fn a_day_without_a_year_is_text_and_never_a_calendar_entry() {
    let (shown, index) = shown(OccasionPlan::at(When::MonthDay {
        month: 5,
        day: 16,
        part: Some(DayPart::Forenoon),
    }));
    assert_eq!(shown.when_label, "16 maj, förmiddag");
    assert_eq!((shown.starts_at, shown.ends_at), (None, None));
    assert_eq!(index, "undated");
}

#[test]
fn segments_are_shown_with_their_audience() {
    let (shown, _) = shown(OccasionPlan {
        theme: Some("Hur berättar vi?".to_owned()),
        place: Some("Kvarnen".to_owned()),
        segments: vec![
            Segment {
                start: time("09:00"),
                end: time("14:00"),
                label: None,
                audience: Audience::Residents,
            },
            Segment {
                start: time("14:00"),
                end: time("16:00"),
                label: Some("Efterarbete".to_owned()),
                audience: Audience::Staff,
            },
        ],
        open_to_residents: true,
        ..OccasionPlan::at(exact("2017-02-23", "09:00", "16:00"))
    });
    let expected = serde_json::json!([
        {"start": "09:00", "end": "14:00", "audience": "residents"},
        {"start": "14:00", "end": "16:00", "label": "Efterarbete", "audience": "staff"},
    ]);
    assert_eq!(serde_json::to_value(&shown.segments).unwrap(), expected);
    assert!(shown.open_to_residents);
}

#[test]
fn an_occasion_that_was_called_off_says_why() {
    let mut off = occasion(1, OccasionPlan::at(When::Unknown));
    off.status = OccasionStatus::Cancelled;
    off.reason = Some("Lokalen är stängd".to_owned());
    let (_, page) = page(&event(), &[off]);
    assert_eq!(page.occasions[0].status, OccasionStatus::Cancelled);
    assert_eq!(
        page.occasions[0].reason.as_deref(),
        Some("Lokalen är stängd")
    );
}

#[test]
fn labels_are_swedish_beside_swedish_and_english_beside_anything_else() {
    for (language, label) in [
        ("sv", "22 maj 2017"),
        ("sv-FI", "22 maj 2017"),
        ("en", "22 May 2017"),
        ("ar", "22 May 2017"),
    ] {
        let mut event = event();
        let public = event.public.as_mut().unwrap();
        public.language = language.parse::<Lang>().unwrap();
        let when = When::Day {
            date: date("2017-05-22"),
        };
        let (_, page) = page(&event, &[occasion(1, OccasionPlan::at(when))]);
        assert_eq!(page.occasions[0].when_label, label, "{language}");
    }
}

#[test]
fn the_public_sees_the_public_copies_alone() {
    let mut event = event();
    let mut moved = occasion(1, OccasionPlan::at(exact("2017-02-16", "13:00", "15:00")));
    let before = faces(&event, std::slice::from_ref(&moved));
    event.working.title = "Något annat".to_owned();
    moved.working = OccasionPlan::at(When::Unknown);
    let mut new = occasion(2, OccasionPlan::at(When::Unknown));
    new.public = None;
    assert_eq!(faces(&event, &[moved.clone(), new]), before);
    event.public = None;
    assert_eq!(faces(&event, &[moved]), Vec::new());
}

#[test]
fn no_private_id_is_shown() {
    let mut event = event();
    let organiser = OrganisationId::from_uuid(Uuid::from_u128(0xabad_cafe));
    event.public.as_mut().unwrap().organisers = vec![organiser];
    let occasion = occasion(1, OccasionPlan::at(When::Unknown));
    for face in faces(&event, std::slice::from_ref(&occasion)) {
        let private = [event.id.uuid(), occasion.id.uuid(), organiser.uuid()];
        for id in private {
            assert!(!face.body.contains(&id.to_string()), "{}", face.body);
            assert_ne!(face.at.id, id);
        }
    }
}

#[test]
fn an_event_is_listed_by_its_organisers_and_names_them_by_their_places() {
    let mut event = event();
    let ids = [3, 4].map(|n| OrganisationId::from_uuid(Uuid::from_u128(n)));
    event.public.as_mut().unwrap().organisers = ids.to_vec();
    let room = Room::new();
    let parts = ids.map(|id| room.newsroom.press().part(id));
    let (head, page) = page(&event, &[]);
    assert_eq!(head.parts, parts);
    let places: Vec<_> = page.organisers.iter().map(|place| place.part).collect();
    assert_eq!(places, [0, 1]);
    let faces = faces(&event, &[]);
    let face = faces
        .iter()
        .find(|face| face.at.collection == PAGES)
        .unwrap();
    let by_part =
        |entry: &&Entry| matches!(entry, Entry::Listed { index, .. } if *index == BY_PART);
    assert_eq!(face.entries.iter().filter(by_part).count(), 2);
}

#[test]
fn others_link_to_an_event_by_its_part_and_lists_show_its_card() {
    let faces = faces(&event(), &[]);
    let part = faces
        .iter()
        .find(|face| face.at.collection == PARTS)
        .unwrap();
    let (_, text) = split(&part.at, &part.body).unwrap();
    let Part::Page(part) = typed(&part.at, text).unwrap() else {
        panic!("{text}");
    };
    assert_eq!(part.title, "Öppen verkstad");
    assert_eq!(part.slug.as_str(), "oppen-verkstad");
    let page = faces
        .iter()
        .find(|face| face.at.collection == PAGES)
        .unwrap();
    let (_, card) = split(&page.at, page.card.as_ref().unwrap()).unwrap();
    let card: Card = typed(&page.at, card).unwrap();
    assert_eq!(card.lead.as_deref(), Some("Vi provar tillsammans."));
    assert_eq!(card.published_at, "2017-01-20T09:00:00+01:00");
}

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

/// As much as a plan may say, in what takes most room.
fn longest() -> OccasionPlan {
    let mut plan = OccasionPlan {
        theme: Some("𝔸".repeat(200)),
        place: Some("\"".repeat(200)),
        segments: (0..20)
            .map(|n| Segment {
                start: time(&format!("{:02}:00", n + 1)),
                end: time(&format!("{:02}:00", n + 2)),
                label: None,
                audience: Audience::Everyone,
            })
            .collect(),
        ..OccasionPlan::at(exact("2017-02-23", "00:00", "23:00"))
    };
    let room = limits::OCCASION_BYTES - serde_json::to_string(&plan).unwrap().len();
    plan.note = Some("x".repeat(room - r#","note":"""#.len()));
    let mut faults = Faults::new();
    let checked = plan.check(&mut faults, super::Stockholm);
    faults.finish().unwrap();
    assert_eq!(
        serde_json::to_string(&checked).unwrap().len(),
        limits::OCCASION_BYTES
    );
    plan
}

#[test]
fn an_event_with_as_many_and_as_long_occasions_as_there_can_be_fits_into_one_commit() {
    let mut event = event();
    let public = event.public.as_mut().unwrap();
    public.title = "𝔸".repeat(200);
    public.description = Some("𝔸".repeat(10_000));
    public.groups = (0..20)
        .map(|n| format!("{n:03}{}", "𝔸".repeat(197)))
        .collect();
    public.organisers = (1..=20)
        .map(|n| OrganisationId::from_uuid(Uuid::from_u128(n)))
        .collect();
    event.working = event.public.clone().unwrap();
    let around: Vec<_> = (1..=u128::from(limits::OCCASIONS))
        .map(|n| Occasion {
            status: OccasionStatus::Cancelled,
            certainty: Certainty::Tentative,
            reason: Some("𝔸".repeat(200)),
            ..occasion(n, longest())
        })
        .collect();
    let Limits {
        body,
        card,
        changeset,
        writes,
        ..
    } = Limits::default();
    let faces = faces(&event, &around);
    for face in &faces {
        assert!(face.body.len() <= body, "{}: {}", face.at, face.body.len());
        assert!(face.card.as_ref().is_none_or(|text| text.len() <= card));
    }
    let public: usize = faces.iter().map(|face| face.body.len()).sum();
    let private: usize = around.iter().map(|one| encode(one).unwrap().len()).sum();
    let record = encode(&event).unwrap().len();
    // Keys, cards, the feed and the note take the rest.
    let rest = (faces.len() + around.len()) * 160 + 100_000;
    assert!(
        public + private + record + rest <= changeset,
        "{public} {private}"
    );
    assert!(faces.len() + around.len() + 10 <= writes);
}
