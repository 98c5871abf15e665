//! A newsroom for the journeys: a clock that is set, a cast of invented people, and the steps that
//! every journey takes.

#![allow(dead_code, reason = "each journey takes some of the steps")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a journey that cannot take its steps has failed"
)]

use std::sync::Arc;

use chrono::{DateTime, Utc};
use cmss::store::Store;
use cmss::values::{Body, Locale};
use cmss::{
    Actor, ArticleText, AssignmentId, AssignmentKind, BylineForm, BylineId, BylineName, Cms,
    Credit, CreditRole, CreditedTo, Declarations, Desk, Found, Medium, MemoryStore, NewArticle,
    NewNewsroom, NewPerson, Offer, Organisation, OrganisationId, OrganisationKind, PersonId,
    Policy, SeededIds, Served, SetClock, Started, Ties,
};

/// When the journeys begin.
pub(crate) fn start() -> DateTime<Utc> {
    "2026-03-02T08:00:00Z".parse().unwrap()
}

/// A newsroom with a cast.
pub(crate) struct Newsroom {
    pub(crate) cms: Cms,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) ada: PersonId,
    pub(crate) vera: PersonId,
    pub(crate) nils: PersonId,
    pub(crate) mona: PersonId,
    pub(crate) sol: PersonId,
    pub(crate) liv: PersonId,
    pub(crate) kim: PersonId,
    pub(crate) library: OrganisationId,
    pub(crate) sols: BylineId,
    pub(crate) livs: BylineId,
}

impl Newsroom {
    /// A newsroom in memory.
    pub(crate) async fn in_memory() -> Self {
        Self::in_store(MemoryStore::new()).await
    }

    /// A newsroom in an empty store.
    pub(crate) async fn in_store(store: impl Store) -> Self {
        Self::with_policy(store, Policy::default()).await
    }

    /// A newsroom in an empty store, with the host's choices.
    pub(crate) async fn with_policy(store: impl Store, policy: Policy) -> Self {
        let clock = Arc::new(SetClock::at(start()));
        let founding = NewNewsroom {
            name: "Öppen stad".to_owned(),
            zone: chrono_tz::Europe::Stockholm,
            language: Locale::Sv.into(),
        };
        let (cms, ada) = Cms::builder(store)
            .clock(clock.clone())
            .ids(Arc::new(SeededIds::new("journeys")))
            .policy(policy)
            .found(&founding, &NewPerson::named("Ada Almgren"))
            .await
            .unwrap();
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
            people.push(
                admin
                    .put_person(None, &NewPerson::named(name))
                    .await
                    .unwrap(),
            );
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
        let library = editor.put_organisation(None, &library).await.unwrap();
        for reporter in [sol, liv] {
            editor
                .admit_reporter(reporter, &[Medium::Text, Medium::Photo])
                .await
                .unwrap();
        }
        let sols = named(BylineForm::FullName, "Sol Sundin");
        let sols = editor.create_byline(sol, &sols).await.unwrap();
        let livs = named(BylineForm::FirstName, "Liv");
        let livs = editor.create_byline(liv, &livs).await.unwrap();
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
            library,
            sols,
            livs,
        }
    }

    pub(crate) fn admin(&self) -> Desk {
        self.cms.desk(Actor::new(self.ada).admin())
    }

    pub(crate) fn editor(&self) -> Desk {
        self.cms.desk(Actor::new(self.vera).editor())
    }

    pub(crate) fn second_editor(&self) -> Desk {
        self.cms.desk(Actor::new(self.nils).editor())
    }

    pub(crate) fn mentor(&self) -> Desk {
        self.cms.desk(Actor::new(self.mona).mentor())
    }

    pub(crate) fn reporter(&self) -> Desk {
        self.cms.desk(Actor::new(self.sol).reporter())
    }

    pub(crate) fn other_reporter(&self) -> Desk {
        self.cms.desk(Actor::new(self.liv).reporter())
    }

    pub(crate) fn unit(&self) -> Desk {
        self.cms
            .desk(Actor::new(self.kim).unit_contact(self.library))
    }

    /// An assignment that reporters may claim.
    pub(crate) async fn open_assignment(&self, places: u32) -> AssignmentId {
        let task = self
            .unit()
            .propose(&offer(self.library, places))
            .await
            .unwrap();
        self.editor().open_assignment(task).await.unwrap();
        task
    }

    /// An article of Sol's, begun.
    pub(crate) async fn begun(&self, headline: &str) -> Started {
        let article = NewArticle {
            assignment: None,
            co_authors: Vec::new(),
            text: text(headline, self.sols),
        };
        self.reporter().start_article(&article).await.unwrap()
    }

    /// An article of Sol's, handed in.
    pub(crate) async fn submitted(&self, headline: &str) -> Started {
        let begun = self.begun(headline).await;
        self.reporter()
            .submit(begun.edition, begun.head, &declared())
            .await
            .unwrap();
        begun
    }

    /// An article of Sol's, approved by Vera.
    pub(crate) async fn approved(&self, headline: &str) -> Started {
        let handed_in = self.submitted(headline).await;
        self.editor()
            .approve(handed_in.edition, handed_in.head)
            .await
            .unwrap();
        handed_in
    }

    /// An article of Sol's, live.
    pub(crate) async fn published(&self, headline: &str) -> Started {
        let approved = self.approved(headline).await;
        self.editor()
            .publish(approved.edition, approved.head, None)
            .await
            .unwrap();
        approved
    }

    /// The page at an address, which must be there.
    pub(crate) async fn page(&self, slug: &str) -> Served {
        match self.cms.site().article(slug).await.unwrap() {
            Found::Here(page) => page,
            other => panic!("{slug} answers {other:?}"),
        }
    }
}

/// What a byline shows.
pub(crate) fn named(form: BylineForm, name: &str) -> BylineName {
    BylineName {
        form,
        name: Some(name.to_owned()),
    }
}

/// What a unit offers.
pub(crate) fn offer(unit: OrganisationId, places: u32) -> Offer {
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
pub(crate) fn text(headline: &str, byline: BylineId) -> ArticleText {
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

/// What an author declares.
pub(crate) fn declared() -> Declarations {
    Declarations {
        no_client_information: true,
        ties: Ties::Nothing(true),
    }
}
