//! What the site shows of records and occasions must be what the tables say.

use std::collections::BTreeSet;

use chrono::{DateTime, FixedOffset, Timelike, Utc};
use cmss::{Found, ListBy, OccasionItem, PageKind};
use serde_json::Value;

use crate::cast::{CALLED_OFF, SLUGS, THEMES, TITLES};
use crate::newsroom::{Content, Newsroom, OccasionState, OfKind, PlanTime, Record};
use crate::play::ensure;
use crate::public::{listed, said};
use crate::world::{World, minute};

/// What an address answers.
#[derive(PartialEq, Eq, Debug)]
enum Answer {
    Here(Box<Page>),
    Moved(String),
    NotThere,
}

/// What a page shows; of what it names, the names, and none where that is not public.
#[derive(PartialEq, Eq, Debug)]
struct Page {
    title: String,
    published: DateTime<Utc>,
    updated: DateTime<Utc>,
    organisations: Vec<Option<String>>,
    terms: Vec<Option<String>>,
    /// Where a project has stopped.
    progress: Option<u64>,
    contact: bool,
    lessons: bool,
    occasions: Vec<Held>,
}

/// An occasion: its theme, whether it is certain, what became of it, and why.
type Held = (String, String, String, Option<String>);

/// Compares the pages and lists of records with the tables.
pub(crate) async fn check(world: &World, newsroom: &Newsroom) -> Result<(), String> {
    for (of, kind) in [
        (OfKind::Project, PageKind::Project),
        (OfKind::Event, PageKind::Event),
    ] {
        let records = || newsroom.records.iter().filter(|record| record.kind() == of);
        let held = records().flat_map(|record| record.slug.iter().chain(&record.old).cloned());
        let named = TITLES.iter().filter_map(|(_, slug)| *slug);
        let named = named.chain(SLUGS[..3].iter().copied()).map(str::to_owned);
        for slug in held.chain(named).collect::<BTreeSet<_>>() {
            let found = world.cms.site().page(kind, &slug).await.map_err(said)?;
            let (is, should) = (seen(&found)?, expected(newsroom, of, &slug));
            ensure!(
                is == should,
                "at {slug} stands {is:?}, and should stand {should:?}"
            );
        }
        let should = records().filter(|record| record.public.is_some());
        let should: BTreeSet<_> = should.filter_map(|record| record.slug.clone()).collect();
        let is = listed(world, ListBy::Kind(kind)).await?;
        ensure!(
            is.as_ref() == Some(&should),
            "the list of {kind:?} holds {is:?}, not {should:?}"
        );
    }
    check_occasions(world, newsroom).await
}

/// Every occasion that is shown stands in one list, by whether its time is known.
async fn check_occasions(world: &World, newsroom: &Newsroom) -> Result<(), String> {
    let site = world.cms.site();
    let upcoming = site.upcoming(minute(0), 100, None).await.map_err(said)?;
    let undated = site.undated(100, None).await.map_err(said)?;
    for (list, time) in [(upcoming, PlanTime::Known), (undated, PlanTime::Unknown)] {
        let items = list.items.iter().map(|item| item.read::<OccasionItem>());
        let items = items.collect::<Result<Vec<_>, _>>().map_err(said)?;
        let mut is: Vec<_> = items
            .into_iter()
            .filter_map(|item| item.occasion.theme)
            .collect();
        let rows = 0..newsroom.records.len();
        let shown = rows.flat_map(|row| newsroom.shown_occasions(row));
        let shown = shown.filter(|(_, plan)| plan.time == time);
        let mut should: Vec<_> = shown.map(|(_, plan)| theme(plan.theme)).collect();
        is.sort_unstable();
        should.sort_unstable();
        ensure!(
            is == should,
            "of occasions {time:?}, {is:?} are listed, not {should:?}"
        );
    }
    Ok(())
}

fn theme(theme: u8) -> String {
    THEMES[usize::from(theme)].to_owned()
}

/// What the tables say of an address.
fn expected(newsroom: &Newsroom, of: OfKind, slug: &str) -> Answer {
    let held = |record: &Record| {
        record.kind() == of
            && (record.slug.as_deref() == Some(slug) || record.old.iter().any(|old| old == slug))
    };
    let Some(row) = newsroom.records.iter().position(held) else {
        return Answer::NotThere;
    };
    let record = &newsroom.records[row];
    match (&record.public, &record.slug) {
        (Some(public), Some(current)) if current == slug => {
            Answer::Here(Box::new(page(newsroom, row, public)))
        }
        (Some(_), Some(current)) => Answer::Moved(current.clone()),
        _ => Answer::NotThere,
    }
}

fn page(newsroom: &Newsroom, row: usize, public: &Content) -> Page {
    let record = &newsroom.records[row];
    let whole = |at: Option<DateTime<Utc>>| at.unwrap().with_nanosecond(0).unwrap();
    let title = |content: &Content| TITLES[content.title()].0.to_owned();
    let named = |row: usize| newsroom.records[row].public.as_ref().map(title);
    let progress = record.progress.filter(|progress| progress.stopped);
    let mut page = Page {
        title: title(public),
        published: whole(record.first),
        updated: whole(record.updated),
        organisations: Vec::new(),
        terms: Vec::new(),
        progress: progress.map(|progress| progress.reached.into()),
        contact: false,
        lessons: false,
        occasions: Vec::new(),
    };
    match *public {
        Content::Event { organiser, .. } => {
            page.organisations = organiser.map(named).into_iter().collect();
            let shown = newsroom.shown_occasions(row).map(|(row, plan)| {
                let occasion = &newsroom.occasions[row];
                let settled = if occasion.confirmed {
                    "confirmed"
                } else {
                    "tentative"
                };
                let (state, why) = match occasion.state {
                    OccasionState::Planned => ("planned", None),
                    OccasionState::TookPlace => ("took_place", None),
                    OccasionState::Cancelled => ("cancelled", Some(CALLED_OFF.to_owned())),
                };
                (theme(plan.theme), settled.to_owned(), state.to_owned(), why)
            });
            page.occasions = shown.collect();
            page.occasions.sort();
        }
        Content::Project {
            category,
            stage,
            owner,
            contact,
            lessons,
            ..
        } => {
            page.organisations = owner.map(named).into_iter().collect();
            page.terms = [category, stage].into_iter().flatten().map(named).collect();
            (page.contact, page.lessons) = (contact, lessons);
        }
        _ => {}
    }
    page
}

/// What the site answers.
fn seen(found: &Found) -> Result<Answer, String> {
    Ok(match found {
        Found::NotThere => Answer::NotThere,
        Found::Moved(moved) => Answer::Moved(moved.slug.to_string()),
        Found::Gone(gone) => return Err(format!("a record is gone: {}", gone.to_json())),
        Found::Here(page) => {
            let json: Value = serde_json::from_str(&page.to_json()).map_err(|e| e.to_string())?;
            let read = read(&json).ok_or(format!("a page cannot be read: {json}"))?;
            Answer::Here(Box::new(read))
        }
    })
}

/// A page as a visitor's program reads it.
fn read(json: &Value) -> Option<Page> {
    let (page, parts) = (json.get("page")?, json.get("parts")?.as_array()?);
    let text = |value: &Value, name: &str| value.get(name)?.as_str().map(str::to_owned);
    let at = |place: &Value| parts.get(usize::try_from(place.get("part")?.as_u64()?).ok()?);
    let named = |place: &Value, name: &str| at(place).and_then(|part| text(part, name));
    let all = |name: &str| {
        page.get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    let time = |name: &str| -> Option<DateTime<Utc>> {
        let time: DateTime<FixedOffset> = text(page, name)?.parse().ok()?;
        Some(time.with_timezone(&Utc))
    };
    let occasions = all("occasions").map(|one| {
        let of = |name| text(one, name);
        Some((of("theme")?, of("certainty")?, of("status")?, of("reason")))
    });
    let mut occasions = occasions.collect::<Option<Vec<Held>>>()?;
    occasions.sort();
    let organisations = all("organisers").chain(page.get("owner"));
    let terms = ["category", "stage"].into_iter();
    let terms = terms.filter_map(|name| page.get(name));
    Some(Page {
        title: text(page, "title")?,
        published: time("published_at")?,
        updated: time("updated_at")?,
        organisations: organisations.map(|place| named(place, "name")).collect(),
        terms: terms.map(|place| named(place, "label")).collect(),
        progress: page.get("progress").and_then(Value::as_u64),
        contact: all("contacts").next().is_some(),
        lessons: page.get("lessons").is_some(),
        occasions,
    })
}
