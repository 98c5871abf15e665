//! The article with everything in it.

use std::collections::BTreeSet;

use cmss::values::{BlockContent, Body, ListItem, Mark, Quote, Span, Speaker};
use cmss::{
    ArticleText, ConsentId, Credit, CreditRole, CreditedTo, NewArticle, OpenedEdition, Reason,
    StartedArticle,
};

use super::{Teller, block, by, line, quote, secret_text, span};
use crate::rich::{Assignments, Events, Records, Words, swedish};

impl Teller<'_> {
    /// An article with everything in it, after many drafts, by two authors.
    pub(super) async fn rich(
        &self,
        words: &mut Words,
        records: &Records,
        events: &Events,
        assignments: &Assignments,
    ) -> (StartedArticle, ConsentId) {
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
        let OpenedEdition { edition, head } = self
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
        let rich = StartedArticle {
            edition,
            head,
            ..begun
        };
        (rich, kept)
    }

    /// Every kind of block, mark, credit and link.
    pub(super) fn whole_text(
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
}
