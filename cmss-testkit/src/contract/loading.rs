//! What is asked of a store while it draws the lines of a load: M1, M2, F1.

use std::future::ready;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use cmss_core::store::{Line, Range, Receipt, Seq, Store, StoreError};

use super::load::furniture;
use crate::samples::{SLUG, changeset, commit_id, places, put, thing, whole};
use crate::{Fixture, feed};

/// A call of which the answer is yet to come.
type Begun<T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send>>;

/// Asks for something, and does not wait for the answer.
fn begin<T: Send + 'static>(mut call: Begun<T>) -> Begun<T> {
    match call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => Box::pin(ready(answer)),
        Poll::Pending => call,
    }
}

/// Loads lines, and asks for something when the first of them is drawn; what each came to.
async fn beside<T: Send + 'static>(
    store: &Arc<dyn Store>,
    lines: Vec<Line>,
    call: impl Fn(Arc<dyn Store>) -> Begun<T> + Send + 'static,
) -> (Result<Seq, StoreError>, Result<T, StoreError>) {
    let begun = Arc::new(Mutex::new(None));
    let drawn = {
        let (store, begun) = (store.clone(), begun.clone());
        move |line| {
            let mut begun = begun.lock().unwrap_or_else(PoisonError::into_inner);
            begun.get_or_insert_with(|| begin(call(store.clone())));
            Ok(line)
        }
    };
    let loaded = store.load(Box::new(lines.into_iter().map(drawn))).await;
    let begun = begun.lock().unwrap_or_else(PoisonError::into_inner).take();
    (loaded, begun.expect("the lines were drawn").await)
}

/// M1, M2: until a load has ended every read finds the store empty.
pub async fn nothing_is_read_of_a_load_before_its_end(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let furniture = furniture(fixture).await?;
    let store = fixture.open().await;
    let reader = store.clone();
    let lines_in = furniture.into_iter().map(move |line| {
        pollster::block_on(async {
            assert_eq!(reader.get(&[thing(1), thing(2)]).await?.docs, [None, None]);
            assert_eq!(places(&*reader, Range::all(SLUG)).await?, []);
            assert_eq!(reader.walk(None, 10).await?.docs, []);
            assert_eq!(reader.changes(Seq::ZERO, 10).await?.as_of, Seq::ZERO);
            assert_eq!(reader.receipt(commit_id(1)).await?, None);
            Ok(line)
        })
    });
    assert_eq!(store.load(Box::new(lines_in)).await?, Seq(3));
    Ok(())
}

/// F1: a store that is closed while lines come stays closed.
pub async fn a_store_closed_beside_a_load_stays_closed(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let furniture = furniture(fixture).await?;
    let store = fixture.open().await;
    let close =
        |store: Arc<dyn Store>| -> Begun<()> { Box::pin(async move { store.close().await }) };
    let (loaded, closed) = beside(&store, furniture, close).await;
    assert!(
        matches!(loaded, Ok(Seq(3)) | Err(StoreError::Closed)),
        "{loaded:?}"
    );
    closed?;
    let answer = store.get(&[thing(1)]).await;
    assert!(matches!(answer, Err(StoreError::Closed)), "{answer:?}");
    Ok(())
}

/// A commit of which a load knows nothing.
fn commit(store: Arc<dyn Store>) -> Begun<Receipt> {
    Box::pin(async move {
        let write = put(&thing(9)).listed("beside");
        store.commit(changeset(9, [write])).await
    })
}

/// M1: a commit that is asked for while the lines of a load come goes before it, and the load is
/// refused, or after it; neither is lost.
pub async fn a_commit_beside_a_load_comes_before_it_or_after(
    fixture: &mut dyn Fixture,
) -> Result<(), StoreError> {
    let furniture = furniture(fixture).await?;
    let (mut alone, mut both) = (fixture.another(), fixture.another());
    let (alone, both) = (alone.open().await, both.open().await);
    commit(alone.clone()).await?;
    both.load(feed(furniture.clone())).await?;
    commit(both.clone()).await?;

    let store = fixture.open().await;
    let (loaded, committed) = beside(&store, furniture, commit).await;
    let (expected, seq) = match loaded {
        Ok(seq) => {
            assert_eq!(seq, Seq(3));
            (both, Seq(4))
        }
        Err(StoreError::NotEmpty) => (alone, Seq(1)),
        Err(error) => return Err(error),
    };
    assert_eq!(committed?.seq, seq);
    assert_eq!(whole(&*store).await?, whole(&*expected).await?);
    Ok(())
}
