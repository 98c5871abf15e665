//! Who names a revision that is no longer the head is handed all three texts, and loses none.

use cmss::*;
use pollster::block_on;

use crate::support::{Newsroom, codes, declared, text};

/// A text of Sol's and Liv's of which Sol saw the first revision, and Liv has saved another.
struct Story {
    room: Newsroom,
    article: StartedArticle,
    /// The revision that Liv saved.
    head: RevisionId,
    base: ArticleText,
    theirs: ArticleText,
}

impl Story {
    async fn begin() -> Self {
        let room = Newsroom::in_memory().await;
        let base = text("Som den var", room.sols);
        let article = NewArticle {
            assignment: None,
            co_authors: vec![room.liv],
            text: base.clone(),
        };
        let article = room.reporter().start_article(&article).await.unwrap();
        let theirs = text("Som Liv skrev", room.sols);
        let liv = room.other_reporter();
        let head = liv
            .save(article.edition, article.head, &theirs)
            .await
            .unwrap();
        Self {
            room,
            article,
            head,
            base,
            theirs,
        }
    }

    /// The same, handed in: the editor's and the authors' turn.
    async fn submitted() -> Self {
        let story = Self::begin().await;
        let sol = story.room.reporter();
        sol.submit(story.article.edition, story.head, &declared())
            .await
            .unwrap();
        story
    }
}

fn conflict(answer: Result<impl std::fmt::Debug, Error>) -> EditConflict {
    match answer {
        Err(Error::Conflict(conflict)) => *conflict,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_save_on_an_old_revision_hands_out_base_theirs_and_mine_to_the_letter() {
    block_on(async {
        let story = Story::begin().await;
        let sol = story.room.reporter();
        let StartedArticle {
            edition, head: old, ..
        } = story.article;
        let mine = text("Som Sol skrev", story.room.sols);
        let sent = mine.clone();
        let answer = conflict(sol.save(edition, old, &mine).await);
        assert_eq!(
            (answer.edition, answer.named, answer.head),
            (edition, old, story.head)
        );
        assert_eq!(answer.base.as_deref(), Some(&story.base));
        assert_eq!(*answer.theirs, story.theirs);
        assert_eq!(answer.mine.as_deref(), Some(&sent));
        // The caller has lost nothing, and nothing has changed.
        assert_eq!(mine, sent);
        assert_eq!(sol.revisions(edition, 0).await.unwrap().len(), 2);
        // With the head it was handed, the same text is saved.
        let head = sol.save(edition, answer.head, &mine).await.unwrap();
        let revisions = sol.revisions(edition, 0).await.unwrap();
        assert_eq!(revisions[2].id, head);
        assert_eq!(revisions[2].text, sent);
        assert_eq!(revisions[2].parent, Some(story.head));
    });
}

#[test]
fn the_very_text_of_the_head_on_an_old_revision_is_a_conflict_too() {
    block_on(async {
        let story = Story::begin().await;
        let StartedArticle {
            edition, head: old, ..
        } = story.article;
        let answer = story
            .room
            .reporter()
            .save(edition, old, &story.theirs)
            .await;
        let answer = conflict(answer);
        assert_eq!(answer.mine, Some(answer.theirs));
    });
}

#[test]
fn every_command_that_names_the_head_is_told_of_a_newer_one() {
    block_on(async {
        let story = Story::begin().await;
        let (sol, vera) = (story.room.reporter(), story.room.editor());
        let StartedArticle {
            edition, head: old, ..
        } = story.article;
        let told = |answer: Result<(), Error>, base| {
            let answer = conflict(answer);
            assert_eq!((answer.named, answer.head), (old, story.head));
            assert_eq!(answer.base.as_deref(), base);
            assert_eq!(*answer.theirs, story.theirs);
            // They send no text.
            assert_eq!(answer.mine, None);
        };
        told(
            sol.submit(edition, old, &declared()).await,
            Some(&story.base),
        );
        sol.submit(edition, story.head, &declared()).await.unwrap();
        told(sol.accept_edit(edition, old).await, Some(&story.base));
        // What she names was never handed in, and she has not read it.
        told(vera.approve(edition, old).await, None);
        sol.accept_edit(edition, story.head).await.unwrap();
        vera.approve(edition, story.head).await.unwrap();
        told(vera.publish(edition, old, None).await, None);
    });
}

#[test]
fn who_is_not_permitted_is_refused_and_learns_no_text() {
    block_on(async {
        let story = Story::submitted().await;
        let StartedArticle {
            edition, head: old, ..
        } = story.article;
        let room = &story.room;
        let tor = room
            .editor()
            .put_person(None, &NewPerson::named("Tor Tangen"))
            .await
            .unwrap();
        let mine = text("Någon annans", room.livs);
        let desks = [
            room.cms.desk(Actor::new(tor).reporter()),
            room.cms.desk(Actor::new(tor)),
            room.unit(),
            room.mentor(),
            room.admin(),
            room.cms.desk(Actor::visitor()),
            room.cms.desk(Actor::clock()),
        ];
        for desk in desks {
            let answers = [
                desk.save(edition, old, &mine).await.map(drop),
                desk.submit(edition, old, &declared()).await,
                desk.accept_edit(edition, old).await,
                desk.approve(edition, old).await,
                desk.publish(edition, old, None).await,
            ];
            for answer in answers {
                let told = format!("{answer:?}");
                assert!(
                    !told.contains("Som den var") && !told.contains("Som Liv"),
                    "{told}"
                );
                assert!(codes(answer).contains(&"not_permitted".to_owned()));
            }
        }
    });
}

#[test]
fn a_revision_of_another_text_is_a_conflict_whose_base_is_not_handed_out() {
    block_on(async {
        let story = Story::begin().await;
        // A draft of Liv's alone, whose revision Sol should not even know of.
        let article = NewArticle {
            assignment: None,
            co_authors: Vec::new(),
            text: text("Livs hemlighet", story.room.livs),
        };
        let secret = story
            .room
            .other_reporter()
            .start_article(&article)
            .await
            .unwrap();
        let mine = text("Som Sol skrev", story.room.sols);
        let edition = story.article.edition;
        let answer = story
            .room
            .reporter()
            .save(edition, secret.head, &mine)
            .await;
        assert!(!format!("{answer:?}").contains("hemlighet"));
        let answer = conflict(answer);
        assert_eq!(answer.base, None);
        assert_eq!(*answer.theirs, story.theirs);
        assert_eq!(answer.mine.as_deref(), Some(&mine));
    });
}

#[test]
fn an_editor_is_not_handed_the_draft_that_its_author_has_taken_back() {
    block_on(async {
        let story = Story::submitted().await;
        let (sol, vera) = (story.room.reporter(), story.room.editor());
        let edition = story.article.edition;
        // What Vera has seen, and what Sol has written since, for nobody else yet.
        let seen = story.head;
        for taken_back in [true, false] {
            if taken_back {
                sol.pull_back(edition).await.unwrap();
            } else {
                let head = sol.edition(edition).await.unwrap().text.unwrap().revision;
                sol.submit(edition, head, &declared()).await.unwrap();
                vera.request_changes(edition, "Kortare.").await.unwrap();
            }
            let head = sol.edition(edition).await.unwrap().text.unwrap().revision;
            let draft = text(&format!("Bara Sols, {taken_back}"), story.room.sols);
            sol.save(edition, head, &draft).await.unwrap();
            let mine = text("Som Vera skrev", story.room.sols);
            let answers = [
                vera.save(edition, seen, &mine).await.map(drop),
                vera.approve(edition, seen).await,
                vera.publish(edition, seen, None).await,
            ];
            for answer in answers {
                assert!(!format!("{answer:?}").contains("Bara Sols"), "{answer:?}");
                let codes = codes(answer);
                let not_here = ["wrong_state", "not_permitted"];
                assert!(codes.iter().any(|code| not_here.contains(&code.as_str())));
            }
        }
    });
}

#[test]
fn an_editor_who_knows_of_a_revision_that_was_never_handed_in_is_not_handed_its_text() {
    block_on(async {
        let story = Story::submitted().await;
        let StartedArticle {
            edition,
            head: never,
            ..
        } = story.article;
        let (vera, nils) = (story.room.editor(), story.room.second_editor());
        let mine = text("Som Vera skrev", story.room.sols);
        let answer = vera.save(edition, never, &mine).await;
        assert!(!format!("{answer:?}").contains("Som den var"), "{answer:?}");
        let answer = conflict(answer);
        assert_eq!((answer.base, *answer.theirs), (None, story.theirs.clone()));
        assert_eq!(answer.mine.as_deref(), Some(&mine));
        // What was handed in, and what editors made of it, they have read.
        let head = vera.save(edition, story.head, &mine).await.unwrap();
        let more = text("Som Vera skrev om", story.room.sols);
        vera.save(edition, head, &more).await.unwrap();
        for (named, base) in [(story.head, &story.theirs), (head, &mine)] {
            let answer = conflict(nils.save(edition, named, &mine).await);
            assert_eq!(
                (answer.base.as_deref(), *answer.theirs),
                (Some(base), more.clone())
            );
        }
    });
}

#[test]
fn a_mentor_is_not_handed_a_draft_of_the_newsrooms_own() {
    block_on(async {
        let room = Newsroom::in_memory().await;
        let article = NewArticle {
            assignment: None,
            co_authors: Vec::new(),
            text: ArticleText {
                credits: vec![Credit {
                    role: CreditRole::Text,
                    by: CreditedTo::Name("Redaktionen".to_owned()),
                }],
                ..text("Om oss", room.sols)
            },
        };
        let vera = room.editor();
        let begun = vera.start_article(&article).await.unwrap();
        let next = ArticleText {
            headline: "Bara Veras".to_owned(),
            ..article.text.clone()
        };
        vera.save(begun.edition, begun.head, &next).await.unwrap();
        let mona = room.mentor();
        let answer = mona.accept_edit(begun.edition, begun.head).await;
        assert_eq!(codes(answer), ["wrong_state"]);
        assert!(mona.edition(begun.edition).await.is_err());

        // Handed in, there is something to agree to, and Mona reads it.
        let head = vera.edition(begun.edition).await.unwrap().text.unwrap();
        vera.submit(begun.edition, head.revision, &declared())
            .await
            .unwrap();
        let shown = mona.edition(begun.edition).await.unwrap().text.unwrap();
        assert_eq!(shown.text, next);
        mona.accept_edit(begun.edition, head.revision)
            .await
            .unwrap();
        vera.approve(begun.edition, head.revision).await.unwrap();
        assert!(mona.edition(begun.edition).await.unwrap().text.is_some());
    });
}
