//! Sol's claim on an assignment of the library's.

use cmss::{Actor, AssignmentId, ClaimId, Cms, Coded, Command, NewArticle, ReleaseClaim};
use pollster::block_on;

use crate::cast::Room;
use crate::support::declared;
use crate::table::{Beside, Case, Cast, May, Table};

const TABLE: Table = Table {
    may: &[May {
        verb: "release_claim",
        event: "release",
        states: &["active"],
        // Whose claim it is gives it back; nobody else does, and nobody asks why.
        who: &["holder", "holder unvouched"],
        to: "released",
    }],
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
    let mut case = |state, claim: ClaimId| {
        let (store, target) = (room.so_far(), claim.into());
        cases.push(Case {
            state,
            store,
            target,
            names: claim,
        });
    };
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

#[test]
fn a_claim_is_given_back_by_whoever_holds_it_and_by_nobody_else() {
    block_on(async {
        let room = Room::founded().await;
        let cases = cases(&room).await;
        let sol = Actor::new(room.room.sol).reporter();
        let state = async |cms: &Cms, case: &Case<ClaimId>| {
            let claims = cms.desk(sol.clone()).own_claims(None).await.unwrap();
            let claim = claims
                .into_iter()
                .find(|claim| claim.id == case.names)
                .unwrap();
            claim.state.code()
        };
        for case in &cases {
            let cms = crate::table::open(&case.store).await;
            assert_eq!(state(&cms, case).await, case.state);
        }
        assert_eq!(cases.len(), cmss::ClaimState::ALL.len());
        let command = |case: &Case<ClaimId>, _: &str, _: &str| {
            Command::ReleaseClaim(ReleaseClaim { claim: case.names })
        };
        let differences = TABLE
            .differences(&cases, &cast(&room), command, state)
            .await;
        assert!(differences.is_empty(), "{differences:#?}");
    });
}

#[test]
fn a_table_that_says_something_else_is_found_out() {
    block_on(async {
        const fn release(
            states: &'static [&'static str],
            who: &'static [&'static str],
            to: &'static str,
        ) -> May {
            let (verb, event) = ("release_claim", "release");
            May {
                verb,
                event,
                states,
                who,
                to,
            }
        }
        let right: (&[_], &[_], _) = (&["active"], &["holder", "holder unvouched"], "released");
        let (states, who, to) = right;
        let full: &[Beside] = &[Beside {
            verb: "release_claim",
            states: &["active"],
            who: None,
            guard: "full",
        }];
        let more: &[_] = &["holder", "holder unvouched", "editor"];
        let wrong: [(May, &[Beside], &str); 5] = [
            (
                release(states, &["holder"], to),
                &[],
                "holder unvouched in active",
            ),
            (release(states, more, to), &[], "editor in active"),
            (
                release(&["active", "delivered"], who, to),
                &[],
                "holder in delivered",
            ),
            (
                release(states, who, "cancelled"),
                &[],
                "leads to released, expected cancelled",
            ),
            (release(states, who, to), full, "holder in active"),
        ];
        let room = Room::founded().await;
        let cases = cases(&room).await;
        let sol = Actor::new(room.room.sol).reporter();
        for (may, beside, named) in wrong {
            let may: &'static [May] = Box::leak(Box::new([may]));
            let table = Table {
                may,
                beside,
                ..TABLE
            };
            let state = async |cms: &Cms, case: &Case<ClaimId>| {
                let claims = cms.desk(sol.clone()).own_claims(None).await.unwrap();
                let claim = claims
                    .into_iter()
                    .find(|claim| claim.id == case.names)
                    .unwrap();
                claim.state.code()
            };
            let command = |case: &Case<ClaimId>, _: &str, _: &str| {
                Command::ReleaseClaim(ReleaseClaim { claim: case.names })
            };
            let differences = table
                .differences(&cases, &cast(&room), command, state)
                .await;
            assert!(
                differences.iter().any(|one| one.contains(named)),
                "{named}: {differences:#?}"
            );
        }
    });
}
