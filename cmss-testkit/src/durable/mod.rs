//! What a store that keeps what it is given is tried with beyond the contract: reopening, many
//! writers at once, losses of power, large texts and large loads. Every function blocks, and panics where the store
//! does not do what its name says.

mod backend;
pub mod damage;
pub mod directories;
pub mod format;
pub mod groups;
pub mod journals;
pub mod loads;
pub mod losses;
pub mod reopening;
#[cfg(unix)]
pub mod room;
pub mod values;

use std::sync::Arc;

use cmss_core::store::Store;
use pollster::block_on;

use crate::{Fixture, Rule};

pub use backend::{Backend, Housed, Trial};

fn open(fixture: &mut dyn Fixture) -> Arc<dyn Store> {
    block_on(fixture.open())
}

fn reopen(fixture: &mut dyn Fixture) -> Arc<dyn Store> {
    let reopened = block_on(fixture.reopen());
    reopened.expect("a store that keeps can be reopened")
}

/// Every rule of these, family by family.
pub const RULES: &[Rule] = crate::__durable!(__durable_table);

/// Hands every rule, by family, to the macro named first.
#[doc(hidden)]
#[macro_export]
macro_rules! __durable {
    ($then:ident $(, $argument:expr)?) => {
        $crate::$then! { [$($argument)?]
            groups {
                commits_of_many_threads_are_all_there_in_one_unbroken_log
                of_writers_that_race_for_one_place_exactly_one_wins
                commits_whose_callers_went_away_are_done_before_the_store_closes
                who_waits_for_growth_is_woken_by_a_commit_and_by_closing
                commits_that_race_with_closing_are_there_or_were_refused
            }
            loads {
                a_load_of_many_batches_survives_reopening
                a_load_of_many_batches_that_is_not_ended_leaves_the_store_empty
                nothing_of_a_load_is_visible_before_its_end
            }
            losses {
                what_was_committed_outlives_a_loss_of_power
                what_was_refused_was_refused_for_what_outlives_a_loss_of_power
                what_was_sent_again_was_answered_by_what_outlives_a_loss_of_power
                what_was_read_outlives_a_loss_of_power
            }
            reopening {
                a_reopened_store_answers_as_before
                a_store_can_be_closed_and_opened_many_times
                large_documents_come_back
                a_commit_of_a_thousand_writes_and_a_long_note_is_logged_whole
                a_commit_that_cannot_be_made_durable_poisons_the_handle_until_it_is_reopened
            }
        }
    };
}

/// Makes a test of everything in [`groups`], [`loads`], [`losses`] and [`reopening`](mod@reopening),
/// each in a module named so.
///
/// Takes what [`store_rules!`](crate::store_rules) takes.
#[macro_export]
macro_rules! durable_rules {
    ($new:expr) => {
        $crate::__durable!(__durable_tests, $new);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __durable_tests {
    ([$new:expr] $($family:ident { $($rule:ident)+ })+) => {
        $(
            mod $family {
                #[allow(unused_imports, reason = "what makes a fixture may need no name from here")]
                use super::*;
                $(
                    #[test]
                    fn $rule() {
                        $crate::durable::$family::$rule(&mut ($new)());
                    }
                )+
            }
        )+
    };
}

/// Makes a table of every rule.
#[doc(hidden)]
#[macro_export]
macro_rules! __durable_table {
    ([] $($family:ident { $($rule:ident)+ })+) => {
        &[$($(
            Rule {
                family: stringify!($family),
                name: stringify!($rule),
                run: |fixture| Box::pin(async move {
                    $crate::durable::$family::$rule(fixture);
                    Ok(())
                }),
            },
        )+)+]
    };
}
