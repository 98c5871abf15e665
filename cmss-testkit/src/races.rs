//! Races: threads that meet at a barrier and ask for the same thing, in as many rounds as
//! [`Fixture::rounds`] says. No rule measures time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use cmss_core::store::{
    Changeset, Conflict, Expect, Order, Range, Receipt, Seq, Store, StoreError, StoreExt, Want,
};
use pollster::block_on;

use crate::Fixture;
use crate::samples::{LIST, SLUG, changeset, commit_id, hits, members, put, scan, thing};

/// How many threads race.
const RACERS: u128 = 8;

/// A store, and how many rounds there are.
async fn begun(fixture: &mut dyn Fixture) -> (Arc<dyn Store>, u128) {
    (fixture.open().await, fixture.rounds().into())
}

/// Lets one thread for each number run the same thing at once, and collects what they answer.
fn race<T: Send>(store: &Arc<dyn Store>, run: impl Fn(&dyn Store, u128) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(RACERS as usize);
    thread::scope(|scope| {
        let start = |number| {
            let (run, barrier) = (&run, &barrier);
            scope.spawn(move || {
                barrier.wait();
                run(&**store, number)
            })
        };
        let threads: Vec<_> = (1..=RACERS).map(start).collect();
        let answers = threads.into_iter().map(|thread| thread.join());
        answers
            .map(|answer| answer.expect("a racer fell"))
            .collect()
    })
}

/// Asserts that one racer won and that every other was told of a conflict like this.
#[track_caller]
fn one_winner(answers: &[Result<Receipt, StoreError>], told: impl Fn(&Conflict) -> bool) {
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for answer in answers {
        match answer {
            Ok(_) => {}
            Err(StoreError::Conflict(conflict)) if told(conflict) => {}
            other => panic!("a loser was answered {other:?}"),
        }
    }
}

/// C3: of many who found the same place vacant, one gets it.
pub async fn of_many_who_want_a_vacant_place_one_gets_it(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let (store, rounds) = begun(fixture).await;
    let mut ran = 0_u64;
    for round in 1..=rounds {
        let at = thing(round);
        let answers = race(&store, |store, racer| {
            let change = Changeset {
                expect: vec![Expect::Absent(at.clone())],
                ..changeset(round * 100 + racer, [put(&at).body(racer.to_string())])
            };
            block_on(store.commit(change))
        });
        one_winner(&answers, |conflict| {
            matches!(conflict, Conflict::Present { .. })
        });
        assert_eq!(store.changes(Seq::ZERO, 1).await?.as_of.0, round as u64);
        ran += 1;
    }
    crate::ran(ran, "rounds");
    Ok(())
}

/// C3: of many who read the same version, one writes the next.
pub async fn of_many_who_edit_one_version_one_saves(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let (store, rounds) = begun(fixture).await;
    let at = thing(1);
    store.commit(changeset(1, [put(&at)])).await?;
    let mut ran = 0_u64;
    for round in 1..=rounds {
        let read = Seq(round as u64);
        let answers = race(&store, |store, racer| {
            let change = Changeset {
                expect: vec![Expect::At(at.clone(), read)],
                ..changeset(round * 100 + racer, [put(&at).body(racer.to_string())])
            };
            block_on(store.commit(change))
        });
        let current = Some(read.next());
        one_winner(
            &answers,
            |conflict| matches!(conflict, Conflict::Moved { current: now, .. } if *now == current),
        );
        ran += 1;
    }
    crate::ran(ran, "rounds");
    Ok(())
}

/// C5: of many who claim one unique key, one holds it.
pub async fn of_many_who_claim_a_unique_key_one_holds_it(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let (store, rounds) = begun(fixture).await;
    let mut ran = 0_u64;
    for round in 1..=rounds {
        let key = round.to_string();
        let answers = race(&store, |store, racer| {
            let number = round * 100 + racer;
            let new = put(&thing(number)).unique(&*key);
            block_on(store.commit(changeset(number, [new])))
        });
        one_winner(&answers, |conflict| {
            matches!(conflict, Conflict::Taken { .. })
        });
        let holders = members(&*store, Range::at(SLUG, (&*key).into())).await?;
        assert_eq!(holders.len(), 1);
        ran += 1;
    }
    crate::ran(ran, "rounds");
    Ok(())
}

/// C3: a decision about a set holds: where each joins only a group with room, no group is ever
/// larger, and everyone who tries again ends up in or finds it full.
pub async fn a_group_with_room_for_three_never_holds_more(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    const ROOM: usize = 3;
    let (store, rounds) = begun(fixture).await;
    let mut ran = 0_u64;
    for round in 1..=rounds {
        let key = round.to_string();
        let group = || Range::at(LIST, (&*key).into());
        let joined = race(&store, |store, racer| {
            let number = round * 100 + racer;
            // Whoever is refused has been overtaken, which can happen `ROOM` times.
            for _ in 0..=ROOM {
                let docs = block_on(members(store, group()))?;
                if docs.len() >= ROOM {
                    return Ok::<_, StoreError>(false);
                }
                let change = Changeset {
                    expect: vec![Expect::Members {
                        range: group(),
                        docs: docs.into_iter().collect(),
                    }],
                    ..changeset(number, [put(&thing(number)).listed(&*key)])
                };
                match block_on(store.commit(change)) {
                    Ok(_) => return Ok(true),
                    Err(StoreError::Conflict(Conflict::Members { .. })) => {}
                    Err(other) => return Err(other),
                }
            }
            panic!("refused more often than overtaken");
        });
        let joined = joined.into_iter().collect::<Result<Vec<_>, _>>()?;
        assert_eq!(joined.iter().filter(|joined| **joined).count(), ROOM);
        assert_eq!(members(&*store, group()).await?.len(), ROOM);
        ran += 1;
    }
    crate::ran(ran, "rounds");
    Ok(())
}

/// C8: one changeset sent by many at once happens once, and all are told the same.
pub async fn one_changeset_sent_by_many_happens_once(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let (store, rounds) = begun(fixture).await;
    let mut ran = 0_u64;
    for round in 1..=rounds {
        let answers = race(&store, |store, _| {
            let change = Changeset {
                expect: vec![Expect::Absent(thing(round))],
                ..changeset(round, [put(&thing(round))])
            };
            block_on(store.commit(change))
        });
        let receipt = store.receipt(commit_id(round)).await?;
        assert_eq!(receipt.map(|receipt| receipt.seq.0), Some(round as u64));
        for answer in answers {
            assert_eq!(Some(answer?), receipt);
        }
        ran += 1;
    }
    crate::ran(ran, "rounds");
    Ok(())
}

/// C2, L2: commits of many threads are numbered without a gap, and chained.
pub async fn racing_commits_leave_no_gap_in_the_log(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let (store, rounds) = begun(fixture).await;
    let answers = race(&store, |store, racer| {
        (1..=rounds)
            .map(|round| {
                let at = thing(round);
                let change = changeset(round * 100 + racer, [put(&at).listed("a")]);
                Ok(block_on(store.commit(change))?.seq)
            })
            .collect::<Result<Vec<Seq>, StoreError>>()
    });
    let mut seqs = Vec::new();
    for answer in answers {
        let own = answer?;
        assert!(own.is_sorted(), "a later commit with an earlier number");
        seqs.extend(own);
    }
    seqs.sort();
    let count = (RACERS * rounds) as u64;
    assert!(seqs.iter().map(|seq| seq.0).eq(1..=count));
    // Reading the lines checks the chain, and that each document is what the log tells of.
    crate::lines(&*store).await?;
    crate::ran(seqs.len() as u128 / RACERS, "rounds");
    Ok(())
}

/// R1: beside a writer who always writes three documents at once, no reader sees one without the
/// others, be it by `get`, by scan or by walk.
pub async fn a_reader_beside_a_writer_sees_whole_commits(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let (store, rounds) = begun(fixture).await;
    let refs = [1, 2, 3].map(thing);
    let write = |number: u128| {
        // The key moves too, so that a torn scan would find a document twice or not at all.
        let key = (number % 7).to_string();
        let writes = refs
            .iter()
            .map(|at| put(at).body(number.to_string()).listed(&*key));
        block_on(store.commit(changeset(number, writes)))
    };
    write(1)?;
    // A round is one commit here; so there are twice as many.
    let last = 1 + 2 * rounds;
    let done = AtomicBool::new(false);
    let barrier = Barrier::new(3);
    thread::scope(|scope| {
        let read = || {
            barrier.wait();
            loop {
                let last = done.load(Ordering::SeqCst);
                let got = block_on(store.get(&refs))?;
                let docs: Vec<_> = got.docs.into_iter().flatten().collect();
                assert_eq!(docs.len(), 3, "a document is missing");
                assert!(
                    docs.iter().all(|doc| doc.version == got.as_of),
                    "a torn get"
                );

                let all = scan(Range::all(LIST), Order::Ascending, Want::Body);
                let page = block_on(store.scan(&all))?;
                assert_eq!(page.hits.len(), 3, "a torn scan");
                for hit in &page.hits {
                    assert_eq!(hit.version, page.as_of, "a torn scan");
                    let body = hit.doc.as_ref().map(|doc| doc.body.to_string());
                    assert_eq!(body, Some(page.as_of.0.to_string()), "a torn scan");
                }

                let walked = block_on(store.walk(None, 10))?;
                assert_eq!(walked.docs.len(), 3);
                let mut versions = walked.docs.iter().map(|doc| doc.version);
                assert!(versions.all(|seq| seq == walked.as_of), "a torn walk");
                if last {
                    return Ok::<_, StoreError>(());
                }
            }
        };
        let readers = [scope.spawn(read), scope.spawn(read)];
        barrier.wait();
        let written = (2..=last).try_for_each(|number| write(number).map(drop));
        done.store(true, Ordering::SeqCst);
        for reader in readers {
            reader.join().expect("a reader fell")?;
        }
        written
    })?;
    let all = scan(Range::all(LIST), Order::Descending, Want::Nothing);
    assert_eq!(hits(&*store, all).await?.len(), 3);
    assert_eq!(
        store.get_one(&refs[0]).await?.map(|doc| doc.version),
        Some(Seq(last as u64))
    );
    crate::ran(last - 1, "rounds");
    Ok(())
}

#[cfg(test)]
mod tests {
    use cmss_memory::MemoryStore;

    use super::*;
    use crate::{Declined, RULES};

    /// A store in memory that is said to be slow.
    #[derive(Clone, Default)]
    struct Slow(MemoryStore);

    #[async_trait::async_trait]
    impl Fixture for Slow {
        async fn open(&mut self) -> Arc<dyn Store> {
            Arc::new(self.0.clone())
        }

        async fn reopen(&mut self) -> Result<Arc<dyn Store>, Declined> {
            Err(Declined("memory"))
        }

        fn another(&self) -> Box<dyn Fixture> {
            Box::new(Self::default())
        }

        fn rounds(&self) -> u32 {
            3
        }
    }

    #[test]
    fn each_race_runs_as_many_rounds_as_the_fixture_says() {
        let races = RULES.iter().filter(|rule| rule.family == "races");
        let commits = races.map(|race| {
            let slow = Slow::default();
            race.judge(&mut slow.clone()).expect("the race is run");
            let changes = block_on(slow.0.changes(Seq::ZERO, 1)).expect("the log is read");
            (race.name, changes.as_of.0)
        });
        // Those of the rounds, and what there has to be before.
        let expected = [
            ("of_many_who_want_a_vacant_place_one_gets_it", 3),
            ("of_many_who_edit_one_version_one_saves", 1 + 3),
            ("of_many_who_claim_a_unique_key_one_holds_it", 3),
            ("a_group_with_room_for_three_never_holds_more", 3 * 3),
            ("one_changeset_sent_by_many_happens_once", 3),
            ("racing_commits_leave_no_gap_in_the_log", 3 * 8),
            ("a_reader_beside_a_writer_sees_whole_commits", 1 + 2 * 3),
        ];
        assert_eq!(commits.collect::<Vec<_>>(), expected);
    }
}
