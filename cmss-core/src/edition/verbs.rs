//! The desk's verbs on editions.

use super::commands::{
    AcceptEdit, Approve, Decline, DismissApproval, NewArticle, OpenEdition, Publish, PullBack,
    ReopenEdition, RequestChanges, Save, SetAside, StartArticle, Submit, Withdraw,
};
use super::{Declarations, OpenedEdition, StartedArticle};
use crate::desk::{Desk, Reason};
use crate::ids::{EditionId, RevisionId, VariantId};
use crate::kernel::Error;
use crate::values::ArticleText;

impl Desk {
    /// Begins an article.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::NotFound`] for anything the text refers to that is not there;
    /// [`Error::Refused`] unless it is a reporter's or an editor's, who holds a claim on the
    /// assignment where one is named.
    pub async fn start_article(&self, article: &NewArticle) -> Result<StartedArticle, Error> {
        self.run(StartArticle {
            article: article.clone(),
        })
        .await
    }

    /// Begins another edition of a variant that is or was public, with its text to begin from.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is an author's or an editor's, and no other is open.
    pub async fn open_edition(&self, variant: VariantId) -> Result<OpenedEdition, Error> {
        self.run(OpenEdition { variant }).await
    }

    /// Saves a text; answers the head. A text that is the same as the head changes nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::Conflict`] with base, theirs and mine when `parent` is no
    /// longer the head; [`Error::Refused`] unless it is an author's, who writes, or an editor's
    /// while it is handed in.
    pub async fn save(
        &self,
        edition: EditionId,
        parent: RevisionId,
        text: &ArticleText,
    ) -> Result<RevisionId, Error> {
        self.run(Save {
            edition,
            parent,
            text: text.clone(),
        })
        .await
    }

    /// Takes the editor's changes back: the head is the author's last text again.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is an editor's, the text handed in, and the head an editor's.
    pub async fn set_aside(&self, edition: EditionId) -> Result<RevisionId, Error> {
        self.run(SetAside { edition }).await
    }

    /// Hands a text in.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::Conflict`] when `head` is no longer the head;
    /// [`Error::Refused`] with every gate the text does not pass.
    pub async fn submit(
        &self,
        edition: EditionId,
        head: RevisionId,
        declarations: &Declarations,
    ) -> Result<(), Error> {
        self.run(Submit {
            edition,
            head,
            declarations: declarations.clone(),
        })
        .await
    }

    /// Takes a text back that was handed in, to go on writing.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is an author's, and handed in.
    pub async fn pull_back(&self, edition: EditionId) -> Result<(), Error> {
        self.run(PullBack { edition }).await
    }

    /// Asks the author for changes.
    ///
    /// # Errors
    /// [`Error::Invalid`] without a comment; [`Error::Refused`] unless it is an editor's, and
    /// the text handed in.
    pub async fn request_changes(&self, edition: EditionId, comment: &str) -> Result<(), Error> {
        self.run(RequestChanges {
            edition,
            comment: comment.to_owned(),
        })
        .await
    }

    /// Agrees to the exact text.
    ///
    /// # Errors
    /// [`Error::Conflict`] when `head` is no longer the head; [`Error::Refused`] unless it is an
    /// author's (of a text by editors alone: an editor's, mentor's or admin's), and the text
    /// handed in or approved.
    pub async fn accept_edit(&self, edition: EditionId, head: RevisionId) -> Result<(), Error> {
        self.run(AcceptEdit { edition, head }).await
    }

    /// Approves the exact text.
    ///
    /// # Errors
    /// [`Error::Conflict`] when `head` is no longer the head; [`Error::Refused`] unless it is an
    /// editor's, every author and a second person stand behind the exact text, and it passes the
    /// gates.
    pub async fn approve(&self, edition: EditionId, head: RevisionId) -> Result<(), Error> {
        self.run(Approve { edition, head }).await
    }

    /// Takes an approval back.
    ///
    /// # Errors
    /// [`Error::Invalid`] without a reason; [`Error::Refused`] unless it is an editor's, and the
    /// text approved.
    pub async fn dismiss_approval(
        &self,
        edition: EditionId,
        reason: impl Into<Reason>,
    ) -> Result<(), Error> {
        let Reason {
            text: reason,
            on_request_of,
        } = reason.into();
        self.run(DismissApproval {
            edition,
            reason,
            on_request_of,
        })
        .await
    }

    /// Publishes the exact text that was approved, at the address wanted, the one it has, or one
    /// made of the headline.
    ///
    /// # Errors
    /// [`Error::Conflict`] when `head` is no longer the head; [`Error::Refused`] unless it is an
    /// editor's, the text approved, every hard guard holds now, and there is a free address.
    pub async fn publish(
        &self,
        edition: EditionId,
        head: RevisionId,
        slug: Option<&str>,
    ) -> Result<(), Error> {
        self.run(Publish {
            edition,
            head,
            slug: slug.map(str::to_owned),
        })
        .await
    }

    /// Says no to a text.
    ///
    /// # Errors
    /// [`Error::Invalid`] without a reason; [`Error::Refused`] unless it is an editor's, and the
    /// text not approved.
    pub async fn decline(
        &self,
        edition: EditionId,
        reason: impl Into<Reason>,
    ) -> Result<(), Error> {
        let Reason {
            text: reason,
            on_request_of,
        } = reason.into();
        self.run(Decline {
            edition,
            reason,
            on_request_of,
        })
        .await
    }

    /// Takes a text back, at any time before it is published. Nobody can stop its author.
    ///
    /// # Errors
    /// [`Error::Refused`] unless it is an author's, and not published.
    pub async fn withdraw(&self, edition: EditionId) -> Result<(), Error> {
        self.run(Withdraw { edition }).await
    }

    /// Takes up again a text that was withdrawn, by its author, or declined, by the editor.
    ///
    /// # Errors
    /// [`Error::Refused`] unless no other edition is open, and what it began from is still what
    /// was last public.
    pub async fn reopen_edition(&self, edition: EditionId) -> Result<(), Error> {
        self.run(ReopenEdition { edition }).await
    }
}
