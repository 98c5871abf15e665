//! A newsroom in which everything there is stands in most states it can be in, and every private
//! field of it holds a word of its own: told once, for the tests that look at all of it.

#![allow(dead_code, reason = "each test looks at some of it")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a story that cannot be told has failed"
)]

mod articles;
mod assignments;
mod events;
mod people;
mod records;
mod words;

use std::sync::Arc;

use cmss::chrono::{DateTime, Utc};
use cmss::store::CommitId;
use cmss::values::{Lang, Locale};
use cmss::{Actor, Cms, Desk, MemoryStore, NewNewsroom, SeededIds, SetClock, Site};

pub(crate) use articles::Articles;
pub(crate) use assignments::Assignments;
pub(crate) use events::Events;
pub(crate) use people::People;
pub(crate) use records::Records;
pub(crate) use words::Words;

/// The newsroom, and what is in it.
pub(crate) struct Rich {
    pub(crate) cms: Cms,
    pub(crate) store: MemoryStore,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) words: Words,
    pub(crate) people: People,
    pub(crate) records: Records,
    pub(crate) events: Events,
    pub(crate) assignments: Assignments,
    pub(crate) articles: Articles,
}

/// An instant of the story.
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The language of the story.
pub(crate) fn swedish() -> Lang {
    Locale::Sv.into()
}

/// What the tellers share: the newsroom, and the time.
pub(crate) struct Told {
    pub(crate) cms: Cms,
    pub(crate) clock: Arc<SetClock>,
}

impl Told {
    /// A desk for one step of the story, whose key is the step's name.
    pub(crate) fn desk(&self, actor: &Actor, step: &str) -> Desk {
        self.cms
            .desk(actor.clone())
            .once(CommitId::named(&format!("step: {step}")))
    }

    /// The story goes on at this instant.
    pub(crate) fn later(&self, instant: &str) {
        self.clock.set(at(instant));
    }
}

impl Rich {
    /// Tells the whole story.
    pub(crate) async fn told() -> Self {
        let store = MemoryStore::new();
        let clock = Arc::new(SetClock::at(at("2026-03-02T08:00:00Z")));
        let mut words = Words::default();
        let newsroom = NewNewsroom {
            name: "Öppen stad".to_owned(),
            zone: cmss::chrono_tz::Europe::Stockholm,
            language: swedish(),
        };
        let ada = words.person("ada");
        let (cms, ada) = Cms::builder(store.clone())
            .clock(clock.clone())
            .ids(Arc::new(SeededIds::new("the rich newsroom")))
            .found(&newsroom, &ada)
            .await
            .unwrap();
        let told = Told {
            cms: cms.clone(),
            clock: clock.clone(),
        };
        let people = People::tell(&told, &mut words, ada).await;
        let records = Records::tell(&told, &mut words, &people).await;
        let events = Events::tell(&told, &mut words, &people, &records).await;
        let mut assignments =
            Assignments::tell(&told, &mut words, &people, &records, &events).await;
        let articles = Articles::tell(
            &told,
            &mut words,
            &people,
            &records,
            &events,
            &mut assignments,
        )
        .await;
        Self {
            cms,
            store,
            clock,
            words,
            people,
            records,
            events,
            assignments,
            articles,
        }
    }

    /// The public door.
    pub(crate) fn site(&self) -> Site {
        self.cms.site()
    }
}
