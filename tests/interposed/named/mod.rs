//! Pairs that are looked at one by one: what each side is told, and what the public sees.

mod public;
mod winners;

use std::sync::{Arc, Mutex};

use cmss::store::Store;
use cmss::*;
use cmss_testkit::Interposed;

use crate::scene::Scene;
use crate::support::opened;

/// A copy of the scene, and a desk before whose call (or commit) another acts whole.
struct Stand {
    store: MemoryStore,
    cms: Cms,
}

impl Stand {
    async fn at(scene: &Scene) -> Self {
        let store = scene.fork();
        let cms = opened(store.clone(), "behind").await;
        Self { store, cms }
    }

    /// What the first answers when the second comes in; and what the second answers, if it did.
    async fn pair<A, B>(
        &self,
        before_call: Option<usize>,
        [one, other]: [Actor; 2],
        first: impl AsyncFnOnce(Desk) -> Result<A, Error>,
        second: impl FnOnce(Desk) -> B,
    ) -> (Result<A, Error>, Option<Result<(), Error>>)
    where
        B: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let answered = Arc::new(Mutex::new(None));
        let (answers, second) = (answered.clone(), second(self.cms.desk(other)));
        let event = async move {
            let answer = second.await;
            *answers.lock().unwrap() = Some(answer);
        };
        let behind: Arc<dyn Store> = Arc::new(self.store.clone());
        let over = match before_call {
            None => Interposed::new(behind, event),
            Some(number) => Interposed::before_call(number, behind, event),
        };
        let over = opened(over, "over").await;
        let first = first(over.desk(one)).await;
        let second = answered.lock().unwrap().take();
        (first, second)
    }

    /// Everything that the public door hands out.
    async fn public(&self) -> String {
        let site = self.cms.site();
        let pages = site.everything(100, None).await.unwrap().pages;
        let pages: Vec<_> = pages.iter().map(|page| page.page.to_json()).collect();
        let all = site.list(&Listing::by(ListBy::All)).await.unwrap().unwrap();
        format!("{}\n{}", pages.join("\n"), all.to_json())
    }
}

/// Vera, Nils, Sol and Liv.
fn actors(scene: &Scene) -> [Actor; 4] {
    let room = &scene.room;
    [
        Actor::new(room.vera).editor(),
        Actor::new(room.nils).editor(),
        Actor::new(room.sol).reporter(),
        Actor::new(room.liv).reporter(),
    ]
}
