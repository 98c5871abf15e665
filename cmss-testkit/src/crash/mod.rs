//! Kills: a process that commits is killed at random moments, and what is left is opened and
//! compared with what it had answered.
//!
//! [`Crash`] does that to any store that keeps what it is given. [`crash_rules!`](crate::crash_rules)
//! adds kills while a store is loaded or compacted, for backends whose stores are directories, and
//! [`point_rules!`](crate::point_rules) processes that die at a named [point](points), for those on
//! an engine.
//!
//! The process is the author's own test, run once more by the test itself: [`Crash::run`] starts
//! the test binary again with the name of the test, and an environment variable that tells it to
//! work instead. So a backend needs no program of its own for it.
//!
//! ```
//! use std::path::Path;
//!
//! use cmss_core::store::StoreError;
//! use cmss_testkit::crash::Crash;
//! # use cmss_memory::MemoryStore as MyStore;
//! # trait Open { fn open(_: &Path) -> Result<MyStore, StoreError>; }
//! # impl Open for MyStore { fn open(_: &Path) -> Result<Self, StoreError> { Ok(MyStore::new()) } }
//!
//! fn open(path: &Path) -> Result<MyStore, StoreError> {
//!     MyStore::open(path)
//! }
//!
//! #[test]
//! fn what_was_answered_survives_a_kill() {
//!     Crash::of("what_was_answered_survives_a_kill", &open).run();
//! }
//! # fn main() {}
//! ```
//!
//! # What is looked for
//!
//! Several writers commit documents small and large, over and over, and remove some. After each
//! kill, which comes while the store is being opened, while it is exported, or after some commits
//! were answered:
//!
//! - The store opens, and is whole where the backend can tell ([`Crash::check`]).
//! - Every commit that was answered stands in the log with the number that was answered (U1).
//! - What the log tells of, sent to a memory store in the same order, leaves the same bytes:
//!   documents, cards, entries, salts, log, and both indexes. So whatever was answered has its
//!   exact content, and whatever was not is there whole or not at all (C1).
//! - Each writer's last commit without an answer is sent again, and is settled (U2): it answers the
//!   number it has, or the next.
//! - An export that was finished is the store as it was then; one that was not is refused, and
//!   nothing of it is loaded (M2).
//!
//! The store is used again by the next process, which is killed as well, and every few kills a new
//! one is begun.
//!
//! # Knobs
//!
//! `CMSS_KILLS` is the number of kills, 60 unless told; [`Crash::kills`] sets one that stays.
//! `CMSS_SEED`, as it was printed, makes the same choices again; the moment at which a kill arrives
//! is the system's and does not come again.
//!
//! It shows what a process that ends leaves behind, and nothing of a loss of power: for what was
//! written but not synced, the system is still there.

#![allow(
    clippy::test_attr_in_doctest,
    reason = "the test is what the example shows: it runs itself"
)]

pub mod carrying;
pub mod commits;
pub mod compaction;
mod driver;
pub mod dying;
mod hasty;
pub mod loads;
mod place;
pub mod points;
mod shift;
mod work;

pub use driver::{Crash, Crashed};
pub use hasty::Hasty;

use crate::looked::asked;

/// How many kills there are: what is asked for, or as many as these.
fn kills(unless_told: u32) -> u32 {
    asked("CMSS_KILLS", unless_told)
}

/// Makes a test of each rule about the files of a backend and the processes that die over them:
/// [`commits`], [openings](carrying), [`loads`] and [`compaction`] that are killed, damaged
/// [files](crate::durable::damage) and [journals](crate::durable::journals), full disks, and
/// [directories](crate::durable::directories); each in a module named so.
///
/// Takes a [`Backend`](crate::durable::Backend), whose clauses the rules cite: one whose stores are opened
/// by cmss-keyed in a directory, since they look for its journal and its witness. Those of which the names
/// end in `is_caught` plant a fault and hold the harness to finding it.
#[macro_export]
macro_rules! crash_rules {
    ($backend:expr) => {
        $crate::__crash_rules! { $backend;
            crash::commits {
                what_was_answered_survives_kills
                a_store_that_answers_before_it_commits_is_caught
                a_commit_that_is_not_whole_is_caught
                a_store_that_is_not_whole_is_caught
                an_export_that_is_done_before_its_end_is_caught
            }
            crash::carrying {
                a_store_that_is_killed_while_it_opens_comes_to_the_same
                a_store_that_takes_its_journal_away_too_soon_is_caught
            }
            crash::loads {
                a_load_that_is_killed_is_whole_or_nothing
                a_load_that_is_committed_piece_by_piece_is_caught
            }
            crash::compaction {
                a_compaction_that_dies_at_any_step_leaves_a_whole_store
                a_compaction_that_is_killed_at_any_time_leaves_a_whole_store
                #[cfg(unix)]
                a_compaction_without_room_leaves_the_old_store
                a_compacted_store_is_smaller_and_goes_on
                a_store_that_is_open_is_not_compacted
                a_compaction_that_is_not_whole_at_every_step_is_caught
            }
            durable::damage {
                damaged_files_of_a_closed_store_are_noticed
                damaged_files_of_a_store_whose_process_was_killed_are_noticed
                changed_data_that_is_taken_for_good_is_caught
            }
            durable::journals {
                damaged_journals_of_stores_that_were_not_closed_are_noticed
                a_reader_that_stops_at_the_first_damage_is_caught
                a_reader_that_believes_what_stands_there_is_caught
                a_store_that_was_not_closed_is_compacted_whole
                a_store_of_which_the_data_are_gone_is_refused_and_left_as_it_was
            }
            durable::room {
                #[cfg(unix)]
                a_full_disk_loses_nothing_and_is_named
                #[cfg(unix)]
                a_store_that_says_yes_on_a_full_disk_is_caught
                #[cfg(unix)]
                what_has_no_room_in_the_engine_waits_in_the_journal
                #[cfg(unix)]
                a_journal_that_is_cut_too_soon_is_caught
            }
            durable::directories {
                a_second_opening_is_refused_and_names_the_lock
                a_missing_directory_is_created_with_its_parents
                #[cfg(unix)]
                a_new_directory_is_its_owners_alone
                a_directory_of_other_things_is_refused_and_left_as_it_was
                a_file_of_somebody_else_named_journal_stays
                what_a_load_left_that_died_is_removed_and_in_nobodys_way
                a_large_load_is_whole_and_leaves_no_file
                a_file_is_refused
                a_closed_store_answers_closed
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __crash_rules {
    ($backend:expr; $($room:ident::$family:ident { $($(#[$only:meta])* $rule:ident)+ })+) => {
        $(
            mod $family {
                #[allow(unused_imports, reason = "what makes a backend may need no name from here")]
                use super::*;
                $(
                    $(#[$only])*
                    #[test]
                    fn $rule() {
                        let path = concat!(module_path!(), "::", stringify!($rule));
                        let trial = $crate::durable::Trial::at(path, &$backend);
                        $crate::$room::$family::$rule(&trial);
                    }
                )+
            }
        )+
    };
}
