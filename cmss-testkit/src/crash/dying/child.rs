//! What a process does that dies at a point.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use cmss_core::store::Store;
use cmss_keyed::{directory, sort_within};
use pollster::block_on;

use crate::children::{say, serve};
use crate::crash::loads::source;
use crate::crash::points::{Point, answered, arm, die_at, held_back, reach, reached, said, sends};
use crate::crash::shift::{Open, Said};
use crate::crash::work::Sent;
use crate::feed;
use crate::notes::{SCARCE, lines};
use crate::seed::Seed;

/// How many commits a process does, and so at how many of them it dies at each point.
pub(super) const COMMITS: u32 = 3;

/// In a child, does what it is asked, on a store that is opened so.
pub(super) fn serve_all(open: Open<'_>) {
    serve("die in a commit", |home, with| commit(home, with, open));
    serve("die in a load", |home, with| {
        let (seed, _) = accept(with);
        let lines_in = lines(&source(seed));
        let sorting = home.join(directory::SORTING);
        let told: Arc<dyn Fn(&File) + Send + Sync> = Arc::new(move |_| {
            if sorting.exists() {
                reach(Point::Sorting);
            }
        });
        directory::told(&told);
        sort_within(SCARCE);
        let store = open(home).expect("the store opens");
        arm(true);
        block_on(store.load(feed(lines_in))).expect("the lines are loaded");
        say(&format!("loaded {}", reached()));
        block_on(store.close()).expect("the store closes");
    });
    serve("die while opening", |home, with| {
        accept(with);
        arm(true);
        let store = open(home).expect("the store opens");
        arm(false);
        block_on(store.close()).expect("the store closes");
    });
}

/// What a child that dies is told.
pub(super) fn fate(point: Point, nth: u32, seed: Seed, round: u32) -> String {
    format!("{point:?} {nth} {} {round}", seed.name())
}

/// Takes to heart what [`fate`] spelled; answers the seed and the round.
fn accept(fate: &str) -> (Seed, u32) {
    let mut words = fate.split(' ');
    let mut word = || words.next().expect("a fate has four words");
    let point = word().parse().expect("a point has a name");
    die_at(point, word().parse().expect("a number"));
    (Seed::read(word()), word().parse().expect("a number"))
}

/// Wakes who waits for a commit, once it has been answered.
struct Answer {
    caller: Thread,
    is_here: AtomicBool,
}

impl Answer {
    fn arrive(&self) {
        if !self.is_here.swap(true, Ordering::SeqCst) {
            answered();
        }
    }
}

impl Wake for Answer {
    fn wake(self: Arc<Self>) {
        self.arrive();
        self.caller.unpark();
    }
}

/// Hears of a commit that can be read.
struct Sight;

impl Wake for Sight {
    fn wake(self: Arc<Self>) {
        reach(Point::Visible);
    }
}

/// Waits for the answer to a commit, and reaches its points on the way.
fn answer<T>(store: &dyn Store, commit: impl Future<Output = T>) -> T {
    let as_of = block_on(store.get(&[])).expect("the store is open").as_of;
    let mut grown = store.grown(as_of);
    let waits = grown
        .as_mut()
        .poll(&mut Context::from_waker(&Waker::from(Arc::new(Sight))));
    assert!(waits.is_pending(), "nothing has been committed yet");
    let answer = Arc::new(Answer {
        caller: thread::current(),
        is_here: AtomicBool::new(false),
    });
    let waker = Waker::from(answer.clone());
    let mut context = Context::from_waker(&waker);
    let mut commit = std::pin::pin!(commit);
    // Nothing is answered before somebody waits for it.
    let early = {
        let _held = held_back();
        sends();
        commit.as_mut().poll(&mut context)
    };
    if let Poll::Ready(done) = early {
        answer.arrive();
        return done;
    }
    // Who answers is the first to know.
    while !answer.is_here.load(Ordering::SeqCst) {
        thread::park();
    }
    match commit.poll(&mut context) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("woken, and not answered"),
    }
}

/// The process that dies in a commit.
fn commit(home: &Path, with: &str, open: Open<'_>) {
    let (seed, round) = accept(with);
    let store = open(home).expect("the store opens");
    Said::Opened.say();
    arm(true);
    for number in 1..=COMMITS {
        let sent = Sent {
            round,
            writer: 0,
            number,
        };
        let done = answer(&*store, store.commit(sent.changeset(seed)));
        let receipt = done.expect("nothing is refused");
        Said::Acknowledged(sent, receipt.seq).say();
        said();
    }
    block_on(store.close()).expect("the store closes");
}
