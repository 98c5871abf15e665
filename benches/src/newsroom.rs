//! A small newsroom that does what newsrooms do, and what it leaves in its store.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use cmss_core::store::{DocRef, LogRecord, Seq, Store, Stored};
use cmss_core::values::{Body, Locale};
use cmss_core::{
    Actor, ArticleText, BylineForm, BylineId, BylineName, Cms, Credit, CreditRole, CreditedTo,
    Declarations, Desk, Medium, NewArticle, NewNewsroom, NewPerson, PersonId, SeededIds, SetClock,
    StartedArticle, Term, TermId, Ties, Vocabulary,
};
use cmss_memory::MemoryStore;

use crate::Failure;

const REPORTERS: [&str; 8] = [
    "Asta Alm",
    "Bo Björk",
    "Cleo Cedergren",
    "Dag Dal",
    "Ebba Ek",
    "Folke Furu",
    "Greta Gran",
    "Hugo Hägg",
];
const TOPICS: [&str; 12] = [
    "boende",
    "vård",
    "arbete",
    "skola",
    "fritid",
    "trygghet",
    "transport",
    "ekonomi",
    "hälsa",
    "kultur",
    "miljö",
    "möten",
];

/// A newsroom in memory, with its cast.
pub(crate) struct Newsroom {
    pub(crate) store: MemoryStore,
    pub(crate) cms: Cms,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) editor: PersonId,
    reporters: Vec<(PersonId, BylineId)>,
    topics: Vec<TermId>,
}

/// When the newsroom is founded.
pub(crate) fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_438_400, 0).unwrap_or_default()
}

impl Newsroom {
    pub(crate) async fn found() -> Result<Self, Failure> {
        let store = MemoryStore::new();
        let clock = Arc::new(SetClock::at(start()));
        let founding = NewNewsroom {
            name: "Öppen stad".to_owned(),
            zone: chrono_tz::Europe::Stockholm,
            language: Locale::Sv.into(),
        };
        let (cms, admin) = Cms::builder(store.clone())
            .clock(clock.clone())
            .ids(Arc::new(SeededIds::new("small newsroom")))
            .found(&founding, &NewPerson::named("Ada Almgren"))
            .await?;
        let admin = cms.desk(Actor::new(admin).admin());
        let editor = admin
            .put_person(None, &NewPerson::named("Vera Vinge"))
            .await?;
        let desk = cms.desk(Actor::new(editor).editor());
        let mut reporters = Vec::new();
        for name in REPORTERS {
            let person = admin.put_person(None, &NewPerson::named(name)).await?;
            desk.admit_reporter(person, &[Medium::Text]).await?;
            let byline = BylineName {
                form: BylineForm::FullName,
                name: Some(name.to_owned()),
            };
            reporters.push((person, desk.create_byline(person, &byline).await?));
        }
        let mut topics = Vec::new();
        for label in TOPICS {
            let slug = label.replace(['å', 'ä'], "a").replace('ö', "o");
            let term = Term {
                vocabulary: Vocabulary::Topic,
                slug: slug.parse()?,
                label: label.to_owned(),
                aliases: Vec::new(),
                progress: None,
                requires_lessons: false,
            };
            let id = desk.put_term(None, &term).await?;
            desk.publish_record(id).await?;
            topics.push(id);
        }
        Ok(Self {
            store,
            cms,
            clock,
            editor,
            reporters,
            topics,
        })
    }

    pub(crate) fn desk(&self) -> Desk {
        self.cms.desk(Actor::new(self.editor).editor())
    }

    /// A text of so many bytes, by two people, handed in; what it is about follows from its place.
    pub(crate) async fn handed_in(
        &self,
        place: usize,
        headline: &str,
        bytes: usize,
    ) -> Result<StartedArticle, Failure> {
        let cast = self.reporters.iter().cycle().skip(place);
        let two: Vec<_> = cast.take(2).copied().collect();
        let [(writer, first), (with, second)] = two[..] else {
            return Err("there are no reporters".into());
        };
        let credit = |byline| Credit {
            role: CreditRole::Text,
            by: CreditedTo::Byline(byline),
        };
        let about = self.topics.iter().cycle().skip(place * 2);
        let article = NewArticle {
            assignment: None,
            co_authors: vec![with],
            text: ArticleText {
                headline: headline.to_owned(),
                lead: prose(220),
                language: Locale::Sv.into(),
                body: Body::from_plain_text(&prose(bytes)),
                credits: vec![credit(first), credit(second)],
                topics: about.take(2).copied().collect(),
                projects: Vec::new(),
                events: Vec::new(),
            },
        };
        let declared = Declarations {
            no_client_information: true,
            ties: Ties::Nothing(true),
        };
        let begun = self
            .cms
            .desk(Actor::new(writer).reporter())
            .start_article(&article)
            .await?;
        self.cms
            .desk(Actor::new(writer).reporter())
            .submit(begun.edition, begun.head, &declared)
            .await?;
        let co_author = self.cms.desk(Actor::new(with).reporter());
        co_author.accept_edit(begun.edition, begun.head).await?;
        Ok(begun)
    }

    /// The same, approved.
    pub(crate) async fn approved(
        &self,
        place: usize,
        headline: &str,
        bytes: usize,
    ) -> Result<StartedArticle, Failure> {
        let begun = self.handed_in(place, headline, bytes).await?;
        self.desk().approve(begun.edition, begun.head).await?;
        Ok(begun)
    }

    /// The same, live.
    pub(crate) async fn published(
        &self,
        place: usize,
        headline: &str,
        bytes: usize,
    ) -> Result<(), Failure> {
        let begun = self.approved(place, headline, bytes).await?;
        self.desk().publish(begun.edition, begun.head, None).await?;
        Ok(())
    }

    /// Puts the clock so many minutes after the founding.
    pub(crate) fn minute(&self, minutes: i64) -> DateTime<Utc> {
        let now = start() + TimeDelta::minutes(minutes);
        self.clock.set(now);
        now
    }
}

/// All that a store holds.
pub(crate) async fn everything(
    store: &dyn Store,
) -> Result<(Vec<Stored>, Vec<LogRecord>), Failure> {
    let mut docs: Vec<Stored> = Vec::new();
    loop {
        let after: Option<DocRef> = docs.last().map(|doc| doc.at.clone());
        let walked = store.walk(after.as_ref(), 1_000).await?;
        docs.extend(walked.docs);
        if !walked.more {
            break;
        }
    }
    let mut records: Vec<LogRecord> = Vec::new();
    loop {
        let after = records.last().map_or(Seq::ZERO, |record| record.seq);
        let changes = store.changes(after, 1_000).await?;
        if changes.records.is_empty() {
            return Ok((docs, records));
        }
        records.extend(changes.records);
    }
}

/// Paragraphs of so many bytes in all.
fn prose(bytes: usize) -> String {
    let sentence = "På mötet talade de boende om hissen, om tvättstugan och om vem som svarar. ";
    let mut text = String::new();
    while text.len() < bytes {
        text.push_str(sentence);
        if text.len() % 700 < sentence.len() {
            text.push_str("\n\n");
        }
    }
    text.truncate(text.floor_char_boundary(bytes));
    text
}
