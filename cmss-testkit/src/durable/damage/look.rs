//! Who fills a store, and who looks at a damaged one.

use std::path::Path;

use cmss_core::store::{Digest, Expect, Seq, Store, StoreError, Write};
use pollster::block_on;

use crate::children::say;
use crate::durable::Backend;
use crate::notes::{body, change, commit, lines, note, put};

/// Work of all kinds, one commit for each number.
pub(in crate::durable) fn live(store: &dyn Store, numbers: std::ops::RangeInclusive<u128>) {
    for number in numbers {
        let size = usize::try_from(number % 11).expect("a small number");
        let text = number.to_string().repeat(10 + size * size * 200);
        let mut writes = vec![put(number % 13 + 1, &text), put(1_000 + number, "x")];
        if number % 30 > 10 {
            let at = note(1_000 + number - 10);
            writes.push(Write::Remove { at });
        }
        commit(store, change(number, vec![], writes)).expect("a commit");
    }
}

/// The child that leaves a store behind as it is when the process dies.
pub(super) fn fill_and_die<B: Backend>(path: &Path, backend: &B) -> ! {
    let store = backend.open(path).expect("the store opens");
    live_and_die(&store, 31..=60);
}

/// Does such work, and takes the process with it when the witness has seen it.
pub(in crate::durable) fn live_and_die(
    store: &dyn Store,
    numbers: std::ops::RangeInclusive<u128>,
) -> ! {
    live(store, numbers);
    // An answer to something else shows that what follows the last commit has been done.
    let refused = change(99, vec![Expect::At(note(1), Seq(99))], vec![put(1, "x")]);
    commit(store, refused).expect_err("another version was expected");
    say("filled");
    std::process::abort();
}

/// The child that looks at a damaged store, twice: what is wrong may have been put right, or made
/// worse, by the first time.
pub(super) fn look_at<B: Backend>(path: &Path, backend: &B) {
    let mut is_whole = false;
    for _ in 0..2 {
        let looked = backend.open(path).and_then(|store| {
            let found = found(&store, backend)?;
            block_on(store.close())?;
            Ok(found)
        });
        is_whole = looked.is_ok();
        match looked {
            Ok(found) => say(&format!("holds {found}")),
            Err(error) => say(&format!("refused {error}")),
        }
    }
    if is_whole {
        go_on(path, backend);
    }
}

/// What a store holds, in few words, if it is whole.
pub(super) fn found<B: Backend>(store: &B::Store, backend: &B) -> Result<String, StoreError> {
    let verified = backend.verify(store)?;
    let lines = serde_json::to_vec(&lines(store)).expect("lines are spelled");
    let held = Digest::of(&lines);
    Ok(format!("{verified} {held}"))
}

/// A store that was found whole can be written to, or says why not.
fn go_on<B: Backend>(path: &Path, backend: &B) {
    let written = backend.open(path).and_then(|store| {
        backend.verify(&store)?;
        commit(&store, change(100, vec![], vec![put(7, "after")]))?;
        block_on(store.close())
    });
    if written.is_ok() {
        let store = backend.open(path).expect("what was written to opens");
        backend
            .verify(&store)
            .expect("what was written to is whole");
        assert_eq!(body(&store, 7).as_deref(), Some("after"));
    }
}
