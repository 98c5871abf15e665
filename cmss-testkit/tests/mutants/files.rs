//! Backends in directories with one defect each, and the rules of [`cmss_testkit::crash_rules!`] that
//! each of them breaks.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use cmss_core::store::{
    Changes, Changeset, CommitId, DocRef, Got, Limits, Lines, Page, Receipt, Scan, Seq, Store,
    StoreError, Walked,
};
use cmss_keyed::directory::{JOURNAL, SORTING, WITNESS};
use cmss_redb::RedbStore;
use cmss_testkit::async_trait;
use cmss_testkit::crash::compaction;
use cmss_testkit::durable::{Backend, Trial, damage, directories, journals};
use cmss_testkit::notes::{lines, load};
use pollster::block_on;

/// Longer than everything else that a small compaction does.
const LONG: Duration = Duration::from_millis(500);

/// Lists the defects, each with the rules it must fail, and what they say then.
macro_rules! defects {
    ($($(#[$what:meta])+ $defect:ident breaks {
        $($(#[$only:meta])* $family:ident::$rule:ident $says:literal)+
    })+) => {
        /// What is wrong with a backend.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        enum Defect {
            $($(#[$what])+ $defect,)+
        }

        /// The rules that are failed.
        pub(crate) const BROKEN: &[&str] = &[$($(stringify!($rule),)+)+];

        #[allow(non_snake_case, reason = "the tests are named after the defects")]
        mod is_caught {
            $(
                mod $defect {
                    use super::super::*;
                    $(
                        $(#[$only])*
                        #[test]
                        fn $rule() {
                            let path = concat!(module_path!(), "::", stringify!($rule));
                            caught(path, Defect::$defect, $family::$rule, $says);
                        }
                    )+
                }
            )+
        }
    };
}

defects! {
    /// What is in the way of an opening is removed.
    ClearsAway breaks {
        directories::a_second_opening_is_refused_and_names_the_lock "is opened"
        directories::a_directory_of_other_things_is_refused_and_left_as_it_was "is opened"
        directories::a_file_of_somebody_else_named_journal_stays "it is no journal"
        directories::a_file_is_refused "is opened"
        journals::a_store_of_which_the_data_are_gone_is_refused_and_left_as_it_was "the data are gone"
    }
    /// A directory is made where its parent is, and nowhere else.
    NeedsItsParent breaks {
        directories::a_missing_directory_is_created_with_its_parents "the store opens"
    }
    /// Everybody may look into a directory.
    OpenToAll breaks {
        #[cfg(unix)]
        directories::a_new_directory_is_its_owners_alone "/new"
    }
    /// There is no witness.
    WitnessRemoved breaks {
        damage::damaged_files_of_a_closed_store_are_noticed "Older Largest"
    }
    /// What a load left that died is kept.
    KeepsLeftovers breaks {
        directories::what_a_load_left_that_died_is_removed_and_in_nobodys_way "it stays"
    }
    /// A load leaves its file.
    LoadLeavesItsFile breaks {
        directories::a_large_load_is_whole_and_leaves_no_file "files in the directory"
    }
    /// Closing does nothing.
    CloseIgnored breaks {
        directories::a_closed_store_answers_closed "StoreError::Closed"
    }
    /// What an older release has left is not opened.
    OpensNothingOlder breaks {
        format::a_store_of_format_1_is_read_and_written "the store opens"
        format::what_is_written_today_reads_as_the_fixture_does "the store opens"
    }
    /// What is not in the engine yet is forgotten.
    ForgetsTheJournal breaks {
        format::a_store_of_format_1_that_was_not_closed_is_read_and_written "två"
        format::what_is_left_today_reads_as_the_fixture_does "två"
    }
    /// Compaction does nothing.
    CompactsNothing breaks {
        compaction::a_compacted_store_is_smaller_and_goes_on "bytes became"
        compaction::a_store_that_is_open_is_not_compacted "it is open"
    }
    /// The old store is removed before the new one is written.
    CompactsInPlace breaks {
        compaction::a_compaction_that_is_killed_at_any_time_leaves_a_whole_store "after kill"
        #[cfg(unix)]
        compaction::a_compaction_without_room_leaves_the_old_store "the store is another"
    }
    /// The new store has what the engine of the old one had.
    CompactsWithoutTheJournal breaks {
        journals::a_store_that_was_not_closed_is_compacted_whole "Ok(50)"
    }
}

/// The rules of [`cmss_testkit::format_rules!`], with the fixtures of redb.
mod format {
    use super::*;

    macro_rules! with_fixtures {
        ($($rule:ident)+) => {
            $(
                pub(super) fn $rule(trial: &Trial<'_, Mutant>) {
                    let writes = std::env::var_os("CMSS_WRITE_FIXTURE");
                    assert!(writes.is_none(), "what a defect leaves is no fixture");
                    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
                    let fixtures = own.join("../cmss-redb/tests/fixtures");
                    cmss_testkit::durable::format::$rule(trial, &fixtures);
                }
            )+
        };
    }

    with_fixtures! {
        a_store_of_format_1_is_read_and_written
        what_is_written_today_reads_as_the_fixture_does
        a_store_of_format_1_that_was_not_closed_is_read_and_written
        what_is_left_today_reads_as_the_fixture_does
    }
}

/// Asserts that a backend fails a rule, which says this.
fn caught(path: &str, defect: Defect, rule: fn(&Trial<'_, Mutant>), says: &str) {
    let mutant = Mutant(defect);
    let trial = Trial::at(path, &mutant);
    cmss_testkit::caught(says, || rule(&trial));
}

/// The backend on redb with one defect.
struct Mutant(Defect);

impl Mutant {
    fn is(&self, defect: Defect) -> bool {
        self.0 == defect
    }
}

impl Backend for Mutant {
    type Store = Housed;

    const FILE: &'static str = "db.redb";

    fn open(&self, path: &Path) -> Result<Housed, StoreError> {
        let parent = path.parent().is_some_and(Path::exists);
        if self.is(Defect::NeedsItsParent) && !parent {
            return Err(StoreError::Closed);
        }
        if self.is(Defect::WitnessRemoved) {
            // A new store has none.
            let _ = fs::remove_file(path.join(WITNESS));
        }
        if self.is(Defect::OpensNothingOlder) && path.join(Self::FILE).exists() {
            return Err(StoreError::Closed);
        }
        if self.is(Defect::ForgetsTheJournal) {
            for name in [JOURNAL, WITNESS] {
                // A new store has neither.
                let _ = fs::remove_file(path.join(name));
            }
        }
        let left = fs::read(path.join(SORTING)).ok();
        let store = match RedbStore::open(path) {
            Err(_) if self.is(Defect::ClearsAway) => {
                let removed = fs::remove_dir_all(path).or_else(|_| fs::remove_file(path));
                removed.expect("it is in the way");
                RedbStore::open(path)?
            }
            opened => opened?,
        };
        #[cfg(unix)]
        if self.is(Defect::OpenToAll) {
            use std::os::unix::fs::PermissionsExt as _;

            let open = fs::Permissions::from_mode(0o755);
            fs::set_permissions(path, open).expect("the mode is set");
        }
        if let Some(left) = left.filter(|_| self.is(Defect::KeepsLeftovers)) {
            fs::write(path.join(SORTING), left).expect("a file is written");
        }
        Ok(Housed {
            store,
            path: path.to_owned(),
            defect: self.0,
        })
    }

    fn verify(&self, housed: &Housed) -> Result<String, StoreError> {
        Ok(format!("{:?}", housed.store.verify(|_| ())?))
    }

    fn compact(&self, path: &Path, reached: &mut dyn FnMut(&str)) -> Result<(), StoreError> {
        match self.0 {
            Defect::CompactsNothing => return Ok(()),
            Defect::CompactsInPlace => return compact_in_place(path),
            Defect::CompactsWithoutTheJournal => {
                for name in [JOURNAL, WITNESS] {
                    fs::remove_file(path.join(name)).expect("the store has both");
                }
            }
            _ => {}
        }
        RedbStore::compact(path, |step| reached(&format!("{step:?}")))?;
        Ok(())
    }
}

/// There is no store for most of the time that it takes: a kill at any moment is likely to leave none.
fn compact_in_place(path: &Path) -> Result<(), StoreError> {
    let store = RedbStore::open(path)?;
    let held = lines(&store);
    block_on(store.close())?;
    fs::remove_dir_all(path).expect("the old store is removed");
    let removed = Instant::now();
    while removed.elapsed() < LONG {
        thread::yield_now();
    }
    let store = RedbStore::open(path)?;
    load(&store, held)?;
    block_on(store.close())
}

/// The store of a backend with a defect.
#[derive(Debug)]
struct Housed {
    store: RedbStore,
    path: PathBuf,
    defect: Defect,
}

#[async_trait]
impl Store for Housed {
    async fn get(&self, refs: &[DocRef]) -> Result<Got, StoreError> {
        self.store.get(refs).await
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        self.store.scan(scan).await
    }

    async fn walk(&self, after: Option<&DocRef>, limit: usize) -> Result<Walked, StoreError> {
        self.store.walk(after, limit).await
    }

    async fn commit(&self, changeset: Changeset) -> Result<Receipt, StoreError> {
        self.store.commit(changeset).await
    }

    async fn receipt(&self, id: CommitId) -> Result<Option<Receipt>, StoreError> {
        self.store.receipt(id).await
    }

    async fn changes(&self, after: Seq, limit: usize) -> Result<Changes, StoreError> {
        self.store.changes(after, limit).await
    }

    async fn grown(&self, past: Seq) -> Result<Seq, StoreError> {
        self.store.grown(past).await
    }

    async fn load(&self, lines: Lines) -> Result<Seq, StoreError> {
        let loaded = self.store.load(lines).await;
        if self.defect == Defect::LoadLeavesItsFile {
            fs::write(self.path.join(SORTING), "all of it").expect("a file is written");
        }
        loaded
    }

    fn limits(&self) -> Limits {
        self.store.limits()
    }

    async fn close(&self) -> Result<(), StoreError> {
        match self.defect {
            Defect::CloseIgnored => Ok(()),
            _ => self.store.close().await,
        }
    }
}
