//! A command that runs whole between the reading of another and its commit.
//!
//! For every ordered pair of commands on one scene the outcome is that of the one after the other,
//! or the first is told that the revision it named is no longer the head.
#![cfg(feature = "memory")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    unreachable_pub,
    reason = "helpers of tests are not in test functions, and no test is a library"
)]

#[path = "../altered/mod.rs"]
mod altered;
mod commands;
mod faults;
mod named;
mod pairs;
mod play;
mod scene;
#[path = "../support/mod.rs"]
mod support;
mod things;

use std::collections::BTreeSet;

use pollster::block_on;

use commands::{Comes, all_names, given};
use play::{Answer, Stage};
use scene::Scene;

#[test]
fn every_command_has_something_to_do_in_the_scene() {
    let scene = block_on(Scene::set());
    let done = given(&scene)
        .into_iter()
        .filter(|given| given.comes == Comes::Done);
    let done: BTreeSet<String> = done.map(|given| given.name()).collect();
    assert_eq!(done, all_names());
}

#[test]
fn a_command_does_what_the_scene_says_and_a_refused_one_leaves_no_trace() {
    block_on(async {
        let scene = Scene::set().await;
        let stage = Stage::of(&scene).await;
        let mut wrong = Vec::new();
        for given in given(&scene) {
            let (answer, store) = stage.alone(&given, "first").await;
            let untouched = stage.is_untouched(&store).await;
            let comes = match (&answer, untouched) {
                (Answer::Done(_), false) => Comes::Done,
                (Answer::Done(_), true) => Comes::ToNothing,
                (_, true) => Comes::Refused,
                (_, false) => panic!("{given:?} left a trace and answered {answer:?}"),
            };
            if comes != given.comes {
                wrong.push(format!("{given:?} answers {answer:?}"));
            }
            let cms = support::opened(store, "rebuilt").await;
            let rebuilt = cms.rebuild_site(|_| {}).await.unwrap();
            assert_eq!(rebuilt, cmss::Rebuilt::default(), "after {given:?}");
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}
