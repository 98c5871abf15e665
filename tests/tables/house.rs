//! The work on a text of the newsroom's own: its author is the editor who began it, and somebody
//! else must have agreed to it.

use cmss::{Cms, Coded, CreditedTo, NewArticle, Started};
use pollster::block_on;

use crate::cast::{Room, by_the_newsroom};
use crate::edition::command;
use crate::support::declared;
use crate::table::{Beside, Case, May, Table};

const AUTHOR: &[&str] = &["editor"];
const EDITORS: &[&str] = &["editor", "second editor", "author and editor", "opener"];
const OTHER_EDITORS: &[&str] = &["second editor", "author and editor", "opener"];
const WHO_MAY_AGREE: &[&str] = &[
    "editor",
    "second editor",
    "author and editor",
    "opener",
    "mentor",
    "admin",
];

const HANDED_IN: &[&str] = &["submitted", "agreed"];
const ALL: &[&str] = &["draft", "submitted", "agreed", "approved"];

const fn may(
    verb: &'static str,
    event: &'static str,
    states: &'static [&'static str],
    who: &'static [&'static str],
    to: &'static str,
) -> May {
    May {
        verb,
        event,
        states,
        who,
        to,
    }
}

const TABLE: Table = Table {
    may: &[
        may("save", "save", &["draft"], AUTHOR, ""),
        may("save", "edit", HANDED_IN, EDITORS, ""),
        may("save", "author edit", &["approved"], AUTHOR, "draft"),
        may(
            "save",
            "editor edit",
            &["approved"],
            OTHER_EDITORS,
            "submitted",
        ),
        may("set_aside", "set aside", HANDED_IN, EDITORS, ""),
        may("submit", "submit", &["draft"], AUTHOR, "submitted"),
        may("pull_back", "pull back", HANDED_IN, AUTHOR, "draft"),
        may(
            "request_changes",
            "request",
            HANDED_IN,
            EDITORS,
            "changes_requested",
        ),
        may(
            "accept_edit",
            "accept",
            &["submitted", "agreed", "approved"],
            WHO_MAY_AGREE,
            "",
        ),
        may("approve", "approve", HANDED_IN, EDITORS, "approved"),
        may(
            "dismiss_approval",
            "dismiss",
            &["approved"],
            EDITORS,
            "submitted",
        ),
        may("publish", "publish", &["approved"], EDITORS, "published"),
        may(
            "decline",
            "decline",
            &["draft", "submitted", "agreed"],
            EDITORS,
            "declined",
        ),
        may("withdraw", "withdraw", ALL, AUTHOR, "withdrawn"),
        may("reopen_edition", "reopen", &["withdrawn"], AUTHOR, "draft"),
        may("reopen_edition", "reopen", &["declined"], EDITORS, "draft"),
    ],
    beside: &[
        Beside {
            verb: "set_aside",
            states: ALL,
            who: None,
            guard: "head_is_authors",
        },
        // Nobody has agreed yet: its author alone may not approve it, and any other editor may.
        Beside {
            verb: "approve",
            states: &["draft", "submitted"],
            who: Some(AUTHOR),
            guard: "second_person_needed",
        },
        Beside {
            verb: "publish",
            states: &["draft"],
            who: None,
            guard: "not_declared",
        },
        Beside {
            verb: "reopen_edition",
            states: ALL,
            who: None,
            guard: "edition_open",
        },
    ],
    unlisted: &[],
    editors: EDITORS,
    part: |_, _, who| WHO_MAY_AGREE.contains(&who),
};

async fn cases(room: &Room) -> Vec<Case<Started>> {
    let (vera, nils) = (room.room.editor(), room.room.second_editor());
    let mut text = room.text("Öppettider i påsk");
    text.credits = vec![by_the_newsroom()];
    assert!(matches!(text.credits[0].by, CreditedTo::Name(_)));
    let article = NewArticle {
        assignment: None,
        co_authors: Vec::new(),
        text,
    };
    let house = vera.start_article(&article).await.unwrap();
    let Started { edition, head, .. } = house;
    let mut cases = Vec::new();
    let mut case = |state| {
        let store = room.so_far();
        cases.push(Case {
            state,
            store,
            target: edition.into(),
            names: house,
        });
    };
    case("draft");
    vera.submit(edition, head, &declared()).await.unwrap();
    case("submitted");
    room.room.mentor().accept_edit(edition, head).await.unwrap();
    case("agreed");
    nils.approve(edition, head).await.unwrap();
    case("approved");
    cases
}

#[test]
fn a_text_of_the_newsrooms_own_needs_a_second_person_in_every_state() {
    block_on(async {
        let room = Room::founded().await;
        let cases = cases(&room).await;
        let byline = room.room.sols;
        let editor = cmss::Actor::new(room.room.vera).editor();
        let state = async |cms: &Cms, case: &Case<Started>| {
            let view = cms
                .desk(editor.clone())
                .edition(case.names.edition)
                .await
                .unwrap();
            view.card.state.code()
        };
        let command =
            |case: &Case<Started>, verb: &str, who: &str| command(case, verb, who, byline);
        let differences = TABLE
            .differences(&cases, &room.around_a_text(), command, state)
            .await;
        assert!(differences.is_empty(), "{differences:#?}");
    });
}
