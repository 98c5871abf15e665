//! The public site as files: the bytes it serves, written again as it changes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support::Newsroom;
use cmss::{SiteFolder, SiteFolderError};
use pollster::block_on;

/// Every file in a directory and its folders.
fn files(dir: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            found.insert(name, fs::read_to_string(path).unwrap());
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
