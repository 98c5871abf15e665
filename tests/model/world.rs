//! The newsroom itself: the library on a store, with the ids of the rows.

use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use cmss::store::{CommitId, Line, Seq, Store};
use cmss::values::{Block, BlockContent, Body, Locale, Quote, Span, Speaker};
use cmss::{
    Actor, ArticleId, ArticleText, AssignmentId, AssignmentKind, AuditRecord, BylineForm, BylineId,
    BylineName, ClaimId, Clock, Cms, ConsentId, Credit, CreditRole, CreditedTo, Desk, Error, Ids,
    Medium, NewNewsroom, NewPerson, OccasionId, Offer, PersonId, RecordRef, RevisionId, SeededIds,
    SetClock, VariantId,
};
use cmss_testkit::feed;
use serde_json::Value;

use crate::cast::{HEADLINES, LEGAL, LIV, NAMES, NILS, SOL, SPEAKERS, Who};
use crate::newsroom::{
    Ask, CreditedTo as By, EVENT, Name, Newsroom, OfEdition, OfferText, Past, Target, Text,
};
use crate::record;

/// When everything begins.
fn start() -> DateTime<Utc> {
    "2026-03-02T08:00:00Z".parse().unwrap()
}

/// So many minutes after the founding.
pub(crate) fn minute(minutes: i64) -> DateTime<Utc> {
    start() + TimeDelta::minutes(minutes)
}

/// The library, and the ids of the rows.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) cms: Cms,
    clock: Arc<SetClock>,
    keys: Arc<SeededIds>,
    /// The last commit that was seen.
    pub(crate) seq: Seq,
    pub(crate) persons: Vec<PersonId>,
    pub(crate) records: Vec<RecordRef>,
    pub(crate) occasions: Vec<OccasionId>,
    pub(crate) tasks: Vec<AssignmentId>,
    pub(crate) claims: Vec<ClaimId>,
    pub(crate) articles: Vec<ArticleId>,
    pub(crate) variants: Vec<VariantId>,
    pub(crate) editions: Vec<cmss::EditionId>,
    pub(crate) revisions: Vec<RevisionId>,
    pub(crate) bylines: Vec<BylineId>,
    pub(crate) consents: Vec<ConsentId>,
}

/// The id of a row; of a row that is not there, an id that nothing has.
pub(crate) fn id<I: FromStr + Copy>(rows: &[I], row: usize, kind: &str) -> I {
    let nobodys = || {
        format!("{kind}:ffffffff-ffff-8fff-8fff-fffffffffff0")
            .parse()
            .ok()
    };
    rows.get(row).copied().or_else(nobodys).unwrap()
}

impl World {
    /// A newsroom in an empty store, and the same as plain tables.
    pub(crate) async fn found(store: Arc<dyn Store>) -> (Self, Newsroom) {
        let clock = Arc::new(SetClock::at(start()));
        let founding = NewNewsroom {
            name: "Öppen stad".to_owned(),
            zone: chrono_tz::Europe::Stockholm,
            language: Locale::Sv.into(),
        };
        let newsroom = Newsroom::founded(start());
        let person = |row: usize| NewPerson::named(LEGAL[newsroom.persons[row].name]);
        let (cms, ada) = Cms::builder(store)
            .clock(clock.clone())
            .ids(Arc::new(SeededIds::new("model")))
            .found(&founding, &person(0))
            .await
            .unwrap();
        let admin = cms.desk(Actor::new(ada).admin());
        let mut persons = vec![ada];
        for row in 1..newsroom.persons.len() {
            persons.push(admin.put_person(None, &person(row)).await.unwrap());
        }
        let mut world = Self {
            cms,
            clock,
            keys: Arc::new(SeededIds::new("keys")),
            seq: Seq::ZERO,
            persons,
            records: Vec::new(),
            occasions: Vec::new(),
            tasks: Vec::new(),
            claims: Vec::new(),
            articles: Vec::new(),
            variants: Vec::new(),
            editions: Vec::new(),
            revisions: Vec::new(),
            bylines: Vec::new(),
            consents: Vec::new(),
        };
        for record in &newsroom.records {
            record::found(&mut world, record).await.unwrap();
        }
        let editor = world.desk(Who::Vera);
        for reporter in [SOL, LIV, NILS] {
            let reporter = world.persons[reporter];
            let admitted = editor.admit_reporter(reporter, &[Medium::Text]).await;
            admitted.unwrap();
        }
        for byline in &newsroom.bylines {
            let name = Name {
                unnamed: byline.name.is_none(),
                name: byline.name,
            };
            let person = world.persons[byline.person];
            let id = editor.create_byline(person, &shown(name)).await.unwrap();
            world.bylines.push(id);
        }
        world.news().await.unwrap();
        (world, newsroom)
    }

    /// The same newsroom in an empty store, which is loaded with all that this one's holds.
    pub(crate) async fn moved(&self, all: Vec<Line>, store: Arc<dyn Store>) -> Self {
        store.load(feed(all)).await.unwrap();
        let moved = Self {
            clock: Arc::new(SetClock::at(self.clock.now())),
            keys: Arc::new(SeededIds::new("keys of a sequence")),
            ..self.clone()
        };
        moved.opened(store, "sequence").await
    }

    /// The same newsroom in a store that holds it.
    pub(crate) async fn opened(self, store: Arc<dyn Store>, ids: &str) -> Self {
        let cms = Cms::builder(store)
            .clock(self.clock.clone())
            .ids(Arc::new(SeededIds::new(ids)))
            .open()
            .await
            .unwrap();
        Self { cms, ..self }
    }

    pub(crate) fn set_clock(&self, newsroom: &Newsroom) {
        self.clock.set(newsroom.clock);
    }

    pub(crate) fn actor(&self, who: Who) -> Actor {
        let roles = who.roles();
        let Some(person) = roles.person else {
            return if who == Who::Clock {
                Actor::clock()
            } else {
                Actor::visitor()
            };
        };
        let mut actor = Actor::new(self.persons[person]);
        if roles.editor {
            actor = actor.editor();
        }
        if roles.reporter {
            actor = actor.reporter();
        }
        if roles.mentor {
            actor = actor.mentor();
        }
        if roles.admin {
            actor = actor.admin();
        }
        roles
            .unit
            .map_or(actor.clone(), |unit| actor.unit_contact(self.unit(unit)))
    }

    pub(crate) fn desk(&self, who: Who) -> Desk {
        self.cms.desk(self.actor(who))
    }

    /// The desk of a person without any role.
    pub(crate) fn person_desk(&self, person: usize) -> Desk {
        self.cms.desk(Actor::new(self.persons[person]))
    }

    pub(crate) fn fresh_key(&self) -> CommitId {
        CommitId(self.keys.fresh())
    }

    /// What was committed since this was last asked.
    pub(crate) async fn news(&mut self) -> Result<Vec<AuditRecord>, Error> {
        let page = self.desk(Who::Vera).audit(self.seq, 100).await?;
        self.seq = page.reached;
        Ok(page.lines)
    }

    pub(crate) fn edition(&self, row: usize) -> cmss::EditionId {
        id(&self.editions, row, "edition")
    }

    pub(crate) fn target(&self, target: Target) -> cmss::Target {
        match target {
            Target::Task(row) => id(&self.tasks, row, "assignment").into(),
            Target::Claim(row) => id(&self.claims, row, "claim").into(),
            Target::Edition(row) => self.edition(row).into(),
            Target::Variant(row) => self.variant(row).into(),
            Target::Occasion(row) => self.occasion(row).into(),
        }
    }

    pub(crate) fn variant(&self, row: usize) -> VariantId {
        id(&self.variants, row, "variant")
    }

    pub(crate) fn revision(&self, row: usize) -> RevisionId {
        id(&self.revisions, row, "revision")
    }

    pub(crate) fn person(&self, row: usize) -> PersonId {
        id(&self.persons, row, "person")
    }

    pub(crate) fn offer(&self, offer: &OfferText) -> Offer {
        Offer {
            unit: offer.unit.map(|unit| self.unit(unit)),
            kind: AssignmentKind::Meeting,
            title: format!("Skildra mötet {}", offer.version),
            description: "Kom och skriv om hur det var.".to_owned(),
            place: None,
            access: None,
            places: offer.places,
            claim_by: offer.claim_by.map(minute),
            deliver_by: None,
            expected_minutes: None,
            event: None,
            project: None,
        }
    }

    pub(crate) fn text(&self, text: &Text) -> ArticleText {
        let paragraphs: Vec<String> = (0..text.paragraphs)
            .map(|n| format!("Stycke {n}."))
            .collect();
        let mut body = Body::from_plain_text(&paragraphs.join("\n\n"));
        if let Some((speaker, consent)) = text.quote {
            body.0.push(Block {
                id: "q1".parse().unwrap(),
                content: BlockContent::Quote(Quote {
                    spans: vec![Span::from("Det var fint.")],
                    speaker: Speaker::Identifiable {
                        name: SPEAKERS[speaker].to_owned(),
                        consent: id(&self.consents, consent, "consent"),
                    },
                }),
            });
        }
        let credits = text.credits.iter().map(|credit| Credit {
            role: if credit.words {
                CreditRole::Text
            } else {
                CreditRole::Photo
            },
            by: match credit.by {
                By::Byline(row) => CreditedTo::Byline(id(&self.bylines, row, "byline")),
                By::Name(row) => CreditedTo::Name(NAMES[row].0.to_owned()),
            },
        });
        ArticleText {
            headline: HEADLINES[text.headline].0.to_owned(),
            lead: lead(text),
            language: if text.english { Locale::En } else { Locale::Sv }.into(),
            body,
            credits: credits.collect(),
            topics: Vec::new(),
            projects: Vec::new(),
            events: text
                .names_event
                .then(|| self.event(EVENT))
                .into_iter()
                .collect(),
        }
    }

    /// Notes the ids of the rows that a command has added.
    pub(crate) fn learn(&mut self, ask: &Ask, done: &Value) {
        fn read<T: serde::de::DeserializeOwned>(done: &Value) -> T {
            serde_json::from_value(done.clone()).unwrap()
        }
        match ask {
            Ask::Propose { revises: None, .. } => self.tasks.push(read(done)),
            Ask::Claim { .. } => self.claims.push(read(done)),
            Ask::CreateByline { .. } => self.bylines.push(read(done)),
            Ask::ChangeByline {
                past: Past::Unnamed,
                ..
            } => self.bylines.push(read(done)),
            Ask::GiveConsent { .. } => self.consents.push(read(done)),
            Ask::PutPerson { changes: None, .. } => self.persons.push(read(done)),
            Ask::Put {
                changes: None,
                content,
                ..
            } => self.records.push(Self::record_put(content.kind(), done)),
            Ask::Plan { .. } => self.occasions.push(read(done)),
            Ask::Start { .. } => {
                let started: cmss::StartedArticle = read(done);
                self.articles.push(started.article);
                self.variants.push(started.variant);
                self.editions.push(started.edition);
                self.revisions.push(started.head);
            }
            Ask::OpenEdition { .. } => {
                let opened: cmss::OpenedEdition = read(done);
                self.editions.push(opened.edition);
                self.revisions.push(opened.head);
            }
            Ask::Save { .. }
            | Ask::Edition {
                event: OfEdition::SetAside,
                ..
            } => {
                self.revisions.push(read(done));
            }
            _ => {}
        }
    }
}

/// The lead of a text.
pub(crate) fn lead(text: &Text) -> String {
    if text.lead == 0 {
        String::new()
    } else {
        format!("Så var det, del {}.", text.lead)
    }
}

pub(crate) fn shown(name: Name) -> BylineName {
    let form = if name.unnamed {
        BylineForm::Unnamed
    } else {
        BylineForm::PenName
    };
    BylineName {
        form,
        name: name.name.map(|row| NAMES[row].0.to_owned()),
    }
}
