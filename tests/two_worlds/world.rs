//! A newsroom that carries out a plan, with private things of its own.

use std::sync::Arc;

use cmss::chrono::{DateTime, TimeDelta, Utc};
use cmss::store::CommitId;
use cmss::values::{Block, BlockContent, Body, Lang, Locale, Money, Quote, Span, Speaker, When};
use cmss::{
    Actor, Afterwards, Alt, ArticleText, Asset, AssetId, AssignmentId, AssignmentKind, BylineForm,
    BylineId, BylineName, Certainty, Cms, ConsentId, ContactPoint, CostLine, Covers, Credit,
    CreditRole, CreditedTo, Declarations, Depiction, Desk, Error, Event, EventId, EventKind,
    GiveConsent, Guard, Medium, MemoryStore, NewArticle, NewNewsroom, NewPerson, OccasionId,
    OccasionPlan, Offer, Organisation, OrganisationId, OrganisationKind, PageRef, PastWorks,
    PersonId, PhotoCredit, ProgrammeState, Project, ProjectId, SeededIds, SetClock, Term, TermId,
    Ties, VariantId, Vocabulary,
};

use crate::plan::{Private, REPORTERS, Step};

/// A page that was published.
#[derive(Clone)]
pub(crate) struct Page {
    pub(crate) variant: VariantId,
    pub(crate) author: Actor,
    pub(crate) text: ArticleText,
    consent: Option<ConsentId>,
}

/// The newsroom, and what the plan knows of it.
pub(crate) struct World {
    pub(crate) cms: Cms,
    pub(crate) private: Private,
    /// How much was said that is private.
    pub(crate) said: usize,
    clock: Arc<SetClock>,
    editors: [PersonId; 2],
    pub(crate) reporters: Vec<PersonId>,
    pub(crate) bylines: Vec<BylineId>,
    pub(crate) library: OrganisationId,
    pub(crate) topic: TermId,
    category: TermId,
    stage: TermId,
    pub(crate) image: AssetId,
    image_consent: Option<ConsentId>,
    pub(crate) project: ProjectId,
    pub(crate) event: EventId,
    occasions: Vec<OccasionId>,
    pages: Vec<Page>,
    step: usize,
}

/// So many hours after the beginning.
pub(crate) fn hour(hours: i64) -> DateTime<Utc> {
    let start: DateTime<Utc> = "2026-03-02T08:00:00Z".parse().unwrap();
    start + TimeDelta::hours(hours)
}

fn swedish() -> Lang {
    Locale::Sv.into()
}

/// An item of a list that is as long as it has to be.
fn turn<T: Copy>(items: &[T], number: usize) -> T {
    items[number % items.len()]
}

/// A text of these words.
pub(crate) fn text(headline: &str, lead: &str, byline: BylineId) -> ArticleText {
    ArticleText {
        headline: headline.to_owned(),
        lead: lead.to_owned(),
        language: swedish(),
        body: Body::from_plain_text("Ett stycke."),
        credits: vec![credit(CreditRole::Text, byline)],
        topics: Vec::new(),
        projects: Vec::new(),
        events: Vec::new(),
    }
}

fn credit(role: CreditRole, byline: BylineId) -> Credit {
    Credit {
        role,
        by: CreditedTo::Byline(byline),
    }
}

/// What an author declares, in words of their own.
pub(crate) fn declared(word: &str) -> Declarations {
    Declarations {
        no_client_information: true,
        ties: Ties::Declared(word.to_owned()),
    }
}

/// An assignment of the newsroom's own.
pub(crate) fn offer(word: &str) -> Offer {
    Offer {
        unit: None,
        kind: AssignmentKind::Interview,
        title: word.to_owned(),
        description: word.to_owned(),
        place: None,
        access: None,
        places: 3,
        claim_by: None,
        deliver_by: None,
        expected_minutes: None,
        event: None,
        project: None,
    }
}

impl World {
    pub(crate) async fn founded(private: &Private) -> Self {
        let clock = Arc::new(SetClock::at(hour(0)));
        let newsroom = NewNewsroom {
            name: "Öppen stad".to_owned(),
            zone: cmss::chrono_tz::Europe::Stockholm,
            language: swedish(),
        };
        let word = &private.word;
        // The secret that public ids follow from is the same in both worlds.
        let (cms, ada) = Cms::builder(MemoryStore::new())
            .clock(clock.clone())
            .ids(Arc::new(SeededIds::new("two worlds")))
            .found(&newsroom, &NewPerson::named(word.as_str()))
            .await
            .unwrap();
        let setting = |actor: &Actor, name: &str| {
            let key = CommitId::named(&format!("setting: {name}"));
            cms.desk(actor.clone()).once(key)
        };
        let admin = Actor::new(ada).admin();
        let mut people = Vec::new();
        for number in 0..2 + REPORTERS {
            let desk = setting(&admin, &format!("person {number}"));
            let person = NewPerson {
                email: Some(format!("nr{number}@{}.example.org", word.len())).into(),
                note: Some(word.clone()).into(),
                ..NewPerson::named(format!("{word} {number}"))
            };
            people.push(desk.put_person(None, &person).await.unwrap());
        }
        let reporters = people.split_off(2);
        let editor = Actor::new(people[0]).editor();
        for (number, reporter) in reporters.iter().enumerate() {
            let desk = setting(&editor, &format!("reporter {number}"));
            desk.admit_reporter(*reporter, &[Medium::Text])
                .await
                .unwrap();
        }
        use BylineForm::{FirstName, FullName, PenName, Unnamed};
        let mut bylines = Vec::new();
        for (number, (form, name)) in [
            (PenName, Some("Måsen")),
            (PenName, Some("Tärnan")),
            (FirstName, Some("Liv")),
            (FullName, Some("Sol Sundin")),
            (Unnamed, None),
            (Unnamed, None),
        ]
        .into_iter()
        .enumerate()
        {
            let name = BylineName {
                form,
                name: name.map(str::to_owned),
            };
            let desk = setting(&editor, &format!("byline {number}"));
            let owner = reporters[private.owners[number]];
            bylines.push(desk.create_byline(owner, &name).await.unwrap());
        }
        let library = Organisation {
            name: "Biblioteket".to_owned(),
            kind: OrganisationKind::Unit,
            parent: None,
            url: None,
        };
        let desk = setting(&editor, "library");
        let library = desk.put_organisation(None, &library).await.unwrap();
        let desk = setting(&editor, "publish library");
        desk.publish_record(library).await.unwrap();
        let category = term(Vocabulary::Category, "demokrati", "Demokrati");
        let desk = setting(&editor, "category");
        let category = desk.put_term(None, &category).await.unwrap();
        let desk = setting(&editor, "publish category");
        desk.publish_record(category).await.unwrap();
        let stage = setting(&editor, "no command");
        let stage = stage
            .find_term(Vocabulary::Stage, "pilot")
            .await
            .unwrap()
            .unwrap();
        let topic = term(Vocabulary::Topic, "bostad", word);
        let topic = setting(&editor, "topic")
            .put_term(None, &topic)
            .await
            .unwrap();
        let project = Project::titled(word.as_str(), swedish());
        let desk = setting(&editor, "project");
        let project = desk.put_project(None, &project).await.unwrap();
        let desk = setting(&editor, "event");
        let event = desk.put_event(None, &event(word)).await.unwrap();
        let desk = setting(&editor, "image");
        let image = desk.put_asset(None, &image(word)).await.unwrap();
        let mut world = Self {
            cms: cms.clone(),
            private: private.clone(),
            said: 0,
            clock,
            editors: [people[0], people[1]],
            reporters,
            bylines,
            library,
            topic,
            category,
            stage,
            image,
            image_consent: None,
            project,
            event,
            occasions: Vec::new(),
            pages: Vec::new(),
            step: 0,
        };
        let consent = world.consent(image, word);
        let consent = setting(&editor, "consent")
            .give_consent(&consent)
            .await
            .unwrap();
        world.image_consent = Some(consent);
        world
    }

    /// The editor whose turn it is: another in each world.
    pub(crate) fn editor(&self) -> Actor {
        let second = turn(&self.private.editors, self.step);
        Actor::new(self.editors[usize::from(second)]).editor()
    }

    pub(crate) fn reporter(&self, number: usize) -> Actor {
        Actor::new(self.reporters[number]).reporter()
    }

    /// Whoever is behind a byline.
    pub(crate) fn owner(&self, byline: usize) -> Actor {
        self.reporter(self.private.owners[byline])
    }

    /// One of the pages there are or were.
    pub(crate) fn page(&self, which: usize) -> Option<Page> {
        let count = self.pages.len().max(1);
        self.pages.get(which % count).cloned()
    }

    /// A desk for a command that the public may see the outcome of: with the same key in each
    /// world.
    fn desk(&self, actor: &Actor, name: &str) -> Desk {
        let key = CommitId::named(&format!("step {}: {name}", self.step));
        self.cms.desk(actor.clone()).once(key)
    }

    fn word(&self) -> &str {
        &self.private.word
    }

    /// The last private things, after the last step.
    pub(crate) async fn rest(&mut self) {
        self.step += 1;
        self.between().await;
    }

    /// What goes on before a step, in the hour before it.
    async fn between(&mut self) {
        let minute = turn(&self.private.minutes, self.step);
        let before = hour(self.step as i64 - 1) + TimeDelta::minutes(minute);
        self.clock.set(before);
        let noise = self.private.noise[self.step % self.private.noise.len()].clone();
        for one in &noise {
            self.hear(one).await;
        }
    }

    /// Takes a step of the plan; answers what became of it.
    pub(crate) async fn take(&mut self, number: usize, step: &Step) -> String {
        self.step = number;
        self.between().await;
        match self.try_to(step).await {
            Ok(()) => "done".to_owned(),
            Err(Error::Refused(refusal)) => {
                let guards: Vec<_> = refusal.guards.iter().map(Guard::code).collect();
                format!("{}: {}", refusal.command, guards.join(", "))
            }
            Err(error) => panic!("{step:?}: {error}"),
        }
    }

    /// The public sees what follows at this time, which is the same in each world.
    fn now(&self) {
        self.clock.set(hour(self.step as i64));
    }

    async fn try_to(&mut self, step: &Step) -> Result<(), Error> {
        match step {
            Step::Publish {
                headline,
                byline,
                photo,
                links,
                quote,
                image,
            } => {
                let page = text(
                    &format!("Rubrik {headline}"),
                    "Så var det.",
                    self.bylines[*byline],
                );
                let page = self.with(page, *photo, *links, *image);
                self.publish(page, *byline, *quote).await
            }
            Step::Update {
                which,
                address,
                headline,
            } => self.update(*which, *address, *headline).await,
            Step::Unpublish { which, how } => self.unpublish(*which, *how).await,
            Step::Republish { which } => {
                let Some(page) = self.page(*which) else {
                    return Ok(());
                };
                self.now();
                self.desk(&self.editor(), "republish")
                    .republish(page.variant)
                    .await
            }
            Step::Pause { which } => {
                let Some(page) = self.page(*which) else {
                    return Ok(());
                };
                self.now();
                self.desk(&page.author, "pause").pause(page.variant).await
            }
            Step::LiftPause { which } => {
                let Some(page) = self.page(*which) else {
                    return Ok(());
                };
                self.now();
                self.desk(&page.author, "lift")
                    .lift_pause(page.variant)
                    .await
            }
            Step::DropRedirect { which } => {
                let Some(page) = self.page(*which) else {
                    return Ok(());
                };
                let vera = self.desk(&self.editor(), "drop");
                let old = vera.variant(page.variant).await?.old_slugs;
                self.now();
                match old.first() {
                    Some(slug) => vera.drop_redirect(page.variant, slug.as_str()).await,
                    None => Ok(()),
                }
            }
            Step::ChangeByline {
                byline,
                renamed,
                name,
            } => self.change_byline(*byline, *renamed, *name).await,
            Step::Withdraw { which } => {
                let Some(page) = self.page(*which) else {
                    return Ok(());
                };
                let consent = page.consent.or(self.image_consent);
                self.now();
                let desk = self.desk(&self.editor(), "withdraw");
                desk.withdraw_consent(consent.unwrap()).await
            }
            Step::PublishTopic { label } => {
                let topic = self.topic_of(&format!("Bostad {label}"));
                let desk = self.desk(&self.editor(), "put topic");
                desk.put_term(Some(self.topic), &topic).await?;
                self.now();
                self.desk(&self.editor(), "topic")
                    .publish_record(self.topic)
                    .await
            }
            Step::HideTopic => {
                self.now();
                self.desk(&self.editor(), "topic")
                    .hide_record(self.topic)
                    .await
            }
            Step::PublishImage => {
                let desk = self.desk(&self.editor(), "put image");
                desk.put_asset(Some(self.image), &self.image_of()).await?;
                self.now();
                self.desk(&self.editor(), "image")
                    .publish_record(self.image)
                    .await
            }
            Step::HideImage => {
                self.now();
                self.desk(&self.editor(), "image")
                    .hide_record(self.image)
                    .await
            }
            Step::PublishProject { version } => {
                let project = self.project_of(*version);
                let desk = self.desk(&self.editor(), "put project");
                desk.put_project(Some(self.project), &project).await?;
                self.now();
                self.desk(&self.editor(), "project")
                    .publish_record(self.project)
                    .await
            }
            Step::HideProject => {
                self.now();
                self.desk(&self.editor(), "project")
                    .hide_record(self.project)
                    .await
            }
            Step::PublishEvent => {
                let desk = self.desk(&self.editor(), "put event");
                desk.put_event(Some(self.event), &self.event_of()).await?;
                self.now();
                self.desk(&self.editor(), "event")
                    .publish_record(self.event)
                    .await
            }
            Step::HideEvent => {
                self.now();
                self.desk(&self.editor(), "event")
                    .hide_record(self.event)
                    .await
            }
            Step::Nothing => Ok(()),
            Step::Plan { when } => self.plan(*when).await,
            Step::Settle { which, cancel } => {
                let count = self.occasions.len().max(1);
                let Some(one) = self.occasions.get(which % count) else {
                    return Ok(());
                };
                self.now();
                let desk = self.desk(&self.editor(), "settle");
                if *cancel {
                    desk.cancel_occasion(*one, "Det blir inte av.").await
                } else {
                    desk.confirm_occasion(*one).await
                }
            }
        }
    }

    /// A text with what else a page may show.
    fn with(&self, mut page: ArticleText, photo: usize, links: bool, image: bool) -> ArticleText {
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
    async fn publish(
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
    async fn assignment_of(&self, author: &Actor) -> Option<AssignmentId> {
        if !self.private.assigned {
            return None;
        }
        let vera = self.cms.desk(self.editor());
        let task = vera.propose(&offer(self.word())).await.unwrap();
        vera.open_assignment(task).await.unwrap();
        self.cms.desk(author.clone()).claim(task).await.unwrap();
        Some(task)
    }

    async fn update(
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
        let (edition, mut head) = opened;
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

    async fn go_live(
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

    async fn unpublish(&mut self, which: usize, how: usize) -> Result<(), Error> {
        let Some(page) = self.page(which) else {
            return Ok(());
        };
        let afterwards = match how {
            0 => Afterwards::Gone("Sidan togs bort.".to_owned()),
            1 => Afterwards::Redirect(PageRef::Project(self.project)),
            2 => Afterwards::Redirect(PageRef::Article(self.pages[0].variant)),
            _ => Afterwards::NotThere,
        };
        self.now();
        let desk = self.desk(&self.editor(), "unpublish");
        desk.unpublish(page.variant, self.word(), afterwards).await
    }

    async fn change_byline(
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

    async fn plan(&mut self, when: usize) -> Result<(), Error> {
        let date = |text: &str| text.parse().unwrap();
        let when = match when {
            0 => When::Day {
                date: date("2026-03-10"),
            },
            1 => When::Day {
                date: date("2026-03-20"),
            },
            2 => When::Month {
                year: 2026,
                month: 5,
            },
            _ => When::Unknown,
        };
        let plan = OccasionPlan {
            theme: Some(format!("Steg {}", self.step)),
            ..OccasionPlan::at(when)
        };
        let desk = self.desk(&self.editor(), "plan");
        let certainty = Certainty::Tentative;
        let one = desk.plan_occasion(self.event, certainty, &plan).await?;
        self.occasions.push(one);
        Ok(())
    }

    pub(crate) fn consent(&self, image: AssetId, word: &str) -> GiveConsent {
        GiveConsent {
            subject: self.subject(),
            covers: Covers::Image(image),
            informed: word.to_owned(),
            evidence: Some(word.to_owned()),
        }
    }

    pub(crate) fn topic_of(&self, label: &str) -> Term {
        Term {
            aliases: vec![format!("alias {}", self.word())],
            ..term(Vocabulary::Topic, "bostad", label)
        }
    }

    /// The project: public in these words, and with private lines of this world's.
    pub(crate) fn project_of(&self, version: usize) -> Project {
        let slug = if version == 1 {
            "projektet-flyttat"
        } else {
            "projektet"
        };
        let line = |ore, note: &str| CostLine {
            amount: Money::ore(ore),
            date: None,
            note: Some(note.to_owned()),
        };
        // The same sum, in other lines.
        let many = self.private.owners[0] as i64 + 1;
        let mut costs = vec![line(1_000, self.word()); many as usize];
        costs.push(line(100_000 - many * 1_000, self.word()));
        let contact = |name: &str, public| ContactPoint {
            name: name.to_owned(),
            title: None,
            email: Some(format!("{name}@example.org")),
            phone: None,
            public,
        };
        Project {
            slug: Some(slug.parse().unwrap()),
            category: Some(self.category),
            stage: Some(self.stage),
            what: Some(format!("Version {version}.")),
            owner: Some(self.library),
            costs,
            contacts: vec![contact("karin", true), contact(self.word(), false)],
            ..Project::titled("Projektet", swedish())
        }
    }

    pub(crate) fn event_of(&self) -> Event {
        Event {
            organisers: vec![self.library],
            ..event("Händelsen")
        }
    }

    pub(crate) fn image_of(&self) -> Asset {
        let consent = self.image_consent.unwrap();
        Asset {
            people: vec![Depiction { consent }],
            ..image("Kväll vid torget.")
        }
    }

    pub(crate) fn library_of(&self) -> Organisation {
        Organisation {
            name: "Biblioteket".to_owned(),
            kind: OrganisationKind::Unit,
            parent: None,
            url: None,
        }
    }
}

fn term(vocabulary: Vocabulary, slug: &str, label: &str) -> Term {
    Term {
        vocabulary,
        slug: slug.parse().unwrap(),
        label: label.to_owned(),
        aliases: Vec::new(),
        progress: None,
        requires_lessons: false,
    }
}

fn event(title: &str) -> Event {
    Event {
        title: title.to_owned(),
        slug: Some("handelsen".parse().unwrap()),
        language: swedish(),
        kind: EventKind::Meeting,
        description: None,
        programme: ProgrammeState::ToCome,
        save_the_date: false,
        groups: Vec::new(),
        organisers: Vec::new(),
    }
}

fn image(caption: &str) -> Asset {
    Asset {
        file: "torget.jpg".to_owned(),
        alt: Alt::Text {
            text: "Ett torg i kvällsljus".to_owned(),
        },
        caption: Some(caption.to_owned()),
        credit: PhotoCredit::Unknown,
        people: Vec::new(),
    }
}
