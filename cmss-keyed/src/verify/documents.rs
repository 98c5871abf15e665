//! Documents: head, body, entries and log belong together.

use cmss_core::store::{Change, Doc, DocRef, Entry, Seq};

use crate::engine::Engine;
use crate::envelope;
use crate::layout::{self, Spot};
use crate::records::{self, Head, Listing, Text};

use super::tally::{Tally, Thing, Way};
use super::{CorruptionKind, Examined, Location, Look, Pass, Unverified, at_key, weight};

/// Heads: each has its text or its body, and every entry it tells of stands where it should.
pub(super) struct Heads<'a>(pub(super) Way<'a>);

impl<E: Engine> Pass<E> for Heads<'_> {
    fn visit(
        &mut self,
        look: &Look<'_, E>,
        key: &[u8],
        value: &[u8],
        examined: &mut Examined,
    ) -> Result<usize, Unverified> {
        let Some(Spot::Head(at)) = Spot::of(key) else {
            return Err(Location::of(key).is(CorruptionKind::Stray));
        };
        if self.0.is_even_for(&at) {
            return Ok(1);
        }
        let head =
            (look.view).complete(key, value, |seq, payload| Some((seq, Head::read(payload)?)));
        let (version, head) = head.map_err(|error| at_key(key, error))?;
        if !head.entries.is_sorted_by(|a, b| a < b) {
            return Err(Location::Head(at).is(CorruptionKind::OutOfOrder));
        }
        let cost = match &head.text {
            Text::Short(_, text) if Text::is_long(text) => {
                return Err(Location::Head(at).is(CorruptionKind::Differs));
            }
            Text::Short(salt, text) => {
                let doc = Doc {
                    at: at.clone(),
                    version,
                    salt: *salt,
                    body: text.clone(),
                };
                is_as_logged(look, &doc, || Location::Head(at.clone()))?
            }
            Text::Long(_) => 0,
        };
        match &mut self.0 {
            Way::AddUp(tally) => add_up(tally, &at, version, &head),
            Way::LookUp(_) => look_up(look, &at, version, &head)?,
        }
        examined.documents = examined.documents.saturating_add(1);
        Ok(head.entries.len().saturating_add(1).saturating_add(cost))
    }
}

/// Adds up what a head tells of.
fn add_up(tally: &mut Tally, at: &DocRef, version: Seq, head: &Head) {
    if let Text::Long(pieces) = head.text {
        tally.tell(at, &Thing::Body(version, version, pieces));
    }
    for (entry, listing) in listings(head) {
        let key = layout::entry(entry.index(), entry.key(), at);
        tally.tell(at, &Thing::Entry(&key, version, listing));
    }
}

/// Looks up what a head tells of.
fn look_up<E: Engine>(
    look: &Look<'_, E>,
    at: &DocRef,
    version: Seq,
    head: &Head,
) -> Result<(), Unverified> {
    if let Text::Long(pieces) = head.text {
        let place = layout::body(version, at);
        let body = look.view.raw(&place)?;
        let body = body.ok_or_else(|| Location::Body(at.clone()).is(CorruptionKind::Missing))?;
        let body = envelope::open(&place, body.as_ref()).map_err(|error| at_key(&place, error))?;
        if body.more != pieces {
            return Err(Location::Head(at.clone()).is(CorruptionKind::Differs));
        }
    }
    for (entry, expected) in listings(head) {
        let key = layout::entry(entry.index(), entry.key(), at);
        let found = (look.view).value(&key, |seq, payload| {
            Some((seq, Listing::read(payload)? == expected))
        });
        let kind = match found.map_err(|error| at_key(&key, error))? {
            Some((seq, true)) if seq == version => continue,
            Some((seq, _)) if seq != version => CorruptionKind::OfAnotherCommit,
            Some(_) => CorruptionKind::Differs,
            None => CorruptionKind::Missing,
        };
        return Err(Location::of(&key).is(kind));
    }
    Ok(())
}

/// What is wrong with a document of which this was found: its head goes before what it tells of.
pub(super) fn judge<E: Engine>(look: &Look<'_, E>, at: &DocRef, found: Unverified) -> Unverified {
    let head = look.head(at);
    let looked_up = head.and_then(|head| match head {
        Some((version, head)) => look_up(look, at, version, &head),
        None => Ok(()),
    });
    looked_up.err().unwrap_or(found)
}

/// What stands at the entries of a head: where one is listed and unique, one value stands for both.
fn listings(head: &Head) -> impl Iterator<Item = (&Entry, Listing<'_>)> {
    let entries = head.entries.iter();
    let entries = entries.filter(|entry| entry.is_unique() || !has_unique(head, entry));
    entries.map(|entry| {
        let listing = Listing {
            unique: entry.is_unique(),
            long: matches!(head.text, Text::Long(_)),
            card: head.card.as_deref(),
        };
        (entry, listing)
    })
}

/// Whether a document has a unique entry at the place of this one.
fn has_unique(head: &Head, entry: &Entry) -> bool {
    let mut unique = head.entries.iter().filter(|other| other.is_unique());
    unique.any(|other| (other.index(), other.key()) == (entry.index(), entry.key()))
}

/// Bodies: each has its head, and is the one that the record of its commit tells of.
pub(super) struct Bodies<'a>(pub(super) Way<'a>);

impl<E: Engine> Pass<E> for Bodies<'_> {
    fn visit(
        &mut self,
        look: &Look<'_, E>,
        key: &[u8],
        value: &[u8],
        _: &mut Examined,
    ) -> Result<usize, Unverified> {
        let Some(Spot::Body(placed, at)) = Spot::of(key) else {
            return Err(Location::of(key).is(CorruptionKind::Stray));
        };
        if self.0.is_even_for(&at) {
            return Ok(1);
        }
        let looked_at = self.look_at(look, key, value, (placed, &at));
        looked_at.map_err(|error| judge(look, &at, error))
    }
}

impl Bodies<'_> {
    fn look_at<E: Engine>(
        &mut self,
        look: &Look<'_, E>,
        key: &[u8],
        value: &[u8],
        (placed, at): (Seq, &DocRef),
    ) -> Result<usize, Unverified> {
        let doc = look.view.complete(key, value, |version, payload| {
            let (salt, body) = records::read_body(payload)?;
            let at = at.clone();
            Some(Doc {
                at,
                version,
                salt,
                body,
            })
        });
        let doc = doc.map_err(|error| at_key(key, error))?;
        let logged = is_as_logged(look, &doc, || Location::Body(at.clone()));
        match &mut self.0 {
            Way::AddUp(tally) if logged.is_ok() => {
                let body = envelope::open(key, value).map_err(|error| at_key(key, error))?;
                tally.find(at, &Thing::Body(placed, doc.version, body.more));
            }
            // Where it belongs says more than what it is not.
            _ => belongs(look, placed, &doc)?,
        }
        Ok(weight(doc.body.len())
            .saturating_add(logged?)
            .saturating_add(1))
    }
}

/// Whether the head of a document tells of its body.
fn belongs<E: Engine>(look: &Look<'_, E>, placed: Seq, doc: &Doc) -> Result<(), Unverified> {
    let kind = match look.head(&doc.at)? {
        Some((version, head)) if matches!(head.text, Text::Long(_)) => {
            if version == placed && version == doc.version {
                return Ok(());
            }
            CorruptionKind::OfAnotherCommit
        }
        _ => CorruptionKind::Stray,
    };
    Err(Location::Body(doc.at.clone()).is(kind))
}

/// Whether a document is the one that the record of its commit tells of; answers what that cost.
fn is_as_logged<E: Engine>(
    look: &Look<'_, E>,
    doc: &Doc,
    location: impl FnOnce() -> Location,
) -> Result<usize, Unverified> {
    let record = layout::record(doc.version);
    let mut read = 0;
    let logged = look.view.value(&record, |_, payload| {
        read = payload.len();
        records::read_touch(payload, &doc.at)
    });
    match logged.map_err(|error| at_key(&record, error))? {
        Some(Some(Change::Put(digest))) if digest == doc.digest() => Ok(weight(read)),
        Some(_) => Err(location().is(CorruptionKind::NotAsLogged(doc.version))),
        None => Err(Location::Record(doc.version).is(CorruptionKind::Missing)),
    }
}
