//! What reads a newsroom on a store of which each call fails: the public door, the audit log, a
//! check. Each answer that comes is the one of the sound store, and what fails answers an error.

use cmss::store::Seq;
use cmss::{Actor, Coded, Found, ListBy, Listing, PageKind, Site};

use super::*;

/// The answers that a reader was given, in their order. On any store but the sound one each is
/// compared as it comes.
struct Answers<'a> {
    sound: Option<&'a [String]>,
    given: Vec<String>,
}

impl<'a> Answers<'a> {
    const fn like(sound: Option<&'a [String]>) -> Self {
        Self {
            sound,
            given: Vec::new(),
        }
    }

    /// Takes down an answer, which is the one that the sound store gives here.
    fn take(&mut self, answer: impl Into<String>) {
        let answer = answer.into();
        if let Some(sound) = self.sound {
            let expected = sound.get(self.given.len());
            assert_eq!(Some(&answer), expected, "not what the sound store answers");
        }
        self.given.push(answer);
    }

    /// Asserts that none is lacking at the end.
    fn end(self) {
        if let Some(sound) = self.sound {
            assert_eq!(self.given.len(), sound.len(), "answers are lacking");
        }
    }
}

/// Asks on the sound store, and then with every fault at every call; answers also which calls were
/// made once the newsroom was open.
///
/// Whoever was told of a failure that passes asks again at the same door before it is given up: a
/// failure leaves nothing there.
fn read(
    store: &MemoryStore,
    ask: impl AsyncFn(&Cms, &mut Answers<'_>) -> Result<(), Error>,
) -> (Survived, Vec<&'static str>) {
    let counting = Arc::new(Counting::new(Arc::new(store.clone())));
    let mut sound = Answers::like(None);
    let cms = block_on(opened(counting.clone())).unwrap();
    let (opening, _) = met(counting.counts());
    counting.reset();
    block_on(ask(&cms, &mut sound)).unwrap();
    let sound = sound.given;
    assert!(!sound.is_empty());

    let scenario = async |store: Arc<dyn Store>| {
        let cms = opened(store).await?;
        let mut answers = Answers::like(Some(&sound));
        if let Err(error) = ask(&cms, &mut answers).await {
            if error.is_retryable() {
                let mut again = Answers::like(Some(&sound));
                ask(&cms, &mut again).await.unwrap();
                again.end();
            }
            return Err(error);
        }
        answers.end();
        Ok(())
    };
    let survived = under_every_fault(|| Arc::new(store.clone()), scenario, async |_| {});
    let (calls, made) = met(counting.counts());
    assert_eq!((survived.calls, survived.commits), (opening + calls, 0));
    assert_eq!(survived.recovered, 0, "{SWALLOWED}");
    (survived, made)
}

async fn page(site: &Site, slug: &str, answers: &mut Answers<'_>) -> Result<(), Error> {
    for kind in PageKind::ALL {
        answers.take(match site.page(*kind, slug).await? {
            Found::Here(page) => page.to_json(),
            Found::Gone(gone) => gone.to_json(),
            other => format!("{other:?}"),
        });
    }
    Ok(())
}

async fn list(site: &Site, by: &ListBy, answers: &mut Answers<'_>) -> Result<(), Error> {
    let mut listing = Listing {
        limit: 2,
        ..Listing::by(by.clone())
    };
    loop {
        let page = site.list(&listing).await?;
        answers.take(
            page.as_ref()
                .map_or("no list".to_owned(), |page| page.to_json()),
        );
        listing.after = page.and_then(|page| page.next);
        if listing.after.is_none() {
            return Ok(());
        }
    }
}

async fn occasions(site: &Site, answers: &mut Answers<'_>) -> Result<(), Error> {
    let mut after = None;
    loop {
        let time = at("2026-02-01T00:00:00Z");
        let page = site.upcoming(time, 1, after.as_ref()).await?;
        answers.take(page.to_json());
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    loop {
        let page = site.undated(1, after.as_ref()).await?;
        answers.take(page.to_json());
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

async fn everything(site: &Site, answers: &mut Answers<'_>) -> Result<(), Error> {
    let mut after = None;
    loop {
        let some = site.everything(3, after.as_ref()).await?;
        for page in some.pages {
            answers.take(format!("{} {}", page.slug, page.page.to_json()));
        }
        after = some.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

async fn changes(site: &Site, answers: &mut Answers<'_>) -> Result<(), Error> {
    let mut after = None;
    loop {
        let news = site.changes(after.as_ref(), 7).await?;
        answers.take(news.to_json());
        if news.is_empty() {
            return Ok(());
        }
        after = Some(news.next);
    }
}

/// What the pages of the rich newsroom are listed by.
fn lists() -> Vec<ListBy> {
    let slug = |slug: &str| slug.parse().unwrap();
    vec![
        ListBy::All,
        ListBy::Kind(PageKind::Article),
        ListBy::Topic(slug("bostad")),
        ListBy::Byline(slug("masen")),
        ListBy::Topic(slug("nobody-ever-had-this")),
    ]
}

#[test]
fn the_site_answers_the_same_or_an_error_whichever_call_fails() {
    let rich = block_on(Rich::told());
    let mut slugs = rich.articles.slugs.clone();
    slugs.extend(["kvallsoppet", "dolt", "nobody-ever-had-this"]);
    let pages = async |cms: &Cms, answers: &mut Answers<'_>| {
        for slug in &slugs {
            page(&cms.site(), slug, answers).await?;
        }
        Ok(())
    };
    let lists = async |cms: &Cms, answers: &mut Answers<'_>| {
        for by in lists() {
            list(&cms.site(), &by, answers).await?;
        }
        Ok(())
    };
    let occasions =
        async |cms: &Cms, answers: &mut Answers<'_>| occasions(&cms.site(), answers).await;
    let everything =
        async |cms: &Cms, answers: &mut Answers<'_>| everything(&cms.site(), answers).await;
    let changes = async |cms: &Cms, answers: &mut Answers<'_>| changes(&cms.site(), answers).await;
    let both = ["get", "scan"];
    let mut all = Survived::default();
    for ((survived, made), makes) in [
        (read(&rich.store, pages), &both[..]),
        (read(&rich.store, lists), &both),
        (read(&rich.store, occasions), &both),
        (read(&rich.store, everything), &both),
        // What is told in the feed has no parts.
        (read(&rich.store, changes), &["scan"]),
    ] {
        assert_eq!(made, makes);
        all = together(all, survived);
    }
    told("the site", all);
}

/// All of the log that somebody may read.
async fn log(cms: &Cms, actor: &Actor, answers: &mut Answers<'_>) -> Result<(), Error> {
    let desk = cms.desk(actor.clone());
    let mut after = Seq::ZERO;
    loop {
        let page = desk.audit(after, 30).await?;
        answers.take(format!("{page:?}"));
        if page.reached == after {
            return Ok(());
        }
        after = page.reached;
    }
}

#[test]
fn the_audit_log_is_read_as_it_is_or_not_whichever_call_fails() {
    let rich = block_on(Rich::told());
    let mut all = Survived::default();
    let both = ["get", "changes"];
    for (actor, makes) in [
        // Nothing is looked up for those who read all of it.
        (rich.people.editor(), &["changes"][..]),
        (rich.people.admin(), &both),
        (rich.people.reporter(), &both),
        (rich.people.other(), &both),
        (rich.people.mentor(), &both),
        (rich.people.unit(rich.records.library), &both),
    ] {
        let ask = async |cms: &Cms, answers: &mut Answers<'_>| log(cms, &actor, answers).await;
        let (survived, made) = read(&rich.store, ask);
        assert_eq!(made, makes, "{actor:?}");
        all = together(all, survived);
    }
    told("the audit log", all);
}

/// What a check finds, and what it tells on its way.
async fn check(cms: &Cms, answers: &mut Answers<'_>) -> Result<(), Error> {
    let mut on_its_way = Vec::new();
    let checked = cms.check(|looked_at| on_its_way.push(looked_at)).await;
    for looked_at in on_its_way {
        answers.take(looked_at.to_string());
    }
    answers.take(format!("{:?}", checked?));
    Ok(())
}

#[test]
fn a_check_finds_what_there_is_or_fails_whichever_call_fails() {
    let rich = block_on(Rich::told());
    let (survived, made) = read(&rich.store, check);
    assert_eq!(made, ["get", "scan", "walk"]);
    told("a check", survived);
}

#[test]
fn a_reader_that_takes_an_error_for_the_end_is_caught() {
    let rich = block_on(Rich::told());
    assert!(is_caught(|| {
        read(&rich.store, async |cms, answers| {
            let _ = everything(&cms.site(), answers).await;
            Ok(())
        })
    }));
}

#[test]
fn a_reader_that_takes_an_error_for_nothing_there_is_caught() {
    let rich = block_on(Rich::told());
    let slug = rich.articles.slugs[0];
    assert!(is_caught(|| {
        read(&rich.store, async |cms, answers| {
            let found = cms.site().article(slug).await.unwrap_or(Found::NotThere);
            answers.take(format!("{found:?}"));
            Ok(())
        })
    }));
}

#[test]
fn a_check_that_takes_an_error_for_a_fault_of_the_store_is_caught() {
    let rich = block_on(Rich::told());
    assert!(is_caught(|| {
        read(&rich.store, async |cms, answers| {
            let checked = cms.check(|_| {}).await;
            answers.take(format!("{}", checked.is_ok()));
            Ok(())
        })
    }));
}
