//! What is compared with files under `tests/snapshots`, byte for byte.
//!
//! `CMSS_WRITE_SNAPSHOTS=1` writes the files anew, for somebody to look at what changed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests are not in test functions"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// Compares all of these with the files of a directory, which holds no others.
pub(crate) fn compare(directory: &str, found: &BTreeMap<String, String>) {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/snapshots")
        .join(directory);
    if std::env::var_os("CMSS_WRITE_SNAPSHOTS").is_some() {
        fs::remove_dir_all(&directory).unwrap();
        fs::create_dir_all(&directory).unwrap();
        for (name, text) in found {
            fs::write(directory.join(name), text).unwrap();
        }
    }
    let mut kept = BTreeMap::new();
    for file in fs::read_dir(&directory).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        kept.insert(name, fs::read_to_string(path).unwrap());
    }
    let names = |of: &BTreeMap<String, String>| of.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(found), names(&kept), "{}", directory.display());
    for (name, text) in found {
        assert!(
            kept.get(name) == Some(text),
            "{name} is now\n{text}\nand was\n{}",
            kept[name],
        );
    }
}
