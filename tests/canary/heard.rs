//! What must not be heard, and where it would be.

use std::collections::BTreeSet;

use cmss::store::{LogRecord, Seq, Store, Stored};
use cmss::uuid::Uuid;

use crate::outside::{Answer, Questions};
use crate::rich::{Rich, at};

/// Every document there is.
pub(crate) async fn documents(store: &dyn Store) -> Vec<Stored> {
    let mut documents = Vec::new();
    loop {
        let after = documents.last().map(|stored: &Stored| stored.at.clone());
        let walked = store.walk(after.as_ref(), 100).await.unwrap();
        documents.extend(walked.docs);
        if !walked.more {
            return documents;
        }
    }
}

/// Every record of the log.
pub(crate) async fn log(store: &dyn Store) -> Vec<LogRecord> {
    let mut log: Vec<LogRecord> = Vec::new();
    loop {
        let after = log.last().map_or(Seq::ZERO, |last| last.seq);
        let changes = store.changes(after, 100).await.unwrap();
        if changes.records.is_empty() {
            return log;
        }
        log.extend(changes.records);
    }
}

pub(crate) fn is_public(stored: &Stored) -> bool {
    stored.at.collection.as_str().starts_with("public.")
}

/// What must not be heard, and what it is.
pub(crate) struct Secrets(pub(crate) Vec<(String, String)>);

impl Secrets {
    /// The words of private fields.
    pub(crate) fn words(rich: &Rich) -> Self {
        Self(rich.words.kept.clone())
    }

    /// The ids of private documents and of commits, in every spelling.
    pub(crate) async fn ids(rich: &Rich) -> Self {
        let mut ids = BTreeSet::new();
        for stored in documents(&rich.store).await {
            if !is_public(&stored) {
                ids.insert((format!("id in {}", stored.at.collection), stored.at.id));
            }
        }
        let log = log(&rich.store).await;
        ids.extend(
            log.iter()
                .map(|record| (format!("key of commit {}", record.seq), record.id.0)),
        );
        Self(
            ids.into_iter()
                .flat_map(|(what, id)| spellings(id).map(|id| (what.clone(), id)))
                .collect(),
        )
    }

    /// Those that are heard, each with where.
    pub(crate) fn heard(&self, answers: &[Answer]) -> Vec<String> {
        let mut heard = Vec::new();
        for Answer { question, answer } in answers {
            let answer = answer.to_lowercase();
            for (what, secret) in &self.0 {
                if answer.contains(&secret.to_lowercase()) {
                    heard.push(format!("{what} ({secret}) in: {question}"));
                }
            }
        }
        heard
    }
}

/// An id as text, and as the bytes of it.
pub(crate) fn spellings(id: Uuid) -> [String; 3] {
    let bytes = id.as_bytes().iter().map(|byte| char::from(*byte));
    [id.to_string(), id.simple().to_string(), bytes.collect()]
}

/// Everything the site can be asked, addresses and ids that are private among it.
pub(crate) async fn all_answers(rich: &Rich) -> Vec<Answer> {
    let mut slugs: Vec<String> = rich
        .articles
        .slugs
        .iter()
        .map(|slug| (*slug).into())
        .collect();
    slugs.extend(
        [
            "kvallsoppet",
            "kvallsoppet-bibliotek",
            "mentorer-pa-mottagningen",
            "dolt",
            "undanlagt",
            "utvecklingsdagen",
            "aldrig",
            "dold-dag",
            "bostad",
            "demokrati",
            "ide",
            "pilot",
            "skala-upp",
            "vilar",
            "masen",
            "liv",
            "tarnan",
            "nobody-ever-had-this",
        ]
        .map(str::to_owned),
    );
    slugs.extend([
        rich.people.sol.to_string(),
        rich.articles.draft.edition.to_string(),
    ]);
    let questions = Questions {
        slugs,
        times: [
            "2026-02-01T00:00:00Z",
            "2026-03-03T09:00:00Z",
            "2026-04-20T23:00:00Z",
        ]
        .map(at)
        .to_vec(),
        limits: vec![1, 3, 100],
    };
    questions.ask(&rich.site()).await
}

/// The words that something later was written over: no document holds them any more.
pub(crate) const WRITTEN_OVER: [&str; 2] = ["second draft: ties", "what the editor asks to change"];
