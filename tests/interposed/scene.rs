//! One scene with things in many states, in which every command there is has something to do.

use cmss::store::{CommitId, Seq, Store};
use cmss::values::{Block, BlockContent};
use cmss::{
    Actor, AssetId, AssignmentId, Certainty, ClaimId, ConsentId, Covers, Event, EventId,
    MemoryStore, NewArticle, NewPerson, OccasionId, OpenedEdition, OrganisationId, PersonId,
    Project, ProjectId, StartedArticle, TermId, Vocabulary,
};

use crate::support::{Newsroom, consent, declared, offer, text};
use crate::things::{event, image, organisation, plan, project, quoting, term};

/// The scene: who is there, what there is, and the store that holds it.
pub struct Scene {
    store: MemoryStore,
    pub room: Newsroom,
    pub tor: PersonId,
    pub ebba: PersonId,
    pub topic: TermId,
    pub category: TermId,
    pub stage: TermId,
    pub club: OrganisationId,
    pub quay: ProjectId,
    pub lamp: ProjectId,
    pub walk: EventId,
    pub tentative: OccasionId,
    pub confirmed: OccasionId,
    pub bench: AssetId,
    pub on_bench: ConsentId,
    pub proposed: AssignmentId,
    pub open: AssignmentId,
    pub shared: AssignmentId,
    pub full: AssignmentId,
    pub closed: AssignmentId,
    pub livs_claim: ClaimId,
    pub sols_claim: ClaimId,
    pub draft: StartedArticle,
    pub submitted: StartedArticle,
    pub edited: StartedArticle,
    pub asked: StartedArticle,
    pub approved: StartedArticle,
    pub approved_quote: ConsentId,
    pub approved_too: StartedArticle,
    pub live: StartedArticle,
    pub live_quote: ConsentId,
    pub next: StartedArticle,
    pub down: StartedArticle,
    pub paused: StartedArticle,
    pub withdrawn: StartedArticle,
    pub declined: StartedArticle,
}

/// The same article with another head.
fn with_head(started: StartedArticle, head: cmss::RevisionId) -> StartedArticle {
    StartedArticle { head, ..started }
}

impl Scene {
    /// Plays everything that leads to the scene.
    pub async fn set() -> Self {
        let store = MemoryStore::new();
        let room = Newsroom::in_store(store.clone()).await;
        let (editor, sol, liv) = (room.editor(), room.reporter(), room.other_reporter());
        let tor = editor
            .put_person(None, &NewPerson::named("Tor Tangen"))
            .await
            .unwrap();
        let ebba = editor
            .put_person(None, &NewPerson::named("Ebba Ek"))
            .await
            .unwrap();
        editor.admit_reporter(tor, &[]).await.unwrap();
        room.cms
            .desk(Actor::new(tor).reporter())
            .rest_reporter(tor)
            .await
            .unwrap();

        // What is around the texts: public, with something newer in the working copies.
        let topic = term(Vocabulary::Topic, "bostad", "Bostad", &[]);
        let topic = editor.put_term(None, &topic).await.unwrap();
        editor.publish_record(topic).await.unwrap();
        let renamed = term(Vocabulary::Topic, "bostad", "Boende", &[]);
        editor.put_term(Some(topic), &renamed).await.unwrap();
        let category = term(Vocabulary::Category, "motesplatser", "Mötesplatser", &[]);
        let category = editor.put_term(None, &category).await.unwrap();
        editor.publish_record(category).await.unwrap();
        let stage = editor
            .find_term(Vocabulary::Stage, "pilot")
            .await
            .unwrap()
            .unwrap();
        let club = editor
            .put_organisation(None, &organisation("Kajklubben"))
            .await
            .unwrap();
        editor.publish_record(club).await.unwrap();
        editor
            .put_organisation(Some(club), &organisation("Nya kajklubben"))
            .await
            .unwrap();
        let quay = project("En kaj för alla", category, stage);
        let quay = editor.put_project(None, &quay).await.unwrap();
        let lamp = project("Ljus", category, stage);
        let lamp = editor.put_project(None, &lamp).await.unwrap();
        editor.publish_record(lamp).await.unwrap();
        let brighter = Project {
            slug: Some("ljus-pa-vagen".parse().unwrap()),
            ..project("Ljus på vägen", category, stage)
        };
        editor.put_project(Some(lamp), &brighter).await.unwrap();
        editor.publish_record(lamp).await.unwrap();
        let brighter = project("Mer ljus på vägen", category, stage);
        editor.put_project(Some(lamp), &brighter).await.unwrap();
        let walk = editor
            .put_event(None, &event("Vandringen", &[club]))
            .await
            .unwrap();
        let tentative = editor
            .plan_occasion(walk, Certainty::Tentative, &plan("2026-04-01"))
            .await
            .unwrap();
        let confirmed = editor
            .plan_occasion(walk, Certainty::Confirmed, &plan("2026-03-01"))
            .await
            .unwrap();
        editor.publish_record(walk).await.unwrap();
        let moved = Event {
            slug: Some("vandra".parse().unwrap()),
            ..event("Vandringen", &[club])
        };
        editor.put_event(Some(walk), &moved).await.unwrap();
        editor.publish_record(walk).await.unwrap();
        editor
            .change_occasion(confirmed, &plan("2026-03-02"))
            .await
            .unwrap();
        let bench = editor
            .put_asset(None, &image("En bänk", &[]))
            .await
            .unwrap();
        let on_bench = consent(ebba, Covers::Image(bench));
        let on_bench = editor.give_consent(&on_bench).await.unwrap();
        editor
            .put_asset(Some(bench), &image("En bänk", &[on_bench]))
            .await
            .unwrap();
        editor.publish_record(bench).await.unwrap();
        editor
            .put_asset(Some(bench), &image("Bänken", &[on_bench]))
            .await
            .unwrap();

        // Assignments and claims.
        let proposed = room.unit().propose(&offer(room.library, 1)).await.unwrap();
        let open = room.open_assignment(1).await;
        let shared = room.open_assignment(2).await;
        let full = room.open_assignment(1).await;
        let closed = room.open_assignment(1).await;
        editor.close_assignment(closed).await.unwrap();
        let livs_claim = liv.claim(shared).await.unwrap();
        let sols_claim = sol.claim(full).await.unwrap();

        // Texts, from the first line to beyond the last.
        let for_full = NewArticle {
            assignment: Some(full),
            co_authors: vec![room.liv],
            text: text("Ett utkast", room.sols),
        };
        let draft = sol.start_article(&for_full).await.unwrap();
        let submitted = room.submitted("Inskickad").await;
        let edited = room.submitted("Redigerad").await;
        let change = text("Redigerad av Vera", room.sols);
        let head = editor
            .save(edited.edition, edited.head, &change)
            .await
            .unwrap();
        let edited = with_head(edited, head);
        let asked = room.submitted("Frågad").await;
        editor
            .request_changes(asked.edition, "Kortare.")
            .await
            .unwrap();
        let (approved, approved_quote) = quoted(&room, ebba, "Kaffe på torget", bench).await;
        editor
            .approve(approved.edition, approved.head)
            .await
            .unwrap();
        let approved_too = room.approved("Kaffe på torget").await;
        let (live, live_quote) = quoted(&room, ebba, "En bänk vid vattnet", bench).await;
        publish(&room, live).await;
        let live = again(&room, live, Some("banken")).await;
        let next = room.published("Nästa").await;
        let OpenedEdition { edition, head } = sol.open_edition(next.variant).await.unwrap();
        let next = StartedArticle {
            edition,
            head,
            ..next
        };
        sol.submit(next.edition, next.head, &declared())
            .await
            .unwrap();
        editor.approve(next.edition, next.head).await.unwrap();
        let down = room.published("Nere").await;
        let gone = cmss::AddressFallback::Gone("Den är borta.".to_owned());
        editor.unpublish(down.variant, "Fel.", gone).await.unwrap();
        let paused = room.published("Pausad").await;
        sol.pause(paused.variant).await.unwrap();
        let withdrawn = room.begun("Återtagen").await;
        sol.withdraw(withdrawn.edition).await.unwrap();
        let declined = room.submitted("Avböjd").await;
        editor.decline(declined.edition, "Inte nu.").await.unwrap();

        Self {
            store,
            room,
            tor,
            ebba,
            topic,
            category,
            stage,
            club,
            quay,
            lamp,
            walk,
            tentative,
            confirmed,
            bench,
            on_bench,
            proposed,
            open,
            shared,
            full,
            closed,
            livs_claim,
            sols_claim,
            draft,
            submitted,
            edited,
            asked,
            approved,
            approved_quote,
            approved_too,
            live,
            live_quote,
            next,
            down,
            paused,
            withdrawn,
            declined,
        }
    }

    /// A store of its own that holds the scene.
    pub fn fork(&self) -> MemoryStore {
        self.store.fork().unwrap()
    }
}

/// An article of Sol's with Ebba's words and her picture, handed in, and her consent to the words.
async fn quoted(
    room: &Newsroom,
    ebba: PersonId,
    headline: &str,
    bench: AssetId,
) -> (StartedArticle, ConsentId) {
    let sol = room.reporter();
    let begun = room.begun(headline).await;
    let given = consent(ebba, Covers::Quotes(begun.article));
    let given = sol.give_consent(&given).await.unwrap();
    let mut text = quoting(headline, room.sols, given);
    text.body.0.push(Block {
        id: "bench".parse().unwrap(),
        content: BlockContent::Image { asset: bench },
    });
    let head = sol.save(begun.edition, begun.head, &text).await.unwrap();
    sol.submit(begun.edition, head, &declared()).await.unwrap();
    (with_head(begun, head), given)
}

/// Approves and publishes what was handed in.
async fn publish(room: &Newsroom, article: StartedArticle) {
    let editor = room.editor();
    editor.approve(article.edition, article.head).await.unwrap();
    editor
        .publish(article.edition, article.head, None)
        .await
        .unwrap();
}

/// Publishes another edition, word for word the same, at another address.
async fn again(room: &Newsroom, live: StartedArticle, slug: Option<&str>) -> StartedArticle {
    let OpenedEdition { edition, head } = room.reporter().open_edition(live.variant).await.unwrap();
    room.reporter()
        .submit(edition, head, &declared())
        .await
        .unwrap();
    room.editor().approve(edition, head).await.unwrap();
    room.editor().publish(edition, head, slug).await.unwrap();
    StartedArticle {
        edition,
        head,
        ..live
    }
}

/// How many commits a store holds.
pub async fn commits(store: &dyn Store) -> Seq {
    store.get(&[]).await.unwrap().as_of
}

/// The key of one side of a pair.
pub fn key(side: &str) -> CommitId {
    CommitId::named(side)
}
