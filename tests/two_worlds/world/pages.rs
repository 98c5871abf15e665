//! Pages, from their beginning to the site and down again.

use cmss::values::{Block, BlockContent, Quote, Span, Speaker};
use cmss::{
    Actor, AddressFallback, ArticleText, AssignmentId, BylineForm, BylineName, Covers, CreditRole,
    Error, GiveConsent, NewArticle, OpenedEdition, PageRef, PastWorks,
};

use super::{Page, World, credit, declared, offer, text, turn};

impl World {
    /// A text with what else a page may show.
    pub(super) fn with(
        &self,
        mut page: ArticleText,
        photo: usize,
        links: bool,
        image: bool,
    ) -> ArticleText {
        let photo = self.bylines.get(photo);
        page.credits
            .extend(photo.map(|id| credit(CreditRole::Photo, *id)));
        if links {
            page.topics = vec![self.topic];
            page.projects = vec![self.project];
            page.events = vec![self.event];
        }
        if image {
            page.body.0.push(Block {
                id: "i1".parse().unwrap(),
                content: BlockContent::Image { asset: self.image },
            });
        }
        page
    }

    /// A text from its beginning to the site, over as many drafts as this world has.
    pub(super) async fn publish(
        &mut self,
        mut written: ArticleText,
        byline: usize,
        quote: bool,
    ) -> Result<(), Error> {
        let (author, editor) = (self.owner(byline), self.editor());
        let assignment = self.assignment_of(&author).await;
        let first = text("Ett utkast", self.word(), self.bylines[byline]);
        let article = NewArticle {
            assignment,
            co_authors: Vec::new(),
            text: first,
        };
        let begun = self.desk(&author, "begin").start_article(&article).await?;
        let edition = begun.edition;
        let mut consent = None;
        if quote {
            let given = GiveConsent {
                subject: self.subject(),
                covers: Covers::Quotes(begun.article),
                informed: self.word().to_owned(),
                evidence: Some(self.word().to_owned()),
            };
            let given = self.desk(&author, "consent").give_consent(&given).await?;
            consent = Some(given);
            written.body.0.push(Block {
                id: "q1".parse().unwrap(),
                content: BlockContent::Quote(Quote {
                    spans: vec![Span::from("Nu hinner jag hit.")],
                    speaker: Speaker::Identifiable {
                        name: "Tor Tyst".to_owned(),
                        consent: given,
                    },
                }),
            });
        }
        let (saves, sent_back) = turn(&self.private.rounds, self.step);
        let mut head = begun.head;
        let free = self.cms.desk(author.clone());
        for save in 0..saves {
            let draft = text(&format!("{} {save}", self.word()), "", self.bylines[byline]);
            head = free.save(edition, head, &draft).await?;
        }
        if sent_back {
            let said = declared(self.word());
            free.submit(edition, head, &said).await?;
            let vera = self.cms.desk(editor.clone());
            vera.request_changes(edition, self.word()).await?;
        }
        let head = self
            .desk(&author, "final")
            .save(edition, head, &written)
            .await?;
        let said = declared(self.word());
        self.desk(&author, "submit")
            .submit(edition, head, &said)
            .await?;
        self.desk(&editor, "approve").approve(edition, head).await?;
        self.now();
        self.desk(&editor, "publish")
            .publish(edition, head, None)
            .await?;
        self.pages.push(Page {
            variant: begun.variant,
            author,
            text: written,
            consent,
        });
        Ok(())
    }

    /// An assignment that the author has claimed, in a world that has one.
    pub(super) async fn assignment_of(&self, author: &Actor) -> Option<AssignmentId> {
        if !self.private.assigned {
            return None;
        }
        let vera = self.cms.desk(self.editor());
        let task = vera.propose(&offer(self.word())).await.unwrap();
        vera.open_assignment(task).await.unwrap();
        self.cms.desk(author.clone()).claim(task).await.unwrap();
        Some(task)
    }

    pub(super) async fn update(
        &mut self,
        which: usize,
        address: Option<usize>,
        headline: usize,
    ) -> Result<(), Error> {
        let Some(page) = self.page(which) else {
            return Ok(());
        };
        let (author, editor) = (page.author.clone(), self.editor());
        let opened = self
            .desk(&author, "open")
            .open_edition(page.variant)
            .await?;
        let OpenedEdition { edition, mut head } = opened;
        let mut written = page.text.clone();
        let (saves, _) = turn(&self.private.rounds, self.step);
        for save in 0..saves {
            written.headline = format!("{} {save}", self.word());
            let free = self.cms.desk(author.clone());
            head = free.save(edition, head, &written).await?;
        }
        written.headline = format!("Rubrik {headline}");
        written.lead = format!("Uppdaterad, steg {}.", self.step);
        let head = self
            .desk(&author, "final")
            .save(edition, head, &written)
            .await?;
        let said = declared(self.word());
        let told = self
            .desk(&author, "submit")
            .submit(edition, head, &said)
            .await;
        let done = match told {
            Ok(()) => self.go_live(&editor, edition, head, address).await,
            refused => refused,
        };
        if done.is_err() {
            // What a gate stops is put away, so that later steps find the page as it was.
            self.cms.desk(author).withdraw(edition).await.unwrap();
        }
        done
    }

    pub(super) async fn go_live(
        &self,
        editor: &Actor,
        edition: cmss::EditionId,
        head: cmss::RevisionId,
        address: Option<usize>,
    ) -> Result<(), Error> {
        self.desk(editor, "approve").approve(edition, head).await?;
        self.now();
        let slug = address.map(|number| format!("ny-adress-{number}"));
        let desk = self.desk(editor, "publish");
        desk.publish(edition, head, slug.as_deref()).await
    }

    pub(super) async fn unpublish(&mut self, which: usize, how: usize) -> Result<(), Error> {
        let Some(page) = self.page(which) else {
            return Ok(());
        };
        let afterwards = match how {
            0 => AddressFallback::Gone("Sidan togs bort.".to_owned()),
            1 => AddressFallback::Redirect(PageRef::Project(self.project)),
            2 => AddressFallback::Redirect(PageRef::Article(self.pages[0].variant)),
            _ => AddressFallback::NotThere,
        };
        self.now();
        let desk = self.desk(&self.editor(), "unpublish");
        desk.unpublish(page.variant, self.word(), afterwards).await
    }

    pub(super) async fn change_byline(
        &mut self,
        byline: usize,
        renamed: bool,
        name: usize,
    ) -> Result<(), Error> {
        let past_works = if renamed {
            PastWorks::Renamed { told: true }
        } else {
            PastWorks::Unnamed
        };
        let name = BylineName {
            form: BylineForm::PenName,
            name: Some(format!("Namn {name}")),
        };
        self.now();
        let desk = self.desk(&self.owner(byline), "change a name");
        let serves = desk.change_byline(self.bylines[byline], &name, past_works);
        self.bylines[byline] = serves.await?;
        Ok(())
    }
}
