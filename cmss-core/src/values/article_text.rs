//! The text of an article, as it is written and saved.

use serde::{Deserialize, Serialize};

use super::{Body, FaultCode, Faults, Flaw, Lang, coded, limits, redacted, text};
use crate::ids::{BylineId, EventId, Id, ProjectId, TermId};

coded! {
    /// What somebody is credited for.
    pub enum CreditRole {
        /// The words.
        Text = "text", "Text", "Text";
        /// The photos.
        Photo = "photo", "Foto", "Photo";
    }
}

/// Who is credited for what.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credit {
    /// For what.
    pub role: CreditRole,
    /// Who.
    pub by: CreditedTo,
}

/// Who is credited.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CreditedTo {
    /// A byline.
    Byline(BylineId),
    /// The name of somebody who is not a reporter: up to 80 characters. Never a byline's name.
    Name(String),
}

impl Credit {
    /// The byline, where it credits one.
    pub(crate) const fn byline(&self) -> Option<BylineId> {
        match &self.by {
            CreditedTo::Byline(byline) => Some(*byline),
            CreditedTo::Name(_) => None,
        }
    }
}

/// The text of an article.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArticleText {
    /// The headline: up to 200 characters.
    pub headline: String,
    /// The lead: up to 1,000 characters; may be empty.
    #[serde(default)]
    pub lead: String,
    /// The language it is written in.
    pub language: Lang,
    /// The body.
    pub body: Body,
    /// Who is credited: up to 10.
    #[serde(default)]
    pub credits: Vec<Credit>,
    /// What it is about: up to 10 terms of the vocabulary of topics.
    #[serde(default)]
    pub topics: Vec<TermId>,
    /// The projects it is about: up to 5.
    #[serde(default)]
    pub projects: Vec<ProjectId>,
    /// The events it is about: up to 5.
    #[serde(default)]
    pub events: Vec<EventId>,
}

redacted! { ArticleText { language, topics, projects, events } }

impl ArticleText {
    /// The most credits of a text.
    const CREDITS: usize = 10;
    /// The most topics of a text.
    const TOPICS: usize = 10;
    /// The most projects, and the most events, of a text.
    const LINKS: usize = 5;

    /// Every field checked and normalised.
    pub(crate) fn check(&self, faults: &mut Faults) -> Option<Self> {
        let headline = faults.field("headline", text::line(&self.headline, limits::TITLE));
        let lead = text::optional_prose(Some(&self.lead), limits::LEAD);
        let lead = faults.field("lead", lead.map(Option::unwrap_or_default));
        let body = faults.within("body", |faults| self.body.check(faults));
        faults.at_most("credits", self.credits.len(), Self::CREDITS);
        let credits = faults.each("credits", &self.credits, |faults, credit| {
            let by = match &credit.by {
                CreditedTo::Byline(byline) => CreditedTo::Byline(*byline),
                CreditedTo::Name(name) => CreditedTo::Name(
                    faults.field("by.name", text::line(name, limits::DISPLAY_NAME))?,
                ),
            };
            Some(Credit {
                role: credit.role,
                by,
            })
        });
        let topics = distinct(faults, "topics", &self.topics, Self::TOPICS);
        let projects = distinct(faults, "projects", &self.projects, Self::LINKS);
        let events = distinct(faults, "events", &self.events, Self::LINKS);
        Some(Self {
            headline: headline?,
            lead: lead?,
            language: self.language.clone(),
            body: body?,
            credits: credits?,
            topics: topics?,
            projects: projects?,
            events: events?,
        })
    }

    /// The bylines that are credited, each once, in the order of the credits.
    pub(crate) fn bylines(&self, role: Option<CreditRole>) -> Vec<BylineId> {
        let mut bylines = Vec::new();
        for credit in &self.credits {
            let fits = role.is_none_or(|role| role == credit.role);
            if let Some(byline) = credit
                .byline()
                .filter(|byline| fits && !bylines.contains(byline))
            {
                bylines.push(byline);
            }
        }
        bylines
    }
}

/// The ids, when there are at most so many and none stands there twice.
pub(crate) fn distinct<I: Id>(
    faults: &mut Faults,
    name: &str,
    ids: &[I],
    limit: usize,
) -> Option<Vec<I>> {
    faults.at_most(name, ids.len(), limit);
    let mut seen = Vec::with_capacity(ids.len());
    faults.each(name, ids, |faults, id| {
        let twice = seen.contains(id);
        seen.push(*id);
        if twice {
            faults.push("", Flaw::new(FaultCode::Duplicate));
            return None;
        }
        Some(*id)
    })
}
