//! What of a changeset is done before its turn, on the thread of who sends it.

use std::sync::Arc;

use cmss_core::store::{Changeset, DocRef, Entry, Salt, Seq, Unchained, Write};

use crate::envelope::Payload;
use crate::layout;
use crate::records::{self, Listing, Text};
use crate::staged::{self, Staged};

/// A changeset that has passed [`Changeset::check`], made ready for its turn: its texts are hashed,
/// and its values put together but for the number of the commit.
pub(crate) struct Proposal {
    pub(crate) changeset: Changeset,
    pub(crate) record: Unchained,
    /// What the changeset puts.
    pub(crate) documents: Vec<Document>,
    /// About how many bytes it writes.
    pub(crate) bytes: usize,
}

impl Proposal {
    pub(crate) fn of(mut changeset: Changeset) -> Self {
        let mut documents = Vec::with_capacity(changeset.writes.len());
        for write in &mut changeset.writes {
            if let Write::Put {
                at,
                salt,
                body,
                card,
                entries,
            } = write
            {
                entries.sort();
                entries.dedup();
                documents.push(Document::of(at, (*salt, body), card.as_deref(), entries));
            }
        }
        let bytes = documents.iter().map(Document::bytes);
        Self {
            bytes: bytes.fold(changeset.note.len(), usize::saturating_add),
            record: Unchained::of(&changeset),
            documents,
            changeset,
        }
    }
}

/// What a document is written as, but for the commit that writes it.
pub(crate) struct Document {
    /// Where its entries and head stand, and what stands there.
    values: Vec<(Vec<u8>, Payload)>,
    /// A text that has a place of its own.
    body: Option<(DocRef, Payload)>,
}

impl Document {
    /// Puts the values of a document together; its entries are sorted, each once.
    pub(crate) fn of(
        at: &DocRef,
        (salt, body): (Salt, &Arc<str>),
        card: Option<&str>,
        entries: &[Entry],
    ) -> Self {
        let long = Text::is_long(body);
        // Where an entry is both listed and unique, the unique one is the later and counts.
        let listed = entries.iter().map(|entry| {
            let unique = entry.is_unique();
            let place = layout::entry(entry.index(), entry.key(), at);
            (place, Listing { unique, long, card }.write())
        });
        let (text, body) = if long {
            let payload = records::write_body(salt, body);
            let text = Text::Long(staged::further(payload.len()));
            (text, Some((at.clone(), payload)))
        } else {
            (Text::Short(salt, body.clone()), None)
        };
        let mut values = Vec::with_capacity(entries.len().saturating_add(1));
        values.extend(listed);
        values.push((layout::head(at), records::write_head(&text, card, entries)));
        Self { values, body }
    }

    fn bytes(&self) -> usize {
        let values = self.values.iter().map(|(_, payload)| payload.len());
        let body = self.body.as_ref().map_or(0, |(_, payload)| payload.len());
        values.fold(body, usize::saturating_add)
    }

    /// Stages the document, over whatever removal was staged before.
    pub(crate) fn stage(self, staged: &mut Staged, version: Seq) {
        for (place, payload) in self.values {
            staged.put(place, version, payload);
        }
        if let Some((at, payload)) = self.body {
            staged.put(layout::body(version, &at), version, payload);
        }
    }
}
