//! One sequence, played on a store and on the specification side by side.

use cmss_core::store::{
    Changeset, CommitId, DocRef, Expect, Line, Order, Salt, Scan, Seq, Store, StoreError, Write,
};
use uuid::Uuid;

use super::specification::{Foretold, Specification};
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
                    change.digest.0[0] ^= 1;
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
            read => compare(&*store, &specification, read, ids).await?,
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
            salt: Salt([content.salt; 16]),
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
    let foretold = specification.commit(&change);
    let answer = store.commit(change).await;
    match (&foretold, &answer) {
        (Foretold::Receipt(receipt), Ok(answer)) if receipt == answer => {}
        (Foretold::Refused(conflicts), Err(StoreError::Conflict(conflict)))
            if conflicts.contains(conflict) => {}
        (Foretold::Malformed, Err(StoreError::Malformed { .. })) => {}
        _ => panic!("foretold was {foretold:?}, the answer is {answer:?}"),
    }
    let as_of = store.get(&[]).await?.as_of;
    assert_eq!(as_of, specification.seq());
    Ok(())
}

async fn compare(
    store: &dyn Store,
    specification: &Specification,
    read: &Step,
    ids: u128,
) -> Result<(), StoreError> {
    match read {
        Step::Get(refs) => {
            let got = store.get(refs).await?;
            let docs = refs.iter().map(|at| specification.docs.get(at));
            assert!(
                got.docs
                    .into_iter()
                    .eq(docs.map(|stored| stored.map(|stored| stored.doc())))
            );
        }
        Step::Scan {
            range,
            order,
            limit,
            want,
        } => {
            let scan = Scan {
                range: range.clone(),
                order: *order,
                limit: *limit,
                want: *want,
            };
            compare_page(store, specification, scan).await?;
        }
        Step::Walk { after, limit } => {
            let walked = store.walk(after.as_ref(), *limit).await?;
            let rest = specification.docs.values();
            let rest: Vec<_> = rest
                .filter(|stored| Some(&stored.at) > after.as_ref())
                .collect();
            assert!(walked.docs.len() <= *limit);
            assert!(
                walked
                    .docs
                    .iter()
                    .eq(rest.iter().copied().take(walked.docs.len()))
            );
            assert_eq!(walked.more, walked.docs.len() < rest.len());
        }
        Step::Changes { after, limit } => {
            let changes = store.changes(Seq(*after), *limit).await?;
            let log = specification.log.iter();
            let log = log.filter(|record| record.seq.0 > *after).take(*limit);
            assert!(changes.records.iter().eq(log));
            assert_eq!(changes.as_of, specification.seq());
        }
        Step::Receipt(back) => {
            let id: CommitId = commit_id(ids.saturating_sub(u128::from(*back)));
            let record = specification.log.iter().find(|record| record.id == id);
            let receipt = store.receipt(id).await?;
            assert_eq!(
                receipt.map(|receipt| (receipt.seq, receipt.id, receipt.digest)),
                record.map(|record| (record.seq, record.id, record.digest))
            );
            assert_eq!(store.receipt(CommitId(Uuid::max())).await?, None);
        }
        Step::Commit { .. } | Step::Reopen => {}
    }
    Ok(())
}

/// Compares one page, and what is left for the pages after it.
async fn compare_page(
    store: &dyn Store,
    specification: &Specification,
    scan: Scan,
) -> Result<(), StoreError> {
    let all = specification.scan(&scan.range, scan.order, scan.want);
    let page = store.scan(&scan).await?;
    assert_eq!(page.as_of, specification.seq());
    assert!(page.hits.len() <= scan.limit);
    let (here, rest) = all.split_at(page.hits.len().min(all.len()));
    assert_eq!(page.hits, here);
    assert_eq!(page.next.is_some(), !rest.is_empty());
    if page.next.is_some() {
        assert!(!page.hits.is_empty(), "a page that gets nowhere");
        let mut range = scan.range;
        match scan.order {
            Order::Ascending => range.from = page.next,
            Order::Descending => range.until = page.next,
        }
        assert_eq!(specification.scan(&range, scan.order, scan.want), rest);
    }
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
