//! Beginning an article.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::address::Addresses;
use crate::article::{AddressFallback, Article, Revision, Variant, refers_to};
use crate::assignment::Assignment;
use crate::claim::{self, Claim, ClaimState};
use crate::desk::{Changes, Context, Outcome, Verb};
use crate::edition::machine::EditionEvent as Event;
use crate::edition::{Edition, EditionKind, MACHINE, StartedArticle};
use crate::ids::{AssignmentId, PersonId, RevisionId};
use crate::kernel::{Actor, Denied, Document, Error, Fact, Guard, Guards, Reader, Role, Standing};
use crate::publication::{self, PublicationEvent};
use crate::record::Reporter;
use crate::values::{ArticleText, Faults, distinct, redacted};

/// An article to be begun.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewArticle {
    /// The assignment it is for; its first author must hold a claim on it.
    #[serde(default)]
    pub assignment: Option<AssignmentId>,
    /// Reporters whose text it is: up to 9. A reporter who begins it is its first author beside
    /// them; an editor who begins it for them is not.
    #[serde(default)]
    pub co_authors: Vec<PersonId>,
    /// The text as far as it has come.
    pub text: ArticleText,
}

/// Begins an article.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartArticle {
    /// What is begun.
    pub article: NewArticle,
}

redacted! { StartArticle {} }

impl NewArticle {
    /// Whose text it is: the reporter who begins it and those named with them; those named alone,
    /// where an editor begins it for them; the editor's own where nobody is named.
    fn authors(&self, actor: &Actor) -> Vec<PersonId> {
        let own = actor.is(Role::Reporter) || self.co_authors.is_empty();
        let mut authors: Vec<PersonId> = actor.person().filter(|_| own).into_iter().collect();
        let others = self.co_authors.iter().copied();
        authors.extend(others.filter(|other| !actor.is_person(*other) || !own));
        authors
    }
}

impl std::fmt::Debug for NewArticle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewArticle")
            .field("assignment", &self.assignment)
            .finish_non_exhaustive()
    }
}

/// The most authors of a text.
const AUTHORS: usize = 10;

/// What beginning an article rests on.
#[derive(Debug)]
pub(crate) struct Beginning {
    reporters: Vec<Option<Reporter>>,
    /// The claims by which its authors hold places of the assignment.
    claims: Vec<Claim>,
}

impl Verb for StartArticle {
    const NAME: &'static str = "start_article";
    type Facts = Beginning;
    type Done = StartedArticle;

    fn check(&self, faults: &mut Faults, _: Tz) -> Option<Self> {
        let NewArticle {
            assignment,
            co_authors,
            text,
        } = &self.article;
        faults.within("article", |faults| {
            let co_authors = distinct(faults, "co_authors", co_authors, AUTHORS - 1);
            let text = faults.within("text", |faults| text.check(faults));
            let article = NewArticle {
                assignment: *assignment,
                co_authors: co_authors?,
                text: text?,
            };
            Some(Self { article })
        })
    }

    async fn gather(&self, reader: &mut Reader<'_>, actor: &Actor) -> Result<Beginning, Error> {
        let NewArticle {
            assignment,
            co_authors,
            text,
        } = &self.article;
        reader.need_there(&refers_to(text)).await?;
        let mut claims = Vec::new();
        if let Some(assignment) = assignment {
            reader.need_there(&[Assignment::at(*assignment)]).await?;
            for author in self.article.authors(actor) {
                claims.extend(claim::of_reporter(reader, *assignment, author).await?);
            }
        }
        // Reporters alone write for others; the editor who writes alone need not be one.
        let mut writers = co_authors.clone();
        writers.extend(actor.person().filter(|_| actor.is(Role::Reporter)));
        let reporters = reader.find_all(&writers).await?;
        Ok(Beginning { reporters, claims })
    }

    fn decide(
        &self,
        facts: Beginning,
        cx: &mut Context<'_>,
    ) -> Result<Outcome<StartedArticle>, Denied> {
        let NewArticle {
            assignment,
            co_authors,
            text,
        } = &self.article;
        let mut guards = Guards::new();
        let to = MACHINE.judge(None, Event::Open, &Standing::of(cx.actor), &mut guards);
        // What an editor begins alone is a house text; with reporters, it is theirs.
        let house = !cx.actor.is(Role::Reporter) && co_authors.is_empty();
        let authors = self.article.authors(cx.actor);
        if assignment.is_some() {
            let first = authors.first();
            let claimed = facts
                .claims
                .iter()
                .any(|claim| Some(&claim.reporter) == first);
            guards.ensure(claimed, Guard::NoClaim);
        }
        for claim in facts
            .claims
            .iter()
            .filter(|claim| claim.state != ClaimState::Active)
        {
            guards.push(Guard::ClaimDelivered { claim: claim.id });
        }
        let active = facts
            .reporters
            .iter()
            .all(|r| r.as_ref().is_some_and(|r| r.active));
        guards.ensure(active, Guard::ReporterNotActive);
        let (state, by) = guards.pass_move(to, Self::NAME)?;
        let person = cx.person()?;
        let begin = publication::MACHINE.follow(None, PublicationEvent::Begin);
        let publication =
            begin.ok_or_else(|| Denied::Corrupt("a publication does not begin".to_owned()))?;
        let (article, variant, edition) = (cx.mint.id(), cx.mint.id(), cx.mint.id());
        let head: RevisionId = cx.mint.id();
        let mut changes = Changes::by(Some(by));
        for mut claim in facts.claims {
            claim.article = Some(article);
            changes.put(&claim);
        }
        changes.put(&Article {
            id: article,
            assignment: *assignment,
            variants: vec![variant],
            started_at: cx.now,
        });
        changes.put(&Variant {
            id: variant,
            article,
            language: text.language.clone(),
            publication,
            open: Some(edition),
            latest: None,
            addresses: Addresses::default(),
            first_published_at: None,
            updated_at: None,
            afterwards: AddressFallback::NotThere,
            reason: None,
            changed_at: cx.now,
        });
        changes.put(&Edition {
            id: edition,
            article,
            variant,
            kind: EditionKind::First,
            state,
            authors,
            house,
            opened_by: person,
            opened_at: cx.now,
            base: None,
            head,
            title: text.headline.clone(),
            authors_head: head,
            revisions: 1,
            accepted: BTreeSet::new(),
            declarations: None,
            submitted: None,
            approval: None,
            said: None,
            changed_at: cx.now,
        });
        changes.put(&Revision {
            id: head,
            edition,
            number: 1,
            parent: None,
            digest: text.digest(),
            writer: person,
            at: cx.now,
            text: text.clone(),
        });
        changes.fact(Fact::ArticleStarted {
            article,
            variant,
            edition,
            head,
        });
        Ok(Outcome::Commit(changes))
    }

    fn done(facts: &[Fact]) -> Option<StartedArticle> {
        facts.iter().find_map(|fact| match fact {
            Fact::ArticleStarted {
                article,
                variant,
                edition,
                head,
            } => Some(StartedArticle {
                article: *article,
                variant: *variant,
                edition: *edition,
                head: *head,
            }),
            _ => None,
        })
    }
}
