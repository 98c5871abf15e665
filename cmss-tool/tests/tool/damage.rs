//! Stores that are damaged: which one, and what can be done.

use cmss::RedbStore;

use super::*;

/// A store on redb whose file was changed at every place where this stands, and nowhere else.
fn damaged(home: &Home, word: &str) -> usize {
    home.done(&["export", "data", "backup.ndjson"]);
    home.done(&["load", "backup.ndjson", "other", "--store", "redb"]);
    let path = home.path("other").join("db.redb");
    let mut bytes = fs::read(&path).unwrap();
    let word = word.as_bytes();
    let places: Vec<_> = bytes
        .windows(word.len())
        .enumerate()
        .filter_map(|(place, here)| (here == word).then_some(place))
        .collect();
    for place in &places {
        bytes[*place] ^= 1;
    }
    fs::write(&path, bytes).unwrap();
    places.len()
}

#[test]
fn whatever_meets_damage_names_the_store_and_what_can_be_done() {
    let home = Home::new();
    assert!(damaged(&home, "hus") > 0);
    for args in [
        &["info", "other"][..],
        &["upgrade", "other"],
        &["export", "other", "again.ndjson"],
        &["site", "other", "public"],
        &["verify", "other"],
        &["compact", "other"],
    ] {
        let error = home.fails(1, args);
        let (first, advice) = error.trim_end().split_once('\n').unwrap();
        assert!(first.starts_with("cmss-tool: other: "), "{error}");
        let looks = ["verify", "compact"].contains(&args[0]);
        assert_eq!(
            advice.contains("`cmss-tool verify other`"),
            !looks,
            "{error}"
        );
        assert!(advice.contains("`cmss-tool load"), "{error}");
        assert_eq!(
            advice.contains("`cmss-tool export other FILE`"),
            looks,
            "{error}"
        );
    }
    // What is half done is not there, and nothing has been mended.
    assert!(!home.path("again.ndjson").exists() && !home.path("public").exists());
    let told: Value = serde_json::from_str(&home.fails(1, &["info", "other", "--json"])).unwrap();
    assert!(told["advice"].as_str().unwrap().contains("cmss-tool load"));
}

#[test]
fn a_damaged_log_is_named_by_its_store() {
    let home = Home::new();
    assert!(damaged(&home, "record_published") > 0);
    let output = home.run(["changes", "other"]);
    let (_, error) = told(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(error.starts_with("cmss-tool: other: corrupt: "), "{error}");
    assert!(error.contains("`cmss-tool load"), "{error}");
}

#[test]
fn a_panic_of_an_engine_on_a_damaged_file_is_not_shown() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    home.done(&["load", "backup.ndjson", "other", "--store", "redb"]);
    let path = home.path("other").join("db.redb");
    let whole = fs::read(&path).unwrap();
    let mut panicked = 0;
    // Pages of redb without what they are known by: some of them are read by any opening.
    for page in 1..whole.len() / 4096 {
        let mut bytes = whole.clone();
        bytes[page * 4096] = 0;
        fs::write(&path, bytes).unwrap();
        let output = home.run(["info", "other"]);
        let (_, error) = told(&output);
        for word in ["panicked at", "RUST_BACKTRACE", "thread '"] {
            assert!(!error.contains(word), "page {page}: {error}");
        }
        if error.contains("the engine panicked") {
            assert_eq!(output.status.code(), Some(1), "{error}");
            assert!(error.starts_with("cmss-tool: other: "), "{error}");
            panicked += 1;
        }
        if panicked == 3 {
            break;
        }
    }
    assert_eq!(panicked, 3);
    fs::write(&path, whole).unwrap();
    drop(RedbStore::open(home.path("other")).unwrap());
}
