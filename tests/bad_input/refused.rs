//! What is of its form and refused all the same: for who sent it, for what it names, for its cursor.

use cmss::{Actor, Command, Cursor, Error, Guard, ListBy, Listing, PageKind};
use pollster::block_on;

use crate::every;
use crate::scene::Scene;
use crate::support::{declared, text};

#[test]
fn whoever_may_not_is_refused_whatever_the_command_and_nothing_is_written() {
    block_on(async {
        let scene = Scene::set().await;
        let outside = [Actor::visitor(), Actor::clock(), Actor::new(scene.room.kim)];
        let before = scene.commits().await;
        for name in every::names() {
            let command = scene.command(&name);
            let command = Command::from_json(command.to_string().as_bytes()).unwrap();
            for actor in &outside {
                let answer = scene.room.cms.desk(actor.clone()).execute(&command).await;
                let Err(Error::Refused(refusal)) = &answer else {
                    panic!("{name} {actor:?}: {answer:?}");
                };
                let standing = |guard: &Guard| {
                    matches!(guard, Guard::NotPermitted { .. } | Guard::OtherUnit { .. })
                };
                assert!(refusal.guards.iter().any(standing), "{name} {answer:?}");
                assert_eq!(refusal.command, name);
            }
        }
        assert_eq!(scene.commits().await, before);
    });
}

#[test]
fn a_revision_that_is_not_the_head_is_a_conflict_and_the_text_is_still_there() {
    block_on(async {
        let scene = Scene::set().await;
        let sol = scene.room.reporter();
        let begun = scene.room.begun("Först").await;
        let second = text("Sedan", scene.room.sols);
        let head = sol.save(begun.edition, begun.head, &second).await.unwrap();
        let mine = text("Min", scene.room.sols);
        let sent = mine.clone();
        let before = scene.commits().await;
        let answers = [
            sol.save(begun.edition, begun.head, &mine).await.map(drop),
            sol.submit(begun.edition, begun.head, &declared()).await,
        ];
        for answer in answers {
            let Err(Error::Conflict(conflict)) = &answer else {
                panic!("{answer:?}");
            };
            assert_eq!((conflict.named, conflict.head), (begun.head, head));
            assert_eq!(*conflict.theirs, second);
        }
        assert_eq!((scene.commits().await, &mine), (before, &sent));
    });
}

#[test]
fn no_list_takes_a_cursor_that_is_not_its_own() {
    block_on(async {
        let scene = Scene::set().await;
        let site = scene.room.cms.site();
        for text in ["", "01", "somewhere", "zz", &"0".repeat(257), "01é"] {
            assert!(text.parse::<Cursor>().is_err(), "{text}");
        }
        let feed = site.changes(None, 1).await.unwrap().next;
        let listing = Listing {
            after: Some(feed.clone()),
            ..Listing::by(ListBy::Kind(PageKind::Article))
        };
        let now = crate::support::start();
        let refused = [
            site.list(&listing).await.map(drop),
            site.everything(10, Some(&feed)).await.map(drop),
            site.upcoming(now, 10, Some(&feed)).await.map(drop),
            site.undated(10, Some(&feed)).await.map(drop),
        ];
        for answer in refused {
            let Err(Error::Invalid(invalid)) = answer else {
                panic!("{answer:?}");
            };
            assert_eq!(invalid.faults[0].path, "after");
        }
    });
}
