//! Every command as JSON, with every field given.

#![allow(dead_code, reason = "each test uses some of it")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests are not in test functions"
)]

use cmss::Command;
use serde_json::{Value, json};

/// An id of a kind that is nobody's, as text.
pub(crate) fn id(kind: &str) -> String {
    format!("{kind}:0d5c1a52-7d3e-4c8b-9a0f-3b1e5d7c9f02")
}

/// Another one.
pub(crate) fn other_id(kind: &str) -> String {
    format!("{kind}:1e6d2b63-8e4f-4d9c-8b1a-4c2f6e8d0a13")
}

/// The name of a command.
pub(crate) fn name(command: &Value) -> &str {
    command.as_object().unwrap().keys().next().unwrap()
}

/// The names of all commands, as the library says them.
pub(crate) fn names() -> Vec<String> {
    let error = serde_json::from_str::<Command>(r#"{"no such command": {}}"#).unwrap_err();
    let error = error.to_string();
    let (_, names) = error.split_once("expected one of ").unwrap();
    let names = names.split('`').skip(1).step_by(2);
    names.map(str::to_owned).collect()
}

/// Every command. Its free texts are what `say` gives for a field.
pub(crate) fn commands(say: &mut dyn FnMut(&str) -> String) -> Vec<Value> {
    let mut commands = records(say);
    commands.extend(people(say));
    commands.extend(occasions(say));
    commands.extend(assignments(say));
    commands.extend(editions(say));
    commands.extend(publications(say));
    commands
}

/// Every command with plain words.
pub(crate) fn plain() -> Vec<Value> {
    commands(&mut |_| "ord".to_owned())
}

/// What is written down about a person.
pub(crate) fn person(say: &mut dyn FnMut(&str) -> String) -> Value {
    json!({
        "name": say("name"),
        "account": say("account"),
        "email": format!("{}@example.org", say("email")),
        "phone": "040-628 04 00",
        "note": say("note"),
    })
}

fn people(say: &mut dyn FnMut(&str) -> String) -> Vec<Value> {
    vec![
        json!({"put_person": {"id": id("person"), "person": person(say)}}),
        json!({"admit_reporter": {"person": id("person"), "media": ["text", "photo", "film"]}}),
        json!({"rest_reporter": {"person": id("person")}}),
        json!({"create_byline": {
            "person": id("person"),
            "name": {"form": "pen_name", "name": say("byline")},
        }}),
        json!({"change_byline": {
            "byline": id("byline"),
            "name": {"form": "first_name", "name": say("first name")},
            "past_works": {"renamed": {"told": true}},
        }}),
        json!({"look_up_byline": {"byline": id("byline")}}),
        json!({"give_consent": {
            "subject": id("person"),
            "covers": {"image": id("asset")},
            "informed": say("informed"),
            "evidence": say("evidence"),
        }}),
        json!({"withdraw_consent": {"consent": id("consent")}}),
    ]
}

/// An organisation.
pub(crate) fn organisation(say: &mut dyn FnMut(&str) -> String) -> Value {
    json!({
        "name": say("organisation"),
        "kind": "unit",
        "parent": id("organisation"),
        "url": "https://example.org/",
    })
}

/// A stage.
pub(crate) fn term(say: &mut dyn FnMut(&str) -> String) -> Value {
    json!({
        "vocabulary": "stage",
        "slug": "vilar",
        "label": say("label"),
        "aliases": [say("alias")],
        "progress": 40,
        "requires_lessons": true,
    })
}

/// An image.
pub(crate) fn asset(say: &mut dyn FnMut(&str) -> String) -> Value {
    json!({
        "file": say("file"),
        "alt": {"kind": "text", "text": format!("Ett {}", say("alt"))},
        "caption": say("caption"),
        "credit": {"by": "name", "name": say("credit")},
        "people": [{"consent": id("consent")}],
    })
}

/// A project.
pub(crate) fn project(say: &mut dyn FnMut(&str) -> String) -> Value {
    json!({
        "title": say("project title"),
        "slug": "ett-projekt",
        "language": "sv",
        "category": id("term"),
        "stage": other_id("term"),
        "what": say("what"),
        "why": say("why"),
        "how": say("how"),
        "lessons": say("lessons"),
        "goals": [{"text": say("goal"), "completed": true, "result": say("result")}],
        "involvement": [say("involvement")],
        "owner": id("organisation"),
        "participants": [other_id("organisation")],
        "partners": ["organisation:2f7e3c74-9f5a-4ead-9c2b-5d3a7f9e1b24"],
        "costs": [{"amount": {"ore": 500_000}, "date": "2026-01-15", "note": say("cost")}],
        "contacts": [{
            "name": say("contact"),
            "title": say("contact title"),
            "email": format!("{}@example.org", say("contact email")),
            "phone": "040-628 04 00",
            "public": false,
        }],
        "source_dates": {"published": "2021-10-11", "updated": "2024-05-24"},
    })
}

/// An event.
pub(crate) fn event(say: &mut dyn FnMut(&str) -> String) -> Value {
    json!({
        "title": say("event title"),
        "slug": "en-dag",
        "language": "sv",
        "kind": "meeting",
        "description": say("event description"),
        "programme": "ready",
        "save_the_date": true,
        "groups": [say("group")],
        "organisers": [id("organisation")],
    })
}

fn records(say: &mut dyn FnMut(&str) -> String) -> Vec<Value> {
    let record = json!({"record": {"project": id("project")}});
    vec![
        json!({"put_organisation": {"id": id("organisation"), "content": organisation(say)}}),
        json!({"put_term": {"id": id("term"), "content": term(say)}}),
        json!({"put_asset": {"id": id("asset"), "content": asset(say)}}),
        json!({"put_project": {"id": id("project"), "content": project(say)}}),
        json!({"put_event": {"id": id("event"), "content": event(say)}}),
        json!({"publish_record": record}),
        json!({"hide_record": record}),
        json!({"archive_record": record}),
    ]
}

/// A plan of an occasion.
pub(crate) fn plan(say: &mut dyn FnMut(&str) -> String) -> Value {
    json!({
        "when": {"grade": "exact", "date": "2026-03-23", "start": "09:00", "end": "16:00"},
        "theme": say("theme"),
        "place": say("place"),
        "groups": [say("group")],
        "segments": [{
            "start": "09:00", "end": "14:00", "label": say("segment"), "audience": "residents",
        }],
        "open_to_residents": true,
        "note": say("note"),
    })
}

fn occasions(say: &mut dyn FnMut(&str) -> String) -> Vec<Value> {
    vec![
        json!({"plan_occasion": {
            "event": id("event"), "certainty": "tentative", "plan": plan(say),
        }}),
        json!({"change_occasion": {"occasion": id("occasion"), "plan": plan(say)}}),
        json!({"confirm_occasion": {"occasion": id("occasion")}}),
        json!({"complete_occasion": {"occasion": id("occasion")}}),
        json!({"cancel_occasion": {"occasion": id("occasion"), "reason": say("reason")}}),
    ]
}

/// An offer of an assignment.
pub(crate) fn offer(say: &mut dyn FnMut(&str) -> String) -> Value {
    json!({
        "unit": id("organisation"),
        "kind": "meeting",
        "title": say("offer title"),
        "description": say("offer description"),
        "place": say("place"),
        "access": say("access"),
        "places": 2,
        "claim_by": "2026-03-20T16:00:00Z",
        "deliver_by": "2026-04-20T16:00:00Z",
        "expected_minutes": 240,
        "event": id("event"),
        "project": id("project"),
    })
}

fn assignments(say: &mut dyn FnMut(&str) -> String) -> Vec<Value> {
    let assignment = id("assignment");
    let mut commands = vec![
        json!({"propose": {"offer": offer(say)}}),
        json!({"revise_assignment": {"assignment": assignment, "offer": offer(say)}}),
    ];
    for name in ["return_assignment", "cancel_assignment"] {
        commands.push(json!({name: {"assignment": assignment, "reason": say("reason")}}));
    }
    for name in [
        "open_assignment",
        "close_assignment",
        "reopen_assignment",
        "complete_assignment",
        "claim_assignment",
    ] {
        commands.push(json!({name: {"assignment": assignment}}));
    }
    commands.push(json!({"release_claim": {"claim": id("claim")}}));
    commands
}

/// A text with every kind of block.
pub(crate) fn text(say: &mut dyn FnMut(&str) -> String) -> Value {
    let spans = |text: String| json!([{"text": text}]);
    json!({
        "headline": say("headline"),
        "lead": say("lead"),
        "language": "sv",
        "body": [
            {"id": "p1", "kind": "paragraph", "spans": [{
                "text": say("paragraph"),
                "marks": ["strong", "emphasis"],
                "link": format!("https://{}.example.org/", say("link")),
                "lang": "en",
            }]},
            {"id": "h1", "kind": "heading", "level": 2, "spans": spans(say("heading"))},
            {"id": "l1", "kind": "list", "ordered": true, "items": [{
                "spans": spans(say("item")),
                "items": [{"spans": spans(say("inner item"))}],
            }]},
            {"id": "q1", "kind": "quote", "spans": spans(say("quote")), "speaker": {
                "kind": "identifiable", "name": say("speaker"), "consent": id("consent"),
            }},
            {"id": "q2", "kind": "quote", "spans": spans(say("described quote")), "speaker": {
                "kind": "described", "text": say("described speaker"),
            }},
            {"id": "i1", "kind": "image", "asset": id("asset")},
            {"id": "f1", "kind": "fact_box", "title": say("box"), "paragraphs": [
                {"spans": spans(say("fact"))},
            ]},
            {"id": "a1", "kind": "question_answer",
                "question": spans(say("question")), "answer": spans(say("answer"))},
        ],
        "credits": [
            {"role": "text", "by": {"byline": id("byline")}},
            {"role": "photo", "by": {"name": say("credit")}},
        ],
        "topics": [id("term")],
        "projects": [id("project")],
        "events": [id("event")],
    })
}

fn editions(say: &mut dyn FnMut(&str) -> String) -> Vec<Value> {
    let (edition, head) = (id("edition"), id("revision"));
    let named = json!({"edition": edition, "head": head});
    let alone = json!({"edition": edition});
    let mut commands = vec![
        json!({"start_article": {"article": {
            "assignment": id("assignment"),
            "co_authors": [id("person")],
            "text": text(say),
        }}}),
        json!({"open_edition": {"variant": id("variant")}}),
        json!({"save": {"edition": edition, "parent": head, "text": text(say)}}),
        json!({"submit": {"edition": edition, "head": head, "declarations": {
            "no_client_information": true,
            "ties": {"declared": say("ties")},
        }}}),
        json!({"request_changes": {"edition": edition, "comment": say("comment")}}),
        json!({"publish": {"edition": edition, "head": head, "slug": "en-adress"}}),
        json!({"accept_edit": named}),
        json!({"approve": named}),
    ];
    for name in ["dismiss_approval", "decline"] {
        commands.push(json!({name: {
            "edition": edition,
            "reason": say("reason"),
            "on_request_of": id("organisation"),
        }}));
    }
    for name in ["set_aside", "pull_back", "withdraw", "reopen_edition"] {
        commands.push(json!({name: alone}));
    }
    commands
}

fn publications(say: &mut dyn FnMut(&str) -> String) -> Vec<Value> {
    let variant = json!({"variant": id("variant")});
    let mut commands = vec![
        json!({"unpublish": {
            "variant": id("variant"),
            "reason": say("reason"),
            "afterwards": {"gone": say("notice")},
            "on_request_of": id("organisation"),
        }}),
        json!({"drop_redirect": {"page": {"article": id("variant")}, "slug": "en-adress"}}),
    ];
    for name in ["republish", "pause", "lift_pause"] {
        commands.push(json!({name: variant}));
    }
    commands
}
