//! How far work on the whole of a store says it is.

use cmss::store::{Changeset, CommitId, Digest, DocRef, Store, Write};
use cmss::{Cms, MemoryStore, Organisation, OrganisationKind, Rebuilt};
use pollster::block_on;
use uuid::Uuid;

use crate::support::{Newsroom, opened};

/// The most documents that are looked at between two words.
const STEP: u64 = 20;

/// Whether these numbers grow from nothing, by no more than a step at a time.
fn is_gradual(told: &[u64]) -> bool {
    let before = std::iter::once(&0).chain(told);
    let mut steps = before.zip(told);
    steps.all(|(before, now)| before < now && now - before <= STEP)
}

/// Whether these numbers are those of a work that looks at so many documents.
fn is_progress(told: &[u64], all: u64) -> bool {
    is_gradual(told) && told.last() == Some(&all)
}

/// Where every document of a store stands.
async fn places(store: &MemoryStore) -> Vec<DocRef> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let walked = store.walk(after.as_ref(), 100).await.unwrap();
        all.extend(walked.docs.into_iter().map(|stored| stored.at));
        after = all.last().cloned();
        if !walked.more {
            return all;
        }
    }
}

/// What each work on the whole of a store tells.
async fn told(cms: &Cms) -> [Vec<u64>; 3] {
    let [mut upgrade, mut check, mut rebuild] = [const { Vec::new() }; 3];
    cms.upgrade(|documents| upgrade.push(documents))
        .await
        .unwrap();
    cms.check(|documents| check.push(documents)).await.unwrap();
    let rebuilt = cms.rebuild_site(|documents| rebuild.push(documents)).await;
    assert_eq!(rebuilt.unwrap(), Rebuilt::default());
    [upgrade, check, rebuild]
}

#[test]
fn whoever_works_on_a_whole_store_tells_at_every_step_how_far_and_ends_with_all_there_is() {
    block_on(async {
        let store = MemoryStore::new();
        let room = Newsroom::in_store(store.clone()).await;
        let (mut sizes, mut full) = (0, 0);
        for number in 0..3 * STEP {
            let club = Organisation::named(format!("Förening {number}"), OrganisationKind::Unit);
            let club = room.editor().put_organisation(None, &club).await.unwrap();
            if number % 3 == 0 {
                room.editor().publish_record(club).await.unwrap();
            }
            let all = places(&store).await.len() as u64;
            let [upgrade, check, rebuild] = told(&room.cms).await;
            assert!(is_progress(&upgrade, all), "{all}: {upgrade:?}");
            assert!(is_progress(&check, 2 * all), "{all}: {check:?}");
            assert!(is_progress(&rebuild, 2 * all), "{all}: {rebuild:?}");
            sizes += 1;
            full += u64::from(all.is_multiple_of(STEP));
        }
        // Stores whose last step is full, and stores whose last is not.
        assert!(0 < full && full < sizes, "{full} of {sizes}");
    });
}

#[test]
fn a_rebuild_that_finds_everything_missing_tells_how_far_it_is_as_well() {
    block_on(async {
        let store = MemoryStore::new();
        let room = Newsroom::in_store(store.clone()).await;
        for number in 0..3 * STEP {
            let club = Organisation::named(format!("Förening {number}"), OrganisationKind::Unit);
            let club = room.editor().put_organisation(None, &club).await.unwrap();
            room.editor().publish_record(club).await.unwrap();
        }
        let parts = places(&store).await.into_iter();
        let parts = parts.filter(|at| at.collection.as_str() == "public.part");
        let writes: Vec<Write> = parts.map(|at| Write::Remove { at }).collect();
        let missing = writes.len();
        let changeset = Changeset {
            id: CommitId(Uuid::from_u128(1_000)),
            expect: Vec::new(),
            writes,
            note: r#"{"acts":[]}"#.into(),
            digest: Digest::of(b"past the library"),
        };
        store.commit(changeset).await.unwrap();

        let cms = opened(store, "upkeep").await;
        let mut told = Vec::new();
        let rebuilt = cms.rebuild_site(|documents| told.push(documents)).await;
        assert_eq!(rebuilt.unwrap().written as usize, missing);
        assert!(missing as u64 > 2 * STEP && is_gradual(&told), "{told:?}");
    });
}

#[test]
fn progress_that_halts_goes_back_leaps_or_ends_elsewhere_is_noticed() {
    assert!(is_progress(&[20, 40, 45], 45));
    for wrong in [
        &[][..],
        &[20, 20, 40, 45],
        &[20, 40, 30, 45],
        &[20, 45],
        &[25, 45],
        &[20, 40],
        &[20, 40, 45, 50],
    ] {
        assert!(!is_progress(wrong, 45), "{wrong:?}");
    }
}
