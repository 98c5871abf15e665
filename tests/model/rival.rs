//! Two who want the same: one runs whole between the other's reading and commit, and the tables
//! foretell the one after the other.

use std::sync::Arc;

use cmss::store::Store;

use cmss::{Cms, MemoryStore};
use cmss_testkit::Interposed;
use pollster::block_on;

use crate::cast::Who;
use crate::newsroom::{Ask, Foretold, OfTask, OfferText};
use crate::play::{Play, Stage};
use crate::tamper::{Fault, Tampered};

/// Sol claims the last place, and Liv is faster.
async fn the_last_place(fault: Option<Fault>) -> Result<(), String> {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let mut stage = Stage::set(store.clone(), Play::EACH_CHANGE).await?;
    let offer = OfferText {
        unit: None,
        places: 1,
        claim_by: None,
        version: 0,
    };
    let open = Ask::Task {
        task: 1,
        event: OfTask::Open,
        blank: false,
    };
    stage
        .give(
            Who::Vera,
            &Ask::Propose {
                revises: None,
                offer,
            },
            false,
        )
        .await?;
    stage.give(Who::Vera, &open, false).await?;

    let claim = Ask::Claim { task: 1 };
    let (liv, task) = (stage.world.desk(Who::Liv), stage.world.tasks[1]);
    let faster = async move {
        liv.claim(task).await.unwrap();
    };
    let behind: Arc<dyn Store> = match fault {
        None => store,
        Some(fault) => Arc::new(Tampered { store, fault }),
    };
    let interposed = Cms::builder(Interposed::new(behind, faster)).open().await;
    let sol = interposed
        .map_err(|error| error.to_string())?
        .desk(stage.world.actor(Who::Sol));
    let result = sol.claim(task).await;

    let first = stage.newsroom.give(Who::Liv, &claim);
    let second = stage.newsroom.give(Who::Sol, &claim);
    if first != Foretold::Done {
        return Err(format!("Liv was foretold {first:?}"));
    }
    let full = Foretold::Refused(["full".to_owned()].into());
    match (second == full, result) {
        (true, Err(cmss::Error::Refused(_))) => Ok(()),
        (_, result) => Err(format!("foretold {second:?}, and was {result:?}")),
    }
}

#[test]
fn who_comes_second_to_the_last_place_is_refused() {
    block_on(the_last_place(None)).unwrap();
}

#[test]
fn a_store_that_forgets_what_a_decision_rests_on_is_found_out() {
    let why = block_on(the_last_place(Some(Fault::ForgetsExpectations)));
    assert!(why.is_err());
}
