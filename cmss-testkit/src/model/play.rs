//! One sequence, played on a store and on the specification side by side.

use cmss_core::store::{
    Changeset, CommitId, DocRef, Expect, Line, Salt, Scan, Seq, Store, StoreError, Write,
};
use uuid::Uuid;

use super::calls::Call;
use super::specification::Specification;
use super::steps::{Content, Expectation, Step};
use crate::samples::{changeset, commit_id};
use crate::{Declined, Fixture, feed, lines};

/// Plays a sequence on a new store; answers the reason when reopening was declined.
pub(super) async fn play(
    fixture: &dyn Fixture,
    steps: &[Step],
) -> Result<Option<Declined>, StoreError> {
    let mut own = fixture.another();
    let mut store = own.open().await;
    let mut specification = Specification::default();
    let mut ids = 0;
    let mut declined = None;
    for step in steps {
        match step {
            Step::Commit {
                again,
                another_digest,
                expect,
                writes,
            } => {
                let number = match again {
                    Some(back) if u128::from(*back) < ids => ids - u128::from(*back),
                    _ => {
                        ids += 1;
                        ids
                    }
                };
                let writes = writes
                    .iter()
                    .map(|(at, content)| write(at, content.as_ref()));
                let mut change = changeset(number, writes);
                if *another_digest && again.is_some() {
                    change.digest.0[31] ^= 1;
                }
                let expect = expect.iter();
                change.expect = expect.map(|one| resolve(one, &specification)).collect();
                commit(&*store, &mut specification, change).await?;
            }
            Step::Reopen => {
                drop(store);
                match own.reopen().await {
                    Ok(reopened) => store = reopened,
                    Err(reason) => {
                        declined = Some(reason);
                        store = own.open().await;
                    }
                }
            }
            read => {
                for call in reads(read, ids) {
                    compare(&*store, &specification, &call).await?;
                }
            }
        }
    }
    compare_whole(&*store, &specification, fixture).await?;
    Ok(declined)
}

/// The write that puts this content, or removes.
pub(crate) fn write(at: &DocRef, content: Option<&Content>) -> Write {
    match content {
        None => Write::Remove { at: at.clone() },
        Some(content) => Write::Put {
            at: at.clone(),
            salt: Salt(std::array::from_fn(|byte| {
                content.salt.wrapping_add(byte as u8)
            })),
            body: content.body.as_str().into(),
            card: content.card.as_deref().map(Into::into),
            entries: content.entries.clone(),
        },
    }
}

/// The expectation in the present state: what is true of it, or what is just beside.
fn resolve(expectation: &Expectation, specification: &Specification) -> Expect {
    match expectation {
        Expectation::Document { at, beside } => {
            let version = specification.docs.get(at).map(|stored| stored.version);
            match (version, beside) {
                (None, false) => Expect::Absent(at.clone()),
                (None, true) => Expect::At(at.clone(), specification.seq()),
                (Some(version), false) => Expect::At(at.clone(), version),
                (Some(version), true) if version.0 % 2 == 0 => {
                    Expect::At(at.clone(), version.previous())
                }
                (Some(_), true) => Expect::Absent(at.clone()),
            }
        }
        Expectation::Members { range, beside } => {
            let found = specification.list(range).into_iter();
            let mut docs: std::collections::BTreeSet<_> = found.map(|(_, at)| at).collect();
            if let Some(at) = beside
                && !docs.remove(at)
            {
                docs.insert(at.clone());
            }
            Expect::Members {
                range: range.clone(),
                docs,
            }
        }
    }
}

async fn commit(
    store: &dyn Store,
    specification: &mut Specification,
    change: Changeset,
) -> Result<(), StoreError> {
    compare(store, specification, &Call::Commit(change.clone())).await?;
    specification.commit(&change);
    compare(store, specification, &Call::Get(Vec::new())).await
}

/// What a step reads.
fn reads(step: &Step, ids: u128) -> Vec<Call> {
    match step {
        Step::Get(refs) => vec![Call::Get(refs.clone())],
        Step::Scan {
            range,
            order,
            limit,
            want,
        } => vec![Call::Scan(Scan {
            range: range.clone(),
            order: *order,
            limit: *limit,
            want: *want,
        })],
        Step::Walk { after, limit } => vec![Call::Walk {
            after: after.clone(),
            limit: *limit,
        }],
        Step::Changes { after, limit } => vec![Call::Changes {
            after: Seq(*after),
            limit: *limit,
        }],
        Step::Receipt(back) => {
            let id = commit_id(ids.saturating_sub(u128::from(*back)));
            vec![Call::Receipt(id), Call::Receipt(CommitId(Uuid::max()))]
        }
        Step::Commit { .. } | Step::Reopen => Vec::new(),
    }
}

async fn compare(
    store: &dyn Store,
    specification: &Specification,
    call: &Call,
) -> Result<(), StoreError> {
    let answer = call.make(store).await?;
    assert!(
        specification.allows(call, &answer),
        "{call:?} was answered {answer:?}, of {specification:?}"
    );
    Ok(())
}

/// Compares all there is, and a store that is loaded with it.
async fn compare_whole(
    store: &dyn Store,
    specification: &Specification,
    fixture: &dyn Fixture,
) -> Result<(), StoreError> {
    let all = lines(store).await?;
    let docs = specification.docs.values().cloned().map(Line::Doc);
    let records = specification.log.iter().cloned().map(Line::Record);
    assert!(
        all.iter()
            .take(all.len() - 1)
            .cloned()
            .eq(docs.chain(records))
    );
    let mut twin = fixture.another();
    let twin = twin.open().await;
    assert_eq!(twin.load(feed(all.clone())).await?, specification.seq());
    assert_eq!(lines(&*twin).await?, all);
    Ok(())
}
