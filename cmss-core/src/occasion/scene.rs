//! What the moves of an occasion rest on, and what they bring with them.

use super::machine::{MACHINE, OccasionEvent};
use crate::desk::{Changes, Context};
use crate::ids::OccasionId;
use crate::kernel::{Actor, Capacity, Denied, Error, Fact, Guard, Guards, Reader, Standing};
use crate::record::{Certainty, Event, Kept, Kind, Occasion, OccasionStatus};
use crate::site::{FeedItem, PageKind};

impl Occasion {
    /// Judges what happens to it by its state and by who asks.
    pub(super) fn judge(
        &self,
        event: OccasionEvent,
        actor: &Actor,
        guards: &mut Guards,
    ) -> Option<(OccasionStatus, Capacity)> {
        let settled = event != OccasionEvent::Complete || self.certainty == Certainty::Confirmed;
        guards.ensure(settled, Guard::Tentative);
        MACHINE.judge(Some(self.status), event, &Standing::of(actor), guards)
    }
}

/// An occasion with everything its event's page shows.
#[derive(Debug)]
pub(crate) struct Scene {
    occasion: Occasion,
    event: Kept<Event>,
    /// Every occasion of the event, this one among them.
    around: Vec<Occasion>,
}

impl Scene {
    pub(super) const fn new(occasion: Occasion, event: Kept<Event>, around: Vec<Occasion>) -> Self {
        Self {
            occasion,
            event,
            around,
        }
    }

    pub(super) async fn read(reader: &mut Reader<'_>, id: OccasionId) -> Result<Self, Error> {
        let occasion: Occasion = reader.need(id).await?;
        let event: Kept<Event> = reader.need(occasion.event).await?;
        let around = Event::around(&event, reader).await?;
        Ok(Self::new(occasion, event, around))
    }

    /// The occasion after a move, and who makes it.
    pub(super) fn moved(
        &self,
        event: OccasionEvent,
        command: &'static str,
        cx: &Context<'_>,
    ) -> Result<(Occasion, Capacity), Denied> {
        let mut guards = Guards::new();
        let moved = self.occasion.judge(event, cx.actor, &mut guards);
        let (status, by) = guards.pass_move(moved, command)?;
        let occasion = Occasion {
            status,
            ..self.occasion.clone()
        };
        Ok((occasion, by))
    }

    /// Keeps the occasion as it is after a move, and publishes that where the occasion is shown.
    pub(super) fn settle(
        self,
        after: Occasion,
        by: Capacity,
        fact: Fact,
        cx: &Context<'_>,
    ) -> Changes {
        let Self {
            occasion: _,
            mut event,
            mut around,
        } = self;
        let after = Occasion {
            edited_at: cx.now,
            ..after
        };
        let mut changes = Changes::by(Some(by));
        let press = cx.press();
        let before = Event::faces(&event, &around, &press);
        for occasion in &mut around {
            if occasion.id == after.id {
                occasion.clone_from(&after);
            }
        }
        if Event::faces(&event, &around, &press) != before {
            event.updated_at = Some(cx.now);
            changes.show(before, Event::faces(&event, &around, &press));
            if let Some(slug) = event.addresses.current.clone() {
                changes.announce(FeedItem::Changed {
                    page: press.page(event.id),
                    kind: PageKind::Event,
                    slug,
                });
            }
            changes.put(&event);
        }
        changes.put(&after);
        changes.fact(fact);
        changes
    }
}
