//! Terms of the vocabularies that editors own: topics, categories, stages.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Kept, Kind, PutTarget, RecordList, RecordView};
use crate::desk::{Changes, Desk};
use crate::ids::{Id, PersonId, TermId};
use crate::kernel::{Document, Error, Fact, Guard, Guards, KeyParts, Mint, Reader};
use crate::site::{Face, PageKind, Part, Press, TermPart, Vocabulary, unique};
use crate::store::{Collection, Digest, DocRef, Entry, Index, Key};
use crate::values::{Coded, FaultCode, Faults, Percent, Slug, limits, text};

/// A term of a vocabulary.
///
/// Its slug never changes; its label may, and every page shows the new one at once. Aliases are
/// other names that lead to it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The vocabulary it belongs to.
    pub vocabulary: Vocabulary,
    /// Its slug: unique in its vocabulary, and never changed.
    pub slug: Slug,
    /// What people read: up to 80 characters.
    pub label: String,
    /// Other names that lead to it: up to 20 of up to 40 characters.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Of a stage: how far a project in it has come. A stage without a number leaves a project
    /// where it was.
    #[serde(default)]
    pub progress: Option<Percent>,
    /// Of a stage: whether a project in it must say what was learnt.
    #[serde(default)]
    pub requires_lessons: bool,
}

/// Terms by vocabulary and any of their names.
const NAMES: Index = Index::new("term.name");

/// A name of a term as an index key: a digest, for a key is shorter than a name may be.
fn name_key(vocabulary: Vocabulary, folded: &str) -> Key {
    KeyParts::new()
        .text(vocabulary.code())
        .text(&Digest::of(folded.as_bytes()).to_string())
        .key()
}

impl Term {
    /// A term that has no other names.
    #[must_use]
    pub fn labelled(vocabulary: Vocabulary, slug: Slug, label: impl Into<String>) -> Self {
        Self {
            vocabulary,
            slug,
            label: label.into(),
            aliases: Vec::new(),
            progress: None,
            requires_lessons: false,
        }
    }

    /// The names that lead to it: its slug and its aliases, folded.
    fn names(&self) -> impl Iterator<Item = String> {
        let aliases = self.aliases.iter().map(|alias| alias.to_lowercase());
        std::iter::once(self.slug.to_string()).chain(aliases)
    }

    fn key(&self, name: &str) -> Key {
        name_key(self.vocabulary, name)
    }
}

impl Kind for Term {
    type Id = TermId;
    type Around = ();

    const COLLECTION: Collection = Collection::new("term");
    const PUT: &'static str = "put_term";

    fn check(&self, faults: &mut Faults) -> Option<Self> {
        let label = faults.field("label", text::line(&self.label, limits::DISPLAY_NAME));
        faults.at_most("aliases", self.aliases.len(), limits::TAGS);
        let aliases = faults.each("aliases", &self.aliases, |faults, alias| {
            faults.field("", text::line(alias, limits::TAG))
        });
        let stage = self.vocabulary == Vocabulary::Stage;
        faults.ensure(
            "progress",
            stage || self.progress.is_none(),
            FaultCode::Inconsistent,
        );
        let lessons = stage || !self.requires_lessons;
        faults.ensure("requires_lessons", lessons, FaultCode::Inconsistent);
        Some(Self {
            label: label?,
            aliases: aliases?,
            ..self.clone()
        })
    }

    fn refers_to(&self) -> Vec<DocRef> {
        Vec::new()
    }

    fn title(&self) -> &str {
        &self.label
    }

    fn list(&self) -> RecordList {
        RecordList::Terms(self.vocabulary)
    }

    fn page(&self) -> Option<(PageKind, Option<&Slug>)> {
        None
    }

    fn entries(kept: &Kept<Self>) -> Vec<Entry> {
        let term = &kept.working;
        term.names()
            .map(|name| unique(NAMES, term.key(&name)))
            .collect()
    }

    async fn may_put(
        reader: &mut Reader<'_>,
        id: Option<TermId>,
        term: &Self,
        guards: &mut Guards,
    ) -> Result<(), Error> {
        let own = id.map(Kept::<Self>::at);
        for name in term.names() {
            let holder = reader.holder(NAMES, term.key(&name)).await?;
            let free = holder.is_none() || holder == own;
            guards.ensure(free, Guard::TermTaken { name });
        }
        if let Some(id) = id {
            let before: Kept<Self> = reader.need(id).await?;
            let fixed =
                before.working.slug == term.slug && before.working.vocabulary == term.vocabulary;
            guards.ensure(fixed, Guard::SlugFixed);
        }
        Ok(())
    }

    async fn around(_: &Kept<Self>, _: &mut Reader<'_>) -> Result<(), Error> {
        Ok(())
    }

    fn may_publish(_: &Kept<Self>, (): &(), _: &mut Guards) {}

    fn faces(kept: &Kept<Self>, (): &(), press: &Press<'_>) -> Vec<Face> {
        let Some(term) = kept.public.clone() else {
            return Vec::new();
        };
        let Self {
            vocabulary,
            slug,
            label,
            aliases: _,
            progress,
            requires_lessons: _,
        } = term;
        let part = Part::Term(TermPart {
            vocabulary,
            slug,
            label,
            progress,
        });
        vec![Face::part(press.part(kept.id), &part)]
    }
}

/// A stage: slug, label, progress, whether it requires lessons, aliases.
type Stage = (
    &'static str,
    &'static str,
    Option<u8>,
    bool,
    &'static [&'static str],
);

/// The stages a newsroom begins with; its editors own them from then on.
const STAGES: [Stage; 5] = [
    ("ide", "Idé", Some(25), false, &[]),
    ("pilot", "Testas som pilot", Some(50), false, &["Pilot"]),
    ("skala-upp", "Skala upp", Some(75), false, &[]),
    ("realiserad", "Realiserad", Some(100), false, &[]),
    ("avbruten", "Avbruten", None, true, &[]),
];

/// Writes the stages a newsroom begins with, public from the start.
pub(crate) fn found_terms(
    changes: &mut Changes,
    mint: &mut Mint<'_>,
    by: PersonId,
    now: DateTime<Utc>,
    press: Press<'_>,
) {
    for (slug, label, progress, requires_lessons, aliases) in STAGES {
        let Some(slug) = Slug::from_title(slug) else {
            continue;
        };
        let term = Term {
            vocabulary: Vocabulary::Stage,
            slug,
            label: label.to_owned(),
            aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
            progress: progress.and_then(|percent| Percent::try_from(percent).ok()),
            requires_lessons,
        };
        let mut kept = Kept::new(mint.id(), term, now);
        kept.public = Some(kept.working.clone());
        kept.first_published_at = Some(now);
        kept.updated_at = Some(now);
        changes.put(&kept.as_revision(mint.id(), Some(by)));
        changes.show(Vec::new(), Term::faces(&kept, &(), &press));
        changes.put(&kept);
        changes.fact(Fact::RecordPut {
            record: kept.id.into(),
            revision: kept.revision,
        });
        changes.fact(Fact::RecordPublished {
            record: kept.id.into(),
        });
    }
}

impl Desk {
    /// Creates a term, or changes its working copy.
    ///
    /// Which one, and whether others may have changed it meanwhile: see [`PutTarget`].
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::Refused`] unless it is an editor's or an admin's, its names
    /// lead to no other term of the vocabulary, and slug and vocabulary stay as they were.
    pub async fn put_term(
        &self,
        target: impl Into<PutTarget<TermId>>,
        term: &Term,
    ) -> Result<TermId, Error> {
        self.put(target, term).await
    }

    /// A term, for whoever has a role in the newsroom.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] for everybody else.
    pub async fn term(&self, id: TermId) -> Result<RecordView<Term, TermId>, Error> {
        self.record(id).await
    }

    /// The term of a vocabulary that a slug or an alias leads to.
    ///
    /// # Errors
    /// [`Error::Refused`] for everybody else.
    pub async fn find_term(
        &self,
        vocabulary: Vocabulary,
        name: &str,
    ) -> Result<Option<TermId>, Error> {
        self.ensure_role("find_term")?;
        let key = name_key(vocabulary, &name.to_lowercase());
        Ok(Reader::new(self.store())
            .holder(NAMES, key)
            .await?
            .map(|at| Id::from_uuid(at.id)))
    }
}
