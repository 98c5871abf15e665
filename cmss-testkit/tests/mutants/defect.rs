//! The defects, and the rules that each of them breaks.

/// Lists the defects, each with the rules it must fail.
macro_rules! defects {
    ($($(#[$what:meta])+ $defect:ident breaks { $($rule:ident)+ })+) => {
        /// What is wrong with a mutant.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) enum Defect {
            /// Nothing at all.
            None,
            $($(#[$what])+ $defect,)+
        }

        impl Defect {
            pub(crate) const ALL: &[Self] = &[$(Self::$defect),+];

            /// The rules that must fail.
            pub(crate) fn breaks(self) -> &'static [&'static str] {
                match self {
                    Self::None => &[],
                    $(Self::$defect => &[$(stringify!($rule)),+],)+
                }
            }
        }

        #[allow(non_snake_case, reason = "the tests are named after the defects")]
        mod is_caught {
            $(
                #[test]
                fn $defect() {
                    crate::caught(super::Defect::$defect);
                }
            )+
        }
    };
}

defects! {
    // Documents

    /// Bodies lose the white space around them.
    BodyTrimmed breaks { a_body_comes_back_byte_for_byte }
    /// Cards are not kept.
    CardDropped breaks {
        a_card_comes_back_byte_for_byte
        a_hit_brings_what_was_wanted_and_no_more
        any_sequence_of_calls_answers_as_the_specification
    }
    /// Documents are told apart by their id alone.
    CollectionIgnored breaks {
        one_id_in_two_collections_names_two_documents
        hits_are_ordered_by_key_and_then_by_document
    }
    /// Each document says it is at its first version.
    VersionStandsStill breaks {
        a_version_is_the_commit_that_last_wrote_the_document
        a_document_that_comes_back_has_a_new_version
    }
    /// A put adds to the entries of the put before.
    StaleEntryKept breaks { a_put_replaces_everything_of_the_one_before }
    /// A removed document leaves its entries behind.
    RemoveLeavesEntries breaks { a_removed_document_is_gone_with_its_entries }

    // Commits

    /// The first write of a refused commit happens.
    RefusalWritesFirst breaks { a_refused_commit_leaves_no_trace }
    /// A conflict uses up a number.
    SeqSkippedOnConflict breaks {
        commits_are_numbered_without_gaps
        a_refused_commit_leaves_no_trace
    }
    /// What is malformed is passed over in silence.
    MalformedTaken breaks { a_changeset_that_contradicts_itself_is_malformed }
    /// Expectations are judged before the changeset is checked.
    JudgedBeforeChecked breaks { a_malformed_changeset_is_refused_before_it_is_judged }
    /// Removing what is absent is fine.
    MissingIgnored breaks { an_absent_document_cannot_be_removed }
    /// What is sent again happens again.
    ReplayReapplies breaks {
        a_replayed_commit_answers_the_first_receipt
        a_dropped_commit_is_settled_by_sending_it_again
        one_changeset_sent_by_many_happens_once
    }
    /// An id used for another change is answered as a replay.
    KeyReuseUnnoticed breaks { a_commit_id_used_for_another_change_is_refused }
    /// Receipts are not kept.
    ReceiptLost breaks { a_receipt_tells_what_a_commit_came_to }
    /// Nothing is on disk.
    ForgottenAtReopening breaks {
        what_was_answered_survives_reopening
        calls_of_many_threads_are_answered_as_if_made_in_turn
        a_load_survives_reopening
        commits_of_many_threads_are_all_there_in_one_unbroken_log
        commits_whose_callers_went_away_are_done_before_the_store_closes
        commits_that_race_with_closing_are_there_or_were_refused
        a_load_of_many_batches_survives_reopening
        a_reopened_store_answers_as_before
        a_store_can_be_closed_and_opened_many_times
        large_documents_come_back
        a_commit_of_a_thousand_writes_and_a_long_note_is_logged_whole
        a_commit_that_cannot_be_made_durable_poisons_the_handle_until_it_is_reopened
    }

    // Expectations

    /// `Absent` always holds.
    AbsentUnjudged breaks {
        absent_holds_only_where_no_document_stands
        one_failing_expectation_among_many_refuses_the_commit
        of_many_who_want_a_vacant_place_one_gets_it
        of_writers_that_race_for_one_place_exactly_one_wins
    }
    /// `At` always holds.
    AtUnjudged breaks {
        at_holds_only_at_that_version
        of_many_who_edit_one_version_one_saves
    }
    /// `Members` always holds.
    MembersUnjudged breaks {
        members_holds_only_for_exactly_who_is_in_the_range
        members_may_end_between_two_documents_at_one_key
    }
    /// `Members` always holds, and a scan made before is answered as it was then.
    StaleSets breaks { a_group_with_room_for_three_never_holds_more }
    /// `Members` counts entries instead of documents.
    MembersCountsEntries breaks { members_counts_a_document_once }
    /// `Absent` is judged on the state after the commit.
    ExpectationsJudgedAfter breaks { expectations_are_judged_on_the_state_before }
    /// Only the last expectation counts.
    LastExpectationOnly breaks { one_failing_expectation_among_many_refuses_the_commit }

    // Uniqueness

    /// Unique entries are like any other.
    UniquenessUnjudged breaks {
        a_unique_key_has_one_holder
        a_swap_that_needs_a_third_one_s_key_is_refused
        of_many_who_claim_a_unique_key_one_holds_it
    }
    /// Uniqueness is judged before the entries of written documents are taken out.
    UniquenessBeforeRemoval breaks { documents_swap_unique_keys_in_one_commit }
    /// Listed entries are unique too.
    EverythingUnique breaks { a_unique_key_is_free_in_another_index_and_as_a_listed_one }

    // Reads

    /// Reads name the commit before the last.
    AsOfLags breaks {
        every_read_says_as_of_which_commit
        a_reader_beside_a_writer_sees_whole_commits
    }
    /// `get` answers in its own order.
    GetSorted breaks { get_answers_in_the_order_asked }
    /// A hit brings its card unasked.
    CardUnasked breaks { a_hit_brings_what_was_wanted_and_no_more }
    /// A document that stands at a key twice is two hits.
    HitForEachEntry breaks { a_document_stands_once_at_one_key }
    /// A walk begins with the document it should go on after.
    WalkInclusive breaks { walk_hands_out_every_document_whole_in_order }
    /// A walk cannot go on after a document that is gone.
    WalkNeedsItsDocument breaks {
        walk_goes_on_after_a_document_that_is_gone
        an_export_of_a_busy_store_is_a_state_it_had
        an_export_of_what_changed_since_completes_one_before_it
    }
    /// Documents at one key come in any order.
    TiesReversed breaks { hits_are_ordered_by_key_and_then_by_document }
    /// Keys are kept as text.
    KeysAsText breaks {
        keys_are_compared_as_bytes
        a_prefix_range_holds_the_keys_that_begin_with_it
        a_key_is_at_most_as_long_as_the_limit
    }
    /// `until` is inside.
    UntilInclusive breaks {
        ranges_are_half_open
        members_may_end_between_two_documents_at_one_key
    }
    /// A range that ends before it begins is too much.
    InvertedRangePanics breaks { a_range_that_ends_before_it_begins_is_empty }
    /// Indexes whose names begin alike run together.
    IndexNamesCut breaks { an_index_shows_its_own_entries_only }
    /// A full page promises another, whether or not there is one.
    NextWheneverFull breaks { pages_laid_end_to_end_are_the_whole }
    /// A large page is cut short, as if there were no more.
    LargePagesCut breaks { a_full_page_is_whole }
    /// A page is followed by the hit that was next when it was read.
    ResumesAtTheNextHit breaks { a_scan_resumes_right_after_its_last_hit }

    // The log

    /// Some records are not handed out.
    RecordsMissing breaks {
        changes_hands_out_the_records_after_a_number
        racing_commits_leave_no_gap_in_the_log
        an_export_of_a_busy_store_is_a_state_it_had
    }
    /// Notes are not kept.
    NoteDropped breaks {
        a_record_follows_from_the_changeset_and_the_one_before
        a_note_is_at_most_as_long_as_the_limit
    }
    /// `grown` answers whatever is asked of it.
    GrownTooEarly breaks {
        who_waits_for_growth_is_woken_by_a_commit_and_by_closing
        grown_answers_at_once_when_there_is_more
        grown_waits_until_there_is_more
        a_load_ends_the_wait_for_growth
    }
    /// Whoever waits is not woken.
    WakersLost breaks {
        a_commit_wakes_whoever_waits
        a_load_ends_the_wait_for_growth
        closing_ends_every_wait
    }
    /// Whoever waits is woken once, be it too early.
    WokenOnce breaks { who_is_woken_too_early_is_woken_again }
    /// Who stops waiting takes everybody's place.
    LeavingWakesNobody breaks { who_stops_waiting_leaves_the_others_waiting }
    /// `grown` looks, and then waits for the next commit.
    LooksBeforeItWaits breaks { who_begins_to_wait_beside_a_commit_is_woken }

    // Many threads

    /// Documents come from a copy, which is renewed for who has committed since they looked.
    GetFromACopy breaks { documents_edited_by_many_are_read_as_if_edited_in_turn }
    /// A commit is answered before others can see it: when who made it calls again, they can.
    AnsweredBeforeItIsSeen breaks {
        documents_edited_by_many_are_read_as_if_edited_in_turn
        calls_of_many_threads_are_answered_as_if_made_in_turn
    }
    /// A page is read in two halves, between which others commit.
    ScanInHalves breaks { an_index_written_by_many_is_scanned_as_if_written_in_turn }
    /// Whether an id has been used is looked up before it is this commit's turn, and not again.
    ReplayNotLookedForAgain breaks {
        changesets_sent_again_by_many_happen_once_each
        one_changeset_sent_by_many_happens_once
    }

    // Losses of power

    /// A commit is answered before it is synced.
    AnsweredBeforeTheSync breaks { what_was_committed_outlives_a_loss_of_power }
    /// A refusal is answered before what it was judged on is synced.
    RefusedBeforeTheSync breaks {
        what_was_refused_was_refused_for_what_outlives_a_loss_of_power
    }
    /// A replay is answered before the commit that it repeats is synced.
    RepeatedBeforeTheSync breaks {
        what_was_sent_again_was_answered_by_what_outlives_a_loss_of_power
    }
    /// A commit is read before it is synced.
    ReadBeforeTheSync breaks { what_was_read_outlives_a_loss_of_power }

    // Failures

    /// A commit that could not be made durable is answered as if it were.
    FailureAnswered breaks {
        a_commit_that_cannot_be_made_durable_poisons_the_handle_until_it_is_reopened
    }
    /// After one, the handle goes on.
    FailurePassedOver breaks {
        a_commit_that_cannot_be_made_durable_poisons_the_handle_until_it_is_reopened
    }

    // Moving house

    /// After a load, receipts are unknown.
    LoadLosesReceipts breaks { a_loaded_store_answers_as_the_one_it_came_from }
    /// A store that holds something can be loaded, to no effect.
    LoadAcceptsNonEmpty breaks { load_refuses_a_store_that_holds_something }
    /// Once loaded, be it with nothing, a store is not empty.
    LoadedNothingIsNotEmpty breaks { an_empty_store_loads_nothing_and_stays_empty }
    /// A load needs no end line.
    LoadSealsItself breaks {
        a_load_cut_short_leaves_the_store_empty
        a_load_of_many_batches_that_is_not_ended_leaves_the_store_empty
    }
    /// Something of a load is there before its end.
    LoadIsVisibleEarly breaks {
        nothing_is_read_of_a_load_before_its_end
        nothing_of_a_load_is_visible_before_its_end
    }
    /// A load that fails leaves something behind.
    LoadLeavesTraces breaks {
        a_load_cut_short_leaves_the_store_empty
        a_load_that_contradicts_itself_leaves_the_store_empty
    }
    /// A load takes the place of what is committed while its lines come.
    LoadWritesOver breaks {
        a_commit_beside_a_load_comes_before_it_or_after
        a_store_closed_beside_a_load_stays_closed
    }
    /// What is wrong with the lines of a load is passed over in silence.
    LoadTrustsItsLines breaks {
        a_load_in_which_a_unique_key_has_two_holders_is_refused
        a_load_in_which_a_commit_id_stands_twice_is_refused
        a_load_of_what_no_commit_could_put_is_refused
        a_load_that_contradicts_itself_leaves_the_store_empty
    }

    // Life and limits

    /// Closing does nothing.
    CloseIgnored breaks {
        a_closed_store_says_so
        closing_ends_every_wait
    }
    /// What is exactly at a limit is refused.
    LimitsExclusive breaks {
        a_body_is_at_most_as_long_as_the_limit
        a_card_is_at_most_as_long_as_the_limit
        a_key_is_at_most_as_long_as_the_limit
        a_document_has_at_most_as_many_entries_as_the_limit
        a_note_is_at_most_as_long_as_the_limit
        a_changeset_has_at_most_as_many_writes_as_the_limit
        a_changeset_has_at_most_as_many_expectations_as_the_limit
        a_changeset_is_at_most_as_large_as_the_limit
        a_page_is_at_most_as_long_as_the_limit
    }
    /// What is above a limit is passed over in silence.
    LimitsIgnored breaks {
        a_body_is_at_most_as_long_as_the_limit
        a_card_is_at_most_as_long_as_the_limit
        a_key_is_at_most_as_long_as_the_limit
        a_document_has_at_most_as_many_entries_as_the_limit
        a_note_is_at_most_as_long_as_the_limit
        a_changeset_has_at_most_as_many_writes_as_the_limit
        a_changeset_has_at_most_as_many_expectations_as_the_limit
        a_changeset_is_at_most_as_large_as_the_limit
        every_document_of_a_changeset_is_held_to_the_limits
    }
    /// Less is taken than every store must.
    LimitsLow breaks { the_limits_are_at_least_the_default_ones }
}
