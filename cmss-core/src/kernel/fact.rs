//! What happened, in the past tense and in ids only: the notes of the log.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::actor::ActedBy;
use super::document::Misfit;
use super::{Error, Role};
use crate::ids::{
    ArticleId, AssignmentId, BylineId, ClaimId, ConsentId, EditionId, NewsroomId, OccasionId,
    OrganisationId, PageRef, PersonId, RecordRef, RevisionId, VariantId,
};
use crate::store::{LogRecord, Seq};

/// Something that happened. Ids only: content and reasons live in documents.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names and the ids say it all")]
pub enum Fact {
    NewsroomFounded {
        newsroom: NewsroomId,
        admin: PersonId,
    },
    SiteRebuilt {
        written: u32,
        removed: u32,
    },
    DocumentsUpgraded {
        written: u32,
    },
    SchemaRaised {
        schema: u32,
    },

    RecordPut {
        record: RecordRef,
        revision: u32,
    },
    RecordPublished {
        record: RecordRef,
    },
    RecordHidden {
        record: RecordRef,
    },
    RecordArchived {
        record: RecordRef,
    },
    PersonPut {
        person: PersonId,
    },
    ReporterAdmitted {
        person: PersonId,
    },
    ReporterRested {
        person: PersonId,
    },
    BylineCreated {
        byline: BylineId,
    },
    BylineChanged {
        byline: BylineId,
        serves: BylineId,
    },
    BylineLookedUp {
        byline: BylineId,
    },
    ConsentGiven {
        consent: ConsentId,
    },
    ConsentWithdrawn {
        consent: ConsentId,
    },

    OccasionPut {
        occasion: OccasionId,
    },
    OccasionConfirmed {
        occasion: OccasionId,
    },
    OccasionTookPlace {
        occasion: OccasionId,
    },
    OccasionCancelled {
        occasion: OccasionId,
    },

    AssignmentProposed {
        assignment: AssignmentId,
    },
    AssignmentRevised {
        assignment: AssignmentId,
    },
    AssignmentReturned {
        assignment: AssignmentId,
    },
    AssignmentOpened {
        assignment: AssignmentId,
    },
    AssignmentClosed {
        assignment: AssignmentId,
    },
    AssignmentReopened {
        assignment: AssignmentId,
    },
    AssignmentCompleted {
        assignment: AssignmentId,
    },
    AssignmentCancelled {
        assignment: AssignmentId,
    },
    AssignmentClaimed {
        assignment: AssignmentId,
        claim: ClaimId,
    },
    ClaimReleased {
        claim: ClaimId,
    },
    ClaimDelivered {
        claim: ClaimId,
    },
    ClaimReturned {
        claim: ClaimId,
    },
    ClaimFulfilled {
        claim: ClaimId,
    },
    ClaimCancelled {
        claim: ClaimId,
    },

    ArticleStarted {
        article: ArticleId,
        variant: VariantId,
        edition: EditionId,
        head: RevisionId,
    },
    EditionOpened {
        variant: VariantId,
        edition: EditionId,
        head: RevisionId,
    },
    TextSaved {
        edition: EditionId,
        head: RevisionId,
    },
    TextEdited {
        edition: EditionId,
        head: RevisionId,
    },
    EditSetAside {
        edition: EditionId,
        head: RevisionId,
    },
    EditionSubmitted {
        edition: EditionId,
        head: RevisionId,
    },
    EditionPulledBack {
        edition: EditionId,
    },
    ChangesRequested {
        edition: EditionId,
    },
    EditAccepted {
        edition: EditionId,
        head: RevisionId,
    },
    EditionApproved {
        edition: EditionId,
        head: RevisionId,
    },
    ApprovalDismissed {
        edition: EditionId,
        on_request_of: Option<OrganisationId>,
    },
    EditionDeclined {
        edition: EditionId,
        on_request_of: Option<OrganisationId>,
    },
    EditionWithdrawn {
        edition: EditionId,
    },
    EditionReopened {
        edition: EditionId,
    },
    EditionSuperseded {
        edition: EditionId,
    },
    ArticlePublished {
        variant: VariantId,
        edition: EditionId,
        head: RevisionId,
    },
    VariantUnpublished {
        variant: VariantId,
        on_request_of: Option<OrganisationId>,
    },
    VariantRepublished {
        variant: VariantId,
    },
    VariantPaused {
        variant: VariantId,
    },
    PauseLifted {
        variant: VariantId,
    },
    RedirectDropped {
        page: PageRef,
    },
}

/// One command that was carried out: who, as what, which, and what came of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Act {
    pub(crate) by: ActedBy,
    pub(crate) role: Option<Role>,
    pub(crate) command: Cow<'static, str>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) at: DateTime<Utc>,
}

/// The audit note of a commit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Note {
    pub(crate) acts: Vec<Act>,
}

impl Note {
    /// The note of a log record.
    pub(crate) fn read(record: &LogRecord) -> Result<Self, Error> {
        serde_json::from_str(&record.note).map_err(|error| {
            let (seq, why) = (record.seq, Misfit(&error));
            let what = format!("the note of commit {seq} cannot be read: {why}");
            Error::Corrupt { what }
        })
    }

    /// Everything that happened in the commit, in order.
    pub(crate) fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.acts.iter().flat_map(|act| &act.facts)
    }
}

/// A line of the audit log, as those who may read it see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AuditRecord {
    /// The commit.
    pub seq: Seq,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; `None` where that is not the reader's to know.
    pub by: Option<ActedBy>,
    /// In which role.
    pub role: Option<Role>,
    /// The command, as [`Command`](crate::Command) spells it.
    pub command: String,
    /// What came of it.
    pub facts: Vec<Fact>,
}

impl AuditRecord {
    /// The lines of one log record.
    pub(crate) fn lines(record: &LogRecord) -> Result<Vec<Self>, Error> {
        let lines = Note::read(record)?.acts.into_iter().map(|act| {
            let Act {
                by,
                role,
                command,
                facts,
                at,
            } = act;
            Self {
                seq: record.seq,
                at,
                by: Some(by),
                role,
                command: command.into_owned(),
                facts,
            }
        });
        Ok(lines.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{CommitId, Digest};

    #[test]
    fn a_note_that_cannot_be_read_is_told_without_what_stands_in_it() {
        for note in [
            r#"{"acts":"Ada Almgren"}"#,
            r#"{"Ada Almgren":[]}"#,
            r#"{"acts":[{"by":"Ada Almgren"}]}"#,
        ] {
            let record = LogRecord {
                seq: Seq(7),
                id: CommitId::random(),
                digest: Digest::ZERO,
                note: note.into(),
                touched: Vec::new(),
                chain: Digest::ZERO,
            };
            let error = Note::read(&record).unwrap_err().to_string();
            assert!(error.contains("the note of commit 7"), "{error}");
            assert!(
                error.contains("it is not of the form, at line 1"),
                "{error}"
            );
            assert!(!error.contains("Ada"), "{error}");
        }
    }
}
