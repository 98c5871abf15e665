//! Every command there is, as data: what an HTTP layer, a command line and a test generator
//! speak in.

mod reading;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::assignment::{
    CancelAssignment, ClaimAssignment, CloseAssignment, CompleteAssignment, OpenAssignment,
    Propose, ReopenAssignment, ReturnAssignment, ReviseAssignment,
};
use crate::claim::ReleaseClaim;
use crate::consent::{GiveConsent, WithdrawConsent};
use crate::desk::{Desk, Verb};
use crate::edition::{
    AcceptEdit, Approve, Decline, DismissApproval, OpenEdition, Publish, PullBack, ReopenEdition,
    RequestChanges, Save, SetAside, StartArticle, Submit, Withdraw,
};
use crate::ids::{AssetId, EventId, OrganisationId, ProjectId, TermId};
use crate::kernel::Error;
use crate::occasion::{
    CancelOccasion, ChangeOccasion, CompleteOccasion, ConfirmOccasion, PlanOccasion,
};
use crate::publication::{DropRedirect, LiftPause, Pause, Republish, Unpublish};
use crate::record::{
    AdmitReporter, ArchiveRecord, Asset, ChangeByline, CreateByline, Event, HideRecord,
    LookUpByline, Organisation, Project, PublishRecord, PutPerson, PutRecord, RestReporter, Term,
};
use crate::values::Faults;

/// Declares [`Command`]: each case with the way it is carried out.
macro_rules! commands {
    ($($(#[$doc:meta])* $case:ident($args:ty) $(=> |$desk:ident, $command:ident| $run:expr)?;)*) => {
        /// A command. As JSON: `{"claim_assignment": {"assignment": "assignment:…"}}`.
        ///
        /// Fields that a command does not know are refused. `docs/commands.md` has an example of
        /// each command, and says who may give it.
        #[derive(Clone, PartialEq, Debug, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Command {
            $($(#[$doc])* $case($args),)*
        }

        impl Desk {
            /// Carries out a command; answers what its verb answers, as JSON.
            ///
            /// # Errors
            /// Those of the verb.
            pub async fn execute(&self, command: &Command) -> Result<serde_json::Value, Error> {
                match command {
                    $(Command::$case(command) => {
                        let done = carry_out!(self, command $(, |$desk, $command| $run)?);
                        value(&done.await?)
                    })*
                }
            }
        }

        impl Command {
            /// Notes what can be said against its fields before anything is read. Times are taken
            /// as UTC, in which each exists: the newsroom's zone is not known here.
            fn check(&self, faults: &mut Faults) {
                match self {
                    $(Command::$case(command) => {
                        check!(command, faults $(, $run)?);
                    })*
                }
            }
        }
    };
}

/// What a verb answered, as JSON.
fn value(done: &impl Serialize) -> Result<serde_json::Value, Error> {
    serde_json::to_value(done).map_err(|error| Error::Corrupt {
        what: format!("a result has no spelling: {error}"),
    })
}

/// Carries a command out: as its own verb, or as what stands for it.
macro_rules! carry_out {
    ($on:ident, $command:ident) => {
        $on.run($command.clone())
    };
    ($on:ident, $given:ident, |$desk:ident, $command:ident| $run:expr) => {{
        let ($desk, $command) = ($on, $given);
        $run
    }};
}

/// Checks a command that is its own verb; the others hold nothing but an id.
macro_rules! check {
    ($command:ident, $faults:ident) => {
        // The checked command is of no use here; what is wrong with it is in the faults.
        let _ = Verb::check($command, $faults, Tz::UTC);
    };
    ($command:ident, $faults:ident, $run:expr) => {
        let _ = ($command, $faults);
    };
}

commands! {
    /// Writes down a person.
    PutPerson(PutPerson);
    /// Takes a reporter on.
    AdmitReporter(AdmitReporter);
    /// Lets a reporter rest.
    RestReporter(RestReporter);
    /// Creates a byline.
    CreateByline(CreateByline);
    /// Changes a byline.
    ChangeByline(ChangeByline);
    /// Tells who is behind a byline.
    LookUpByline(LookUpByline) => |desk, c| desk.look_up_byline(c.byline);
    /// Writes down a consent.
    GiveConsent(GiveConsent);
    /// Takes a consent back.
    WithdrawConsent(WithdrawConsent);

    /// Creates or changes an organisation.
    PutOrganisation(PutRecord<Organisation, OrganisationId>);
    /// Creates or changes a term.
    PutTerm(PutRecord<Term, TermId>);
    /// Creates or changes an image.
    PutAsset(PutRecord<Asset, AssetId>);
    /// Creates or changes a project.
    PutProject(PutRecord<Project, ProjectId>);
    /// Creates or changes an event.
    PutEvent(PutRecord<Event, EventId>);
    /// Makes a record public.
    PublishRecord(PublishRecord) => |desk, c| desk.publish_record(c.record);
    /// Takes a record off the site.
    HideRecord(HideRecord) => |desk, c| desk.hide_record(c.record);
    /// Puts a record aside.
    ArchiveRecord(ArchiveRecord) => |desk, c| desk.archive_record(c.record);

    /// Plans an occasion of an event.
    PlanOccasion(PlanOccasion);
    /// Changes the plan of an occasion.
    ChangeOccasion(ChangeOccasion);
    /// Confirms a tentative occasion.
    ConfirmOccasion(ConfirmOccasion);
    /// Notes that an occasion took place.
    CompleteOccasion(CompleteOccasion);
    /// Calls an occasion off.
    CancelOccasion(CancelOccasion);

    /// Offers an assignment.
    Propose(Propose);
    /// Changes an offer.
    ReviseAssignment(ReviseAssignment);
    /// Asks for a change of an offer.
    ReturnAssignment(ReturnAssignment);
    /// Opens an assignment to reporters.
    OpenAssignment(OpenAssignment);
    /// Takes no more claims.
    CloseAssignment(CloseAssignment);
    /// Takes claims again.
    ReopenAssignment(ReopenAssignment);
    /// Ends an assignment.
    CompleteAssignment(CompleteAssignment);
    /// Calls an assignment off.
    CancelAssignment(CancelAssignment);
    /// Takes an assignment on.
    ClaimAssignment(ClaimAssignment);
    /// Gives a claim back.
    ReleaseClaim(ReleaseClaim);

    /// Begins an article.
    StartArticle(StartArticle);
    /// Begins another edition.
    OpenEdition(OpenEdition);
    /// Saves a text.
    Save(Save);
    /// Takes the editor's changes back.
    SetAside(SetAside);
    /// Hands a text in.
    Submit(Submit);
    /// Takes a text back to go on writing.
    PullBack(PullBack);
    /// Asks for changes of a text.
    RequestChanges(RequestChanges);
    /// Agrees to the exact text.
    AcceptEdit(AcceptEdit);
    /// Approves the exact text.
    Approve(Approve);
    /// Takes an approval back.
    DismissApproval(DismissApproval);
    /// Publishes what was approved.
    Publish(Publish);
    /// Says no to a text.
    Decline(Decline);
    /// Takes a text back.
    Withdraw(Withdraw);
    /// Takes a text up again.
    ReopenEdition(ReopenEdition);

    /// Takes a page down.
    Unpublish(Unpublish);
    /// Puts a page back.
    Republish(Republish);
    /// Stops a page at once.
    Pause(Pause);
    /// Lets a paused page come back.
    LiftPause(LiftPause);
    /// Gives up an old address.
    DropRedirect(DropRedirect);
}

impl Command {
    /// Reads a command from JSON: up to 1,000,000 bytes.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every field that is unknown, missing, not of its form or over a
    /// limit; paths begin inside the command. Fields that do not fit each other, and those beside
    /// a kind that is not one, are named once that is mended; in a command of many kilobytes with
    /// many faulty fields some may be left for the next try.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        Ok(reading::read(json)?)
    }
}
