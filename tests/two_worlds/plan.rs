//! What happens in public, and what may differ in private.

use proptest::prelude::*;

use crate::noise::{Noise, noises};

/// How many bylines there are, of how many reporters.
pub(crate) const BYLINES: usize = 6;
pub(crate) const REPORTERS: usize = 4;

/// A step that the public may see.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Publish {
        headline: usize,
        byline: usize,
        /// Who is credited for photos; one too many is nobody.
        photo: usize,
        links: bool,
        quote: bool,
        image: bool,
    },
    Update {
        which: usize,
        address: Option<usize>,
        headline: usize,
    },
    Unpublish {
        which: usize,
        how: usize,
    },
    Republish {
        which: usize,
    },
    Pause {
        which: usize,
    },
    LiftPause {
        which: usize,
    },
    DropRedirect {
        which: usize,
    },
    ChangeByline {
        byline: usize,
        renamed: bool,
        name: usize,
    },
    Withdraw {
        which: usize,
    },
    PublishTopic {
        label: usize,
    },
    HideTopic,
    PublishImage,
    HideImage,
    PublishProject {
        version: usize,
    },
    HideProject,
    PublishEvent,
    HideEvent,
    Plan {
        when: usize,
    },
    Settle {
        which: usize,
        cancel: bool,
    },
    /// The hour passes.
    Nothing,
}

/// The steps, in order.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
}

fn step() -> impl Strategy<Value = Step> {
    let which = 0..6_usize;
    prop_oneof![
        5 => (0..3_usize, 0..BYLINES, 0..=BYLINES, any::<[bool; 3]>()).prop_map(
            |(headline, byline, photo, [links, quote, image])| Step::Publish {
                headline, byline, photo, links, quote, image,
            }
        ),
        2 => (which.clone(), prop::option::of(0..2_usize), 0..3_usize).prop_map(
            |(which, address, headline)| Step::Update { which, address, headline }
        ),
        2 => (which.clone(), 0..4_usize).prop_map(|(which, how)| Step::Unpublish { which, how }),
        1 => which.clone().prop_map(|which| Step::Republish { which }),
        1 => which.clone().prop_map(|which| Step::Pause { which }),
        1 => which.clone().prop_map(|which| Step::LiftPause { which }),
        1 => which.clone().prop_map(|which| Step::DropRedirect { which }),
        2 => (0..BYLINES, any::<bool>(), 0..2_usize).prop_map(
            |(byline, renamed, name)| Step::ChangeByline { byline, renamed, name }
        ),
        1 => which.clone().prop_map(|which| Step::Withdraw { which }),
        1 => (0..2_usize).prop_map(|label| Step::PublishTopic { label }),
        1 => Just(Step::HideTopic),
        1 => Just(Step::PublishImage),
        1 => Just(Step::HideImage),
        2 => (0..3_usize).prop_map(|version| Step::PublishProject { version }),
        1 => Just(Step::HideProject),
        2 => Just(Step::PublishEvent),
        1 => Just(Step::HideEvent),
        1 => (0..4_usize).prop_map(|when| Step::Plan { when }),
        1 => (which, any::<bool>()).prop_map(|(which, cancel)| Step::Settle { which, cancel }),
    ]
}

/// Plans that begin with something to see.
pub(crate) fn plans() -> impl Strategy<Value = Plan> {
    prop::collection::vec(step(), 3..14).prop_map(|mut steps| {
        let first = Step::Publish {
            headline: 0,
            byline: 0,
            photo: 4,
            links: true,
            quote: true,
            image: false,
        };
        steps.insert(0, first);
        Plan { steps }
    })
}

/// What differs between two worlds, and no answer may tell.
#[derive(Clone, Debug)]
pub(crate) struct Private {
    /// What stands in private texts.
    pub(crate) word: String,
    /// Which reporter is behind each byline.
    pub(crate) owners: Vec<usize>,
    /// How often a text is saved, sent back and handed in again before it is published.
    pub(crate) rounds: Vec<(usize, bool)>,
    /// What goes on before each step.
    pub(crate) noise: Vec<Vec<Noise>>,
    /// At which minute of the hour before each step that begins.
    pub(crate) minutes: Vec<i64>,
    /// Whether texts are written for an assignment.
    pub(crate) assigned: bool,
    /// Which of two editors does what an editor does.
    pub(crate) editors: Vec<bool>,
}

impl Private {
    /// A world in which nothing happens but what is public.
    pub(crate) fn quiet() -> Self {
        Self {
            word: "tyst".to_owned(),
            owners: vec![0; BYLINES],
            rounds: vec![(0, false)],
            noise: vec![Vec::new()],
            minutes: vec![30],
            assigned: false,
            editors: vec![false],
        }
    }
}

/// Private things of a world.
pub(crate) fn privates() -> impl Strategy<Value = Private> {
    (
        "[a-zåäö]{3,12}",
        prop::collection::vec(0..REPORTERS, BYLINES),
        prop::collection::vec((0..3_usize, any::<bool>()), 1..6),
        prop::collection::vec(prop::collection::vec(noises(), 0..4), 1..8),
        prop::collection::vec(1..58_i64, 1..8),
        any::<bool>(),
        prop::collection::vec(any::<bool>(), 1..4),
    )
        .prop_map(
            |(word, owners, rounds, noise, minutes, assigned, editors)| Private {
                word,
                owners,
                rounds,
                noise,
                minutes,
                assigned,
                editors,
            },
        )
}
