//! What reading makes of values that sled holds and no store wrote.

use cmss_testkit::durable::values::{damage_each, fill, read_everything};
use sled::{Config, Db};
use tempfile::{TempDir, tempdir};

use crate::SledStore;
use crate::opening::SEGMENT;

/// The engine lets go of its lock a little after its last handle.
fn wait_until_free(home: &TempDir) {
    let Ok(file) = std::fs::File::open(home.path().join("db")) else {
        return;
    };
    while file.try_lock().is_err() {
        std::thread::yield_now();
    }
    file.unlock().unwrap();
}

/// What lies under a store, opened without it.
fn underneath<T>(home: &TempDir, act: impl FnOnce(&Db) -> T) -> T {
    wait_until_free(home);
    let config = Config::new().path(home.path()).segment_size(SEGMENT);
    let db = config.open().unwrap();
    let done = act(&db);
    drop(db);
    wait_until_free(home);
    done
}

#[test]
fn damage_to_any_one_value_is_noticed() {
    let home = tempdir().unwrap();
    fill(&SledStore::open(home.path()).unwrap());
    let values = underneath(&home, |db| {
        let values = db.iter().map(Result::unwrap);
        values
            .map(|(key, value)| (key.to_vec(), value.to_vec()))
            .collect()
    });
    let replace = |key: &[u8], value: &[u8]| {
        underneath(&home, |db| {
            db.insert(key, value).unwrap();
            db.flush().unwrap();
        });
    };
    let _ = damage_each(values, replace, || {
        read_everything(&SledStore::open(home.path())?)
    });
}
