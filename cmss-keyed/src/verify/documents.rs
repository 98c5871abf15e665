//! Documents: head, body, entries and log belong together.

use cmss_core::store::{Change, Doc, Entry};

use crate::engine::Engine;
use crate::envelope;
use crate::layout::{self, Spot};
use crate::records::{self, Head, Listing, Text};

use super::{CorruptionKind, Examined, Location, Look, Pass, Unverified, at_key, weight};

/// Heads: each has its text or its body, and every entry it tells of stands where it should.
pub(super) struct Heads;

impl<E: Engine> Pass<E> for Heads {
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
        let head =
            (look.view).complete(key, value, |seq, payload| Some((seq, Head::read(payload)?)));
        let (version, head) = head.map_err(|error| at_key(key, error))?;
        if !head.entries.is_sorted_by(|a, b| a < b) {
            return Err(Location::Head(at).is(CorruptionKind::OutOfOrder));
        }

        let (is_long, cost) = match &head.text {
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
                (
                    false,
                    is_as_logged(look, &doc, || Location::Head(at.clone()))?,
                )
            }
            Text::Long(pieces) => {
                let place = layout::body(version, &at);
                let body = look.view.raw(&place)?;
                let body =
                    body.ok_or_else(|| Location::Body(at.clone()).is(CorruptionKind::Missing))?;
                let body =
                    envelope::open(&place, body.as_ref()).map_err(|error| at_key(&place, error))?;
                if body.more != *pieces {
                    return Err(Location::Head(at).is(CorruptionKind::Differs));
                }
                (true, 1)
            }
        };

        for entry in &head.entries {
            let key = layout::entry(entry.index(), entry.key(), &at);
            let found = (look.view).value(&key, |seq, payload| {
                let expected = Listing {
                    unique: holds(&head, entry),
                    long: is_long,
                    card: head.card.as_deref(),
                };
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
        examined.documents = examined.documents.saturating_add(1);
        Ok(head.entries.len().saturating_add(1).saturating_add(cost))
    }
}

/// Whether a document's entry at the place of this one is unique: where it is listed and unique,
/// one value stands for both.
fn holds(head: &Head, entry: &Entry) -> bool {
    let (index, key) = (entry.index().clone(), entry.key().clone());
    entry.is_unique() || head.entries.contains(&Entry::Unique { index, key })
}

/// Bodies: each has its head, and is the one that the record of its commit tells of.
pub(super) struct Bodies;

impl<E: Engine> Pass<E> for Bodies {
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
        match look.head(&at)? {
            Some((version, head)) if matches!(head.text, Text::Long(_)) => {
                if version != placed || version != doc.version {
                    return Err(Location::Body(at).is(CorruptionKind::OfAnotherCommit));
                }
            }
            _ => return Err(Location::Body(at).is(CorruptionKind::Stray)),
        }
        let read = is_as_logged(look, &doc, || Location::Body(at.clone()))?;
        Ok(weight(doc.body.len())
            .saturating_add(read)
            .saturating_add(1))
    }
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
