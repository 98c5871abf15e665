//! Two who want what one can have.

use cmss::*;
use pollster::block_on;

use super::{Stand, actors};
use crate::scene::Scene;
use crate::support::text;
use crate::support::{codes, guards};

#[test]
fn of_two_editors_who_save_one_revision_one_wins_and_the_other_is_handed_all_three_texts() {
    block_on(async {
        let scene = Scene::set().await;
        let [vera, nils, sol, _] = actors(&scene);
        let stand = Stand::at(&scene).await;
        let StartedArticle { edition, head, .. } = scene.submitted;
        let (mine, theirs) = (
            text("Veras", scene.room.sols),
            text("Nils", scene.room.sols),
        );
        let sent = (mine.clone(), theirs.clone());
        let (answer, other) = stand
            .pair(
                None,
                [vera, nils],
                async |desk| desk.save(edition, head, &mine).await,
                |desk| async move { desk.save(edition, head, &sent.1).await.map(drop) },
            )
            .await;
        other.unwrap().unwrap();
        let Err(Error::Conflict(conflict)) = answer else {
            panic!("{answer:?}");
        };
        assert_eq!(conflict.named, head);
        assert_eq!(*conflict.base.unwrap(), text("Inskickad", scene.room.sols));
        assert_eq!(*conflict.theirs, theirs);
        assert_eq!(*conflict.mine.unwrap(), sent.0);
        let revisions = stand.cms.desk(sol).revisions(edition, 0).await.unwrap();
        assert_eq!(revisions.len(), 2);
        assert_eq!(revisions[1].id, conflict.head);
        assert_eq!(revisions[1].text, theirs);
    });
}

#[test]
fn who_loses_the_last_place_is_told_that_it_is_full() {
    block_on(async {
        let scene = Scene::set().await;
        let [_, _, sol, liv] = actors(&scene);
        let stand = Stand::at(&scene).await;
        let task = scene.open;
        let (answer, other) = stand
            .pair(
                None,
                [sol, liv],
                async |desk| desk.claim(task).await,
                |desk| async move { desk.claim(task).await.map(drop) },
            )
            .await;
        other.unwrap().unwrap();
        assert_eq!(guards(answer), [Guard::Full { places: 1 }]);
    });
}

#[test]
fn what_two_editors_publish_at_once_appears_once() {
    block_on(async {
        let scene = Scene::set().await;
        let [vera, nils, ..] = actors(&scene);
        let stand = Stand::at(&scene).await;
        let before = stand.cms.site().changes(None, 100).await.unwrap();
        let StartedArticle { edition, head, .. } = scene.approved;
        let (answer, other) = stand
            .pair(
                None,
                [vera, nils],
                async |desk| desk.publish(edition, head, Some("en")).await,
                |desk| async move { desk.publish(edition, head, Some("annan")).await },
            )
            .await;
        other.unwrap().unwrap();
        assert_eq!(codes(answer), ["wrong_state"]);
        let told = stand
            .cms
            .site()
            .changes(Some(&before.next), 100)
            .await
            .unwrap();
        let told = told.items().unwrap();
        assert!(
            matches!(&told[..], [FeedItem::Appeared { slug, .. }, FeedItem::Revalidate] if slug.as_str() == "annan")
        );
        assert_eq!(
            stand.cms.site().article("en").await.unwrap(),
            Found::NotThere
        );
    });
}

#[test]
fn an_author_who_withdraws_while_the_editor_publishes_is_heard() {
    block_on(async {
        let scene = Scene::set().await;
        let [vera, _, sol, _] = actors(&scene);
        let StartedArticle { edition, head, .. } = scene.approved;

        let stand = Stand::at(&scene).await;
        let before = stand.public().await;
        let (answer, other) = stand
            .pair(
                None,
                [vera.clone(), sol.clone()],
                async |desk| desk.publish(edition, head, None).await,
                |desk| async move { desk.withdraw(edition).await },
            )
            .await;
        other.unwrap().unwrap();
        assert_eq!(codes(answer), ["wrong_state"]);
        assert_eq!(stand.public().await, before);

        // The other way round it was published first, and what stops it then is a pause.
        let stand = Stand::at(&scene).await;
        let (answer, other) = stand
            .pair(
                None,
                [sol.clone(), vera],
                async |desk| desk.withdraw(edition).await,
                |desk| async move { desk.publish(edition, head, None).await },
            )
            .await;
        other.unwrap().unwrap();
        assert_eq!(codes(answer), ["wrong_state"]);
        stand
            .cms
            .desk(sol)
            .pause(scene.approved.variant)
            .await
            .unwrap();
        assert_eq!(stand.public().await, before);
    });
}
