//! A newsroom moves from one store to another by an export: what the public sees, and what the log
//! says, is the same to the byte, also where somebody worked meanwhile; and a file that is not what
//! it was moves nothing.
#![cfg(all(feature = "memory", feature = "sled"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests are not in test functions"
)]

mod outside;
mod rich;

use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cmss::store::{Export, Exported, Limits, Line, Seq, Store, StoreError, import};
use cmss::{
    Actor, BylineForm, BylineName, Cms, MemoryStore, PastWorks, SeededIds, SetClock, SledStore,
};
use cmss_testkit::{Interposed, lines};
use outside::{Answer, Questions};
use pollster::block_on;
use rich::{People, Rich, at};
use tempfile::{TempDir, tempdir};

/// A file of everything, or of what changed after a commit.
async fn exported(store: &dyn Store, after: Seq) -> (Exported, Vec<u8>) {
    let mut file = Vec::new();
    let mut export = Export::after(store, after);
    while let Some(lines) = export.next().await.unwrap() {
        file.extend_from_slice(lines.as_bytes());
    }
    (export.exported().unwrap(), file)
}

/// Fills a store from these files.
async fn load(store: &dyn Store, files: &[&[u8]]) -> Result<Seq, StoreError> {
    let files = files.iter().map(|file| Cursor::new(file.to_vec()));
    store.load(import(files, &store.limits())?).await
}

fn sled() -> (TempDir, SledStore) {
    let home = tempdir().unwrap();
    let store = SledStore::open(home.path()).unwrap();
    (home, store)
}

/// The newsroom of a store, with ids of its own.
async fn opened(store: impl Store, ids: &str) -> Cms {
    Cms::builder(store)
        .clock(Arc::new(SetClock::at(at("2026-04-01T08:00:00Z"))))
        .ids(Arc::new(SeededIds::new(ids)))
        .open()
        .await
        .unwrap()
}

/// Every answer of the public door, and the whole log as an editor reads it.
async fn told(cms: &Cms, editor: &Actor) -> (Vec<Answer>, Vec<String>) {
    let mut slugs: Vec<String> = ["masen", "liv", "tarnan", "bostad", "hanvisad", "borttagen"]
        .map(str::to_owned)
        .to_vec();
    let everything = cms.site().everything(100, None).await.unwrap();
    assert!(everything.pages.len() > 6 && everything.next.is_none());
    slugs.extend(everything.pages.iter().map(|page| page.slug.to_string()));
    let questions = Questions {
        slugs,
        times: ["2026-02-01T00:00:00Z", "2026-03-03T09:00:00Z"]
            .map(at)
            .to_vec(),
        limits: vec![2, 100],
    };
    let answers = questions.ask(&cms.site()).await;
    let mut log = Vec::new();
    let mut after = Seq::ZERO;
    loop {
        let page = cms.desk(editor.clone()).audit(after, 100).await.unwrap();
        if page.reached == after {
            return (answers, log);
        }
        after = page.reached;
        log.extend(page.lines.iter().map(|record| format!("{record:?}")));
    }
}

/// Takes a new name, on past works too: a commit that reaches many pages.
async fn rename(cms: &Cms, people: &People) {
    let name = BylineName {
        form: BylineForm::PenName,
        name: Some("Strandskatan".to_owned()),
    };
    let past = PastWorks::Renamed { told: true };
    let sol = cms.desk(people.reporter());
    sol.change_byline(people.pen, &name, past).await.unwrap();
}

#[test]
fn a_newsroom_moves_to_sled_and_back_and_nobody_can_tell() {
    block_on(async {
        let rich = Rich::told().await;
        let editor = rich.people.editor();
        let (before, file) = exported(&rich.store, Seq::ZERO).await;
        assert_eq!((before.docs, before.gone), (documents(&file), 0));
        let here = told(&rich.cms, &editor).await;

        let (_home, sled) = sled();
        let sled = Arc::new(sled);
        assert_eq!(load(&sled, &[&file]).await.unwrap(), before.seq);
        let there = opened(sled.clone(), "there").await;
        assert_eq!(told(&there, &editor).await, here);
        assert_eq!(exported(&sled, Seq::ZERO).await, (before, file.clone()));

        rename(&there, &rich.people).await;
        let (after, moved) = exported(&sled, Seq::ZERO).await;
        assert_eq!(after.seq, before.seq.next());
        let back = MemoryStore::new();
        load(&back, &[&moved]).await.unwrap();
        let cms = opened(back.clone(), "home again").await;
        let home_again = told(&cms, &editor).await;
        assert_eq!(home_again, told(&there, &editor).await);
        assert_ne!(home_again.0, here.0);
        assert_eq!(exported(&back, Seq::ZERO).await, (after, moved.clone()));
        assert_eq!(cms.rebuild_site().await.unwrap(), Default::default());

        let (since, increment) = exported(&sled, before.seq).await;
        assert_eq!((since.seq, since.records), (after.seq, 1));
        assert!(increment.len() * 4 < file.len());
        let together = MemoryStore::new();
        load(&together, &[&file, &increment]).await.unwrap();
        assert_eq!(exported(&together, Seq::ZERO).await, (after, moved));
    });
}

/// How many lines of a file hold a document.
fn documents(file: &[u8]) -> u64 {
    let lines = file.split(|byte| *byte == b'\n');
    lines.filter(|line| line.starts_with(b"{\"doc\":")).count() as u64
}

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

/// What may happen to a file of some lines.
fn damaged(file: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let lines: Vec<&[u8]> = file.split_inclusive(|byte| *byte == b'\n').collect();
    let (middle, last) = (lines.len() / 2, lines.len() - 1);
    let mut flipped = file.to_vec();
    flipped[file.len() / 2] ^= 1;
    let mut swapped = lines.clone();
    swapped.swap(middle, middle + 1);
    let mut doubled = lines.clone();
    doubled.insert(middle, lines[middle]);
    vec![
        ("nothing", Vec::new()),
        ("cut in a line", file[..file.len() / 2].to_vec()),
        ("not finished", lines[..last].concat()),
        ("flipped", flipped),
        ("swapped", swapped.concat()),
        ("doubled", doubled.concat()),
        (
            "a line missing",
            [&lines[..middle], &lines[middle + 1..]].concat().concat(),
        ),
        ("twice in one", [file, file].concat()),
    ]
}

#[test]
fn a_damaged_file_fills_no_store() {
    block_on(async {
        let rich = Rich::told().await;
        let (exported, file) = exported(&rich.store, Seq::ZERO).await;
        let (_home, sled) = sled();
        let stores: [&dyn Store; 2] = [&MemoryStore::new(), &sled];
        for store in stores {
            for (what, file) in damaged(&file) {
                let refused = load(store, &[&file]).await;
                assert!(
                    matches!(refused, Err(StoreError::Corrupt { .. })),
                    "{what}: {refused:?}"
                );
                assert!(store.walk(None, 1).await.unwrap().docs.is_empty(), "{what}");
            }
            assert_eq!(load(store, &[&file]).await.unwrap(), exported.seq);
        }
    });
}

/// A file that counts what is read of it, and that reads otherwise after so many bytes.
struct File {
    content: Cursor<Vec<u8>>,
    read: Arc<AtomicUsize>,
    /// What happens after so many bytes.
    then: Option<(usize, Damage)>,
}

#[derive(Clone, Copy)]
enum Damage {
    Fails,
    Flips,
}

impl Read for File {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.content.read(buffer)?;
        let before = self.read.fetch_add(read, Ordering::SeqCst);
        match self.then {
            Some((after, Damage::Fails)) if before + read > after => {
                Err(io::Error::other("the disk is gone"))
            }
            Some((after, Damage::Flips)) if before + read > after => {
                // A letter of some word, which leaves every line a line.
                let words = buffer[..read].windows(5).position(|word| word == b"body\"");
                if let Some(place) = words {
                    buffer[place] ^= 1;
                }
                Ok(read)
            }
            _ => Ok(read),
        }
    }
}

impl Seek for File {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.content.seek(to)
    }
}

#[test]
fn a_file_that_changes_or_goes_while_it_is_loaded_fills_no_store() {
    block_on(async {
        let rich = Rich::told().await;
        let (exported, file) = exported(&rich.store, Seq::ZERO).await;
        let (_home, sled) = sled();
        let stores: [&dyn Store; 2] = [&MemoryStore::new(), &sled];
        for store in stores {
            for damage in [Damage::Fails, Damage::Flips] {
                // The first reading is over; the second is half done.
                let then = Some((file.len() * 3 / 2, damage));
                let content = Cursor::new(file.clone());
                let read = Arc::default();
                let lines = import(
                    [File {
                        content,
                        read,
                        then,
                    }],
                    &store.limits(),
                )
                .unwrap();
                let refused = store.load(lines).await.unwrap_err();
                let expected = match damage {
                    Damage::Fails => matches!(refused, StoreError::Unavailable { .. }),
                    Damage::Flips => matches!(refused, StoreError::Corrupt { .. }),
                };
                assert!(expected, "{refused}");
                assert!(store.walk(None, 1).await.unwrap().docs.is_empty());
            }
            assert_eq!(load(store, &[&file]).await.unwrap(), exported.seq);
        }
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

#[test]
fn an_export_and_a_load_hold_some_lines_at_a_time() {
    block_on(async {
        let rich = Rich::told().await;
        let (exported, file) = exported(&rich.store, Seq::ZERO).await;
        let longest = file
            .split(|byte| *byte == b'\n')
            .map(<[u8]>::len)
            .max()
            .unwrap()
            + 1;
        // A page has 32 documents or records.
        assert!(exported.docs > 5 * 32 && exported.records > 2 * 32);
        let mut export = Export::whole(&rich.store);
        let mut chunks = 0;
        while let Some(lines) = export.next().await.unwrap() {
            assert!(lines.lines().count() <= 32);
            chunks += 1;
        }
        assert!(chunks > 7);

        let read = Arc::new(AtomicUsize::new(0));
        let content = Cursor::new(file.clone());
        let counted = File {
            content,
            read: read.clone(),
            then: None,
        };
        let lines = import([counted], &Limits::default()).unwrap();
        let buffer = 8 * 1024;
        let mut before = read.load(Ordering::SeqCst);
        assert!(before <= file.len() + buffer);
        for line in lines {
            let now = read.load(Ordering::SeqCst);
            assert!(matches!(line.unwrap(), Line::End(_)) || now - before <= longest + buffer);
            before = now;
        }
        assert_eq!(before, 2 * file.len());
    });
}
