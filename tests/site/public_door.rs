//! What the public door shows of what the desk does, and what it does not.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Stockholm;
use cmss_core::values::{Lang, Locale};
use cmss_core::{
    Actor, Cms, Desk, FeedItem, Found, ListBy, ListPage, Listing, NewNewsroom, NewPerson,
    Organisation, OrganisationKind, PageKind, Part, SeededIds, SetClock, Site, Term, TermId,
    Vocabulary,
};
use cmss_memory::MemoryStore;
use pollster::block_on;

/// A newsroom with an editor at the desk.
fn newsroom() -> (Desk, Site) {
    let now: DateTime<Utc> = "2017-01-20T08:00:00Z".parse().unwrap();
    let newsroom = NewNewsroom {
        name: "Lyktan".to_owned(),
        zone: Stockholm,
        language: Lang::from(Locale::Sv),
    };
    let founding = Cms::builder(MemoryStore::new())
        .clock(Arc::new(SetClock::at(now)))
        .ids(Arc::new(SeededIds::new("the public door")));
    let admin = NewPerson::named("Vera Lind");
    let (cms, vera) = block_on(founding.found(&newsroom, &admin)).unwrap();
    (cms.desk(Actor::new(vera).editor()), cms.site())
}

fn put_topic(desk: &Desk, id: Option<TermId>, label: &str) -> TermId {
    let topic = Term::labelled(Vocabulary::Topic, "bostad".parse().unwrap(), label);
    block_on(desk.put_term(id, &topic)).unwrap()
}

fn by_topic(site: &Site) -> Option<ListPage> {
    let listing = Listing::by(ListBy::Topic("bostad".parse().unwrap()));
    block_on(site.list(&listing)).unwrap()
}

/// The label that the list of the topic says it is by; `None` while there is no such list.
fn label(site: &Site) -> Option<String> {
    match by_topic(site)?.of().unwrap()? {
        Part::Term(term) => Some(term.label),
        other => panic!("listed by {other:?}"),
    }
}

#[test]
fn a_newsroom_begins_with_its_stages_and_no_page() {
    let (_, site) = newsroom();
    let listing = Listing::by(ListBy::Stage("pilot".parse().unwrap()));
    let pilots = block_on(site.list(&listing)).unwrap().unwrap();
    assert_eq!(
        pilots.to_json(),
        "{\"of\":{\"type\":\"term\",\"vocabulary\":\"stage\",\"slug\":\"pilot\",\
         \"label\":\"Testas som pilot\",\"progress\":50},\"items\":[]}"
    );
    let all = block_on(site.list(&Listing::by(ListBy::All))).unwrap();
    assert_eq!(all.unwrap().to_json(), "{\"items\":[]}");
    assert_eq!(block_on(site.article("pilot")).unwrap(), Found::NotThere);
}

#[test]
fn a_topic_is_there_from_publishing_until_hiding() {
    let (desk, site) = newsroom();
    let topic = put_topic(&desk, None, "Bostad");
    assert_eq!(label(&site), None);

    block_on(desk.publish_record(topic)).unwrap();
    assert_eq!(label(&site).as_deref(), Some("Bostad"));

    let before = by_topic(&site).unwrap().validator();
    put_topic(&desk, Some(topic), "Boende");
    assert_eq!(by_topic(&site).unwrap().validator(), before);
    block_on(desk.publish_record(topic)).unwrap();
    assert_eq!(label(&site).as_deref(), Some("Boende"));
    assert_ne!(by_topic(&site).unwrap().validator(), before);

    block_on(desk.hide_record(topic)).unwrap();
    assert_eq!(by_topic(&site), None);
}

/// Everything that can be asked without knowing an address, and some addresses.
fn all_answers(site: &Site) -> String {
    let now: DateTime<Utc> = "2017-01-20T08:00:00Z".parse().unwrap();
    let kinds = [PageKind::Article, PageKind::Event, PageKind::Project];
    let lists = [
        ListBy::All,
        ListBy::Topic("bostad".parse().unwrap()),
        ListBy::Category("bostad".parse().unwrap()),
        ListBy::Stage("ide".parse().unwrap()),
        ListBy::Byline("vera-lind".parse().unwrap()),
        ListBy::Project("bostad".parse().unwrap()),
        ListBy::Event("bostad".parse().unwrap()),
    ];
    let lists = lists.into_iter().chain(kinds.map(ListBy::Kind));
    let lists = lists.map(|by| block_on(site.list(&Listing::by(by))).unwrap());
    let lists = lists.map(|page| page.map(|page| (page.to_json(), page.validator())));
    let pages = kinds.map(|kind| block_on(site.page(kind, "bostad")).unwrap());
    let upcoming = block_on(site.upcoming(now, 100, None)).unwrap();
    let undated = block_on(site.undated(100, None)).unwrap();
    let everything = block_on(site.everything(100, None)).unwrap();
    let feed = block_on(site.changes(None, 100)).unwrap();
    let lists: Vec<_> = lists.collect();
    format!("{lists:?} {pages:?} {upcoming:?} {undated:?} {everything:?} {feed:?}")
}

#[test]
fn what_is_not_published_changes_no_answer() {
    let (desk, site) = newsroom();
    let before = all_answers(&site);
    let topic = put_topic(&desk, None, "Bostad");
    put_topic(&desk, Some(topic), "Boende");
    let organisation = Organisation::named("Föreningen Bryggan", OrganisationKind::Association);
    block_on(desk.put_organisation(None, &organisation)).unwrap();
    assert_eq!(all_answers(&site), before);
    block_on(desk.publish_record(topic)).unwrap();
    assert_ne!(all_answers(&site), before);
}

#[test]
fn the_feed_tells_that_something_pages_show_has_changed_and_not_what() {
    let (desk, site) = newsroom();
    let begun = block_on(site.changes(None, 100)).unwrap();
    let topic = put_topic(&desk, None, "Bostad");
    block_on(desk.publish_record(topic)).unwrap();
    let told = block_on(site.changes(Some(&begun.next), 100)).unwrap();
    assert_eq!(told.items().unwrap(), [FeedItem::Revalidate]);
    assert_eq!(
        told.to_json(),
        format!(
            "{{\"items\":[{{\"change\":\"revalidate\"}}],\"next\":\"{}\"}}",
            told.next
        )
    );
}
