use chrono::DateTime;
use chrono_tz::Europe::Stockholm;
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::desk::Changes;
use crate::ids::{ArticleId, Id, PersonId};
use crate::kernel::{Secret, SeededIds};
use crate::site::split;
use crate::values::Private;

fn image(text: &str) -> Asset {
    Asset::in_file(
        "2024/harbour.jpg",
        Alt::Text {
            text: text.to_owned(),
        },
    )
}

fn with_people(people: &[Consent]) -> Asset {
    let people = people.iter().map(|consent| Depiction {
        consent: consent.id,
    });
    Asset {
        people: people.collect(),
        ..image("Two people on a bench by the harbour")
    }
}

fn asset_id(number: u128) -> AssetId {
    AssetId::from_uuid(Uuid::from_u128(number))
}

fn consent(number: u128, covers: Covers) -> Consent {
    Consent {
        id: ConsentId::from_uuid(Uuid::from_u128(number)),
        subject: PersonId::from_uuid(Uuid::from_u128(number)),
        covers,
        evidence: Private::default(),
        informed: "1".to_owned(),
        given_at: DateTime::UNIX_EPOCH,
        withdrawn_at: None,
    }
}

fn consents(of: &[Consent]) -> Consents {
    Consents(of.iter().map(|one| (one.id, one.clone())).collect())
}

fn withdrawn(consent: &Consent) -> Consent {
    Consent {
        withdrawn_at: Some(DateTime::UNIX_EPOCH),
        ..consent.clone()
    }
}

/// Image 1, with this as its public and its working copy.
fn published(asset: Asset) -> Kept<Asset> {
    let mut kept = Kept::new(asset_id(1), asset, DateTime::UNIX_EPOCH);
    kept.public = Some(kept.working.clone());
    kept
}

fn faces(kept: &Kept<Asset>, around: &Consents) -> Vec<Face> {
    let secret = Secret::make(&SeededIds::new("an image"));
    let press = Press {
        secret: &secret,
        zone: Stockholm,
    };
    Asset::faces(kept, around, &press)
}

fn part(face: &Face) -> Part {
    let (_, text) = split(&face.at, &face.body).unwrap();
    serde_json::from_str(text).unwrap()
}

fn faults(asset: &Asset) -> Vec<(String, FaultCode)> {
    let mut faults = Faults::new();
    let checked = asset.check(&mut faults);
    match faults.finish() {
        Ok(()) => {
            assert!(checked.is_some());
            Vec::new()
        }
        Err(invalid) => {
            let found = invalid.faults.into_iter();
            found.map(|fault| (fault.path, fault.code)).collect()
        }
    }
}

fn refused(kept: &Kept<Asset>, around: &Consents) -> Vec<Guard> {
    let mut guards = Guards::new();
    Asset::may_publish(kept, around, &mut guards);
    guards.into_vec()
}

#[test]
fn every_fault_is_named_at_once() {
    let one = consent(1, Covers::Image(asset_id(1))).id;
    let mut asset = image("IMG_0692");
    asset.file = "a\u{0}b".to_owned();
    asset.caption = Some("x".repeat(1_001));
    asset.credit = PhotoCredit::Name {
        name: "  ".to_owned(),
    };
    asset.people = vec![Depiction { consent: one }; 51];
    let found = faults(&asset);
    let (first, duplicates) = found.split_at(5);
    assert_eq!(
        first,
        [
            ("file".to_owned(), FaultCode::ForbiddenCharacter),
            ("alt.text".to_owned(), FaultCode::FileName),
            ("caption".to_owned(), FaultCode::TooLong),
            ("credit.name".to_owned(), FaultCode::Empty),
            ("people".to_owned(), FaultCode::TooMany),
        ]
    );
    assert_eq!(duplicates.len(), 50);
    assert_eq!(
        duplicates[0],
        ("people[1].consent".to_owned(), FaultCode::Duplicate)
    );
}

#[test]
fn a_file_name_says_nothing_to_those_who_do_not_see_the_image() {
    for name in [
        "IMG_0692",
        "IMG-0692",
        "img_0692.JPG",
        "IMG_0692 (1)",
        "IMG_0692(2)",
        "DSC01234",
        "P1010123",
        "image001",
        "20210512_123456",
        "20210512-123456",
        "0692",
        "photo.jpg",
        "Group photo.jpeg",
        "harbour.jpg",
        "Harbour.JPG",
        "2024/harbour.jpg",
        "En bild på hamnen.webp",
    ] {
        assert_eq!(
            faults(&image(name)),
            [("alt.text".to_owned(), FaultCode::FileName)],
            "{name}"
        );
    }
    let mut unnamed = image("a81f3c");
    unnamed.file = "a81f3c".to_owned();
    assert_eq!(faults(&unnamed).len(), 1);
}

#[test]
fn a_text_may_be_one_word_and_may_hold_numbers() {
    for text in [
        "Harbour",
        "112",
        "1900-talet",
        "H22",
        "Covid-19",
        "A4-papper",
        "Kim Ek at the library in 2024",
        "The letters www.example.org on a wall",
        "Kvällsöppet (2)",
    ] {
        assert_eq!(faults(&image(text)), [], "{text}");
    }
}

#[test]
fn cases_without_fields_take_none() {
    for (wrong, right) in [
        (
            json!({"kind": "decorative", "text": "A bench"}),
            json!({"kind": "decorative"}),
        ),
        (
            json!({"kind": "text", "text": "A bench", "by": "x"}),
            json!({"kind": "text", "text": "A bench"}),
        ),
    ] {
        assert!(serde_json::from_value::<Alt>(wrong).is_err());
        let alt: Alt = serde_json::from_value(right.clone()).unwrap();
        assert_eq!(serde_json::to_value(alt).unwrap(), right);
    }
    for by in ["page", "unknown"] {
        let wrong = json!({"by": by, "name": "Kim Ek"});
        assert!(serde_json::from_value::<PhotoCredit>(wrong).is_err());
        let right = json!({"by": by});
        let credit: PhotoCredit = serde_json::from_value(right.clone()).unwrap();
        assert_eq!(serde_json::to_value(credit).unwrap(), right);
    }
}

#[test]
fn the_public_sees_file_text_caption_and_credit() {
    let mut asset = with_people(&[consent(1, Covers::Image(asset_id(1)))]);
    asset.caption = Some("By the harbour".to_owned());
    asset.credit = PhotoCredit::Name {
        name: "Kim Ek".to_owned(),
    };
    let around = consents(&[consent(1, Covers::Image(asset_id(1)))]);
    let shown = faces(&published(asset), &around);
    let [face] = shown.as_slice() else {
        panic!("{shown:?}")
    };
    assert_eq!(
        serde_json::to_value(part(face)).unwrap(),
        json!({
            "type": "image",
            "file": "2024/harbour.jpg",
            "alt": "Two people on a bench by the harbour",
            "caption": "By the harbour",
            "credit": {"by": "name", "name": "Kim Ek"},
        })
    );
}

#[test]
fn decoration_has_an_empty_text() {
    let asset = Asset {
        alt: Alt::Decorative,
        ..image("")
    };
    assert_eq!(faults(&asset), []);
    let shown = faces(&published(asset), &consents(&[]));
    let Part::Image(image) = part(&shown[0]) else {
        panic!("not an image")
    };
    assert_eq!(image.alt, "");
}

#[test]
fn a_withdrawn_consent_takes_the_image_away_at_once() {
    let all = [1, 2].map(|number| consent(number, Covers::Image(asset_id(1))));
    let kept = published(with_people(&all));
    let mut around = consents(&all);
    let before = faces(&kept, &around);
    assert_eq!(before.len(), 1);

    around.replace(withdrawn(&all[1]));
    let after = faces(&kept, &around);
    assert_eq!(after, []);
    assert!(Changes::by(None).show(before, after));
}

#[test]
fn a_withdrawn_consent_of_the_working_copy_alone_leaves_the_public_one() {
    let agreed = consent(1, Covers::Image(asset_id(1)));
    let gone = withdrawn(&consent(2, Covers::Image(asset_id(1))));
    let mut kept = published(with_people(std::slice::from_ref(&agreed)));
    kept.working = with_people(&[agreed.clone(), gone.clone()]);
    let around = consents(&[agreed, gone.clone()]);
    assert_eq!(faces(&kept, &around).len(), 1);
    let expected = Guard::ConsentNotValid { consent: gone.id };
    assert_eq!(refused(&kept, &around), [expected]);
}

#[test]
fn every_consent_that_does_not_hold_is_named() {
    let holds = consent(1, Covers::Image(asset_id(1)));
    let gone = withdrawn(&consent(2, Covers::Image(asset_id(1))));
    let other_image = consent(3, Covers::Image(asset_id(2)));
    let article = ArticleId::from_uuid(Uuid::from_u128(1));
    let quotes = consent(4, Covers::Quotes(article));
    let missing = consent(5, Covers::Image(asset_id(1)));
    let there = [
        holds.clone(),
        gone.clone(),
        other_image.clone(),
        quotes.clone(),
    ];
    let mut all = there.to_vec();
    all.push(missing.clone());
    let kept = published(with_people(&all));
    let named: Vec<_> = [gone, other_image, quotes, missing]
        .into_iter()
        .map(|consent| Guard::ConsentNotValid {
            consent: consent.id,
        })
        .collect();
    assert_eq!(refused(&kept, &consents(&there)), named);
    assert_eq!(faces(&kept, &consents(&there)), []);
}

#[test]
fn what_is_not_published_is_not_there() {
    let kept = Kept::new(asset_id(1), image("A bench"), DateTime::UNIX_EPOCH);
    assert_eq!(faces(&kept, &consents(&[])), []);
}

#[test]
fn an_image_refers_to_the_consents_of_its_people() {
    let one = consent(1, Covers::Image(asset_id(1)));
    let asset = with_people(std::slice::from_ref(&one));
    assert_eq!(asset.refers_to(), [Consent::at(one.id)]);
}

proptest! {
    #[test]
    fn an_image_is_shown_exactly_while_every_consent_holds(
        states in proptest::collection::vec(0..3_u8, 0..6),
    ) {
        let all: Vec<_> = states
            .iter()
            .zip(1_u128..)
            .map(|(state, number)| match state {
                0 => consent(number, Covers::Image(asset_id(1))),
                1 => withdrawn(&consent(number, Covers::Image(asset_id(1)))),
                _ => consent(number, Covers::Image(asset_id(2))),
            })
            .collect();
        let (kept, around) = (published(with_people(&all)), consents(&all));
        let hold = states.iter().all(|state| *state == 0);
        prop_assert_eq!(faces(&kept, &around).len(), usize::from(hold));
        let failing = states.iter().filter(|state| **state != 0).count();
        prop_assert_eq!(refused(&kept, &around).len(), failing);
    }

    #[test]
    fn no_ending_of_an_image_file_passes(
        name in "[A-Za-zåäö0-9 _-]{1,20}",
        ending in proptest::sample::select(&ENDINGS[..]),
        upper: bool,
    ) {
        let ending = if upper { ending.to_uppercase() } else { ending.to_owned() };
        let name = format!("x{name}.{ending}");
        prop_assert_eq!(faults(&image(&name)), [("alt.text".to_owned(), FaultCode::FileName)]);
    }

    #[test]
    fn sentences_pass(words in proptest::collection::vec("[a-zåäö]{1,8}", 2..8), year in 1900..2100) {
        let text = format!("{} {year}", words.join(" "));
        prop_assert_eq!(faults(&image(&text)), []);
    }
}
