use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::*;
use crate::ids::{AssetId, ConsentId, Id, PersonId};
use crate::kernel::{Mint, Policy, Secret, SeededIds};
use crate::newsroom::Newsroom;
use crate::record::consent::{Consent, Covers};
use crate::record::{Alt, Asset, Depiction};
use crate::store::CommitId;
use crate::values::Private;

const THEN: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// An image that was published without people, and a consent to be shown in it.
fn image() -> (Kept<Asset>, Consent) {
    let id = AssetId::from_uuid(Uuid::from_u128(1));
    let asset = Asset::in_file("harbour.jpg", Alt::Decorative);
    let mut kept = Kept::new(id, asset, THEN);
    kept.public = Some(kept.working.clone());
    kept.first_published_at = Some(THEN);
    kept.updated_at = Some(THEN);
    let consent = Consent {
        id: ConsentId::from_uuid(Uuid::from_u128(2)),
        subject: PersonId::from_uuid(Uuid::from_u128(3)),
        covers: Covers::Image(id),
        evidence: Private::default(),
        informed: "1".to_owned(),
        given_at: THEN,
        withdrawn_at: None,
    };
    (kept, consent)
}

/// What an editor's publication of the image comes to.
fn publish(kept: Kept<Asset>, consent: Consent) -> Outcome<()> {
    let newsroom = Newsroom {
        schema: crate::newsroom::SCHEMA,
        name: "The Open Door".to_owned(),
        zone: Tz::Europe__Stockholm,
        language: "sv".parse().unwrap(),
        secret: Secret::make(&SeededIds::new("a newsroom")),
        founded_at: THEN,
    };
    let mut around = crate::record::asset::Consents::default();
    around.replace(consent.clone());
    let verb = Publish::<Asset>(kept.id);
    let scene = Scene { kept, around };
    let mut cx = Context {
        actor: &Actor::new(consent.subject).editor(),
        now: THEN + TimeDelta::days(1),
        newsroom: &newsroom,
        policy: &Policy::default(),
        mint: Mint::new(&newsroom.secret, CommitId(Uuid::from_u128(4))),
    };
    verb.decide((scene, None), &mut cx).unwrap()
}

#[test]
fn publishing_what_is_public_already_writes_nothing() {
    let (kept, consent) = image();
    let outcome = publish(kept, consent);
    assert!(matches!(outcome, Outcome::Nothing(())));
}

#[test]
fn what_the_public_copy_rests_on_is_published_though_nobody_sees_a_difference() {
    let (mut kept, consent) = image();
    kept.working.people = vec![Depiction {
        consent: consent.id,
    }];
    let Outcome::Commit(changes) = publish(kept.clone(), consent.clone()) else {
        panic!("the public copy does not know whom it shows");
    };
    // The public copy names the consent; no face was written, and the public time did not move.
    let mut expected = Changes::by(Some(Capacity::Editor));
    kept.public = Some(kept.working.clone());
    expected.put(&kept);
    expected.fact(Fact::RecordPublished {
        record: kept.id.into(),
    });
    assert_eq!(format!("{changes:?}"), format!("{expected:?}"));
}
