//! Every field of every command: at its limit it is accepted, above it the limit is named.

use cmss::Error;
use cmss::values::{Fault, FaultCode};
use pollster::block_on;
use serde_json::{Value, json};

use crate::scene::{Scene, at, path};

/// So much of something.
type Make = fn(usize) -> Value;

/// A text of so many characters, each of two bytes.
fn chars(n: usize) -> Value {
    "å".repeat(n).into()
}

/// An e-mail address of so many characters.
fn email(n: usize) -> Value {
    let host = "@example.org";
    format!("{}{host}", "å".repeat(n - host.len())).into()
}

/// A telephone number of so many characters.
fn phone(n: usize) -> Value {
    "0".repeat(n).into()
}

/// A web address of so many characters.
fn link(n: usize) -> Value {
    let host = "https://example.org/";
    format!("{host}{}", "å".repeat(n - host.len())).into()
}

/// A slug of so many characters.
fn slug(n: usize) -> Value {
    "a".repeat(n).into()
}

/// So many different texts.
fn texts(n: usize) -> Value {
    (0..n).map(|n| json!(format!("ord {n}"))).collect()
}

/// So many different ids that are nobody's.
fn ids(kind: &str, n: usize) -> Value {
    let id = |n| json!(format!("{kind}:0d5c1a52-7d3e-4c8b-9a0f-{n:012}"));
    (1..=n).map(id).collect()
}

/// So many credits of somebody who is not a reporter.
fn credits(n: usize) -> Value {
    let credit = |n| json!({"role": "text", "by": {"name": format!("namn {n}")}});
    (0..n).map(credit).collect()
}

/// So many goals.
fn goals(n: usize) -> Value {
    (0..n)
        .map(|n| json!({"text": format!("mål {n}")}))
        .collect()
}

/// So many cost lines.
fn costs(n: usize) -> Value {
    (0..n).map(|_| json!({"amount": {"ore": 1}})).collect()
}

/// So many contacts.
fn contacts(n: usize) -> Value {
    (0..n)
        .map(|n| json!({"name": format!("namn {n}")}))
        .collect()
}

/// So many people in an image.
fn people(n: usize) -> Value {
    let consents = ids("consent", n);
    let consents = consents.as_array().unwrap().iter();
    consents
        .map(|consent| json!({"consent": consent}))
        .collect()
}

/// So many parts of an occasion, one after the other.
fn segments(n: usize) -> Value {
    let time = |n: usize| format!("{:02}:{:02}", 9 + n / 12, n % 12 * 5);
    let segment = |n| json!({"start": time(n), "end": time(n + 1), "audience": "everyone"});
    (0..n).map(segment).collect()
}

/// The texts.
const TEXTS: [(&str, &str, usize, Make); 63] = [
    ("put_person", "/person/name", 200, chars),
    ("put_person", "/person/account", 200, chars),
    ("put_person", "/person/email", 254, email),
    ("put_person", "/person/phone", 30, phone),
    ("put_person", "/person/note", 10_000, chars),
    ("create_byline", "/name/name", 80, chars),
    ("change_byline", "/name/name", 80, chars),
    ("give_consent", "/informed", 200, chars),
    ("give_consent", "/evidence", 200, chars),
    ("put_organisation", "/content/name", 200, chars),
    ("put_organisation", "/content/url", 2_000, link),
    ("put_term", "/content/label", 80, chars),
    ("put_term", "/content/aliases/0", 40, chars),
    ("put_asset", "/content/file", 200, chars),
    ("put_asset", "/content/alt/text", 1_000, chars),
    ("put_asset", "/content/caption", 1_000, chars),
    ("put_asset", "/content/credit/name", 80, chars),
    ("put_project", "/content/title", 200, chars),
    ("put_project", "/content/what", 10_000, chars),
    ("put_project", "/content/why", 10_000, chars),
    ("put_project", "/content/how", 10_000, chars),
    ("put_project", "/content/lessons", 10_000, chars),
    ("put_project", "/content/goals/0/text", 1_000, chars),
    ("put_project", "/content/goals/0/result", 1_000, chars),
    ("put_project", "/content/involvement/0", 1_000, chars),
    ("put_project", "/content/costs/0/note", 200, chars),
    ("put_project", "/content/contacts/0/name", 80, chars),
    ("put_project", "/content/contacts/0/title", 200, chars),
    ("put_project", "/content/contacts/0/email", 254, email),
    ("put_project", "/content/contacts/0/phone", 30, phone),
    ("put_event", "/content/title", 200, chars),
    ("put_event", "/content/description", 10_000, chars),
    ("put_event", "/content/groups/0", 200, chars),
    ("plan_occasion", "/plan/theme", 200, chars),
    ("plan_occasion", "/plan/place", 200, chars),
    ("plan_occasion", "/plan/groups/0", 200, chars),
    ("plan_occasion", "/plan/segments/0/label", 200, chars),
    ("plan_occasion", "/plan/note", 1_000, chars),
    ("change_occasion", "/plan/theme", 200, chars),
    ("cancel_occasion", "/reason", 200, chars),
    ("propose", "/offer/title", 200, chars),
    ("propose", "/offer/description", 10_000, chars),
    ("propose", "/offer/place", 200, chars),
    ("propose", "/offer/access", 10_000, chars),
    ("revise_assignment", "/offer/title", 200, chars),
    ("return_assignment", "/reason", 10_000, chars),
    ("cancel_assignment", "/reason", 10_000, chars),
    ("start_article", "/article/text/headline", 200, chars),
    ("save", "/text/headline", 200, chars),
    ("save", "/text/lead", 1_000, chars),
    ("save", "/text/body/0/spans/0/link", 2_000, link),
    ("save", "/text/body/3/speaker/name", 80, chars),
    ("save", "/text/body/4/speaker/text", 200, chars),
    ("save", "/text/body/6/title", 200, chars),
    ("save", "/text/credits/1/by/name", 80, chars),
    ("submit", "/declarations/ties/declared", 1_000, chars),
    ("request_changes", "/comment", 10_000, chars),
    ("decline", "/reason", 10_000, chars),
    ("dismiss_approval", "/reason", 10_000, chars),
    ("unpublish", "/reason", 10_000, chars),
    ("unpublish", "/afterwards/gone", 1_000, chars),
    ("publish", "/slug", 80, slug),
    ("drop_redirect", "/slug", 80, slug),
];

/// The lists.
const LISTS: [(&str, &str, usize, Make); 18] = [
    ("put_term", "/content/aliases", 20, texts),
    ("put_asset", "/content/people", 50, people),
    ("put_project", "/content/goals", 50, goals),
    ("put_project", "/content/involvement", 50, texts),
    ("put_project", "/content/participants", 50, |n| {
        ids("organisation", n)
    }),
    ("put_project", "/content/partners", 100, |n| {
        ids("organisation", n)
    }),
    ("put_project", "/content/costs", 1_000, costs),
    ("put_project", "/content/contacts", 20, contacts),
    ("put_event", "/content/groups", 20, texts),
    ("put_event", "/content/organisers", 20, |n| {
        ids("organisation", n)
    }),
    ("plan_occasion", "/plan/groups", 10, texts),
    ("plan_occasion", "/plan/segments", 20, segments),
    ("start_article", "/article/co_authors", 9, |n| {
        ids("person", n)
    }),
    ("start_article", "/article/text/topics", 10, |n| {
        ids("term", n)
    }),
    ("save", "/text/credits", 10, credits),
    ("save", "/text/topics", 10, |n| ids("term", n)),
    ("save", "/text/projects", 5, |n| ids("project", n)),
    ("save", "/text/events", 5, |n| ids("event", n)),
];

/// The fields whose numbers lie between two.
const NUMBERS: [(&str, &str, i64, i64); 6] = [
    ("propose", "/offer/places", 1, 50),
    ("propose", "/offer/expected_minutes", 1, 60_000),
    ("revise_assignment", "/offer/places", 1, 50),
    ("put_project", "/content/costs/0/amount/ore", 0, i64::MAX),
    ("save", "/text/body/1/level", 2, 3),
    ("put_term", "/content/progress", 0, 100),
];

/// The command with this value in a field.
fn with(scene: &Scene, name: &str, pointer: &str, value: Value) -> Value {
    let mut command = scene.command(name);
    *at(&mut command, pointer) = value;
    command
}

/// Whether it is accepted: carried out, or not there, where it names what is nobody's.
async fn accepted(name: &str, pointer: &str, value: Value) {
    let scene = Scene::set().await;
    let command = with(&scene, name, pointer, value);
    match scene.give(&command).await {
        Ok(_) | Err(Error::NotFound { .. }) => {}
        // A slug that is no old address of the page; co-authors who are no reporters.
        Err(Error::Refused(_)) if ["drop_redirect", "start_article"].contains(&name) => {}
        Err(error) => panic!("{name} {pointer}: {error}"),
    }
}

#[test]
fn a_text_at_its_limit_is_accepted() {
    block_on(async {
        for (name, pointer, limit, make) in TEXTS {
            accepted(name, pointer, make(limit)).await;
        }
    });
}

#[test]
fn a_text_above_its_limit_is_told_the_field_the_limit_and_its_length() {
    block_on(async {
        let scene = Scene::set().await;
        for (name, pointer, limit, make) in TEXTS {
            let command = with(&scene, name, pointer, make(limit + 1));
            let fault = Fault {
                path: path(pointer),
                code: FaultCode::TooLong,
                limit: Some(limit as u64),
                given: Some(limit as u64 + 1),
            };
            assert_eq!(scene.faults(&command).await, [fault], "{name} {pointer}");
        }
    });
}

#[test]
fn a_list_at_its_limit_is_accepted() {
    block_on(async {
        for (name, pointer, limit, make) in LISTS {
            accepted(name, pointer, make(limit)).await;
        }
    });
}

#[test]
fn a_list_above_its_limit_is_told_the_field_the_limit_and_its_length() {
    block_on(async {
        let scene = Scene::set().await;
        for (name, pointer, limit, make) in LISTS {
            let command = with(&scene, name, pointer, make(limit + 1));
            let fault = Fault {
                path: path(pointer),
                code: FaultCode::TooMany,
                limit: Some(limit as u64),
                given: Some(limit as u64 + 1),
            };
            assert_eq!(scene.faults(&command).await, [fault], "{name} {pointer}");
        }
    });
}

#[test]
fn a_number_is_accepted_at_its_bounds_and_refused_beyond() {
    block_on(async {
        let scene = Scene::set().await;
        for (name, pointer, least, most) in NUMBERS {
            accepted(name, pointer, least.into()).await;
            accepted(name, pointer, most.into()).await;
            for beyond in [least.checked_sub(1), most.checked_add(1)] {
                let Some(beyond) = beyond else { continue };
                let command = with(&scene, name, pointer, beyond.into());
                let faults = scene.faults(&command).await;
                // What no value of the field can be is refused where the command is read, and
                // named from the command's name on.
                let field = path(pointer).trim_end_matches(".ore").to_owned();
                let [fault] = &faults[..] else {
                    panic!("{faults:?}");
                };
                assert!(
                    fault.path.ends_with(&field) || field.starts_with(&fault.path),
                    "{fault}"
                );
                let code = if beyond < least {
                    FaultCode::TooSmall
                } else {
                    FaultCode::TooLarge
                };
                assert!(
                    [code, FaultCode::Malformed].contains(&fault.code),
                    "{fault}"
                );
            }
        }
    });
}

#[test]
fn every_fault_of_a_command_is_named() {
    block_on(async {
        let scene = Scene::set().await;
        let mut command = scene.command("save");
        let (name, many) = ("save", "å".repeat(1_001));
        for (pointer, value) in [
            ("/text/headline", json!("  ")),
            ("/text/lead", json!(many)),
            ("/text/body/0/spans/0/link", json!("javascript:alert(1)")),
            ("/text/body/1/level", json!(1)),
            ("/text/body/2/items/0/spans/0/text", json!("rad\u{7}")),
            ("/text/body/3/speaker/name", json!("Tor\u{202e}Tyst")),
            ("/text/credits/1/by/name", json!("")),
            ("/text/events", ids("event", 6)),
        ] {
            *at(&mut command, pointer) = value;
        }
        let faults = scene.faults(&command).await;
        let faults: Vec<_> = faults.iter().map(|f| (f.path.as_str(), f.code)).collect();
        assert_eq!(
            faults,
            [
                ("text.headline", FaultCode::Empty),
                ("text.lead", FaultCode::TooLong),
                ("text.body[0].spans[0].link", FaultCode::Malformed),
                ("text.body[1].level", FaultCode::TooSmall),
                (
                    "text.body[2].items[0].spans[0].text",
                    FaultCode::ForbiddenCharacter
                ),
                ("text.body[3].speaker.name", FaultCode::ForbiddenCharacter),
                ("text.credits[1].by.name", FaultCode::Empty),
                ("text.events", FaultCode::TooMany),
            ],
            "{name}"
        );
    });
}
