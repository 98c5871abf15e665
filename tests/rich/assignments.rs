//! The assignments of the story: none of them is public.

use cmss::{Actor, AssignmentId, AssignmentKind, ClaimId, Offer, OrganisationId};

use super::{Events, People, Records, Told, Words, at};

/// What was offered.
pub(crate) struct Assignments {
    pub(crate) proposed: AssignmentId,
    pub(crate) open: AssignmentId,
    pub(crate) closed: AssignmentId,
    /// What an article of Sol's is written for, and claimed by Sol.
    pub(crate) written: AssignmentId,
    /// What a text of Liv's was handed in for.
    pub(crate) delivered: AssignmentId,
    pub(crate) cancelled: AssignmentId,
    /// Sol's own idea.
    pub(crate) idea: AssignmentId,
    /// Sol's claim on what is open.
    pub(crate) claim: ClaimId,
}

/// An offer of which every word is private.
fn offer(words: &mut Words, what: &str, unit: Option<OrganisationId>) -> Offer {
    Offer {
        unit,
        kind: AssignmentKind::Meeting,
        title: words.secret(&format!("{what} offer: title")),
        description: words.secret(&format!("{what} offer: description")),
        place: Some(words.secret(&format!("{what} offer: place"))),
        access: Some(words.secret(&format!("{what} offer: access"))),
        places: 2,
        claim_by: Some(at("2026-03-20T16:00:00Z")),
        deliver_by: Some(at("2026-04-20T16:00:00Z")),
        expected_minutes: Some(240),
        event: None,
        project: None,
    }
}

impl Assignments {
    pub(super) async fn tell(
        told: &Told,
        words: &mut Words,
        people: &People,
        records: &Records,
        events: &Events,
    ) -> Self {
        told.later("2026-03-02T14:00:00Z");
        let unit = people.unit(records.library);
        let editor = people.editor();
        let mut tasks = Vec::new();
        for what in [
            "proposed",
            "open",
            "closed",
            "written",
            "delivered",
            "cancelled",
        ] {
            let mut offer = offer(words, what, Some(records.library));
            offer.event = Some(events.never);
            offer.project = Some(records.never_project);
            let desk = told.desk(&unit, &format!("propose {what}"));
            tasks.push(desk.propose(&offer).await.unwrap());
        }
        let [proposed, open, closed, written, delivered, cancelled] = tasks[..] else {
            panic!("six assignments");
        };
        let own = offer(words, "reporter's own", None);
        let idea = told
            .desk(&people.reporter(), "propose an own idea")
            .propose(&own)
            .await
            .unwrap();
        told.desk(&editor, "return an offer")
            .return_assignment(proposed, &words.secret("offer: what the editor asks for"))
            .await
            .unwrap();
        for (what, task) in [
            ("open", open),
            ("closed", closed),
            ("written", written),
            ("delivered", delivered),
            ("cancelled", cancelled),
        ] {
            let desk = told.desk(&editor, &format!("open {what}"));
            desk.open_assignment(task).await.unwrap();
        }
        let mut claims = Vec::new();
        for (what, actor, task) in [
            ("sol open", people.reporter(), open),
            ("liv open", people.other(), open),
            ("sol written", people.reporter(), written),
            ("liv delivered", people.other(), delivered),
            ("liv cancelled", people.other(), cancelled),
        ] {
            let desk = told.desk(&actor, &format!("claim {what}"));
            claims.push(desk.claim(task).await.unwrap());
        }
        told.desk(&people.other(), "release")
            .release(claims[1])
            .await
            .unwrap();
        told.desk(&editor, "close")
            .close_assignment(closed)
            .await
            .unwrap();
        told.desk(&editor, "call off")
            .cancel_assignment(cancelled, &words.secret("offer: why it was called off"))
            .await
            .unwrap();
        Self {
            proposed,
            open,
            closed,
            written,
            delivered,
            cancelled,
            idea,
            claim: claims[0],
        }
    }

    /// Ends the one that was written for, once its text is published.
    pub(super) async fn complete(&self, told: &Told, editor: &Actor) {
        told.desk(editor, "close what was written for")
            .close_assignment(self.written)
            .await
            .unwrap();
        told.desk(editor, "complete what was written for")
            .complete_assignment(self.written)
            .await
            .unwrap();
    }
}
