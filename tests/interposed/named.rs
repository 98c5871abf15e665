//! Pairs that are looked at one by one: what each side is told, and what the public sees.

use std::sync::{Arc, Mutex};

use cmss::store::Store;
use cmss::values::Locale;
use cmss::*;
use cmss_testkit::Interposed;
use pollster::block_on;

use crate::scene::{Scene, opened};
use crate::support::{named, text};

/// A copy of the scene, and a desk before whose call (or commit) another acts whole.
struct Stand {
    store: MemoryStore,
    cms: Cms,
}

impl Stand {
    async fn at(scene: &Scene) -> Self {
        let store = scene.fork();
        let cms = opened(store.clone(), "behind").await;
        Self { store, cms }
    }

    /// What the first answers when the second comes in; and what the second answers, if it did.
    async fn pair<A, B>(
        &self,
        before_call: Option<usize>,
        [one, other]: [Actor; 2],
        first: impl AsyncFnOnce(Desk) -> Result<A, Error>,
        second: impl FnOnce(Desk) -> B,
    ) -> (Result<A, Error>, Option<Result<(), Error>>)
    where
        B: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let answered = Arc::new(Mutex::new(None));
        let (answers, second) = (answered.clone(), second(self.cms.desk(other)));
        let event = async move {
            let answer = second.await;
            *answers.lock().unwrap() = Some(answer);
        };
        let behind: Arc<dyn Store> = Arc::new(self.store.clone());
        let over = match before_call {
            None => Interposed::new(behind, event),
            Some(number) => Interposed::before_call(number, behind, event),
        };
        let over = opened(over, "over").await;
        let first = first(over.desk(one)).await;
        let second = answered.lock().unwrap().take();
        (first, second)
    }

    /// Everything that the public door hands out.
    async fn public(&self) -> String {
        let site = self.cms.site();
        let pages = site.everything(100, None).await.unwrap().pages;
        let pages: Vec<_> = pages.iter().map(|page| page.page.to_json()).collect();
        let all = site.list(&Listing::by(ListBy::All)).await.unwrap().unwrap();
        format!("{}\n{}", pages.join("\n"), all.to_json())
    }
}

fn guards(answer: Result<impl std::fmt::Debug, Error>) -> Vec<Guard> {
    match answer {
        Err(Error::Refused(refusal)) => refusal.guards,
        other => panic!("{other:?}"),
    }
}

fn codes(answer: Result<impl std::fmt::Debug, Error>) -> Vec<String> {
    guards(answer).iter().map(Guard::code).collect()
}

/// Vera, Nils, Sol and Liv.
fn actors(scene: &Scene) -> [Actor; 4] {
    let room = &scene.room;
    [
        Actor::new(room.vera).editor(),
        Actor::new(room.nils).editor(),
        Actor::new(room.sol).reporter(),
        Actor::new(room.liv).reporter(),
    ]
}

#[test]
fn of_two_editors_who_save_one_revision_one_wins_and_the_other_is_handed_all_three_texts() {
    block_on(async {
        let scene = Scene::set().await;
        let [vera, nils, sol, _] = actors(&scene);
        let stand = Stand::at(&scene).await;
        let Started { edition, head, .. } = scene.submitted;
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
        let Started { edition, head, .. } = scene.approved;
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
        let Started { edition, head, .. } = scene.approved;

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

#[test]
fn a_quote_whose_consent_is_withdrawn_at_any_point_of_publishing_is_not_public_afterwards() {
    block_on(async {
        let scene = Scene::set().await;
        let [vera, nils, ..] = actors(&scene);
        let Started { edition, head, .. } = scene.approved;
        let consent = scene.approved_quote;
        // So that no other page holds the words.
        let down = Stand::at(&scene).await;
        let live = scene.live.variant;
        let there = Afterwards::NotThere;
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
        let Started { edition, head, .. } = scene.approved;
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
            assert_eq!(stand.cms.rebuild_site().await.unwrap(), Rebuilt::default());
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
