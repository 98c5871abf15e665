//! A story told on a store of which every call fails once, in every way: it ends the same.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::TimeDelta;
use cmss::store::{CommitId, Seq, StoreError};
use cmss::values::Locale;
use cmss::{
    Actor, AddressFallback, ArticleText, BylineForm, ConsentId, Covers, Desk, Found, NewArticle,
    NewNewsroom, NewPerson, PastWorks, PersonId, Rebuilt,
};

use super::*;
use crate::support::{self, Newsroom, consent, declared, named, offer, quote, start, text};

/// What the text is found by.
const SLUG: &str = "kvall-pa-kajen";

/// A program that opens the newsroom for each of its steps, and gives each a key of its own: it can
/// be started again after any of them.
struct Program {
    store: Arc<dyn Store>,
    steps: i64,
}

impl Program {
    fn on(store: Arc<dyn Store>) -> Self {
        Self { store, steps: 0 }
    }

    async fn desk(&mut self, actor: Actor) -> Result<Desk, Error> {
        self.steps += 1;
        let step = format!("step {}", self.steps);
        let desk = self.opened(&step).await?.desk(actor);
        Ok(desk.once(CommitId::named(&step)))
    }

    async fn opened(&self, seed: &str) -> Result<Cms, Error> {
        let now = start() + TimeDelta::minutes(self.steps);
        let builder = Cms::builder(self.store.clone()).clock(Arc::new(SetClock::at(now)));
        builder.ids(Arc::new(SeededIds::new(seed))).open().await
    }
}

/// The story's cast, found in the store that every run begins with.
struct Cast {
    store: MemoryStore,
    room: Newsroom,
    ebba: PersonId,
}

impl Cast {
    async fn gathered() -> Self {
        let store = MemoryStore::new();
        let room = Newsroom::in_store(store.clone()).await;
        let ebba = NewPerson::named("Ebba Ek");
        let ebba = room.editor().put_person(None, &ebba).await.unwrap();
        Self { store, room, ebba }
    }

    fn fresh(&self) -> Arc<dyn Store> {
        Arc::new(self.store.fork().unwrap())
    }

    fn quoting(&self, consent: ConsentId) -> ArticleText {
        let mut text = text("Kväll på kajen", self.room.sols);
        let words = quote("ebba", "Det är min bänk.", "Ebba Ek", consent);
        text.body.0.push(words);
        text
    }

    /// From a unit's offer to a text that is published, and what is taken back of it.
    async fn story(&self, store: Arc<dyn Store>) -> Result<(), Error> {
        let room = &self.room;
        let unit = || Actor::new(room.kim).unit_contact(room.library);
        let editor = || Actor::new(room.vera).editor();
        let sol = || Actor::new(room.sol).reporter();
        let mut now = Program::on(store);

        let offer = offer(room.library, 1);
        let task = now.desk(unit()).await?.propose(&offer).await?;
        now.desk(editor()).await?.open_assignment(task).await?;
        now.desk(sol()).await?.claim(task).await?;
        let article = NewArticle {
            assignment: Some(task),
            co_authors: vec![],
            text: text("Kväll på kajen", room.sols),
        };
        let begun = now.desk(sol()).await?.start_article(&article).await?;
        let (edition, head) = (begun.edition, begun.head);
        let consent = consent(self.ebba, Covers::Quotes(begun.article));
        let consent = now.desk(sol()).await?.give_consent(&consent).await?;
        let mut text = self.quoting(consent);
        let head = now.desk(sol()).await?.save(edition, head, &text).await?;
        let sols = now.desk(sol()).await?;
        sols.submit(edition, head, &declared()).await?;
        text.lead = "Så var det alltså.".to_owned();
        let head = now.desk(editor()).await?.save(edition, head, &text).await?;
        now.desk(sol()).await?.accept_edit(edition, head).await?;
        now.desk(editor()).await?.approve(edition, head).await?;
        let editors = now.desk(editor()).await?;
        editors.publish(edition, head, None).await?;

        let gull = named(BylineForm::PenName, "Måsen");
        let renamed = PastWorks::Renamed { told: true };
        let sols = now.desk(sol()).await?;
        sols.change_byline(room.sols, &gull, renamed).await?;
        now.desk(editor()).await?.withdraw_consent(consent).await?;
        let gone = AddressFallback::Gone("Den är borta.".to_owned());
        let editors = now.desk(editor()).await?;
        editors.unpublish(begun.variant, "Fel.", gone).await?;
        Ok(())
    }

    /// What the public finds follows from what is in the log, and nothing else is to be found.
    async fn public(&self, store: Arc<dyn Store>) {
        let now = Program::on(store.clone());
        let cms = now.opened("look").await.unwrap();
        let given = given(&*store).await;
        let given = |command: &str| given.contains(command);
        let site = cms.site();
        let pages = site.everything(100, None).await.unwrap();
        let found = site.article(SLUG).await.unwrap();
        if !given("publish") {
            assert_eq!(found, Found::NotThere);
            assert!(pages.pages.is_empty());
            assert!(site.changes(None, 100).await.unwrap().is_empty());
        } else if given("unpublish") {
            assert!(matches!(found, Found::Gone(_)), "{found:?}");
            assert!(pages.pages.is_empty());
        } else {
            let Found::Here(page) = found else {
                panic!("{found:?}")
            };
            let json = page.to_json();
            assert_eq!(pages.pages.len(), 1);
            assert_eq!(json.contains("Sol Sundin"), !given("change_byline"));
            assert_eq!(json.contains("Ebba Ek"), !given("withdraw_consent"));
            assert!(!json.contains("Kim Kvist") && !json.contains("Vera Vinge"));
        }
        assert_eq!(cms.rebuild_site(|_| {}).await.unwrap(), Rebuilt::default());
    }
}

/// The commands that the log tells of.
async fn given(store: &dyn Store) -> BTreeSet<String> {
    let changes = store.changes(Seq::ZERO, 1_000).await.unwrap();
    let notes = changes.records.iter().map(|record| {
        let note: serde_json::Value = serde_json::from_str(&record.note).unwrap();
        let command = note["acts"][0]["command"].as_str();
        command.unwrap().to_owned()
    });
    notes.collect()
}

#[test]
fn a_story_ends_the_same_whichever_call_fails_and_however() {
    let cast = block_on(Cast::gathered());
    let survived = under_every_fault(
        || cast.fresh(),
        async |store| cast.story(store).await,
        async |store| cast.public(store).await,
    );
    assert_eq!(told("a story", survived).recovered, 0, "{SWALLOWED}");
    assert_eq!(survived.commits, 14);
}

/// Founds a newsroom and opens it, and admits a reporter.
async fn founding(store: Arc<dyn Store>) -> Result<(), Error> {
    let newsroom = NewNewsroom {
        name: "Öppen stad".to_owned(),
        zone: chrono_tz::Europe::Stockholm,
        language: Locale::Sv.into(),
    };
    let builder = Cms::builder(store.clone()).clock(Arc::new(SetClock::at(start())));
    let builder = builder.ids(Arc::new(SeededIds::new("founding")));
    let (_, ada) = builder
        .found(&newsroom, &NewPerson::named("Ada Almgren"))
        .await?;
    let mut now = Program::on(store);
    let admin = now.desk(Actor::new(ada).admin()).await?;
    let sol = NewPerson::named("Sol Sundin");
    let sol = admin.put_person(None, &sol).await?;
    let editor = now.desk(Actor::new(ada).editor()).await?;
    editor.admit_reporter(sol, &[]).await?;
    Ok(())
}

#[test]
fn a_newsroom_is_founded_once_whichever_call_fails_and_however() {
    let survived = under_every_fault(|| Arc::new(MemoryStore::new()), founding, async |_| {});
    assert_eq!(told("founding", survived).recovered, 0, "{SWALLOWED}");
    assert_eq!(survived.commits, 3);
}

/// Whether what is proposed and opened like this is caught.
fn caught(propose: impl AsyncFn(&Cast, Desk) -> Result<(), Error>) -> bool {
    let cast = block_on(Cast::gathered());
    let scenario = async |store: Arc<dyn Store>| {
        let kim = Actor::new(cast.room.kim).unit_contact(cast.room.library);
        let mut now = Program::on(store);
        let desk = now.desk(kim).await?;
        propose(&cast, desk).await?;
        let sol = Actor::new(cast.room.sol).reporter();
        let idea = support::offer(cast.room.library, 2);
        let idea = cmss::Offer { unit: None, ..idea };
        now.desk(sol).await?.propose(&idea).await?;
        Ok(())
    };
    is_caught(|| under_every_fault(|| cast.fresh(), scenario, async |_| {}))
}

#[test]
fn a_program_that_keeps_its_keys_is_not_caught() {
    assert!(!caught(async |cast, desk| {
        desk.propose(&offer(cast.room.library, 1)).await?;
        Ok(())
    }));
}

#[test]
fn a_retry_with_another_key_is_caught() {
    assert!(caught(async |cast, desk| {
        let offer = offer(cast.room.library, 1);
        match desk.propose(&offer).await {
            Err(Error::Store(StoreError::Unknown { .. })) => {
                let again = desk.once(CommitId::named("again"));
                again.propose(&offer).await?;
            }
            answer => drop(answer?),
        }
        Ok(())
    }));
}

#[test]
fn a_start_with_other_keys_is_caught() {
    let before = AtomicBool::new(false);
    assert!(caught(async |cast, desk| {
        let name = format!("{}", before.load(Ordering::SeqCst));
        let answer = desk
            .once(CommitId::named(&name))
            .propose(&offer(cast.room.library, 1))
            .await;
        // The next start knows that there was one before, and not what it did.
        before.store(answer.is_err(), Ordering::SeqCst);
        answer.map(drop)
    }));
}

#[test]
fn an_unknown_outcome_that_is_taken_for_a_failure_is_caught() {
    assert!(caught(async |cast, desk| {
        match desk.propose(&offer(cast.room.library, 1)).await {
            Err(Error::Store(StoreError::Unknown { .. })) => Err(Error::Busy),
            answer => answer.map(drop),
        }
    }));
    // As well as one of which nothing more is heard.
    assert!(caught(async |cast, desk| {
        match desk.propose(&offer(cast.room.library, 1)).await {
            Err(Error::Store(StoreError::Unavailable { .. })) => Ok(()),
            answer => answer.map(drop),
        }
    }));
}
