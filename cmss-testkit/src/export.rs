//! Exports of a store that goes on working: what [`Export`] needs of R1, R6 and L1, and M3.
//!
//! Each rule plays half as many stores as [`Fixture::cases`] says; the environment variable
//! `PROPTEST_CASES` asks for another number, and `CMSS_SEED` for the same ones again.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use cmss_core::store::{Changeset, DocRef, Export, Limits, Lines, Seq, Store, StoreError, import};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::busy::Busy;
use crate::model::{Content, write, writes};
use crate::samples::changeset;
use crate::{Fixture, lines, seed};

type Writes = BTreeMap<DocRef, Option<Content>>;

/// What happens to a store while it is exported.
#[derive(Clone, Debug)]
struct Case {
    /// How many documents a walk hands out at a time.
    page: usize,
    before: Vec<Writes>,
    /// Before each read of the first export.
    during: Vec<Vec<Writes>>,
    /// Before each read of the export of what changed since.
    since: Vec<Vec<Writes>>,
}

fn case() -> impl Strategy<Value = Case> {
    let plan = || vec(vec(writes(), 0..3), 0..16);
    (1_usize..5, vec(writes(), 0..8), plan(), plan()).prop_map(|(page, before, during, since)| {
        Case {
            page,
            before,
            during,
            since,
        }
    })
}

/// R1, R6, L1, M3: whatever is committed between the reads of an export, it holds the store as it
/// was at one commit, whole; exported from where it was loaded, it is the same to the byte.
pub async fn an_export_of_a_busy_store_is_a_state_it_had(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    run(&*fixture, |case| {
        pollster::block_on(async {
            moved(fixture, &case, async |store| {
                loadable(vec![exported(store, Seq::ZERO).await?])
            })
            .await
        })
    });
    Ok(())
}

/// R1, R6, L1, M3: a whole export and one of what changed since, each of a busy store, are together
/// the store as it was at the last commit they tell of.
pub async fn an_export_of_what_changed_since_completes_one_before_it(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    run(&*fixture, |case| {
        pollster::block_on(async {
            let mut own = fixture.another();
            let busy = begun(own.open().await, &case).await?;
            busy.plan(planned(&case.during, 1_000));
            let whole = exported(&busy, Seq::ZERO).await?;
            let done = busy.done();
            busy.plan(planned(&case.since, 2_000));
            let since = exported(&busy, whole.0).await?;
            assert!(since.0 >= whole.0 && whole.0.0 <= done.len() as u64);
            assert_state(fixture, busy.done(), loadable(vec![whole, since])?).await
        })
    });
    Ok(())
}

/// Copies a busy store; what comes out is a state it had.
async fn moved(
    fixture: &dyn Fixture,
    case: &Case,
    copy: impl AsyncFn(&dyn Store) -> Result<(Seq, Lines), StoreError>,
) -> Result<(), StoreError> {
    let mut own = fixture.another();
    let busy = begun(own.open().await, case).await?;
    busy.plan(planned(&case.during, 1_000));
    let copied = copy(&busy).await?;
    assert_state(fixture, busy.done(), copied).await
}

/// A store in which something stands.
async fn begun(store: Arc<dyn Store>, case: &Case) -> Result<Busy, StoreError> {
    let busy = Busy::new(store, case.page);
    busy.plan([planned([&case.before], 0).concat()]);
    busy.get(&[]).await?;
    Ok(busy)
}

/// The changesets of a plan, each with a number of its own.
fn planned<'a>(
    plan: impl IntoIterator<Item = &'a Vec<Writes>>,
    numbers: u128,
) -> Vec<Vec<Changeset>> {
    let mut number = numbers;
    let mut change = |writes: &Writes| {
        number += 1;
        let writes = writes.iter();
        changeset(
            number,
            writes.map(|(at, content)| write(at, content.as_ref())),
        )
    };
    plan.into_iter()
        .map(|all| all.iter().map(&mut change).collect())
        .collect()
}

/// Asserts that these lines are the store as it was when the commit with this number was done.
async fn assert_state(
    fixture: &dyn Fixture,
    done: Vec<Changeset>,
    (seq, copied): (Seq, Lines),
) -> Result<(), StoreError> {
    let mut twin = fixture.another();
    let twin = twin.open().await;
    for change in done.into_iter().take(seq.0 as usize) {
        twin.commit(change).await?;
    }
    let mut moved = fixture.another();
    let moved = moved.open().await;
    assert_eq!(moved.load(copied).await?, seq);
    assert_eq!(lines(&*moved).await?, lines(&*twin).await?);
    let (still, again) = (
        exported(&*twin, Seq::ZERO).await?,
        exported(&*moved, Seq::ZERO).await?,
    );
    assert_eq!(still, again);
    Ok(())
}

/// Exports a store: the last commit, and the file.
async fn exported(store: &dyn Store, after: Seq) -> Result<(Seq, Vec<u8>), StoreError> {
    let mut file = Vec::new();
    let mut export = Export::after(store, after);
    while let Some(lines) = export.next().await? {
        file.extend_from_slice(lines.as_bytes());
    }
    assert_eq!(export.progress().bytes, file.len() as u64);
    let seq = export.exported().map(|exported| exported.seq);
    Ok((seq.expect("an export that has ended"), file))
}

/// What a load takes of these files.
fn loadable(files: Vec<(Seq, Vec<u8>)>) -> Result<(Seq, Lines), StoreError> {
    let seq = files.last().map_or(Seq::ZERO, |(seq, _)| *seq);
    let files = files.into_iter().map(|(_, file)| Cursor::new(file));
    Ok((seq, import(files, &Limits::default())?))
}

/// Plays random cases.
fn run(fixture: &dyn Fixture, play: impl Fn(Case) -> Result<(), StoreError>) {
    seed::play("stores", fixture.cases().div_ceil(2), &case(), play);
}

#[cfg(test)]
mod tests {
    use cmss_core::store::Line;
    use cmss_memory::MemoryStore;

    use super::*;
    use crate::{Declined, caught, feed};

    struct Memory;

    #[async_trait::async_trait]
    impl Fixture for Memory {
        async fn open(&mut self) -> Arc<dyn Store> {
            Arc::new(MemoryStore::new())
        }

        async fn reopen(&mut self) -> Result<Arc<dyn Store>, Declined> {
            Err(Declined("memory"))
        }

        fn another(&self) -> Box<dyn Fixture> {
            Box::new(Self)
        }
    }

    /// A walk and then the log, as they come, following nothing.
    async fn naive(store: &dyn Store) -> Result<(Seq, Lines), StoreError> {
        let lines = lines(store).await?;
        let records = lines.iter().filter(|line| matches!(line, Line::Record(_)));
        Ok((Seq(records.count() as u64), feed(lines)))
    }

    #[test]
    fn an_export_that_follows_no_changes_is_caught() {
        caught("is not what log record", || {
            run(&Memory, |case| {
                pollster::block_on(moved(&Memory, &case, naive))
            });
        });
    }
}
