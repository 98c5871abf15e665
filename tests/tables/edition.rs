//! The work on a text of three reporters, one of whom is an editor too; another editor opened the
//! edition.

use cmss::{
    AcceptEdit, Actor, Approve, BylineId, Cms, Coded, Command, Decline, DismissApproval, Publish,
    PullBack, ReopenEdition, RequestChanges, Save, SetAside, StartedArticle, Submit, Withdraw,
};
use pollster::block_on;

use crate::cast::{AUTHORS, EDITORS, Room};
use crate::support::{declared, text};
use crate::table::{Case, Table, beside, may, may_as, states};

const WRITERS: &[&str] = &[
    "author",
    "co-author",
    "author and editor",
    "author unvouched",
    "opener",
];
/// An editor who is an author acts as an author, except on what is handed in.
const EDITORS_ALONE: &[&str] = &["editor", "second editor", "opener"];

const DRAFTS: &[&str] = &["draft", "changes requested"];
const HANDED_IN: &[&str] = &["submitted", "edited"];
const NOT_PUBLISHED: &[&str] = &[
    "draft",
    "changes requested",
    "submitted",
    "edited",
    "approved",
];
const NOT_EDITED: &[&str] = &[
    "draft",
    "changes requested",
    "submitted",
    "approved",
    "published",
    "superseded",
    "withdrawn",
    "declined",
];

const TABLE: Table = Table {
    may: &[
        may_as("save", "save", DRAFTS, WRITERS, ""),
        may_as("edit", "save", HANDED_IN, EDITORS, ""),
        may_as("author edit", "save", &["approved"], AUTHORS, "draft"),
        may_as(
            "editor edit",
            "save",
            &["approved"],
            EDITORS_ALONE,
            "submitted",
        ),
        may("set_aside", HANDED_IN, EDITORS, ""),
        may("submit", DRAFTS, WRITERS, "submitted"),
        may("pull_back", HANDED_IN, AUTHORS, "draft"),
        may("request_changes", HANDED_IN, EDITORS, "changes_requested"),
        may(
            "accept_edit",
            &["submitted", "edited", "approved"],
            AUTHORS,
            "",
        ),
        may("approve", HANDED_IN, EDITORS, "approved"),
        may("dismiss_approval", &["approved"], EDITORS, "submitted"),
        may("publish", &["approved"], EDITORS, "published"),
        may(
            "decline",
            &["draft", "changes requested", "submitted", "edited"],
            EDITORS,
            "declined",
        ),
        may("withdraw", NOT_PUBLISHED, AUTHORS, "withdrawn"),
        may("reopen_edition", &["withdrawn"], AUTHORS, "draft"),
        may("reopen_edition", &["declined"], EDITORS, "draft"),
    ],
    beside: &[
        // There is something to set aside where the newest text is the editor's.
        beside("set_aside", NOT_EDITED, None, "head_is_authors"),
        // Vera changed it: nobody has accepted that, and she is the only one behind it.
        beside("approve", &["edited"], None, "not_accepted"),
        beside(
            "approve",
            &["edited"],
            Some(&["editor"]),
            "second_person_needed",
        ),
        beside("publish", &["edited"], None, "not_accepted"),
        beside("publish", &["draft", "withdrawn"], None, "not_declared"),
        // It is open itself, or it is what is live.
        beside("reopen_edition", NOT_PUBLISHED, None, "edition_open"),
        beside(
            "reopen_edition",
            &["published", "superseded"],
            None,
            "base_not_live",
        ),
    ],
    unlisted: &[],
    editors: EDITORS,
    part: |_, _, who| AUTHORS.contains(&who),
};

/// An edition in every state there is.
async fn cases(room: &Room) -> Vec<Case<StartedArticle>> {
    let live = room.published("Tre om en bänk").await;
    let draft = room.opened(live).await;
    let StartedArticle { edition, head, .. } = draft;
    let mut cases = Vec::new();
    let mut case =
        |state, names: StartedArticle| cases.push(room.case(state, names.edition, names));
    let (sol, vera) = (room.room.reporter(), room.room.editor());
    // Whatever comes after a state is played in the same newsroom, one step further.
    case("draft", draft);
    sol.withdraw(edition).await.unwrap();
    case("withdrawn", draft);
    sol.reopen_edition(edition).await.unwrap();
    sol.submit(edition, head, &declared()).await.unwrap();
    case("submitted", draft);
    vera.decline(edition, "Inte nu.").await.unwrap();
    case("declined", draft);
    vera.reopen_edition(edition).await.unwrap();
    sol.submit(edition, head, &declared()).await.unwrap();
    vera.request_changes(edition, "Kortare.").await.unwrap();
    case("changes requested", draft);
    sol.submit(edition, head, &declared()).await.unwrap();
    vera.approve(edition, head).await.unwrap();
    case("approved", draft);
    vera.publish(edition, head, None).await.unwrap();
    case("published", draft);
    let next = room.opened(live).await;
    sol.submit(next.edition, next.head, &declared())
        .await
        .unwrap();
    let change = room.text("Fyra om en bänk");
    let head = vera.save(next.edition, next.head, &change).await.unwrap();
    let edited = StartedArticle { head, ..next };
    case("edited", edited);
    vera.set_aside(next.edition).await.unwrap();
    sol.withdraw(next.edition).await.unwrap();
    let last = room.opened(live).await;
    room.publish(last, None).await;
    case("superseded", draft);
    cases
}

fn command(case: &Case<StartedArticle>, verb: &str, who: &str, byline: BylineId) -> Command {
    let StartedArticle { edition, head, .. } = case.names;
    let said = || "Ett namn är fel.".to_owned();
    match verb {
        "save" => {
            let text = text(&format!("Ändrad av {who}"), byline);
            Command::Save(Save {
                edition,
                parent: head,
                text,
            })
        }
        "set_aside" => Command::SetAside(SetAside { edition }),
        "submit" => Command::Submit(Submit {
            edition,
            head,
            declarations: declared(),
        }),
        "pull_back" => Command::PullBack(PullBack { edition }),
        "request_changes" => Command::RequestChanges(RequestChanges {
            edition,
            comment: said(),
        }),
        "accept_edit" => Command::AcceptEdit(AcceptEdit { edition, head }),
        "approve" => Command::Approve(Approve { edition, head }),
        "dismiss_approval" => Command::DismissApproval(DismissApproval {
            edition,
            reason: said(),
            on_request_of: None,
        }),
        "publish" => Command::Publish(Publish {
            edition,
            head,
            slug: None,
        }),
        "decline" => Command::Decline(Decline {
            edition,
            reason: said(),
            on_request_of: None,
        }),
        "withdraw" => Command::Withdraw(Withdraw { edition }),
        "reopen_edition" => Command::ReopenEdition(ReopenEdition { edition }),
        other => panic!("{other} has no command"),
    }
}

/// The state of the edition, as an editor reads it.
async fn state(room: &Room, cms: &Cms, case: &Case<StartedArticle>) -> &'static str {
    let editor = cms.desk(Actor::new(room.room.vera).editor());
    let view = editor.edition(case.names.edition).await.unwrap();
    view.card.state.code()
}

/// Where the library and a table of the work on a text differ.
pub async fn differences(
    room: &Room,
    table: &Table,
    cases: &[Case<StartedArticle>],
) -> Vec<String> {
    let byline = room.room.sols;
    let command =
        |case: &Case<StartedArticle>, verb: &str, who: &str| command(case, verb, who, byline);
    let state = async |cms: &Cms, case: &Case<StartedArticle>| state(room, cms, case).await;
    table
        .differences(cases, &room.around_a_text(), command, state)
        .await
}

#[test]
fn an_edition_moves_as_the_table_says_for_everybody_in_every_state() {
    block_on(async {
        let room = Room::founded().await;
        let cases = cases(&room).await;
        let differences = differences(&room, &TABLE, &cases).await;
        assert!(differences.is_empty(), "{differences:#?}");
        // One case for every state there is, and one more for what the editor changed.
        let state = async |cms: &Cms, case: &Case<StartedArticle>| state(&room, cms, case).await;
        let states = states(&cases, state).await;
        assert_eq!(states.len(), cmss::EditionState::ALL.len());
    });
}
