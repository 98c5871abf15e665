//! Each kind of command on a store of which every call fails once, in every way.

use std::collections::BTreeMap;
use std::sync::Arc;

use cmss::store::Store;
use cmss::{Cms, Error, SeededIds, SetClock};
use cmss_testkit::faults::{Survived, under_every_fault};
use pollster::block_on;

use crate::commands::{Comes, Given, all_names, given};
use crate::play::Stage;
use crate::scene::{Scene, key};
use crate::support::start;

/// Gives a command, under the same key each time.
async fn give(given: &Given, store: Arc<dyn Store>) -> Result<(), Error> {
    let cms = Cms::builder(store)
        .clock(Arc::new(SetClock::at(start())))
        .ids(Arc::new(SeededIds::new("faults")))
        .open()
        .await?;
    let desk = cms.desk(given.by.clone()).once(key("faults"));
    desk.execute(&given.command).await.map(drop)
}

#[test]
fn each_kind_of_command_ends_the_same_whichever_call_fails_and_however() {
    let scene = block_on(Scene::set());
    let stage = block_on(Stage::of(&scene));
    let done = given(&scene)
        .into_iter()
        .filter(|given| given.comes == Comes::Done);
    let kinds: BTreeMap<String, Given> = done.map(|given| (given.name(), given)).collect();
    assert_eq!(kinds.len(), all_names().len());

    let mut all = Survived::default();
    for (name, given) in kinds {
        let survived = under_every_fault(
            || Arc::new(stage.fork()),
            async |store| give(&given, store).await,
            async |_| {},
        );
        assert_eq!((survived.commits, survived.recovered), (1, 0), "{name}");
        all.calls += survived.calls;
        all.commits += survived.commits;
        all.faults += survived.faults;
    }
    println!("{all:?}");
}
