use uuid::Uuid;

use super::{Stockholm, event, exact, faces, occasion, time};
use crate::ids::{Id, OrganisationId};
use crate::kernel::encode;
use crate::record::{Audience, Certainty, Occasion, OccasionPlan, OccasionStatus, Segment};
use crate::store::Limits;
use crate::values::{Faults, limits};

/// As much as a plan may say, in what takes most room.
fn longest() -> OccasionPlan {
    let mut plan = OccasionPlan {
        theme: Some("𝔸".repeat(200)),
        place: Some("\"".repeat(200)),
        segments: (0..20)
            .map(|n| Segment {
                start: time(&format!("{:02}:00", n + 1)),
                end: time(&format!("{:02}:00", n + 2)),
                label: None,
                audience: Audience::Everyone,
            })
            .collect(),
        ..OccasionPlan::at(exact("2017-02-23", "00:00", "23:00"))
    };
    let room = limits::OCCASION_BYTES - serde_json::to_string(&plan).unwrap().len();
    plan.note = Some("x".repeat(room - r#","note":"""#.len()));
    let mut faults = Faults::new();
    let checked = plan.check(&mut faults, Stockholm);
    faults.finish().unwrap();
    assert_eq!(
        serde_json::to_string(&checked).unwrap().len(),
        limits::OCCASION_BYTES
    );
    plan
}

#[test]
fn an_event_with_as_many_and_as_long_occasions_as_there_can_be_fits_into_one_commit() {
    let mut event = event();
    let public = event.public.as_mut().unwrap();
    public.title = "𝔸".repeat(200);
    public.description = Some("𝔸".repeat(10_000));
    public.groups = (0..20)
        .map(|n| format!("{n:03}{}", "𝔸".repeat(197)))
        .collect();
    public.organisers = (1..=20)
        .map(|n| OrganisationId::from_uuid(Uuid::from_u128(n)))
        .collect();
    event.working = event.public.clone().unwrap();
    let around: Vec<_> = (1..=u128::from(limits::OCCASIONS))
        .map(|n| Occasion {
            status: OccasionStatus::Cancelled,
            certainty: Certainty::Tentative,
            reason: Some("𝔸".repeat(200)),
            ..occasion(n, longest())
        })
        .collect();
    let Limits {
        body,
        card,
        changeset,
        writes,
        ..
    } = Limits::default();
    let faces = faces(&event, &around);
    for face in &faces {
        assert!(face.body.len() <= body, "{}: {}", face.at, face.body.len());
        assert!(face.card.as_ref().is_none_or(|text| text.len() <= card));
    }
    let public: usize = faces.iter().map(|face| face.body.len()).sum();
    let private: usize = around.iter().map(|one| encode(one).unwrap().len()).sum();
    let record = encode(&event).unwrap().len();
    // Keys, cards, the feed and the note take the rest.
    let rest = (faces.len() + around.len()) * 160 + 100_000;
    assert!(
        public + private + record + rest <= changeset,
        "{public} {private}"
    );
    assert!(faces.len() + around.len() + 10 <= writes);
}
