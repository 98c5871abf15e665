//! What a step means in the newsroom as it is.

use crate::cast::{HEADLINES, NAMES, Person, SLUGS, Who};
use crate::newsroom::{
    After, Ask, Consent, Content, Covers, Credit, CreditedTo, EVENT, Foretold, NOWHERE, Name,
    Newsroom, OfKind, OfferText, Past, Record, Text, Vocabulary, Written,
};
use crate::onward::{ahead, any_move};
use crate::steps::{By, Change, Draft, Pick, Seen, Step, What};

/// Everybody, in the order in which they are asked whether they may.
pub(crate) const EVERYBODY: [Who; 12] = [
    Who::Sol,
    Who::Liv,
    Who::NilsInBoth,
    Who::Vera,
    Who::Nils,
    Who::Mona,
    Who::Kim,
    Who::Bo,
    Who::Iris,
    Who::Ada,
    Who::Visitor,
    Who::Clock,
];

/// The command of a step, and who gives it.
pub(crate) fn resolve(newsroom: &Newsroom, step: Step) -> Option<(Who, Ask)> {
    match step {
        Step::Clock { .. } | Step::Reopen => None,
        Step::Move { which } => any_move(newsroom, usize::from(which)),
        Step::Ahead { edition, moves } => Some(ahead(newsroom, edition, moves)),
        Step::Give {
            by: By::One(who),
            what,
            ..
        } => Some((who, asked(newsroom, who, what))),
        Step::Give {
            by: By::Anyone(from),
            what,
            ..
        } => {
            let mut everybody = EVERYBODY;
            everybody.rotate_left(usize::from(from) % EVERYBODY.len());
            let of_older = (0..OLDER).map(|older| what.of_older(older));
            let given = of_older.flat_map(|what| everybody.map(|who| (who, what)));
            let given = given.map(|(who, what)| (who, asked(newsroom, who, what)));
            let mut plainly = given.clone();
            first_done(newsroom, given).or_else(|| plainly.next())
        }
    }
}

/// How many things a command is tried on, to find one that it fits.
pub(crate) const OLDER: u8 = 4;

/// The first command that would change something.
pub(crate) fn first_done(
    newsroom: &Newsroom,
    mut given: impl Iterator<Item = (Who, Ask)>,
) -> Option<(Who, Ask)> {
    let mut trial = Trial::of(newsroom);
    given.find(|(who, ask)| trial.is_done(*who, ask))
}

/// What would become of commands.
#[derive(Debug)]
pub(crate) struct Trial<'a> {
    newsroom: &'a Newsroom,
    tried: Newsroom,
}

impl<'a> Trial<'a> {
    pub(crate) fn of(newsroom: &'a Newsroom) -> Self {
        let tried = newsroom.clone();
        Self { newsroom, tried }
    }

    /// Whether a command would change something.
    pub(crate) fn is_done(&mut self, who: Who, ask: &Ask) -> bool {
        // What comes to nothing leaves the tables as they are.
        let done = self.tried.give(who, ask) == Foretold::Done;
        if done {
            self.tried.clone_from(self.newsroom);
        }
        done
    }
}

/// The row of a pick, counted from the newest.
pub(crate) fn row(pick: Pick, rows: usize) -> usize {
    if pick == Pick::GONE || rows == 0 {
        return NOWHERE;
    }
    rows - 1 - usize::from(pick.0) % rows
}

/// The revision that is named: where there is no such edition, none.
fn named(newsroom: &Newsroom, edition: usize, seen: Seen) -> usize {
    match seen {
        Seen::Head => newsroom
            .editions
            .get(edition)
            .map_or(NOWHERE, |edition| edition.head),
        Seen::Any(pick) => row(pick, newsroom.revisions.len()),
    }
}

/// The newest byline of a person that serves new works.
fn own_byline(newsroom: &Newsroom, person: Option<Person>) -> usize {
    let own = |byline: &crate::newsroom::Byline| Some(byline.person) == person && !byline.retired;
    newsroom.bylines.iter().rposition(own).unwrap_or(0)
}

fn words(byline: usize) -> Credit {
    Credit {
        words: true,
        by: CreditedTo::Byline(byline),
    }
}

fn changed(newsroom: &Newsroom, mut text: Text, change: Change) -> Text {
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
fn from_head(newsroom: &Newsroom, edition: usize, change: Change) -> Text {
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

fn name(unnamed: bool, name: Option<u8>) -> Name {
    Name {
        unnamed,
        name: name.map(|name| usize::from(name) % NAMES.len()),
    }
}

fn asked(newsroom: &Newsroom, who: Who, what: What) -> Ask {
    let edition_row = |pick| row(pick, newsroom.editions.len());
    let variant_row = |pick| row(pick, newsroom.variants.len());
    let task_row = |pick| row(pick, newsroom.tasks.len());
    match what {
        What::Propose {
            revises,
            unit,
            places,
            claim_by,
            version,
        } => Ask::Propose {
            revises: revises.map(task_row),
            offer: OfferText {
                unit: unit.map(usize::from),
                places: u32::from(places),
                claim_by: claim_by.map(i64::from),
                version,
            },
        },
        What::Task { task, event, blank } => Ask::Task {
            task: task_row(task),
            event,
            blank,
        },
        What::Claim(task) => Ask::Claim {
            task: task_row(task),
        },
        What::Release(claim) => Ask::Release {
            claim: row(claim, newsroom.claims.len()),
        },
        What::Admit(person) => Ask::Admit {
            person: usize::from(person),
        },
        What::Rest(person) => Ask::Rest {
            person: usize::from(person),
        },
        What::CreateByline {
            person,
            unnamed,
            name: shown,
        } => Ask::CreateByline {
            person: usize::from(person),
            name: name(unnamed, shown),
        },
        What::ChangeByline {
            byline,
            unnamed,
            name: shown,
            told,
        } => Ask::ChangeByline {
            byline: row(byline, newsroom.bylines.len()),
            name: name(unnamed, shown),
            past: told.map_or(Past::Unnamed, |told| Past::Renamed { told }),
        },
        What::GiveConsent {
            subject,
            image,
            thing,
        } => Ask::GiveConsent {
            subject: usize::from(subject),
            covers: if image {
                let of = |record: &Record| record.kind() == OfKind::Image;
                Covers::Image(among(newsroom, thing, of))
            } else {
                Covers::Quotes(variant_row(thing))
            },
        },
        What::WithdrawConsent(consent) => Ask::WithdrawConsent {
            consent: row(consent, newsroom.consents.len()),
        },
        What::Start {
            task,
            with,
            headline,
            english,
            change,
        } => {
            let text = sound(newsroom, who.roles().person, usize::from(headline));
            let text = changed(newsroom, Text { english, ..text }, change);
            let with = with.into_iter().flatten().map(usize::from).collect();
            Ask::Start {
                task: task.map(task_row),
                with,
                text,
            }
        }
        What::OpenEdition(variant) => Ask::OpenEdition {
            variant: variant_row(variant),
        },
        What::Save {
            edition,
            parent,
            change,
        } => {
            let edition = edition_row(edition);
            let text = from_head(newsroom, edition, change);
            Ask::Save {
                edition,
                parent: named(newsroom, edition, parent),
                text,
            }
        }
        What::Quote { edition, speaker } => quote(newsroom, edition_row(edition), speaker),
        What::Submit {
            edition,
            head,
            declared,
            ties,
        } => {
            let edition = edition_row(edition);
            Ask::Submit {
                edition,
                head: named(newsroom, edition, head),
                declared,
                ties,
            }
        }
        What::Accept { edition, head } => {
            let edition = edition_row(edition);
            Ask::Accept {
                edition,
                head: named(newsroom, edition, head),
            }
        }
        What::Approve { edition, head } => {
            let edition = edition_row(edition);
            Ask::Approve {
                edition,
                head: named(newsroom, edition, head),
            }
        }
        What::Publish {
            edition,
            head,
            slug,
        } => {
            let edition = edition_row(edition);
            let slug = slug.map(|slug| SLUGS[usize::from(slug) % SLUGS.len()]);
            Ask::Publish {
                edition,
                head: named(newsroom, edition, head),
                slug,
            }
        }
        What::Edition {
            edition,
            event,
            blank,
        } => Ask::Edition {
            edition: edition_row(edition),
            event,
            blank,
        },
        What::Unpublish {
            variant,
            after,
            elsewhere,
            blank,
        } => {
            let after = match after {
                0 => After::NotThere,
                1 => After::Gone("Sidan är borttagen."),
                2 => After::Gone(""),
                3 => After::AtTheEvent,
                _ => After::Elsewhere(variant_row(elsewhere)),
            };
            Ask::Unpublish {
                variant: variant_row(variant),
                after,
                blank,
            }
        }
        What::Page { variant, event } => Ask::Page {
            variant: variant_row(variant),
            event,
        },
        What::DropRedirect { variant, old } => {
            let variant = variant_row(variant);
            let newest = newsroom
                .variants
                .get(variant)
                .and_then(|page| page.old.first());
            let slug = match (old, newest) {
                (None, Some(slug)) => slug.clone(),
                (old, _) => SLUGS[usize::from(old.unwrap_or(0)) % SLUGS.len()].to_owned(),
            };
            Ask::DropRedirect { variant, slug }
        }
        What::PutPerson {
            person,
            name,
            account,
            note,
        } => Ask::PutPerson {
            changes: person.map(usize::from),
            written: Written {
                name: usize::from(name),
                account: account.map(usize::from),
                note: note.map(usize::from),
            },
        },
        What::LookUp(byline) => Ask::LookUp {
            byline: row(byline, newsroom.bylines.len()),
        },
        What::Put {
            changes,
            revision,
            content,
        } => put(newsroom, changes, revision, content),
        What::Record { record, event } => Ask::Record {
            record: row(record, newsroom.records.len()),
            event,
        },
        What::Plan {
            event,
            confirmed,
            plan,
        } => Ask::Plan {
            // The one that texts name, mostly.
            event: match event {
                Pick(0) => EVENT,
                pick => among(newsroom, pick, |record| record.kind() == OfKind::Event),
            },
            confirmed,
            plan,
        },
        What::ChangePlan { occasion, plan } => Ask::ChangePlan {
            occasion: row(occasion, newsroom.occasions.len()),
            plan,
        },
        What::Occasion {
            occasion,
            event,
            blank,
        } => Ask::Occasion {
            occasion: row(occasion, newsroom.occasions.len()),
            event,
            blank,
        },
    }
}

/// The row of a pick among the records of a sort.
fn among(newsroom: &Newsroom, pick: Pick, sort: impl Fn(&Record) -> bool) -> usize {
    let rows = 0..newsroom.records.len();
    let rows: Vec<_> = rows.filter(|row| sort(&newsroom.records[*row])).collect();
    rows.get(row(pick, rows.len())).copied().unwrap_or(NOWHERE)
}

fn put(newsroom: &Newsroom, changes: Option<Pick>, revision: Option<bool>, draft: Draft) -> Ask {
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

fn quote(newsroom: &Newsroom, edition: usize, speaker: u8) -> Ask {
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
