//! What a claim is.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ClaimEvent, ClaimState, MACHINE};
use crate::desk::Changes;
use crate::ids::{ArticleId, AssignmentId, ClaimId, Id, PersonId};
use crate::kernel::{Document, Error, Fact, KeyParts, Reader};
use crate::site::listed;
use crate::store::{Collection, Entry, Index, Range};
use crate::values::limits;

/// Claims that hold a place: assignment, reporter.
const HELD: Index = Index::new("claim.held");
/// Claims of a reporter, newest last.
pub(crate) const BY_REPORTER: Index = Index::new("claim.reporter");

/// A claim as it is kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Claim {
    pub(crate) id: ClaimId,
    pub(crate) assignment: AssignmentId,
    pub(crate) reporter: PersonId,
    pub(crate) state: ClaimState,
    /// The article that delivers on it: the one begun last, while it was not delivered on.
    pub(crate) article: Option<ArticleId>,
    pub(crate) claimed_at: DateTime<Utc>,
}

impl Document for Claim {
    const COLLECTION: Collection = Collection::new("claim");
    type Id = ClaimId;

    fn id(&self) -> ClaimId {
        self.id
    }

    fn entries(&self) -> Vec<Entry> {
        let reporter = KeyParts::new()
            .id(self.reporter.uuid())
            .time(self.claimed_at);
        let held = KeyParts::new()
            .id(self.assignment.uuid())
            .id(self.reporter.uuid());
        let held = self.state.holds_a_place().then(|| listed(HELD, held.key()));
        std::iter::once(listed(BY_REPORTER, reporter.key()))
            .chain(held)
            .collect()
    }
}

impl Claim {
    /// Moves along with another thing, where the claim's state has such a move.
    pub(crate) fn follow(mut self, event: ClaimEvent, changes: &mut Changes) {
        let Some(state) = MACHINE.follow(Some(self.state), event) else {
            return;
        };
        self.state = state;
        changes.put(&self);
        let claim = self.id;
        changes.fact(match event {
            ClaimEvent::Claim => Fact::AssignmentClaimed {
                assignment: self.assignment,
                claim,
            },
            ClaimEvent::Release => Fact::ClaimReleased { claim },
            ClaimEvent::Deliver => Fact::ClaimDelivered { claim },
            ClaimEvent::Return => Fact::ClaimReturned { claim },
            ClaimEvent::Fulfil => Fact::ClaimFulfilled { claim },
            ClaimEvent::Cancel => Fact::ClaimCancelled { claim },
        });
    }
}

/// The claims that hold a place of an assignment.
pub(crate) async fn held(
    reader: &mut Reader<'_>,
    assignment: AssignmentId,
) -> Result<Vec<Claim>, Error> {
    let range = Range::prefix(HELD, KeyParts::new().id(assignment.uuid()).key());
    // No more can hold one than there are places, so this hands out all of them.
    reader.members(range, limits::PLACES as usize + 1).await
}

/// The claim by which a reporter holds a place of an assignment.
pub(crate) async fn of_reporter(
    reader: &mut Reader<'_>,
    assignment: AssignmentId,
    reporter: PersonId,
) -> Result<Option<Claim>, Error> {
    let key = KeyParts::new()
        .id(assignment.uuid())
        .id(reporter.uuid())
        .key();
    Ok(reader
        .members(Range::at(HELD, key), 1)
        .await?
        .into_iter()
        .next())
}
