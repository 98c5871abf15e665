//! What is done with editions.

mod begin;
mod moves;
mod open;
mod publish;
mod review;
mod write;

use super::Scene;
use super::machine::EditionEvent as Event;
use crate::desk::Verb;
use crate::kernel::{Actor, Allowance, Need, Policy};

pub(crate) use open::Reopening;

pub use begin::{NewArticle, StartArticle};
pub use moves::{Decline, DismissApproval, PullBack, ReopenEdition, RequestChanges, Withdraw};
pub use open::OpenEdition;
pub use publish::Publish;
pub use review::{AcceptEdit, Approve, SetAside, Submit};
pub use write::Save;

impl Scene {
    /// What may be done with it, whatever the arguments.
    pub(crate) fn allowances(&self, actor: &Actor, policy: &Policy) -> Vec<Allowance> {
        use Need::{Declarations, Gates, NamesApproved, NamesHead, Reason, Slug, SoundText};
        let verbs: [(_, _, &[Need]); 12] = [
            (Save::NAME, self.save_event(actor), &[NamesHead, SoundText]),
            (SetAside::NAME, Event::SetAside, &[]),
            (
                Submit::NAME,
                Event::Submit,
                &[NamesHead, Declarations, Gates],
            ),
            (PullBack::NAME, Event::PullBack, &[]),
            (RequestChanges::NAME, Event::RequestChanges, &[Reason]),
            (AcceptEdit::NAME, Event::AcceptEdit, &[NamesHead]),
            (Approve::NAME, Event::Approve, &[NamesHead, Gates]),
            (DismissApproval::NAME, Event::DismissApproval, &[Reason]),
            (Publish::NAME, Event::Publish, &[NamesApproved, Gates, Slug]),
            (Decline::NAME, Event::Decline, &[Reason]),
            (Withdraw::NAME, Event::Withdraw, &[]),
            (ReopenEdition::NAME, Event::Reopen, &[]),
        ];
        let allowance = |(command, event, needs)| {
            Allowance::judged(command, needs, |guards| {
                self.judge(event, actor, policy, guards);
            })
        };
        verbs.map(allowance).into()
    }
}
