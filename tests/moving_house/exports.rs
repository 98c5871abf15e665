//! An export while somebody works, and one that is not finished.

use cmss::MemoryStore;
use cmss_testkit::{Interposed, lines};

use super::*;

#[test]
fn a_command_at_any_moment_of_an_export_is_in_it_whole_or_not_at_all() {
    block_on(async {
        let rich = Rich::told().await;
        let people = Arc::new(rich.people);
        let before = lines(&rich.store).await.unwrap();
        let renamed = rich.store.fork().unwrap();
        rename(&opened(renamed.clone(), "meanwhile").await, &people).await;
        let after = lines(&renamed).await.unwrap();
        let (mut without, mut with, mut replaced) = (0, 0, 0);
        for call in 1.. {
            let store = rich.store.fork().unwrap();
            let cms = opened(store.clone(), "meanwhile").await;
            let people = people.clone();
            let event = async move { rename(&cms, &people).await };
            let busy = Interposed::before_call(call, Arc::new(store.clone()), event);
            let (exported, file) = exported(&busy, Seq::ZERO).await;
            if !busy.has_run() {
                break;
            }
            let moved = MemoryStore::new();
            assert_eq!(load(&moved, &[&file]).await.unwrap(), exported.seq);
            let moved = lines(&moved).await.unwrap();
            if moved == after {
                with += 1;
            } else {
                assert_eq!(moved, before);
                without += 1;
            }
            replaced += usize::from(
                documents(&file) as usize > after.len() - 1 - exported.records as usize,
            );
        }
        // It falls into the walk, where it is followed, and into the log, where it comes too late.
        assert!(
            with > 4 && without > 1 && replaced > 2,
            "{with} {without} {replaced}"
        );
    });
}

#[test]
fn an_export_left_before_its_end_is_refused() {
    block_on(async {
        let rich = Rich::told().await;
        let mut export = Export::whole(&rich.store);
        let mut file = Vec::new();
        loop {
            let refused = load(&MemoryStore::new(), &[&file]).await;
            assert!(
                matches!(refused, Err(StoreError::Corrupt { .. })),
                "{refused:?}"
            );
            assert_eq!(export.exported(), None);
            let lines = export.next().await.unwrap().unwrap();
            file.extend_from_slice(lines.as_bytes());
            if export.exported().is_some() {
                break;
            }
        }
        assert_eq!(export.next().await.unwrap(), None);
        load(&MemoryStore::new(), &[&file]).await.unwrap();
    });
}

#[test]
fn nothing_can_be_exported_after_a_commit_that_has_not_happened() {
    block_on(async {
        let store = MemoryStore::new();
        let mut export = Export::after(&store, Seq(1));
        assert!(export.next().await.unwrap().is_some());
        let refused = export.next().await;
        assert!(
            matches!(refused, Err(StoreError::Malformed { .. })),
            "{refused:?}"
        );
    });
}
