//! A project as the public sees it.

use chrono::{DateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ContactPoint, EffectGoal, Project};
use crate::ids::OrganisationId;
use crate::record::Kept;
use crate::site::{
    Card, Face, PageFace, PageKind, PagePart, Part, PartRef, Parts, Press, card_text,
};
use crate::values::{Fold, Lang, Money, Percent, Slug, instant_passed};

/// A project's page.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ProjectPage {
    /// The page's public id, which stays when its address changes.
    pub id: Uuid,
    /// What the page is about: a project.
    pub kind: PageKind,
    /// Its address.
    pub slug: Slug,
    /// Its title.
    pub title: String,
    /// The language it is written in.
    pub language: Lang,
    /// When it was first published: RFC 3339 with the newsroom's offset, or the day its source
    /// shows.
    pub published_at: String,
    /// When a publication last changed it, or the day its source shows.
    pub updated_at: String,
    /// The field it belongs to.
    pub category: PartRef,
    /// How far it has come. The stage's part has the number, if the stage has one.
    pub stage: PartRef,
    /// How far it had come when it was stopped; absent while its stage has a number of its own,
    /// or where none ever had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Percent>,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// How.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<String>,
    /// What was learnt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lessons: Option<String>,
    /// The effects it is to have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<ProjectGoal>,
    /// How residents are involved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub involvement: Vec<String>,
    /// Who runs it; absent where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PartRef>,
    /// Who runs it together with the owner.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<PartRef>,
    /// Who it is done with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partners: Vec<PartRef>,
    /// What it has cost so far; absent where no cost is known, which is not the same as 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_so_far: Option<CostSoFar>,
    /// Whom to ask.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<ProjectContact>,
}

/// An effect that a project is to have, as the public sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ProjectGoal {
    /// The effect.
    pub text: String,
    /// Whether the work towards it is done.
    pub completed: bool,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
}

/// What a project has cost.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CostSoFar {
    /// The amount in the smallest unit of the currency: 500000 is 5000 kr.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

/// A currency, as ISO 4217 spells it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Currency {
    /// Swedish kronor, of a hundred öre.
    #[serde(rename = "SEK")]
    Sek,
}

/// Somebody the public may ask about a project.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ProjectContact {
    /// Their name.
    pub name: String,
    /// What they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Their e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Their telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl From<Money> for CostSoFar {
    fn from(money: Money) -> Self {
        Self {
            minor: money.in_ore(),
            currency: Currency::Sek,
        }
    }
}

impl From<&EffectGoal> for ProjectGoal {
    fn from(goal: &EffectGoal) -> Self {
        let EffectGoal {
            text,
            completed,
            result,
        } = goal.clone();
        Self {
            text,
            completed,
            result,
        }
    }
}

impl ProjectContact {
    /// The contact, if the public may see it.
    fn of(contact: &ContactPoint) -> Option<Self> {
        let ContactPoint {
            name,
            title,
            email,
            phone,
            public,
        } = contact.clone();
        public.then_some(Self {
            name,
            title,
            email,
            phone,
        })
    }
}

/// The most organisations that a project is listed by: with the terms and sixteen old addresses,
/// what the entries of one document hold. Who runs it comes before its partners.
pub(super) const ORGANISATIONS_LISTED: usize = 40;

/// The dates a project is shown with.
struct Times {
    published_at: String,
    updated_at: String,
    /// By which lists are ordered.
    listed_by: DateTime<Utc>,
}

impl Times {
    /// The source's days, where there are any; otherwise those of publication.
    fn of(
        project: &Project,
        first: DateTime<Utc>,
        updated: DateTime<Utc>,
        press: &Press<'_>,
    ) -> Self {
        let Some(dates) = project.source_dates else {
            return Self {
                published_at: press.time(first),
                updated_at: press.time(updated),
                listed_by: first,
            };
        };
        let midnight = dates.published.and_time(NaiveTime::MIN);
        Self {
            published_at: dates.published.to_string(),
            updated_at: dates.updated.to_string(),
            listed_by: instant_passed(midnight, press.zone, Fold::Earlier).unwrap_or(first),
        }
    }
}

/// What the public sees of a project, which has stopped at `progress` if at any: its page, and the
/// part by which other pages link to it.
pub(super) fn faces(
    kept: &Kept<Project>,
    progress: Option<Percent>,
    press: &Press<'_>,
) -> Vec<Face> {
    let (Some(public), Some(slug), Some(first)) = (
        &kept.public,
        &kept.addresses.current,
        kept.first_published_at,
    ) else {
        return Vec::new();
    };
    let updated = kept.updated_at.unwrap_or(first);
    let times = Times::of(public, first, updated, press);
    let cost_so_far = public.cost_so_far().map(CostSoFar::from);
    let Project {
        title,
        slug: _,
        language,
        category,
        stage,
        what,
        why,
        how,
        lessons,
        goals,
        involvement,
        owner,
        participants,
        partners,
        costs: _,
        contacts,
        source_dates: _,
    } = public;
    // Nothing is published without them.
    let (Some(category), Some(stage)) = (category, stage) else {
        return Vec::new();
    };
    let (category, stage) = (press.part(*category), press.part(*stage));

    let mut parts = Parts::new();
    let (category_at, stage_at) = (parts.refer_to(category), parts.refer_to(stage));
    let mut reference = |id: &OrganisationId| parts.refer_to(press.part(*id));
    let page = ProjectPage {
        id: press.page(kept.id),
        kind: PageKind::Project,
        slug: slug.clone(),
        title: title.clone(),
        language: language.clone(),
        published_at: times.published_at.clone(),
        updated_at: times.updated_at.clone(),
        category: category_at,
        stage: stage_at,
        progress,
        what: what.clone(),
        why: why.clone(),
        how: how.clone(),
        lessons: lessons.clone(),
        goals: goals.iter().map(ProjectGoal::from).collect(),
        involvement: involvement.clone(),
        owner: owner.as_ref().map(&mut reference),
        participants: participants.iter().map(&mut reference).collect(),
        partners: partners.iter().map(&mut reference).collect(),
        cost_so_far,
        contacts: contacts.iter().filter_map(ProjectContact::of).collect(),
    };
    let card = |room: usize, parts: &mut Parts| {
        let lead = what.as_deref();
        card_text(&Card {
            kind: PageKind::Project,
            slug: slug.clone(),
            title: title.clone(),
            published_at: times.published_at.clone(),
            updated_at: times.updated_at.clone(),
            lead: lead.and_then(|what| Card::lead_within(what, room)),
            bylines: Vec::new(),
            stage: Some(parts.refer_to(stage)),
        })
    };
    let link = Part::Page(PagePart {
        kind: PageKind::Project,
        slug: slug.clone(),
        title: title.clone(),
    });
    let organisations = owner.iter().chain(participants).chain(partners);
    let organisations = organisations.take(ORGANISATIONS_LISTED);
    let face = PageFace {
        id: press.page(kept.id),
        kind: PageKind::Project,
        slug,
        old: &kept.addresses.old,
        time: times.listed_by,
        listed: [category, stage]
            .into_iter()
            .chain(organisations.map(|id| press.part(*id)))
            .collect(),
    };
    vec![
        face.here(&page, &parts, card),
        Face::part(press.part(kept.id), &link),
    ]
}
