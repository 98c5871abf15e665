//! What is public afterwards.

use cmss::values::Locale;
use cmss::*;
use pollster::block_on;

use super::{Stand, actors};
use crate::scene::Scene;
use crate::support::named;
use crate::support::{codes, guards, opened};

#[test]
fn a_quote_whose_consent_is_withdrawn_at_any_point_of_publishing_is_not_public_afterwards() {
    block_on(async {
        let scene = Scene::set().await;
        let [vera, nils, ..] = actors(&scene);
        let StartedArticle { edition, head, .. } = scene.approved;
        let consent = scene.approved_quote;
        // So that no other page holds the words.
        let down = Stand::at(&scene).await;
        let live = scene.live.variant;
        let there = AddressFallback::NotThere;
        down.cms
            .desk(vera.clone())
            .unpublish(live, "Fel.", there)
            .await
            .unwrap();

        let publish = async |desk: Desk| desk.publish(edition, head, None).await;
        let mut points = 0;
        for call in 1.. {
            let store = down.store.fork().unwrap();
            let stand = Stand {
                cms: opened(store.clone(), "further").await,
                store,
            };
            let withdraw = |desk: Desk| async move { desk.withdraw_consent(consent).await };
            let roles = [vera.clone(), nils.clone()];
            let (answer, other) = stand.pair(Some(call), roles, publish, withdraw).await;
            let Some(other) = other else {
                // It came to an end without that call: withdrawn after it, the words leave too.
                answer.unwrap();
                assert!(stand.public().await.contains("min bänk"));
                stand
                    .cms
                    .desk(nils.clone())
                    .withdraw_consent(consent)
                    .await
                    .unwrap();
                assert!(!stand.public().await.contains("min bänk"));
                break;
            };
            other.unwrap();
            assert_eq!(
                guards(answer),
                [Guard::ConsentNotValid { consent }],
                "at {call}"
            );
            assert!(!stand.public().await.contains("min bänk"), "at {call}");
            points += 1;
        }
        // Opening reads once; publishing reads much, and commits.
        assert!(points > 10, "{points}");

        // And the other way round: published at any point of the withdrawal.
        for call in 1.. {
            let store = down.store.fork().unwrap();
            let stand = Stand {
                cms: opened(store.clone(), "further").await,
                store,
            };
            let roles = [nils.clone(), vera.clone()];
            let withdraw = async |desk: Desk| desk.withdraw_consent(consent).await;
            let publish = |desk: Desk| async move { desk.publish(edition, head, None).await };
            let (answer, other) = stand.pair(Some(call), roles, withdraw, publish).await;
            answer.unwrap();
            assert!(!stand.public().await.contains("min bänk"), "at {call}");
            if other.is_none() {
                assert!(call > 5, "{call}");
                break;
            }
        }
    });
}

#[test]
fn two_articles_of_one_headline_published_at_once_have_two_addresses() {
    block_on(async {
        let scene = Scene::set().await;
        let [vera, nils, ..] = actors(&scene);
        let stand = Stand::at(&scene).await;
        let (one, two) = (scene.approved, scene.approved_too);
        let (answer, other) = stand
            .pair(
                None,
                [vera.clone(), nils],
                async |desk| desk.publish(one.edition, one.head, None).await,
                |desk| async move { desk.publish(two.edition, two.head, None).await },
            )
            .await;
        answer.unwrap();
        other.unwrap().unwrap();
        let desk = stand.cms.desk(vera);
        let mut slugs = Vec::new();
        for of in [one, two] {
            let slug = desk.variant(of.variant).await.unwrap().slug.unwrap();
            let found = stand.cms.site().article(slug.as_str()).await.unwrap();
            assert!(matches!(found, Found::Here(_)), "{slug} {found:?}");
            slugs.push(slug.to_string());
        }
        assert_eq!(slugs, ["kaffe-pa-torget-2", "kaffe-pa-torget"]);

        // Where both want the same one, the loser is told that it is taken.
        let stand = Stand::at(&scene).await;
        let (vera, nils) = (actors(&scene)[0].clone(), actors(&scene)[1].clone());
        let (answer, other) = stand
            .pair(
                None,
                [vera, nils],
                async |desk| desk.publish(one.edition, one.head, Some("kaffe")).await,
                |desk| async move { desk.publish(two.edition, two.head, Some("kaffe")).await },
            )
            .await;
        other.unwrap().unwrap();
        let slug = "kaffe".to_owned();
        assert_eq!(guards(answer), [Guard::SlugTaken { slug }]);
    });
}

#[test]
fn a_byline_that_changes_while_a_page_of_it_is_published_shows_the_new_name_alone() {
    block_on(async {
        let scene = Scene::set().await;
        let [vera, _, sol, _] = actors(&scene);
        let StartedArticle { edition, head, .. } = scene.approved;
        let byline = scene.room.sols;
        for call in 1.. {
            let stand = Stand::at(&scene).await;
            assert!(stand.public().await.contains("Sol Sundin"));
            let roles = [vera.clone(), sol.clone()];
            let change = |desk: Desk| async move {
                let name = named(BylineForm::PenName, "Måsen");
                let past = PastWorks::Renamed { told: true };
                desk.change_byline(byline, &name, past).await.map(drop)
            };
            let publish = async |desk: Desk| desk.publish(edition, head, None).await;
            let (answer, other) = stand.pair(Some(call), roles, publish, change).await;
            answer.unwrap();
            let Some(other) = other else {
                assert!(call > 10, "{call}");
                break;
            };
            other.unwrap();
            let public = stand.public().await;
            assert!(
                public.contains("Måsen") && !public.contains("Sol Sundin"),
                "at {call}"
            );
            assert_eq!(
                stand.cms.rebuild_site(|_| {}).await.unwrap(),
                Rebuilt::default()
            );
        }

        // A byline that gives its works up serves no new one: the editor is told.
        let stand = Stand::at(&scene).await;
        let change = |desk: Desk| async move {
            let name = named(BylineForm::PenName, "Måsen");
            desk.change_byline(byline, &name, PastWorks::Unnamed)
                .await
                .map(drop)
        };
        let publish = async |desk: Desk| desk.publish(edition, head, None).await;
        let (answer, other) = stand.pair(None, [vera, sol], publish, change).await;
        other.unwrap().unwrap();
        assert_eq!(guards(answer), [Guard::BylineRetired { byline }]);
        assert!(!stand.public().await.contains("Sol Sundin"));
    });
}

#[test]
fn a_page_that_is_paused_while_the_editor_puts_it_back_stays_away() {
    block_on(async {
        let scene = Scene::set().await;
        let [vera, _, sol, _] = actors(&scene);
        let variant = scene.down.variant;
        for [one, other] in [[vera.clone(), sol.clone()], [sol, vera.clone()]] {
            let stand = Stand::at(&scene).await;
            let first_is_editor = one == vera;
            let (answer, other) = stand
                .pair(
                    None,
                    [one, other],
                    async |desk| {
                        if first_is_editor {
                            desk.republish(variant).await
                        } else {
                            desk.pause(variant).await
                        }
                    },
                    |desk| async move {
                        if first_is_editor {
                            desk.pause(variant).await
                        } else {
                            desk.republish(variant).await
                        }
                    },
                )
                .await;
            other.unwrap().unwrap();
            if first_is_editor {
                assert_eq!(codes(answer), ["wrong_state"]);
            } else {
                // It came back for a moment; the pause takes it away all the same.
                answer.unwrap();
            }
            let found = stand.cms.site().article("nere").await.unwrap();
            assert_eq!(found, Found::NotThere);
            let view = stand.cms.desk(vera.clone()).variant(variant).await.unwrap();
            assert_eq!(view.publication, PublicationState::Paused);
            assert_eq!(view.publication.label(Locale::Sv), "Pausad");
        }
    });
}
