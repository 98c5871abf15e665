//! Defects that show in what is written.

use std::collections::BTreeMap;

use cmss_core::store::{
    Changeset, Collection, CommitId, Conflict, Digest, DocRef, Entry, Expect, Index, Intake, Key,
    Limits, Line, Lines, Order, Position, Range, Receipt, Salt, Scan, Seq, Store, StoreError,
    Stored, Want, Write,
};
use cmss_memory::MemoryStore;
use cmss_testkit::feed;
use uuid::Uuid;

use crate::defect::Defect;

/// The body of a document that ought to be gone.
pub(crate) const GONE: &str = "gone";

/// Commits with the defect.
pub(crate) async fn commit(
    store: &MemoryStore,
    defect: Defect,
    mut change: Changeset,
) -> Result<Receipt, StoreError> {
    let before = documents(store).await?;
    tamper(defect, &before, &mut change);
    if let Some(refused) = misjudge(store, defect, &before, &change).await? {
        return Err(refused);
    }
    let sent = change.clone();
    if defect == Defect::ReplayReapplies && store.receipt(change.id).await?.is_some() {
        let seq = store.changes(Seq::ZERO, 1).await?.as_of;
        change.id = CommitId(Uuid::from_u128(u128::from(seq.0) << 64));
    }
    match store.commit(change).await {
        Ok(receipt) => Ok(Receipt {
            id: sent.id,
            ..receipt
        }),
        Err(error) => refuse(store, defect, sent, error).await,
    }
}

/// Everything there is; the defective stores are small.
pub(crate) async fn documents(store: &MemoryStore) -> Result<BTreeMap<DocRef, Stored>, StoreError> {
    let walked = store.walk(None, store.limits().page).await?;
    let docs = walked.docs.into_iter();
    Ok(docs.map(|stored| (stored.at.clone(), stored)).collect())
}

/// Changes what is asked for.
fn tamper(defect: Defect, before: &BTreeMap<DocRef, Stored>, change: &mut Changeset) {
    match defect {
        Defect::NoteDropped => change.note = "[]".into(),
        Defect::AbsentUnjudged => change
            .expect
            .retain(|one| !matches!(one, Expect::Absent(_))),
        Defect::AtUnjudged => change.expect.retain(|one| !matches!(one, Expect::At(..))),
        Defect::MembersUnjudged | Defect::StaleSets => {
            change
                .expect
                .retain(|one| !matches!(one, Expect::Members { .. }));
        }
        Defect::LastExpectationOnly => {
            change.expect = change.expect.pop().into_iter().collect();
        }
        Defect::UntilInclusive => {
            for expect in &mut change.expect {
                if let Expect::Members { range, .. } = expect {
                    include_until(range);
                }
            }
        }
        _ => {}
    }
    for write in &mut change.writes {
        tamper_write(defect, before, write);
    }
}

fn tamper_write(defect: Defect, before: &BTreeMap<DocRef, Stored>, write: &mut Write) {
    if let Write::Remove { at } = write
        && defect == Defect::RemoveLeavesEntries
        && let Some(stored) = before.get(at)
    {
        *write = Write::Put {
            at: at.clone(),
            salt: stored.salt,
            body: GONE.into(),
            card: None,
            entries: stored.entries.clone(),
        };
    }
    let Write::Put {
        at,
        body,
        card,
        entries,
        ..
    } = write
    else {
        return;
    };
    match defect {
        Defect::BodyTrimmed => *body = body.trim().into(),
        Defect::CardDropped => *card = None,
        Defect::CollectionIgnored => at.collection = Collection::new("thing"),
        Defect::StaleEntryKept => {
            entries.extend(
                before
                    .get(at)
                    .into_iter()
                    .flat_map(|stored| stored.entries.clone()),
            );
        }
        Defect::UniquenessUnjudged => rewrite(entries, |index, key, _| (index, key, false)),
        Defect::EverythingUnique => rewrite(entries, |index, key, _| (index, key, true)),
        Defect::KeysAsText => rewrite(entries, |index, key, unique| {
            let text = String::from_utf8_lossy(&key.0).into_owned();
            (index, Key(text.into_bytes()), unique)
        }),
        Defect::IndexNamesCut => {
            rewrite(entries, |index, key, unique| (cut(&index), key, unique));
        }
        _ => {}
    }
}

fn rewrite(entries: &mut [Entry], to: impl Fn(Index, Key, bool) -> (Index, Key, bool)) {
    for entry in entries {
        let (index, key) = (entry.index().clone(), entry.key().clone());
        *entry = match to(index, key, entry.is_unique()) {
            (index, key, true) => Entry::Unique { index, key },
            (index, key, false) => Entry::Listed { index, key },
        };
    }
}

/// The first letter of an index's name.
pub(crate) fn cut(index: &Index) -> Index {
    let first = index.as_str()[..1].to_owned();
    Index::try_from(first).expect("one letter of a name is a name")
}

/// Takes the document at the end of a range in.
pub(crate) fn include_until(range: &mut Range) {
    if let Some(Position { key, at: Some(at) }) = range.until.take_if(|until| until.at.is_some()) {
        range.until = Some(Position::after(key, at));
    }
}

/// Refuses what ought to be taken.
async fn misjudge(
    store: &MemoryStore,
    defect: Defect,
    before: &BTreeMap<DocRef, Stored>,
    change: &Changeset,
) -> Result<Option<StoreError>, StoreError> {
    let limits = store.limits();
    match defect {
        Defect::LimitsExclusive => {
            let tight = Limits {
                body: limits.body - 1,
                card: limits.card - 1,
                key: limits.key - 1,
                entries: limits.entries - 1,
                note: limits.note - 1,
                writes: limits.writes - 1,
                expectations: limits.expectations - 1,
                changeset: limits.changeset - 1,
                page: limits.page,
            };
            Ok(change.check(&limits).and(change.check(&tight)).err())
        }
        Defect::JudgedBeforeChecked if !change.expect.is_empty() => {
            Ok(change.check(&limits).is_err().then(|| {
                Conflict::Missing {
                    at: change.writes[0].at().clone(),
                }
                .into()
            }))
        }
        Defect::ExpectationsJudgedAfter => {
            Ok(change.expect.iter().find_map(|expect| match expect {
                Expect::Absent(at) if change.writes.iter().any(|write| write.at() == at) => {
                    let (at, current) = (at.clone(), Seq(1));
                    Some(Conflict::Present { at, current }.into())
                }
                _ => None,
            }))
        }
        Defect::MembersCountsEntries => {
            for expect in &change.expect {
                if let Expect::Members { range, docs } = expect {
                    let scan = Scan {
                        range: range.clone(),
                        order: Order::Ascending,
                        limit: limits.page,
                        want: Want::Nothing,
                    };
                    if store.scan(&scan).await?.hits.len() != docs.len() {
                        let index = range.index.clone();
                        return Ok(Some(Conflict::Members { index }.into()));
                    }
                }
            }
            Ok(None)
        }
        Defect::UniquenessBeforeRemoval => Ok(taken(before, change).map(Into::into)),
        _ => Ok(None),
    }
}

/// A claim on a key that another document holds, be it written or not.
fn taken(before: &BTreeMap<DocRef, Stored>, change: &Changeset) -> Option<Conflict> {
    change.writes.iter().find_map(|write| {
        let Write::Put { at, entries, .. } = write else {
            return None;
        };
        let claims = entries.iter().filter(|entry| entry.is_unique());
        claims.into_iter().find_map(|claim| {
            let mut others = before.values().filter(|stored| stored.at != *at);
            let holder = others.find(|stored| stored.entries.contains(claim))?;
            Some(Conflict::Taken {
                index: claim.index().clone(),
                key: claim.key().clone(),
                by: holder.at.clone(),
            })
        })
    })
}

/// Makes something else of a refusal.
async fn refuse(
    store: &MemoryStore,
    defect: Defect,
    change: Changeset,
    error: StoreError,
) -> Result<Receipt, StoreError> {
    let passed_over = Receipt {
        seq: Seq::ZERO,
        id: change.id,
        digest: change.digest,
    };
    match (defect, &error) {
        (Defect::MalformedTaken, StoreError::Malformed { .. })
        | (Defect::LimitsIgnored, StoreError::Limit { .. })
        | (Defect::MissingIgnored, StoreError::Conflict(Conflict::Missing { .. })) => {
            return Ok(passed_over);
        }
        (Defect::KeyReuseUnnoticed, StoreError::Conflict(Conflict::KeyReused { .. })) => {
            return Ok(store.receipt(change.id).await?.unwrap_or(passed_over));
        }
        (Defect::SeqSkippedOnConflict, StoreError::Conflict(_)) => {
            trace(store, None).await?;
        }
        (Defect::RefusalWritesFirst, StoreError::Conflict(_)) => {
            let first = change.writes.into_iter().next();
            // Where the first write is what was refused, nothing comes of it.
            let _ = trace(store, first).await;
        }
        _ => {}
    }
    Err(error)
}

/// Commits something nobody asked for.
pub(crate) async fn trace(store: &MemoryStore, write: Option<Write>) -> Result<(), StoreError> {
    let seq = store.changes(Seq::ZERO, 1).await?.as_of;
    let write = write.unwrap_or_else(|| Write::Put {
        at: DocRef {
            collection: Collection::new("trace"),
            id: Uuid::from_u128(1),
        },
        salt: Salt([0; 16]),
        body: "{}".into(),
        card: None,
        entries: Vec::new(),
    });
    let change = Changeset {
        id: CommitId(Uuid::from_u128(u128::from(seq.0) << 96 | 1)),
        expect: Vec::new(),
        writes: vec![write],
        note: "[]".into(),
        digest: Digest::ZERO,
    };
    store.commit(change).await.map(drop)
}

/// These lines with an end line, should they have none.
pub(crate) fn sealed(lines: Lines) -> Result<Lines, StoreError> {
    let mut all = lines.collect::<Result<Vec<Line>, _>>()?;
    if !matches!(all.last(), Some(Line::End(_))) {
        let mut intake = Intake::new();
        for line in &all {
            intake.take(line)?;
        }
        all.push(Line::End(intake.end()));
    }
    Ok(feed(all))
}
