//! An assignment that Kim offers for the library.

use cmss::{
    Actor, AssignmentId, CancelAssignment, ClaimAssignment, CloseAssignment, Cms, Coded, Command,
    CompleteAssignment, Offer, OpenAssignment, ReopenAssignment, ReturnAssignment,
    ReviseAssignment,
};
use pollster::block_on;

use crate::cast::Room;
use crate::support::{codes, offer};
use crate::table::{Case, Cast, Table, beside, may};

const EDITORS: &[&str] = &["editor", "second editor", "editor and reporter"];
/// Whoever speaks for the unit offers what the unit offers; who offered it stays its proposer.
const REVISERS: &[&str] = &[
    "editor",
    "second editor",
    "editor and reporter",
    "proposer",
    "proposer unvouched",
    "own unit",
];
/// Whoever offers it, for themselves or for the unit.
const OFFERERS: &[&str] = &["proposer", "proposer unvouched", "own unit"];
const REPORTERS: &[&str] = &[
    "reporter",
    "holder",
    "resting reporter",
    "editor and reporter",
];
const NOT_ACTIVE: &[&str] = &[
    "editor",
    "second editor",
    "resting reporter",
    "proposer",
    "proposer unvouched",
    "own unit",
    "other unit",
    "mentor",
    "admin",
    "clock",
    "visitor",
    "nobody",
];

const ALL: &[&str] = &[
    "proposed",
    "open",
    "full",
    "closed",
    "claimed",
    "completed",
    "cancelled",
];
const NOT_OPEN: &[&str] = &["proposed", "closed", "claimed", "completed", "cancelled"];
const HELD: &[&str] = &["full", "claimed"];

const TABLE: Table = Table {
    may: &[
        may("revise_assignment", &["proposed"], REVISERS, ""),
        may("return_assignment", &["proposed"], EDITORS, ""),
        may("open_assignment", &["proposed"], EDITORS, "open"),
        may("close_assignment", &["open", "full"], EDITORS, "closed"),
        may("reopen_assignment", &["closed", "claimed"], EDITORS, "open"),
        may(
            "complete_assignment",
            &["closed", "claimed"],
            EDITORS,
            "completed",
        ),
        may(
            "cancel_assignment",
            &["proposed", "open", "full", "closed", "claimed"],
            EDITORS,
            "cancelled",
        ),
        may("claim_assignment", ALL, REPORTERS, ""),
    ],
    beside: &[
        beside("complete_assignment", HELD, Some(EDITORS), "claims_left"),
        beside("claim_assignment", NOT_OPEN, None, "assignment_not_open"),
        // A proposal is none of the reporters' business.
        beside(
            "claim_assignment",
            &["proposed"],
            Some(&["reporter", "holder", "resting reporter"]),
            "may_not_read",
        ),
        beside("claim_assignment", HELD, None, "full"),
        beside(
            "claim_assignment",
            HELD,
            Some(&["holder"]),
            "already_claimed",
        ),
        beside(
            "claim_assignment",
            ALL,
            Some(NOT_ACTIVE),
            "reporter_not_active",
        ),
    ],
    unlisted: &[],
    editors: EDITORS,
    part: |verb, _, who| verb != "claim_assignment" && OFFERERS.contains(&who),
};

fn cast(room: &Room) -> Cast {
    let mut cast = room.bystanders();
    let news = &room.room;
    cast.extend([
        ("reporter", Actor::new(news.liv).reporter()),
        ("holder", Actor::new(news.sol).reporter()),
        ("resting reporter", Actor::new(room.tor).reporter()),
        ("editor and reporter", room.eva()),
        ("proposer", Actor::new(news.kim).unit_contact(news.library)),
        ("proposer unvouched", Actor::new(news.kim)),
    ]);
    cast
}

async fn cases(room: &Room) -> Vec<Case<AssignmentId>> {
    let (vera, sol) = (room.room.editor(), room.room.reporter());
    let library = room.room.library;
    let task = room.room.unit().propose(&offer(library, 1)).await.unwrap();
    let mut cases = Vec::new();
    let mut case = |state, task: AssignmentId| cases.push(room.case(state, task, task));
    case("proposed", task);
    vera.open_assignment(task).await.unwrap();
    case("open", task);
    let claim = sol.claim(task).await.unwrap();
    case("full", task);
    vera.close_assignment(task).await.unwrap();
    case("claimed", task);
    sol.release(claim).await.unwrap();
    case("closed", task);
    vera.complete_assignment(task).await.unwrap();
    case("completed", task);
    let task = room.room.open_assignment(1).await;
    vera.cancel_assignment(task, "Inställt.").await.unwrap();
    case("cancelled", task);
    cases
}

fn command(case: &Case<AssignmentId>, verb: &str, who: &str, offered: &Offer) -> Command {
    let assignment = case.names;
    let reason = "Vem betalar?".to_owned();
    match verb {
        "revise_assignment" => {
            // For the unit only those speak whom the host vouches for.
            let unit = offered.unit.filter(|_| who != "proposer unvouched");
            let offer = Offer {
                unit,
                places: 3,
                ..offered.clone()
            };
            Command::ReviseAssignment(ReviseAssignment { assignment, offer })
        }
        "return_assignment" => Command::ReturnAssignment(ReturnAssignment { assignment, reason }),
        "open_assignment" => Command::OpenAssignment(OpenAssignment { assignment }),
        "close_assignment" => Command::CloseAssignment(CloseAssignment { assignment }),
        "reopen_assignment" => Command::ReopenAssignment(ReopenAssignment { assignment }),
        "complete_assignment" => Command::CompleteAssignment(CompleteAssignment { assignment }),
        "cancel_assignment" => Command::CancelAssignment(CancelAssignment { assignment, reason }),
        "claim_assignment" => Command::ClaimAssignment(ClaimAssignment { assignment }),
        other => panic!("{other} has no command"),
    }
}

#[test]
fn an_assignment_moves_as_the_table_says_for_everybody_in_every_state() {
    block_on(async {
        let room = Room::founded().await;
        let cases = cases(&room).await;
        let editor = Actor::new(room.room.vera).editor();
        let state = async |cms: &Cms, case: &Case<AssignmentId>| {
            let view = cms
                .desk(editor.clone())
                .assignment(case.names)
                .await
                .unwrap();
            view.state.code()
        };
        // Who revises without speaking for the unit offers it for no unit: nobody else offers for
        // a unit that is not theirs.
        let own = offer(room.room.library, 2);
        let command = |case: &Case<AssignmentId>, verb: &str, who: &str| {
            let speaks = EDITORS.contains(&who) || who == "proposer" || who == "own unit";
            let unit = own.unit.filter(|_| speaks);
            command(
                case,
                verb,
                who,
                &Offer {
                    unit,
                    ..own.clone()
                },
            )
        };
        let differences = TABLE
            .differences(&cases, &cast(&room), command, state)
            .await;
        assert!(differences.is_empty(), "{differences:#?}");
    });
}

#[test]
fn who_may_offer_depends_on_whose_unit_it_is_for() {
    block_on(async {
        let room = Room::founded().await;
        let none: &[&str] = &[];
        let not_permitted: &[&str] = &["not_permitted"];
        let other_unit: &[&str] = &["other_unit"];
        for (who, actor) in cast(&room) {
            // For the library, for the baths, for no unit.
            let expected = match who {
                "editor" | "second editor" | "editor and reporter" => [none, none, none],
                "reporter" | "holder" | "resting reporter" => [other_unit, other_unit, none],
                "proposer" | "own unit" => [none, not_permitted, not_permitted],
                "other unit" => [not_permitted, none, not_permitted],
                _ => [not_permitted; 3],
            };
            let units = [Some(room.room.library), Some(room.bath), None];
            for (unit, expected) in units.into_iter().zip(expected) {
                let offered = Offer {
                    unit,
                    ..offer(room.room.library, 1)
                };
                let answer = room.room.cms.desk(actor.clone()).propose(&offered).await;
                let fails: Vec<String> = match answer {
                    Ok(_) => Vec::new(),
                    refused => codes(refused),
                };
                assert_eq!(fails, expected, "{who} for {unit:?}");
            }
        }
    });
}
