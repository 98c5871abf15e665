//! Beginning another edition of what is or was public.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::article::{Revision, Variant};
use crate::desk::{Changes, Context, Outcome, Verb};
use crate::edition::machine::EditionEvent as Event;
use crate::edition::{Edition, EditionKind, EditionState, MACHINE, OpenedEdition};
use crate::ids::VariantId;
use crate::kernel::{
    Actor, Allowance, Capacity, Denied, Error, Fact, Guard, Guards, Reader, Standing,
};
use crate::values::Faults;

/// Begins another edition of a variant.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenEdition {
    /// The variant.
    pub variant: VariantId,
}

/// A variant, and the edition that is or was public.
#[derive(Debug)]
pub(crate) struct Reopening {
    variant: Variant,
    latest: Option<(Edition, Revision)>,
}

impl Reopening {
    /// Reads a variant and what was last public of it.
    pub(crate) async fn read(reader: &mut Reader<'_>, id: VariantId) -> Result<Self, Error> {
        let variant: Variant = reader.need(id).await?;
        let latest = match &variant.latest {
            None => None,
            Some(latest) => {
                let edition: Edition = reader.need(latest.edition).await?;
                let revision: Revision = reader.need(latest.revision).await?;
                Some((edition, revision))
            }
        };
        Ok(Self { variant, latest })
    }

    /// The guards on state and standing, and where the edition begins.
    fn judge(&self, actor: &Actor, guards: &mut Guards) -> Option<(EditionState, Capacity)> {
        let authors = self
            .latest
            .as_ref()
            .map_or(&[][..], |(edition, _)| &edition.authors);
        let standing = Standing::of(actor).author_of(actor, authors);
        // A reporter begins another edition of their own works only.
        guards.permit(&standing, &[Capacity::Author, Capacity::Editor]);
        if let Some(edition) = self.variant.open {
            guards.push(Guard::EditionOpen { edition });
        }
        guards.ensure(self.latest.is_some(), Guard::NotPublic);
        MACHINE.judge(None, Event::Open, &standing, guards)
    }

    /// Whether the actor may begin another edition.
    pub(crate) fn allowance(&self, actor: &Actor) -> Allowance {
        Allowance::judged(OpenEdition::NAME, &[], |guards| {
            self.judge(actor, guards);
        })
    }

    /// The variant.
    pub(crate) const fn variant(&self) -> &Variant {
        &self.variant
    }
}

impl Verb for OpenEdition {
    const NAME: &'static str = "open_edition";
    type Facts = Reopening;
    type Done = OpenedEdition;

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        Some(self.clone())
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Reopening, Error> {
        Reopening::read(reader, self.variant).await
    }

    fn decide(
        &self,
        facts: Reopening,
        cx: &mut Context<'_>,
    ) -> Result<Outcome<Self::Done>, Denied> {
        let mut guards = Guards::new();
        let to = facts.judge(cx.actor, &mut guards);
        let (state, by) = guards.pass_move(to, Self::NAME)?;
        let person = cx.person()?;
        let Reopening {
            mut variant,
            latest,
        } = facts;
        let Some((before, revision)) = latest else {
            return Err(Denied::Corrupt(format!(
                "{} has no latest edition",
                variant.id
            )));
        };
        let id = cx.mint.id();
        let mut changes = Changes::by(Some(by));
        let head = Revision {
            id: cx.mint.id(),
            edition: id,
            number: 1,
            parent: Some(revision.id),
            at: cx.now,
            ..revision.clone()
        };
        changes.put(&head);
        changes.put(&Edition {
            id,
            kind: EditionKind::Update,
            state,
            opened_by: person,
            opened_at: cx.now,
            base: Some(revision.id),
            head: head.id,
            title: head.text.headline.clone(),
            authors_head: head.id,
            revisions: 1,
            // The text is word for word the one that all of them stood behind.
            accepted: before.authors.iter().copied().collect(),
            declarations: None,
            submitted: None,
            approval: None,
            said: None,
            changed_at: cx.now,
            ..before
        });
        variant.open = Some(id);
        changes.put(&variant);
        changes.fact(Fact::EditionOpened {
            variant: variant.id,
            edition: id,
            head: head.id,
        });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<Self::Done> {
        facts.iter().find_map(|fact| match fact {
            Fact::EditionOpened { edition, head, .. } => Some(OpenedEdition {
                edition: *edition,
                head: *head,
            }),
            _ => None,
        })
    }
}
