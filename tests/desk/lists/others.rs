//! Bylines, and the texts for an assignment.

use chrono::TimeDelta;
use cmss::*;
use pollster::block_on;

use crate::support::{Newsroom, named, start, text};

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

#[test]
fn an_editor_finds_the_texts_for_an_assignment() {
    block_on(async {
        let room = Newsroom::in_memory().await;
        let editor = room.editor();
        let (task, other) = (room.open_assignment(2).await, room.open_assignment(2).await);
        let mut begun = Vec::new();
        for (minute, desk, byline, assignment) in [
            (1, room.reporter(), room.sols, task),
            (2, room.reporter(), room.sols, other),
            (3, room.other_reporter(), room.livs, task),
        ] {
            room.clock.set(start() + TimeDelta::minutes(minute));
            desk.claim(assignment).await.unwrap();
            let article = NewArticle {
                assignment: Some(assignment),
                co_authors: Vec::new(),
                text: text(&format!("Text {minute}"), byline),
            };
            begun.push(desk.start_article(&article).await.unwrap());
        }
        let texts = editor.variants_for(task, None).await.unwrap();
        let found: Vec<_> = texts.iter().map(|one| (one.id, one.open)).collect();
        let expected = [&begun[0], &begun[2]].map(|one| (one.variant, Some(one.edition)));
        assert_eq!(found, expected);
        let next = editor.variants_for(task, texts.first()).await.unwrap();
        assert_eq!(next, texts[1..]);
        // Also a text that was taken back stands there.
        room.reporter().withdraw(begun[0].edition).await.unwrap();
        let texts = editor.variants_for(task, None).await.unwrap();
        assert_eq!((texts.len(), texts[0].open), (2, None));
    });
}
