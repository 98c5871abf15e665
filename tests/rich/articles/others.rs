//! Articles that have one thing to show.

use cmss::{
    AddressFallback, BylineForm, BylineName, Credit, CreditRole, CreditedTo, EditionId, NewArticle,
    OpenedEdition, PageRef, PastWorks, StartedArticle,
};

use super::{Teller, secret_text, text};
use crate::rich::{Assignments, Records, Words};

impl Teller<'_> {
    /// A draft over what is live.
    pub(super) async fn another_edition(
        &self,
        words: &mut Words,
        rich: &StartedArticle,
    ) -> EditionId {
        let sol = self.people.reporter();
        let OpenedEdition { edition, head } = self
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
    pub(super) async fn names(&self, words: &mut Words) -> StartedArticle {
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
    pub(super) async fn taken_down(&self, words: &mut Words, records: &Records) -> StartedArticle {
        let sol = self.people.reporter();
        for (what, slug, afterwards) in [
            (
                "gone",
                "borttagen",
                AddressFallback::Gone("Sidan togs bort på begäran.".to_owned()),
            ),
            (
                "redirected",
                "hanvisad",
                AddressFallback::Redirect(PageRef::Project(records.project)),
            ),
            (
                "redirected nowhere",
                "hanvisad-ut",
                AddressFallback::Redirect(PageRef::Project(records.never_project)),
            ),
            ("silent", "tyst", AddressFallback::NotThere),
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
    pub(super) async fn at_work(
        &self,
        words: &mut Words,
        assignments: &Assignments,
    ) -> (
        StartedArticle,
        StartedArticle,
        StartedArticle,
        StartedArticle,
    ) {
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
