//! What the public sees of a text of three reporters, one of whom is an editor too.

use cmss::{
    Actor, AddressFallback, Cms, Coded, Command, DropRedirect, LiftPause, OpenEdition, PageRef,
    Pause, Republish, StartedArticle, Unpublish,
};
use pollster::block_on;

use crate::cast::{AUTHORS, EDITORS, Room};
use crate::table::{Case, Table, beside, may, states};

const AUTHORS_AND_EDITORS: &[&str] = &[
    "author",
    "co-author",
    "author and editor",
    "author unvouched",
    "editor",
    "second editor",
    "opener",
];
/// Authors whom the host vouches for as reporters, and editors.
const OPENERS: &[&str] = &[
    "author",
    "co-author",
    "author and editor",
    "editor",
    "second editor",
    "opener",
];

const WAS_PUBLIC: &[&str] = &["live", "under work", "unpublished", "paused"];
/// Of a text that never was public nobody is an author yet, as far as the page goes.
const NEVER: &[&str] = &["never", "begun"];
const ALL: &[&str] = &[
    "never",
    "begun",
    "live",
    "under work",
    "unpublished",
    "paused",
];

const TABLE: Table = Table {
    may: &[
        may("unpublish", &["live", "under work"], EDITORS, "unpublished"),
        may("republish", &["unpublished"], EDITORS, "live"),
        may(
            "pause",
            &["live", "under work", "unpublished"],
            AUTHORS_AND_EDITORS,
            "paused",
        ),
        may("lift_pause", &["paused"], AUTHORS, "unpublished"),
        may("open_edition", WAS_PUBLIC, OPENERS, ""),
        may("open_edition", NEVER, EDITORS, ""),
        may("drop_redirect", ALL, EDITORS, ""),
    ],
    beside: &[
        beside(
            "pause",
            NEVER,
            Some(&["author", "co-author", "author unvouched"]),
            "not_permitted",
        ),
        beside("lift_pause", NEVER, Some(AUTHORS), "not_permitted"),
        beside("open_edition", NEVER, None, "not_public"),
        beside(
            "open_edition",
            &["begun", "under work"],
            None,
            "edition_open",
        ),
        beside("drop_redirect", NEVER, None, "slug_not_old"),
    ],
    unlisted: &["drop_redirect"],
    editors: EDITORS,
    part: |verb, state, who| {
        verb != "drop_redirect" && !NEVER.contains(&state) && AUTHORS.contains(&who)
    },
};

async fn cases(room: &Room) -> Vec<Case<StartedArticle>> {
    let (sol, vera) = (room.room.reporter(), room.room.editor());
    let mut cases = Vec::new();
    let mut case =
        |state, names: StartedArticle| cases.push(room.case(state, names.variant, names));
    let begun = room.begun("Bara början").await;
    case("begun", begun);
    sol.withdraw(begun.edition).await.unwrap();
    case("never", begun);
    let live = room.published("Tre om en bänk").await;
    room.publish(room.opened(live).await, Some("banken")).await;
    case("live", live);
    let work = room.opened(live).await;
    case("under work", live);
    sol.withdraw(work.edition).await.unwrap();
    vera.unpublish(live.variant, "Fel.", AddressFallback::NotThere)
        .await
        .unwrap();
    case("unpublished", live);
    sol.pause(live.variant).await.unwrap();
    case("paused", live);
    cases
}

fn command(case: &Case<StartedArticle>, verb: &str, _: &str) -> Command {
    let variant = case.names.variant;
    match verb {
        "unpublish" => {
            let (reason, afterwards) = ("Fel.".to_owned(), AddressFallback::NotThere);
            Command::Unpublish(Unpublish {
                variant,
                reason,
                afterwards,
                on_request_of: None,
            })
        }
        "republish" => Command::Republish(Republish { variant }),
        "pause" => Command::Pause(Pause { variant }),
        "lift_pause" => Command::LiftPause(LiftPause { variant }),
        "open_edition" => Command::OpenEdition(OpenEdition { variant }),
        "drop_redirect" => {
            let slug = "tre-om-en-bank".to_owned();
            Command::DropRedirect(DropRedirect {
                page: PageRef::Article(variant),
                slug,
            })
        }
        other => panic!("{other} has no command"),
    }
}

#[test]
fn a_publication_moves_as_the_table_says_for_everybody_in_every_state() {
    block_on(async {
        let room = Room::founded().await;
        let cases = cases(&room).await;
        let editor = Actor::new(room.room.vera).editor();
        let state = async |cms: &Cms, case: &Case<StartedArticle>| {
            let view = cms
                .desk(editor.clone())
                .variant(case.names.variant)
                .await
                .unwrap();
            view.publication.code()
        };
        let differences = TABLE
            .differences(&cases, &room.around_a_text(), command, state)
            .await;
        assert!(differences.is_empty(), "{differences:#?}");
        let states = states(&cases, state).await;
        assert_eq!(states.len(), cmss::PublicationState::ALL.len());
    });
}
