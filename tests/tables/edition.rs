//! The work on a text of three reporters, one of whom is an editor too; another editor opened the
//! edition.

use cmss::{
    AcceptEdit, Approve, BylineId, Cms, Coded, Command, Decline, DismissApproval, Publish,
    PullBack, ReopenEdition, RequestChanges, Save, SetAside, Started, Submit, Withdraw,
};
use pollster::block_on;

use crate::cast::Room;
use crate::support::{declared, text};
use crate::table::{Beside, Case, May, Table};

const AUTHORS: &[&str] = &[
    "author",
    "co-author",
    "author and editor",
    "author unvouched",
];
const WRITERS: &[&str] = &[
    "author",
    "co-author",
    "author and editor",
    "author unvouched",
    "opener",
];
const EDITORS: &[&str] = &["editor", "second editor", "author and editor", "opener"];
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

const fn beside(
    verb: &'static str,
    states: &'static [&'static str],
    who: Option<&'static [&'static str]>,
    guard: &'static str,
) -> Beside {
    Beside {
        verb,
        states,
        who,
        guard,
    }
}

const TABLE: Table = Table {
    may: &[
        may("save", "save", DRAFTS, WRITERS, ""),
        may("save", "edit", HANDED_IN, EDITORS, ""),
        may("save", "author edit", &["approved"], AUTHORS, "draft"),
        may(
            "save",
            "editor edit",
            &["approved"],
            EDITORS_ALONE,
            "submitted",
        ),
        may("set_aside", "set aside", HANDED_IN, EDITORS, ""),
        may("submit", "submit", DRAFTS, WRITERS, "submitted"),
        may("pull_back", "pull back", HANDED_IN, AUTHORS, "draft"),
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
            &["submitted", "edited", "approved"],
            AUTHORS,
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
            &["draft", "changes requested", "submitted", "edited"],
            EDITORS,
            "declined",
        ),
        may("withdraw", "withdraw", NOT_PUBLISHED, AUTHORS, "withdrawn"),
        may("reopen_edition", "reopen", &["withdrawn"], AUTHORS, "draft"),
        may("reopen_edition", "reopen", &["declined"], EDITORS, "draft"),
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
async fn cases(room: &Room) -> Vec<Case<Started>> {
    let live = room.published("Tre om en bänk").await;
    let draft = room.opened(live).await;
    let Started { edition, head, .. } = draft;
    let mut cases = Vec::new();
    let mut case = |state, names: Started| {
        let target = names.edition.into();
        cases.push(Case {
            state,
            store: room.so_far(),
            target,
            names,
        });
    };
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
    let edited = Started { head, ..next };
    case("edited", edited);
    vera.set_aside(next.edition).await.unwrap();
    sol.withdraw(next.edition).await.unwrap();
    let last = room.opened(live).await;
    room.publish(last, None).await;
    case("superseded", draft);
    cases
}

pub fn command(case: &Case<Started>, verb: &str, who: &str, byline: BylineId) -> Command {
    let Started { edition, head, .. } = case.names;
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

#[test]
fn an_edition_moves_as_the_table_says_for_everybody_in_every_state() {
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
        // One case for every state there is, and one more for what the editor changed.
        let mut states = Vec::new();
        for case in &cases {
            states.push(state(&crate::table::open(&case.store).await, case).await);
        }
        states.sort_unstable();
        states.dedup();
        assert_eq!(states.len(), cmss::EditionState::ALL.len());
    });
}
