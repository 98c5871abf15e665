//! Occasions, dated and not.

use super::*;

/// An occasion of the event whose part is the project's link: over and starting at these minutes.
fn occasion(id: u128, over: Option<(i64, i64)>, event: &str) -> Face {
    let mut parts = Parts::new();
    let item = json!({"event": parts.refer_to(PROJECT), "number": id as u64});
    let over = over.map(|(over, starts)| (minute(over), minute(starts)));
    Face::occasion(Uuid::from_u128(id), &item, &parts, over, &slug(event))
}

fn numbers(page: &ListPage) -> Vec<u64> {
    let number = |item: &Served| item.read::<Value>().unwrap()["number"].as_u64().unwrap();
    page.items.iter().map(number).collect()
}

fn programme() -> Vec<Face> {
    vec![
        occasion(1, Some((60, 0)), "mote"),
        occasion(2, Some((50, 10)), "mote"),
        occasion(3, Some((60, 30)), "mote"),
        occasion(4, Some((90, 20)), "mote"),
        occasion(5, None, "utbildning"),
        occasion(6, None, "mote"),
        occasion(7, Some((60, 30)), "mote"),
    ]
}

#[test]
fn what_is_not_over_comes_by_when_it_will_be_over_then_by_when_it_starts() {
    let site = Faces::new(programme()).site();
    let upcoming = |at| numbers(&block_on(site.upcoming(at, 100, None)).unwrap());
    assert_eq!(upcoming(minute(0)), [2, 1, 3, 7, 4]);
    // Over at an instant is over.
    assert_eq!(upcoming(minute(50)), [1, 3, 7, 4]);
    assert_eq!(
        upcoming(minute(50) - chrono::TimeDelta::nanoseconds(1)),
        [2, 1, 3, 7, 4]
    );
    assert_eq!(upcoming(minute(90)), [0; 0]);
    assert_eq!(upcoming(DateTime::<Utc>::MIN_UTC), [2, 1, 3, 7, 4]);
    assert_eq!(upcoming(DateTime::<Utc>::MAX_UTC), [0; 0]);
}

#[test]
fn pages_of_what_is_coming_make_the_whole_also_while_time_passes() {
    let site = Faces::new(programme()).site();
    let first = block_on(site.upcoming(minute(0), 2, None)).unwrap();
    assert_eq!(numbers(&first), [2, 1]);
    let later = block_on(site.upcoming(minute(55), 2, first.next.as_ref())).unwrap();
    assert_eq!(numbers(&later), [3, 7]);
    let last = block_on(site.upcoming(minute(60), 2, later.next.as_ref())).unwrap();
    assert_eq!(numbers(&last), [4]);
    assert_eq!(last.next, None);
    // Whoever waits too long is not shown what is over by then.
    let late = block_on(site.upcoming(minute(90), 2, first.next.as_ref())).unwrap();
    assert_eq!(numbers(&late), [0; 0]);
}

#[test]
fn what_no_date_can_be_given_for_stands_apart_by_the_address_of_its_event() {
    let site = Faces::new(programme()).site();
    let undated = block_on(site.undated(1, None)).unwrap();
    assert_eq!(numbers(&undated), [6]);
    let next = undated.next.unwrap();
    let rest = block_on(site.undated(1, Some(&next))).unwrap();
    assert_eq!((numbers(&rest), rest.next), (vec![5], None));
    let foreign = block_on(site.upcoming(minute(0), 1, Some(&next)));
    assert_eq!(
        faults(foreign),
        [("after".to_owned(), FaultCode::Malformed)]
    );
}

#[test]
fn an_occasion_is_served_with_its_event() {
    let store = Faces::new(parts().into_iter().chain([occasion(5, None, "mote")]));
    let undated = block_on(store.site().undated(20, None)).unwrap();
    let event = link(PageKind::Project, "kvallsoppet");
    assert_eq!(
        parsed(&undated.to_json()),
        json!({"items": [
            {"item": {"event": {"part": 0}, "number": 5}, "parts": [event]}
        ]})
    );
    assert_eq!(store.asked(), ["scan public.undated", "get 1"]);
}
