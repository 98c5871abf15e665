//! What an actor may do with a thing, and why not.

use serde::{Deserialize, Serialize};

use crate::desk::Desk;
use crate::edition::Reopening;
use crate::ids::{AssignmentId, ClaimId, EditionId, OccasionId, VariantId};
use crate::kernel::{Allowance, Error, Guard, Guards, Reader, Role};
use crate::{assignment, claim, edition, occasion, publication};

/// A thing with states, which commands move. Records, persons, bylines and consents have none: who
/// may change them stands at their verbs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// An assignment.
    Assignment(AssignmentId),
    /// A claim.
    Claim(ClaimId),
    /// An edition.
    Edition(EditionId),
    /// A variant and its publication.
    Variant(VariantId),
    /// An occasion.
    Occasion(OccasionId),
}

macro_rules! targets {
    ($($kind:ident($id:ident)),*) => {$(
        impl From<$id> for Target {
            fn from(id: $id) -> Self {
                Self::$kind(id)
            }
        }
    )*};
}
targets!(
    Assignment(AssignmentId),
    Claim(ClaimId),
    Edition(EditionId),
    Variant(VariantId),
    Occasion(OccasionId)
);

impl Desk {
    /// What the actor may do with a thing now: for each command on it, every guard on state and
    /// standing that fails, and what its arguments must satisfy beside.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] for whoever nothing of it is allowed, editors aside.
    ///
    /// # Examples
    ///
    /// Which buttons a screen shows, and what it says of the others:
    ///
    /// ```
    /// # use cmss_core::{Desk, EditionId, Error, Guard};
    /// # async fn example(desk: Desk, edition: EditionId) -> Result<(), Error> {
    /// for allowance in desk.allowed(edition).await? {
    ///     if allowance.is_allowed() {
    ///         println!("{}, which needs {:?}", allowance.command, allowance.needs);
    ///     } else {
    ///         let codes: Vec<_> = allowance.guards.iter().map(Guard::code).collect();
    ///         println!("not {}: {}", allowance.command, codes.join(", "));
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn allowed(&self, target: impl Into<Target>) -> Result<Vec<Allowance>, Error> {
        self.ensure_newsroom("allowed")?;
        let (actor, policy) = (&self.actor, &self.inner.policy);
        let mut reader = Reader::new(self.store());
        let allowances = match target.into() {
            Target::Assignment(id) => {
                let claiming = assignment::Claiming::read(&mut reader, id, actor).await?;
                // The time that the command would have.
                let now = self.now(reader.as_of().unwrap_or_default()).await?;
                let mut all = assignment::Scene::read(&mut reader, id)
                    .await?
                    .allowances(actor);
                all.push(claiming.allowance(actor, now));
                all
            }
            Target::Claim(id) => claim::allowances(&reader.need(id).await?, actor),
            Target::Edition(id) => {
                let scene = edition::Scene::read(&mut reader, id, None).await?;
                scene.allowances(actor, policy)
            }
            Target::Variant(id) => {
                let variant = Reopening::read(&mut reader, id).await?;
                let mut all = publication::allowances(variant.variant(), actor);
                all.push(variant.allowance(actor));
                all
            }
            Target::Occasion(id) => occasion::allowances(&reader.need(id).await?, actor),
        };
        // Why something is not allowed tells of its state: only to those whom something of it
        // is allowed, and to editors.
        let mut guards = Guards::new();
        let concerned = actor.is(Role::Editor)
            || allowances
                .iter()
                .any(|allowance| !allowance.guards.iter().any(Guard::turns_away));
        guards.ensure(concerned, Guard::MayNotRead);
        guards.pass("allowed")?;
        Ok(allowances)
    }
}
