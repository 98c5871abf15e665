//! Ids of the wrong kind, and ids that are none.

use cmss::{OrganisationId, RevisionId};
use serde_json::Value;

use crate::every;
use crate::fields::{names, pointers, unread};

#[test]
fn an_id_of_the_wrong_kind_is_refused_and_named() {
    let is_id = |value: &Value| {
        let text = value.as_str().unwrap_or_default();
        text.split_once(':')
            .is_some_and(|(_, bits)| bits.len() == 36)
    };
    let mut refused = 0;
    for command in every::plain() {
        let mut ids = Vec::new();
        pointers(&command, is_id, "", &mut ids);
        for pointer in ids {
            for wrong in [
                every::id("comment"),
                every::id(if pointer.contains("person") {
                    "byline"
                } else {
                    "person"
                }),
                "0d5c1a52-7d3e-4c8b-9a0f-3b1e5d7c9f02".to_owned(),
                String::new(),
            ] {
                let mut other = command.clone();
                let id = other.pointer_mut(&pointer).unwrap();
                let kind = id.as_str().unwrap().split(':').next().unwrap();
                if wrong.starts_with(&format!("{kind}:")) {
                    continue;
                }
                *id = wrong.into();
                let faults = unread(&other);
                assert!(
                    faults.iter().all(|fault| names(fault, &pointer)),
                    "{pointer} {faults:?}"
                );
                refused += 1;
            }
        }
    }
    assert!(refused > 200, "{refused}");
}

#[test]
fn ids_that_are_nobodys_bounds_are_no_ids() {
    for bits in [
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "0d5c1a52",
        "",
    ] {
        assert!(
            format!("organisation:{bits}")
                .parse::<OrganisationId>()
                .is_err(),
            "{bits}"
        );
    }
    assert!(every::id("edition").parse::<RevisionId>().is_err());
}
