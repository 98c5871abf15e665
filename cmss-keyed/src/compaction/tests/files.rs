//! An engine that keeps a map in one file, and stores on it.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use cmss_core::store::{Line, StoreError, Write};
use cmss_testkit::notes::{change, commit, lines, note, put};
use tempfile::{TempDir, tempdir};

use crate::codec::{Reader, Writer};
use crate::compaction::{Compacted, Housing, compact, recover};
use crate::engine::{Batch, Engine};
use crate::store::KeyedStore;
use crate::verify::Unverified;
use crate::{directory, envelope, error, layout};

pub(super) type Map = BTreeMap<Vec<u8>, Vec<u8>>;

/// An engine that keeps a map in one file, has no more room than a file `room` beside its directory
/// says, and does with what it is given as a file `careless` there says.
pub(super) struct FileEngine {
    map: Mutex<Map>,
    file: Mutex<File>,
    room: PathBuf,
    careless: PathBuf,
}

/// Does to the batch of values what is written there.
fn spoil(batch: &mut Batch, how: &str) {
    let (how, key) = how.split_once(' ').unwrap();
    let key: Vec<u8> = key.split(' ').map(|byte| byte.parse().unwrap()).collect();
    match how {
        "forgets" => drop(batch.remove(&key)),
        "changes" => {
            if let Some(Some(value)) = batch.get_mut(&key) {
                let opened = envelope::open(&key, value).unwrap();
                *value = envelope::seal(&key, opened.seq.next(), opened.more, opened.payload);
            }
        }
        "stops" => batch.retain(|written, _| *written < key),
        "adds" if batch.contains_key(&key) => {
            let behind = [key.as_slice(), &[0]].concat();
            batch.insert(behind, batch.get(&key).unwrap().clone());
        }
        "adds" => {}
        _ => panic!("{how}"),
    }
}

impl FileEngine {
    pub(super) fn open(directory: &Path) -> Result<Self, StoreError> {
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
            careless: directory::parent(directory).join("careless"),
        })
    }
}

pub(super) fn read_map(bytes: &[u8]) -> Map {
    let mut reader = Reader::new(bytes);
    let mut map = Map::new();
    while let Some(key) = reader.bytes() {
        map.insert(key.to_vec(), reader.bytes().unwrap().to_vec());
    }
    map
}

pub(super) fn write_map(map: &Map) -> Vec<u8> {
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

    fn apply(&self, mut batch: Batch) -> Result<(), StoreError> {
        if let Ok(how) = fs::read_to_string(&self.careless)
            && !batch.contains_key(&layout::tip())
        {
            spoil(&mut batch, &how);
        }
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

pub(super) const FILES: Housing<FileEngine> = Housing {
    open: |directory| KeyedStore::open_in(FileEngine::open(directory)?, directory),
    lock: "data",
    owns: |name| name == "data" || directory::keeps(name),
};

pub(super) fn open(directory: &Path) -> Result<KeyedStore<FileEngine>, StoreError> {
    (FILES.open)(directory)
}

pub(super) struct Home {
    pub(super) parent: TempDir,
}

impl Home {
    /// A store with documents of one and of several pages, some removed.
    pub(super) fn filled() -> Self {
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

    pub(super) fn news(&self) -> PathBuf {
        self.parent.path().join("news")
    }

    pub(super) fn names(&self) -> Vec<String> {
        let mut names = directory::names(self.parent.path()).unwrap();
        names.sort();
        names
    }

    /// What the store holds when it is opened, which must be whole.
    #[track_caller]
    pub(super) fn held(&self) -> Vec<Line> {
        let store = open(&self.news()).unwrap();
        store.verify(|_| ()).unwrap();
        lines(&store)
    }

    pub(super) fn compact(&self) -> Result<Compacted, Unverified> {
        compact(&self.news(), &FILES, |_| ())
    }

    #[track_caller]
    pub(super) fn assert_left_alone(&self, held: &[Line]) {
        assert_eq!(self.held(), held);
        assert_eq!(self.names(), ["news"]);
    }
}
