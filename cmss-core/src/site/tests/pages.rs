//! Pages by address.

use super::*;

fn article(site: &Site, address: &str) -> Found {
    block_on(site.article(address)).unwrap()
}

fn here(found: Found) -> Served {
    match found {
        Found::Here(page) => page,
        other => panic!("not here: {other:?}"),
    }
}

fn moved(kind: PageKind, address: &str) -> Found {
    Found::Moved(Moved {
        kind,
        slug: slug(address),
    })
}

/// A story with a topic, a byline, and a part that is not public.
fn story() -> Story {
    Story {
        parts: vec![TOPIC, Uuid::from_u128(404), BYLINE],
        ..Story::new(1, "nycklar")
    }
}

#[test]
fn a_page_is_served_with_its_parts_in_the_order_of_their_places() {
    let store = Faces::new(parts().into_iter().chain([story().here()]));
    let page = here(article(&store.site(), "nycklar"));
    let value: Value = page.read().unwrap();
    let first_parts = [
        Some(term(Vocabulary::Topic, "bostad")),
        None,
        Some(byline(Some("sol-ek"))),
    ];
    assert_eq!(page.parts().unwrap(), first_parts);
    assert_eq!(
        parsed(&page.to_json()),
        json!({"page": value, "parts": first_parts})
    );
    assert_eq!(
        value["places"],
        json!([{"part": 0}, {"part": 1}, {"part": 2}])
    );
    assert_eq!(store.asked(), ["scan public.address", "get 3"]);
}

#[test]
fn a_page_without_parts_asks_for_none() {
    let store = Faces::new([Story::new(1, "nycklar").here()]);
    let page = here(article(&store.site(), "nycklar"));
    assert!(page.to_json().ends_with(",\"parts\":[]}"));
    assert_eq!(store.asked(), ["scan public.address"]);
}

#[test]
fn neither_the_head_nor_the_id_of_a_part_is_served_or_shown() {
    let store = Faces::new(parts().into_iter().chain([story().here()]));
    let site = store.site();
    let page = here(article(&site, "nycklar"));
    let listed = block_on(site.list(&Listing::by(ListBy::All))).unwrap();
    let shown = format!("{} {page:?} {listed:?} {:?}", page.to_json(), page.parts());
    for id in [TOPIC, BYLINE, Uuid::from_u128(404)] {
        assert!(!shown.contains(&id.to_string()));
        assert!(!shown.contains(&id.simple().to_string()));
    }
    assert!(!shown.contains("4711"));
}

#[test]
fn an_old_address_leads_to_the_current_one() {
    let story = Story {
        old: vec![slug("nyckel")],
        ..story()
    };
    let store = Faces::new([story.here()]);
    assert_eq!(
        article(&store.site(), "nyckel"),
        moved(PageKind::Article, "nycklar")
    );
}

#[test]
fn a_page_that_was_taken_down_is_gone_at_all_its_addresses() {
    let story = Story {
        old: vec![slug("nyckel")],
        ..story()
    };
    let notice = "There were faults in it.";
    let store = Faces::new([story.face().away(Answer::Gone, Some(notice))]);
    for address in ["nycklar", "nyckel"] {
        let Found::Gone(gone) = article(&store.site(), address) else {
            panic!("not gone");
        };
        assert_eq!(gone.notice().unwrap().as_deref(), Some(notice));
        assert_eq!(parsed(&gone.to_json()), json!({"gone": {"notice": notice}}));
    }
}

#[test]
fn a_page_that_gave_way_to_another_leads_there_for_as_long_as_that_is_public() {
    let store = Faces::new(parts());
    store.put(story().face().away(Answer::Moved(PROJECT), None));
    let site = store.site();
    assert_eq!(
        article(&site, "nycklar"),
        moved(PageKind::Project, "kvallsoppet")
    );

    store.put(Face::part(PROJECT, &link(PageKind::Project, "langoppet")));
    assert_eq!(
        article(&site, "nycklar"),
        moved(PageKind::Project, "langoppet")
    );

    store.remove(part_at(PROJECT));
    let Found::Gone(gone) = article(&site, "nycklar") else {
        panic!("not gone");
    };
    assert_eq!(gone.notice().unwrap(), None);
    assert_eq!(gone.to_json(), "{\"gone\":{}}");
}

#[test]
fn a_page_of_another_kind_is_not_there() {
    let store = Faces::new([story().here()]);
    let site = store.site();
    assert_eq!(block_on(site.project("nycklar")).unwrap(), Found::NotThere);
    assert_eq!(block_on(site.event("nycklar")).unwrap(), Found::NotThere);
    assert_eq!(article(&site, "nyckla"), Found::NotThere);
    assert_eq!(article(&site, "nycklar-2"), Found::NotThere);
}

#[test]
fn what_no_slug_can_be_is_not_there_before_anything_is_asked() {
    let store = Faces::new([]);
    let site = store.site();
    for address in ["Nycklar!", "", "..", "%C3%A5", &"a".repeat(81)] {
        assert_eq!(article(&site, address), Found::NotThere);
    }
    assert_eq!(store.asked(), [""; 0]);
}

#[test]
fn parts_may_be_newer_than_the_page_and_never_older() {
    let store = Faces::new(parts().into_iter().chain([story().here()]));
    store.put_meanwhile(Face::part(BYLINE, &byline(Some("kim-ask"))));
    store.remove_meanwhile(part_at(TOPIC));
    store.remove_meanwhile(story().here().at);
    let page = here(article(&store.site(), "nycklar"));
    assert_eq!(
        page.parts().unwrap(),
        [None, None, Some(byline(Some("kim-ask")))]
    );
}

#[test]
fn the_validator_moves_with_what_is_served_and_with_nothing_else() {
    let store = Faces::new(parts().into_iter().chain([story().here()]));
    let site = store.site();
    let validator = || article(&site, "nycklar").validator();
    let first = validator();
    assert_eq!(first.to_string().len(), 32);

    // Where and how it is listed is not served.
    store.put(
        Story {
            time: minute(9),
            old: vec![slug("nyckel")],
            ..story()
        }
        .here(),
    );
    store.put(Face::part(PROJECT, &link(PageKind::Project, "langoppet")));
    assert_eq!(validator(), first);

    store.put(Face::part(BYLINE, &byline(Some("kim-ask"))));
    let renamed = validator();
    assert_ne!(renamed, first);
    store.remove(part_at(BYLINE));
    let without = validator();
    assert!(without != renamed && without != first);
    store.put(Face::part(BYLINE, &byline(Some("sol-ek"))));
    assert_eq!(validator(), first);

    store.put(story().face().away(Answer::Gone, None));
    let gone = validator();
    store.remove(story().here().at);
    let not_there = validator();
    assert!(gone != first && not_there != gone && not_there != first);
}

#[test]
fn a_text_of_another_type_is_an_error_and_never_a_guess() {
    let store = Faces::new(parts().into_iter().chain([story().here()]));
    let site = store.site();
    let page = here(article(&site, "nycklar"));
    assert!(matches!(page.read::<Card>(), Err(Error::Corrupt { .. })));

    let mut damaged = Face::part(TOPIC, &term(Vocabulary::Topic, "bostad"));
    damaged.body = "{}".to_owned();
    store.put(damaged);
    let error = block_on(site.article("nycklar")).unwrap_err().to_string();
    assert!(error.starts_with("corrupt: public.part"), "{error}");
    assert!(!error.contains(&TOPIC.to_string()));
}
