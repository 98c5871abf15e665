//! The wrappers are stores like any other, and do what they are for.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use cmss_core::store::{
    Changeset, Collection, CommitId, Conflict, Digest, DocRef, Expect, Salt, Store, StoreError,
    StoreExt, Write,
};
use cmss_memory::MemoryStore;
use cmss_testkit::faults::{Call, Fault, Faulty};
use cmss_testkit::{Counting, Counts, Declined, Fixture, Interposed, async_trait};
use uuid::Uuid;

/// Wraps the memory store.
struct Wrapped {
    store: Arc<dyn Store>,
    wrap: fn(Arc<dyn Store>) -> Arc<dyn Store>,
}

impl Wrapped {
    fn new(wrap: fn(Arc<dyn Store>) -> Arc<dyn Store>) -> Self {
        Self {
            store: wrap(Arc::new(MemoryStore::new())),
            wrap,
        }
    }
}

#[async_trait]
impl Fixture for Wrapped {
    async fn open(&mut self) -> Arc<dyn Store> {
        self.store.clone()
    }

    async fn reopen(&mut self) -> Result<Arc<dyn Store>, Declined> {
        Err(Declined("what is in memory ends when the store is closed"))
    }

    fn another(&self) -> Box<dyn Fixture> {
        Box::new(Self::new(self.wrap))
    }
}

mod counting {
    use super::*;

    cmss_testkit::store_rules!(|| Wrapped::new(|store| Arc::new(Counting::new(store))));
}

mod interposed {
    use super::*;

    cmss_testkit::store_rules!(|| Wrapped::new(|store| Arc::new(Interposed::new(store, async {}))));
}

fn at(number: u128) -> DocRef {
    DocRef {
        collection: Collection::new("thing"),
        id: Uuid::from_u128(number),
    }
}

fn put(id: u128, docs: impl IntoIterator<Item = u128>) -> Changeset {
    let writes = docs.into_iter().map(|number| Write::Put {
        at: at(number),
        salt: Salt([0; 16]),
        body: id.to_string().into(),
        card: None,
        entries: vec![],
    });
    Changeset {
        id: CommitId(Uuid::from_u128(id)),
        expect: vec![],
        writes: writes.collect(),
        note: "[]".into(),
        digest: Digest::of(&id.to_be_bytes()),
    }
}

#[test]
fn what_is_interposed_happens_after_the_reads_and_before_the_commit() -> Result<(), StoreError> {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let behind = store.clone();
    let interposed = Interposed::new(store, async move {
        behind
            .commit(put(1, [7]))
            .await
            .expect("the place is vacant");
    });
    pollster::block_on(async {
        assert_eq!(interposed.get_one(&at(7)).await?, None);
        assert!(!interposed.has_run());
        let decided = Changeset {
            expect: vec![Expect::Absent(at(7))],
            ..put(2, [7])
        };
        let answer = interposed.commit(decided).await;
        assert!(matches!(
            answer,
            Err(StoreError::Conflict(Conflict::Present { .. }))
        ));
        assert!(interposed.has_run());
        // Once only: had it happened again, the same id would only have been a replay, so look at
        // what it would have overwritten.
        interposed.commit(put(3, [7])).await?;
        let doc = interposed.get_one(&at(7)).await?;
        assert_eq!(doc.map(|doc| doc.body.to_string()).as_deref(), Some("3"));
        Ok(())
    })
}

#[test]
fn calls_are_counted_by_kind_and_the_last_commit_by_its_writes() -> Result<(), StoreError> {
    let counting = Counting::new(Arc::new(MemoryStore::new()));
    pollster::block_on(async {
        counting.commit(put(1, [1, 2, 3])).await?;
        counting.commit(put(2, [1, 2])).await?;
        counting.get_one(&at(1)).await?;
        counting.walk(None, 1).await?;
        counting.receipt(CommitId(Uuid::from_u128(1))).await?;
        let expected = Counts {
            get: 1,
            walk: 1,
            commit: 2,
            receipt: 1,
            last_writes: 2,
            ..Counts::default()
        };
        assert_eq!(counting.counts(), expected);
        counting.reset();
        assert_eq!(counting.counts(), Counts::default());
        Ok(())
    })
}

#[test]
fn what_is_interposed_before_a_call_happens_before_that_call_and_no_other() -> Result<(), StoreError>
{
    pollster::block_on(async {
        for number in 1..=4 {
            let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
            let behind = store.clone();
            let interposed = Interposed::before_call(number, store, async move {
                behind
                    .commit(put(1, [7]))
                    .await
                    .expect("the place is vacant");
            });
            // Two reads and a commit: a fourth call never comes.
            for call in 1..=2 {
                let doc = interposed.get_one(&at(7)).await?;
                assert_eq!(doc.is_some(), number <= call, "{number} at {call}");
            }
            let decided = Changeset {
                expect: vec![Expect::Absent(at(7))],
                ..put(2, [7])
            };
            let committed = interposed.commit(decided).await;
            assert_eq!(committed.is_ok(), number == 4);
            assert_eq!(interposed.has_run(), number < 4);
        }
        Ok(())
    })
}

mod faulty {
    use super::*;

    cmss_testkit::store_rules!(|| Wrapped::new(|store| {
        Arc::new(Faulty::new(store, Fault::Before, usize::MAX))
    }));
}

/// What each fault answers, of a commit that is the second call, and what is there afterwards.
#[test]
fn a_fault_answers_what_it_says_and_leaves_what_it_says() {
    pollster::block_on(async {
        for fault in Fault::ALL {
            let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
            let faulty = Faulty::new(store.clone(), fault, 2);
            assert_eq!(faulty.get_one(&at(7)).await.ok(), Some(None));
            let mut commit = Box::pin(faulty.commit(put(1, [7])));
            let mut context = Context::from_waker(Waker::noop());
            let answer = commit.as_mut().poll(&mut context);
            let as_said = match (fault, &answer) {
                (Fault::Before, Poll::Ready(Err(StoreError::Unavailable { .. }))) => true,
                (Fault::Poisoning, Poll::Ready(Err(StoreError::Backend { .. }))) => true,
                (Fault::After | Fault::PoisoningAfter, Poll::Ready(Err(error))) => {
                    matches!(error, StoreError::Unknown { id, .. } if *id == put(1, [7]).id)
                }
                (Fault::Silence, Poll::Pending) => true,
                _ => false,
            };
            assert!(as_said, "{fault:?}: {answer:?}");
            drop(commit);
            let applied = !matches!(fault, Fault::Before | Fault::Poisoning);
            let there = store.get_one(&at(7)).await.expect("a read");
            assert_eq!(there.is_some(), applied, "{fault:?}");

            let next = faulty.receipt(put(1, [7]).id).await;
            match fault.poisons() {
                true => assert!(matches!(next, Err(StoreError::Poisoned)), "{next:?}"),
                false => assert_eq!(next.expect("a read").is_some(), applied),
            }
            faulty.reopen();
            let settled = faulty.commit(put(1, [7])).await.expect("it is settled");
            assert_eq!(settled.seq.0, 1);
        }
    });
}

#[test]
fn a_read_that_fails_is_not_a_commit_of_which_nothing_is_known() {
    pollster::block_on(async {
        for fault in [Fault::Before, Fault::After] {
            let faulty = Faulty::new(Arc::new(MemoryStore::new()), fault, 1);
            let answer = faulty.get_one(&at(7)).await;
            assert!(matches!(answer, Err(StoreError::Unavailable { .. })));
            assert_eq!(faulty.failed(), Some(Call::Read));
        }
        let faulty = Faulty::new(Arc::new(MemoryStore::new()), Fault::After, 1);
        let nothing = Changeset {
            writes: vec![],
            ..put(1, [])
        };
        let refused = faulty.commit(nothing).await;
        assert!(matches!(refused, Err(StoreError::Malformed { .. })));
    });
}
