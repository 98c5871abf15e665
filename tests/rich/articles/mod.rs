//! The articles of the story: one with everything in it, and one in each state.

mod others;
mod whole;

use cmss::values::{Block, BlockContent, Body, Line, Quote, Span, Speaker};
use cmss::{
    Actor, AddressFallback, ArticleId, ArticleText, BylineId, ConsentId, Covers, Credit,
    CreditRole, CreditedTo, Declarations, EditionId, GiveConsent, NewArticle, RevisionId,
    StartedArticle, Ties, VariantId,
};

use super::{Assignments, Events, People, Records, Told, Words, swedish};

/// What is written.
pub(crate) struct Articles {
    /// The one with everything in it, live; its open edition is a draft.
    pub(crate) rich: StartedArticle,
    pub(crate) open_draft: EditionId,
    pub(crate) quoted: ConsentId,
    pub(crate) draft: StartedArticle,
    pub(crate) submitted: StartedArticle,
    pub(crate) returned: StartedArticle,
    pub(crate) approved: StartedArticle,
    pub(crate) unnamed: StartedArticle,
    pub(crate) paused: StartedArticle,
    /// The addresses of all that is or was public.
    pub(crate) slugs: Vec<&'static str>,
}

fn span(text: &str) -> Span {
    Span::from(text)
}

fn block(id: &str, content: BlockContent) -> Block {
    Block {
        id: id.parse().unwrap(),
        content,
    }
}

fn paragraph(id: &str, text: &str) -> Block {
    block(
        id,
        BlockContent::Paragraph {
            spans: vec![span(text)],
        },
    )
}

fn line(text: &str) -> Line {
    Line {
        spans: vec![span(text)],
    }
}

fn quote(id: &str, words: &str, name: &str, consent: ConsentId) -> Block {
    block(
        id,
        BlockContent::Quote(Quote {
            spans: vec![span(words)],
            speaker: Speaker::Identifiable {
                name: name.to_owned(),
                consent,
            },
        }),
    )
}

fn by(byline: BylineId) -> Credit {
    Credit {
        role: CreditRole::Text,
        by: CreditedTo::Byline(byline),
    }
}

/// A text of these words under a byline.
fn text(headline: &str, lead: &str, body: &str, byline: BylineId) -> ArticleText {
    ArticleText {
        headline: headline.to_owned(),
        lead: lead.to_owned(),
        language: swedish(),
        body: Body(vec![paragraph("p1", body)]),
        credits: vec![by(byline)],
        topics: Vec::new(),
        projects: Vec::new(),
        events: Vec::new(),
    }
}

/// A text of which every word is private.
fn secret_text(words: &mut Words, what: &str, byline: BylineId) -> ArticleText {
    let link = words.link(&format!("{what}: link"));
    let mut text = text(
        &words.secret(&format!("{what}: headline")),
        &words.secret(&format!("{what}: lead")),
        &words.secret(&format!("{what}: body")),
        byline,
    );
    let linked = Span {
        link: Some(link),
        ..span(&words.secret(&format!("{what}: link text")))
    };
    text.body.0.push(block(
        "p2",
        BlockContent::Paragraph {
            spans: vec![linked],
        },
    ));
    text.credits.push(Credit {
        role: CreditRole::Photo,
        by: CreditedTo::Name(words.secret(&format!("{what}: free credit"))),
    });
    text
}

/// Ties that only the editor reads.
fn declared(words: &mut Words, what: &str) -> Declarations {
    Declarations {
        no_client_information: true,
        ties: Ties::Declared(words.secret(&format!("{what}: ties"))),
    }
}

/// Writes, hands in, approves, publishes.
struct Teller<'a> {
    told: &'a Told,
    people: &'a People,
}

impl Teller<'_> {
    async fn begin(&self, what: &str, actor: &Actor, article: NewArticle) -> StartedArticle {
        let desk = self.told.desk(actor, &format!("begin {what}"));
        desk.start_article(&article).await.unwrap()
    }

    async fn alone(&self, what: &str, actor: &Actor, text: ArticleText) -> StartedArticle {
        let article = NewArticle {
            assignment: None,
            co_authors: Vec::new(),
            text,
        };
        self.begin(what, actor, article).await
    }

    async fn save(
        &self,
        step: &str,
        actor: &Actor,
        at: (EditionId, RevisionId),
        text: &ArticleText,
    ) -> RevisionId {
        let desk = self.told.desk(actor, &format!("save {step}"));
        desk.save(at.0, at.1, text).await.unwrap()
    }

    async fn submit(
        &self,
        words: &mut Words,
        step: &str,
        actor: &Actor,
        at: (EditionId, RevisionId),
    ) {
        let desk = self.told.desk(actor, &format!("submit {step}"));
        let declared = declared(words, step);
        desk.submit(at.0, at.1, &declared).await.unwrap();
    }

    async fn approve(&self, step: &str, at: (EditionId, RevisionId)) {
        let desk = self
            .told
            .desk(&self.people.editor(), &format!("approve {step}"));
        desk.approve(at.0, at.1).await.unwrap();
    }

    async fn publish(&self, step: &str, at: (EditionId, RevisionId), slug: &str) {
        let desk = self
            .told
            .desk(&self.people.editor(), &format!("publish {step}"));
        desk.publish(at.0, at.1, Some(slug)).await.unwrap();
    }

    /// A text that goes to the site as it was begun.
    async fn live(
        &self,
        words: &mut Words,
        what: &str,
        actor: &Actor,
        text: ArticleText,
        slug: &str,
    ) -> StartedArticle {
        let begun = self.alone(what, actor, text).await;
        let at = (begun.edition, begun.head);
        self.submit(words, what, actor, at).await;
        self.approve(what, at).await;
        self.publish(what, at, slug).await;
        begun
    }

    async fn consent(&self, words: &mut Words, step: &str, article: ArticleId) -> ConsentId {
        let consent = GiveConsent {
            subject: self.people.tor,
            covers: Covers::Quotes(article),
            informed: words.secret(&format!("{step}: informed text")),
            evidence: Some(words.secret(&format!("{step}: evidence"))),
        };
        let desk = self.told.desk(&self.people.reporter(), step);
        desk.give_consent(&consent).await.unwrap()
    }

    async fn unpublish(
        &self,
        words: &mut Words,
        what: &str,
        variant: VariantId,
        afterwards: AddressFallback,
    ) {
        let desk = self
            .told
            .desk(&self.people.editor(), &format!("unpublish {what}"));
        let reason = words.secret(&format!("{what}: why it was taken down"));
        desk.unpublish(variant, reason.as_str(), afterwards)
            .await
            .unwrap();
    }
}

impl Articles {
    pub(super) async fn tell(
        told: &Told,
        words: &mut Words,
        people: &People,
        records: &Records,
        events: &Events,
        assignments: &mut Assignments,
    ) -> Self {
        let teller = Teller { told, people };
        told.later("2026-03-03T08:00:00Z");
        let (rich, quoted) = teller.rich(words, records, events, assignments).await;
        assignments.complete(told, &people.editor()).await;
        told.later("2026-03-04T08:00:00Z");
        let open_draft = teller.another_edition(words, &rich).await;
        let unnamed = teller.names(words).await;
        told.later("2026-03-05T08:00:00Z");
        let paused = teller.taken_down(words, records).await;
        told.later("2026-03-06T08:00:00Z");
        let (draft, submitted, returned, approved) = teller.at_work(words, assignments).await;
        let desk = told.desk(&people.editor(), "una takes the image back");
        desk.withdraw_consent(records.gone_consent).await.unwrap();
        Self {
            rich,
            open_draft,
            quoted,
            draft,
            submitted,
            returned,
            approved,
            unnamed,
            paused,
            slugs: vec![
                "vid-dorren",
                "kvallen-vid-dorren",
                "utan-namn",
                "utan-namn-numera",
                "med-nytt-namn",
                "redaktionen-svarar",
                "borttagen",
                "hanvisad",
                "hanvisad-ut",
                "tyst",
                "pausad",
            ],
        }
    }
}
