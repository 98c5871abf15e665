//! Publishing what was approved.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::article::{Gates, Latest, Variant};
use crate::claim::ClaimEvent;
use crate::desk::{Changes, Context, Outcome, Verb, happened};
use crate::edition::machine::EditionEvent as Event;
use crate::edition::{Edition, MACHINE, Scene};
use crate::ids::{EditionId, RevisionId};
use crate::kernel::{Actor, Denied, Document, Error, Fact, Guards, Reader};
use crate::publication::{self, PublicationEvent, Shown};
use crate::site::PageKind;
use crate::values::{Faults, Slug, redacted};

/// Publishes the exact text that was approved.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publish {
    /// The edition.
    pub edition: EditionId,
    /// The revision that was approved.
    pub head: RevisionId,
    /// The address wanted; none keeps the one there is, or makes one of the headline.
    #[serde(default)]
    pub slug: Option<String>,
}

redacted! { Publish { edition, head } }

/// What publishing rests on.
#[derive(Debug)]
pub(crate) struct Publishing {
    scene: Scene,
    gates: Gates,
    shown: Shown,
    address: Address,
    before: Option<Edition>,
}

impl Verb for Publish {
    const NAME: &'static str = "publish";
    type Facts = Publishing;
    type Done = ();

    fn check(&self, faults: &mut Faults, _: Tz) -> Option<Self> {
        let slug = self.slug.as_deref().map(str::parse::<Slug>).transpose();
        let slug = faults.field("slug", slug)?;
        Some(Self {
            slug: slug.map(String::from),
            ..self.clone()
        })
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Publishing, Error> {
        let (scene, gates) = Scene::with_gates(reader, self.edition, self.head).await?;
        let text = &scene.head.text;
        let shown = Shown::with(reader, scene.variant.clone(), &text.bylines(None)).await?;
        let wanted = self
            .slug
            .as_deref()
            .and_then(|slug| slug.parse::<Slug>().ok());
        let wanted = wanted.as_ref().or(scene.variant.addresses.current.as_ref());
        let own = Variant::at(scene.variant.id);
        let address =
            Address::find(reader, PageKind::Article, wanted, &text.headline, &own).await?;
        let before = match &scene.variant.latest {
            Some(latest) if latest.edition != self.edition => {
                Some(reader.need(latest.edition).await?)
            }
            _ => None,
        };
        Ok(Publishing {
            scene,
            gates,
            shown,
            address,
            before,
        })
    }

    fn decide(&self, facts: Publishing, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
        let Publishing {
            mut scene,
            gates,
            shown,
            address,
            before,
        } = facts;
        let mut guards = Guards::new();
        let to = scene.judge(Event::Publish, cx.actor, cx.policy, &mut guards);
        scene.judge_gates(&gates, &mut guards);
        let publication = scene.variant.publication;
        let live = publication::MACHINE.follow(Some(publication), PublicationEvent::GoLive);
        let slug = address.judge(&mut guards);
        let addresses = &scene.variant.addresses;
        addresses.judge_move(slug.as_ref(), &mut guards);
        let (state, by) = scene.pass(to, guards, Self::NAME, cx.actor, None)?;
        let (Some(live), Some(slug)) = (live, slug) else {
            return Err(Denied::Corrupt(
                "publishing passed without an address".to_owned(),
            ));
        };
        let approved = scene.edition.approval.as_ref();
        if approved.is_none_or(|a| a.revision != scene.head.id || a.digest != scene.head.digest) {
            return Err(Denied::Corrupt(format!(
                "{} is approved in another text",
                self.edition
            )));
        }

        let mut changes = Changes::by(Some(by));
        changes.fact(Fact::ArticlePublished {
            variant: scene.variant.id,
            edition: self.edition,
            head: scene.head.id,
        });
        scene.edition.state = state;
        scene.edition.changed_at = cx.now;
        changes.put(&scene.edition);
        if let Some(mut before) = before
            && let Some(superseded) = MACHINE.follow(Some(before.state), Event::Supersede)
        {
            before.state = superseded;
            before.changed_at = cx.now;
            changes.put(&before);
            changes.fact(Fact::EditionSuperseded { edition: before.id });
        }
        scene.move_claims(ClaimEvent::Fulfil, &mut changes);
        let latest = Latest {
            edition: self.edition,
            revision: scene.head.id,
            authors: scene.edition.authors.clone(),
            bylines: scene.head.text.bylines(None),
            withdrawn: Vec::new(),
        };
        let (now, new_text) = (cx.now, scene.head.text.clone());
        shown.change(&cx.press(), &mut changes, |variant, text| {
            variant.publication = live;
            variant.open = None;
            variant.latest = Some(latest);
            variant.addresses.move_to(slug);
            variant.first_published_at.get_or_insert(now);
            variant.updated_at = Some(now);
            variant.afterwards = crate::article::AddressFallback::NotThere;
            variant.reason = None;
            variant.changed_at = now;
            *text = Some(new_text);
        });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<()> {
        happened(facts, |fact| matches!(fact, Fact::ArticlePublished { .. }))
    }
}
