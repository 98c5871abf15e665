//! What is done with consents: one that is taken back reaches every page that rests on it.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::article::Article;
use crate::desk::{Changes, Context, Desk, Outcome, Verb, happened};
use crate::ids::{ConsentId, PersonId};
use crate::kernel::{
    Actor, Capacity, Denied, Document, Error, Fact, Guard, Guards, Reader, Standing,
};
use crate::publication::Shown;
use crate::record::{Asset, Consent, Covers, Kept, Kind, Person};
use crate::site::FeedItem;
use crate::values::{Faults, Private, limits, redacted, text};

/// Writes down a consent that somebody has given.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GiveConsent {
    /// Who has given it.
    pub subject: PersonId,
    /// For what.
    pub covers: Covers,
    /// Which version of the information they were given: up to 200 characters.
    pub informed: String,
    /// Where the host keeps what shows that it was given: up to 200 characters.
    #[serde(default)]
    pub evidence: Option<String>,
}

/// Writes down that a consent was taken back. What it covers leaves the site in the same commit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithdrawConsent {
    /// The consent.
    pub consent: ConsentId,
}

redacted! { GiveConsent { covers } }

/// Who writes down what somebody has agreed to, and what they have taken back.
const RECORDERS: [Capacity; 3] = [Capacity::Own, Capacity::Reporter, Capacity::Editor];

impl Verb for GiveConsent {
    const NAME: &'static str = "give_consent";
    type Facts = ();
    type Done = ConsentId;

    fn check(&self, faults: &mut Faults, _: Tz) -> Option<Self> {
        let informed = faults.field("informed", text::line(&self.informed, limits::TITLE));
        let evidence = text::optional_line(self.evidence.as_deref(), limits::TITLE);
        let evidence = faults.field("evidence", evidence);
        let Self {
            subject, covers, ..
        } = *self;
        Some(Self {
            subject,
            covers,
            informed: informed?,
            evidence: evidence?,
        })
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<(), Error> {
        let covered = match self.covers {
            Covers::Image(asset) => Kept::<Asset>::at(asset),
            Covers::Quotes(article) => Article::at(article),
        };
        reader
            .need_there(&[Person::at(self.subject), covered])
            .await
    }

    fn decide(&self, (): (), cx: &mut Context<'_>) -> Result<Outcome<ConsentId>, Denied> {
        let mut guards = Guards::new();
        let standing = Standing::of(cx.actor).when(cx.actor.is_person(self.subject), Capacity::Own);
        let by = guards.permit(&standing, &RECORDERS);
        guards.pass(Self::NAME)?;
        let consent = Consent {
            id: cx.mint.id(),
            subject: self.subject,
            covers: self.covers,
            evidence: Private::new(self.evidence.clone()),
            informed: self.informed.clone(),
            given_at: cx.now,
            withdrawn_at: None,
        };
        let mut changes = Changes::by(by);
        changes.put(&consent);
        changes.fact(Fact::ConsentGiven {
            consent: consent.id,
        });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<ConsentId> {
        facts.iter().find_map(|fact| match fact {
            Fact::ConsentGiven { consent } => Some(*consent),
            _ => None,
        })
    }
}

/// A consent, and what it covers as the public sees it.
#[derive(Debug)]
pub(crate) struct Covered {
    consent: Consent,
    image: Option<(Kept<Asset>, <Asset as Kind>::Around)>,
    shown: Vec<Shown>,
}

impl Verb for WithdrawConsent {
    const NAME: &'static str = "withdraw_consent";
    type Facts = Covered;
    type Done = ();

    fn check(&self, _: &mut Faults, _: Tz) -> Option<Self> {
        Some(self.clone())
    }

    async fn gather(&self, reader: &mut Reader<'_>, _: &Actor) -> Result<Covered, Error> {
        let consent: Consent = reader.need(self.consent).await?;
        let mut covered = Covered {
            consent,
            image: None,
            shown: Vec::new(),
        };
        match covered.consent.covers {
            Covers::Image(asset) => {
                let kept: Kept<Asset> = reader.need(asset).await?;
                let around = Asset::around(&kept, reader).await?;
                covered.image = Some((kept, around));
            }
            Covers::Quotes(article) => {
                let article: Article = reader.need(article).await?;
                for variant in article.variants {
                    covered.shown.extend(Shown::read(reader, variant).await?);
                }
            }
        }
        Ok(covered)
    }

    fn decide(&self, covered: Covered, cx: &mut Context<'_>) -> Result<Outcome<()>, Denied> {
        let Covered {
            mut consent,
            image,
            shown,
        } = covered;
        let mut guards = Guards::new();
        let standing =
            Standing::of(cx.actor).when(cx.actor.is_person(consent.subject), Capacity::Own);
        let by = guards.permit(&standing, &RECORDERS);
        guards.ensure(consent.withdrawn_at.is_none(), Guard::AlreadyWithdrawn);
        guards.pass(Self::NAME)?;

        let press = cx.press();
        let mut changes = Changes::by(by);
        consent.withdrawn_at = Some(cx.now);
        let mut changed = false;
        if let Some((kept, mut around)) = image {
            let before = Asset::faces(&kept, &around, &press);
            around.replace(consent.clone());
            changed |= changes.show(before, Asset::faces(&kept, &around, &press));
        }
        for shown in shown {
            changed |= shown.without_quotes_of(consent.id, &press, &mut changes);
        }
        if changed {
            changes.announce(FeedItem::Revalidate);
        }
        changes.put(&consent);
        changes.fact(Fact::ConsentWithdrawn {
            consent: consent.id,
        });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<()> {
        happened(facts, |fact| matches!(fact, Fact::ConsentWithdrawn { .. }))
    }
}

impl Desk {
    /// Writes down a consent that somebody has given.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::NotFound`]; [`Error::Refused`] unless it is the person's own,
    /// a reporter's or an editor's.
    pub async fn give_consent(&self, consent: &GiveConsent) -> Result<ConsentId, Error> {
        self.run(consent.clone()).await
    }

    /// Writes down that a consent was taken back. What it covers leaves the site in the same
    /// commit, and nothing that shows it can be published again.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] unless it is the person's own, a reporter's or an
    /// editor's, and not taken back before.
    pub async fn withdraw_consent(&self, consent: ConsentId) -> Result<(), Error> {
        self.run(WithdrawConsent { consent }).await
    }
}
