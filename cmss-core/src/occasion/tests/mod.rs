mod faces;
mod moves;
mod plans;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Europe::Stockholm;
use uuid::Uuid;

use super::model::{Occasion, OccasionPlan};
use super::{Certainty, OccasionStatus};
use crate::ids::{EventId, Id, OccasionId};
use crate::kernel::{Actor, Context, Mint, Policy, Secret, SeededIds};
use crate::newsroom::Newsroom;
use crate::record::{Event, EventKind, Kept, ProgrammeState};
use crate::store::CommitId;
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
        title: "Öppen verkstad".to_owned(),
        slug: None,
        language: Lang::from(Locale::Sv),
        kind: EventKind::Workshop,
        description: Some("Vi provar tillsammans.".to_owned()),
        programme: ProgrammeState::ToCome,
        save_the_date: true,
        groups: vec!["Lyktgruppen".to_owned()],
        organisers: Vec::new(),
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
