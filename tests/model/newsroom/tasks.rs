//! Assignments and claims.

use super::{Against, Ask, Claim, ClaimState, Foretold, Judged, Newsroom, OfTask, OfferText, Task};
use super::{TaskState as S, Writes};
use crate::cast::Roles;

/// Whether somebody speaks for the unit of an offer.
fn for_unit(by: Roles, offer: &OfferText) -> bool {
    offer.unit.is_some() && by.unit == offer.unit
}

impl Newsroom {
    pub(super) fn of_tasks(&mut self, by: Roles, ask: &Ask) -> Judged<Writes> {
        match ask {
            Ask::Propose {
                revises: None,
                offer,
            } => self.propose(by, offer),
            Ask::Propose {
                revises: Some(task),
                offer,
            } => self.revise(by, *task, offer),
            Ask::Task { task, event, blank } => self.move_task(by, *task, *event, *blank),
            Ask::Claim { task } => self.claim(by, *task),
            Ask::Release { claim } => self.release(by, *claim),
            other => unreachable!("{other:?} is not of tasks"),
        }
    }

    fn propose(&mut self, by: Roles, offer: &OfferText) -> Judged<Writes> {
        if offer.places == 0 {
            return Err(Foretold::Invalid);
        }
        let own = for_unit(by, offer);
        let mut against = Against::for_part(by.editor || own);
        against.unless(own || by.reporter || by.editor, "not_permitted");
        against.unless(offer.unit.is_none() || own || by.editor, "other_unit");
        against.judged()?;
        let proposer = by.person.unwrap();
        self.tasks.push(Task {
            state: S::Proposed,
            offer: offer.clone(),
            proposer,
        });
        Ok(Writes::Something)
    }

    fn revise(&mut self, by: Roles, task: usize, offer: &OfferText) -> Judged<Writes> {
        if offer.places == 0 {
            return Err(Foretold::Invalid);
        }
        let before = Self::row(&self.tasks, task)?;
        let may = by.is(before.proposer) || for_unit(by, &before.offer) || by.editor;
        let mut against = Against::for_part(may);
        against.unless(before.state == S::Proposed, "wrong_state");
        against.unless(may, "not_permitted");
        against.unless(
            offer.unit.is_none() || for_unit(by, offer) || by.editor,
            "other_unit",
        );
        against.judged()?;
        if before.offer == *offer {
            return Ok(Writes::Nothing);
        }
        self.tasks[task].offer = offer.clone();
        Ok(Writes::Something)
    }

    fn move_task(&mut self, by: Roles, task: usize, event: OfTask, blank: bool) -> Judged<Writes> {
        if blank && matches!(event, OfTask::Return | OfTask::Cancel) {
            return Err(Foretold::Invalid);
        }
        let before = Self::row(&self.tasks, task)?;
        let offers = by.is(before.proposer) || for_unit(by, &before.offer);
        let state = before.state;
        let (from, to): (&[S], S) = match event {
            OfTask::Return => (&[S::Proposed], S::Proposed),
            OfTask::Open => (&[S::Proposed], S::Open),
            OfTask::Close => (&[S::Open], S::Closed),
            OfTask::Reopen => (&[S::Closed], S::Open),
            OfTask::Complete => (&[S::Closed], S::Completed),
            OfTask::Cancel => (&[S::Proposed, S::Open, S::Closed], S::Cancelled),
        };
        let mut against = Against::for_part(by.editor || offers);
        against.unless(from.contains(&state), "wrong_state");
        against.unless(by.editor, "not_permitted");
        if event == OfTask::Complete && by.editor {
            let waits = |claim: &Claim| claim.state != ClaimState::Fulfilled;
            against.unless(!self.held(task).any(waits), "claims_left");
        }
        against.judged()?;
        self.tasks[task].state = to;
        if event == OfTask::Cancel {
            for claim in self.claims.iter_mut().filter(|claim| claim.task == task) {
                if matches!(claim.state, ClaimState::Active | ClaimState::Delivered) {
                    claim.state = ClaimState::Cancelled;
                }
            }
        }
        Ok(Writes::Something)
    }

    fn claim(&mut self, by: Roles, task: usize) -> Judged<Writes> {
        let Task {
            state,
            offer,
            proposer,
        } = Self::row(&self.tasks, task)?;
        let mut against = Against::for_part(by.editor);
        against.unless(by.reporter, "not_permitted");
        let offers = by.is(*proposer) || for_unit(by, offer);
        let seen = *state != S::Proposed || offers || by.editor;
        against.unless(seen || !by.reporter, "may_not_read");
        let active = by.person.and_then(|person| self.reporters.get(&person));
        against.unless(active == Some(&true), "reporter_not_active");
        against.unless(*state == S::Open, "assignment_not_open");
        let in_time = offer
            .claim_by
            .is_none_or(|end| self.now() < crate::world::minute(end));
        against.unless(in_time, "past_claim_by");
        let free = self.held(task).count() < offer.places as usize;
        against.unless(free, "full");
        against.unless(
            !self.held(task).any(|claim| by.is(claim.reporter)),
            "already_claimed",
        );
        against.judged()?;
        let reporter = by.person.unwrap();
        self.claims.push(Claim {
            task,
            reporter,
            state: ClaimState::Active,
            variant: None,
        });
        Ok(Writes::Something)
    }

    fn release(&mut self, by: Roles, claim: usize) -> Judged<Writes> {
        let before = Self::row(&self.claims, claim)?;
        let mut against = Against::for_part(by.editor || by.is(before.reporter));
        against.unless(before.state == ClaimState::Active, "wrong_state");
        against.unless(by.is(before.reporter), "not_permitted");
        against.judged()?;
        self.claims[claim].state = ClaimState::Released;
        Ok(Writes::Something)
    }
}
