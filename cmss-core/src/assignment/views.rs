//! Assignments as the desk sees them, one view for each audience.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::model::{BY_STATE, BY_UNIT};
use super::scene::Scene;
use super::{Assignment, AssignmentState, Offer};
use crate::claim::{self, Claim, ClaimState};
use crate::desk::Desk;
use crate::ids::{AssignmentId, ClaimId, Id, OrganisationId, PersonId};
use crate::kernel::{Actor, Document, Error, KeyParts, Reader, Role, may_read};
use crate::store::{Position, Range};
use crate::values::{Coded, limits};

/// An assignment as an actor sees it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentView {
    /// Its id.
    pub id: AssignmentId,
    /// Its state.
    pub state: AssignmentState,
    /// What is offered.
    pub offer: Offer,
    /// What the editor last said; for the proposer, the unit and editors.
    pub reason: Option<String>,
    /// When it was offered.
    pub proposed_at: DateTime<Utc>,
    /// Who holds its places, as far as the actor may know.
    pub places: PlacesView,
}

crate::values::redacted! { AssignmentView { id, state, offer, places } }

/// Who holds the places of an assignment: nobody but the editor learns who.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum PlacesView {
    /// An editor sees who.
    Editor {
        /// Each claim that holds a place.
        held: Vec<HeldPlace>,
    },
    /// A reporter sees their own, and how many are left.
    Reporter {
        /// Their own claim.
        own: Option<ClaimId>,
        /// How many places are left.
        left: u32,
    },
    /// A unit sees that somebody does.
    Unit {
        /// Whether somebody holds a place.
        taken: bool,
    },
}

/// A place and who holds it, for editors.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HeldPlace {
    /// The claim.
    pub claim: ClaimId,
    /// Whose it is.
    pub reporter: PersonId,
    /// Its state.
    pub state: ClaimState,
}

impl AssignmentView {
    /// What the actor may see; `None` where that is nothing.
    fn of(scene: Scene, actor: &Actor) -> Option<Self> {
        if !scene.assignment.may_be_read_by(actor) {
            return None;
        }
        let Scene { assignment, held } = scene;
        let Assignment {
            id,
            state,
            offer,
            proposer,
            reason,
            proposed_at,
        } = assignment;
        let proposes = actor.is_person(proposer);
        let own_unit = offer.unit.is_some_and(|unit| actor.speaks_for(unit));
        let told = proposes || own_unit || actor.is(Role::Editor);
        let places = if actor.is(Role::Editor) {
            let place = |claim: Claim| {
                let Claim {
                    id,
                    assignment: _,
                    reporter,
                    state,
                    article: _,
                    claimed_at: _,
                } = claim;
                HeldPlace {
                    claim: id,
                    reporter,
                    state,
                }
            };
            PlacesView::Editor {
                held: held.into_iter().map(place).collect(),
            }
        } else if own_unit {
            PlacesView::Unit {
                taken: !held.is_empty(),
            }
        } else {
            let own = held.iter().find(|claim| actor.is_person(claim.reporter));
            let left = offer.places.saturating_sub(held.len() as u32);
            PlacesView::Reporter {
                own: own.map(|claim| claim.id),
                left,
            }
        };
        let reason = reason.filter(|_| told);
        Some(Self {
            id,
            state,
            offer,
            reason,
            proposed_at,
            places,
        })
    }
}

impl Desk {
    /// An assignment, as far as the actor may see it.
    ///
    /// # Errors
    /// [`Error::Refused`] where that is nothing: a proposal is seen by editors, its unit and who
    /// made it; what has been opened, by reporters too.
    pub async fn assignment(&self, id: AssignmentId) -> Result<AssignmentView, Error> {
        self.ensure_newsroom("read_assignment")?;
        let scene = Scene::read(&mut Reader::new(self.store()), id).await?;
        let view = AssignmentView::of(scene, &self.actor);
        may_read(view.is_some(), "read_assignment")?;
        view.ok_or_else(|| Error::NotFound { id: id.to_string() })
    }

    /// The assignments in a state that the actor may see, oldest first: up to 100, after one.
    ///
    /// # Errors
    /// [`Error::Refused`] for the clock and visitors.
    pub async fn assignments(
        &self,
        state: AssignmentState,
        after: Option<&AssignmentView>,
    ) -> Result<Vec<AssignmentView>, Error> {
        self.ensure_newsroom("read_assignments")?;
        let range = Range::prefix(BY_STATE, KeyParts::new().text(state.code()).key());
        let place = |view: &AssignmentView| {
            KeyParts::new()
                .text(state.code())
                .time(view.proposed_at)
                .key()
        };
        self.page_of_assignments(range, after, place).await
    }

    /// The assignments that a unit offers, oldest first: up to 100, after one. For its contacts
    /// and for editors.
    ///
    /// # Errors
    /// [`Error::Refused`] for everybody else.
    pub async fn assignments_of(
        &self,
        unit: OrganisationId,
        after: Option<&AssignmentView>,
    ) -> Result<Vec<AssignmentView>, Error> {
        let may = self.actor.speaks_for(unit) || self.actor.is(Role::Editor);
        may_read(may, "read_assignments_of")?;
        let range = Range::prefix(BY_UNIT, KeyParts::new().id(unit.uuid()).key());
        let place =
            |view: &AssignmentView| KeyParts::new().id(unit.uuid()).time(view.proposed_at).key();
        self.page_of_assignments(range, after, place).await
    }

    async fn page_of_assignments(
        &self,
        range: Range,
        after: Option<&AssignmentView>,
        place: impl Fn(&AssignmentView) -> crate::store::Key,
    ) -> Result<Vec<AssignmentView>, Error> {
        let mut after = after.map(|view| (place(view), view.id));
        let mut views = Vec::new();
        // What the actor may not see is passed over, a hundred at a time, so that a page holds what
        // they may.
        loop {
            let mut range = range.clone();
            if let Some((key, id)) = after.take() {
                range.from = Some(Position::after(key, Assignment::at(id)));
            }
            let mut reader = Reader::new(self.store());
            let offered = reader
                .members::<Assignment>(range.clone(), limits::PAGE)
                .await?;
            let whole = offered.len() < limits::PAGE;
            for assignment in offered {
                let (id, entries) = (assignment.id, assignment.entries());
                let entry = entries.iter().find(|entry| *entry.index() == range.index);
                after = entry.map(|entry| (entry.key().clone(), id));
                if !assignment.may_be_read_by(&self.actor) {
                    continue;
                }
                let held = claim::held(&mut reader, id).await?;
                let scene = Scene { assignment, held };
                views.extend(AssignmentView::of(scene, &self.actor));
                if views.len() == limits::PAGE {
                    return Ok(views);
                }
            }
            if whole || after.is_none() {
                return Ok(views);
            }
        }
    }
}
