//! Occasions of the events.

use super::record::Content;
use super::{Against, Ask, Foretold, Judged, Newsroom, OfOccasion, Writes};
use crate::cast::Roles;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum OccasionState {
    Planned,
    Cancelled,
    TookPlace,
}

/// What is planned: the theme, and whether its time is known. A plan may end before it begins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Plan {
    pub(crate) theme: u8,
    pub(crate) time: PlanTime,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum PlanTime {
    Known,
    Unknown,
    Backwards,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Occasion {
    pub(crate) event: usize,
    pub(crate) state: OccasionState,
    pub(crate) confirmed: bool,
    pub(crate) working: Plan,
    pub(crate) public: Option<Plan>,
}

impl Newsroom {
    pub(super) fn of_occasions(&mut self, by: Roles, ask: &Ask) -> Judged<Writes> {
        match *ask {
            Ask::Plan {
                event,
                confirmed,
                plan,
            } => self.plan(by, event, confirmed, plan),
            Ask::ChangePlan { occasion, plan } => self.change_plan(by, occasion, plan),
            Ask::Occasion {
                occasion,
                event,
                blank,
            } => self.settle(by, occasion, event, blank),
            ref other => unreachable!("{other:?} is not of occasions"),
        }
    }

    fn plan(&mut self, by: Roles, event: usize, confirmed: bool, plan: Plan) -> Judged<Writes> {
        if plan.time == PlanTime::Backwards {
            return Err(Foretold::Invalid);
        }
        let record = Self::row(&self.records, event)?;
        if !matches!(record.working, Content::Event { .. }) {
            return Err(Foretold::NotFound);
        }
        let mut against = Against::for_part(by.editor);
        against.unless(!record.archived, "archived");
        against.unless(by.editor, "not_permitted");
        against.judged()?;
        self.occasions.push(Occasion {
            event,
            state: OccasionState::Planned,
            confirmed,
            working: plan,
            public: None,
        });
        Ok(Writes::Something)
    }

    fn change_plan(&mut self, by: Roles, occasion: usize, plan: Plan) -> Judged<Writes> {
        if plan.time == PlanTime::Backwards {
            return Err(Foretold::Invalid);
        }
        let before = Self::row(&self.occasions, occasion)?;
        let mut against = Against::for_part(by.editor);
        against.unless(before.state == OccasionState::Planned, "wrong_state");
        against.unless(by.editor, "not_permitted");
        against.judged()?;
        if before.working == plan {
            return Ok(Writes::Nothing);
        }
        self.occasions[occasion].working = plan;
        Ok(Writes::Something)
    }

    fn settle(
        &mut self,
        by: Roles,
        occasion: usize,
        event: OfOccasion,
        blank: bool,
    ) -> Judged<Writes> {
        if blank && event == OfOccasion::Cancel {
            return Err(Foretold::Invalid);
        }
        let before = Self::row(&self.occasions, occasion)?.clone();
        let mut against = Against::for_part(by.editor);
        let settled = event != OfOccasion::Complete || before.confirmed;
        against.unless(settled, "tentative");
        against.unless(before.state == OccasionState::Planned, "wrong_state");
        against.unless(by.editor, "not_permitted");
        against.judged()?;
        let now = &mut self.occasions[occasion];
        match event {
            OfOccasion::Confirm if before.confirmed => return Ok(Writes::Nothing),
            OfOccasion::Confirm => now.confirmed = true,
            OfOccasion::Complete => now.state = OccasionState::TookPlace,
            OfOccasion::Cancel => now.state = OccasionState::Cancelled,
        }
        // Where the public sees it, it is told at once.
        let at = self.now();
        let record = &mut self.records[before.event];
        if let (Some(_), Some(slug), true) = (&record.public, &record.slug, before.public.is_some())
        {
            self.feed.push(("changed", slug.clone()));
            record.updated = Some(at);
        }
        Ok(Writes::Something)
    }

    /// The occasions that the public sees of an event.
    pub(crate) fn shown_occasions(&self, event: usize) -> impl Iterator<Item = (usize, Plan)> {
        let public = self
            .records
            .get(event)
            .is_some_and(|record| record.public.is_some());
        let rows = self.occasions.iter().enumerate();
        let rows = rows.filter(move |(_, one)| public && one.event == event);
        rows.filter_map(|(row, one)| Some((row, one.public?)))
    }
}
