//! Files that are not what they were, or do not stay so, and how much of one is held.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicUsize, Ordering};

use cmss::store::{Limits, Line};

use super::*;

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
        for place in Place::of_each_kind() {
            let (kind, store) = (place.kind, &place.store);
            for (what, file) in damaged(&file) {
                let refused = load(store, &[&file]).await;
                assert!(
                    matches!(refused, Err(StoreError::Corrupt { .. })),
                    "{kind}, {what}: {refused:?}"
                );
                assert!(
                    store.walk(None, 1).await.unwrap().docs.is_empty(),
                    "{kind}, {what}"
                );
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
        for place in Place::of_each_kind() {
            let store = &place.store;
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
                assert!(expected, "{}: {refused}", place.kind);
                assert!(store.walk(None, 1).await.unwrap().docs.is_empty());
            }
            assert_eq!(load(store, &[&file]).await.unwrap(), exported.seq);
        }
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
