//! Projects: what is tried, by whom, for what effect, at what cost.

mod around;
mod page;
mod particulars;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Kept, Kind, Organisation, PutTarget, RecordList, RecordView, Term};
use crate::desk::{Changes, Desk};
use crate::ids::{OrganisationId, ProjectId, TermId};
use crate::kernel::{Document, Error, Guard, Guards, Reader};
use crate::site::{Face, PageKind, Press};
use crate::store::{Collection, DocRef};
use crate::values::{FaultCode, Faults, Flaw, Lang, Money, Slug, limits, text};

use around::Around;
pub(crate) use around::Progress;

pub use page::{CostSoFar, Currency, ProjectContact, ProjectGoal, ProjectPage};
pub use particulars::{ContactPoint, CostLine, EffectGoal, SourceDates};

/// A project.
///
/// Its owner, its participants and its partners are different things, and no organisation is two
/// of them. An owner may be unknown; nobody guesses one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// Its title: up to 200 characters.
    pub title: String,
    /// The address wanted; without one it is made of the title at first publication.
    #[serde(default)]
    pub slug: Option<Slug>,
    /// The language it is written in.
    pub language: Lang,
    /// The field it belongs to: needed to publish.
    #[serde(default)]
    pub category: Option<TermId>,
    /// How far it has come: needed to publish.
    #[serde(default)]
    pub stage: Option<TermId>,
    /// What it is: up to 10,000 characters.
    #[serde(default)]
    pub what: Option<String>,
    /// Why: up to 10,000 characters.
    #[serde(default)]
    pub why: Option<String>,
    /// How: up to 10,000 characters.
    #[serde(default)]
    pub how: Option<String>,
    /// What was learnt, which some stages need: up to 10,000 characters.
    #[serde(default)]
    pub lessons: Option<String>,
    /// The effects it is to have: up to 50.
    #[serde(default)]
    pub goals: Vec<EffectGoal>,
    /// How residents are involved: up to 50 of up to 1,000 characters.
    #[serde(default)]
    pub involvement: Vec<String>,
    /// Who runs it, where that is known.
    #[serde(default)]
    pub owner: Option<OrganisationId>,
    /// Who runs it together with the owner: up to 50.
    #[serde(default)]
    pub participants: Vec<OrganisationId>,
    /// Who it is done with: up to 100.
    #[serde(default)]
    pub partners: Vec<OrganisationId>,
    /// What it has cost: up to 1,000 lines. The public sees their sum.
    #[serde(default)]
    pub costs: Vec<CostLine>,
    /// Whom to ask: up to 20, and one to publish.
    #[serde(default)]
    pub contacts: Vec<ContactPoint>,
    /// The days its source shows, of a project that was published elsewhere before.
    #[serde(default)]
    pub source_dates: Option<SourceDates>,
}

impl Project {
    /// A project of which only the title is known.
    #[must_use]
    pub fn titled(title: impl Into<String>, language: Lang) -> Self {
        Self {
            title: title.into(),
            slug: None,
            language,
            category: None,
            stage: None,
            what: None,
            why: None,
            how: None,
            lessons: None,
            goals: Vec::new(),
            involvement: Vec::new(),
            owner: None,
            participants: Vec::new(),
            partners: Vec::new(),
            costs: Vec::new(),
            contacts: Vec::new(),
            source_dates: None,
        }
    }

    /// What it has cost so far: `None` where no cost is known, which is not the same as nothing.
    #[must_use]
    pub fn cost_so_far(&self) -> Option<Money> {
        let sum = Money::checked_sum(self.costs.iter().map(|line| line.amount));
        sum.filter(|_| !self.costs.is_empty())
    }

    /// The organisations that run it, the owner first.
    fn run_by(&self) -> impl Iterator<Item = OrganisationId> {
        self.owner
            .into_iter()
            .chain(self.participants.iter().copied())
    }

    /// Whether the whole is within its limit: a store takes both copies in one document, whatever
    /// the fields' own limits come to.
    fn check_size(&self, faults: &mut Faults) -> bool {
        let bytes = serde_json::to_vec(self).map_or(usize::MAX, |json| json.len());
        let fits = bytes <= limits::PROJECT_BYTES;
        if !fits {
            let limit = limits::PROJECT_BYTES as u64;
            faults.push("", Flaw::limit(FaultCode::TooLong, limit, bytes as u64));
        }
        fits
    }

    /// Notes every organisation that stands in the project twice.
    fn check_organisations(&self, faults: &mut Faults) {
        faults.at_most(
            "participants",
            self.participants.len(),
            limits::PARTICIPANTS,
        );
        faults.at_most("partners", self.partners.len(), limits::PARTNERS);
        let mut seen: BTreeSet<_> = self.owner.into_iter().collect();
        for (name, list) in [
            ("participants", &self.participants),
            ("partners", &self.partners),
        ] {
            faults.each(name, list, |faults, id| {
                faults.ensure("", seen.insert(*id), FaultCode::Duplicate);
                Some(())
            });
        }
    }

    /// Every cost line, when their sum can be written.
    fn check_costs(&self, faults: &mut Faults) -> Option<Vec<CostLine>> {
        faults.at_most("costs", self.costs.len(), limits::COSTS);
        let fits = self.costs.is_empty() || self.cost_so_far().is_some();
        faults.ensure("costs", fits, FaultCode::TooLarge);
        faults.each("costs", &self.costs, |faults, line| line.check(faults))
    }
}

impl Kind for Project {
    type Id = ProjectId;
    type Around = Around;

    const COLLECTION: Collection = Collection::new("project");
    const PUT: &'static str = "put_project";

    fn check(&self, faults: &mut Faults) -> Option<Self> {
        let prose = |faults: &mut Faults, name, text: &Option<String>| {
            let text = text::optional_prose(text.as_deref(), limits::NOTE);
            faults.field(name, text)
        };
        let fits = self.check_size(faults);
        let title = faults.field("title", text::line(&self.title, limits::TITLE));
        let what = prose(faults, "what", &self.what);
        let why = prose(faults, "why", &self.why);
        let how = prose(faults, "how", &self.how);
        let lessons = prose(faults, "lessons", &self.lessons);
        faults.at_most("goals", self.goals.len(), limits::GOALS);
        let goals = faults.each("goals", &self.goals, |faults, goal| goal.check(faults));
        faults.at_most("involvement", self.involvement.len(), limits::INVOLVEMENT);
        let involvement = faults.each("involvement", &self.involvement, |faults, text| {
            faults.field("", text::prose(text, limits::LEAD))
        });
        self.check_organisations(faults);
        let costs = self.check_costs(faults);
        faults.at_most("contacts", self.contacts.len(), limits::CONTACTS);
        let contacts = faults.each("contacts", &self.contacts, |faults, contact| {
            contact.check(faults)
        });
        if let Some(dates) = self.source_dates {
            faults.within("source_dates", |faults| dates.check(faults));
        }
        let project = Self {
            title: title?,
            slug: self.slug.clone(),
            language: self.language.clone(),
            category: self.category,
            stage: self.stage,
            what: what?,
            why: why?,
            how: how?,
            lessons: lessons?,
            goals: goals?,
            involvement: involvement?,
            owner: self.owner,
            participants: self.participants.clone(),
            partners: self.partners.clone(),
            costs: costs?,
            contacts: contacts?,
            source_dates: self.source_dates,
        };
        // The normal form of a few characters is longer than what was given.
        if fits {
            project.check_size(faults);
        }
        Some(project)
    }

    fn refers_to(&self) -> Vec<DocRef> {
        let terms = self.category.into_iter().chain(self.stage);
        let organisations = self.run_by().chain(self.partners.iter().copied());
        terms
            .map(Kept::<Term>::at)
            .chain(organisations.map(Kept::<Organisation>::at))
            .collect()
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn list(&self) -> RecordList {
        RecordList::Projects
    }

    fn page(&self) -> Option<(PageKind, Option<&Slug>)> {
        Some((PageKind::Project, self.slug.as_ref()))
    }

    async fn around(kept: &Kept<Self>, reader: &mut Reader<'_>) -> Result<Around, Error> {
        Around::read(kept, reader).await
    }

    fn may_publish(kept: &Kept<Self>, around: &Around, guards: &mut Guards) {
        let needed = |field: &'static str| Guard::FieldNeeded {
            field: field.into(),
        };
        let project = &kept.working;
        around.ensure_terms(guards);
        guards.ensure(!project.contacts.is_empty(), needed("contacts"));
        let told = project.lessons.is_some() || !around.requires_lessons();
        guards.ensure(told, needed("lessons"));
    }

    fn publish_around(kept: &mut Kept<Self>, around: &mut Around, changes: &mut Changes) {
        around.move_on(kept.id, changes);
    }

    fn faces(kept: &Kept<Self>, around: &Around, press: &Press<'_>) -> Vec<Face> {
        page::faces(kept, around.stopped_at(), press)
    }
}

impl Desk {
    /// Creates a project, or changes its working copy.
    ///
    /// Which one, and whether others may have changed it meanwhile: see [`PutTarget`].
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::NotFound`] for a term or an organisation that is not there;
    /// [`Error::Refused`] unless it is an editor's or an admin's.
    pub async fn put_project(
        &self,
        target: impl Into<PutTarget<ProjectId>>,
        project: &Project,
    ) -> Result<ProjectId, Error> {
        self.put(target, project).await
    }

    /// A project, for whoever has a role in the newsroom.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] for everybody else.
    pub async fn project(&self, id: ProjectId) -> Result<RecordView<Project, ProjectId>, Error> {
        self.record(id).await
    }
}

#[cfg(test)]
mod tests;
