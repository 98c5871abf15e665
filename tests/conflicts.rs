//! A conflict hands out a text, and so comes to nobody who may not read it.
#![cfg(feature = "memory")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are not in test functions"
)]

mod support;

use cmss::{Error, NewArticle};
use pollster::block_on;
use support::{Newsroom, text};

/// The guards of a refusal.
fn refused(error: Error) -> Vec<String> {
    let Error::Refused(refusal) = error else {
        panic!("{error:?}")
    };
    refusal.guards.iter().map(|guard| guard.code()).collect()
}

#[test]
fn an_editor_does_not_get_a_draft_from_a_conflict() {
    block_on(async {
        let newsroom = Newsroom::in_memory().await;
        let draft = newsroom.begun("Ett utkast").await;
        let other = newsroom.begun("Ett annat utkast").await.head;
        let editor = newsroom.editor();

        let approve = editor.approve(draft.edition, other).await;
        assert_eq!(refused(approve.unwrap_err()), ["wrong_state"]);
        let publish = editor.publish(draft.edition, other, None).await;
        assert_eq!(
            refused(publish.unwrap_err()),
            ["wrong_state", "not_declared"]
        );

        let (reporter, head) = (newsroom.reporter(), draft.head);
        reporter
            .submit(draft.edition, head, &support::declared())
            .await
            .unwrap();
        let approve = editor.approve(draft.edition, other).await;
        let Err(Error::Conflict(conflict)) = approve else {
            panic!("{approve:?}")
        };
        assert_eq!(conflict.theirs.headline, "Ett utkast");
        assert_eq!(conflict.base, None);
    });
}

#[test]
fn a_mentor_does_not_get_a_draft_of_the_newsrooms_from_a_conflict() {
    block_on(async {
        let newsroom = Newsroom::in_memory().await;
        let article = NewArticle {
            assignment: None,
            co_authors: Vec::new(),
            text: text("Ett utkast", newsroom.sols),
        };
        let draft = newsroom.editor().start_article(&article).await.unwrap();
        let other = newsroom.begun("Ett annat utkast").await.head;

        let accept = newsroom.mentor().accept_edit(draft.edition, other).await;
        assert_eq!(refused(accept.unwrap_err()), ["wrong_state"]);
    });
}
