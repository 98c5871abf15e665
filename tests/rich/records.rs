//! The records of the story: public, changed since, never shown, hidden, put aside.

use cmss::chrono::NaiveDate;
use cmss::values::{Money, Percent};
use cmss::{
    Alt, Asset, AssetId, ConsentId, ContactPoint, CostLine, Covers, Depiction, EffectGoal,
    GiveConsent, Organisation, OrganisationId, OrganisationKind, PersonId, PhotoCredit, Project,
    ProjectId, RecordRef, SourceDates, Term, TermId, Vocabulary,
};

use super::{People, Told, Words, swedish};

/// What is on record.
pub(crate) struct Records {
    pub(crate) library: OrganisationId,
    pub(crate) association: OrganisationId,
    pub(crate) network: OrganisationId,
    pub(crate) never_organisation: OrganisationId,
    pub(crate) topic: TermId,
    pub(crate) never_topic: TermId,
    pub(crate) category: TermId,
    pub(crate) photo: AssetId,
    pub(crate) photo_consent: ConsentId,
    pub(crate) page_photo: AssetId,
    pub(crate) gone_photo: AssetId,
    pub(crate) gone_consent: ConsentId,
    pub(crate) never_photo: AssetId,
    pub(crate) project: ProjectId,
    pub(crate) stopped: ProjectId,
    pub(crate) never_project: ProjectId,
}

/// Puts and publishes.
struct Teller<'a> {
    told: &'a Told,
    people: &'a People,
}

impl Teller<'_> {
    async fn organisation(
        &self,
        step: &str,
        id: Option<OrganisationId>,
        name: String,
        kind: OrganisationKind,
        url: Option<String>,
    ) -> OrganisationId {
        let organisation = Organisation {
            name,
            kind,
            parent: None,
            url,
        };
        let desk = self.told.desk(&self.people.editor(), step);
        desk.put_organisation(id, &organisation).await.unwrap()
    }

    async fn term(&self, step: &str, id: Option<TermId>, term: Term) -> TermId {
        let desk = self.told.desk(&self.people.editor(), step);
        desk.put_term(id, &term).await.unwrap()
    }

    async fn asset(&self, step: &str, id: Option<AssetId>, asset: &Asset) -> AssetId {
        let desk = self.told.desk(&self.people.editor(), step);
        desk.put_asset(id, asset).await.unwrap()
    }

    async fn project(&self, step: &str, id: Option<ProjectId>, project: &Project) -> ProjectId {
        let desk = self.told.desk(&self.people.editor(), step);
        desk.put_project(id, project).await.unwrap()
    }

    async fn publish(&self, step: &str, record: impl Into<RecordRef>) {
        let desk = self
            .told
            .desk(&self.people.editor(), &format!("publish {step}"));
        desk.publish_record(record).await.unwrap();
    }

    async fn consent(
        &self,
        words: &mut Words,
        step: &str,
        subject: PersonId,
        covers: Covers,
    ) -> ConsentId {
        let consent = GiveConsent {
            subject,
            covers,
            informed: words.secret(&format!("{step}: informed text")),
            evidence: Some(words.secret(&format!("{step}: evidence"))),
        };
        let desk = self.told.desk(&self.people.editor(), step);
        desk.give_consent(&consent).await.unwrap()
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

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl Records {
    pub(super) async fn tell(told: &Told, words: &mut Words, people: &People) -> Self {
        let teller = Teller { told, people };
        told.later("2026-03-02T09:00:00Z");
        let (library, association, network, never_organisation) = teller.organisations(words).await;
        let (topic, never_topic, category) = teller.terms(words).await;
        told.later("2026-03-02T10:00:00Z");
        let photo = teller.photo(words).await;
        let gone_photo = teller.gone_photo(words).await;
        let page_photo = Asset {
            file: "torget.jpg".to_owned(),
            alt: Alt::Decorative,
            caption: None,
            credit: PhotoCredit::Page,
            people: Vec::new(),
        };
        let page_photo = teller.asset("page photo", None, &page_photo).await;
        teller.publish("page photo", page_photo).await;
        let never_photo = Asset {
            file: words.secret("unpublished image: file"),
            alt: Alt::Text {
                text: format!("Ett {}", words.secret("unpublished image: alt")),
            },
            caption: Some(words.secret("unpublished image: caption")),
            credit: PhotoCredit::Name {
                name: words.secret("unpublished image: credit"),
            },
            people: Vec::new(),
        };
        let never_photo = teller.asset("never photo", None, &never_photo).await;
        told.later("2026-03-02T11:00:00Z");
        let run_by = [library, association, network];
        let project = teller.shown_project(words, category, run_by).await;
        let stopped = teller.stopped_project(words, category).await;
        let never_project = teller.unseen_projects(words, category).await;
        Self {
            library,
            association,
            network,
            never_organisation,
            topic,
            never_topic,
            category,
            photo: photo.0,
            photo_consent: photo.1,
            page_photo,
            gone_photo: gone_photo.0,
            gone_consent: gone_photo.1,
            never_photo,
            project,
            stopped,
            never_project,
        }
    }
}

impl Teller<'_> {
    async fn organisations(
        &self,
        words: &mut Words,
    ) -> (
        OrganisationId,
        OrganisationId,
        OrganisationId,
        OrganisationId,
    ) {
        use OrganisationKind as Kind;
        let url = Some("https://bibliotek.example.org/".to_owned());
        let name = "Biblioteket".to_owned();
        let library = self
            .organisation("library", None, name, Kind::Unit, url)
            .await;
        self.publish("library", library).await;
        let name = words.secret("library: name in the working copy");
        let url = Some(words.link("library: address in the working copy"));
        self.organisation("library anew", Some(library), name, Kind::Unit, url)
            .await;
        let name = "Föreningen Bryggan".to_owned();
        let association = self
            .organisation("association", None, name, Kind::Association, None)
            .await;
        self.publish("association", association).await;
        let name = "Nätverket Ljus".to_owned();
        let network = self
            .organisation("network", None, name, Kind::Network, None)
            .await;
        self.publish("network", network).await;
        let name = words.secret("unpublished organisation: name");
        let url = Some(words.link("unpublished organisation: address"));
        let never = self
            .organisation("never organisation", None, name, Kind::Board, url)
            .await;
        let name = words.secret("hidden organisation: name");
        let hidden = self
            .organisation("hidden organisation", None, name, Kind::Reception, None)
            .await;
        self.publish("hidden organisation", hidden).await;
        let desk = self
            .told
            .desk(&self.people.editor(), "hide the organisation");
        desk.hide_record(hidden).await.unwrap();
        (library, association, network, never)
    }

    async fn terms(&self, words: &mut Words) -> (TermId, TermId, TermId) {
        let mut housing = term(Vocabulary::Topic, "bostad", "Bostad");
        housing.aliases = vec![words.secret("topic: alias")];
        let topic = self.term("topic", None, housing.clone()).await;
        self.publish("topic", topic).await;
        housing.label = words.secret("topic: label in the working copy");
        self.term("topic anew", Some(topic), housing).await;
        let slug = words.secret("unpublished topic: slug");
        let label = words.secret("unpublished topic: label");
        let never = term(Vocabulary::Topic, &slug, &label);
        let never = self.term("never topic", None, never).await;
        let category = term(Vocabulary::Category, "demokrati", "Demokrati");
        let category = self.term("category", None, category).await;
        self.publish("category", category).await;
        let slug = words.secret("archived category: slug");
        let label = words.secret("archived category: label");
        let archived = term(Vocabulary::Category, &slug, &label);
        let archived = self.term("archived category", None, archived).await;
        self.publish("archived category", archived).await;
        let desk = self
            .told
            .desk(&self.people.editor(), "archive the category");
        desk.archive_record(archived).await.unwrap();
        (topic, never, category)
    }

    async fn photo(&self, words: &mut Words) -> (AssetId, ConsentId) {
        let mut photo = Asset {
            file: "una.jpg".to_owned(),
            alt: Alt::Text {
                text: "En läsare vid fönstret".to_owned(),
            },
            caption: Some("Kväll i läsesalen.".to_owned()),
            credit: PhotoCredit::Name {
                name: "Frits Fotograf".to_owned(),
            },
            people: Vec::new(),
        };
        let id = self.asset("photo", None, &photo).await;
        let covers = Covers::Image(id);
        let una = self.people.una;
        let consent = self.consent(words, "una's consent", una, covers).await;
        photo.people = vec![Depiction { consent }];
        self.asset("photo with una", Some(id), &photo).await;
        self.publish("photo", id).await;
        photo.caption = Some(words.secret("image: caption in the working copy"));
        self.asset("photo anew", Some(id), &photo).await;
        (id, consent)
    }

    /// An image that leaves the site in the end, because its consent is withdrawn.
    async fn gone_photo(&self, words: &mut Words) -> (AssetId, ConsentId) {
        let mut photo = Asset {
            file: words.secret("image without consent: file"),
            alt: Alt::Text {
                text: format!("Ett {}", words.secret("image without consent: alt")),
            },
            caption: Some(words.secret("image without consent: caption")),
            credit: PhotoCredit::Unknown,
            people: Vec::new(),
        };
        let id = self.asset("gone photo", None, &photo).await;
        let covers = Covers::Image(id);
        let una = self.people.una;
        let consent = self.consent(words, "consent taken back", una, covers).await;
        photo.people = vec![Depiction { consent }];
        self.asset("gone photo with una", Some(id), &photo).await;
        self.publish("gone photo", id).await;
        (id, consent)
    }

    async fn stage(&self, slug: &str) -> TermId {
        let desk = self.told.cms.desk(self.people.editor());
        let stage = desk.find_term(Vocabulary::Stage, slug).await.unwrap();
        stage.unwrap()
    }

    async fn shown_project(
        &self,
        words: &mut Words,
        category: TermId,
        [owner, participant, partner]: [OrganisationId; 3],
    ) -> ProjectId {
        let mut project = Project {
            slug: Some("kvallsoppet".parse().unwrap()),
            category: Some(category),
            stage: Some(self.stage("pilot").await),
            what: Some("Biblioteket håller öppet på kvällen.".to_owned()),
            why: Some("Många arbetar på dagen.".to_owned()),
            how: Some("Invånare öppnar och stänger.".to_owned()),
            lessons: Some("Ljuset vid dörren spelar roll.".to_owned()),
            goals: vec![
                EffectGoal {
                    text: "Fler besök efter klockan 18.".to_owned(),
                    completed: true,
                    result: Some("Besöken fördubblades.".to_owned()),
                },
                EffectGoal {
                    text: "Fler invånare med nyckel.".to_owned(),
                    completed: false,
                    result: None,
                },
            ],
            involvement: vec!["Invånare planerar schemat.".to_owned()],
            owner: Some(owner),
            participants: vec![participant],
            partners: vec![partner],
            costs: vec![
                CostLine {
                    amount: Money::ore(500_000),
                    date: Some(day("2026-01-15")),
                    note: Some(words.secret("project: note of a cost")),
                },
                CostLine {
                    amount: Money::ore(120_050),
                    date: None,
                    note: Some(words.secret("project: note of another cost")),
                },
            ],
            contacts: vec![
                ContactPoint {
                    name: "Karin Kontakt".to_owned(),
                    title: Some("Projektledare".to_owned()),
                    email: Some("karin@example.org".to_owned()),
                    phone: Some("042-10 50 00".to_owned()),
                    public: true,
                },
                ContactPoint {
                    name: words.secret("project: internal contact's name"),
                    title: Some(words.secret("project: internal contact's title")),
                    email: Some(words.email("project: internal contact's e-mail")),
                    phone: Some(words.phone("project: internal contact's phone")),
                    public: false,
                },
            ],
            ..Project::titled("Kvällsöppet bibliotek", swedish())
        };
        let id = self.project("project", None, &project).await;
        self.publish("project", id).await;
        // Its first address leads to its second.
        project.slug = Some("kvallsoppet-bibliotek".parse().unwrap());
        self.project("project moves", Some(id), &project).await;
        self.publish("project that moved", id).await;
        project.title = words.secret("project: title in the working copy");
        project.slug = Some(
            words
                .secret("project: address wanted in the working copy")
                .parse()
                .unwrap(),
        );
        project.what = Some(words.secret("project: what in the working copy"));
        self.project("project anew", Some(id), &project).await;
        id
    }

    async fn stopped_project(&self, words: &mut Words, category: TermId) -> ProjectId {
        let mut project = Project {
            category: Some(category),
            stage: Some(self.stage("skala-upp").await),
            contacts: vec![ContactPoint {
                name: words.secret("stopped project: internal contact"),
                title: None,
                email: None,
                phone: None,
                public: false,
            }],
            source_dates: Some(SourceDates {
                published: day("2021-10-11"),
                updated: day("2024-05-24"),
            }),
            ..Project::titled("Mentorer på mottagningen", swedish())
        };
        let id = self.project("stopped project", None, &project).await;
        self.publish("stopped project", id).await;
        let mut stage = term(Vocabulary::Stage, "vilar", "Vilar");
        stage.requires_lessons = true;
        let stage = self.term("resting stage", None, stage).await;
        self.publish("resting stage", stage).await;
        project.stage = Some(stage);
        project.lessons = Some("Det behövdes fler mentorer.".to_owned());
        self.project("project stops", Some(id), &project).await;
        self.publish("project that stopped", id).await;
        id
    }

    /// One that was never public, one that is hidden, one that was put aside.
    async fn unseen_projects(&self, words: &mut Words, category: TermId) -> ProjectId {
        let mut secret = |what: &str| Project {
            category: Some(category),
            what: Some(words.secret(&format!("{what} project: what"))),
            lessons: Some(words.secret(&format!("{what} project: lessons"))),
            goals: vec![EffectGoal {
                text: words.secret(&format!("{what} project: goal")),
                completed: false,
                result: None,
            }],
            involvement: vec![words.secret(&format!("{what} project: involvement"))],
            contacts: vec![ContactPoint {
                name: words.secret(&format!("{what} project: contact")),
                title: None,
                email: None,
                phone: None,
                public: true,
            }],
            ..Project::titled(words.secret(&format!("{what} project: title")), swedish())
        };
        let never = secret("unpublished");
        let (mut hidden, mut archived) = (secret("hidden"), secret("archived"));
        let never = self.project("never project", None, &never).await;
        for (project, slug) in [(&mut hidden, "dolt"), (&mut archived, "undanlagt")] {
            project.stage = Some(self.stage("ide").await);
            project.slug = Some(slug.parse().unwrap());
        }
        let hidden = self.project("hidden project", None, &hidden).await;
        self.publish("hidden project", hidden).await;
        let editor = self.people.editor();
        let desk = self.told.desk(&editor, "hide the project");
        desk.hide_record(hidden).await.unwrap();
        let archived = self.project("archived project", None, &archived).await;
        self.publish("archived project", archived).await;
        let desk = self.told.desk(&editor, "archive the project");
        desk.archive_record(archived).await.unwrap();
        let mut idea = term(Vocabulary::Stage, "ide", "Idé");
        idea.progress = Some(Percent::try_from(25).unwrap());
        idea.aliases = vec![words.secret("stage: alias")];
        let id = self.stage("ide").await;
        self.term("idea anew", Some(id), idea).await;
        never
    }
}
