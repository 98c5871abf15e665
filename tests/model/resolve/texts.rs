//! Texts, by what is changed of them.

use super::{named, row};
use crate::cast::{HEADLINES, NAMES, Person};
use crate::newsroom::{Ask, Byline, Consent, Covers, Credit, CreditedTo, NOWHERE, Newsroom, Text};
use crate::steps::{Change, Seen};

/// The newest byline of a person that serves new works.
fn own_byline(newsroom: &Newsroom, person: Option<Person>) -> usize {
    let own = |byline: &Byline| Some(byline.person) == person && !byline.retired;
    newsroom.bylines.iter().rposition(own).unwrap_or(0)
}

fn words(byline: usize) -> Credit {
    Credit {
        words: true,
        by: CreditedTo::Byline(byline),
    }
}

pub(super) fn changed(newsroom: &Newsroom, mut text: Text, change: Change) -> Text {
    let byline = |pick| row(pick, newsroom.bylines.len());
    match change {
        Change::Nothing => {}
        Change::Headline(headline) => text.headline = usize::from(headline) % HEADLINES.len(),
        Change::Lead(lead) => text.lead = lead,
        Change::Paragraphs(paragraphs) => text.paragraphs = paragraphs,
        Change::Quote { speaker, consent } => {
            text.quote = Some((usize::from(speaker), row(consent, newsroom.consents.len())));
        }
        Change::NoQuote => text.quote = None,
        Change::NoCredit => text.credits.clear(),
        Change::Words(pick) => text.credits = vec![words(byline(pick))],
        Change::Photos(pick) => {
            text.credits.truncate(1);
            text.credits.push(Credit {
                words: false,
                by: CreditedTo::Byline(byline(pick)),
            });
        }
        Change::Name(name) => {
            let by = CreditedTo::Name(usize::from(name) % NAMES.len());
            text.credits.truncate(1);
            text.credits.push(Credit { words: false, by });
        }
        Change::Language => text.english = !text.english,
        Change::Event => text.names_event = !text.names_event,
    }
    text
}

/// The head's text, changed; some text, where there is no such edition.
pub(super) fn from_head(newsroom: &Newsroom, edition: usize, change: Change) -> Text {
    let head = newsroom
        .editions
        .get(edition)
        .map(|edition| newsroom.text(edition.head).clone());
    let text = head.unwrap_or_else(|| sound(newsroom, None, 0));
    changed(newsroom, text, change)
}

/// A text that passes the gates, under a person's own byline.
pub(crate) fn sound(newsroom: &Newsroom, person: Option<Person>, headline: usize) -> Text {
    Text {
        headline,
        lead: 1,
        paragraphs: 1,
        quote: None,
        credits: vec![words(own_byline(newsroom, person))],
        english: false,
        names_event: false,
    }
}

pub(super) fn quote(newsroom: &Newsroom, edition: usize, speaker: u8) -> Ask {
    let article = newsroom
        .editions
        .get(edition)
        .map_or(NOWHERE, |edition| edition.variant);
    let valid = |c: &Consent| c.holds_for(Covers::Quotes(article));
    let Some(consent) = newsroom.consents.iter().rposition(valid) else {
        return Ask::GiveConsent {
            subject: 8,
            covers: Covers::Quotes(article),
        };
    };
    let mut text = from_head(newsroom, edition, Change::Nothing);
    text.quote = Some((usize::from(speaker), consent));
    Ask::Save {
        edition,
        parent: named(newsroom, edition, Seen::Head),
        text,
    }
}
