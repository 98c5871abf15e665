//! A newsroom for the tests of programs that embed the library.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use cmss_core::store::Store;
use cmss_core::values::{Body, Locale};
use cmss_core::{
    Actor, ArticleText, AssignmentId, AssignmentKind, BylineForm, BylineId, BylineName, Cms,
    Credit, CreditRole, CreditedTo, Declarations, Desk, Found, Medium, NewArticle, NewNewsroom,
    NewPerson, Offer, Organisation, OrganisationId, OrganisationKind, PersonId, Policy, SeededIds,
    Served, SetClock, StartedArticle, Ties,
};
use cmss_memory::MemoryStore;

/// A newsroom with a cast of invented people, a clock that stands where it is set, and ids that
/// follow from a seed: each run of a test is the same, to the byte.
///
/// A desk is a method away for each of the cast, and so is a text at each step of its way. Whatever
/// cannot be done panics: a test that cannot set its scene has failed.
///
/// Its ids can be guessed. It is for tests, and never for a real newsroom.
///
/// # Examples
///
/// What a program would test of itself: here, that its page shows the byline and no other name.
///
/// ```
/// use chrono::TimeDelta;
/// use cmss_core::{BylineForm, PastWorks};
/// use cmss_testkit::Newsroom;
/// use cmss_testkit::newsroom::{named, start};
///
/// # pollster::block_on(async {
/// let room = Newsroom::in_memory().await;
/// let text = room.published("En kväll i bokcirkeln").await;
/// let page = room.page("en-kvall-i-bokcirkeln").await.to_json();
/// assert!(page.contains("Sol Sundin"));
///
/// // A day later the reporter takes a pen name.
/// room.clock.set(start() + TimeDelta::days(1));
/// let pen_name = named(BylineForm::PenName, "Måsen");
/// let renamed = PastWorks::Renamed { told: true };
/// room.reporter().change_byline(room.sols, &pen_name, renamed).await?;
/// let page = room.page("en-kvall-i-bokcirkeln").await.to_json();
/// assert!(page.contains("Måsen") && !page.contains("Sundin"));
///
/// // Others stand at desks of their own, and are refused what is not theirs.
/// assert!(room.other_reporter().pause(text.variant).await.is_err());
/// # Ok::<(), cmss_core::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct Newsroom {
    /// The newsroom.
    pub cms: Cms,
    /// Its clock, which stands at [`start`] until it is set.
    pub clock: Arc<SetClock>,
    /// Ada Almgren, the admin.
    pub ada: PersonId,
    /// Vera Vinge, an editor.
    pub vera: PersonId,
    /// Nils Norling, another editor.
    pub nils: PersonId,
    /// Mona Munter, a mentor.
    pub mona: PersonId,
    /// Sol Sundin, a reporter.
    pub sol: PersonId,
    /// Liv Lind, another reporter.
    pub liv: PersonId,
    /// Kim Kvist, who speaks for the library.
    pub kim: PersonId,
    /// The library, a unit.
    pub library: OrganisationId,
    /// Sol's byline: the full name.
    pub sols: BylineId,
    /// Liv's byline: the first name.
    pub livs: BylineId,
}

impl Newsroom {
    /// A newsroom in memory.
    pub async fn in_memory() -> Self {
        Self::in_store(MemoryStore::new()).await
    }

    /// A newsroom in an empty store.
    pub async fn in_store(store: impl Store) -> Self {
        Self::with_policy(store, Policy::default()).await
    }

    /// A newsroom in an empty store, with the host's choices.
    pub async fn with_policy(store: impl Store, policy: Policy) -> Self {
        let clock = Arc::new(SetClock::at(start()));
        let founding = NewNewsroom {
            name: "Öppen stad".to_owned(),
            zone: "Europe/Stockholm".parse().expect("a zone"),
            language: Locale::Sv.into(),
        };
        let (cms, ada) = Cms::builder(store)
            .clock(clock.clone())
            .ids(Arc::new(SeededIds::new("journeys")))
            .policy(policy)
            .found(&founding, &NewPerson::named("Ada Almgren"))
            .await
            .expect("a newsroom is founded");
        let admin = cms.desk(Actor::new(ada).admin());
        let mut people = Vec::new();
        for name in [
            "Vera Vinge",
            "Nils Norling",
            "Mona Munter",
            "Sol Sundin",
            "Liv Lind",
            "Kim Kvist",
        ] {
            let person = admin.put_person(None, &NewPerson::named(name)).await;
            people.push(person.expect("a person is put"));
        }
        let [vera, nils, mona, sol, liv, kim] = people[..] else {
            panic!("six people")
        };
        let editor = cms.desk(Actor::new(vera).editor());
        let library = Organisation {
            name: "Biblioteket".to_owned(),
            kind: OrganisationKind::Unit,
            parent: None,
            url: None,
        };
        let library = editor.put_organisation(None, &library).await;
        for reporter in [sol, liv] {
            let media = [Medium::Text, Medium::Photo];
            let admitted = editor.admit_reporter(reporter, &media).await;
            admitted.expect("a reporter is admitted");
        }
        let sols = named(BylineForm::FullName, "Sol Sundin");
        let sols = editor.create_byline(sol, &sols).await;
        let livs = named(BylineForm::FirstName, "Liv");
        let livs = editor.create_byline(liv, &livs).await;
        Self {
            cms,
            clock,
            ada,
            vera,
            nils,
            mona,
            sol,
            liv,
            kim,
            library: library.expect("a unit is put"),
            sols: sols.expect("a byline is created"),
            livs: livs.expect("a byline is created"),
        }
    }

    /// Ada's desk.
    #[must_use]
    pub fn admin(&self) -> Desk {
        self.cms.desk(Actor::new(self.ada).admin())
    }

    /// Vera's desk.
    #[must_use]
    pub fn editor(&self) -> Desk {
        self.cms.desk(Actor::new(self.vera).editor())
    }

    /// Nils's desk.
    #[must_use]
    pub fn second_editor(&self) -> Desk {
        self.cms.desk(Actor::new(self.nils).editor())
    }

    /// Mona's desk.
    #[must_use]
    pub fn mentor(&self) -> Desk {
        self.cms.desk(Actor::new(self.mona).mentor())
    }

    /// Sol's desk.
    #[must_use]
    pub fn reporter(&self) -> Desk {
        self.cms.desk(Actor::new(self.sol).reporter())
    }

    /// Liv's desk.
    #[must_use]
    pub fn other_reporter(&self) -> Desk {
        self.cms.desk(Actor::new(self.liv).reporter())
    }

    /// Kim's desk.
    #[must_use]
    pub fn unit(&self) -> Desk {
        let kim = Actor::new(self.kim).unit_contact(self.library);
        self.cms.desk(kim)
    }

    /// An assignment of the library's that so many reporters may claim.
    pub async fn open_assignment(&self, places: u32) -> AssignmentId {
        let offer = offer(self.library, places);
        let task = self.unit().propose(&offer).await.expect("it is proposed");
        let opened = self.editor().open_assignment(task).await;
        opened.expect("it is opened");
        task
    }

    /// An article of Sol's, begun.
    pub async fn begun(&self, headline: &str) -> StartedArticle {
        let article = NewArticle {
            assignment: None,
            co_authors: Vec::new(),
            text: text(headline, self.sols),
        };
        let begun = self.reporter().start_article(&article).await;
        begun.expect("an article is begun")
    }

    /// An article of Sol's, handed in.
    pub async fn submitted(&self, headline: &str) -> StartedArticle {
        let begun = self.begun(headline).await;
        let (edition, head) = (begun.edition, begun.head);
        let submitted = self.reporter().submit(edition, head, &declared()).await;
        submitted.expect("it is handed in");
        begun
    }

    /// An article of Sol's, approved by Vera.
    pub async fn approved(&self, headline: &str) -> StartedArticle {
        let submitted = self.submitted(headline).await;
        let (edition, head) = (submitted.edition, submitted.head);
        let approved = self.editor().approve(edition, head).await;
        approved.expect("it is approved");
        submitted
    }

    /// An article of Sol's, live.
    pub async fn published(&self, headline: &str) -> StartedArticle {
        let approved = self.approved(headline).await;
        let (edition, head) = (approved.edition, approved.head);
        let published = self.editor().publish(edition, head, None).await;
        published.expect("it is published");
        approved
    }

    /// The article at an address, which must be there.
    pub async fn page(&self, slug: &str) -> Served {
        match self.cms.site().article(slug).await {
            Ok(Found::Here(page)) => page,
            other => panic!("{slug} answers {other:?}"),
        }
    }
}

/// Where the clock stands at first: the second of March 2026, nine in the morning in Stockholm.
#[must_use]
pub fn start() -> DateTime<Utc> {
    "2026-03-02T08:00:00Z".parse().expect("an instant")
}

/// What a byline shows.
#[must_use]
pub fn named(form: BylineForm, name: &str) -> BylineName {
    BylineName {
        form,
        name: Some(name.to_owned()),
    }
}

/// What a unit offers.
#[must_use]
pub fn offer(unit: OrganisationId, places: u32) -> Offer {
    Offer {
        unit: Some(unit),
        kind: AssignmentKind::Meeting,
        title: "Skildra mötet".to_owned(),
        description: "Kom och skriv om hur det var.".to_owned(),
        place: None,
        access: None,
        places,
        claim_by: None,
        deliver_by: None,
        expected_minutes: Some(240),
        event: None,
        project: None,
    }
}

/// A text under a byline.
#[must_use]
pub fn text(headline: &str, byline: BylineId) -> ArticleText {
    ArticleText {
        headline: headline.to_owned(),
        lead: "Så var det.".to_owned(),
        language: Locale::Sv.into(),
        body: Body::from_plain_text("Ett stycke.\n\nEtt stycke till."),
        credits: vec![Credit {
            role: CreditRole::Text,
            by: CreditedTo::Byline(byline),
        }],
        topics: Vec::new(),
        projects: Vec::new(),
        events: Vec::new(),
    }
}

/// What an author declares who has nothing to declare.
#[must_use]
pub const fn declared() -> Declarations {
    Declarations {
        no_client_information: true,
        ties: Ties::Nothing(true),
    }
}
