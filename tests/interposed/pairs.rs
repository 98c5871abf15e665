//! Every ordered pair.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use cmss::MemoryStore;
use cmss::store::{DocRef, Store};
use pollster::block_on;

use crate::altered::Altered;
use crate::commands::{Comes, Given, given};
use crate::play::{Answer, Outcome, Stage, Wrap};
use crate::scene::Scene;

/// The scene with every command that is given in it, and each of them played alone.
struct Play {
    stage: Stage,
    given: Vec<Given>,
    /// As the first, and as the second.
    alone: Vec<[(Answer, MemoryStore); 2]>,
}

/// What became of a pair.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Verdict {
    /// As if the first had been given before the second.
    FirstThenSecond,
    /// As if the second had been given before the first.
    SecondThenFirst,
    /// The first is told of the second's revision, and only the second was carried out.
    Conflict,
    /// Something that no order explains.
    Neither,
}

/// How many pairs there were, and those that no order explains.
struct Tally {
    pairs: usize,
    runs: usize,
    conflicts: usize,
    neither: Vec<String>,
}

impl Play {
    async fn of_the_scene() -> Self {
        let scene = Scene::set().await;
        let (stage, given) = (Stage::of(&scene).await, given(&scene));
        let mut alone = Vec::new();
        for given in &given {
            let first = stage.alone(given, "first").await;
            alone.push([first, stage.alone(given, "second").await]);
        }
        Self {
            stage,
            given,
            alone,
        }
    }

    /// Plays a pair; the second at this call of the first. `None` where it did not come to that.
    async fn pair(
        &self,
        [a, b]: [usize; 2],
        before_call: Option<usize>,
        wrap: Wrap,
    ) -> Option<(Outcome, Verdict)> {
        let (first, second) = (&self.given[a], &self.given[b]);
        let stage = &self.stage;
        let (outcome, has_run) = stage.interposed(first, second, before_call, wrap).await;
        if !has_run {
            return None;
        }
        // After the other first, which is what an expectation that fails leads to.
        let [_, (alone, played)] = &self.alone[b];
        let (answer, changed) = stage.then(played, first, "first").await;
        if (&answer, alone, &changed) == (&outcome.first, &outcome.second, &outcome.changed) {
            let conflict = matches!(answer, Answer::Conflict(_));
            let by_itself = conflict && !matches!(self.alone[a][0].0, Answer::Conflict(_));
            let verdict = if by_itself {
                Verdict::Conflict
            } else {
                Verdict::SecondThenFirst
            };
            return Some((outcome, verdict));
        }
        let [(alone, played), _] = &self.alone[a];
        let (answer, changed) = stage.then(played, second, "second").await;
        let verdict =
            if (alone, &answer, &changed) == (&outcome.first, &outcome.second, &outcome.changed) {
                Verdict::FirstThenSecond
            } else {
                Verdict::Neither
            };
        Some((outcome, verdict))
    }

    /// Plays all pairs in which the first commits, or those of every so manieth first, on every
    /// processor.
    fn all(
        &self,
        every: usize,
        before_calls: &(dyn Fn(usize) -> Option<usize> + Sync),
        wrap: Wrap,
    ) -> Tally {
        let tally = Mutex::new(Tally {
            pairs: 0,
            runs: 0,
            conflicts: 0,
            neither: Vec::new(),
        });
        let next = AtomicUsize::new(0);
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    loop {
                        let a = next.fetch_add(every, Ordering::SeqCst);
                        if a >= self.given.len() {
                            return;
                        }
                        self.with(a, before_calls, wrap, &tally);
                    }
                });
            }
        });
        tally.into_inner().unwrap()
    }

    /// Plays all pairs with this first one.
    fn with(
        &self,
        a: usize,
        before_calls: &dyn Fn(usize) -> Option<usize>,
        wrap: Wrap,
        tally: &Mutex<Tally>,
    ) {
        for b in 0..self.given.len() {
            for round in 0.. {
                let Some(played) = block_on(self.pair([a, b], before_calls(round), wrap)) else {
                    break;
                };
                let (outcome, verdict) = played;
                let mut tally = tally.lock().unwrap();
                tally.pairs += usize::from(round == 0);
                tally.runs += 1;
                tally.conflicts += usize::from(verdict == Verdict::Conflict);
                if verdict == Verdict::Neither {
                    let (first, second) = (&self.given[a], &self.given[b]);
                    let at = before_calls(round);
                    let changed: Vec<_> = outcome.changed.keys().map(DocRef::to_string).collect();
                    tally.neither.push(format!(
                        "{first:?}\n with {second:?}\n before call {at:?} answers {:?}\n and {:?}\n \
                         and changes {changed:?}",
                        outcome.first, outcome.second,
                    ));
                }
                if before_calls(round).is_none() {
                    break;
                }
            }
        }
    }
}

#[test]
fn every_pair_of_commands_comes_out_as_one_after_the_other_or_as_a_conflict() {
    let play = block_on(Play::of_the_scene());
    let tally = play.all(1, &|_| None, |store| store);
    println!(
        "{} pairs of {} commands, {} conflicts",
        tally.pairs,
        play.given.len(),
        tally.conflicts
    );
    let done = play.given.iter().filter(|given| given.comes == Comes::Done);
    assert_eq!(tally.pairs, done.count() * play.given.len());
    assert!(tally.conflicts > 0);
    assert!(tally.neither.is_empty(), "{}", tally.neither.join("\n\n"));
}

/// Between any two calls of the first, not only before its commit: some of the pairs.
#[test]
fn some_pairs_come_out_so_wherever_the_second_comes_in() {
    let play = block_on(Play::of_the_scene());
    let tally = play.all(53, &|round| Some(round + 1), |store| store);
    println!("{} runs of {} pairs", tally.runs, tally.pairs);
    assert!(tally.runs > tally.pairs * 3 && tally.pairs > 200);
    assert!(tally.neither.is_empty(), "{}", tally.neither.join("\n\n"));
}

/// The same of all pairs.
#[test]
#[ignore = "takes minutes"]
fn every_pair_comes_out_so_wherever_the_second_comes_in() {
    let play = block_on(Play::of_the_scene());
    let tally = play.all(1, &|round| Some(round + 1), |store| store);
    println!("{} runs of {} pairs", tally.runs, tally.pairs);
    assert!(tally.neither.is_empty(), "{}", tally.neither.join("\n\n"));
}

#[test]
fn commits_that_expect_nothing_are_found_out() {
    let play = block_on(Play::of_the_scene());
    let tally = play.all(5, &|_| None, |store| forgetful(store));
    println!("{} of {} pairs found out", tally.neither.len(), tally.pairs);
    assert!(tally.neither.len() > 100, "{}", tally.neither.len());
}

/// A store that forgets what a commit expects.
fn forgetful(store: Arc<dyn Store>) -> Arc<dyn Store> {
    Arc::new(Altered {
        store,
        alter: |changeset| changeset.expect.clear(),
    })
}
