//! The one list of all rules, as tests and as a table.

use std::fmt;
use std::io::{self, Write as _};
use std::pin::Pin;

use cmss_core::store::StoreError;

use crate::Fixture;

/// What a rule comes to: it panics, or answers an error, where the store breaks it.
type Verdict<'a> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + 'a>>;

/// One rule of the contract.
#[derive(Clone, Copy)]
pub struct Rule {
    /// The file it stands in.
    pub family: &'static str,
    /// The sentence it holds a store to.
    pub name: &'static str,
    /// The function.
    pub(crate) run: for<'a> fn(&'a mut dyn Fixture) -> Verdict<'a>,
}

impl Rule {
    /// Holds the store of a fresh fixture to this rule; blocks until it has been judged.
    ///
    /// # Errors
    /// What the store answered where the rule has no other answer in mind.
    ///
    /// # Panics
    /// When the store breaks the rule.
    pub fn judge(&self, fixture: &mut dyn Fixture) -> Result<(), StoreError> {
        let _named = Named(self);
        pollster::block_on((self.run)(fixture))
    }
}

/// Names the rule that a panic has ended.
struct Named<'a>(&'a Rule);

impl Drop for Named<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // Where nobody listens there is nobody to tell.
            let _ = writeln!(
                io::stderr(),
                "broken: {:?}, whose documentation names the clauses of the contract",
                self.0
            );
        }
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}::{}", self.family, self.name)
    }
}

/// Hands every rule, by family, to the macro named first.
#[doc(hidden)]
#[macro_export]
macro_rules! __rules {
    ($then:ident $(, $argument:expr)?) => {
        $crate::$then! { [$($argument)?]
            documents {
                a_body_comes_back_byte_for_byte
                a_card_comes_back_byte_for_byte
                one_id_in_two_collections_names_two_documents
                a_version_is_the_commit_that_last_wrote_the_document
                a_document_that_comes_back_has_a_new_version
                a_put_replaces_everything_of_the_one_before
                a_removed_document_is_gone_with_its_entries
            }
            commits {
                a_refused_commit_leaves_no_trace
                commits_are_numbered_without_gaps
                a_changeset_that_contradicts_itself_is_malformed
                a_malformed_changeset_is_refused_before_it_is_judged
                an_absent_document_cannot_be_removed
                a_replayed_commit_answers_the_first_receipt
                a_commit_id_used_for_another_change_is_refused
                a_receipt_tells_what_a_commit_came_to
                a_dropped_commit_is_settled_by_sending_it_again
                what_was_answered_survives_reopening
            }
            expectations {
                absent_holds_only_where_no_document_stands
                at_holds_only_at_that_version
                members_holds_only_for_exactly_who_is_in_the_range
                members_counts_a_document_once
                members_may_end_between_two_documents_at_one_key
                expectations_are_judged_on_the_state_before
                one_failing_expectation_among_many_refuses_the_commit
            }
            uniqueness {
                a_unique_key_has_one_holder
                a_unique_key_is_free_in_another_index_and_as_a_listed_one
                documents_swap_unique_keys_in_one_commit
                a_swap_that_needs_a_third_one_s_key_is_refused
            }
            reads {
                every_read_says_as_of_which_commit
                get_answers_in_the_order_asked
                a_hit_brings_what_was_wanted_and_no_more
                a_document_stands_once_at_one_key
                walk_hands_out_every_document_whole_in_order
                walk_goes_on_after_a_document_that_is_gone
            }
            ranges {
                hits_are_ordered_by_key_and_then_by_document
                keys_are_compared_as_bytes
                a_prefix_range_holds_the_keys_that_begin_with_it
                ranges_are_half_open
                a_range_that_ends_before_it_begins_is_empty
                an_index_shows_its_own_entries_only
                pages_laid_end_to_end_are_the_whole
                a_scan_resumes_right_after_its_last_hit
            }
            log {
                changes_hands_out_the_records_after_a_number
                a_record_follows_from_the_changeset_and_the_one_before
                grown_answers_at_once_when_there_is_more
                grown_waits_until_there_is_more
                a_commit_wakes_whoever_waits
                who_is_woken_too_early_is_woken_again
                who_stops_waiting_leaves_the_others_waiting
                who_begins_to_wait_beside_a_commit_is_woken
                closing_ends_every_wait
            }
            load {
                a_loaded_store_answers_as_the_one_it_came_from
                a_load_survives_reopening
                load_refuses_a_store_that_holds_something
                an_empty_store_loads_nothing_and_stays_empty
                a_load_cut_short_leaves_the_store_empty
                a_load_that_contradicts_itself_leaves_the_store_empty
                a_load_in_which_a_unique_key_has_two_holders_is_refused
                a_load_in_which_a_commit_id_stands_twice_is_refused
                a_load_of_what_no_commit_could_put_is_refused
                a_load_ends_the_wait_for_growth
            }
            loading {
                nothing_is_read_of_a_load_before_its_end
                a_store_closed_beside_a_load_stays_closed
                a_commit_beside_a_load_comes_before_it_or_after
            }
            life {
                a_closed_store_says_so
            }
            limits {
                a_body_is_at_most_as_long_as_the_limit
                a_card_is_at_most_as_long_as_the_limit
                a_key_is_at_most_as_long_as_the_limit
                a_document_has_at_most_as_many_entries_as_the_limit
                a_note_is_at_most_as_long_as_the_limit
                a_changeset_has_at_most_as_many_writes_as_the_limit
                a_changeset_has_at_most_as_many_expectations_as_the_limit
                a_changeset_is_at_most_as_large_as_the_limit
                a_page_is_at_most_as_long_as_the_limit
                the_limits_are_at_least_the_default_ones
                every_document_of_a_changeset_is_held_to_the_limits
                a_full_page_is_whole
            }
            races {
                of_many_who_want_a_vacant_place_one_gets_it
                of_many_who_edit_one_version_one_saves
                of_many_who_claim_a_unique_key_one_holds_it
                a_group_with_room_for_three_never_holds_more
                one_changeset_sent_by_many_happens_once
                racing_commits_leave_no_gap_in_the_log
                a_reader_beside_a_writer_sees_whole_commits
            }
            histories {
                calls_of_many_threads_are_answered_as_if_made_in_turn
                documents_edited_by_many_are_read_as_if_edited_in_turn
                an_index_written_by_many_is_scanned_as_if_written_in_turn
                changesets_sent_again_by_many_happen_once_each
            }
            export {
                an_export_of_a_busy_store_is_a_state_it_had
                an_export_of_what_changed_since_completes_one_before_it
            }
            model {
                any_sequence_of_calls_answers_as_the_specification
            }
        }
    };
}

/// Makes a test of every rule.
#[doc(hidden)]
#[macro_export]
macro_rules! __tests {
    ([$new:expr] $($family:ident { $($rule:ident)+ })+) => {
        $(
            mod $family {
                #[allow(unused_imports, reason = "what makes a fixture may need no name from here")]
                use super::*;
                $(
                    #[test]
                    fn $rule() -> ::core::result::Result<(), $crate::private::StoreError> {
                        $crate::private::block_on($crate::private::$family::$rule(&mut ($new)()))
                    }
                )+
            }
        )+
    };
}

/// Makes a table of every rule.
#[doc(hidden)]
#[macro_export]
macro_rules! __table {
    ([] $($family:ident { $($rule:ident)+ })+) => {
        &[$($(
            Rule {
                family: stringify!($family),
                name: stringify!($rule),
                run: |fixture| Box::pin($crate::private::$family::$rule(fixture)),
            },
        )+)+]
    };
}

/// Every rule, family by family.
pub const RULES: &[Rule] = __rules!(__table);

/// Makes a test of every rule, each in a module named after its family.
///
/// Takes a function without arguments that makes a [`Fixture`] with an empty store of its own; the
/// [crate's page](crate) has an example. Two calls need a module each.
#[macro_export]
macro_rules! store_rules {
    ($new:expr) => {
        $crate::__rules!(__tests, $new);
    };
}
