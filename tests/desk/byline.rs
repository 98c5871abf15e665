//! A reporter with 2,000 published pages changes the name on all of them, in one small commit.

use crate::support;
use std::sync::Arc;

use cmss::*;
use cmss_testkit::{Counting, Counts};
use pollster::block_on;

use crate::support::{Newsroom, guards, named, opened};

const OLD_NAME: &str = "Sol Sundin";
const OLD_SLUG: &str = "sol-sundin";
const NEW_NAME: &str = "Måsen";
const NEW_SLUG: &str = "masen";

/// A newsroom with so many pages under one byline.
struct Story {
    room: Newsroom,
    store: MemoryStore,
    pages: usize,
}

impl Story {
    async fn with(pages: usize) -> Self {
        let store = MemoryStore::new();
        let room = Newsroom::in_store(store.clone()).await;
        for number in 1..=pages {
            room.published(&format!("Text nummer {number}")).await;
        }
        Self { room, store, pages }
    }

    /// The same newsroom in a store of its own.
    fn copy(&self) -> MemoryStore {
        self.store.fork().unwrap()
    }

    /// Sol takes another name. What was asked of the store, and the site afterwards.
    async fn renamed(&self, past: PastWorks) -> (Counts, Cms, BylineId) {
        let counting = Arc::new(Counting::new(Arc::new(self.copy())));
        let cms = opened(counting.clone(), "byline").await;
        let sol = cms.desk(Actor::new(self.room.sol).reporter());
        counting.reset();
        let name = named(BylineForm::PenName, NEW_NAME);
        let serves = sol
            .change_byline(self.room.sols, &name, past)
            .await
            .unwrap();
        (counting.counts(), cms, serves)
    }
}

/// Every page, every one of its addresses, and every card of the lists that hold them.
struct Public {
    pages: Vec<String>,
    cards: Vec<String>,
}

impl Public {
    async fn of(site: &Site, listings: &[ListBy]) -> Self {
        let mut pages = Vec::new();
        let mut after = None;
        loop {
            let some = site.everything(100, after.as_ref()).await.unwrap();
            for page in some.pages {
                // The address leads to what stands in the list of everything.
                let found = site.page(page.kind, page.slug.as_str()).await.unwrap();
                assert_eq!(found, Found::Here(page.page.clone()));
                pages.push(page.page.to_json());
            }
            after = some.next;
            if after.is_none() {
                break;
            }
        }
        let mut cards = Vec::new();
        for by in listings {
            let mut listing = Listing {
                limit: 100,
                ..Listing::by(by.clone())
            };
            loop {
                let some = site.list(&listing).await.unwrap().unwrap();
                cards.push(some.to_json());
                listing.after = some.next;
                if listing.after.is_none() {
                    break;
                }
            }
        }
        Self { pages, cards }
    }

    fn all_show(&self, shown: &str) -> bool {
        self.pages
            .iter()
            .chain(&self.cards)
            .all(|text| text.contains(shown))
    }

    fn any_shows(&self, shown: &str) -> bool {
        self.pages
            .iter()
            .chain(&self.cards)
            .any(|text| text.contains(shown))
    }
}

fn listed_by(slug: &str) -> ListBy {
    ListBy::Byline(slug.parse().unwrap())
}

async fn is_listed(site: &Site, slug: &str) -> bool {
    site.list(&Listing::by(listed_by(slug)))
        .await
        .unwrap()
        .is_some()
}

const LISTS: [ListBy; 2] = [ListBy::All, ListBy::Kind(PageKind::Article)];
const RENAMED: PastWorks = PastWorks::Renamed { told: true };

#[test]
fn a_name_changes_on_2000_pages_in_a_commit_as_small_as_on_one() {
    block_on(async {
        let (one, many) = (Story::with(1).await, Story::with(2_000).await);
        for past in [PastWorks::Unnamed, RENAMED] {
            let (few, ..) = one.renamed(past).await;
            let (counts, cms, serves) = many.renamed(past).await;
            assert_eq!(counts, few, "{past:?}");
            assert_eq!(counts.commit, 1);
            assert!(counts.last_writes <= 6, "{counts:?}");

            let site = cms.site();
            let mut lists = LISTS.to_vec();
            if past == RENAMED {
                lists.push(listed_by(NEW_SLUG));
            }
            let public = Public::of(&site, &lists).await;
            assert_eq!(public.pages.len(), many.pages);
            assert_eq!(public.cards.len(), lists.len() * many.pages.div_ceil(100));
            assert!(
                !public.any_shows(OLD_NAME) && !public.any_shows(OLD_SLUG),
                "{past:?}"
            );
            assert!(!is_listed(&site, OLD_SLUG).await);
            if past == RENAMED {
                assert_eq!(serves, many.room.sols);
                assert!(public.all_show(NEW_NAME));
            } else {
                // The new name serves new works: no page shows it, and nothing is listed by it.
                assert_ne!(serves, many.room.sols);
                assert!(!public.any_shows(NEW_NAME));
                assert!(!is_listed(&site, NEW_SLUG).await);
                assert!(public.all_show("{\"type\":\"byline\"}"));
            }
        }
        let before = Public::of(&many.room.cms.site(), &LISTS).await;
        assert!(before.all_show(OLD_NAME) && before.all_show(OLD_SLUG));
    });
}

#[test]
fn the_feed_tells_of_a_changed_name_once_and_names_no_page() {
    block_on(async {
        let story = Story::with(3).await;
        let before = story.room.cms.site().changes(None, 100).await.unwrap();
        for past in [PastWorks::Unnamed, RENAMED] {
            let (_, cms, _) = story.renamed(past).await;
            let told = cms.site().changes(Some(&before.next), 100).await.unwrap();
            assert_eq!(told.items().unwrap(), [FeedItem::Revalidate]);
            assert!(!told.to_json().contains("page"));
        }
    });
}

#[test]
fn an_address_that_a_byline_gave_up_is_nobodys_again() {
    block_on(async {
        let story = Story::with(1).await;
        for past in [PastWorks::Unnamed, RENAMED] {
            let (_, cms, serves) = story.renamed(past).await;
            let site = cms.site();
            assert!(!is_listed(&site, OLD_SLUG).await);

            // Liv is called Sol Sundin too, and writes under that name.
            let liv = cms.desk(Actor::new(story.room.liv).reporter());
            let editor = cms.desk(Actor::new(story.room.vera).editor());
            let name = named(BylineForm::FullName, OLD_NAME);
            let livs = liv.create_byline(story.room.liv, &name).await.unwrap();
            publish(&liv, &editor, "Livs text", livs).await;
            assert!(!is_listed(&site, OLD_SLUG).await);
            assert!(is_listed(&site, "sol-sundin-2").await);

            // Nor does Sol get it back with the name.
            let sol = cms.desk(Actor::new(story.room.sol).reporter());
            let again = sol.change_byline(serves, &name, RENAMED).await.unwrap();
            publish(&sol, &editor, "Sols nya text", again).await;
            assert!(!is_listed(&site, OLD_SLUG).await);
            assert!(!is_listed(&site, NEW_SLUG).await);
            assert!(is_listed(&site, "sol-sundin-3").await);
            assert_eq!(cms.rebuild_site(|_| {}).await.unwrap(), Rebuilt::default());
        }
    });
}

async fn publish(author: &Desk, editor: &Desk, headline: &str, byline: BylineId) {
    let article = NewArticle {
        assignment: None,
        co_authors: Vec::new(),
        text: support::text(headline, byline),
    };
    let begun = author.start_article(&article).await.unwrap();
    let StartedArticle { edition, head, .. } = begun;
    author
        .submit(edition, head, &support::declared())
        .await
        .unwrap();
    editor.approve(edition, head).await.unwrap();
    editor.publish(edition, head, None).await.unwrap();
}

#[test]
fn works_that_lost_their_name_are_not_joined_by_anything_public() {
    block_on(async {
        let story = Story::with(3).await;
        let (_, cms, _) = story.renamed(PastWorks::Unnamed).await;
        let public = Public::of(&cms.site(), &LISTS).await;
        for text in public.pages.iter().chain(&public.cards) {
            for id in [story.room.sols.to_string(), story.room.sol.to_string()] {
                let (_, bits) = id.split_once(':').unwrap();
                assert!(!text.contains(bits), "{text}");
            }
        }
    });
}

#[test]
fn past_works_are_renamed_only_for_whoever_was_told() {
    block_on(async {
        let story = Story::with(1).await;
        let sol = story.room.reporter();
        let name = named(BylineForm::PenName, NEW_NAME);
        let untold = PastWorks::Renamed { told: false };
        let refused = sol.change_byline(story.room.sols, &name, untold).await;
        assert_eq!(guards(refused), [Guard::NotTold]);
        assert!(is_listed(&story.room.cms.site(), OLD_SLUG).await);
    });
}
