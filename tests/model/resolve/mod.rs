//! What a step means in the newsroom as it is.

mod records;
mod texts;
mod trial;

use crate::cast::{NAMES, SLUGS, Who};
use crate::newsroom::{
    After, Ask, Covers, EVENT, NOWHERE, Name, Newsroom, OfKind, OfferText, Past, Record, Text,
    Written,
};
use crate::onward::{ahead, any_move};
use crate::steps::{By, Pick, Seen, Step, What};

use records::{among, put};
pub(crate) use texts::sound;
use texts::{changed, from_head, quote};
pub(crate) use trial::{Trial, first_done};

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
