//! What is told of a store, and of an export.

use super::*;

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
    // And the file that names both.
    assert_eq!(site.len(), 3);
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
    for from in ["data", "backup.ndjson"] {
        assert_eq!(home.done(&["changes", from, "--after", "4"]), "");
    }
}

#[test]
fn changes_after_a_commit_that_has_not_happened_are_refused_and_not_taken_for_none() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    drop(SledStore::open(home.path("empty")).unwrap());
    for (from, last) in [("data", 4), ("backup.ndjson", 4), ("empty", 0)] {
        let after = (last + 1).to_string();
        let error = home.fails(4, &["changes", from, "--after", &after]);
        let told = format!("cmss-tool: {from}: it ends with commit {last}: ");
        assert!(error.starts_with(&told), "{error}");
        assert!(error.contains("from its beginning"), "{error}");
    }
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
fn an_empty_store_has_no_site_is_not_called_whole_and_gives_no_backup() {
    let home = Home::new();
    drop(SledStore::open(home.path("empty")).unwrap());
    assert!(
        home.done(&["info", "empty"])
            .contains("none has been founded")
    );
    let error = home.fails(3, &["site", "empty", "public"]);
    assert!(
        error.starts_with("cmss-tool: empty: the store holds no newsroom"),
        "{error}"
    );
    assert!(!home.path("public").exists());
    for args in [&["verify", "empty"][..], &["export", "empty", "backup"]] {
        let error = home.fails(3, args);
        assert!(
            error.starts_with("cmss-tool: empty holds no newsroom"),
            "{error}"
        );
    }
    assert!(!home.path("backup").exists());
}
