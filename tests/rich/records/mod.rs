//! The records of the story: public, changed since, never shown, hidden, put aside.

mod projects;
mod things;

use cmss::chrono::NaiveDate;
use cmss::{
    Alt, Asset, AssetId, ConsentId, Covers, GiveConsent, Organisation, OrganisationId,
    OrganisationKind, PersonId, PhotoCredit, Project, ProjectId, RecordRef, Term, TermId,
    Vocabulary,
};

use super::{People, Told, Words};

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
    Term::labelled(vocabulary, slug.parse().unwrap(), label)
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
