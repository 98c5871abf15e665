//! An event, its occasions, and when the public learns of what becomes of them.

use std::sync::Arc;

use chrono::{NaiveTime, TimeDelta};
use cmss::store::{Change, CommitId, Seq, Store};
use cmss::values::{Locale, When};
use cmss::{
    Actor, Certainty, Desk, Event, EventId, EventKind, EventPage, FeedItem, Found, Guard,
    MemoryStore, OccasionId, OccasionItem, OccasionPlan, OccasionStatus,
};
use cmss_testkit::Interposed;
use pollster::block_on;

use crate::support::{Newsroom, guards, opened, start};

const SLUG: &str = "utvecklingsgruppen";

struct Story {
    store: MemoryStore,
    room: Newsroom,
    desk: Desk,
    event: EventId,
}

impl Story {
    /// A newsroom with one event, not published yet.
    async fn begin() -> Self {
        let store = MemoryStore::new();
        let room = Newsroom::in_store(store.clone()).await;
        let desk = room.editor();
        let event = Event::titled("Utvecklingsgruppen", Locale::Sv.into(), EventKind::Meeting);
        let event = desk.put_event(None, &event).await.unwrap();
        Self {
            store,
            room,
            desk,
            event,
        }
    }

    /// The same desk, before whose commit somebody else does this.
    async fn desk_behind(&self, theirs: impl Future<Output = ()> + Send + 'static) -> Desk {
        let store = Interposed::new(Arc::new(self.store.clone()), theirs);
        let cms = opened(store, "another desk").await;
        cms.desk(self.desk.actor().clone())
    }

    async fn plan(&self, certainty: Certainty, plan: &OccasionPlan) -> OccasionId {
        let planned = self.desk.plan_occasion(self.event, certainty, plan);
        planned.await.unwrap()
    }

    /// A meeting that will be held on a day.
    async fn confirmed(&self, day: &str) -> OccasionId {
        self.plan(Certainty::Confirmed, &meeting(day)).await
    }

    /// A meeting that may be held on a day.
    async fn tentative(&self, day: &str) -> OccasionId {
        self.plan(Certainty::Tentative, &meeting(day)).await
    }

    async fn change(&self, occasion: OccasionId, day: &str) {
        let changed = meeting(day);
        let changed = self.desk.change_occasion(occasion, &changed);
        changed.await.unwrap();
    }

    async fn cancel(&self, occasion: OccasionId, reason: &str) {
        self.desk.cancel_occasion(occasion, reason).await.unwrap();
    }

    async fn publish(&self) {
        self.desk.publish_record(self.event).await.unwrap();
    }

    /// The event's page, which must be there.
    async fn page(&self) -> EventPage {
        match self.room.cms.site().event(SLUG).await.unwrap() {
            Found::Here(page) => page.read().unwrap(),
            other => panic!("{other:?}"),
        }
    }

    async fn upcoming(&self) -> Vec<OccasionItem> {
        let site = self.room.cms.site();
        let items = site.upcoming(start(), 100, None).await.unwrap().items;
        items.iter().map(|item| item.read().unwrap()).collect()
    }

    /// How many commits there are.
    async fn commits(&self) -> Seq {
        self.store.get(&[]).await.unwrap().as_of
    }

    /// The collections that the last commit wrote to, each once.
    async fn last_touched(&self) -> Vec<String> {
        let last = self.commits().await.previous();
        let changes = self.store.changes(last, 1).await.unwrap();
        let touched = changes.records[0].touched.iter().map(|touched| {
            assert!(matches!(touched.change, Change::Put(_)));
            touched.at.collection.as_str().to_owned()
        });
        let mut touched: Vec<_> = touched.collect();
        touched.dedup();
        touched
    }
}

fn meeting(day: &str) -> OccasionPlan {
    OccasionPlan::at(When::Exact {
        date: day.parse().unwrap(),
        start: NaiveTime::from_hms_opt(13, 0, 0).unwrap(),
        end: NaiveTime::from_hms_opt(15, 0, 0),
    })
}

/// What a commit writes that shows a fact about an occasion at once.
const SHOWN: [&str; 6] = [
    "event",
    "feed",
    "occasion",
    "public.feed",
    "public.occasion",
    "public.page",
];

#[test]
fn a_plan_is_public_from_the_next_publication_of_its_event_on() {
    block_on(async {
        let story = Story::begin().await;
        story.publish().await;
        let id = story.confirmed("2026-04-16").await;
        assert_eq!(story.last_touched().await, ["occasion"]);
        assert_eq!(story.page().await.occasions, []);

        story.publish().await;
        let page = story.page().await;
        assert_eq!(page.occasions.len(), 1);
        assert_eq!(story.upcoming().await[0].occasion, page.occasions[0]);

        let moved = meeting("2026-04-17");
        story.desk.change_occasion(id, &moved).await.unwrap();
        assert_eq!(story.page().await, page);
        let view = story.desk.occasion(id).await.unwrap();
        assert_eq!(view.working, moved);
        assert_eq!(view.public, Some(meeting("2026-04-16")));

        story.publish().await;
        let page = story.page().await;
        assert_eq!(page.occasions[0].when, moved.when);
        let commits = story.commits().await;
        story.publish().await;
        assert_eq!(story.commits().await, commits);
    });
}

#[test]
fn calling_a_shown_occasion_off_says_so_on_its_page_in_the_same_commit() {
    block_on(async {
        let story = Story::begin().await;
        let id = story.tentative("2026-04-16").await;
        story.confirmed("2026-05-23").await;
        story.publish().await;
        let before = story.page().await;
        // What was not published yet stays so.
        story.change(id, "2026-04-20").await;

        story.room.clock.set(start() + TimeDelta::hours(1));
        let commits = story.commits().await;
        story.cancel(id, " Lokalen är stängd ").await;
        assert_eq!(story.commits().await, commits.next());
        assert_eq!(story.last_touched().await, SHOWN);

        let mut expected = before;
        expected.occasions[0].status = OccasionStatus::Cancelled;
        expected.occasions[0].reason = Some("Lokalen är stängd".to_owned());
        expected.updated_at = "2026-03-02T10:00:00+01:00".to_owned();
        assert_eq!(story.page().await, expected);
        assert_eq!(story.upcoming().await[0].occasion, expected.occasions[0]);
        let feed = story.room.cms.site().changes(None, 100).await.unwrap();
        let told = feed.items().unwrap().pop().unwrap();
        let FeedItem::Changed { slug, .. } = told else {
            panic!("{told:?}");
        };
        assert_eq!(slug.as_str(), SLUG);
    });
}

#[test]
fn what_became_of_an_occasion_is_shown_at_once_and_for_good() {
    block_on(async {
        let story = Story::begin().await;
        let id = story.tentative("2026-04-16").await;
        story.publish().await;
        assert_eq!(
            guards(story.desk.complete_occasion(id).await),
            [Guard::Tentative]
        );

        story.desk.confirm_occasion(id).await.unwrap();
        assert_eq!(story.last_touched().await, SHOWN);
        let page = story.page().await;
        assert_eq!(page.occasions[0].certainty, Certainty::Confirmed);
        let commits = story.commits().await;
        story.desk.confirm_occasion(id).await.unwrap();
        assert_eq!(story.commits().await, commits);

        story.desk.complete_occasion(id).await.unwrap();
        assert_eq!(story.last_touched().await, SHOWN);
        let page = story.page().await;
        assert_eq!(page.occasions[0].status, OccasionStatus::TookPlace);
        let refused = guards(story.desk.cancel_occasion(id, "för sent").await);
        assert!(matches!(refused.as_slice(), [Guard::WrongState { .. }]));
    });
}

#[test]
fn what_nobody_saw_is_called_off_in_silence() {
    block_on(async {
        let story = Story::begin().await;
        let id = story.confirmed("2026-04-16").await;
        story.cancel(id, "Fel dag").await;
        assert_eq!(story.last_touched().await, ["occasion"]);
        story.publish().await;
        assert_eq!(story.page().await.occasions, []);
        assert_eq!(story.upcoming().await, []);
    });
}

#[test]
fn an_event_that_is_hidden_takes_its_occasions_along_and_brings_them_back_as_they_are() {
    block_on(async {
        let story = Story::begin().await;
        let id = story.confirmed("2026-04-16").await;
        story.publish().await;
        story.desk.hide_record(story.event).await.unwrap();
        let site = story.room.cms.site();
        assert_eq!(site.event(SLUG).await.unwrap(), Found::NotThere);
        assert_eq!(story.upcoming().await, []);

        story.cancel(id, "Lokalen är stängd").await;
        assert_eq!(story.last_touched().await, ["occasion"]);
        story.publish().await;
        let page = story.page().await;
        assert_eq!(page.occasions[0].status, OccasionStatus::Cancelled);
        assert_eq!(story.upcoming().await.len(), 1);
    });
}

#[test]
fn an_event_has_two_hundred_occasions_and_no_more() {
    block_on(async {
        let story = Story::begin().await;
        let plan = OccasionPlan::at(When::Unknown);
        for _ in 0..199 {
            story.plan(Certainty::Tentative, &plan).await;
        }
        // Somebody else takes the last place between the reading and the commit.
        let other = story.desk.clone();
        let (event, theirs) = (story.event, meeting("2026-04-16"));
        let behind = story.desk_behind(async move {
            let planned = other.plan_occasion(event, Certainty::Confirmed, &theirs);
            planned.await.unwrap();
        });
        let desk = behind.await;
        let refused = desk.plan_occasion(event, Certainty::Tentative, &plan).await;
        assert_eq!(guards(refused), [Guard::TooManyOccasions { limit: 200 }]);

        let occasions = story.desk.occasions(event).await.unwrap();
        assert_eq!(occasions.len(), 200);
        // What is dated stands before what is not.
        assert_eq!(occasions[0].working, meeting("2026-04-16"));
        story.publish().await;
        assert_eq!(story.page().await.occasions.len(), 200);
    });
}

#[test]
fn an_occasion_that_is_called_off_while_its_event_is_published_is_published_as_called_off() {
    block_on(async {
        let story = Story::begin().await;
        let id = story.confirmed("2026-04-16").await;
        story.publish().await;
        story.change(id, "2026-04-20").await;

        let other = story.desk.clone();
        let behind = story.desk_behind(async move {
            let cancelled = other.cancel_occasion(id, "Lokalen är stängd");
            cancelled.await.unwrap();
        });
        let desk = behind.await;
        desk.publish_record(story.event).await.unwrap();
        let page = story.page().await;
        let [occasion] = page.occasions.as_slice() else {
            panic!("{page:?}");
        };
        assert_eq!(occasion.status, OccasionStatus::Cancelled);
        assert_eq!(occasion.when, meeting("2026-04-20").when);
    });
}

#[test]
fn a_plan_that_is_sent_twice_is_one_occasion() {
    block_on(async {
        let story = Story::begin().await;
        let key = CommitId::named("plan it once");
        let plan = meeting("2026-04-16");
        let send = || async {
            let desk = story.desk.once(key);
            desk.plan_occasion(story.event, Certainty::Confirmed, &plan)
                .await
                .unwrap()
        };
        let first = send().await;
        assert_eq!(send().await, first);
        assert_eq!(story.desk.occasions(story.event).await.unwrap().len(), 1);
    });
}

#[test]
fn an_event_that_was_put_aside_gets_no_new_occasions() {
    block_on(async {
        let story = Story::begin().await;
        let id = story.confirmed("2026-04-16").await;
        story.desk.archive_record(story.event).await.unwrap();
        let refused = story
            .desk
            .plan_occasion(story.event, Certainty::Confirmed, &meeting("2026-04-23"))
            .await;
        assert_eq!(guards(refused), [Guard::Archived]);
        // What was planned before can still be called off.
        story.cancel(id, "Gruppen är upplöst").await;
    });
}

#[test]
fn nobody_from_outside_reads_what_is_planned() {
    block_on(async {
        let story = Story::begin().await;
        let id = story.confirmed("2026-04-16").await;
        for actor in [Actor::visitor(), Actor::clock()] {
            let desk = story.room.cms.desk(actor);
            assert_eq!(guards(desk.occasion(id).await), [Guard::MayNotRead]);
            assert_eq!(
                guards(desk.occasions(story.event).await),
                [Guard::MayNotRead]
            );
        }
    });
}
