//! Headlines of every kind: each gives a sound slug, or asks for one.

use cmss::values::{FaultCode, Slug};
use cmss::{Error, Found, Guard, StartedArticle};
use pollster::block_on;

use crate::scene::Scene;
use crate::support::{declared, guards, text};

/// A text of this headline, approved.
async fn approved(scene: &Scene, headline: &str) -> StartedArticle {
    let begun = scene.room.begun(headline).await;
    let sol = scene.room.reporter();
    sol.submit(begun.edition, begun.head, &declared())
        .await
        .unwrap();
    scene
        .room
        .editor()
        .approve(begun.edition, begun.head)
        .await
        .unwrap();
    begun
}

/// The address that a text is published at, when none is wanted.
async fn published(scene: &Scene, headline: &str) -> Result<Slug, Error> {
    let StartedArticle {
        edition,
        head,
        variant,
        ..
    } = approved(scene, headline).await;
    let vera = scene.room.editor();
    vera.publish(edition, head, None).await?;
    Ok(vera.variant(variant).await.unwrap().slug.unwrap())
}

#[test]
fn a_headline_of_which_no_slug_can_be_made_asks_for_one_and_takes_it() {
    block_on(async {
        let scene = Scene::set().await;
        for (number, headline) in ["???", "مرحبا بالعالم", "Привет", "…", "🙂"]
            .iter()
            .enumerate()
        {
            let StartedArticle { edition, head, .. } = approved(&scene, headline).await;
            let vera = scene.room.editor();
            let before = scene.commits().await;
            let refused = vera.publish(edition, head, None).await;
            assert_eq!(guards(refused), [Guard::SlugNeeded], "{headline}");
            assert_eq!(scene.commits().await, before);
            let slug = format!("fraga-{number}");
            vera.publish(edition, head, Some(&slug)).await.unwrap();
            let page = scene.room.page(&slug).await;
            assert!(page.to_json().contains(headline), "{}", page.to_json());
        }
    });
}

#[test]
fn a_headline_of_three_hundred_characters_is_too_long_and_one_of_two_hundred_has_a_slug() {
    block_on(async {
        let scene = Scene::set().await;
        let begun = scene.room.begun("Kort").await;
        let long = text(&"så ".repeat(100), scene.room.sols);
        let sol = scene.room.reporter();
        let refused = sol.save(begun.edition, begun.head, &long).await;
        let Err(Error::Invalid(invalid)) = refused else {
            panic!("{refused:?}");
        };
        let [fault] = &invalid.faults[..] else {
            panic!("{invalid}");
        };
        // What stands at its end shows nothing, and is not counted.
        let told = (fault.path.as_str(), fault.code, fault.limit, fault.given);
        assert_eq!(
            told,
            ("text.headline", FaultCode::TooLong, Some(200), Some(299))
        );
        let slug = published(&scene, &"såå ".repeat(50)).await.unwrap();
        assert_eq!(slug.as_str().len(), 79);
        let one_word = published(&scene, &"å".repeat(200)).await.unwrap();
        assert_eq!(one_word.as_str(), "a".repeat(80));
    });
}

#[test]
fn the_same_headline_in_a_draft_and_in_public_are_kept_apart() {
    block_on(async {
        let scene = Scene::set().await;
        let draft = scene.room.begun("Samma rubrik").await;
        let slug = published(&scene, "Samma rubrik").await.unwrap();
        assert_eq!(slug.as_str(), "samma-rubrik", "a draft holds no address");
        let other = published(&scene, "Samma rubrik").await.unwrap();
        assert_eq!(other.as_str(), "samma-rubrik-2");
        let sol = scene.room.reporter();
        sol.submit(draft.edition, draft.head, &declared())
            .await
            .unwrap();
        let vera = scene.room.editor();
        vera.approve(draft.edition, draft.head).await.unwrap();
        let taken = vera
            .publish(draft.edition, draft.head, Some("samma-rubrik"))
            .await;
        let slug = "samma-rubrik".to_owned();
        assert_eq!(guards(taken), [Guard::SlugTaken { slug }]);
        vera.publish(draft.edition, draft.head, None).await.unwrap();
        let site = scene.room.cms.site();
        let third = site.article("samma-rubrik-3").await.unwrap();
        assert!(matches!(third, Found::Here(_)));
    });
}

#[test]
fn headlines_that_look_alike_have_addresses_of_their_own() {
    block_on(async {
        let scene = Scene::set().await;
        let mut slugs = Vec::new();
        for headline in ["Å", "A\u{30a}", "a", "A!", " å "] {
            slugs.push(published(&scene, headline).await.unwrap().to_string());
        }
        assert_eq!(slugs, ["a", "a-2", "a-3", "a-4", "a-5"]);
    });
}
