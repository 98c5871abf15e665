//! Records, by what was drawn of them.

use super::row;
use crate::newsroom::{Ask, Content, NOWHERE, Newsroom, OfKind, Record, Vocabulary};
use crate::steps::{Draft, Pick};

/// The row of a pick among the records of a sort.
pub(super) fn among(newsroom: &Newsroom, pick: Pick, sort: impl Fn(&Record) -> bool) -> usize {
    let rows = 0..newsroom.records.len();
    let rows: Vec<_> = rows.filter(|row| sort(&newsroom.records[*row])).collect();
    rows.get(row(pick, rows.len())).copied().unwrap_or(NOWHERE)
}

pub(super) fn put(
    newsroom: &Newsroom,
    changes: Option<Pick>,
    revision: Option<bool>,
    draft: Draft,
) -> Ask {
    let kind = draft.kind;
    // Where there is none yet, it is a new one.
    let some = newsroom.records.iter().any(|record| record.kind() == kind);
    let changes = changes.filter(|pick| some || *pick == Pick::GONE);
    let changes = changes.map(|pick| among(newsroom, pick, |record| record.kind() == kind));
    let there = changes.and_then(|row| newsroom.records.get(row));
    let now = there.map_or(1, |record| record.revision);
    Ask::Put {
        changes,
        revision: revision.map(|right| if right { now } else { now + 1 }),
        content: content(newsroom, there, draft),
    }
}

fn content(newsroom: &Newsroom, there: Option<&Record>, draft: Draft) -> Content {
    let title = usize::from(draft.title);
    let [first, second, third] = draft.refers;
    let organisation = |pick: Option<Pick>| {
        let of = |record: &Record| record.kind() == OfKind::Organisation;
        pick.map(|pick| among(newsroom, pick, of))
    };
    let term = |pick: Option<Pick>, wanted: Vocabulary| {
        let of = |record: &Record| {
            let vocabulary = match record.working {
                Content::Term { vocabulary, .. } => vocabulary,
                _ => return false,
            };
            // Now and then of another vocabulary.
            vocabulary == wanted || draft.name == 0
        };
        pick.map(|pick| among(newsroom, pick, of))
    };
    match draft.kind {
        OfKind::Organisation => Content::Organisation {
            title,
            parent: organisation(third),
        },
        OfKind::Term => {
            use Vocabulary::{Category, Stage, Topic};
            let drawn = [Topic, Category, Stage][usize::from(draft.vocabulary)];
            let number = draft.other.map(|number| 10 * number);
            let (vocabulary, slug) = match there.map(|record| &record.working) {
                // What never changes, mostly stays.
                Some(Content::Term {
                    vocabulary, slug, ..
                }) if draft.flags[0] => (*vocabulary, *slug),
                _ => (drawn, usize::from(draft.name)),
            };
            let staged = vocabulary == Stage || !draft.flags[0];
            Content::Term {
                vocabulary,
                slug,
                title,
                alias: draft.other.map(usize::from).filter(|_| draft.flags[1]),
                number: number.filter(|_| staged),
                lessons: staged && draft.flags[1],
            }
        }
        OfKind::Image => Content::Image {
            title,
            person: third.map(|pick| row(pick, newsroom.consents.len())),
        },
        OfKind::Project => Content::Project {
            title,
            category: term(first, Vocabulary::Category),
            stage: term(second, Vocabulary::Stage),
            owner: organisation(third),
            contact: draft.flags[0],
            lessons: draft.flags[1],
        },
        OfKind::Event => Content::Event {
            title,
            slug: draft.other.map(|slug| usize::from(slug) % 3),
            organiser: organisation(third),
        },
    }
}
