//! The public site as files: the bytes it serves, written again as it changes.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::support::Newsroom;
use cmss::{SiteFolder, SiteFolderError};
use pollster::block_on;

/// Every file in a directory and its folders, but for the one that names them.
fn files(dir: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            found.insert(name, fs::read_to_string(path).unwrap());
            found.remove(".cmss-site");
        }
    }
    found
}

#[test]
fn each_page_is_a_file_and_goes_with_the_page() {
    block_on(async {
        let newsroom = Newsroom::in_memory().await;
        let site = newsroom.cms.site();
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("a/site");
        let folder = SiteFolder::at(&dir).unwrap();
        assert_eq!(folder.write(&site, |_| {}).await.unwrap(), 0);
        assert_eq!(
            files(&dir),
            BTreeMap::from([("index.json".into(), "[]".into())])
        );

        newsroom.published("En kväll").await;
        let gone = newsroom.published("En morgon").await;
        assert_eq!(folder.write(&site, |_| {}).await.unwrap(), 2);
        let [evening, morning] = ["en-kvall", "en-morgon"];
        let [evening, morning] = [evening, morning].map(|slug| newsroom.page(slug));
        let [evening, morning] = [evening.await.to_json(), morning.await.to_json()];
        let written = files(&dir);
        assert_eq!(written["index.json"], format!("[{evening},{morning}]"));
        assert_eq!(
            [&written["en-kvall.json"], &written["en-morgon.json"]],
            [&evening, &morning]
        );

        newsroom.reporter().pause(gone.variant).await.unwrap();
        fs::write(dir.join("articles/robots.txt"), "mine").unwrap();
        let folder = SiteFolder::at(&dir).unwrap();
        assert_eq!(folder.write(&site, |_| {}).await.unwrap(), 1);
        let written = files(&dir);
        assert_eq!(written["index.json"], format!("[{evening}]"));
        let names: Vec<_> = written.keys().collect();
        assert_eq!(names, ["en-kvall.json", "index.json", "robots.txt"]);
    });
}

#[test]
fn a_directory_with_something_else_in_it_is_refused() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("thesis.txt"), "mine").unwrap();
    let refused = SiteFolder::at(home.path());
    assert!(
        matches!(refused, Err(SiteFolderError::Foreign { .. })),
        "{refused:?}"
    );
    let refused = SiteFolder::at(home.path().join("thesis.txt"));
    assert!(
        matches!(refused, Err(SiteFolderError::File { .. })),
        "{refused:?}"
    );
}

/// Whatever its names: also one with an index, and with the folders of a site.
#[test]
fn a_directory_of_somebody_that_looks_like_a_site_is_refused_and_left_as_it_was() {
    for names in [
        &["index.json", "projects/notes.json"][..],
        &["index.json"],
        &["articles/a.json"],
        &["projects/notes.json", "events/b.json.unfinished"],
        &[".cmss-site"],
    ] {
        let home = tempfile::tempdir().unwrap();
        for name in names {
            let path = home.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "my app").unwrap();
        }
        let refused = SiteFolder::at(home.path());
        assert!(
            matches!(refused, Err(SiteFolderError::Foreign { .. })),
            "{names:?}: {refused:?}"
        );
        for name in names {
            assert_eq!(fs::read(home.path().join(name)).unwrap(), b"my app");
        }
    }
}

#[test]
fn what_somebody_puts_among_the_pages_is_neither_removed_nor_written_over() {
    block_on(async {
        let newsroom = Newsroom::in_memory().await;
        let site = newsroom.cms.site();
        let home = tempfile::tempdir().unwrap();
        let folder = SiteFolder::at(home.path()).unwrap();
        newsroom.published("En kväll").await;
        folder.write(&site, |_| {}).await.unwrap();
        let mine = ["articles/mine.json", "articles/a.unfinished", "notes.json"];
        for name in mine {
            fs::write(home.path().join(name), "mine").unwrap();
        }
        assert_eq!(folder.write(&site, |_| {}).await.unwrap(), 1);

        let taken = home.path().join("articles/en-morgon.json");
        fs::write(&taken, "mine").unwrap();
        newsroom.published("En morgon").await;
        let refused = folder.write(&site, |_| {}).await;
        assert!(
            matches!(refused, Err(SiteFolderError::Foreign { .. })),
            "{refused:?}"
        );
        assert_eq!(fs::read(&taken).unwrap(), b"mine");
        fs::remove_file(taken).unwrap();
        assert_eq!(folder.write(&site, |_| {}).await.unwrap(), 2);
        for name in mine {
            assert_eq!(fs::read(home.path().join(name)).unwrap(), b"mine");
        }
    });
}

#[test]
fn a_writing_that_was_stopped_is_gone_on_with_and_leaves_no_page_that_is_gone() {
    block_on(async {
        let newsroom = Newsroom::in_memory().await;
        let site = newsroom.cms.site();
        let home = tempfile::tempdir().unwrap();
        let folder = SiteFolder::at(home.path()).unwrap();
        newsroom.published("En kväll").await;
        let gone = newsroom.published("En morgon").await;
        let stopped = catch_unwind(AssertUnwindSafe(|| {
            block_on(folder.write(&site, |_| panic!("stopped")))
        }));
        stopped.unwrap_err();
        assert!(home.path().join("articles/en-morgon.json").exists());
        assert!(!home.path().join("index.json").exists());
        // What a write that was cut short leaves behind.
        let half = home.path().join("articles/en-morgon.json.unfinished");
        fs::write(&half, "{").unwrap();
        let claims = home.path().join(".cmss-site");
        let cut = fs::read_to_string(&claims).unwrap() + "articles/en-mid";
        fs::write(&claims, cut).unwrap();

        newsroom.reporter().pause(gone.variant).await.unwrap();
        let folder = SiteFolder::at(home.path()).unwrap();
        assert_eq!(folder.write(&site, |_| {}).await.unwrap(), 1);
        let written = files(home.path());
        let names: Vec<_> = written.keys().collect();
        assert_eq!(names, ["en-kvall.json", "index.json"]);
        let claims = fs::read_to_string(&claims).unwrap();
        let claims: Vec<_> = claims.lines().skip(1).collect();
        assert_eq!(claims, ["articles/en-kvall.json", "index.json"]);
    });
}

/// Who can write there can write anything; it is against accidents.
#[test]
fn nothing_outside_the_directory_is_removed_whatever_is_named() {
    block_on(async {
        let newsroom = Newsroom::in_memory().await;
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("site");
        let folder = SiteFolder::at(&dir).unwrap();
        let site = newsroom.cms.site();
        folder.write(&site, |_| {}).await.unwrap();
        let mine = home.path().join("mine.json");
        fs::write(&mine, "mine").unwrap();
        let claims = dir.join(".cmss-site");
        let more = "../mine.json\narticles/../../mine.json\n";
        let named = fs::read_to_string(&claims).unwrap() + more;
        fs::write(&claims, named).unwrap();
        folder.write(&site, |_| {}).await.unwrap();
        assert_eq!(fs::read(&mine).unwrap(), b"mine");
    });
}
