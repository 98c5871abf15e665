use uuid::Uuid;

use super::{Room, event, exact, occasion};
use crate::desk::{Outcome, Verb};
use crate::ids::{EventId, Id, OrganisationId, PersonId};
use crate::kernel::{Actor, Denied, Fact, Guard};
use crate::occasion::scene::Scene;
use crate::occasion::{
    CancelOccasion, ChangeOccasion, CompleteOccasion, ConfirmOccasion, MACHINE, PlanOccasion,
    allowances,
};
use crate::record::{Certainty, Occasion, OccasionPlan, OccasionStatus};
use crate::values::{Coded, When};

/// The facts, or the guards that fail.
type Decided = Result<Vec<Fact>, Vec<Guard>>;

fn person() -> Actor {
    Actor::new(PersonId::from_uuid(Uuid::from_u128(1)))
}

/// Every role there is, and who has none.
fn actors() -> Vec<(Actor, bool)> {
    let unit = OrganisationId::from_uuid(Uuid::from_u128(2));
    vec![
        (person(), false),
        (person().reporter(), false),
        (person().mentor(), false),
        (person().unit_contact(unit), false),
        (person().admin(), false),
        (Actor::clock(), false),
        (Actor::visitor(), false),
        (person().editor(), true),
    ]
}

fn plan() -> OccasionPlan {
    OccasionPlan::at(exact("2017-02-16", "13:00", "15:00"))
}

fn other_plan() -> OccasionPlan {
    OccasionPlan::at(When::Unknown)
}

/// Every state an occasion can be in.
fn occasions() -> Vec<Occasion> {
    let mut all = Vec::new();
    for status in OccasionStatus::ALL {
        for certainty in Certainty::ALL {
            let mut occasion = occasion(1, plan());
            occasion.status = *status;
            occasion.certainty = *certainty;
            all.push(occasion);
        }
    }
    all
}

fn scene(occasion: &Occasion) -> Scene {
    Scene::new(occasion.clone(), event(), vec![occasion.clone()])
}

/// What was decided: the facts, none where nothing was to be done, or the guards that fail.
fn decided<V: Verb>(verb: &V, facts: V::Facts, actor: &Actor) -> Decided {
    let room = Room::new();
    match verb.decide(facts, &mut room.context(actor)) {
        Ok(Outcome::Commit(changes)) => Ok(changes.facts().to_vec()),
        Ok(Outcome::Nothing(_)) => Ok(Vec::new()),
        Err(Denied::Refused(refusal)) => {
            assert_eq!(refusal.command, V::NAME);
            Err(refusal.guards)
        }
        Err(other) => panic!("{other:?}"),
    }
}

/// The four commands on an occasion that is there, by name.
fn all_decided(occasion: &Occasion, actor: &Actor) -> [(&'static str, Decided); 4] {
    let id = occasion.id;
    let change = ChangeOccasion {
        occasion: id,
        plan: other_plan(),
    };
    let confirm = ConfirmOccasion { occasion: id };
    let complete = CompleteOccasion { occasion: id };
    let cancel = CancelOccasion {
        occasion: id,
        reason: "Lokalen är stängd".to_owned(),
    };
    [
        ("change_occasion", decided(&change, occasion.clone(), actor)),
        (
            "confirm_occasion",
            decided(&confirm, scene(occasion), actor),
        ),
        (
            "complete_occasion",
            decided(&complete, scene(occasion), actor),
        ),
        ("cancel_occasion", decided(&cancel, scene(occasion), actor)),
    ]
}

fn codes(guards: &[Guard]) -> Vec<String> {
    let mut codes: Vec<_> = guards.iter().map(Guard::code).collect();
    codes.sort();
    codes
}

#[test]
fn the_table_has_no_fault() {
    assert_eq!(MACHINE.faults(), Vec::<String>::new());
}

#[test]
fn every_command_in_every_state_by_everybody_fails_exactly_the_guards_it_should() {
    for occasion in occasions() {
        let id = occasion.id;
        let planned = occasion.status == OccasionStatus::Planned;
        let tentative = occasion.certainty == Certainty::Tentative;
        for (actor, is_editor) in actors() {
            for (command, decided) in all_decided(&occasion, &actor) {
                let mut failing = Vec::new();
                if !is_editor {
                    failing.push("not_permitted".to_owned());
                }
                if command == "complete_occasion" && tentative {
                    failing.push("tentative".to_owned());
                }
                if !planned {
                    failing.push("wrong_state".to_owned());
                }
                let fact = match command {
                    "change_occasion" => Fact::OccasionPut { occasion: id },
                    "confirm_occasion" => Fact::OccasionConfirmed { occasion: id },
                    "complete_occasion" => Fact::OccasionTookPlace { occasion: id },
                    _ => Fact::OccasionCancelled { occasion: id },
                };
                // What is confirmed is not confirmed again.
                let idle = command == "confirm_occasion" && !tentative;
                let facts = if idle { vec![] } else { vec![fact] };
                // Whoever may not is told no more.
                if !is_editor {
                    failing.truncate(1);
                }
                let expected = if failing.is_empty() {
                    Ok(facts)
                } else {
                    Err(failing)
                };
                let decided = decided.map_err(|guards| codes(&guards));
                assert_eq!(decided, expected, "{command} on {occasion:?} by {actor:?}");
            }
        }
    }
}

#[test]
fn what_is_said_to_be_allowed_is_what_is_decided() {
    for occasion in occasions() {
        for (actor, _) in actors() {
            let said = allowances(&occasion, &actor).into_iter();
            let said: Vec<_> = said
                .map(|one| (one.command.into_owned(), codes(&one.guards)))
                .collect();
            let decided = all_decided(&occasion, &actor).map(|(command, decided)| {
                let guards = decided.err().unwrap_or_default();
                (command.to_owned(), codes(&guards))
            });
            assert_eq!(said, decided, "{occasion:?} by {actor:?}");
        }
    }
}

#[test]
fn only_an_editor_plans_and_only_where_the_event_is_kept_and_has_room() {
    let command = PlanOccasion {
        event: event().id,
        certainty: Certainty::Tentative,
        plan: plan(),
    };
    for (actor, is_editor) in actors() {
        for archived in [false, true] {
            for (occasions, full) in [(0, false), (199, false), (200, true)] {
                let mut kept = event();
                kept.archived = archived;
                let mut failing = Vec::new();
                for (fails, code) in [
                    (archived && is_editor, "archived"),
                    (full && is_editor, "too_many_occasions"),
                    (!is_editor, "not_permitted"),
                ] {
                    if fails {
                        failing.push(code.to_owned());
                    }
                }
                let decided = decided(&command, (kept, occasions), &actor);
                match decided {
                    Ok(facts) => {
                        assert_eq!(failing, Vec::<String>::new());
                        assert!(matches!(facts.as_slice(), [Fact::OccasionPut { .. }]));
                        assert!(PlanOccasion::done(&facts).is_some());
                    }
                    Err(guards) => assert_eq!(codes(&guards), failing),
                }
            }
        }
    }
}

#[test]
fn a_plan_that_is_the_same_changes_nothing() {
    let occasion = occasion(1, plan());
    let same = ChangeOccasion {
        occasion: occasion.id,
        plan: plan(),
    };
    let decided = decided(&same, occasion, &person().editor());
    assert_eq!(decided, Ok(Vec::new()));
}

#[test]
fn commands_show_what_they_name_and_never_what_they_say() {
    let secret = "Konfidentiellt";
    let id = occasion(1, plan()).id;
    let mut plan = plan();
    plan.theme = Some(secret.to_owned());
    let commands = [
        format!(
            "{:?}",
            PlanOccasion {
                event: EventId::from_uuid(Uuid::from_u128(7)),
                certainty: Certainty::Tentative,
                plan: plan.clone(),
            }
        ),
        format!("{:?}", ChangeOccasion { occasion: id, plan }),
        format!(
            "{:?}",
            CancelOccasion {
                occasion: id,
                reason: secret.to_owned(),
            }
        ),
    ];
    for shown in commands {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn an_occasion_that_was_called_off_unseen_stays_unseen() {
    let mut unseen = occasion(1, plan());
    unseen.public = None;
    unseen.status = OccasionStatus::Cancelled;
    assert!(!unseen.publish());
    assert_eq!(unseen.public, None);
    // Once seen, it stays on the page, called off or not.
    let mut seen = occasion(1, other_plan());
    seen.working = plan();
    seen.status = OccasionStatus::Cancelled;
    assert!(seen.publish());
    assert_eq!(seen.public, Some(plan()));
    assert!(!seen.publish());
}
