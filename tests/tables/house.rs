//! The work on a text of the newsroom's own: its author is the editor who began it, and somebody
//! else must have agreed to it.

use cmss::{CreditedTo, NewArticle, StartedArticle};
use pollster::block_on;

use crate::cast::{EDITORS, Room, by_the_newsroom};
use crate::edition::differences;
use crate::support::declared;
use crate::table::{Case, Table, beside, may, may_as};

const AUTHOR: &[&str] = &["editor"];
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

const TABLE: Table = Table {
    may: &[
        may_as("save", "save", &["draft"], AUTHOR, ""),
        may_as("edit", "save", HANDED_IN, EDITORS, ""),
        may_as("author edit", "save", &["approved"], AUTHOR, "draft"),
        may_as(
            "editor edit",
            "save",
            &["approved"],
            OTHER_EDITORS,
            "submitted",
        ),
        may("set_aside", HANDED_IN, EDITORS, ""),
        may("submit", &["draft"], AUTHOR, "submitted"),
        may("pull_back", HANDED_IN, AUTHOR, "draft"),
        may("request_changes", HANDED_IN, EDITORS, "changes_requested"),
        may(
            "accept_edit",
            &["submitted", "agreed", "approved"],
            WHO_MAY_AGREE,
            "",
        ),
        may("approve", HANDED_IN, EDITORS, "approved"),
        may("dismiss_approval", &["approved"], EDITORS, "submitted"),
        may("publish", &["approved"], EDITORS, "published"),
        may(
            "decline",
            &["draft", "submitted", "agreed"],
            EDITORS,
            "declined",
        ),
        may("withdraw", ALL, AUTHOR, "withdrawn"),
        may("reopen_edition", &["withdrawn"], AUTHOR, "draft"),
        may("reopen_edition", &["declined"], EDITORS, "draft"),
    ],
    beside: &[
        beside("set_aside", ALL, None, "head_is_authors"),
        // Nobody has agreed yet: its author alone may not approve it, and any other editor may.
        beside(
            "approve",
            &["draft", "submitted"],
            Some(AUTHOR),
            "second_person_needed",
        ),
        beside("publish", &["draft"], None, "not_declared"),
        beside("reopen_edition", ALL, None, "edition_open"),
    ],
    unlisted: &[],
    editors: EDITORS,
    part: |_, _, who| WHO_MAY_AGREE.contains(&who),
};

async fn cases(room: &Room) -> Vec<Case<StartedArticle>> {
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
    let StartedArticle { edition, head, .. } = house;
    let mut cases = Vec::new();
    let mut case = |state| cases.push(room.case(state, edition, house));
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
        let differences = differences(&room, &TABLE, &cases).await;
        assert!(differences.is_empty(), "{differences:#?}");
    });
}
