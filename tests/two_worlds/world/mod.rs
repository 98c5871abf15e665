//! A newsroom that carries out a plan, with private things of its own.

mod pages;
mod steps;
mod things;

use std::sync::Arc;

use cmss::chrono::{DateTime, TimeDelta, Utc};
use cmss::store::CommitId;
use cmss::values::{Body, Lang, Locale};
use cmss::{
    Actor, ArticleText, AssetId, AssignmentKind, BylineForm, BylineId, BylineName, Cms, ConsentId,
    Credit, CreditRole, CreditedTo, Declarations, Desk, Error, EventId, Guard, Medium, MemoryStore,
    NewNewsroom, NewPerson, OccasionId, Offer, Organisation, OrganisationId, OrganisationKind,
    PersonId, Project, ProjectId, SeededIds, SetClock, TermId, Ties, VariantId, Vocabulary,
};

use self::things::{event, image, term};
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
        places: 3,
        ..Offer::titled(word, AssignmentKind::Interview, word)
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
        let library = Organisation::named("Biblioteket", OrganisationKind::Unit);
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
}
