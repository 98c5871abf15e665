//! Somebody who is quoted or depicted takes their consent back, and is gone from the page in the
//! same commit.

use std::sync::Arc;

use cmss::store::Store;
use cmss::values::{Block, BlockContent};
use cmss::*;
use cmss_testkit::Counting;
use pollster::block_on;

use crate::support::{Newsroom, consent, declared, guards, quote, text};

const WORDS: &str = "Det är min bänk.";
const NAME: &str = "Ebba Ek";
const FILE: &str = "bank.jpg";
const SLUG: &str = "en-bank-vid-vattnet";

/// A text with Ebba's words and her picture, as far as it has come.
struct Story {
    room: Newsroom,
    store: Arc<Counting>,
    ebba: PersonId,
    bench: AssetId,
    /// To her words, and to her picture.
    consents: [ConsentId; 2],
    article: StartedArticle,
}

impl Story {
    /// Handed in.
    async fn begin() -> Self {
        let store = Arc::new(Counting::new(Arc::new(MemoryStore::new())));
        let room = Newsroom::in_store(store.clone()).await;
        let (editor, sol) = (room.editor(), room.reporter());
        let ebba = editor
            .put_person(None, &NewPerson::named(NAME))
            .await
            .unwrap();
        let bench = editor.put_asset(None, &image(&[])).await.unwrap();
        let shown = consent(ebba, Covers::Image(bench));
        let shown = editor.give_consent(&shown).await.unwrap();
        editor
            .put_asset(Some(bench), &image(&[shown]))
            .await
            .unwrap();
        editor.publish_record(bench).await.unwrap();
        let begun = room.begun("En bänk vid vattnet").await;
        let quoted = consent(ebba, Covers::Quotes(begun.article));
        let quoted = sol.give_consent(&quoted).await.unwrap();
        let mut text = text("En bänk vid vattnet", room.sols);
        text.body
            .0
            .extend([words("q1", quoted), words("q2", quoted), picture(bench)]);
        let head = sol.save(begun.edition, begun.head, &text).await.unwrap();
        sol.submit(begun.edition, head, &declared()).await.unwrap();
        let consents = [quoted, shown];
        let article = StartedArticle { head, ..begun };
        Self {
            room,
            store,
            ebba,
            bench,
            consents,
            article,
        }
    }

    async fn approved() -> Self {
        let story = Self::begin().await;
        let StartedArticle { edition, head, .. } = story.article;
        story.room.editor().approve(edition, head).await.unwrap();
        story
    }

    async fn live() -> Self {
        let story = Self::approved().await;
        let StartedArticle { edition, head, .. } = story.article;
        story
            .room
            .editor()
            .publish(edition, head, None)
            .await
            .unwrap();
        story
    }

    /// What the page's parts are, by where they stand in it.
    async fn parts(&self) -> Vec<Option<Part>> {
        self.room.page(SLUG).await.parts().unwrap()
    }

    async fn feed_after(&self, before: &FeedPage) -> FeedPage {
        self.room
            .cms
            .site()
            .changes(Some(&before.next), 100)
            .await
            .unwrap()
    }

    async fn feed(&self) -> FeedPage {
        self.room.cms.site().changes(None, 100).await.unwrap()
    }

    /// Takes a consent back, which is one commit.
    async fn withdraw(&self, by: &Desk, consent: ConsentId) {
        self.store.reset();
        by.withdraw_consent(consent).await.unwrap();
        assert_eq!(self.store.counts().commit, 1);
    }
}

fn image(people: &[ConsentId]) -> Asset {
    let alt = "En bänk vid vattnet".to_owned();
    Asset {
        people: people
            .iter()
            .map(|&consent| Depiction { consent })
            .collect(),
        ..Asset::in_file(FILE, Alt::Text { text: alt })
    }
}

fn words(id: &str, consent: ConsentId) -> Block {
    quote(id, WORDS, NAME, consent)
}

fn picture(asset: AssetId) -> Block {
    Block {
        id: "bench".parse().unwrap(),
        content: BlockContent::Image { asset },
    }
}

/// The parts of these kinds, with what stands for those that are gone.
fn kinds(parts: &[Option<Part>]) -> Vec<&'static str> {
    let kind = |part: &Option<Part>| match part {
        None => "nothing",
        Some(Part::Quote(_)) => "quote",
        Some(Part::Image(_)) => "image",
        Some(Part::Byline(_)) => "byline",
        Some(other) => panic!("{other:?}"),
    };
    parts.iter().map(kind).collect()
}

#[test]
fn words_leave_the_page_in_the_commit_in_which_they_are_taken_back() {
    block_on(async {
        let story = Story::live().await;
        let (before, feed) = (story.room.page(SLUG).await, story.feed().await);
        assert!(before.to_json().contains(WORDS) && before.to_json().contains(NAME));
        assert_eq!(
            kinds(&story.parts().await),
            ["quote", "quote", "image", "byline"]
        );

        // Ebba has no role in the newsroom; it is enough that they are her words.
        let ebba = story.room.cms.desk(Actor::new(story.ebba));
        story.withdraw(&ebba, story.consents[0]).await;

        let after = story.room.page(SLUG).await;
        assert!(!after.to_json().contains(WORDS) && !after.to_json().contains(NAME));
        assert_eq!(
            kinds(&story.parts().await),
            ["nothing", "nothing", "image", "byline"]
        );
        assert_ne!(after.validator(), before.validator());
        // The page itself is the same to the byte: it has places, and the parts are gone.
        let page = |page: &Served| page.read::<ArticlePage>().unwrap();
        assert_eq!(page(&after), page(&before));

        let told = story.feed_after(&feed).await;
        assert_eq!(told.items().unwrap(), [FeedItem::Revalidate]);
        assert!(
            told.to_json()
                .starts_with("{\"items\":[{\"change\":\"revalidate\"}],")
        );
        assert_eq!(
            story.room.cms.rebuild_site(|_| {}).await.unwrap(),
            Rebuilt::default()
        );
    });
}

#[test]
fn a_picture_leaves_every_page_in_the_commit_in_which_it_is_taken_back() {
    block_on(async {
        let story = Story::live().await;
        let (room, sol) = (&story.room, story.room.reporter());
        // Another page shows it too.
        let begun = room.begun("Bänken igen").await;
        let mut text = text("Bänken igen", room.sols);
        text.body.0.push(picture(story.bench));
        let head = sol.save(begun.edition, begun.head, &text).await.unwrap();
        sol.submit(begun.edition, head, &declared()).await.unwrap();
        room.editor().approve(begun.edition, head).await.unwrap();
        room.editor()
            .publish(begun.edition, head, None)
            .await
            .unwrap();
        let pages = async || [room.page(SLUG).await, room.page("banken-igen").await];
        let (before, feed) = (pages().await, story.feed().await);

        story.withdraw(&room.editor(), story.consents[1]).await;

        for (before, after) in before.iter().zip(&pages().await) {
            assert!(before.to_json().contains(FILE));
            assert!(!after.to_json().contains(FILE));
            assert_ne!(after.validator(), before.validator());
        }
        assert_eq!(
            kinds(&story.parts().await),
            ["quote", "quote", "nothing", "byline"]
        );
        let told = story.feed_after(&feed).await;
        assert_eq!(told.items().unwrap(), [FeedItem::Revalidate]);
        assert_eq!(
            room.cms.rebuild_site(|_| {}).await.unwrap(),
            Rebuilt::default()
        );
    });
}

#[test]
fn what_was_taken_back_is_neither_published_nor_put_back_again() {
    block_on(async {
        for which in [0, 1] {
            // Not yet published.
            let story = Story::approved().await;
            let consent = story.consents[which];
            let editor = story.room.editor();
            let StartedArticle {
                edition,
                head,
                variant,
                ..
            } = story.article;
            let feed = story.feed().await;
            story.withdraw(&editor, consent).await;
            let refused = editor.publish(edition, head, None).await;
            assert_eq!(guards(refused), [Guard::ConsentNotValid { consent }]);
            assert_eq!(
                story.room.cms.site().article(SLUG).await.unwrap(),
                Found::NotThere
            );
            // The picture was public already, though no page showed it.
            let told = story.feed_after(&feed).await.items().unwrap();
            assert_eq!(told, vec![FeedItem::Revalidate; which]);

            // Published, and taken down when it is taken back.
            let story = Story::live().await;
            let consent = story.consents[which];
            let editor = story.room.editor();
            editor
                .unpublish(variant, "Fel.", AddressFallback::NotThere)
                .await
                .unwrap();
            story.withdraw(&editor, consent).await;
            let refused = editor.republish(variant).await;
            assert_eq!(guards(refused), [Guard::ConsentNotValid { consent }]);

            // Published still: another edition with it is not handed in.
            let story = Story::live().await;
            let consent = story.consents[which];
            let (editor, sol) = (story.room.editor(), story.room.reporter());
            story.withdraw(&editor, consent).await;
            let OpenedEdition { edition, head } = sol.open_edition(variant).await.unwrap();
            let refused = sol.submit(edition, head, &declared()).await;
            assert_eq!(guards(refused), [Guard::ConsentNotValid { consent }]);
            // And without it, it is.
            let without = text("En bänk vid vattnet", story.room.sols);
            let head = sol.save(edition, head, &without).await.unwrap();
            sol.submit(edition, head, &declared()).await.unwrap();
            editor.approve(edition, head).await.unwrap();
            editor.publish(edition, head, None).await.unwrap();
            assert_eq!(kinds(&story.parts().await), ["byline"]);
            assert_eq!(
                story.room.cms.rebuild_site(|_| {}).await.unwrap(),
                Rebuilt::default()
            );
        }
    });
}

#[test]
fn words_that_were_taken_back_while_the_page_was_away_do_not_come_back_with_it() {
    block_on(async {
        let story = Story::live().await;
        let (editor, sol) = (story.room.editor(), story.room.reporter());
        let variant = story.article.variant;
        sol.pause(variant).await.unwrap();
        story.withdraw(&editor, story.consents[0]).await;
        sol.lift_pause(variant).await.unwrap();
        let [consent, _] = story.consents;
        assert_eq!(
            guards(editor.republish(variant).await),
            [Guard::ConsentNotValid { consent }]
        );
        assert_eq!(
            story.room.cms.site().article(SLUG).await.unwrap(),
            Found::NotThere
        );
    });
}

#[test]
fn a_consent_is_taken_back_once_and_by_those_who_may() {
    block_on(async {
        let story = Story::live().await;
        let consent = story.consents[0];
        for desk in [story.room.unit(), story.room.mentor(), story.room.admin()] {
            let refused = guards(desk.withdraw_consent(consent).await);
            assert!(
                matches!(refused[..], [Guard::NotPermitted { .. }]),
                "{refused:?}"
            );
        }
        story.withdraw(&story.room.other_reporter(), consent).await;
        let again = story.room.editor().withdraw_consent(consent).await;
        assert_eq!(guards(again), [Guard::AlreadyWithdrawn]);
    });
}

#[test]
fn an_image_that_was_published_before_anybody_was_seen_in_it_is_shown_as_they_agree() {
    block_on(async {
        let store = MemoryStore::new();
        let room = Newsroom::in_store(store.clone()).await;
        let editor = room.editor();
        let shown = async || {
            let docs = store.walk(None, 1_000).await.unwrap().docs;
            let of_it = |body: &str| body.contains(FILE);
            let parts = docs
                .iter()
                .filter(|doc| doc.at.collection.as_str() == "public.part");
            parts.filter(|part| of_it(&part.body)).count()
        };
        let bench = editor.put_asset(None, &image(&[])).await.unwrap();
        editor.publish_record(bench).await.unwrap();
        assert_eq!(shown().await, 1);

        let ebba = editor
            .put_person(None, &NewPerson::named(NAME))
            .await
            .unwrap();
        let consent = consent(ebba, Covers::Image(bench));
        let consent = editor.give_consent(&consent).await.unwrap();
        editor
            .put_asset(Some(bench), &image(&[consent]))
            .await
            .unwrap();
        editor.publish_record(bench).await.unwrap();
        assert_eq!(shown().await, 1);
        editor.withdraw_consent(consent).await.unwrap();
        assert_eq!(shown().await, 0);
        let refused = guards(editor.publish_record(bench).await);
        assert_eq!(refused, [Guard::ConsentNotValid { consent }]);
    });
}
