//! How a changeset is judged: against one state, whole, before anything is staged.

use std::collections::{BTreeMap, BTreeSet};

use cmss_core::store::{
    Changeset, Conflict, DocRef, Entry, Expect, LogRecord, Range, Receipt, Seq, StoreError, Write,
};

use crate::engine::Engine;
use crate::layout;
use crate::proposal::Proposal;
use crate::reads::Tip;
use crate::records::{self, Head, Text};
use crate::staged::Staged;
use crate::view::View;

/// What a changeset that was not refused comes to.
pub(crate) enum Verdict {
    /// It is to be committed, in the place of these documents.
    Commit(Heads),
    /// It had been committed before.
    Replay(Receipt),
}

/// The heads of the documents that a changeset writes, and the commits that wrote them.
type Heads = BTreeMap<DocRef, Option<(Seq, Head)>>;

/// Judges a changeset.
pub(crate) fn judge<E: Engine>(
    view: &View<'_, E>,
    changeset: &Changeset,
) -> Result<Verdict, StoreError> {
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
    let written = changeset.writes.iter().map(Write::at);
    let heads = written.map(|at| Ok((at.clone(), view.head(at)?)));
    let heads = heads.collect::<Result<Heads, StoreError>>()?;
    for expect in &changeset.expect {
        judge_expectation(view, &heads, expect)?;
    }
    for write in &changeset.writes {
        judge_write(view, &heads, write)?;
    }
    Ok(Verdict::Commit(heads))
}

fn judge_expectation<E: Engine>(
    view: &View<'_, E>,
    heads: &Heads,
    expect: &Expect,
) -> Result<(), StoreError> {
    let version = |at| match heads.get(at) {
        Some(head) => Ok(head.as_ref().map(|(version, _)| *version)),
        None => view.version(at),
    };
    let conflict = match expect {
        Expect::Absent(at) => version(at)?.map(|current| Conflict::Present {
            at: at.clone(),
            current,
        }),
        Expect::At(at, expected) => {
            let current = version(at)?;
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

fn judge_write<E: Engine>(
    view: &View<'_, E>,
    heads: &Heads,
    write: &Write,
) -> Result<(), StoreError> {
    match write {
        Write::Remove { at } if !matches!(heads.get(at), Some(Some(_))) => {
            Err(Conflict::Missing { at: at.clone() }.into())
        }
        Write::Remove { .. } => Ok(()),
        Write::Put { entries, .. } => judge_uniqueness(view, heads, entries),
    }
}

fn judge_uniqueness<E: Engine>(
    view: &View<'_, E>,
    written: &Heads,
    entries: &[Entry],
) -> Result<(), StoreError> {
    for entry in entries.iter().filter(|entry| entry.is_unique()) {
        // What written documents hold is taken out first, and that no two of them claim one key
        // has been checked before.
        if let Some(by) = view.holder(entry.index(), entry.key())?
            && !written.contains_key(&by)
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

/// Stages a changeset that nothing speaks against, with its record and receipt; answers the tip after
/// it.
pub(crate) fn stage(
    staged: &mut Staged,
    tip: Tip,
    proposal: Proposal,
    replaced: Heads,
) -> (Tip, Receipt) {
    let record = proposal.record.chained(tip.chain, tip.seq.next());
    for (at, head) in replaced {
        if let Some((version, head)) = head {
            stage_removal(staged, &at, version, &head);
        }
    }
    for document in proposal.documents {
        document.stage(staged, record.seq);
    }
    let receipt = stage_record(staged, &record);
    let tip = Tip::of(&record);
    stage_tip(staged, tip);
    (tip, receipt)
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
