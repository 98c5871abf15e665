//! An event, its occasions, and when the public learns of what becomes of them.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Europe::Stockholm;
use cmss_core::store::{Change, CommitId, Index, Order, Range, Scan, Seq, Store, StoreExt, Want};
use cmss_core::values::{Lang, Locale, When};
use cmss_core::{
    Actor, Certainty, Cms, Desk, Error, Event, EventId, EventKind, EventPage, Guard, NewNewsroom,
    NewPerson, OccasionId, OccasionItem, OccasionPlan, OccasionStatus, PersonId, ProgrammeState,
    SeededIds, SetClock,
};
use cmss_memory::MemoryStore;
use cmss_testkit::Interposed;
use pollster::block_on;

fn now() -> DateTime<Utc> {
    "2017-01-20T08:00:00Z".parse().unwrap()
}

struct Story {
    store: Arc<MemoryStore>,
    clock: Arc<SetClock>,
    vera: PersonId,
    desk: Desk,
    event: EventId,
}

impl Story {
    /// A newsroom with one event, not published yet.
    async fn begin() -> Self {
        let store = Arc::new(MemoryStore::new());
        let clock = Arc::new(SetClock::at(now()));
        let newsroom = NewNewsroom {
            name: "Lyktan".to_owned(),
            zone: Stockholm,
            language: Lang::from(Locale::Sv),
        };
        let (cms, vera) = Cms::builder(store.clone())
            .clock(clock.clone())
            .ids(Arc::new(SeededIds::new("a story")))
            .found(&newsroom, &NewPerson::named("Vera Lind"))
            .await
            .unwrap();
        let desk = cms.desk(Actor::new(vera).editor());
        let event = desk
            .put_event(
                None,
                &Event {
                    programme: ProgrammeState::Ready,
                    ..Event::titled(
                        "Utvecklingsgruppen",
                        Lang::from(Locale::Sv),
                        EventKind::Meeting,
                    )
                },
            )
            .await
            .unwrap();
        Self {
            store,
            clock,
            vera,
            desk,
            event,
        }
    }

    /// The same newsroom over another store, where ids follow from another seed.
    async fn desk_over(&self, store: impl Store) -> Desk {
        let cms = Cms::builder(store)
            .clock(self.clock.clone())
            .ids(Arc::new(SeededIds::new("another desk")))
            .open()
            .await
            .unwrap();
        cms.desk(Actor::new(self.vera).editor())
    }

    async fn plan(&self, certainty: Certainty, plan: &OccasionPlan) -> OccasionId {
        let planned = self.desk.plan_occasion(self.event, certainty, plan);
        planned.await.unwrap()
    }

    async fn publish(&self) {
        self.desk.publish_record(self.event).await.unwrap();
    }

    /// The texts that an index of the public side serves, in order.
    async fn served(&self, index: &'static str) -> Vec<String> {
        let scan = Scan {
            range: Range::all(Index::new(index)),
            order: Order::Ascending,
            limit: 100,
            want: Want::Body,
        };
        let hits = self.store.scan_all(scan).await.unwrap();
        let text = |body: &str| {
            let (_, text) = body.split_once(",\n").unwrap();
            text.strip_suffix(']').unwrap().to_owned()
        };
        let docs = hits.iter().filter_map(|hit| hit.doc.as_ref());
        docs.map(|doc| text(&doc.body)).collect()
    }

    async fn page(&self) -> Option<EventPage> {
        let pages = self.served("public.everything").await;
        let page = pages.first()?;
        Some(serde_json::from_str(page).unwrap())
    }

    async fn upcoming(&self) -> Vec<OccasionItem> {
        let items = self.served("public.upcoming").await;
        items
            .iter()
            .map(|item| serde_json::from_str(item).unwrap())
            .collect()
    }

    /// How many commits there are.
    async fn commits(&self) -> Seq {
        self.store
            .changes(Seq::ZERO, 1_000)
            .await
            .unwrap()
            .records
            .last()
            .unwrap()
            .seq
    }

    /// The collections that the last commit wrote to, each once.
    async fn last_touched(&self) -> Vec<String> {
        let changes = self.store.changes(Seq::ZERO, 1_000).await.unwrap();
        let touched = &changes.records.last().unwrap().touched;
        let mut touched: Vec<_> = touched
            .iter()
            .map(|touched| {
                assert!(matches!(touched.change, Change::Put(_)));
                touched.at.collection.as_str().to_owned()
            })
            .collect();
        touched.dedup();
        touched
    }
}

fn meeting(day: &str) -> OccasionPlan {
    OccasionPlan::at(When::Exact {
        date: day.parse::<NaiveDate>().unwrap(),
        start: NaiveTime::from_hms_opt(13, 0, 0).unwrap(),
        end: NaiveTime::from_hms_opt(15, 0, 0),
    })
}

fn guards(refused: Result<impl std::fmt::Debug, Error>) -> Vec<Guard> {
    match refused.unwrap_err() {
        Error::Refused(refusal) => refusal.guards,
        other => panic!("{other:?}"),
    }
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
        let id = story
            .plan(Certainty::Confirmed, &meeting("2017-02-16"))
            .await;
        assert_eq!(story.last_touched().await, ["occasion"]);
        assert_eq!(story.page().await.unwrap().occasions, []);

        story.publish().await;
        let page = story.page().await.unwrap();
        assert_eq!(page.occasions.len(), 1);
        assert_eq!(story.upcoming().await[0].occasion, page.occasions[0]);

        let moved = meeting("2017-02-17");
        story.desk.change_occasion(id, &moved).await.unwrap();
        assert_eq!(story.page().await.unwrap(), page);
        let view = story.desk.occasion(id).await.unwrap();
        assert_eq!(view.working, moved);
        assert_eq!(view.public, Some(meeting("2017-02-16")));

        story.publish().await;
        let page = story.page().await.unwrap();
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
        let id = story
            .plan(Certainty::Tentative, &meeting("2017-02-16"))
            .await;
        story
            .plan(Certainty::Confirmed, &meeting("2017-03-23"))
            .await;
        story.publish().await;
        let before = story.page().await.unwrap();
        // What was not published yet stays so.
        story
            .desk
            .change_occasion(id, &meeting("2017-02-20"))
            .await
            .unwrap();

        story.clock.set(now() + TimeDelta::hours(1));
        let commits = story.commits().await;
        story
            .desk
            .cancel_occasion(id, " Lokalen är stängd ")
            .await
            .unwrap();
        assert_eq!(story.commits().await, commits.next());
        assert_eq!(story.last_touched().await, SHOWN);

        let mut expected = before;
        expected.occasions[0].status = OccasionStatus::Cancelled;
        expected.occasions[0].reason = Some("Lokalen är stängd".to_owned());
        expected.updated_at = "2017-01-20T10:00:00+01:00".to_owned();
        assert_eq!(story.page().await.unwrap(), expected);
        assert_eq!(story.upcoming().await[0].occasion, expected.occasions[0]);
        let feed = story.served("public.number").await;
        let told: serde_json::Value = serde_json::from_str(feed.last().unwrap()).unwrap();
        assert_eq!(told["change"], "changed");
        assert_eq!(told["slug"], "utvecklingsgruppen");
    });
}

#[test]
fn what_became_of_an_occasion_is_shown_at_once_and_for_good() {
    block_on(async {
        let story = Story::begin().await;
        let id = story
            .plan(Certainty::Tentative, &meeting("2017-02-16"))
            .await;
        story.publish().await;
        assert_eq!(
            guards(story.desk.complete_occasion(id).await),
            [Guard::Tentative]
        );

        story.desk.confirm_occasion(id).await.unwrap();
        assert_eq!(story.last_touched().await, SHOWN);
        let page = story.page().await.unwrap();
        assert_eq!(page.occasions[0].certainty, Certainty::Confirmed);
        let commits = story.commits().await;
        story.desk.confirm_occasion(id).await.unwrap();
        assert_eq!(story.commits().await, commits);

        story.desk.complete_occasion(id).await.unwrap();
        assert_eq!(story.last_touched().await, SHOWN);
        let page = story.page().await.unwrap();
        assert_eq!(page.occasions[0].status, OccasionStatus::TookPlace);
        let refused = guards(story.desk.cancel_occasion(id, "för sent").await);
        assert!(matches!(refused.as_slice(), [Guard::WrongState { .. }]));
    });
}

#[test]
fn what_nobody_saw_is_called_off_in_silence() {
    block_on(async {
        let story = Story::begin().await;
        let id = story
            .plan(Certainty::Confirmed, &meeting("2017-02-16"))
            .await;
        story.desk.cancel_occasion(id, "Fel dag").await.unwrap();
        assert_eq!(story.last_touched().await, ["occasion"]);
        story.publish().await;
        assert_eq!(story.page().await.unwrap().occasions, []);
        assert_eq!(story.upcoming().await, []);
    });
}

#[test]
fn an_event_that_is_hidden_takes_its_occasions_along_and_brings_them_back_as_they_are() {
    block_on(async {
        let story = Story::begin().await;
        let id = story
            .plan(Certainty::Confirmed, &meeting("2017-02-16"))
            .await;
        story.publish().await;
        story.desk.hide_record(story.event).await.unwrap();
        assert_eq!(story.page().await, None);
        assert_eq!(story.upcoming().await, []);

        story
            .desk
            .cancel_occasion(id, "Lokalen är stängd")
            .await
            .unwrap();
        assert_eq!(story.last_touched().await, ["occasion"]);
        story.publish().await;
        let page = story.page().await.unwrap();
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
        let (event, theirs) = (story.event, meeting("2017-02-16"));
        let interposed = Interposed::new(story.store.clone(), async move {
            let planned = other.plan_occasion(event, Certainty::Confirmed, &theirs);
            planned.await.unwrap();
        });
        let desk = story.desk_over(interposed).await;
        let refused = desk.plan_occasion(event, Certainty::Tentative, &plan).await;
        assert_eq!(guards(refused), [Guard::TooManyOccasions { limit: 200 }]);

        let occasions = story.desk.occasions(event).await.unwrap();
        assert_eq!(occasions.len(), 200);
        // What is dated stands before what is not.
        assert_eq!(occasions[0].working, meeting("2017-02-16"));
        story.publish().await;
        assert_eq!(story.page().await.unwrap().occasions.len(), 200);
    });
}

#[test]
fn an_occasion_that_is_called_off_while_its_event_is_published_is_published_as_called_off() {
    block_on(async {
        let story = Story::begin().await;
        let id = story
            .plan(Certainty::Confirmed, &meeting("2017-02-16"))
            .await;
        story.publish().await;
        story
            .desk
            .change_occasion(id, &meeting("2017-02-20"))
            .await
            .unwrap();

        let other = story.desk.clone();
        let interposed = Interposed::new(story.store.clone(), async move {
            other
                .cancel_occasion(id, "Lokalen är stängd")
                .await
                .unwrap();
        });
        let desk = story.desk_over(interposed).await;
        desk.publish_record(story.event).await.unwrap();
        let page = story.page().await.unwrap();
        let [occasion] = page.occasions.as_slice() else {
            panic!("{page:?}");
        };
        assert_eq!(occasion.status, OccasionStatus::Cancelled);
        assert_eq!(occasion.when, meeting("2017-02-20").when);
    });
}

#[test]
fn a_plan_that_is_sent_twice_is_one_occasion() {
    block_on(async {
        let story = Story::begin().await;
        let key = CommitId::named("plan it once");
        let plan = meeting("2017-02-16");
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
        let id = story
            .plan(Certainty::Confirmed, &meeting("2017-02-16"))
            .await;
        story.desk.archive_record(story.event).await.unwrap();
        let refused = story
            .desk
            .plan_occasion(story.event, Certainty::Confirmed, &meeting("2017-02-23"))
            .await;
        assert_eq!(guards(refused), [Guard::Archived]);
        // What was planned before can still be called off.
        story
            .desk
            .cancel_occasion(id, "Gruppen är upplöst")
            .await
            .unwrap();
    });
}

#[test]
fn nobody_from_outside_reads_what_is_planned() {
    block_on(async {
        let story = Story::begin().await;
        let id = story
            .plan(Certainty::Confirmed, &meeting("2017-02-16"))
            .await;
        let cms = Cms::builder(story.store.clone()).open().await.unwrap();
        for actor in [Actor::visitor(), Actor::clock()] {
            let desk = cms.desk(actor);
            assert_eq!(guards(desk.occasion(id).await), [Guard::MayNotRead]);
            assert_eq!(
                guards(desk.occasions(story.event).await),
                [Guard::MayNotRead]
            );
        }
    });
}
