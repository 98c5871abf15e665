//! Compaction of stores on a file, stopped at every point.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{Read, Seek, SeekFrom, Write as _};
use std::mem::discriminant;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::Mutex;

use cmss_core::store::{Line, Seq, Write};
use cmss_testkit::notes::{change, commit, lines, note, put};
use tempfile::{TempDir, tempdir};

use super::*;
use crate::codec::{Reader, Writer};
use crate::engine::{Batch, Engine};
use crate::verify::{Fault, Place};

type Map = BTreeMap<Vec<u8>, Vec<u8>>;

/// An engine that keeps a map in one file, and has no more room than a file `room` beside its
/// directory says.
struct FileEngine {
    map: Mutex<Map>,
    file: Mutex<File>,
    room: PathBuf,
}

impl FileEngine {
    fn open(directory: &Path) -> Result<Self, StoreError> {
        recover(directory)?;
        directory::prepare(directory, |names| names.iter().any(|name| name == "data"))?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(directory.join("data")).unwrap();
        if file.try_lock().is_err() {
            return Err(error::held("data"));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        Ok(Self {
            map: Mutex::new(read_map(&bytes)),
            file: Mutex::new(file),
            room: directory::parent(directory).join("room"),
        })
    }
}

fn read_map(bytes: &[u8]) -> Map {
    let mut reader = Reader::new(bytes);
    let mut map = Map::new();
    while let Some(key) = reader.bytes() {
        map.insert(key.to_vec(), reader.bytes().unwrap().to_vec());
    }
    map
}

fn write_map(map: &Map) -> Vec<u8> {
    let mut out = Writer::default();
    for (key, value) in map {
        out.bytes(key);
        out.bytes(value);
    }
    out.finish()
}

impl Engine for FileEngine {
    const MAGIC: &'static [u8] = b"cmss-file";

    type Bytes = Vec<u8>;

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.map.lock().unwrap().get(key).cloned())
    }

    fn range<'a>(
        &'a self,
        from: &[u8],
        until: &[u8],
    ) -> impl DoubleEndedIterator<Item = Result<(Vec<u8>, Vec<u8>), StoreError>> + use<'a> {
        let map = self.map.lock().unwrap();
        let found = map.range(from.to_vec()..until.to_vec());
        let found: Vec<_> = found
            .map(|(key, value)| Ok((key.clone(), value.clone())))
            .collect();
        found.into_iter()
    }

    fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        let mut map = self.map.lock().unwrap();
        for (key, value) in batch {
            match value {
                Some(value) => map.insert(key, value),
                None => map.remove(&key),
            };
        }
        Ok(())
    }

    fn settle(&self) -> Result<(), StoreError> {
        let bytes = write_map(&self.map.lock().unwrap());
        let room = fs::read_to_string(&self.room).ok();
        if room.is_some_and(|room| bytes.len() > room.parse().unwrap()) {
            return Err(StoreError::Full { source: None });
        }
        let mut file = self.file.lock().unwrap();
        file.set_len(0).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        file.write_all(&bytes).unwrap();
        Ok(())
    }

    fn is_untouched(&self) -> Result<bool, StoreError> {
        Ok(self.map.lock().unwrap().is_empty())
    }

    fn let_go(self) {}
}

const FILES: Housing<FileEngine> = Housing {
    open: |directory| KeyedStore::open_in(FileEngine::open(directory)?, directory),
    lock: "data",
    owns: |name| ["data", directory::WITNESS].contains(&name),
};

fn open(directory: &Path) -> Result<KeyedStore<FileEngine>, StoreError> {
    (FILES.open)(directory)
}

struct Home {
    parent: TempDir,
}

impl Home {
    /// A store with documents of one and of several pages, some removed.
    fn filled() -> Self {
        let home = Self {
            parent: tempdir().unwrap(),
        };
        let store = open(&home.news()).unwrap();
        for number in 1..=20 {
            let mut writes = vec![
                put(number, "x"),
                put(
                    100 + number,
                    &"long ".repeat(if number == 7 { 15_000 } else { 300 }),
                ),
            ];
            if number > 3 {
                let at = note(number - 3);
                writes.push(Write::Remove { at });
            }
            commit(&store, change(number, vec![], writes)).unwrap();
        }
        home
    }

    fn news(&self) -> PathBuf {
        self.parent.path().join("news")
    }

    fn names(&self) -> Vec<String> {
        let mut names = directory::names(self.parent.path()).unwrap();
        names.sort();
        names
    }

    /// What the store holds when it is opened, which must be whole.
    #[track_caller]
    fn held(&self) -> Vec<Line> {
        let store = open(&self.news()).unwrap();
        store.verify(|_| ()).unwrap();
        lines(&store)
    }

    fn compact(&self) -> Result<Compacted, Unverified> {
        compact(&self.news(), &FILES, |_| ())
    }

    #[track_caller]
    fn assert_left_alone(&self, held: &[Line]) {
        assert_eq!(self.held(), held);
        assert_eq!(self.names(), ["news"]);
    }
}

/// Why a compaction was not begun or not ended, but for faults.
#[track_caller]
fn refusal(refused: Result<Compacted, Unverified>) -> StoreError {
    match refused {
        Err(Unverified::Unread(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_compacted_store_holds_what_it_held_and_goes_on() {
    let home = Home::filled();
    let held = home.held();
    let compacted = home.compact().unwrap();
    assert_eq!(compacted.verified.as_of, Seq(20));
    assert_eq!(compacted.verified.checked.documents, 20 + 3);
    assert!(compacted.before > 0 && compacted.after > 0);
    home.assert_left_alone(&held);
    let store = open(&home.news()).unwrap();
    let next = commit(&store, change(50, vec![], vec![put(50, "x")])).unwrap();
    assert_eq!(next.seq, Seq(21));
    let again = commit(&store, change(20, vec![], vec![put(1, "replayed")])).unwrap();
    assert_eq!(again.seq, Seq(20));
}

#[test]
fn the_new_store_has_a_witness_of_its_own() {
    let home = Home::filled();
    let before = fs::read(home.news().join("data")).unwrap();
    let older = {
        let mut map = read_map(&before);
        map.clear();
        write_map(&map)
    };
    home.compact().unwrap();
    fs::write(home.news().join("data"), older).unwrap();
    let error = open(&home.news()).unwrap_err();
    assert!(error.to_string().contains("has seen commit 20"), "{error}");
}

#[test]
fn an_empty_store_is_compacted_too() {
    let home = Home {
        parent: tempdir().unwrap(),
    };
    drop(open(&home.news()).unwrap());
    let compacted = home.compact().unwrap();
    assert_eq!(compacted.verified.as_of, Seq::ZERO);
    assert_eq!(home.held().len(), 1);
}

#[test]
fn progress_is_told_from_the_first_look_to_the_place() {
    let home = Home::filled();
    let mut told = Vec::new();
    compact(&home.news(), &FILES, |step| told.push(step)).unwrap();
    let kinds: Vec<u8> = told
        .iter()
        .map(|step| match step {
            Compacting::Verifying(_) => 0,
            Compacting::Writing { .. } => 1,
            Compacting::Comparing(_) => 2,
            Compacting::Written => 3,
            Compacting::Aside => 4,
            Compacting::InPlace => 5,
        })
        .collect();
    assert!(kinds.is_sorted(), "{kinds:?}");
    for kind in 0..=5 {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    let written = told
        .iter()
        .rfind(|step| matches!(step, Compacting::Writing { .. }));
    let all = Compacting::Writing {
        documents: 23,
        records: 20,
    };
    assert_eq!(written, Some(&all));
}

/// How a run is stopped.
struct Stopped;

/// Runs something that tells of points, and stops it at one of them, as the death of the process
/// would; answers how many points there were until then.
fn stopped_at<T>(point: usize, run: impl FnOnce(&mut dyn FnMut()) -> T) -> (usize, Option<T>) {
    let mut points = 0;
    let mut reach = || {
        points += 1;
        if points == point {
            resume_unwind(Box::new(Stopped));
        }
    };
    let ran = catch_unwind(AssertUnwindSafe(|| run(&mut reach)));
    match ran {
        Ok(done) => (points, Some(done)),
        Err(stopped) if stopped.is::<Stopped>() => (points, None),
        Err(other) => resume_unwind(other),
    }
}

/// Compacts, and stops at a point.
fn compact_until(home: &Home, point: usize) -> (usize, bool) {
    let (points, done) = stopped_at(point, |reach| {
        let reach = RefCell::new(reach);
        let mut last = None;
        let mut progress = |step| {
            // Once in each stage is enough.
            let stage = Some(discriminant(&step));
            if last != stage {
                last = stage;
                (reach.borrow_mut())();
            }
        };
        let mut reached = |_| (reach.borrow_mut())();
        run(&home.news(), &FILES, &mut progress, &mut reached).unwrap();
    });
    (points, done.is_some())
}

#[test]
fn stopped_at_any_point_and_again_while_recovering_it_is_the_old_store_or_the_new_one_and_whole() {
    let held = Home::filled().held();
    let (points, done) = compact_until(&Home::filled(), usize::MAX);
    assert!(done && points > 9, "{points}");
    let (mut recovered, mut stops) = (0, 0);
    for point in 1..=points {
        for second in 1.. {
            let home = Home::filled();
            compact_until(&home, point);
            let places = Places::of(&home.news()).unwrap();
            let (_, done) = stopped_at(second, |reach| {
                places.recover(&mut |_| reach()).unwrap();
            });
            stops += 1;
            if done.is_none() {
                recovered += 1;
                // And a third time, at once.
                let _ = stopped_at(1, |reach| places.recover(&mut |_| reach()));
            }
            home.assert_left_alone(&held);
            if done.is_some() {
                home.compact().unwrap();
                home.assert_left_alone(&held);
                break;
            }
        }
    }
    assert!(recovered > 8, "{recovered} of {stops}");
}

#[test]
fn nobody_opens_or_compacts_a_store_that_is_being_compacted() {
    let home = Home::filled();
    let held = home.held();
    let mut tried = 0;
    compact(&home.news(), &FILES, |step| {
        let error = open(&home.news()).map(drop).unwrap_err();
        assert!(
            matches!(error, StoreError::Unavailable { .. }),
            "{step:?}: {error}"
        );
        let error = refusal(home.compact());
        assert!(
            matches!(error, StoreError::Unavailable { .. }),
            "{step:?}: {error}"
        );
        tried += 1;
    })
    .unwrap();
    assert!(tried > 15, "{tried}");
    home.assert_left_alone(&held);
}

#[test]
fn who_has_the_lock_and_finds_the_mark_lets_go() {
    let home = Home::filled();
    let places = Places::of(&home.news()).unwrap();
    // An opening that looked for the mark before there was one.
    let engine = FileEngine::open(&home.news()).unwrap();
    let mark = places.begin(&mut |_| ()).unwrap();
    let error = KeyedStore::open_in(engine, &home.news())
        .map(drop)
        .unwrap_err();
    assert!(error.to_string().contains("is being compacted"), "{error}");
    mark.clear(&mut |_| ()).unwrap();
    home.held();
}

#[test]
fn a_torn_mark_is_cleared_and_a_file_that_is_none_is_left() {
    let home = Home::filled();
    let mark = home.parent.path().join("news.compact");
    let whole = b"a compaction of the store beside this is under way\n";
    for torn in [
        &whole[..],
        &whole[..9],
        &[0; 51],
        &[&whole[..9], &[0; 42]].concat(),
        b"",
    ] {
        fs::write(&mark, torn).unwrap();
        recover(&home.news()).unwrap();
        assert!(!mark.exists(), "{torn:?}");
    }
    for other in [
        &b"a letter"[..],
        &[0; 52],
        &[&whole[..9], &[0; 10], b"x"].concat(),
    ] {
        fs::write(&mark, other).unwrap();
        recover(&home.news()).unwrap();
        assert_eq!(fs::read(&mark).unwrap(), other);
    }
}

#[test]
fn a_store_that_somebody_has_open_at_the_last_moment_stays_in_place() {
    let home = Home::filled();
    let held = home.held();
    let mut holder = None;
    let refused = compact(&home.news(), &FILES, |step| {
        if step == Compacting::Written {
            let file = File::open(home.news().join("data")).unwrap();
            file.try_lock().unwrap();
            holder = Some(file);
        }
    });
    let error = refusal(refused);
    assert!(error.to_string().contains("is held by another"), "{error}");
    drop(holder);
    home.assert_left_alone(&held);
}

#[test]
fn where_there_is_no_room_the_old_store_stays() {
    let home = Home::filled();
    let held = home.held();
    let room = home.parent.path().join("room");
    let size = fs::metadata(home.news().join("data")).unwrap().len();
    for there_is in [100, size / 4, size / 2, size - 1] {
        fs::write(&room, there_is.to_string()).unwrap();
        let error = refusal(home.compact());
        assert!(
            matches!(error, StoreError::Full { .. } | StoreError::Poisoned),
            "{there_is}: {error}"
        );
        fs::remove_file(&room).unwrap();
        home.assert_left_alone(&held);
    }
    home.compact().unwrap();
    home.assert_left_alone(&held);
}

#[test]
fn a_faulty_store_is_refused_and_left_as_it_is() {
    let home = Home::filled();
    let data = home.news().join("data");
    let mut map = read_map(&fs::read(&data).unwrap());
    let body = crate::layout::body(Seq(10), &note(110));
    map.remove(&body).unwrap();
    let faulty = write_map(&map);
    fs::write(&data, &faulty).unwrap();
    match home.compact() {
        Err(Unverified::Fault(Fault { place, .. })) => assert_eq!(place, Place::Body(note(110))),
        other => panic!("{other:?}"),
    }
    assert_eq!(home.names(), ["news"]);
    assert_eq!(fs::read(&data).unwrap(), faulty);
}

#[test]
fn what_is_no_store_and_what_would_be_lost_is_refused() {
    let home = Home::filled();
    let held = home.held();
    let missing = home.parent.path().join("missing");
    let error = refusal(compact(&missing, &FILES, |_| ()));
    assert!(error.to_string().contains("cannot be read"), "{error}");
    assert!(!missing.exists());

    let empty = home.parent.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let error = refusal(compact(&empty, &FILES, |_| ()));
    assert!(error.to_string().contains("holds no store"), "{error}");
    fs::remove_dir(&empty).unwrap();

    let letter = home.news().join("letter.txt");
    fs::write(&letter, "dear all").unwrap();
    let error = refusal(home.compact());
    assert!(error.to_string().contains("letter.txt"), "{error}");
    fs::remove_file(&letter).unwrap();
    home.assert_left_alone(&held);
}

#[test]
#[cfg(unix)]
fn who_could_not_look_into_the_store_cannot_look_into_the_new_one() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let home = Home::filled();
    fs::set_permissions(home.news(), fs::Permissions::from_mode(0o710)).unwrap();
    let mut meanwhile = Vec::new();
    compact(&home.news(), &FILES, |_| {
        let new = home.parent.path().join("news.compact-new");
        meanwhile.extend(fs::metadata(new).map(|found| found.mode() & 0o777));
    })
    .unwrap();
    meanwhile.push(fs::metadata(home.news()).unwrap().mode() & 0o777);
    meanwhile.dedup();
    assert_eq!(meanwhile, [0o710]);
}

#[test]
#[cfg(unix)]
fn a_link_to_a_store_stays_and_what_it_leads_to_is_compacted() {
    let home = Home::filled();
    let held = home.held();
    let elsewhere = tempdir().unwrap();
    let link = elsewhere.path().join("link");
    std::os::unix::fs::symlink(home.news(), &link).unwrap();
    compact(&link, &FILES, |_| ()).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    home.assert_left_alone(&held);
    for point in 1.. {
        let (_, done) = stopped_at(point, |reach| {
            compact(&link, &FILES, |_| reach()).unwrap();
        });
        // Through the link, while what it leads to may be aside.
        open(&link).unwrap();
        home.assert_left_alone(&held);
        if done.is_some() {
            break;
        }
    }
}
