//! The public feed, and everything there is.

use super::*;

fn item(address: &str) -> FeedItem {
    FeedItem::Changed {
        page: Uuid::from_u128(1),
        kind: PageKind::Article,
        slug: slug(address),
    }
}

#[test]
fn the_feed_is_followed_from_its_beginning_and_goes_on_where_it_was_left() {
    let store = Faces::new([]);
    let site = store.site();
    let mut head = FeedHead::default();
    let follow = |after: &Cursor| block_on(site.changes(Some(after), 2)).unwrap();

    let begun = block_on(site.changes(None, 2)).unwrap();
    assert!(begun.is_empty());
    assert_eq!(follow(&begun.next), begun);

    let told = ["a", "b", "c"].map(item);
    told.clone()
        .into_iter()
        .for_each(|item| store.put(head.next(item)));
    let first = follow(&begun.next);
    assert_eq!(first.items().unwrap(), told[..2]);
    assert_eq!(block_on(site.changes(None, 2)).unwrap(), first);
    let second = follow(&first.next);
    assert_eq!(second.items().unwrap(), told[2..]);
    let waiting = follow(&second.next);
    assert!(waiting.is_empty());
    assert_eq!(waiting.next, second.next);

    store.put(head.next(FeedItem::Revalidate));
    assert_eq!(
        follow(&waiting.next).items().unwrap(),
        [FeedItem::Revalidate]
    );
}

#[test]
fn the_feed_as_json_holds_no_more_than_its_items_and_a_cursor() {
    let store = Faces::new([]);
    let mut head = FeedHead::default();
    let told = [item("a"), FeedItem::Revalidate];
    told.clone()
        .into_iter()
        .for_each(|item| store.put(head.next(item)));
    let feed = block_on(store.site().changes(None, 100)).unwrap();
    assert_eq!(
        parsed(&feed.to_json()),
        json!({"items": told, "next": feed.next})
    );
}

#[test]
fn the_feed_takes_its_own_cursors_only() {
    let store = Faces::new([Story::new(1, "a").here(), Story::new(2, "b").here()]);
    let site = store.site();
    let all = block_on(site.everything(1, None)).unwrap().next;
    let refused = block_on(site.changes(all.as_ref(), 0));
    assert_eq!(
        faults(refused),
        [
            ("limit".to_owned(), FaultCode::TooSmall),
            ("after".to_owned(), FaultCode::Malformed),
        ]
    );
}

#[test]
fn everything_is_every_page_that_is_here_by_kind_and_address() {
    let of = |id, kind, address| Story {
        kind,
        parts: vec![BYLINE],
        ..Story::new(id, address)
    };
    let away = Story::new(9, "away");
    let pages = [
        of(1, PageKind::Project, "aa").here(),
        of(2, PageKind::Article, "b-b").here(),
        of(3, PageKind::Event, "aa").here(),
        of(4, PageKind::Article, "b").here(),
        away.face().away(Answer::Gone, None),
    ];
    let store = Faces::new(parts().into_iter().chain(pages));
    let site = store.site();
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let some = block_on(site.everything(3, after.as_ref())).unwrap();
        for SitePage { kind, slug, page } in some.pages {
            let asked = block_on(site.page(kind, slug.as_str())).unwrap();
            assert_eq!(asked, Found::Here(page));
            seen.push((kind, slug.to_string()));
        }
        after = some.next;
        if after.is_none() {
            break;
        }
    }
    let expected = [
        (PageKind::Article, "b"),
        (PageKind::Article, "b-b"),
        (PageKind::Event, "aa"),
        (PageKind::Project, "aa"),
    ];
    assert_eq!(seen, expected.map(|(kind, slug)| (kind, slug.to_owned())));
}
