//! Claims as the desk sees them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::model::BY_REPORTER;
use super::{Claim, ClaimState};
use crate::desk::Desk;
use crate::ids::{AssignmentId, ClaimId, Id};
use crate::kernel::{Error, KeyParts, Reader};
use crate::store::Range;

/// A claim as its holder sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ClaimView {
    /// The claim.
    pub id: ClaimId,
    /// On what.
    pub assignment: AssignmentId,
    /// Its state.
    pub state: ClaimState,
    /// When it was made.
    pub claimed_at: DateTime<Utc>,
}

impl From<Claim> for ClaimView {
    fn from(claim: Claim) -> Self {
        let Claim {
            id,
            assignment,
            reporter: _,
            state,
            article: _,
            claimed_at,
        } = claim;
        Self {
            id,
            assignment,
            state,
            claimed_at,
        }
    }
}

impl Desk {
    /// The actor's own claims, oldest first: up to 100, after one.
    ///
    /// # Errors
    /// [`Error::Refused`] for the clock and visitors.
    pub async fn own_claims(&self, after: Option<&ClaimView>) -> Result<Vec<ClaimView>, Error> {
        self.ensure_newsroom("read_own_claims")?;
        let Some(person) = self.actor.person() else {
            return Ok(Vec::new());
        };
        let own = || KeyParts::new().id(person.uuid());
        let after = after.map(|view| (own().time(view.claimed_at).key(), view.id));
        let ids = self
            .page_of_ids::<Claim>(Range::prefix(BY_REPORTER, own().key()), after)
            .await?;
        let claims = Reader::new(self.store()).need_all::<Claim>(&ids).await?;
        Ok(claims.into_iter().map(ClaimView::from).collect())
    }
}
