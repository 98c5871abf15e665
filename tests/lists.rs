//! Lists of the desk, page by page.
#![cfg(feature = "memory")]
#![allow(unreachable_pub, reason = "no test is a library")]

mod support;

use chrono::TimeDelta;
use cmss::*;
use pollster::block_on;

use support::{Newsroom, named, start};

#[test]
fn bylines_are_turned_a_hundred_at_a_time() {
    block_on(async {
        let room = Newsroom::in_memory().await;
        let (sol, desk) = (room.sol, room.reporter());
        let mut created = vec![(start(), room.sols)];
        for number in 1..=204 {
            // Some are created at the same instant.
            let now = start() + TimeDelta::minutes(number / 3);
            room.clock.set(now);
            let name = named(BylineForm::PenName, &format!("Måsen {number}"));
            created.push((now, desk.create_byline(sol, &name).await.unwrap()));
        }
        created.sort();
        let mut turned = Vec::new();
        let mut bylines: Vec<BylineView> = Vec::new();
        loop {
            let page = desk.bylines(sol, bylines.last()).await.unwrap();
            if page.is_empty() {
                break;
            }
            turned.push(page.len());
            bylines.extend(page);
        }
        assert_eq!(turned, [100, 100, 5]);
        let bylines: Vec<_> = bylines.iter().map(|one| (one.created_at, one.id)).collect();
        assert_eq!(bylines, created);
    });
}
