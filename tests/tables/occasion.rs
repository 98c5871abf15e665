//! An occasion of an event: the editor's alone.

use cmss::values::{Lang, Locale, When};
use cmss::{
    Actor, CancelOccasion, Certainty, ChangeOccasion, Cms, Coded, Command, CompleteOccasion,
    ConfirmOccasion, Event, EventKind, OccasionId, OccasionPlan, PlanOccasion, ProgrammeState,
};
use pollster::block_on;

use crate::cast::{EDITORS, Room};
use crate::table::{Case, Table, beside, may};

const PLANNED: &[&str] = &["tentative", "confirmed"];

const TABLE: Table = Table {
    may: &[
        may("change_occasion", PLANNED, EDITORS, ""),
        may("confirm_occasion", PLANNED, EDITORS, ""),
        may("complete_occasion", PLANNED, EDITORS, "took_place"),
        may("cancel_occasion", PLANNED, EDITORS, "cancelled"),
    ],
    beside: &[beside(
        "complete_occasion",
        &["tentative", "called off unsettled"],
        None,
        "tentative",
    )],
    unlisted: &[],
    editors: EDITORS,
    part: |_, _, _| false,
};

fn plan(day: &str) -> OccasionPlan {
    OccasionPlan::at(When::Day {
        date: day.parse().unwrap(),
    })
}

async fn cases(room: &Room) -> Vec<Case<OccasionId>> {
    let vera = room.room.editor();
    let event = Event {
        programme: ProgrammeState::Ready,
        ..Event::titled("Vandringen", Lang::from(Locale::Sv), EventKind::Meeting)
    };
    let event = vera.put_event(None, &event).await.unwrap();
    let mut cases = Vec::new();
    let mut case = |state, occasion: OccasionId| cases.push(room.case(state, occasion, occasion));
    let day = plan("2026-04-01");
    let planned = |certainty| vera.plan_occasion(event, certainty, &day);
    let tentative = planned(Certainty::Tentative).await.unwrap();
    case("tentative", tentative);
    let confirmed = planned(Certainty::Confirmed).await.unwrap();
    case("confirmed", confirmed);
    vera.complete_occasion(confirmed).await.unwrap();
    case("took place", confirmed);
    vera.cancel_occasion(tentative, "Halka").await.unwrap();
    case("called off unsettled", tentative);
    let confirmed = planned(Certainty::Confirmed).await.unwrap();
    vera.cancel_occasion(confirmed, "Halka").await.unwrap();
    case("called off", confirmed);
    cases
}

fn command(case: &Case<OccasionId>, verb: &str, _: &str) -> Command {
    let occasion = case.names;
    match verb {
        "change_occasion" => {
            let plan = plan("2026-04-02");
            Command::ChangeOccasion(ChangeOccasion { occasion, plan })
        }
        "confirm_occasion" => Command::ConfirmOccasion(ConfirmOccasion { occasion }),
        "complete_occasion" => Command::CompleteOccasion(CompleteOccasion { occasion }),
        "cancel_occasion" => {
            let reason = "Halka".to_owned();
            Command::CancelOccasion(CancelOccasion { occasion, reason })
        }
        other => panic!("{other} has no command"),
    }
}

#[test]
fn an_occasion_moves_as_the_table_says_for_everybody_in_every_state() {
    block_on(async {
        let room = Room::founded().await;
        let cases = cases(&room).await;
        let editor = Actor::new(room.room.vera).editor();
        let state = async |cms: &Cms, case: &Case<OccasionId>| {
            let view = cms.desk(editor.clone()).occasion(case.names).await.unwrap();
            view.status.code()
        };
        let differences = TABLE
            .differences(&cases, &room.around_a_text(), command, state)
            .await;
        assert!(differences.is_empty(), "{differences:#?}");
    });
}

#[test]
fn occasions_are_planned_by_editors_alone() {
    block_on(async {
        let room = Room::founded().await;
        let cases = cases(&room).await;
        let vera = room.room.editor();
        let event = vera.occasion(cases[0].names).await.unwrap().event;
        for (who, actor) in room.around_a_text() {
            let (certainty, plan) = (Certainty::Tentative, plan("2026-05-01"));
            let given = Command::PlanOccasion(PlanOccasion {
                event,
                certainty,
                plan,
            });
            let answer = room.room.cms.desk(actor).execute(&given).await;
            assert_eq!(answer.is_ok(), EDITORS.contains(&who), "{who}: {answer:?}");
        }
    });
}
