//! A directory with a newsroom in it, and the tool run there.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use cmss::store::{Export, Seq, Store, StoreError};
use cmss::{Actor, Cms, Desk, Event, NewNewsroom, NewPerson, SledStore};
use pollster::block_on;
use serde_json::json;
use tempfile::{TempDir, tempdir};

/// A private name, which stands in a store and in its export and nowhere else.
pub(crate) const PRIVATE: &str = "Ada Almgren";

/// A directory with a newsroom in `data`, one event of which is public, and one is not.
pub(crate) struct Home(pub(crate) TempDir);

/// Every command that reads the store in a directory, and where it would write.
pub(crate) fn reading(dir: &str) -> [Vec<&str>; 7] {
    [
        vec!["info", dir],
        vec!["verify", dir],
        vec!["upgrade", dir],
        vec!["compact", dir],
        vec!["export", dir, "again.ndjson"],
        vec!["changes", dir],
        vec!["site", dir, "public"],
    ]
}

/// A newsroom in an empty store, and the desk of its editor.
pub(crate) async fn founded(store: impl Store) -> (Cms, Desk) {
    let newsroom: NewNewsroom = serde_json::from_value(json!({
        "name": "Öppen stad", "zone": "Europe/Stockholm", "language": "sv",
    }))
    .unwrap();
    let ada = NewPerson::named(PRIVATE);
    let (cms, ada) = Cms::builder(store).found(&newsroom, &ada).await.unwrap();
    let editor = cms.desk(Actor::new(ada).editor());
    (cms, editor)
}

pub(crate) fn event(title: &str) -> Event {
    serde_json::from_value(json!({
        "title": title, "kind": "open_house", "language": "sv", "programme": "to_come",
    }))
    .unwrap()
}

impl Home {
    pub(crate) fn new() -> Self {
        let home = Self(tempdir().unwrap());
        block_on(async {
            let store = SledStore::open(home.path("data")).unwrap();
            let (cms, editor) = founded(store).await;
            for title in ["Öppet hus", "Hemligt hus"] {
                let event = editor.put_event(None, &event(title)).await.unwrap();
                if title == "Öppet hus" {
                    editor.publish_record(event).await.unwrap();
                }
            }
            cms.close().await.unwrap();
        });
        home
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs the tool there.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Output {
        self.command(args).output().unwrap()
    }

    pub(crate) fn command<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cmss-tool"));
        command.args(args).current_dir(self.0.path());
        command
    }

    /// Runs it to a good end; what it said.
    #[track_caller]
    pub(crate) fn done(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let (out, error) = told(&output);
        assert_eq!(output.status.code(), Some(0), "{error}");
        // No terminal, no progress.
        assert_eq!(error, "");
        out
    }

    /// Runs it to an end with this exit code; what it complained of.
    #[track_caller]
    pub(crate) fn fails(&self, code: i32, args: &[&str]) -> String {
        let output = self.run(args);
        let (out, error) = told(&output);
        assert_eq!(output.status.code(), Some(code), "{out}{error}");
        assert_eq!(out, "");
        assert!(
            !error.contains(PRIVATE) && !error.contains("hus"),
            "{error}"
        );
        error
    }

    /// Every file below a directory, by its path in it.
    pub(crate) fn files(&self, name: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        let root = self.path(name);
        let mut open = vec![root.clone()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let name = path.strip_prefix(&root).unwrap().to_owned();
                    found.insert(name, fs::read(path).unwrap());
                }
            }
        }
        found
    }
}

pub(crate) fn told(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

/// The store in a directory, which this process may have had open before: the beginning of a child
/// of another test keeps the lock for a moment.
pub(crate) fn reopened(dir: &Path) -> SledStore {
    for _ in 0..10_000 {
        match SledStore::open(dir) {
            Err(StoreError::Unavailable { .. }) => std::thread::yield_now(),
            opened => return opened.unwrap(),
        }
    }
    SledStore::open(dir).unwrap()
}

pub(crate) fn exported(dir: &Path) -> String {
    block_on(file_of(&reopened(dir)))
}

pub(crate) async fn file_of(store: &dyn Store) -> String {
    let mut file = String::new();
    let mut export = Export::whole(store);
    while let Some(lines) = export.next().await.unwrap() {
        file += &lines;
    }
    file
}

pub(crate) fn commits(dir: &Path) -> u64 {
    let store = reopened(dir);
    block_on(store.changes(Seq::ZERO, 1)).unwrap().as_of.0
}
