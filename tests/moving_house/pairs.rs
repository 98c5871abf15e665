//! From each kind of store to each.

use cmss::store::Write;

use super::*;
use crate::altered::Altered;

#[test]
fn a_newsroom_moves_from_each_store_to_each_and_nobody_can_tell() {
    block_on(async {
        let rich = Rich::told().await;
        let editor = rich.people.editor();
        let (before, file) = exported(&rich.store, Seq::ZERO).await;
        assert_eq!((before.docs, before.gone), (documents(&file), 0));
        let here = told(&rich.cms, &editor).await;

        // Moved into each, it is what it was; then the same is done in each.
        let mut homes = Vec::new();
        for place in Place::of_each_kind() {
            let (kind, store) = (place.kind, &place.store);
            assert_eq!(load(store, &[&file]).await.unwrap(), before.seq, "{kind}");
            let cms = opened(store.clone(), "there").await;
            assert!(told(&cms, &editor).await == here, "{kind}");
            let again = exported(store, Seq::ZERO).await;
            assert!(again == (before, file.clone()), "{kind}");
            rename(&cms, &rich.people).await;
            homes.push((place, cms));
        }

        let mut pairs = 0;
        for (place, cms) in &homes {
            let (from, store) = (place.kind, &place.store);
            let (after, moved) = exported(store, Seq::ZERO).await;
            assert_eq!(after.seq, before.seq.next(), "{from}");
            let (since, increment) = exported(store, before.seq).await;
            assert_eq!((since.seq, since.records), (after.seq, 1), "{from}");
            assert!(increment.len() * 4 < file.len(), "{from}");
            let there = told(cms, &editor).await;
            assert!(there.0 != here.0 && there.1.starts_with(&here.1), "{from}");

            // The whole of it, and what it was with what has changed since, are the same newsroom.
            for files in [&[&moved[..]][..], &[&file, &increment]] {
                for to in Place::of_each_kind() {
                    let pair = format!("{from} to {}, {} files", to.kind, files.len());
                    assert_eq!(load(&to.store, files).await.unwrap(), after.seq, "{pair}");
                    let cms = opened(to.store.clone(), "home again").await;
                    assert!(told(&cms, &editor).await == there, "{pair}");
                    assert_eq!(cms.rebuild_site(|_| {}).await.unwrap(), Default::default());
                    let again = exported(&to.store, Seq::ZERO).await;
                    assert!(again == (after, moved.clone()), "{pair}");
                    pairs += 1;
                }
            }
        }
        assert_eq!(pairs, 2 * 3 * 3);
    });
}

#[test]
fn a_house_that_goes_on_showing_the_old_name_is_noticed() {
    block_on(async {
        let rich = Rich::told().await;
        let editor = rich.people.editor();
        let (_, file) = exported(&rich.store, Seq::ZERO).await;
        let [honest, planted, _] = Place::of_each_kind();
        let planted = Altered {
            store: planted.store.clone(),
            alter: |changeset| {
                let shown = |write: &Write| write.at().collection.as_str() == "public.part";
                changeset.writes.retain(|write| !shown(write));
            },
        };
        let mut told_there = Vec::new();
        for store in [honest.store.clone(), Arc::new(planted)] {
            load(&store, &[&file]).await.unwrap();
            let cms = opened(store, "there").await;
            rename(&cms, &rich.people).await;
            told_there.push(told(&cms, &editor).await);
        }
        let [honest, planted] = &told_there[..] else {
            panic!("there are two");
        };
        // What was done is the same in the log; what is shown is not.
        assert_eq!(honest.1, planted.1);
        assert_ne!(honest.0, planted.0);
    });
}
