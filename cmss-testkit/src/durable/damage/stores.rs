//! The stores that are damaged.

use std::fs;
use std::path::{Path, PathBuf};

use cmss_core::store::Store;
use cmss_keyed::directory::JOURNAL;
use pollster::block_on;
use proptest::sample::Index;
use tempfile::TempDir;

use super::look::{found, live};
use super::ways::Damage;
use super::{LONGEST, Left};
use crate::children::{Child, Task};
use crate::durable::{Backend, Trial};

/// Which file is damaged.
#[derive(Clone, Copy, Debug)]
pub(super) enum Which {
    /// The one with most of the data.
    Largest,
    Any(Index),
    Journal,
}

/// The stores that are damaged, and those their files are mixed up with.
pub(super) struct Stores {
    home: TempDir,
    store: PathBuf,
    older: PathBuf,
    other: PathBuf,
    /// What the store says of itself.
    pub(super) expected: String,
}

impl Stores {
    pub(super) fn make<B: Backend>(trial: &Trial<'_, B>, left: Left) -> Self {
        let home = trial.home();
        let place = |name| home.path().join(name);
        let [store, older, other] = ["store", "older", "other"].map(place);
        let open = |path: &Path| trial.open(path).expect("a new store");
        let close = |store: B::Store| block_on(store.close()).expect("the store closes");
        let begun = open(&store);
        live(&begun, 1..=30);
        close(begun);
        copy(&store, &older);
        match left {
            Left::Closed => {
                let again = open(&store);
                live(&again, 31..=60);
                close(again);
            }
            Left::Killed => {
                let fill = Task::new("fill", &store, "");
                let filled = Child::start(trial.test, &fill).wait(LONGEST);
                assert_eq!(filled.said, ["filled"], "{filled:?}");
            }
        }
        let another = open(&other);
        live(&another, 511..=560);
        close(another);

        let copied = place("copy");
        copy(&store, &copied);
        let expected = open(&copied);
        let found = found(&expected, trial.backend).expect("the store is whole");
        close(expected);
        Self {
            home,
            store,
            older,
            other,
            expected: found,
        }
    }

    /// A copy of the store of which a file is damaged so.
    pub(super) fn damaged(&self, damages: &[Damage], file: Which) -> PathBuf {
        let path = self.home.path().join("damaged");
        if path.exists() {
            fs::remove_dir_all(&path).expect("the last one is removed");
        }
        copy(&self.store, &path);
        let mut names = names(&path);
        let largest = names.iter().max_by_key(|name| size(&path.join(name)));
        let largest = largest.cloned().expect("a store has files");
        if damages.len() > 1 {
            // Who damages the witness as well as the data leaves nothing to notice it by.
            names.retain(|name| name != "witness");
        }
        for damage in damages {
            let name = match &file {
                Which::Largest => &largest,
                Which::Any(file) => file.get(&names),
                Which::Journal => JOURNAL,
            };
            self.apply(damage, &path, name);
        }
        path
    }

    fn apply(&self, damage: &Damage, store: &Path, name: &str) {
        let path = store.join(name);
        let Ok(mut bytes) = fs::read(&path) else {
            // An earlier damage has removed it.
            return;
        };
        // Where the zeros at the end begin.
        let used = bytes.iter().rposition(|byte| *byte != 0);
        let used = used.map_or(0, |last| last + 1);
        let stretch = |place: &Index, length: usize| {
            let from = place.index(used.max(1)) / length * length;
            from.min(bytes.len())..(from + length).min(bytes.len())
        };
        match damage {
            Damage::Flip { .. } if used == 0 => {}
            Damage::Flip { place, bit } => bytes[place.index(used)] ^= 1 << bit,
            Damage::Zero { place, length } => {
                let stretch = stretch(place, *length);
                bytes[stretch].fill(0);
            }
            Damage::Garble {
                place,
                length,
                with,
            } => {
                let stretch = stretch(place, *length);
                let mut with = *with;
                for byte in &mut bytes[stretch] {
                    with = with.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    *byte = with.to_be_bytes()[0];
                }
            }
            Damage::Swap { one, other, length } => {
                let (one, other) = (stretch(one, *length), stretch(other, *length));
                let (first, second) = (bytes[one.clone()].to_vec(), bytes[other.clone()].to_vec());
                if first.len() == second.len() {
                    bytes[one].copy_from_slice(&second);
                    bytes[other].copy_from_slice(&first);
                }
            }
            Damage::Cut { place } => bytes.truncate(place.index(used.max(1))),
            Damage::Extend { length } => bytes.extend(std::iter::repeat_n(0xa5, *length)),
            Damage::Empty => bytes.clear(),
            Damage::Remove => return fs::remove_file(path).expect("the file is removed"),
            Damage::Older => return replace(&path, &self.older, name),
            Damage::Other => return replace(&path, &self.other, name),
        }
        fs::write(path, bytes).expect("the file is written");
    }
}

/// Replaces a file by the one of the same name in another store, or the one that is most like it;
/// takes it away if there is none.
fn replace(path: &Path, from: &Path, name: &str) {
    let stem = |name: &str| name.split('.').next().map(str::to_owned);
    let alike = names(from)
        .into_iter()
        .find(|other| stem(other) == stem(name));
    match alike {
        Some(alike) => drop(fs::copy(from.join(alike), path).expect("the file is copied")),
        None => fs::remove_file(path).expect("the file is removed"),
    }
}

fn names(path: &Path) -> Vec<String> {
    let found = fs::read_dir(path).expect("the directory is read");
    let found = found.map(|entry| entry.expect("a name is read"));
    let files = found.filter(|entry| entry.path().is_file());
    let names = files.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |found| found.len())
}

/// The files of a store that is not open.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory is made");
    for name in names(from) {
        fs::copy(from.join(&name), to.join(&name)).expect("a file is copied");
    }
}
