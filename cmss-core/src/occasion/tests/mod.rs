mod faces;
mod moves;
mod order;
mod plans;
mod sizes;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Europe::Stockholm;
use uuid::Uuid;

use crate::desk::Context;
use crate::ids::{EventId, Id, OccasionId};
use crate::kernel::{Actor, Mint, Policy, Secret, SeededIds};
use crate::newsroom::Newsroom;
use crate::record::{
    Certainty, Event, EventKind, EventPage, Kept, Kind, Occasion, OccasionItem, OccasionPlan,
    OccasionStatus, PublicOccasion,
};
use crate::site::{Face, Head, OCCASIONS, PAGES, PARTS, UNDATED, UPCOMING, split, typed};
use crate::store::{CommitId, Entry};
use crate::values::{Lang, Locale, When};

/// A newsroom to decide in.
struct Room {
    newsroom: Newsroom,
    policy: Policy,
}

impl Room {
    fn new() -> Self {
        let newsroom = Newsroom {
            schema: crate::newsroom::SCHEMA,
            name: "Lyktan".to_owned(),
            zone: Stockholm,
            language: Lang::from(Locale::Sv),
            secret: Secret::make(&SeededIds::new("occasions")),
            founded_at: now(),
        };
        Self {
            newsroom,
            policy: Policy::default(),
        }
    }

    fn context<'a>(&'a self, actor: &'a Actor) -> Context<'a> {
        Context {
            actor,
            now: now(),
            newsroom: &self.newsroom,
            policy: &self.policy,
            mint: Mint::new(&self.newsroom.secret, CommitId::named("a command")),
        }
    }
}

fn now() -> DateTime<Utc> {
    "2017-01-20T08:00:00Z".parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn time(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").unwrap()
}

fn exact(day: &str, start: &str, end: &str) -> When {
    When::Exact {
        date: date(day),
        start: time(start),
        end: Some(time(end)),
    }
}

/// An event that was published as it is.
fn event() -> Kept<Event> {
    let event = Event {
        description: Some("Vi provar tillsammans.".to_owned()),
        save_the_date: true,
        groups: vec!["Lyktgruppen".to_owned()],
        ..Event::titled(
            "Öppen verkstad",
            Lang::from(Locale::Sv),
            EventKind::Workshop,
        )
    };
    let mut kept = Kept::new(EventId::from_uuid(Uuid::from_u128(7)), event, now());
    kept.public = Some(kept.working.clone());
    kept.addresses.move_to("oppen-verkstad".parse().unwrap());
    kept.first_published_at = Some(now());
    kept.updated_at = Some(now());
    kept
}

/// An occasion that was published as it is.
fn occasion(number: u128, plan: OccasionPlan) -> Occasion {
    Occasion {
        id: OccasionId::from_uuid(Uuid::from_u128(0xbeef_0000 + number)),
        event: event().id,
        status: OccasionStatus::Planned,
        certainty: Certainty::Confirmed,
        reason: None,
        working: plan.clone(),
        public: Some(plan),
        planned_at: now(),
        edited_at: now(),
    }
}

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
