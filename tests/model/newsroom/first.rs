//! The records that all sequences begin with.

use chrono::{DateTime, Utc};

use super::{Content, Progress, Record, Vocabulary};
use crate::cast::TITLES;

/// The row of the event that texts name.
pub(crate) const EVENT: usize = 2;

/// The row of a field of projects.
const FIELD: usize = 3;

/// The rows of two stages: one with a number, and one in which a project has stopped.
pub(crate) const STAGES: [usize; 2] = [4, 5];

/// The records that a newsroom of these sequences begins with: two units, the event, a field of
/// projects that is public, two of the stages that are there from the start, a project, and
/// an image.
pub(super) fn records(at: DateTime<Utc>) -> Vec<Record> {
    let organisation = |title| Content::Organisation {
        title,
        parent: None,
    };
    let term = |vocabulary, slug, title, number, lessons| Content::Term {
        vocabulary,
        slug,
        title,
        alias: None,
        number,
        lessons,
    };
    let event = Content::Event {
        title: 0,
        slug: None,
        organiser: None,
    };
    let hidden = [organisation(3), organisation(4), event].map(Record::new);
    let public = [
        term(Vocabulary::Category, 2, 2, None, false),
        term(Vocabulary::Stage, 0, 7, Some(25), false),
        term(Vocabulary::Stage, 1, 8, None, true),
    ];
    let public = public.map(|content| Record {
        public: Some(content.clone()),
        first: Some(at),
        updated: Some(at),
        ..Record::new(content)
    });
    let project = Content::Project {
        title: 2,
        category: Some(FIELD),
        stage: Some(STAGES[0]),
        owner: Some(0),
        contact: true,
        lessons: true,
    };
    let project = Record {
        public: Some(project.clone()),
        slug: TITLES[2].1.map(str::to_owned),
        first: Some(at),
        updated: Some(at),
        progress: Some(Progress {
            reached: 25,
            stopped: false,
        }),
        ..Record::new(project)
    };
    let image = Record::new(Content::Image {
        title: 3,
        person: None,
    });
    hidden
        .into_iter()
        .chain(public)
        .chain([project, image])
        .collect()
}

/// What the feed has told of those: of each that is public and was not from the start.
pub(super) fn news(records: &[Record]) -> Vec<(&'static str, String)> {
    let mut feed = vec![("revalidate", String::new())];
    let pages = records.iter().filter_map(|record| record.slug.clone());
    feed.extend(pages.flat_map(|slug| [("appeared", slug), ("revalidate", String::new())]));
    feed
}
