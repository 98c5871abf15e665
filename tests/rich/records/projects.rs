//! Projects.

use cmss::values::{Money, Percent};
use cmss::{
    ContactPoint, CostLine, EffectGoal, OrganisationId, Project, ProjectId, SourceDates, TermId,
    Vocabulary,
};

use super::{Teller, day, term};
use crate::rich::{Words, swedish};

impl Teller<'_> {
    pub(super) async fn stage(&self, slug: &str) -> TermId {
        let desk = self.told.cms.desk(self.people.editor());
        let stage = desk.find_term(Vocabulary::Stage, slug).await.unwrap();
        stage.unwrap()
    }

    pub(super) async fn shown_project(
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
                    phone: Some("040-628 04 01".to_owned()),
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

    pub(super) async fn stopped_project(&self, words: &mut Words, category: TermId) -> ProjectId {
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
    pub(super) async fn unseen_projects(&self, words: &mut Words, category: TermId) -> ProjectId {
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
