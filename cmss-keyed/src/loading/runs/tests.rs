use proptest::prelude::*;
use tempfile::tempdir;

use super::*;

fn staged(items: &[Item]) -> Staged {
    let mut staged = Staged::new();
    for (key, value) in items {
        staged.put(key.clone(), cmss_core::store::Seq(1), value);
    }
    staged
}

fn in_order(runs: &mut Runs<'_>) -> Vec<Item> {
    runs.sorted().unwrap().collect::<Result<_, _>>().unwrap()
}

proptest! {
    #[test]
    fn runs_come_out_as_one(
        parts in prop::collection::vec(
            prop::collection::vec(("[a-z]{1,3}", 0..9_000_usize), 0..9),
            1..9,
        ),
    ) {
        let home = tempdir().unwrap();
        let (mut runs, mut all) = (Runs::new(Some(home.path())), Runs::new(None));
        for part in parts {
            let part: Vec<Item> = part
                .into_iter()
                .map(|(key, length)| (key.into_bytes(), vec![b'v'; length]))
                .collect();
            runs.add(staged(&part));
            all.add(staged(&part));
            prop_assert!(runs.put_aside().unwrap());
            prop_assert_eq!(runs.bytes(), 0);
        }
        prop_assert!(!all.put_aside().unwrap());
        let (mut merged, mut all) = (in_order(&mut runs), in_order(&mut all));
        prop_assert!(merged.is_sorted_by_key(|(key, _)| key.clone()));
        // Those at one key come in any order.
        merged.sort();
        all.sort();
        prop_assert_eq!(merged, all);
        prop_assert_eq!(in_order(&mut runs), vec![]);
    }
}

#[test]
fn what_is_sorted_in_memory_makes_no_file() {
    let home = tempdir().unwrap();
    let gone = home.path().join("gone");
    let mut runs = Runs::new(Some(&gone));
    runs.add(staged(&[
        (b"b".to_vec(), vec![1]),
        (b"a".to_vec(), vec![2]),
    ]));
    assert_eq!(in_order(&mut runs).len(), 2);
}

#[cfg(unix)]
#[test]
fn the_file_is_its_owners_alone_and_has_no_name() {
    use std::os::unix::fs::MetadataExt;

    let home = tempdir().unwrap();
    let left = home.path().join(directory::SORTING);
    fs::write(&left, "left by a process that died").unwrap();
    let file = create(home.path()).unwrap();
    let found = file.metadata().unwrap();
    assert_eq!(
        (found.mode() & 0o777, found.nlink(), found.len()),
        (0o600, 0, 0)
    );
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

/// A device on which there is never room.
#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_told_as_one() {
    let mut runs = Runs::new(Some(Path::new("/")));
    let full = OpenOptions::new().read(true).write(true).open("/dev/full");
    runs.file = Some(full.unwrap());
    runs.add(staged(&[(b"a".to_vec(), vec![0; 3 * WRITE / 4])]));
    let refused = runs.put_aside().unwrap_err();
    assert!(matches!(refused, StoreError::Full { .. }), "{refused}");
}

#[test]
fn a_file_that_is_damaged_or_cut_is_noticed() {
    let home = tempdir().unwrap();
    for damage in [
        (|file| file.set_len(9)) as fn(&File) -> io::Result<()>,
        |mut file| {
            file.seek(SeekFrom::Start(0))?;
            file.write_all(&[0xff; 8])
        },
    ] {
        let mut runs = Runs::new(Some(home.path()));
        runs.add(staged(&[
            (b"a".to_vec(), vec![1]),
            (b"b".to_vec(), vec![2]),
        ]));
        assert!(runs.put_aside().unwrap());
        damage(runs.file.as_ref().unwrap()).unwrap();
        assert!(runs.sorted().is_err());
    }
}
