//! The public door against a store that holds faces only.

mod feed;
mod lists;
mod occasions;
mod pages;
mod store;

use chrono::{DateTime, Utc};
use pollster::block_on;
use serde_json::{Value, json};
use uuid::Uuid;

use super::part::{BylinePart, PagePart, TermPart};
use super::*;
use crate::kernel::Error;
use crate::site::Vocabulary;
use crate::values::{Coded, Fault, FaultCode, Slug};
use store::Faces;

const TOPIC: Uuid = Uuid::from_u128(0x71);
const STAGE: Uuid = Uuid::from_u128(0x72);
const BYLINE: Uuid = Uuid::from_u128(0xb1);
const ANONYMOUS: Uuid = Uuid::from_u128(0xb2);
const PROJECT: Uuid = Uuid::from_u128(0x91);

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

/// So many minutes after an instant in the autumn.
fn minute(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_602_000_000 + 60 * minutes, 0).unwrap()
}

fn term(vocabulary: Vocabulary, address: &str) -> Part {
    Part::Term(TermPart {
        vocabulary,
        slug: slug(address),
        label: address.to_uppercase(),
        progress: None,
    })
}

fn byline(address: Option<&str>) -> Part {
    Part::Byline(BylinePart {
        name: address.map(str::to_uppercase),
        slug: address.map(slug),
    })
}

fn link(kind: PageKind, address: &str) -> Part {
    Part::Page(PagePart {
        kind,
        slug: slug(address),
        title: address.to_uppercase(),
    })
}

/// The parts that the pages of these tests refer to.
fn parts() -> Vec<Face> {
    vec![
        Face::part(TOPIC, &term(Vocabulary::Topic, "bostad")),
        Face::part(STAGE, &term(Vocabulary::Stage, "pilot")),
        Face::part(BYLINE, &byline(Some("sol-ek"))),
        Face::part(ANONYMOUS, &byline(None)),
        Face::part(PROJECT, &link(PageKind::Project, "kvallsoppet")),
    ]
}

/// A page in the making.
struct Story {
    id: u128,
    kind: PageKind,
    slug: Slug,
    old: Vec<Slug>,
    time: DateTime<Utc>,
    parts: Vec<Uuid>,
}

impl Story {
    /// An article with an id of its own.
    fn new(id: u128, address: &str) -> Self {
        Self {
            id,
            kind: PageKind::Article,
            slug: slug(address),
            old: Vec::new(),
            time: minute(0),
            parts: Vec::new(),
        }
    }

    fn face(&self) -> PageFace<'_> {
        PageFace {
            id: Uuid::from_u128(self.id),
            kind: self.kind,
            slug: &self.slug,
            old: &self.old,
            time: self.time,
            listed: self.parts.clone(),
        }
    }

    /// A page that is here; page and card refer to each of its parts.
    fn here(&self) -> Face {
        let mut parts = Parts::new();
        let places: Vec<_> = self.parts.iter().map(|id| parts.refer_to(*id)).collect();
        let page = json!({"slug": self.slug, "places": places});
        self.face().here(&page, &parts, |_, parts| {
            let bylines = self.parts.iter().map(|id| parts.refer_to(*id));
            card_text(&self.card(bylines.collect()))
        })
    }

    fn card(&self, bylines: Vec<PartRef>) -> Card {
        Card {
            kind: self.kind,
            slug: self.slug.clone(),
            title: self.slug.to_string(),
            published_at: self.time.to_rfc3339(),
            updated_at: self.time.to_rfc3339(),
            lead: None,
            bylines,
            stage: None,
        }
    }
}

/// The faults of a refused question.
fn faults<T: std::fmt::Debug>(refused: Result<T, Error>) -> Vec<(String, FaultCode)> {
    let Err(Error::Invalid(invalid)) = refused else {
        panic!("not refused: {refused:?}");
    };
    let fault = |fault: Fault| (fault.path, fault.code);
    invalid.faults.into_iter().map(fault).collect()
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}
