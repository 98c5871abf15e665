//! The site must show what the tables say, and nothing beside.

use std::collections::BTreeSet;

use chrono::{DateTime, FixedOffset, Timelike, Utc};
use cmss::{Error, FeedItem, Found, ListBy, Listing};
use serde_json::Value;

use crate::cast::{ACCOUNTS, HEADLINES, LEGAL, NAMES, NOTES, SLUGS, SPEAKERS, TITLES};
use crate::newsroom::{After, CreditedTo, EVENT, Newsroom, PageState};
use crate::play::ensure;
use crate::record::spelled;
use crate::shown;
use crate::world::{World, lead, minute};

pub(crate) fn said(error: Error) -> String {
    format!("the site says {error}")
}

/// Everything a visitor can read, byte for byte.
pub(crate) async fn dump(world: &World) -> Result<String, String> {
    let site = world.cms.site();
    let mut dump = String::new();
    for page in site.everything(100, None).await.map_err(said)?.pages {
        dump.push_str(&format!(
            "{:?} {} {}\n",
            page.kind,
            page.slug,
            page.page.to_json()
        ));
    }
    let listing = Listing {
        limit: 100,
        ..Listing::by(ListBy::All)
    };
    if let Some(list) = site.list(&listing).await.map_err(said)? {
        dump.push_str(&list.to_json());
    }
    for list in [
        site.upcoming(minute(0), 100, None).await.map_err(said)?,
        site.undated(100, None).await.map_err(said)?,
    ] {
        dump.push_str(&list.to_json());
    }
    dump.push_str(&site.changes(None, 100).await.map_err(said)?.to_json());
    Ok(dump)
}

/// Compares the site with the tables.
pub(crate) async fn check(world: &World, newsroom: &Newsroom) -> Result<(), String> {
    let mut slugs: BTreeSet<String> = SLUGS[..3].iter().map(|slug| (*slug).to_owned()).collect();
    slugs.extend(
        HEADLINES
            .iter()
            .filter_map(|(_, slug)| slug.map(str::to_owned)),
    );
    for variant in &newsroom.variants {
        slugs.extend(variant.slug.iter().chain(&variant.old).cloned());
    }
    for slug in slugs {
        let found = world.cms.site().article(&slug).await.map_err(said)?;
        let should = expected(newsroom, &slug);
        let is = seen(&found)?;
        ensure!(
            is == should,
            "at {slug} stands {is:?}, and should stand {should:?}"
        );
    }
    shown::check(world, newsroom).await?;
    check_lists(world, newsroom).await?;
    check_feed(world, newsroom).await
}

/// What an address answers.
#[derive(PartialEq, Eq, Debug)]
enum Answer {
    Here(Box<Page>),
    Moved(String),
    Gone(Option<String>),
    NotThere,
}

/// What a page shows.
#[derive(PartialEq, Eq, Debug)]
struct Page {
    title: String,
    lead: Option<String>,
    language: String,
    published: DateTime<Utc>,
    updated: DateTime<Utc>,
    paragraphs: usize,
    /// The name of whoever is quoted; none where the quote has left the page.
    quote: Option<Option<String>>,
    /// For what, and the name; none where there is no name.
    credits: Vec<(String, Option<String>, Option<String>)>,
    /// The title of the event; none where it is not public.
    events: Vec<Option<String>>,
}

/// What the tables say of an address.
fn expected(newsroom: &Newsroom, slug: &str) -> Answer {
    let held = |variant: &crate::newsroom::Variant| {
        variant.slug.as_deref() == Some(slug) || variant.old.iter().any(|old| old == slug)
    };
    let Some(row) = newsroom.variants.iter().position(held) else {
        return Answer::NotThere;
    };
    let variant = &newsroom.variants[row];
    match (variant.state, &variant.after) {
        (PageState::Live, _) if variant.slug.as_deref() == Some(slug) => {
            Answer::Here(Box::new(page(newsroom, row)))
        }
        (PageState::Live, _) => Answer::Moved(variant.slug.clone().unwrap_or_default()),
        (PageState::Unpublished, After::Gone(notice)) => Answer::Gone(Some((*notice).to_owned())),
        (PageState::Unpublished, After::Elsewhere(other)) => {
            let other = &newsroom.variants[*other];
            match &other.slug {
                Some(slug) if other.state == PageState::Live => Answer::Moved(slug.clone()),
                _ => Answer::Gone(None),
            }
        }
        (PageState::Unpublished, After::AtTheEvent) => {
            let event = &newsroom.records[EVENT];
            match (&event.public, &event.slug) {
                (Some(_), Some(slug)) => Answer::Moved(slug.clone()),
                _ => Answer::Gone(None),
            }
        }
        _ => Answer::NotThere,
    }
}

fn page(newsroom: &Newsroom, row: usize) -> Page {
    let variant = &newsroom.variants[row];
    let text = newsroom.live_text(row).unwrap();
    let whole = |at: Option<DateTime<Utc>>| at.unwrap().with_nanosecond(0).unwrap();
    let credits = text.credits.iter().map(|credit| {
        let role = if credit.words { "text" } else { "photo" }.to_owned();
        match credit.by {
            CreditedTo::Byline(byline) => {
                let byline = &newsroom.bylines[byline];
                (
                    role,
                    byline.name.map(|name| NAMES[name].0.to_owned()),
                    byline.slug.clone(),
                )
            }
            CreditedTo::Name(name) => (role, Some(NAMES[name].0.to_owned()), None),
        }
    });
    Page {
        title: HEADLINES[text.headline].0.to_owned(),
        lead: Some(lead(text)).filter(|lead| !lead.is_empty()),
        language: if text.english { "en" } else { "sv" }.to_owned(),
        published: whole(variant.first),
        updated: whole(variant.updated),
        paragraphs: text.paragraphs.into(),
        quote: text.quote.map(|(speaker, consent)| {
            let valid = !newsroom.consents[consent].withdrawn;
            valid.then(|| SPEAKERS[speaker].to_owned())
        }),
        credits: credits.collect(),
        events: text
            .names_event
            .then(|| {
                let event = newsroom.records[EVENT].public.as_ref();
                event.map(|event| TITLES[event.title()].0.to_owned())
            })
            .into_iter()
            .collect(),
    }
}

/// What the site answers.
fn seen(found: &Found) -> Result<Answer, String> {
    Ok(match found {
        Found::NotThere => Answer::NotThere,
        Found::Moved(moved) => Answer::Moved(moved.slug.to_string()),
        Found::Gone(gone) => {
            let json: Value = serde_json::from_str(&gone.to_json()).map_err(|e| e.to_string())?;
            let notice = json.pointer("/gone/notice").and_then(Value::as_str);
            Answer::Gone(notice.map(str::to_owned))
        }
        Found::Here(page) => {
            let json: Value = serde_json::from_str(&page.to_json()).map_err(|e| e.to_string())?;
            Answer::Here(Box::new(
                read(&json).ok_or(format!("a page cannot be read: {json}"))?,
            ))
        }
    })
}

/// A page as a visitor's program reads it.
fn read(json: &Value) -> Option<Page> {
    let (page, parts) = (json.get("page")?, json.get("parts")?.as_array()?);
    let text = |value: &Value, name: &str| value.get(name)?.as_str().map(str::to_owned);
    let at = |place: &Value| parts.get(usize::try_from(place.get("part")?.as_u64()?).ok()?);
    let time = |name: &str| -> Option<DateTime<Utc>> {
        let time: DateTime<FixedOffset> = text(page, name)?.parse().ok()?;
        Some(time.with_timezone(&Utc))
    };
    let blocks = page.get("blocks")?.as_array()?;
    let of = |kind: &'static str| blocks.iter().filter(move |block| block["type"] == kind);
    let quote = of("quote").map(|block| at(&block["quote"]).map(|part| text(part, "speaker")));
    let credits = page.get("credits")?.as_array()?.iter().map(|credit| {
        let role = text(credit, "role")?;
        match credit.get("byline") {
            None => Some((role, text(credit, "name"), None)),
            // Absent part and unnamed byline look alike here; that the part is there is the part's.
            Some(place) => {
                let part = at(place).filter(|part| part["type"] == "byline")?;
                Some((role, text(part, "name"), text(part, "slug")))
            }
        }
    });
    let events = page.get("events").and_then(Value::as_array);
    let events = events.into_iter().flatten();
    Some(Page {
        title: text(page, "title")?,
        lead: text(page, "lead"),
        language: text(page, "language")?,
        published: time("published_at")?,
        updated: time("updated_at")?,
        paragraphs: of("paragraph").count(),
        quote: quote.collect::<Vec<_>>().pop().map(Option::flatten),
        credits: credits.collect::<Option<_>>()?,
        events: events.map(|place| text(at(place)?, "title")).collect(),
    })
}

/// Every list holds what is live, and no other page.
async fn check_lists(world: &World, newsroom: &Newsroom) -> Result<(), String> {
    let live = |shown: Option<usize>| {
        let rows = (0..newsroom.variants.len()).filter(move |row| {
            let text = newsroom.live_text(*row);
            text.is_some_and(|text| shown.is_none_or(|one| text.bylines().any(|by| by == one)))
        });
        rows.map(|row| newsroom.variants[row].slug.clone().unwrap())
            .collect::<BTreeSet<_>>()
    };
    let all = listed(world, ListBy::Kind(cmss::PageKind::Article)).await?;
    ensure!(
        all.as_ref() == Some(&live(None)),
        "the list holds {all:?}, not {:?}",
        live(None)
    );
    for slug in &newsroom.byline_slugs {
        let holder = newsroom
            .bylines
            .iter()
            .position(|one| one.slug.as_ref() == Some(slug));
        let should = holder
            .filter(|row| newsroom.shows(*row))
            .map(|row| live(Some(row)));
        let is = listed(world, ListBy::Byline(slug.parse().unwrap())).await?;
        ensure!(
            is == should,
            "under the byline {slug} stands {is:?}, not {should:?}"
        );
    }
    Ok(())
}

/// The addresses in a list; none where there is no such list.
pub(crate) async fn listed(world: &World, by: ListBy) -> Result<Option<BTreeSet<String>>, String> {
    let listing = Listing {
        limit: 100,
        ..Listing::by(by)
    };
    let Some(page) = world.cms.site().list(&listing).await.map_err(said)? else {
        return Ok(None);
    };
    let mut slugs = BTreeSet::new();
    for item in &page.items {
        let card: cmss::Card = item.read().map_err(said)?;
        ensure!(
            slugs.insert(card.slug.to_string()),
            "{} is listed twice",
            card.slug
        );
    }
    Ok(Some(slugs))
}

/// The feed tells what happened, in order, and each thing once.
async fn check_feed(world: &World, newsroom: &Newsroom) -> Result<(), String> {
    let items = world
        .cms
        .site()
        .changes(None, 100)
        .await
        .map_err(said)?
        .items()
        .map_err(said)?;
    let told = items.iter().map(|item| match item {
        FeedItem::Appeared { slug, .. } => ("appeared", slug.to_string()),
        FeedItem::Changed { slug, .. } => ("changed", slug.to_string()),
        FeedItem::Left { slug, .. } => ("left", slug.to_string()),
        _ => ("revalidate", String::new()),
    });
    let told: Vec<_> = told.collect();
    let should = &newsroom.feed;
    ensure!(
        told == should[..should.len().min(100)],
        "the feed tells {told:?}, not {should:?}"
    );
    Ok(())
}

/// 18: no name that no live page shows.
pub(crate) fn check_names(newsroom: &Newsroom, dump: &str) -> Result<(), String> {
    let mut shown = BTreeSet::new();
    for text in (0..newsroom.variants.len()).filter_map(|row| newsroom.live_text(row)) {
        shown.extend(text.bylines().filter_map(|row| newsroom.bylines[row].name));
        shown.extend(text.free_names());
    }
    for (name, (shows, _)) in NAMES.iter().enumerate() {
        let may = shown.contains(&name);
        ensure!(
            may || !dump.contains(shows),
            "{shows} is shown, and no page names them"
        );
    }
    for byline in newsroom.byline_slugs.iter() {
        let holder = newsroom
            .bylines
            .iter()
            .position(|one| one.slug.as_ref() == Some(byline));
        let may = holder.is_some_and(|row| newsroom.shows(row));
        let slug = format!("\"slug\":\"{byline}\"");
        ensure!(
            may || !dump.contains(&slug),
            "the address {byline} is shown, and nobody has it"
        );
    }
    Ok(())
}

/// Nothing private is shown, whatever happens: no legal name, no account, no note, no private id.
pub(crate) fn check_hidden(world: &World, dump: &str) -> Result<(), String> {
    let private = LEGAL.iter().chain(&ACCOUNTS).chain(&NOTES);
    for text in private.filter(|text| !text.trim().is_empty()) {
        ensure!(!dump.contains(text), "{text} is shown, and is private");
    }
    let ids = (world.persons.iter().map(ToString::to_string))
        .chain(world.bylines.iter().map(ToString::to_string))
        .chain(world.consents.iter().map(ToString::to_string))
        .chain(world.claims.iter().map(ToString::to_string))
        .chain(world.tasks.iter().map(ToString::to_string))
        .chain(world.articles.iter().map(ToString::to_string))
        .chain(world.variants.iter().map(ToString::to_string))
        .chain(world.editions.iter().map(ToString::to_string))
        .chain(world.revisions.iter().map(ToString::to_string))
        .chain(world.records.iter().map(spelled))
        .chain(world.occasions.iter().map(ToString::to_string));
    let shown = uuids(dump);
    for id in ids {
        let bare = id.split(':').next_back().unwrap_or(&id);
        ensure!(!shown.contains(bare), "{id} is shown");
    }
    Ok(())
}

/// Everything in a text that is spelled as an id is.
fn uuids(text: &str) -> BTreeSet<&str> {
    const HYPHENS: [usize; 4] = [8, 13, 18, 23];
    let begin = text
        .match_indices('-')
        .filter_map(|(at, _)| at.checked_sub(HYPHENS[0]));
    let spelled = begin.filter_map(|begin| text.get(begin..begin + 36));
    spelled
        .filter(|id| HYPHENS.iter().all(|at| id.as_bytes()[*at] == b'-'))
        .collect()
}

#[test]
fn ids_are_found_wherever_they_stand() {
    let (one, other) = (
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    );
    assert_eq!(uuids(&format!("å-{one}{other}-")), [one, other].into());
    assert_eq!(uuids("2026-03-02T08:00:00Z a-b-c-d-e"), [].into());
}
