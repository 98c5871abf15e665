//! Stores that are looked at whole, mended and written anew.

use super::*;

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
        "feed",
    ] {
        assert_eq!(sled[field], redb[field], "{field}");
    }
    assert_eq!([&sled["commit"], &sled["records"]], [4, 4]);
    assert!(
        home.done(&["verify", "data"])
            .contains("data: whole, as of commit 4")
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
    let store = reopened(&home.path("data"));
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
    let (_, advice) = error.split_once('\n').unwrap();
    assert!(advice.contains("`cmss-tool upgrade data`"), "{error}");
    assert!(advice.contains("`cmss-tool load`"), "{error}");
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
    let whole = bytes.clone();
    let word = PRIVATE.as_bytes();
    let place = bytes
        .windows(word.len())
        .position(|here| here == word)
        .unwrap();
    bytes[place] ^= 1;
    fs::write(&path, bytes).unwrap();
    let error = home.fails(1, &["verify", "other"]);
    assert!(error.contains("other: "), "{error}");
    // One that is not even opened.
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    for command in ["info", "verify", "upgrade", "compact", "changes"] {
        let error = home.fails(1, &[command, "other"]);
        let cause = ": DB corrupted: File truncated below stored layout: ";
        assert!(error.contains(cause), "{error}");
        assert!(error.starts_with("cmss-tool: other: "), "{error}");
        let (error, _) = error.split_once('\n').unwrap();
        let (what, why) = error.rsplit_once(": ").unwrap();
        assert!(!what.contains(why), "it is said once: {error}");
    }
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
