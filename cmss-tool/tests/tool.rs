//! The program as it is run: what it writes, what it refuses, and the exit code it says it with.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests are not in test functions"
)]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use cmss::store::{Digest, Export, Seq, Store};
use cmss::{Actor, Cms, Event, NewNewsroom, NewPerson, SledStore};
use pollster::block_on;
use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};

/// A private name, which stands in a store and in its export and nowhere else.
const PRIVATE: &str = "Ada Almgren";

/// A directory with a newsroom in `data`, one event of which is public, and one is not.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(tempdir().unwrap());
        block_on(async {
            let store = SledStore::open(home.path("data")).unwrap();
            let newsroom: NewNewsroom = serde_json::from_value(json!({
                "name": "Öppen stad", "zone": "Europe/Stockholm", "language": "sv",
            }))
            .unwrap();
            let builder = Cms::builder(store);
            let ada = NewPerson::named(PRIVATE);
            let (cms, ada) = builder.found(&newsroom, &ada).await.unwrap();
            let editor = cms.desk(Actor::new(ada).editor());
            for title in ["Öppet hus", "Hemligt hus"] {
                let event: Event = serde_json::from_value(json!({
                    "title": title, "kind": "open_house", "language": "sv", "programme": "to_come",
                }))
                .unwrap();
                let event = editor.put_event(None, &event).await.unwrap();
                if title == "Öppet hus" {
                    editor.publish_record(event).await.unwrap();
                }
            }
            cms.close().await.unwrap();
        });
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs the tool there.
    fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Output {
        self.command(args).output().unwrap()
    }

    fn command<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cmss-tool"));
        command.args(args).current_dir(self.0.path());
        command
    }

    /// Runs it to a good end; what it said.
    #[track_caller]
    fn done(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let (out, error) = told(&output);
        assert_eq!(output.status.code(), Some(0), "{error}");
        // No terminal, no progress.
        assert_eq!(error, "");
        out
    }

    /// Runs it to an end with this exit code; what it complained of.
    #[track_caller]
    fn fails(&self, code: i32, args: &[&str]) -> String {
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
    fn files(&self, name: &str) -> BTreeMap<PathBuf, Vec<u8>> {
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

fn told(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

fn exported(dir: &Path) -> String {
    let store = SledStore::open(dir).unwrap();
    block_on(async {
        let mut file = String::new();
        let mut export = Export::whole(&store);
        while let Some(lines) = export.next().await.unwrap() {
            file += &lines;
        }
        file
    })
}

fn commits(dir: &Path) -> u64 {
    let store = SledStore::open(dir).unwrap();
    block_on(store.changes(Seq::ZERO, 1)).unwrap().as_of.0
}

#[test]
fn a_store_is_exported_and_another_filled_from_the_file() {
    let home = Home::new();
    let said = home.done(&["export", "data", "backup.ndjson"]);
    assert!(said.contains("holds everything private"), "{said}");
    let file = fs::read_to_string(home.path("backup.ndjson")).unwrap();
    assert_eq!(file, exported(&home.path("data")));
    assert!(file.contains(PRIVATE));
    home.done(&["load", "backup.ndjson", "moved", "--store", "sled"]);
    assert_eq!(exported(&home.path("moved")), file);
    let [here, there] = ["data", "moved"].map(|dir| home.done(&["info", dir]));
    assert_eq!(here, there);
    assert!(
        here.contains("Öppen stad") && here.contains("2  event"),
        "{here}"
    );
}

#[cfg(unix)]
#[test]
fn an_export_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    let mode = fs::metadata(home.path("backup.ndjson"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn the_site_is_the_same_from_the_store_and_from_the_file() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    assert!(
        home.done(&["site", "data", "public"])
            .contains("pages written: 1")
    );
    fs::create_dir(home.path("again")).unwrap();
    home.done(&["site", "backup.ndjson", "again"]);
    let site = home.files("public");
    assert_eq!(site, home.files("again"));
    let page = &site[Path::new("events/oppet-hus.json")];
    assert_eq!(
        site[Path::new("index.json")],
        [b"[", &page[..], b"]"].concat()
    );
    assert_eq!(site.len(), 2);
    let page: Value = serde_json::from_slice(page).unwrap();
    assert_eq!(page["page"]["title"], "Öppet hus");
}

#[test]
fn changes_are_listed_alike_from_the_store_and_from_the_file() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    let all = home.done(&["changes", "data"]);
    assert_eq!(all, home.done(&["changes", "backup.ndjson"]));
    assert_eq!(all.lines().count(), 4);
    assert!(
        all.contains("found by person:") && all.contains("record_published"),
        "{all}"
    );
    assert!(!all.contains(PRIVATE) && !all.contains("hus"), "{all}");
    let late = home.done(&["changes", "data", "--after", "3"]);
    assert_eq!(Some(late.trim_end()), all.lines().last());
    assert_eq!(
        late,
        home.done(&["changes", "backup.ndjson", "--after", "3"])
    );
    assert_eq!(home.done(&["changes", "data", "--after", "4"]), "");
}

#[test]
fn scripts_are_answered_in_json() {
    let home = Home::new();
    let json = |args: &[&str]| -> Value { serde_json::from_str(&home.done(args)).unwrap() };
    let export = json(&["export", "data", "backup.ndjson", "--json"]);
    let file = fs::read_to_string(home.path("backup.ndjson")).unwrap();
    assert_eq!(export["bytes"], file.len());
    assert_eq!([&export["commit"], &export["records"]], [4, 4]);
    let end: Value = serde_json::from_str(file.lines().last().unwrap()).unwrap();
    assert_eq!(export["digest"], end["end"]["digest"]);
    let info = json(&["--json", "info", "data"]);
    assert_eq!([&info["store"], &info["newsroom"]], ["sled", "Öppen stad"]);
    assert_eq!([&info["commits"], &info["documents"]["event"]], [4, 2]);
    assert!(info["last_commit_at"].is_string());
    assert_eq!(
        json(&["load", "backup.ndjson", "moved", "--json"])["commit"],
        4
    );
    assert_eq!(json(&["site", "moved", "public", "--json"])["pages"], 1);
    let changes = home.done(&["changes", "moved", "--json"]);
    let records = file
        .lines()
        .filter_map(|line| line.strip_prefix("{\"record\":"));
    let records = records.map(|line| line.strip_suffix('}').unwrap());
    for (told, kept) in changes.lines().zip(records) {
        let [told, kept] = [told, kept].map(|text| serde_json::from_str::<Value>(text).unwrap());
        assert_eq!(told, kept);
    }
    assert_eq!(changes.lines().count(), 4);
}

#[test]
fn a_newsroom_that_runs_is_named_by_its_lock_and_left_alone() {
    let home = Home::new();
    let running = SledStore::open(home.path("data")).unwrap();
    for args in [
        &["info", "data"][..],
        &["verify", "data"],
        &["upgrade", "data"],
        &["compact", "data"],
        &["export", "data", "backup.ndjson"],
        &["changes", "data"],
        &["site", "data", "public"],
    ] {
        let error = home.fails(3, args);
        assert!(error.contains("lock on data/db is held"), "{error}");
    }
    drop(running);
    assert_eq!(fs::read_dir(home.0.path()).unwrap().count(), 1);
    assert_eq!(commits(&home.path("data")), 4);
}

#[test]
fn nothing_is_written_over() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    for name in ["mine.ndjson", "public/index.json"] {
        fs::create_dir_all(home.path(name).parent().unwrap()).unwrap();
        fs::write(home.path(name), "mine").unwrap();
    }
    for args in [
        ["export", "data", "mine.ndjson"],
        ["site", "data", "public"],
        ["load", "backup.ndjson", "public"],
        ["load", "backup.ndjson", "data"],
    ] {
        home.fails(4, &args);
    }
    for name in ["mine.ndjson", "public/index.json"] {
        assert_eq!(fs::read_to_string(home.path(name)).unwrap(), "mine");
    }
    assert_eq!(home.files("public").len(), 1);
    assert_eq!(commits(&home.path("data")), 4);
}

#[test]
fn a_store_without_anything_is_filled() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    drop(SledStore::open(home.path("empty")).unwrap());
    home.done(&["load", "backup.ndjson", "empty"]);
    assert_eq!(commits(&home.path("empty")), 4);
}

#[test]
fn a_damaged_file_is_named_by_its_line_and_nothing_comes_of_it() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    let file = fs::read_to_string(home.path("backup.ndjson")).unwrap();
    let lines = file.lines().count();
    fs::write(home.path("cut.ndjson"), &file[..file.len() - 1]).unwrap();
    fs::write(
        home.path("other.ndjson"),
        file.replace(PRIVATE, "Ada Almgran"),
    )
    .unwrap();
    fs::write(home.path("none.ndjson"), format!("{PRIVATE}\n")).unwrap();
    for (name, line) in [("cut", lines), ("other", lines), ("none", 1)] {
        let name = format!("{name}.ndjson");
        for args in [
            ["load", &name, "moved"],
            ["site", &name, "public"],
            ["changes", &name, "--json"],
        ] {
            let error = home.fails(1, &args);
            assert!(
                error.contains(&format!("{name}: corrupt: line {line} of")),
                "{error}"
            );
        }
    }
    assert!(!home.path("moved").exists() && !home.path("public").exists());
}

#[test]
fn a_file_that_contradicts_itself_leaves_the_store_empty_for_a_better_one() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    let file = fs::read_to_string(home.path("backup.ndjson")).unwrap();
    // Sealed like a whole one, with another log than there was.
    let (before, end) = file.trim_end().rsplit_once('\n').unwrap();
    let forged = format!(
        "{}\n",
        before.replace("record_published", "record_forgotten")
    );
    let (end, _) = end.split_once("\"digest\":").unwrap();
    let digest = Digest::of(forged.as_bytes());
    let forged = format!("{forged}{end}\"digest\":\"{digest}\"}}}}\n");
    fs::write(home.path("forged.ndjson"), forged).unwrap();
    let error = home.fails(1, &["load", "forged.ndjson", "moved"]);
    assert!(error.contains("breaks the chain"), "{error}");
    assert_eq!(commits(&home.path("moved")), 0);
    home.fails(1, &["site", "forged.ndjson", "public"]);
    home.fails(1, &["changes", "forged.ndjson"]);
    home.done(&["load", "backup.ndjson", "moved"]);
    assert_eq!(exported(&home.path("moved")), file);
}

#[test]
fn what_holds_no_store_is_not_made_one() {
    let home = Home::new();
    fs::create_dir(home.path("empty")).unwrap();
    for dir in ["empty", "nowhere"] {
        for args in [
            &["info", dir][..],
            &["export", dir, "backup.ndjson"],
            &["changes", dir],
            &["site", dir, "public"],
        ] {
            home.fails(3, args);
        }
    }
    home.fails(3, &["load", "nowhere", "moved"]);
    assert_eq!(fs::read_dir(home.path("empty")).unwrap().count(), 0);
    // Only `data` and `empty`.
    assert_eq!(fs::read_dir(home.0.path()).unwrap().count(), 2);
}

#[test]
fn a_store_without_a_newsroom_has_no_site() {
    let home = Home::new();
    drop(SledStore::open(home.path("empty")).unwrap());
    assert!(
        home.done(&["info", "empty"])
            .contains("none has been founded")
    );
    let error = home.fails(3, &["site", "empty", "public"]);
    assert!(error.contains("holds no newsroom"), "{error}");
    assert!(!home.path("public").exists());
}

#[test]
fn a_wrong_command_line_is_2_and_the_codes_are_written_down() {
    let home = Home::new();
    for args in [
        &["copy"][..],
        &["info"],
        &["load", "a", "b", "--store", "paper"],
    ] {
        home.fails(2, args);
    }
    let help = home.done(&["--help"]);
    for code in 0..=5 {
        assert!(help.contains(&format!("\n  {code}  ")), "{help}");
    }
}

#[test]
fn whoever_has_read_enough_may_stop_reading() {
    let home = Home::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = home
        .command(["changes", "data"])
        .stdout(writer)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(told(&output).1, "");
}

#[test]
fn a_store_moves_to_the_other_engine_and_back_without_a_change() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    home.done(&["load", "backup.ndjson", "other", "--store", "redb"]);
    assert!(home.done(&["info", "other"]).starts_with("store      redb"));
    home.done(&["export", "other", "again.ndjson"]);
    home.done(&["site", "data", "public"]);
    home.done(&["site", "other", "public-again"]);
    assert_eq!(home.files("public"), home.files("public-again"));
    let [file, again] =
        ["backup.ndjson", "again.ndjson"].map(|name| fs::read_to_string(home.path(name)).unwrap());
    assert_eq!(file, again);
    // Each engine's directory is left alone by the other.
    home.fails(4, &["load", "backup.ndjson", "other", "--store", "sled"]);
}

#[test]
fn a_whole_store_is_verified_with_what_was_looked_at() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    home.done(&["load", "backup.ndjson", "other", "--store", "redb"]);
    let json =
        |dir| -> Value { serde_json::from_str(&home.done(&["verify", dir, "--json"])).unwrap() };
    let (sled, redb) = (json("data"), json("other"));
    assert_eq!([&sled["store"], &redb["store"]], ["sled", "redb"]);
    for field in [
        "commit",
        "chain",
        "documents",
        "entries",
        "private",
        "public",
    ] {
        assert_eq!(sled[field], redb[field], "{field}");
    }
    assert_eq!([&sled["commit"], &sled["records"]], [4, 4]);
    assert!(
        home.done(&["verify", "data"])
            .contains("data: whole, as of commit 4")
    );
    drop(SledStore::open(home.path("empty")).unwrap());
    assert!(
        home.done(&["verify", "empty"])
            .contains("whole, as of commit 0")
    );
}

#[test]
fn a_document_that_does_not_fit_is_named_and_upgrading_or_not_is_said() {
    use cmss::store::{Changeset, CommitId, Expect, Write};
    let home = Home::new();
    assert!(
        home.done(&["upgrade", "data"])
            .contains("data: 0 documents written anew")
    );
    assert_eq!(commits(&home.path("data")), 4);
    // Written past the library: the same document, under no entry at all.
    let store = SledStore::open(home.path("data")).unwrap();
    let at = block_on(async {
        let docs = store.walk(None, 100).await.unwrap().docs.into_iter();
        let mut docs = docs.filter(|stored| stored.at.collection.as_str() == "event");
        let stored = docs.next().unwrap();
        let changeset = Changeset {
            id: CommitId(stored.at.id),
            expect: vec![Expect::At(stored.at.clone(), stored.version)],
            writes: vec![Write::Put {
                at: stored.at.clone(),
                salt: stored.salt,
                body: stored.body,
                card: stored.card,
                entries: Vec::new(),
            }],
            note: r#"{"acts":[]}"#.into(),
            digest: Digest::of(b"past the library"),
        };
        store.commit(changeset).await.unwrap();
        store.close().await.unwrap();
        stored.at.to_string()
    });
    let error = home.fails(1, &["verify", "data"]);
    assert!(
        error.contains(&format!("{at} stands under other entries")),
        "{error}"
    );
    let json: Value = serde_json::from_str(&home.done(&["upgrade", "data", "--json"])).unwrap();
    assert_eq!(json["upgraded"], 1);
    home.done(&["verify", "data"]);
}

#[test]
fn a_damaged_value_is_named_and_the_exit_code_says_faults() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    home.done(&["load", "backup.ndjson", "other", "--store", "redb"]);
    let path = home.path("other").join("db.redb");
    let mut bytes = fs::read(&path).unwrap();
    let word = PRIVATE.as_bytes();
    let place = bytes
        .windows(word.len())
        .position(|here| here == word)
        .unwrap();
    bytes[place] ^= 1;
    fs::write(&path, bytes).unwrap();
    let error = home.fails(1, &["verify", "other"]);
    assert!(error.contains("other: "), "{error}");
}

#[test]
fn a_compacted_store_holds_what_it_held_and_no_word_that_was_taken_away() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    home.done(&["load", "backup.ndjson", "other", "--store", "redb"]);
    let before = fs::read_to_string(home.path("backup.ndjson")).unwrap();
    for dir in ["data", "other"] {
        let said = home.done(&["compact", dir]);
        assert!(said.contains("whole, as of commit 4"), "{said}");
        home.done(&["verify", dir]);
        let file = format!("{dir}.ndjson");
        home.done(&["export", dir, &file]);
        assert_eq!(fs::read_to_string(home.path(&file)).unwrap(), before);
    }
    // Nothing is left beside them.
    let mut names: Vec<_> = fs::read_dir(home.0.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "backup.ndjson",
            "data",
            "data.ndjson",
            "other",
            "other.ndjson"
        ]
    );
}
