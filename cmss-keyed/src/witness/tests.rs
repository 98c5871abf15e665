//! The file and its syncs: with a clock and a device of the tests' own.

use std::fs;

use proptest::prelude::*;
use tempfile::tempdir;

use super::device::Device;
use super::*;
use crate::reads::tip;

/// The largest commit in these slots.
fn seen(slots: &[Vec<u8>; 2]) -> Option<Seq> {
    let slots = slots
        .iter()
        .map(|bytes| read_slot(bytes, Path::new("witness")));
    let seen = slots.filter_map(|found| match found.unwrap() {
        Found::Seen(tip) => Some(tip.seq),
        Found::Vacant | Found::Torn => None,
    });
    seen.max()
}

/// One step of a store's life: a commit, or a look at what is due, so many milliseconds later.
fn steps() -> impl Strategy<Value = Vec<(bool, u64)>> {
    prop::collection::vec((any::<bool>(), 0_u64..700), 1..60)
}

/// What the file in a directory has seen.
fn read(home: &Path) -> Vec<Tip> {
    let witnessed = Witness::read(home).unwrap();
    witnessed.tips().copied().collect()
}

/// Begins with what the file has seen.
fn begin(home: &Path, tip: Tip) -> Witness {
    Witness::begin(home, tip, &Witness::read(home).unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_is_synced_at_most_once_a_second_and_nothing_waits_longer(steps in steps()) {
        let device = Device::default();
        let mut now = Instant::now();
        let mut witness = Witness::on(Box::new(device.clone()), tip(0), now).unwrap();
        let syncs = || device.syncs();
        let (mut last_sync, mut waiting_since) = (now, None);
        for (number, (commits, later)) in (1..).zip(steps) {
            // The committer wakes when something is due, and not before.
            let later = Duration::from_millis(later);
            let later = witness.due(now).map_or(later, |due| later.min(due));
            now += later;
            let before = syncs();
            if commits {
                waiting_since.get_or_insert(now);
                witness.note(tip(number), now).unwrap();
            } else if witness.due(now) == Some(Duration::ZERO) {
                witness.sync(now).unwrap();
            }
            if syncs() > before {
                prop_assert_eq!(syncs(), before + 1);
                prop_assert!(now - last_sync >= APART);
                last_sync = now;
                waiting_since = None;
            }
            if let Some(since) = waiting_since {
                prop_assert!(now - since < APART);
            }
            prop_assert_eq!(witness.due(now).is_some(), waiting_since.is_some());
        }
    }

    #[test]
    fn a_loss_of_power_at_any_time_leaves_what_was_synced_and_nothing_that_was_not_written(
        steps in steps(),
        fates in prop::collection::vec(prop_oneof![Just(0), Just(SLOT), 1..SLOT], 1..9),
    ) {
        let device = Device::default();
        let mut now = Instant::now();
        let mut witness = Witness::on(Box::new(device.clone()), tip(0), now).unwrap();
        let (mut written, mut synced) = (0, 0);
        for (number, (commits, later)) in (1..).zip(steps) {
            now += Duration::from_millis(later);
            let before = device.syncs();
            if commits {
                written = number;
                witness.note(tip(number), now).unwrap();
            } else if witness.due(now) == Some(Duration::ZERO) {
                witness.sync(now).unwrap();
            }
            if device.syncs() > before {
                synced = written;
            }
            let found = seen(&device.cut(&fates)).unwrap();
            prop_assert!(Seq(synced) <= found && found <= Seq(written));
        }
    }

    #[test]
    fn one_changed_bit_of_a_slot_is_noticed(seq: u64, place in 0..SLOT, bit in 0..8) {
        let mut slot = write_slot(tip(seq));
        slot[place] ^= 1_u8 << bit;
        let found = read_slot(&slot, Path::new("witness"));
        prop_assert!(matches!(found, Ok(Found::Torn)));
    }

    #[test]
    fn any_file_is_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let home = tempdir().unwrap();
        fs::write(home.path().join("witness"), bytes).unwrap();
        let _ = Witness::read(home.path());
    }
}

#[test]
fn what_was_written_last_is_read_back_from_the_file() {
    let home = tempdir().unwrap();
    assert_eq!(read(home.path()), vec![]);
    let mut witness = begin(home.path(), tip(3));
    assert_eq!(read(home.path()), [tip(3), tip(3)]);
    let now = Instant::now();
    witness.note(tip(4), now).unwrap();
    witness.note(tip(5), now + APART * 2).unwrap();
    witness.note(tip(6), now + APART * 2).unwrap();
    drop(witness);
    assert_eq!(read(home.path()), [tip(5), tip(6)]);
    let length = fs::metadata(home.path().join("witness")).unwrap().len();
    assert_eq!(length, 4096 + SLOT as u64);
}

/// The next commit may tear the slot that it is written to, and then the other must be whole.
#[test]
fn what_was_seen_last_is_not_written_again_and_is_not_written_over() {
    let home = tempdir().unwrap();
    let now = Instant::now();
    for (number, seen) in [
        (3, [tip(3), tip(2)]),
        (4, [tip(3), tip(4)]),
        (5, [tip(5), tip(4)]),
    ] {
        let mut witness = begin(home.path(), tip(number - 1));
        witness.note(tip(number), now).unwrap();
        witness.sync(now).unwrap();
        drop(witness);
        let before = fs::read(home.path().join("witness")).unwrap();
        drop(begin(home.path(), tip(number)));
        assert_eq!(fs::read(home.path().join("witness")).unwrap(), before);
        assert_eq!(read(home.path()), seen);
    }
}

#[test]
fn a_torn_slot_leaves_the_other_and_two_are_refused() {
    let home = tempdir().unwrap();
    let path = home.path().join("witness");
    drop(begin(home.path(), tip(3)));
    let whole = fs::read(&path).unwrap();
    for place in [20, 4096 + 20] {
        let mut torn = whole.clone();
        torn[place] ^= 1;
        fs::write(&path, torn).unwrap();
        assert_eq!(read(home.path()), [tip(3)]);
    }
    let mut torn = whole;
    torn[20] ^= 1;
    torn[4096 + 20] ^= 1;
    fs::write(&path, torn).unwrap();
    match Witness::read(home.path()) {
        Err(StoreError::Corrupt { what, .. }) => {
            assert!(
                what.contains("witness is damaged") && what.contains("remove the file"),
                "{what}"
            );
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_whose_making_was_cut_short_has_seen_nothing() {
    let home = tempdir().unwrap();
    let slot = write_slot(tip(3));
    for bytes in [&[][..], &[0; 4096 + SLOT], &slot[..30]] {
        fs::write(home.path().join("witness"), bytes).unwrap();
        assert_eq!(read(home.path()), vec![]);
        drop(begin(home.path(), tip(7)));
        assert_eq!(read(home.path()), [tip(7), tip(7)]);
    }
}

#[test]
fn a_file_of_somebody_else_is_refused_and_not_written_over() {
    let home = tempdir().unwrap();
    let path = home.path().join("witness");
    for text in ["I saw it all", "cat", &"cmss ".repeat(20)] {
        fs::write(&path, text).unwrap();
        let refused = Witness::read(home.path()).unwrap_err();
        assert!(matches!(refused, StoreError::Corrupt { .. }), "{text}");
    }
}

#[test]
fn a_newer_format_is_named() {
    let home = tempdir().unwrap();
    let mut slot = write_slot(tip(3));
    slot[15] = 9;
    let sum = crc32fast::hash(&slot[..SLOT - 4]);
    slot[SLOT - 4..].copy_from_slice(&sum.to_be_bytes());
    fs::write(home.path().join("witness"), slot).unwrap();
    match Witness::read(home.path()) {
        Err(StoreError::Unavailable { what, .. }) => assert!(what.contains("format 9"), "{what}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_device_that_fails_is_told_of() {
    let device = Device::default();
    let now = Instant::now();
    let mut witness = Witness::on(Box::new(device.clone()), tip(0), now).unwrap();
    witness.note(tip(1), now).unwrap();
    device.break_down();
    witness.note(tip(2), now).unwrap_err();
    witness.sync(now).unwrap_err();
}
