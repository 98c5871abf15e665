//! Two newsrooms that differ in private things alone answer every question of the public alike: in
//! bytes, order, cursors, validators and errors.
//!
//! `CMSS_CASES` sets how many pairs are played.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests are not in test functions"
)]

mod noise;
#[path = "../outside/mod.rs"]
mod outside;
mod plan;
mod world;

use std::cell::Cell;

use cmss::Rebuilt;
use outside::{Answer, Questions};
use plan::{Plan, Private, Step};
use pollster::block_on;
use proptest::prelude::*;
use world::World;

/// How many pairs are played.
fn cases() -> ProptestConfig {
    ProptestConfig::with_cases(cmss_testkit::asked("CMSS_CASES", 200))
}

/// Everything that can be asked, whatever the plan was.
fn questions() -> Questions {
    let slugs = [
        "rubrik-0",
        "rubrik-0-2",
        "rubrik-0-3",
        "rubrik-1",
        "rubrik-1-2",
        "rubrik-2",
        "ny-adress-0",
        "ny-adress-1",
        "projektet",
        "projektet-flyttat",
        "handelsen",
        "bostad",
        "demokrati",
        "pilot",
        "masen",
        "tarnan",
        "liv",
        "sol-sundin",
        "namn-0",
        "namn-1",
        "ett-utkast",
        "nobody-ever-had-this",
        "No Slug",
    ];
    Questions {
        slugs: slugs.map(str::to_owned).to_vec(),
        times: vec![world::hour(0), world::hour(5), world::hour(400)],
        limits: vec![2, 100],
    }
}

/// What is answered in a world in which the plan was carried out with these private things, and
/// what became of each step.
fn play(plan: &Plan, private: &Private) -> (Vec<String>, Vec<Answer>) {
    block_on(async {
        let mut world = World::founded(private).await;
        let mut outcomes = Vec::new();
        for (number, step) in plan.steps.iter().enumerate() {
            outcomes.push(world.take(number + 1, step).await);
        }
        world.rest().await;
        let rebuilt = world.cms.rebuild_site(|_| {}).await.unwrap();
        assert_eq!(rebuilt, Rebuilt::default());
        (outcomes, questions().ask(&world.cms.site()).await)
    })
}

/// The first question that was answered differently.
fn difference<'a>(one: &'a [Answer], other: &'a [Answer]) -> Option<(&'a Answer, &'a Answer)> {
    one.iter().zip(other).find(|(one, other)| one != other)
}

#[test]
fn what_is_private_changes_no_answer() {
    let pairs = Cell::new(0_u64);
    proptest!(cases(), |(plan in plan::plans(), one in plan::privates(), other in plan::privates())| {
        let (outcomes, answers) = play(&plan, &one);
        let (again, twins) = play(&plan, &other);
        prop_assert_eq!(outcomes, again);
        if let Some((one, other)) = difference(&answers, &twins) {
            return Err(TestCaseError::fail(format!("{one:#?}\n{other:#?}")));
        }
        prop_assert_eq!(answers.len(), twins.len());
        pairs.set(pairs.get() + 1);
    });
    cmss_testkit::ran(pairs.get(), "pairs");
}

/// A plan in which everything happens.
fn full() -> Plan {
    let write = |headline, byline| Step::Publish {
        headline,
        byline,
        photo: 4,
        links: true,
        quote: true,
        image: true,
    };
    Plan {
        steps: vec![
            Step::PublishTopic { label: 0 },
            Step::PublishProject { version: 0 },
            Step::PublishImage,
            Step::Plan { when: 0 },
            Step::Plan { when: 3 },
            Step::PublishEvent,
            write(0, 0),
            write(0, 1),
            write(1, 3),
            write(2, 4),
            write(1, 5),
            Step::PublishProject { version: 1 },
            Step::Update {
                which: 0,
                address: Some(0),
                headline: 1,
            },
            Step::ChangeByline {
                byline: 0,
                renamed: true,
                name: 0,
            },
            Step::ChangeByline {
                byline: 3,
                renamed: false,
                name: 1,
            },
            Step::Unpublish { which: 1, how: 0 },
            Step::Unpublish { which: 2, how: 1 },
            Step::Pause { which: 3 },
            Step::LiftPause { which: 3 },
            Step::Republish { which: 3 },
            Step::Withdraw { which: 4 },
            Step::Settle {
                which: 0,
                cancel: true,
            },
            Step::HideProject,
            Step::DropRedirect { which: 0 },
            Step::Update {
                which: 0,
                address: Some(1),
                headline: 0,
            },
        ],
    }
}

#[test]
fn the_plans_have_something_to_show() {
    let private = Private::quiet();
    let (outcomes, answers) = play(&full(), &private);
    assert!(
        outcomes.iter().all(|outcome| outcome == "done"),
        "{outcomes:?}"
    );
    let said: String = answers
        .iter()
        .map(|answer| answer.answer.as_str())
        .collect();
    for public in [
        "\"page\":{",
        "Gone(",
        "Moved(",
        "Namn 0",
        "{\"type\":\"byline\"}",
        "cancelled",
    ] {
        assert!(said.contains(public), "{public}");
    }
}

#[test]
fn what_is_public_changes_answers() {
    let private = Private::quiet();
    let (_, answers) = play(&full(), &private);
    for number in 0..full().steps.len() {
        let mut other = full();
        let dropped = std::mem::replace(&mut other.steps[number], Step::Nothing);
        let (_, others) = play(&other, &private);
        assert!(
            difference(&answers, &others).is_some(),
            "nobody missed {dropped:?}"
        );
    }
}
