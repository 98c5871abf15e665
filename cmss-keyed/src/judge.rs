//! How a changeset is judged: against one state, whole, before anything is staged.

use std::collections::BTreeSet;
use std::sync::Arc;

use cmss_core::store::{
    Changeset, CommitId, Conflict, DocRef, Entry, Expect, LogRecord, Range, Receipt, Salt, Seq,
    StoreError, Unchained, Write,
};

use crate::engine::Engine;
use crate::layout;
use crate::reads::Tip;
use crate::records::{self, Head, Listing, Text};
use crate::staged::Staged;
use crate::view::View;

/// A changeset that has passed [`Changeset::check`], made ready for its turn: so much is done on the
/// thread of who sends it.
pub(crate) struct Proposal {
    changeset: Changeset,
    record: Unchained,
}

impl Proposal {
    pub(crate) fn of(mut changeset: Changeset) -> Self {
        let record = Unchained::of(&changeset);
        for write in &mut changeset.writes {
            if let Write::Put { entries, .. } = write {
                entries.sort();
                entries.dedup();
            }
        }
        Self { changeset, record }
    }

    pub(crate) const fn id(&self) -> CommitId {
        self.changeset.id
    }

    /// About how many bytes it writes.
    pub(crate) fn size(&self) -> usize {
        let writes = self.changeset.writes.iter().map(|write| match write {
            Write::Put { body, card, .. } => {
                let card = card.as_ref().map_or(0, |card| card.len());
                body.len().saturating_add(card)
            }
            Write::Remove { .. } => 0,
        });
        writes.fold(self.changeset.note.len(), usize::saturating_add)
    }
}

/// What a changeset that was not refused comes to.
pub(crate) enum Verdict {
    /// It is to be committed: what it stages, and the tip after it.
    Commit(Staged, Tip, Receipt),
    /// It had been committed before.
    Replay(Receipt),
}

/// Judges a changeset.
pub(crate) fn judge<E: Engine>(
    view: &View<'_, E>,
    tip: Tip,
    proposal: Proposal,
) -> Result<Verdict, StoreError> {
    let changeset = &proposal.changeset;
    if let Some(receipt) = view.receipt(changeset.id)? {
        return if receipt.digest == changeset.digest {
            Ok(Verdict::Replay(receipt))
        } else {
            Err(Conflict::KeyReused {
                id: receipt.id,
                seq: receipt.seq,
            }
            .into())
        };
    }
    for expect in &changeset.expect {
        judge_expectation(view, expect)?;
    }
    let replaced = judge_writes(view, &changeset.writes)?;
    Ok(stage(tip, proposal, replaced))
}

fn judge_expectation<E: Engine>(view: &View<'_, E>, expect: &Expect) -> Result<(), StoreError> {
    let conflict = match expect {
        Expect::Absent(at) => view.version(at)?.map(|current| Conflict::Present {
            at: at.clone(),
            current,
        }),
        Expect::At(at, expected) => {
            let current = view.version(at)?;
            (current != Some(*expected)).then(|| Conflict::Moved {
                at: at.clone(),
                expected: *expected,
                current,
            })
        }
        Expect::Members { range, docs } => {
            (!members_are(view, range, docs)?).then(|| Conflict::Members {
                index: range.index.clone(),
            })
        }
    };
    conflict.map_or(Ok(()), |conflict| Err(conflict.into()))
}

/// Whether exactly these documents stand in the range; stops at the first that should not.
fn members_are<E: Engine>(
    view: &View<'_, E>,
    range: &Range,
    docs: &BTreeSet<DocRef>,
) -> Result<bool, StoreError> {
    let mut missing: BTreeSet<&DocRef> = docs.iter().collect();
    for at in view.members(range) {
        let at = at?;
        if !docs.contains(&at) {
            return Ok(false);
        }
        missing.remove(&at);
    }
    Ok(missing.is_empty())
}

/// Judges the writes; answers the heads of what they replace, one for each write.
fn judge_writes<E: Engine>(
    view: &View<'_, E>,
    writes: &[Write],
) -> Result<Vec<Option<(Seq, Head)>>, StoreError> {
    let written: BTreeSet<&DocRef> = writes.iter().map(Write::at).collect();
    let mut replaced = Vec::with_capacity(writes.len());
    for write in writes {
        let head = view.head(write.at())?;
        match write {
            Write::Remove { at } if head.is_none() => {
                return Err(Conflict::Missing { at: at.clone() }.into());
            }
            Write::Remove { .. } => {}
            Write::Put { entries, .. } => judge_uniqueness(view, entries, &written)?,
        }
        replaced.push(head);
    }
    Ok(replaced)
}

fn judge_uniqueness<E: Engine>(
    view: &View<'_, E>,
    entries: &[Entry],
    written: &BTreeSet<&DocRef>,
) -> Result<(), StoreError> {
    for entry in entries.iter().filter(|entry| entry.is_unique()) {
        // What written documents hold is taken out first, and that no two of them claim one key
        // has been checked before.
        if let Some(by) = view.holder(entry.index(), entry.key())?
            && !written.contains(&by)
        {
            return Err(Conflict::Taken {
                index: entry.index().clone(),
                key: entry.key().clone(),
                by,
            }
            .into());
        }
    }
    Ok(())
}

/// Stages a changeset that nothing speaks against, with its record and receipt.
fn stage(tip: Tip, proposal: Proposal, replaced: Vec<Option<(Seq, Head)>>) -> Verdict {
    let Proposal { changeset, record } = proposal;
    let record = record.chained(tip.chain, tip.seq.next());
    let mut staged = Staged::new();
    for (write, head) in changeset.writes.into_iter().zip(replaced) {
        if let Some((version, head)) = head {
            stage_removal(&mut staged, write.at(), version, &head);
        }
        if let Write::Put {
            at,
            salt,
            body,
            card,
            entries,
        } = write
        {
            stage_document(&mut staged, record.seq, &at, (salt, body), card, entries);
        }
    }
    let receipt = stage_record(&mut staged, &record);
    let tip = Tip::of(&record);
    stage_tip(&mut staged, tip);
    Verdict::Commit(staged, tip, receipt)
}

fn stage_removal(staged: &mut Staged, at: &DocRef, version: Seq, head: &Head) {
    for entry in &head.entries {
        staged.remove(layout::entry(entry.index(), entry.key(), at), 0);
    }
    if let Text::Long(pieces) = head.text {
        staged.remove(layout::body(version, at), pieces);
    }
    staged.remove(layout::head(at), 0);
}

/// Stages a document over whatever removal was staged before; its entries are sorted, each once.
///
/// Where an entry is both listed and unique, the unique one is staged last and counts.
pub(crate) fn stage_document(
    staged: &mut Staged,
    version: Seq,
    at: &DocRef,
    (salt, body): (Salt, Arc<str>),
    card: Option<Arc<str>>,
    entries: Vec<Entry>,
) {
    let long = Text::is_long(&body);
    for entry in &entries {
        let place = layout::entry(entry.index(), entry.key(), at);
        let listing = Listing {
            unique: entry.is_unique(),
            long,
            card: card.as_deref(),
        };
        staged.put(place, version, listing.write());
    }
    let text = if long {
        let payload = records::write_body(salt, &body);
        Text::Long(staged.put(layout::body(version, at), version, payload))
    } else {
        Text::Short(salt, body)
    };
    let head = Head {
        text,
        card,
        entries,
    };
    staged.put(layout::head(at), version, head.write());
}

/// Stages a log record and the receipt of its commit.
pub(crate) fn stage_record(staged: &mut Staged, record: &LogRecord) -> Receipt {
    let payload = records::write_record(record);
    staged.put(layout::record(record.seq), record.seq, payload);
    staged.put(layout::receipt(record.id), record.seq, &record.digest.0);
    Receipt {
        seq: record.seq,
        id: record.id,
        digest: record.digest,
    }
}

pub(crate) fn stage_tip(staged: &mut Staged, tip: Tip) {
    staged.put(layout::tip(), tip.seq, &tip.chain.0);
}
