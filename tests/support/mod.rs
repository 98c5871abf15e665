//! The newsroom of the journeys: the one that programs get for their own tests, and what is asked of
//! an answer in more than one of them.

#![allow(unused_imports, dead_code, reason = "each journey takes some of it")]

use std::fmt::Debug;
use std::sync::Arc;

use cmss::store::Store;
use cmss::values::{Block, BlockContent, Quote, Span, Speaker};
use cmss::{Cms, ConsentId, Covers, Error, GiveConsent, Guard, PersonId, SeededIds, SetClock};
pub(crate) use cmss_testkit::Newsroom;
pub(crate) use cmss_testkit::newsroom::{declared, named, offer, start, text};

/// The newsroom that a store holds, at the hour at which it was founded.
pub(crate) async fn opened(store: impl Store, seed: &str) -> Cms {
    Cms::builder(store)
        .clock(Arc::new(SetClock::at(start())))
        .ids(Arc::new(SeededIds::new(seed)))
        .open()
        .await
        .unwrap()
}

/// A consent of somebody's, who was told what it is to.
pub(crate) fn consent(subject: PersonId, covers: Covers) -> GiveConsent {
    GiveConsent {
        subject,
        covers,
        informed: "1".to_owned(),
        evidence: None,
    }
}

/// The words of somebody who can be recognised, and has agreed to it.
pub(crate) fn quote(id: &str, words: &str, name: &str, consent: ConsentId) -> Block {
    Block {
        id: id.parse().unwrap(),
        content: BlockContent::Quote(Quote {
            spans: vec![Span::from(words)],
            speaker: Speaker::Identifiable {
                name: name.to_owned(),
                consent,
            },
        }),
    }
}

/// The guards that failed, of what must have been refused.
pub(crate) fn guards(answer: Result<impl Debug, Error>) -> Vec<Guard> {
    match answer {
        Err(Error::Refused(refusal)) => refusal.guards,
        other => panic!("{other:?}"),
    }
}

/// The same by their codes.
pub(crate) fn codes(answer: Result<impl Debug, Error>) -> Vec<String> {
    guards(answer).iter().map(Guard::code).collect()
}
