//! The articles of the story: one with everything in it, and one in each state.

use std::collections::BTreeSet;

use cmss::values::{Block, BlockContent, Body, Line, ListItem, Mark, Quote, Span, Speaker};
use cmss::{
    Actor, Afterwards, ArticleId, ArticleText, BylineForm, BylineId, BylineName, ConsentId, Covers,
    Credit, CreditRole, CreditedTo, Declarations, EditionId, GiveConsent, NewArticle, PageRef,
    PastWorks, Reason, RevisionId, Started, Ties, VariantId,
};

use super::{Assignments, Events, People, Records, Told, Words, swedish};

/// What is written.
pub(crate) struct Articles {
    /// The one with everything in it, live; its open edition is a draft.
    pub(crate) rich: Started,
    pub(crate) open_draft: EditionId,
    pub(crate) quoted: ConsentId,
    pub(crate) draft: Started,
    pub(crate) submitted: Started,
    pub(crate) returned: Started,
    pub(crate) approved: Started,
    pub(crate) unnamed: Started,
    pub(crate) paused: Started,
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
    async fn begin(&self, what: &str, actor: &Actor, article: NewArticle) -> Started {
        let desk = self.told.desk(actor, &format!("begin {what}"));
        desk.start_article(&article).await.unwrap()
    }

    async fn alone(&self, what: &str, actor: &Actor, text: ArticleText) -> Started {
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
    ) -> Started {
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
        afterwards: Afterwards,
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

impl Teller<'_> {
    /// An article with everything in it, after many drafts, by two authors.
    async fn rich(
        &self,
        words: &mut Words,
        records: &Records,
        events: &Events,
        assignments: &Assignments,
    ) -> (Started, ConsentId) {
        let (sol, liv, vera) = (
            self.people.reporter(),
            self.people.other(),
            self.people.editor(),
        );
        let pen = self.people.pen;
        let article = NewArticle {
            assignment: Some(assignments.written),
            co_authors: vec![self.people.liv],
            text: secret_text(words, "first draft", pen),
        };
        let begun = self.begin("rich", &sol, article).await;
        let edition = begun.edition;
        let second = secret_text(words, "second draft", pen);
        let head = self
            .save("second draft", &liv, (edition, begun.head), &second)
            .await;
        let kept = self.consent(words, "tor's consent", begun.article).await;
        let taken_back = self
            .consent(words, "tor's consent taken back", begun.article)
            .await;
        self.submit(words, "second draft", &sol, (edition, head))
            .await;
        self.told
            .desk(&vera, "ask for changes")
            .request_changes(edition, &words.secret("what the editor asks to change"))
            .await
            .unwrap();
        let third = secret_text(words, "third draft", pen);
        let head = self
            .save("third draft", &sol, (edition, head), &third)
            .await;
        self.submit(words, "third draft", &sol, (edition, head))
            .await;
        let edited = secret_text(words, "editor's change", pen);
        self.save("editor's change", &vera, (edition, head), &edited)
            .await;
        let head = self
            .told
            .desk(&vera, "set aside")
            .set_aside(edition)
            .await
            .unwrap();
        let superseded = secret_text(words, "superseded text", pen);
        let head = self
            .save("superseded", &vera, (edition, head), &superseded)
            .await;
        for (who, actor) in [("sol", &sol), ("liv", &liv)] {
            let desk = self.told.desk(actor, &format!("{who} accepts"));
            desk.accept_edit(edition, head).await.unwrap();
        }
        self.approve("first", (edition, head)).await;
        let reason = words.secret("why the approval was taken back");
        let reason = Reason::from(reason.as_str()).on_request_of(records.library);
        self.told
            .desk(&vera, "take the approval back")
            .dismiss_approval(edition, reason)
            .await
            .unwrap();
        self.approve("first again", (edition, head)).await;
        self.publish("first", (edition, head), "vid-dorren").await;

        self.told.later("2026-03-03T12:00:00Z");
        let (edition, head) = self
            .told
            .desk(&sol, "open the second")
            .open_edition(begun.variant)
            .await
            .unwrap();
        let gone = [
            words.secret("words of who took consent back"),
            words.secret("name of who took consent back"),
        ];
        let text = self.whole_text(records, events, kept, (taken_back, &gone));
        let head = self.save("whole", &sol, (edition, head), &text).await;
        self.submit(words, "whole", &sol, (edition, head)).await;
        let desk = self.told.desk(&liv, "liv accepts the whole");
        desk.accept_edit(edition, head).await.unwrap();
        self.approve("whole", (edition, head)).await;
        self.publish("whole", (edition, head), "kvallen-vid-dorren")
            .await;
        let desk = self.told.desk(&sol, "tor takes a quote back");
        desk.withdraw_consent(taken_back).await.unwrap();
        let rich = Started {
            edition,
            head,
            ..begun
        };
        (rich, kept)
    }

    /// Every kind of block, mark, credit and link.
    fn whole_text(
        &self,
        records: &Records,
        events: &Events,
        kept: ConsentId,
        (taken_back, gone): (ConsentId, &[String; 2]),
    ) -> ArticleText {
        let marked = Span {
            marks: BTreeSet::from([Mark::Strong, Mark::Emphasis]),
            link: Some("https://example.org/oppettider".to_owned()),
            ..span("öppettiderna")
        };
        let english = Span {
            lang: Some("en".parse().unwrap()),
            ..span(" late opening")
        };
        let blocks = vec![
            block(
                "p1",
                BlockContent::Paragraph {
                    spans: vec![span("Vi läste "), marked, english],
                },
            ),
            block(
                "h1",
                BlockContent::Heading {
                    level: 2,
                    spans: vec![span("Så gick det till")],
                },
            ),
            block(
                "l1",
                BlockContent::List {
                    ordered: true,
                    items: vec![ListItem {
                        spans: vec![span("Lampan tänds")],
                        items: vec![line("klockan 18")],
                    }],
                },
            ),
            quote("q1", "Nu hinner jag hit.", "Tor Tyst", kept),
            quote("q2", &gone[0], &gone[1], taken_back),
            block(
                "q3",
                BlockContent::Quote(Quote {
                    spans: vec![span("Det är lugnt här.")],
                    speaker: Speaker::Described {
                        text: "en besökare".to_owned(),
                    },
                }),
            ),
            block(
                "i1",
                BlockContent::Image {
                    asset: records.photo,
                },
            ),
            block(
                "i2",
                BlockContent::Image {
                    asset: records.page_photo,
                },
            ),
            block(
                "i3",
                BlockContent::Image {
                    asset: records.gone_photo,
                },
            ),
            block(
                "f1",
                BlockContent::FactBox {
                    title: "Kvällsöppet".to_owned(),
                    paragraphs: vec![line("Tisdagar och torsdagar.")],
                },
            ),
            block(
                "a1",
                BlockContent::QuestionAnswer {
                    question: vec![span("Varför just kvällar?")],
                    answer: vec![span("Många frågade.")],
                },
            ),
        ];
        let photo = |by| Credit {
            role: CreditRole::Photo,
            by,
        };
        ArticleText {
            headline: "Kvällen vid dörren".to_owned(),
            lead: "Nycklarna delas ut klockan sex.".to_owned(),
            language: swedish(),
            body: Body(blocks),
            credits: vec![
                by(self.people.pen),
                by(self.people.first),
                photo(CreditedTo::Byline(self.people.unnamed)),
                photo(CreditedTo::Name("Frits Fotograf".to_owned())),
            ],
            topics: vec![records.topic, records.never_topic],
            projects: vec![records.project, records.never_project],
            events: vec![events.day, events.never],
        }
    }

    /// A draft over what is live.
    async fn another_edition(&self, words: &mut Words, rich: &Started) -> EditionId {
        let sol = self.people.reporter();
        let (edition, head) = self
            .told
            .desk(&sol, "open the third")
            .open_edition(rich.variant)
            .await
            .unwrap();
        let text = secret_text(words, "draft of an update", self.people.pen);
        self.save("update", &sol, (edition, head), &text).await;
        edition
    }

    /// Pages under names that have changed, and under none.
    async fn names(&self, words: &mut Words) -> Started {
        let (sol, liv) = (self.people.reporter(), self.people.other());
        let plain = |headline: &str, byline| text(headline, "Så var det.", "Ett stycke.", byline);
        let unnamed = plain("Utan namn", self.people.unnamed);
        let unnamed = self
            .live(words, "unnamed", &liv, unnamed, "utan-namn")
            .await;
        let lost = plain("Utan namn numera", self.people.lost);
        self.live(words, "lost", &sol, lost, "utan-namn-numera")
            .await;
        let changed = plain("Med nytt namn", self.people.changed);
        self.live(words, "changed", &sol, changed, "med-nytt-namn")
            .await;
        let name = |form, name: &str| BylineName {
            form,
            name: Some(name.to_owned()),
        };
        let unused = words.secret("name that only new works are to show");
        self.told
            .desk(&sol, "lose a name")
            .change_byline(
                self.people.lost,
                &name(BylineForm::PenName, &unused),
                PastWorks::Unnamed,
            )
            .await
            .unwrap();
        self.told
            .desk(&sol, "change a name")
            .change_byline(
                self.people.changed,
                &name(BylineForm::FirstName, "Tärnan"),
                PastWorks::Renamed { told: true },
            )
            .await
            .unwrap();

        let vera = self.people.editor();
        let mut house = plain("Redaktionen svarar", self.people.pen);
        house.credits = vec![Credit {
            role: CreditRole::Text,
            by: CreditedTo::Name("Redaktionen".to_owned()),
        }];
        let house = self.alone("house", &vera, house).await;
        let at = (house.edition, house.head);
        self.submit(words, "house", &vera, at).await;
        let desk = self.told.desk(&self.people.mentor(), "mona accepts");
        desk.accept_edit(at.0, at.1).await.unwrap();
        self.approve("house", at).await;
        self.publish("house", at, "redaktionen-svarar").await;
        unnamed
    }

    /// Pages that were taken down, each in its way.
    async fn taken_down(&self, words: &mut Words, records: &Records) -> Started {
        let sol = self.people.reporter();
        for (what, slug, afterwards) in [
            (
                "gone",
                "borttagen",
                Afterwards::Gone("Sidan togs bort på begäran.".to_owned()),
            ),
            (
                "redirected",
                "hanvisad",
                Afterwards::Redirect(PageRef::Project(records.project)),
            ),
            (
                "redirected nowhere",
                "hanvisad-ut",
                Afterwards::Redirect(PageRef::Project(records.never_project)),
            ),
            ("silent", "tyst", Afterwards::NotThere),
        ] {
            let text = secret_text(words, &format!("{what} page"), self.people.pen);
            let page = self.live(words, what, &sol, text, slug).await;
            self.unpublish(words, what, page.variant, afterwards).await;
        }
        let text = secret_text(words, "paused page", self.people.pen);
        let paused = self.live(words, "paused", &sol, text, "pausad").await;
        let desk = self.told.desk(&sol, "pause");
        desk.pause(paused.variant).await.unwrap();
        paused
    }

    /// Texts that nobody outside has seen.
    async fn at_work(
        &self,
        words: &mut Words,
        assignments: &Assignments,
    ) -> (Started, Started, Started, Started) {
        let (sol, liv, vera) = (
            self.people.reporter(),
            self.people.other(),
            self.people.editor(),
        );
        let pen = self.people.pen;
        let draft = secret_text(words, "draft", pen);
        let draft = self.alone("draft", &sol, draft).await;
        let delivered = NewArticle {
            assignment: Some(assignments.delivered),
            co_authors: Vec::new(),
            text: secret_text(words, "submitted text", self.people.first),
        };
        let submitted = self.begin("submitted", &liv, delivered).await;
        self.submit(
            words,
            "submitted",
            &liv,
            (submitted.edition, submitted.head),
        )
        .await;
        let mut begun = Vec::new();
        for what in ["returned", "approved", "declined", "withdrawn"] {
            let text = secret_text(words, &format!("{what} text"), pen);
            let one = self.alone(what, &sol, text).await;
            self.submit(words, what, &sol, (one.edition, one.head))
                .await;
            begun.push(one);
        }
        let [returned, approved, declined, withdrawn] = begun[..] else {
            panic!("four texts");
        };
        self.told
            .desk(&vera, "return")
            .request_changes(returned.edition, &words.secret("returned text: comment"))
            .await
            .unwrap();
        let since = secret_text(words, "draft since it was returned", pen);
        let at = (returned.edition, returned.head);
        self.save("since it was returned", &sol, at, &since).await;
        self.approve("approved", (approved.edition, approved.head))
            .await;
        let reason = words.secret("declined text: reason");
        self.told
            .desk(&vera, "decline")
            .decline(declined.edition, reason.as_str())
            .await
            .unwrap();
        self.told
            .desk(&sol, "withdraw")
            .withdraw(withdrawn.edition)
            .await
            .unwrap();
        (draft, submitted, returned, approved)
    }
}
