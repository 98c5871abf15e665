//! The newsroom as plain tables: what a person with paper would keep, and no code of the library.
//!
//! Things are known by their row. Rows are only ever added.

mod ask;
mod editions;
mod first;
mod foretold;
mod occasions;
mod pages;
mod people;
mod publishing;
mod record;
mod records;
mod tables;
mod tasks;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::cast::{LIV, NAMES, NILS, PERSONS, Person, Roles, SOL, VERA, Who};

pub(crate) use ask::{
    After, Ask, Covers, Credit, CreditedTo, NOWHERE, Name, OfEdition, OfOccasion, OfPage, OfRecord,
    OfTask, OfferText, Past, Target, Text, Writes, Written,
};
pub(crate) use first::{EVENT, STAGES};
pub(crate) use foretold::{Against, Foretold, Judged};
pub(crate) use occasions::{Occasion, OccasionState, Plan, PlanTime};
pub(crate) use record::{Content, OfKind, Progress, Record, Vocabulary};
pub(crate) use tables::{
    Approval, Byline, Claim, ClaimState, Consent, Edition, EditionState, Latest, PageState,
    Revision, Task, TaskState, Variant,
};

/// The newsroom.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Newsroom {
    /// The later of the clock and the last change.
    pub(crate) last_change: DateTime<Utc>,
    pub(crate) clock: DateTime<Utc>,
    pub(crate) persons: Vec<Written>,
    pub(crate) tasks: Vec<Task>,
    pub(crate) claims: Vec<Claim>,
    /// Reporters, active or resting.
    pub(crate) reporters: BTreeMap<Person, bool>,
    pub(crate) variants: Vec<Variant>,
    pub(crate) editions: Vec<Edition>,
    pub(crate) revisions: Vec<Revision>,
    pub(crate) bylines: Vec<Byline>,
    /// Every address a byline has or had.
    pub(crate) byline_slugs: BTreeSet<String>,
    pub(crate) consents: Vec<Consent>,
    pub(crate) records: Vec<Record>,
    pub(crate) occasions: Vec<Occasion>,
    /// What the public feed tells: the change and the address.
    pub(crate) feed: Vec<(&'static str, String)>,
}

impl Newsroom {
    /// As the sequences find it: three reporters with a byline each, and an editor with one.
    pub(crate) fn founded(at: DateTime<Utc>) -> Self {
        let records = first::records(at);
        let mut newsroom = Self {
            last_change: at,
            clock: at,
            persons: (0..PERSONS.len()).map(Written::named).collect(),
            tasks: Vec::new(),
            claims: Vec::new(),
            reporters: [(SOL, true), (LIV, true), (NILS, true)].into(),
            variants: Vec::new(),
            editions: Vec::new(),
            revisions: Vec::new(),
            bylines: Vec::new(),
            byline_slugs: BTreeSet::new(),
            consents: Vec::new(),
            feed: first::news(&records),
            records,
            occasions: Vec::new(),
        };
        for (person, name) in [
            (SOL, Some(0)),
            (LIV, Some(1)),
            (NILS, None),
            (VERA, Some(4)),
        ] {
            newsroom.add_byline(person, name);
        }
        newsroom
    }

    /// When the next command happens.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.max(self.last_change)
    }

    /// Carries a command out, and says how it ends.
    pub(crate) fn give(&mut self, who: Who, ask: &Ask) -> Foretold {
        self.give_as(who.roles(), ask)
    }

    /// The same for somebody in these roles.
    pub(crate) fn give_as(&mut self, by: Roles, ask: &Ask) -> Foretold {
        let end = match ask {
            Ask::Task { .. } | Ask::Propose { .. } | Ask::Claim { .. } | Ask::Release { .. } => {
                self.of_tasks(by, ask)
            }
            Ask::Admit { .. }
            | Ask::Rest { .. }
            | Ask::CreateByline { .. }
            | Ask::ChangeByline { .. }
            | Ask::GiveConsent { .. }
            | Ask::WithdrawConsent { .. }
            | Ask::PutPerson { .. }
            | Ask::LookUp { .. } => self.of_people(by, ask),
            Ask::Page { .. } | Ask::Unpublish { .. } | Ask::DropRedirect { .. } => {
                self.of_pages(by, ask)
            }
            Ask::Put { .. } | Ask::Record { .. } => self.of_records(by, ask),
            Ask::Plan { .. } | Ask::ChangePlan { .. } | Ask::Occasion { .. } => {
                self.of_occasions(by, ask)
            }
            _ => self.of_editions(by, ask),
        };
        match end {
            Ok(Writes::Something) => {
                self.last_change = self.now();
                Foretold::Done
            }
            Ok(Writes::Nothing) => Foretold::Nothing,
            Err(foretold) => foretold,
        }
    }

    /// The row, or that it is not there.
    pub(crate) fn row<T>(table: &[T], row: usize) -> Judged<&T> {
        table.get(row).ok_or(Foretold::NotFound)
    }

    /// A byline for a person, at the first address that nobody has or had.
    pub(crate) fn add_byline(&mut self, person: Person, name: Option<usize>) {
        self.bylines.push(Byline {
            person,
            name,
            // It has an address from the first page on that shows it.
            slug: None,
            retired: false,
        });
    }

    /// A live page shows this text: each name on it that has no address gets one.
    pub(crate) fn address_bylines(&mut self, text: &Text) {
        for byline in text.bylines() {
            if self.bylines[byline].slug.is_none() {
                self.bylines[byline].slug = self.byline_slug(self.bylines[byline].name);
            }
        }
    }

    pub(crate) fn byline_slug(&mut self, name: Option<usize>) -> Option<String> {
        let (_, first) = NAMES[name?];
        let numbered = (2..).map(|n| format!("{first}-{n}"));
        let slug = std::iter::once(first.to_owned())
            .chain(numbered)
            .find(|slug| !self.byline_slugs.contains(slug))?;
        self.byline_slugs.insert(slug.clone());
        Some(slug)
    }

    /// Who holds places of a task.
    pub(crate) fn held(&self, task: usize) -> impl Iterator<Item = &Claim> {
        let of = move |claim: &&Claim| claim.task == task && claim.holds_a_place();
        self.claims.iter().filter(of)
    }

    pub(crate) fn text(&self, revision: usize) -> &Text {
        &self.revisions[revision].text
    }

    /// The text that is public at a variant, while one is.
    pub(crate) fn live_text(&self, variant: usize) -> Option<&Text> {
        let variant = &self.variants[variant];
        let latest = variant
            .latest
            .as_ref()
            .filter(|_| variant.state == PageState::Live)?;
        Some(self.text(latest.revision))
    }

    /// Whether a live page shows a byline.
    pub(crate) fn shows(&self, byline: usize) -> bool {
        (0..self.variants.len())
            .filter_map(|variant| self.live_text(variant))
            .any(|text| text.bylines().any(|shown| shown == byline))
    }
}

impl Roles {
    pub(crate) fn is(self, person: Person) -> bool {
        self.person == Some(person)
    }

    pub(crate) fn one_of(self, persons: &[Person]) -> bool {
        self.person.is_some_and(|person| persons.contains(&person))
    }
}
