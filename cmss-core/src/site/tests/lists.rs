//! Lists of pages.

use std::cmp::Reverse;

use proptest::prelude::*;

use super::*;

fn list(site: &Site, listing: &Listing) -> ListPage {
    block_on(site.list(listing)).unwrap().unwrap()
}

fn ids(page: &ListPage) -> Vec<u128> {
    let id = |item: &Served| {
        let card: Card = item.read().unwrap();
        card.slug.as_str().trim_start_matches("s-").parse().unwrap()
    };
    page.items.iter().map(id).collect()
}

/// All pages of a list, and how many there were of so many items at most.
fn whole(site: &Site, listing: Listing) -> (Vec<u128>, usize) {
    let mut listing = listing;
    let mut all = Vec::new();
    for pages in 1.. {
        let page = list(site, &listing);
        assert!(page.items.len() <= listing.limit);
        assert!(page.next.is_none() || page.items.len() == listing.limit);
        all.extend(ids(&page));
        listing.after = page.next;
        if listing.after.is_none() {
            return (all, pages);
        }
    }
    unreachable!()
}

#[derive(Clone, Debug)]
struct Told {
    id: u128,
    kind: PageKind,
    minute: i64,
    parts: Vec<Uuid>,
}

impl Told {
    fn face(&self) -> Face {
        Story {
            kind: self.kind,
            time: minute(self.minute),
            parts: self.parts.clone(),
            ..Story::new(self.id, &format!("s-{}", self.id))
        }
        .here()
    }
}

fn told() -> impl Strategy<Value = Vec<Told>> {
    let parts = [TOPIC, STAGE, BYLINE, ANONYMOUS, PROJECT].to_vec();
    let one = (
        proptest::sample::select(PageKind::ALL),
        -3..3_i64,
        proptest::sample::subsequence(parts, 0..=5),
    );
    proptest::collection::vec(one, 0..25).prop_map(|all| {
        let all = all.into_iter().zip(1..);
        all.map(|((kind, minute, parts), id)| Told {
            id,
            kind,
            minute,
            parts,
        })
        .collect()
    })
}

fn by() -> impl Strategy<Value = ListBy> {
    proptest::sample::select(vec![
        ListBy::All,
        ListBy::Kind(PageKind::Article),
        ListBy::Kind(PageKind::Project),
        ListBy::Topic(slug("bostad")),
        ListBy::Stage(slug("pilot")),
        ListBy::Byline(slug("sol-ek")),
        ListBy::Project(slug("kvallsoppet")),
    ])
}

fn fits(by: &ListBy, told: &Told) -> bool {
    match by {
        ListBy::All => true,
        ListBy::Kind(kind) => told.kind == *kind,
        ListBy::Topic(_) => told.parts.contains(&TOPIC),
        ListBy::Stage(_) => told.parts.contains(&STAGE),
        ListBy::Byline(_) => told.parts.contains(&BYLINE),
        ListBy::Project(_) => told.parts.contains(&PROJECT),
        ListBy::Category(_) | ListBy::Event(_) => false,
    }
}

proptest! {
    #[test]
    fn page_by_page_a_list_is_all_that_fits_newest_first(
        told in told(),
        by in by(),
        from in proptest::option::of(-4..4_i64),
        for_minutes in proptest::option::of(1..5_i64),
        limit in 1..8_usize,
    ) {
        let until = for_minutes.map(|minutes| from.unwrap_or(-4) + minutes);
        let site = Faces::new(parts().into_iter().chain(told.iter().map(Told::face))).site();
        let mut expected: Vec<_> = told
            .iter()
            .filter(|told| fits(&by, told))
            .filter(|told| from.is_none_or(|from| from <= told.minute))
            .filter(|told| until.is_none_or(|until| told.minute < until))
            .map(|told| (told.minute, told.id))
            .collect();
        expected.sort_by_key(|key| Reverse(*key));
        let expected: Vec<_> = expected.into_iter().map(|(_, id)| id).collect();
        let listing = Listing {
            from: from.map(minute),
            until: until.map(minute),
            limit,
            ..Listing::by(by)
        };
        let (found, pages) = whole(&site, listing);
        prop_assert_eq!(pages, expected.len().div_ceil(limit).max(1));
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn a_page_that_leaves_the_site_takes_nobody_elses_place(
        told in told(), limit in 1..6_usize,
    ) {
        let store = Faces::new(told.iter().map(Told::face));
        let site = store.site();
        let listing = Listing { limit, ..Listing::by(ListBy::All) };
        let (before, _) = whole(&site, listing.clone());
        let first = list(&site, &listing);
        for id in ids(&first) {
            store.remove(page_at(Uuid::from_u128(id)));
        }
        if first.next.is_some() {
            let (rest, _) = whole(&site, Listing { after: first.next, ..listing });
            prop_assert_eq!(rest, &before[limit..]);
        }
    }
}

fn three() -> Vec<Face> {
    let one = |id, minute| Told {
        id,
        kind: PageKind::Article,
        minute,
        parts: vec![TOPIC, BYLINE],
    };
    let stories = [one(1, 1), one(2, 2), one(3, 3)];
    parts()
        .into_iter()
        .chain(stories.iter().map(Told::face))
        .collect()
}

#[test]
fn a_list_says_what_it_is_by_and_joins_each_card_with_its_own_parts() {
    let store = Faces::new(three());
    let listing = Listing {
        limit: 2,
        ..Listing::by(ListBy::Topic(slug("bostad")))
    };
    let page = list(&store.site(), &listing);
    assert_eq!(page.of().unwrap(), Some(term(Vocabulary::Topic, "bostad")));
    let topic = term(Vocabulary::Topic, "bostad");
    let by = byline(Some("sol-ek"));
    let cards: Vec<Card> = page.items.iter().map(|item| item.read().unwrap()).collect();
    assert_eq!(
        parsed(&page.to_json()),
        json!({
            "of": topic,
            "items": [
                {"page": cards[0], "parts": [topic, by]},
                {"page": cards[1], "parts": [topic, by]},
            ],
            "next": page.next,
        })
    );
    // However many cards there are: the name, the cards, and each part once.
    assert_eq!(
        store.asked(),
        ["scan public.name", "scan public.part", "get 2"]
    );
}

#[test]
fn what_is_not_public_cannot_be_told_from_what_never_was() {
    let store = Faces::new(three());
    let site = store.site();
    let by_byline = |address| block_on(site.list(&Listing::by(ListBy::Byline(slug(address)))));
    assert_eq!(by_byline("nobody").unwrap(), None);
    let never = store.asked();
    store.remove(part_at(BYLINE));
    assert_eq!(by_byline("sol-ek").unwrap(), None);
    assert_eq!(store.asked(), never);
    // A name is of its own kind only.
    let category = Listing::by(ListBy::Category(slug("bostad")));
    assert_eq!(block_on(site.list(&category)).unwrap(), None);
    // A topic that no page has is there all the same.
    let stage = list(&site, &Listing::by(ListBy::Stage(slug("pilot"))));
    assert_eq!((stage.items, stage.next), (Vec::new(), None));
}

#[test]
fn what_leaves_the_site_while_it_is_listed_by_is_not_there() {
    let store = Faces::new(three());
    store.remove_meanwhile(part_at(TOPIC));
    let listing = Listing::by(ListBy::Topic(slug("bostad")));
    assert_eq!(block_on(store.site().list(&listing)).unwrap(), None);
}

#[test]
fn a_changed_part_reaches_every_card_and_moves_the_validator() {
    let store = Faces::new(three());
    let site = store.site();
    let before = list(&site, &Listing::by(ListBy::All));
    store.put_meanwhile(Face::part(BYLINE, &byline(Some("kim-ask"))));
    let after = list(&site, &Listing::by(ListBy::All));
    for item in &after.items {
        assert_eq!(item.parts().unwrap()[1], Some(byline(Some("kim-ask"))));
    }
    assert_ne!(after.validator(), before.validator());
    assert_eq!(
        after.validator(),
        list(&site, &Listing::by(ListBy::All)).validator()
    );
}

#[test]
fn a_cursor_is_of_one_list_with_one_set_of_filters() {
    let site = Faces::new(three()).site();
    let by = |by| Listing {
        limit: 1,
        ..Listing::by(by)
    };
    let all = by(ListBy::All);
    let after = list(&site, &all).next;
    assert!(after.is_some());
    let others = [
        by(ListBy::Kind(PageKind::Article)),
        by(ListBy::Topic(slug("bostad"))),
        Listing {
            from: Some(minute(0)),
            ..all.clone()
        },
        Listing {
            until: Some(minute(9)),
            ..all.clone()
        },
    ];
    for other in others {
        let after = after.clone();
        let refused = block_on(site.list(&Listing { after, ..other }));
        assert_eq!(
            faults(refused),
            [("after".to_owned(), FaultCode::Malformed)]
        );
    }
    // How many are wanted is not a filter.
    let rest = list(
        &site,
        &Listing {
            after,
            limit: 100,
            ..all
        },
    );
    assert_eq!(ids(&rest), [2, 1]);
}

#[test]
fn all_that_is_at_fault_is_named() {
    let store = Faces::new(three());
    let site = store.site();
    let listing = Listing {
        from: Some(minute(3)),
        until: Some(minute(3)),
        limit: 101,
        ..Listing::by(ListBy::All)
    };
    assert_eq!(
        faults(block_on(site.list(&listing))),
        [
            ("limit".to_owned(), FaultCode::TooLarge),
            ("until".to_owned(), FaultCode::Inconsistent),
        ]
    );
    assert_eq!(store.asked(), [""; 0]);
}

#[test]
fn an_instant_between_two_microseconds_is_neither_earlier_nor_later_than_it_is() {
    let site = Faces::new(three()).site();
    let just_after = minute(2) + chrono::TimeDelta::nanoseconds(1);
    let from = Listing {
        from: Some(just_after),
        ..Listing::by(ListBy::All)
    };
    assert_eq!(ids(&list(&site, &from)), [3]);
    let until = Listing {
        until: Some(just_after),
        ..Listing::by(ListBy::All)
    };
    assert_eq!(ids(&list(&site, &until)), [2, 1]);
    let nothing = Listing {
        until: Some(just_after + chrono::TimeDelta::nanoseconds(1)),
        ..from
    };
    assert_eq!(ids(&list(&site, &nothing)), [0; 0]);
}

#[test]
fn the_names_of_parts_of_different_kinds_never_meet() {
    let mut kinds: Vec<_> = Vocabulary::ALL.iter().map(|kind| kind.code()).collect();
    kinds.extend(PageKind::ALL.iter().map(|kind| kind.code()));
    kinds.push(Part::BYLINE);
    let count = kinds.len();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), count);
}

#[test]
fn the_longest_address_still_fits_a_cursor() {
    let longest = "a".repeat(80);
    let page = |id, kind| Story {
        kind,
        ..Story::new(id, &longest)
    };
    let pages = [
        page(1, PageKind::Article).here(),
        page(2, PageKind::Project).here(),
    ];
    let site = Faces::new(pages).site();
    let next = block_on(site.everything(1, None)).unwrap().next.unwrap();
    let next: Cursor = next.as_str().parse().unwrap();
    let rest = block_on(site.everything(1, Some(&next))).unwrap();
    assert_eq!(rest.pages.len(), 1);
    assert_eq!(rest.next, None);
}
