//! What threads are to do: random, and narrow enough for them to meet.

use cmss_core::store::{DocRef, Order, Range, Scan, Seq, Want, Write};
use proptest::array::uniform4;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::model::{self, Call};
use crate::samples::{LIST, SLUG, put, remove, thing};

/// How many threads there are.
pub(crate) const THREADS: usize = 4;
/// How much each does in a round.
pub(crate) const STEPS: usize = 4;
/// How often they meet.
const ROUNDS: usize = 2;

/// More than any history has of anything.
const ALL: usize = 100;

/// What one thread does next.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Read(Call),
    /// The receipt of a changeset, counted back like `again`.
    Receipt(u8),
    Commit {
        /// Whose number the changeset has: that of so many steps before, all threads counted;
        /// `None` is its own.
        again: Option<u8>,
        /// Whether the digest is another than that of the number.
        another_digest: bool,
        /// What is read first; that it is still so is what the commit expects.
        after: Vec<Reading>,
        writes: Vec<Write>,
        /// Whether the log is asked at once if it has grown by this.
        grown: bool,
    },
}

/// What a commit is decided on.
#[derive(Clone, Debug)]
pub(crate) enum Reading {
    Document(DocRef),
    Members(Range),
    /// Nothing is read: a place is taken to be vacant.
    Vacant(DocRef),
}

/// What each thread does in one round.
pub(crate) type Round = [Vec<Step>; THREADS];

/// A whole plan.
#[derive(Clone, Debug)]
pub(crate) struct Rounds(pub(crate) Vec<Round>);

pub(crate) fn rounds(step: impl Strategy<Value = Step> + Clone) -> impl Strategy<Value = Rounds> {
    let round = uniform4(vec(step, 1..=STEPS));
    vec(round, 1..=ROUNDS).prop_map(Rounds)
}

/// The number of a step, of which each has its own.
pub(crate) fn number(round: usize, thread: usize, step: usize) -> u128 {
    (1 + (round * STEPS + step) * THREADS + thread) as u128
}

/// All that can be read of a store after a history.
pub(crate) fn everything() -> Vec<Call> {
    let all = |index| {
        Call::Scan(Scan {
            range: Range::all(index),
            order: Order::Ascending,
            limit: ALL,
            want: Want::Card,
        })
    };
    vec![
        Call::Walk {
            after: None,
            limit: ALL,
        },
        log(),
        all(LIST),
        all(SLUG),
    ]
}

fn log() -> Call {
    Call::Changes {
        after: Seq::ZERO,
        limit: ALL,
    }
}

/// Every kind of call, on the documents and indexes of the [model](crate::model).
pub(crate) fn anything() -> impl Strategy<Value = Step> + Clone {
    let reading = prop_oneof![
        model::place().prop_map(Reading::Document),
        model::range().prop_map(Reading::Members),
    ];
    let writes = model::writes().prop_map(|writes| {
        let writes = writes.iter();
        writes
            .map(|(at, content)| model::write(at, content.as_ref()))
            .collect()
    });
    let again = option::weighted(0.2, 0_u8..6);
    let digest = prop::bool::weighted(0.1);
    let commit = (again, digest, vec(reading, 0..2), writes, any::<bool>()).prop_map(
        |(again, another_digest, after, writes, grown)| Step::Commit {
            again,
            another_digest,
            after,
            writes,
            grown,
        },
    );
    let scan = (model::range(), model::order(), 1_usize..6, model::want());
    let scan = scan.prop_map(|(range, order, limit, want)| Scan {
        range,
        order,
        limit,
        want,
    });
    let walk = (option::of(model::place()), 1_usize..4);
    let changes = (0_u64..8, 1_usize..5);
    prop_oneof![
        6 => commit,
        1 => vec(model::place(), 0..4).prop_map(|refs| Step::Read(Call::Get(refs))),
        2 => scan.prop_map(|scan| Step::Read(Call::Scan(scan))),
        1 => walk.prop_map(|(after, limit)| Step::Read(Call::Walk { after, limit })),
        1 => changes.prop_map(|(after, limit)| Step::Read(Call::Changes {
            after: Seq(after),
            limit,
        })),
        1 => (0_u8..6).prop_map(Step::Receipt),
    ]
}

/// A commit of these writes, after reading this.
pub(crate) fn commit(after: Vec<Reading>, writes: Vec<Write>) -> Step {
    Step::Commit {
        again: None,
        another_digest: false,
        after,
        writes,
        grown: false,
    }
}

/// Two documents, edited one by one from what was read, written both at once, and read together.
pub(crate) fn edits() -> impl Strategy<Value = Step> + Clone {
    let edit = (1_u128..=2, prop::bool::weighted(0.8)).prop_map(|(number, stays)| {
        let at = thing(number);
        let write = if stays { put(&at).into() } else { remove(&at) };
        commit(vec![Reading::Document(at)], vec![write])
    });
    let both = commit(vec![], vec![put(&thing(1)).into(), put(&thing(2)).into()]);
    prop_oneof![
        4 => edit,
        2 => Just(both),
        5 => Just(Step::Read(Call::Get(vec![thing(1), thing(2)]))),
    ]
}

/// Four documents that move between keys, hold unique ones, and join sets they have looked at.
pub(crate) fn listings() -> impl Strategy<Value = Step> + Clone {
    let key = || select(vec!["a", "b"]);
    let moves = (vec((1_u128..=2, key()), 2), any::<bool>()).prop_map(|(moves, unique)| {
        // Two documents of a pair each, so that a page in two halves shows one move and not the other.
        let moves = moves.into_iter().zip([0, 2]);
        let writes = moves.map(|((number, key), pair)| {
            let new = put(&thing(number + pair)).listed(key);
            if unique { new.unique(key) } else { new }.into()
        });
        commit(vec![], writes.collect())
    });
    let join = (1_u128..=4, key()).prop_map(|(number, key)| {
        let looked = Reading::Members(Range::at(LIST, key.into()));
        let new = put(&thing(number)).listed(key);
        commit(vec![looked], vec![new.into()])
    });
    let index = select(vec![LIST, LIST, SLUG]);
    let want = select(vec![Want::Nothing, Want::Body]);
    let scan = (index, model::order(), 1_usize..6, want);
    let scan = scan.prop_map(|(index, order, limit, want)| Scan {
        range: Range::all(index),
        order,
        limit,
        want,
    });
    prop_oneof![
        3 => moves,
        1 => join,
        4 => scan.prop_map(|scan| Step::Read(Call::Scan(scan))),
    ]
}

/// Few changesets, sent by many, sometimes with other contents or another digest.
pub(crate) fn replays() -> impl Strategy<Value = Step> + Clone {
    let again = option::weighted(0.8, 0_u8..4);
    let digest = prop::bool::weighted(0.1);
    let send =
        (again, digest, 1_u128..=2).prop_map(|(again, another_digest, number)| Step::Commit {
            again,
            another_digest,
            after: Vec::new(),
            writes: vec![put(&thing(number)).into()],
            grown: false,
        });
    prop_oneof![
        6 => send,
        1 => (0_u8..4).prop_map(Step::Receipt),
        1 => Just(Step::Read(log())),
        1 => Just(Step::Read(Call::Get(vec![thing(1), thing(2)]))),
    ]
}
