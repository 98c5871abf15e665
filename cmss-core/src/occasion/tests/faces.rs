use uuid::Uuid;

use super::{Room, date, event, exact, faces, occasion, page, shown, time};
use crate::ids::{Id, OrganisationId};
use crate::record::{Audience, Certainty, OccasionPlan, OccasionStatus, Segment};
use crate::site::{BY_PART, Card, PAGES, PARTS, Part, split, typed};
use crate::store::Entry;
use crate::values::{DayPart, Lang, When};

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
