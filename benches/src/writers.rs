//! One writer and many.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use cmss_core::store::Store;
use pollster::block_on;

use crate::Failure;
use crate::editorial::Editorial;
use crate::engines::Engine;

/// The most commits that a leader puts into one group: as many as a store does.
const GROUP: usize = 64;

/// What a store of a directory does with commits when nobody commits any more, it does in this time:
/// not while others are measured.
const AFTERWARDS: Duration = Duration::from_millis(500);

/// The time of one commit, when one writer does these after another.
pub(crate) fn one(engine: &mut dyn Engine, work: &[Editorial]) -> Result<Duration, Failure> {
    let begun = Instant::now();
    for made in work {
        engine.write(&[made])?;
    }
    Ok(each(begun, work.len()))
}

/// The same through a store.
pub(crate) fn one_in(store: &dyn Store, work: &[Editorial]) -> Result<Duration, Failure> {
    let begun = Instant::now();
    for made in work {
        block_on(store.commit(made.changeset.clone()))?;
    }
    let took = each(begun, work.len());
    thread::sleep(AFTERWARDS);
    Ok(took)
}

/// The time of one commit, when so many writers share these, each waiting for its own.
pub(crate) fn many_in(
    store: &dyn Store,
    writers: usize,
    work: &[Editorial],
) -> Result<Duration, Failure> {
    let took = shared(writers, work, || {
        |made| {
            block_on(store.commit(made.changeset.clone()))?;
            Ok(())
        }
    });
    thread::sleep(AFTERWARDS);
    took
}

/// The same on an engine: one leader writes all that waits as one group.
pub(crate) fn many_led(
    engine: &mut dyn Engine,
    writers: usize,
    work: &[Editorial],
) -> Result<Duration, Failure> {
    let (sender, waiting) = channel();
    thread::scope(|scope| {
        let leader = scope.spawn(move || lead(engine, &waiting));
        let took = shared(writers, work, || {
            let sender = sender.clone();
            move |made| {
                let (answer, answered) = channel();
                sender
                    .send((made, answer))
                    .map_err(|_| "the leader is gone")?;
                answered.recv().map_err(|_| "the leader has failed")?;
                Ok(())
            }
        });
        drop(sender);
        leader.join().map_err(|_| "the leader has panicked")??;
        took
    })
}

/// The same, each writer with an engine of its own.
pub(crate) fn many_each<E: Engine>(
    engines: &mut [E],
    work: &[Editorial],
) -> Result<Duration, Failure> {
    let writers = engines.len();
    let mut engines = engines.iter_mut();
    shared(writers, work, || {
        let mut engine = engines.next();
        move |made| match &mut engine {
            Some(engine) => engine.write(&[made]),
            None => Err("too few engines".into()),
        }
    })
}

type Waiting<'a> = (&'a Editorial, Sender<()>);

/// Ends when nobody can send any more.
fn lead(engine: &mut dyn Engine, waiting: &Receiver<Waiting<'_>>) -> Result<(), Failure> {
    while let Ok(first) = waiting.recv() {
        let mut group = vec![first];
        while group.len() < GROUP
            && let Ok(next) = waiting.try_recv()
        {
            group.push(next);
        }
        let work: Vec<&Editorial> = group.iter().map(|(made, _)| *made).collect();
        engine.write(&work)?;
        for (_, answer) in group {
            // The writer waits.
            let _ = answer.send(());
        }
    }
    Ok(())
}

/// Cuts the work into a share for each writer, and lets them begin at once.
fn shared<'a, W>(
    writers: usize,
    work: &'a [Editorial],
    mut writer: impl FnMut() -> W,
) -> Result<Duration, Failure>
where
    W: FnMut(&'a Editorial) -> Result<(), Failure> + Send,
{
    let share = work.len().div_ceil(writers.max(1)).max(1);
    let begun = Instant::now();
    thread::scope(|scope| {
        let mut threads = Vec::new();
        for share in work.chunks(share) {
            let mut write = writer();
            threads.push(scope.spawn(move || share.iter().try_for_each(&mut write)));
        }
        for thread in threads {
            thread.join().map_err(|_| "a writer has panicked")??;
        }
        Ok(each(begun, work.len()))
    })
}

/// The time of one, of so many that have been done since.
pub(crate) fn each(begun: Instant, count: usize) -> Duration {
    begun.elapsed().div_f64(count.max(1) as f64)
}
