//! Every command there is, as data: what an HTTP layer, a command line and a test generator
//! speak in.

use serde::{Deserialize, Serialize};

use crate::desk::Desk;
use crate::ids::{AssetId, EventId, OrganisationId, ProjectId, TermId};
use crate::kernel::Error;
use crate::record::{Asset, Event, Organisation, Project, PutRecord, Term};
use crate::values::{Fault, FaultCode, Invalid};

/// The most bytes of a command as JSON.
const JSON_BYTES: usize = 1_000_000;

/// Declares [`Command`]: each case with the way it is carried out.
macro_rules! commands {
    ($($(#[$doc:meta])* $case:ident($args:ty) => |$desk:ident, $command:ident| $run:expr;)*) => {
        /// A command. As JSON: `{"claim_assignment": {"assignment": "assignment:…"}}`.
        ///
        /// Fields that a command does not know are refused.
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
                    $(Command::$case($command) => {
                        let $desk = self;
                        value(&$run.await?)
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

/// A command that is its own verb.
macro_rules! run {
    ($desk:ident, $command:ident) => {
        $desk.run($command.clone())
    };
}

commands! {
    /// Writes down a person.
    PutPerson(crate::PutPerson) => |desk, c| run!(desk, c);
    /// Takes a reporter on.
    AdmitReporter(crate::AdmitReporter) => |desk, c| run!(desk, c);
    /// Lets a reporter rest.
    RestReporter(crate::RestReporter) => |desk, c| run!(desk, c);
    /// Creates a byline.
    CreateByline(crate::CreateByline) => |desk, c| run!(desk, c);
    /// Changes a byline.
    ChangeByline(crate::ChangeByline) => |desk, c| run!(desk, c);
    /// Writes down a consent.
    GiveConsent(crate::GiveConsent) => |desk, c| run!(desk, c);
    /// Takes a consent back.
    WithdrawConsent(crate::WithdrawConsent) => |desk, c| run!(desk, c);

    /// Creates or changes an organisation.
    PutOrganisation(PutRecord<Organisation, OrganisationId>) => |desk, c| run!(desk, c);
    /// Creates or changes a term.
    PutTerm(PutRecord<Term, TermId>) => |desk, c| run!(desk, c);
    /// Creates or changes an image.
    PutAsset(PutRecord<Asset, AssetId>) => |desk, c| run!(desk, c);
    /// Creates or changes a project.
    PutProject(PutRecord<Project, ProjectId>) => |desk, c| run!(desk, c);
    /// Creates or changes an event.
    PutEvent(PutRecord<Event, EventId>) => |desk, c| run!(desk, c);
    /// Makes a record public.
    PublishRecord(crate::PublishRecord) => |desk, c| desk.publish_record(c.record);
    /// Takes a record off the site.
    HideRecord(crate::HideRecord) => |desk, c| desk.hide_record(c.record);
    /// Puts a record aside.
    ArchiveRecord(crate::ArchiveRecord) => |desk, c| desk.archive_record(c.record);

    /// Plans an occasion of an event.
    PlanOccasion(crate::PlanOccasion) => |desk, c| run!(desk, c);
    /// Changes the plan of an occasion.
    ChangeOccasion(crate::ChangeOccasion) => |desk, c| run!(desk, c);
    /// Confirms a tentative occasion.
    ConfirmOccasion(crate::ConfirmOccasion) => |desk, c| run!(desk, c);
    /// Notes that an occasion took place.
    CompleteOccasion(crate::CompleteOccasion) => |desk, c| run!(desk, c);
    /// Calls an occasion off.
    CancelOccasion(crate::CancelOccasion) => |desk, c| run!(desk, c);

    /// Offers an assignment.
    Propose(crate::Propose) => |desk, c| run!(desk, c);
    /// Changes an offer.
    ReviseAssignment(crate::ReviseAssignment) => |desk, c| run!(desk, c);
    /// Asks for a change of an offer.
    ReturnAssignment(crate::ReturnAssignment) => |desk, c| run!(desk, c);
    /// Opens an assignment to reporters.
    OpenAssignment(crate::OpenAssignment) => |desk, c| run!(desk, c);
    /// Takes no more claims.
    CloseAssignment(crate::CloseAssignment) => |desk, c| run!(desk, c);
    /// Takes claims again.
    ReopenAssignment(crate::ReopenAssignment) => |desk, c| run!(desk, c);
    /// Ends an assignment.
    CompleteAssignment(crate::CompleteAssignment) => |desk, c| run!(desk, c);
    /// Calls an assignment off.
    CancelAssignment(crate::CancelAssignment) => |desk, c| run!(desk, c);
    /// Takes an assignment on.
    ClaimAssignment(crate::ClaimAssignment) => |desk, c| run!(desk, c);
    /// Gives a claim back.
    ReleaseClaim(crate::ReleaseClaim) => |desk, c| run!(desk, c);

    /// Begins an article.
    StartArticle(crate::StartArticle) => |desk, c| run!(desk, c);
    /// Begins another edition.
    OpenEdition(crate::OpenEdition) => |desk, c| run!(desk, c);
    /// Saves a text.
    Save(crate::Save) => |desk, c| run!(desk, c);
    /// Takes the editor's changes back.
    SetAside(crate::SetAside) => |desk, c| run!(desk, c);
    /// Hands a text in.
    Submit(crate::Submit) => |desk, c| run!(desk, c);
    /// Takes a text back to go on writing.
    PullBack(crate::PullBack) => |desk, c| run!(desk, c);
    /// Asks for changes of a text.
    RequestChanges(crate::RequestChanges) => |desk, c| run!(desk, c);
    /// Agrees to the exact text.
    AcceptEdit(crate::AcceptEdit) => |desk, c| run!(desk, c);
    /// Approves the exact text.
    Approve(crate::Approve) => |desk, c| run!(desk, c);
    /// Takes an approval back.
    DismissApproval(crate::DismissApproval) => |desk, c| run!(desk, c);
    /// Publishes what was approved.
    Publish(crate::Publish) => |desk, c| run!(desk, c);
    /// Says no to a text.
    Decline(crate::Decline) => |desk, c| run!(desk, c);
    /// Takes a text back.
    Withdraw(crate::Withdraw) => |desk, c| run!(desk, c);
    /// Takes a text up again.
    ReopenEdition(crate::ReopenEdition) => |desk, c| run!(desk, c);

    /// Takes a page down.
    Unpublish(crate::Unpublish) => |desk, c| run!(desk, c);
    /// Puts a page back.
    Republish(crate::Republish) => |desk, c| run!(desk, c);
    /// Stops a page at once.
    Pause(crate::Pause) => |desk, c| run!(desk, c);
    /// Lets a paused page come back.
    LiftPause(crate::LiftPause) => |desk, c| run!(desk, c);
    /// Gives up an old address.
    DropRedirect(crate::DropRedirect) => |desk, c| run!(desk, c);
}

impl Command {
    /// Reads a command from JSON: up to 1,000,000 bytes.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the path of the field that is not of its form, or is unknown.
    /// Every further field is judged when the command is carried out.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let fault = |path: String, code, limit, given| {
            Error::Invalid(Invalid {
                faults: vec![Fault {
                    path,
                    code,
                    limit,
                    given,
                }],
            })
        };
        if json.len() > JSON_BYTES {
            let (limit, given) = (Some(JSON_BYTES as u64), Some(json.len() as u64));
            return Err(fault(String::new(), FaultCode::TooLong, limit, given));
        }
        let mut json = serde_json::Deserializer::from_slice(json);
        let command = serde_path_to_error::deserialize(&mut json)
            .map_err(|error| fault(error.path().to_string(), FaultCode::Malformed, None, None))?;
        json.end()
            .map_err(|_| fault(String::new(), FaultCode::Malformed, None, None))?;
        Ok(command)
    }
}
