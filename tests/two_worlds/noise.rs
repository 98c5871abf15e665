//! What goes on in a newsroom that the public must not learn of.

use cmss::values::When;
use cmss::{
    Actor, BylineForm, BylineName, Certainty, Error, Medium, NewArticle, NewPerson, OccasionPlan,
    OpenedEdition, PersonId,
};
use proptest::prelude::*;

use crate::world::{World, declared, offer, text};

/// Something private that happens.
#[derive(Clone, Debug)]
pub(crate) enum Noise {
    Person,
    PersonChanges,
    Reporter,
    Byline,
    Draft { saves: usize, ends: usize },
    EditionOfLive { which: usize },
    Assignment { ends: usize },
    WorkingCopies,
    PlanAndCancel,
    Consent,
    Refused { which: usize },
    Invalid,
}

pub(crate) fn noises() -> impl Strategy<Value = Noise> {
    prop_oneof![
        Just(Noise::Person),
        Just(Noise::PersonChanges),
        Just(Noise::Reporter),
        Just(Noise::Byline),
        (0..3_usize, 0..6_usize).prop_map(|(saves, ends)| Noise::Draft { saves, ends }),
        (0..6_usize).prop_map(|which| Noise::EditionOfLive { which }),
        (0..5_usize).prop_map(|ends| Noise::Assignment { ends }),
        Just(Noise::WorkingCopies),
        Just(Noise::PlanAndCancel),
        Just(Noise::Consent),
        (0..6_usize).prop_map(|which| Noise::Refused { which }),
        Just(Noise::Invalid),
    ]
}

impl World {
    /// A word that no world and no other noise has.
    fn fresh(&mut self) -> String {
        self.said += 1;
        format!("{} {}", self.private.word, self.said)
    }

    /// Lets it happen.
    pub(crate) async fn hear(&mut self, noise: &Noise) {
        let word = self.fresh();
        let vera = self.cms.desk(self.editor());
        match noise {
            Noise::Person => {
                vera.put_person(None, &self.someone(&word)).await.unwrap();
            }
            Noise::PersonChanges => {
                let sol = self.reporters[0];
                let someone = self.someone(&word);
                vera.put_person(Some(sol), &someone).await.unwrap();
            }
            Noise::Reporter => {
                let new = vera.put_person(None, &self.someone(&word)).await.unwrap();
                vera.admit_reporter(new, &[Medium::Text]).await.unwrap();
                vera.rest_reporter(new).await.unwrap();
            }
            Noise::Byline => {
                let name = BylineName {
                    form: BylineForm::PenName,
                    name: Some(word),
                };
                vera.create_byline(self.reporters[1], &name).await.unwrap();
            }
            Noise::Draft { saves, ends } => self.draft(&word, *saves, *ends).await,
            Noise::EditionOfLive { which } => self.edition_of_live(&word, *which).await,
            Noise::Assignment { ends } => self.assignment(&word, *ends).await,
            Noise::WorkingCopies => self.working_copies(&word).await,
            Noise::PlanAndCancel => {
                let plan = OccasionPlan {
                    theme: Some(word.clone()),
                    ..OccasionPlan::at(When::Unknown)
                };
                let one = vera
                    .plan_occasion(self.event, Certainty::Tentative, &plan)
                    .await
                    .unwrap();
                vera.cancel_occasion(one, &word).await.unwrap();
            }
            Noise::Consent => {
                let consent = self.consent(self.image, &word);
                let consent = vera.give_consent(&consent).await.unwrap();
                vera.withdraw_consent(consent).await.unwrap();
            }
            Noise::Refused { which } => self.refused(*which).await,
            Noise::Invalid => {
                let faulty = NewPerson::named("");
                let refused = vera.put_person(None, &faulty).await;
                assert!(matches!(refused, Err(Error::Invalid(_))));
            }
        }
    }

    async fn draft(&mut self, word: &str, saves: usize, ends: usize) {
        let (number, vera) = (self.said % 4, self.cms.desk(self.editor()));
        let author = self.cms.desk(self.owner(number));
        let mut draft = text("Ett utkast", word, self.bylines[number]);
        let article = NewArticle {
            assignment: None,
            co_authors: Vec::new(),
            text: draft.clone(),
        };
        let begun = author.start_article(&article).await.unwrap();
        let (edition, mut head) = (begun.edition, begun.head);
        for save in 0..saves {
            draft.lead = format!("{word} {save}");
            head = author.save(edition, head, &draft).await.unwrap();
        }
        if ends == 0 {
            return;
        }
        if ends == 1 {
            return author.withdraw(edition).await.unwrap();
        }
        let declared = declared(word);
        author.submit(edition, head, &declared).await.unwrap();
        match ends {
            2 => {}
            3 => vera.decline(edition, word).await.unwrap(),
            4 => vera.request_changes(edition, word).await.unwrap(),
            _ => vera.approve(edition, head).await.unwrap(),
        }
    }

    /// Another edition of a page, that is taken back.
    async fn edition_of_live(&mut self, word: &str, which: usize) {
        let Some(page) = self.page(which) else { return };
        let author = self.cms.desk(page.author.clone());
        let Ok(OpenedEdition { edition, head }) = author.open_edition(page.variant).await else {
            return;
        };
        let mut update = page.text.clone();
        update.headline = word.to_owned();
        update.lead = word.to_owned();
        author.save(edition, head, &update).await.unwrap();
        author.withdraw(edition).await.unwrap();
    }

    async fn assignment(&mut self, word: &str, ends: usize) {
        let vera = self.cms.desk(self.editor());
        let task = vera.propose(&offer(word)).await.unwrap();
        if ends == 0 {
            return vera.return_assignment(task, word).await.unwrap();
        }
        vera.open_assignment(task).await.unwrap();
        let reporter = self.reporter(ends % 4);
        let claim = self.cms.desk(reporter.clone()).claim(task).await.unwrap();
        match ends {
            1 => {}
            2 => self.cms.desk(reporter).release(claim).await.unwrap(),
            3 => vera.close_assignment(task).await.unwrap(),
            _ => vera.cancel_assignment(task, word).await.unwrap(),
        }
    }

    /// Changes everything that has a working copy, and publishes nothing.
    async fn working_copies(&mut self, word: &str) {
        let vera = self.cms.desk(self.editor());
        let topic = self.topic_of(word);
        vera.put_term(Some(self.topic), &topic).await.unwrap();
        let mut project = self.project_of(0);
        project.title = word.to_owned();
        project.what = Some(word.to_owned());
        vera.put_project(Some(self.project), &project)
            .await
            .unwrap();
        let mut event = self.event_of();
        event.description = Some(word.to_owned());
        vera.put_event(Some(self.event), &event).await.unwrap();
        let mut image = self.image_of();
        image.caption = Some(word.to_owned());
        vera.put_asset(Some(self.image), &image).await.unwrap();
        let mut library = self.library_of();
        library.name = word.to_owned();
        vera.put_organisation(Some(self.library), &library)
            .await
            .unwrap();
    }

    /// Commands of those who may not, and on what is not there.
    async fn refused(&mut self, which: usize) {
        let stranger = self.cms.desk(self.reporter(which % 4));
        let refused = stranger.publish_record(self.project).await;
        assert!(matches!(refused, Err(Error::Refused(_))));
        let refused = stranger.hide_record(self.event).await;
        assert!(matches!(refused, Err(Error::Refused(_))));
        if let Some(page) = self.page(which) {
            let (variant, mona) = (page.variant, self.cms.desk(Actor::visitor()));
            let refused = mona.pause(variant).await;
            assert!(matches!(refused, Err(Error::Refused(_))));
        }
    }

    fn someone(&self, word: &str) -> NewPerson {
        NewPerson {
            note: Some(format!("om {word}")).into(),
            email: Some(format!("nr{}@example.org", self.said)).into(),
            account: Some(word.to_owned()).into(),
            ..NewPerson::named(format!("Namn {word}"))
        }
    }

    /// Who is quoted and depicted: another in each world.
    pub(crate) fn subject(&self) -> PersonId {
        self.reporters[self.private.owners[5]]
    }
}
