//! The commands of the tables in the words of the library.

use cmss::{
    AddressFallback, AdmitReporter, Command, Covers, CreateByline, Declarations, GiveConsent,
    LookUpByline, Medium, NewArticle, NewPerson, OpenEdition, PageRef, PastWorks, Propose,
    PutPerson, RestReporter, ReviseAssignment, Save, StartArticle, Submit, Ties, Unpublish,
    WithdrawConsent,
};

use crate::cast::{ACCOUNTS, LEGAL, NOTES};
use crate::newsroom::{self, After, Ask, EVENT, OfEdition, OfPage, OfTask, Past};
use crate::world::{World, id, shown};

impl World {
    /// The command in the words of the library.
    pub(crate) fn command(&self, ask: &Ask) -> Command {
        let reason = |blank: bool| if blank { " " } else { "Så här tänkte vi." }.to_owned();
        match ask {
            Ask::Propose {
                revises: None,
                offer,
            } => Command::Propose(Propose {
                offer: self.offer(offer),
            }),
            Ask::Propose {
                revises: Some(row),
                offer,
            } => {
                let assignment = id(&self.tasks, *row, "assignment");
                let offer = self.offer(offer);
                Command::ReviseAssignment(ReviseAssignment { assignment, offer })
            }
            Ask::Task { task, event, blank } => {
                let assignment = id(&self.tasks, *task, "assignment");
                let reason = reason(*blank);
                match event {
                    OfTask::Return => {
                        Command::ReturnAssignment(cmss::ReturnAssignment { assignment, reason })
                    }
                    OfTask::Open => Command::OpenAssignment(cmss::OpenAssignment { assignment }),
                    OfTask::Close => Command::CloseAssignment(cmss::CloseAssignment { assignment }),
                    OfTask::Reopen => {
                        Command::ReopenAssignment(cmss::ReopenAssignment { assignment })
                    }
                    OfTask::Complete => {
                        Command::CompleteAssignment(cmss::CompleteAssignment { assignment })
                    }
                    OfTask::Cancel => {
                        Command::CancelAssignment(cmss::CancelAssignment { assignment, reason })
                    }
                }
            }
            Ask::Claim { task } => Command::ClaimAssignment(cmss::ClaimAssignment {
                assignment: id(&self.tasks, *task, "assignment"),
            }),
            Ask::Release { claim } => Command::ReleaseClaim(cmss::ReleaseClaim {
                claim: id(&self.claims, *claim, "claim"),
            }),
            Ask::Admit { person } => Command::AdmitReporter(AdmitReporter {
                person: self.person(*person),
                media: vec![Medium::Text],
            }),
            Ask::Rest { person } => Command::RestReporter(RestReporter {
                person: self.person(*person),
            }),
            Ask::CreateByline { person, name } => Command::CreateByline(CreateByline {
                person: self.person(*person),
                name: shown(*name),
            }),
            Ask::ChangeByline { byline, name, past } => Command::ChangeByline(cmss::ChangeByline {
                byline: id(&self.bylines, *byline, "byline"),
                name: shown(*name),
                past_works: match past {
                    Past::Unnamed => PastWorks::Unnamed,
                    Past::Renamed { told } => PastWorks::Renamed { told: *told },
                },
            }),
            Ask::GiveConsent { subject, covers } => Command::GiveConsent(GiveConsent {
                subject: self.person(*subject),
                covers: match *covers {
                    newsroom::Covers::Quotes(row) => {
                        Covers::Quotes(id(&self.articles, row, "article"))
                    }
                    newsroom::Covers::Image(row) => Covers::Image(self.image(row)),
                },
                informed: "Version 3".to_owned(),
                evidence: None,
            }),
            Ask::WithdrawConsent { consent } => Command::WithdrawConsent(WithdrawConsent {
                consent: id(&self.consents, *consent, "consent"),
            }),
            Ask::Start { task, with, text } => Command::StartArticle(StartArticle {
                article: NewArticle {
                    assignment: task.map(|row| id(&self.tasks, row, "assignment")),
                    co_authors: with.iter().map(|person| self.person(*person)).collect(),
                    text: self.text(text),
                },
            }),
            Ask::OpenEdition { variant } => Command::OpenEdition(OpenEdition {
                variant: self.variant(*variant),
            }),
            Ask::Save {
                edition,
                parent,
                text,
            } => Command::Save(Save {
                edition: self.edition(*edition),
                parent: self.revision(*parent),
                text: self.text(text),
            }),
            Ask::Submit {
                edition,
                head,
                declared,
                ties,
            } => Command::Submit(Submit {
                edition: self.edition(*edition),
                head: self.revision(*head),
                declarations: Declarations {
                    no_client_information: *declared,
                    ties: Ties::Nothing(*ties),
                },
            }),
            Ask::Accept { edition, head } => Command::AcceptEdit(cmss::AcceptEdit {
                edition: self.edition(*edition),
                head: self.revision(*head),
            }),
            Ask::Approve { edition, head } => Command::Approve(cmss::Approve {
                edition: self.edition(*edition),
                head: self.revision(*head),
            }),
            Ask::Publish {
                edition,
                head,
                slug,
            } => Command::Publish(cmss::Publish {
                edition: self.edition(*edition),
                head: self.revision(*head),
                slug: slug.map(str::to_owned),
            }),
            Ask::Edition {
                edition,
                event,
                blank,
            } => {
                let (edition, said) = (self.edition(*edition), reason(*blank));
                match event {
                    OfEdition::SetAside => Command::SetAside(cmss::SetAside { edition }),
                    OfEdition::PullBack => Command::PullBack(cmss::PullBack { edition }),
                    OfEdition::RequestChanges => Command::RequestChanges(cmss::RequestChanges {
                        edition,
                        comment: said,
                    }),
                    OfEdition::Dismiss => Command::DismissApproval(cmss::DismissApproval {
                        edition,
                        reason: said,
                        on_request_of: None,
                    }),
                    OfEdition::Decline => Command::Decline(cmss::Decline {
                        edition,
                        reason: said,
                        on_request_of: None,
                    }),
                    OfEdition::Withdraw => Command::Withdraw(cmss::Withdraw { edition }),
                    OfEdition::Reopen => Command::ReopenEdition(cmss::ReopenEdition { edition }),
                }
            }
            Ask::Unpublish {
                variant,
                after,
                blank,
            } => Command::Unpublish(Unpublish {
                variant: self.variant(*variant),
                reason: reason(*blank),
                afterwards: match after {
                    After::NotThere => AddressFallback::NotThere,
                    After::Gone(notice) => AddressFallback::Gone((*notice).to_owned()),
                    After::Elsewhere(row) => AddressFallback::Redirect(self.variant(*row).into()),
                    After::AtTheEvent => AddressFallback::Redirect(self.event(EVENT).into()),
                },
                on_request_of: None,
            }),
            Ask::Page { variant, event } => {
                let variant = self.variant(*variant);
                match event {
                    OfPage::Republish => Command::Republish(cmss::Republish { variant }),
                    OfPage::Pause => Command::Pause(cmss::Pause { variant }),
                    OfPage::LiftPause => Command::LiftPause(cmss::LiftPause { variant }),
                }
            }
            Ask::DropRedirect { variant, slug } => Command::DropRedirect(cmss::DropRedirect {
                page: PageRef::Article(self.variant(*variant)),
                slug: slug.clone(),
            }),
            Ask::PutPerson { changes, written } => Command::PutPerson(PutPerson {
                id: changes.map(|row| self.person(row)),
                person: NewPerson {
                    account: written.account.map(|key| ACCOUNTS[key].to_owned()).into(),
                    note: written.note.map(|note| NOTES[note].to_owned()).into(),
                    ..NewPerson::named(LEGAL[written.name])
                },
            }),
            Ask::LookUp { byline } => Command::LookUpByline(LookUpByline {
                byline: id(&self.bylines, *byline, "byline"),
            }),
            Ask::Put { .. }
            | Ask::Record { .. }
            | Ask::Plan { .. }
            | Ask::ChangePlan { .. }
            | Ask::Occasion { .. } => self.record_command(ask),
        }
    }
}
