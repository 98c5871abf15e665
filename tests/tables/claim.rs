//! Sol's claim on an assignment of the library's.

use cmss::{Actor, AssignmentId, ClaimId, Cms, Coded, Command, NewArticle, ReleaseClaim};
use pollster::block_on;

use crate::cast::Room;
use crate::support::declared;
use crate::table::{Beside, Case, Cast, May, Table, beside, may};

const TABLE: Table = Table {
    // Whose claim it is gives it back; nobody else does, and nobody asks why.
    may: &[may(
        "release_claim",
        &["active"],
        &["holder", "holder unvouched"],
        "released",
    )],
    beside: &[],
    unlisted: &[],
    editors: &["editor", "second editor", "editor and reporter"],
    part: |_, _, who| who.starts_with("holder"),
};

fn cast(room: &Room) -> Cast {
    let mut cast = room.bystanders();
    let news = &room.room;
    cast.extend([
        ("holder", Actor::new(news.sol).reporter()),
        ("holder unvouched", Actor::new(news.sol)),
        ("other reporter", Actor::new(news.liv).reporter()),
        ("editor and reporter", room.eva()),
        ("proposer", Actor::new(news.kim).unit_contact(news.library)),
    ]);
    cast
}

async fn cases(room: &Room) -> Vec<Case<ClaimId>> {
    let (vera, sol) = (room.room.editor(), room.room.reporter());
    let mut cases = Vec::new();
    let mut case = |state, claim: ClaimId| cases.push(room.case(state, claim, claim));
    let begun = async |task: AssignmentId| {
        let text = room.text("Från mötet");
        let article = NewArticle {
            assignment: Some(task),
            co_authors: Vec::new(),
            text,
        };
        sol.start_article(&article).await.unwrap()
    };
    let task = room.room.open_assignment(1).await;
    let claim = sol.claim(task).await.unwrap();
    case("active", claim);
    let text = begun(task).await;
    sol.submit(text.edition, text.head, &declared())
        .await
        .unwrap();
    case("delivered", claim);
    vera.approve(text.edition, text.head).await.unwrap();
    vera.publish(text.edition, text.head, None).await.unwrap();
    case("fulfilled", claim);
    let task = room.room.open_assignment(1).await;
    let claim = sol.claim(task).await.unwrap();
    sol.release(claim).await.unwrap();
    case("released", claim);
    let claim = sol.claim(task).await.unwrap();
    vera.cancel_assignment(task, "Inställt.").await.unwrap();
    case("cancelled", claim);
    cases
}

/// The state of the claim, as its reporter reads it.
async fn state(room: &Room, cms: &Cms, case: &Case<ClaimId>) -> &'static str {
    let sol = cms.desk(Actor::new(room.room.sol).reporter());
    let claims = sol.own_claims(None).await.unwrap();
    let mut claims = claims.into_iter();
    claims
        .find(|claim| claim.id == case.names)
        .unwrap()
        .state
        .code()
}

async fn differences(room: &Room, table: &Table, cases: &[Case<ClaimId>]) -> Vec<String> {
    let state = async |cms: &Cms, case: &Case<ClaimId>| state(room, cms, case).await;
    let command = |case: &Case<ClaimId>, _: &str, _: &str| {
        Command::ReleaseClaim(ReleaseClaim { claim: case.names })
    };
    table.differences(cases, &cast(room), command, state).await
}

#[test]
fn a_claim_is_given_back_by_whoever_holds_it_and_by_nobody_else() {
    block_on(async {
        let room = Room::founded().await;
        let cases = cases(&room).await;
        for case in &cases {
            let cms = crate::table::open(&case.store).await;
            assert_eq!(state(&room, &cms, case).await, case.state);
        }
        assert_eq!(cases.len(), cmss::ClaimState::ALL.len());
        let differences = differences(&room, &TABLE, &cases).await;
        assert!(differences.is_empty(), "{differences:#?}");
    });
}

#[test]
fn a_table_that_says_something_else_is_found_out() {
    block_on(async {
        const FULL: &[Beside] = &[beside("release_claim", &["active"], None, "full")];
        let right: (&[_], &[_], _) = (&["active"], &["holder", "holder unvouched"], "released");
        let (states, who, to) = right;
        let more: &[_] = &["holder", "holder unvouched", "editor"];
        let wrong: [(May, &[Beside], &str); 5] = [
            (
                may("release_claim", states, &["holder"], to),
                &[],
                "holder unvouched in active",
            ),
            (
                may("release_claim", states, more, to),
                &[],
                "editor in active",
            ),
            (
                may("release_claim", &["active", "delivered"], who, to),
                &[],
                "holder in delivered",
            ),
            (
                may("release_claim", states, who, "cancelled"),
                &[],
                "leads to released, expected cancelled",
            ),
            (
                may("release_claim", states, who, to),
                FULL,
                "holder in active",
            ),
        ];
        let room = Room::founded().await;
        let cases = cases(&room).await;
        for (may, beside, named) in wrong {
            let may: &'static [May] = Box::leak(Box::new([may]));
            let table = Table {
                may,
                beside,
                ..TABLE
            };
            let differences = differences(&room, &table, &cases).await;
            assert!(
                differences.iter().any(|one| one.contains(named)),
                "{named}: {differences:#?}"
            );
        }
    });
}
