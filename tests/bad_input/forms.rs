//! What is not of its form: slugs, languages, addresses, dates, characters that hide or turn a text.

use cmss::values::FaultCode;
use cmss::{Command, Error};
use pollster::block_on;
use serde_json::{Value, json};

use crate::scene::{Scene, at, path};

/// What is not of its form: the command, the field, the value, and the code.
fn malformed() -> Vec<(&'static str, &'static str, Value, FaultCode)> {
    use FaultCode::{Duplicate, Empty, ForbiddenCharacter, Inconsistent, Malformed};
    let bidi = "Sol\u{202e}nuS";
    let isolate = "Sol\u{2066}Sundin";
    vec![
        ("publish", "/slug", json!("Så här"), Malformed),
        ("publish", "/slug", json!("-a"), Malformed),
        ("publish", "/slug", json!(""), Empty),
        ("drop_redirect", "/slug", json!("a--b"), Malformed),
        ("put_project", "/content/slug", json!("Ä"), Malformed),
        ("put_event", "/content/slug", json!("a b"), Malformed),
        ("put_term", "/content/slug", json!("BOSTAD"), Malformed),
        (
            "put_project",
            "/content/language",
            json!("svenska"),
            Malformed,
        ),
        ("put_event", "/content/language", json!(""), Malformed),
        ("save", "/text/language", json!("sv_SE"), Malformed),
        ("save", "/text/body/0/spans/0/lang", json!("e"), Malformed),
        ("put_person", "/person/email", json!("kim"), Malformed),
        ("put_person", "/person/email", json!("kim@"), Malformed),
        (
            "put_person",
            "/person/email",
            json!("kim@example.org\nbcc: x"),
            ForbiddenCharacter,
        ),
        ("put_person", "/person/phone", json!("ring mig"), Malformed),
        (
            "put_project",
            "/content/contacts/0/email",
            json!("a b@example.org"),
            Malformed,
        ),
        (
            "put_project",
            "/content/source_dates/published",
            json!("2021-02-30"),
            Malformed,
        ),
        (
            "put_project",
            "/content/source_dates/published",
            json!("1899-12-31"),
            FaultCode::TooSmall,
        ),
        (
            "put_project",
            "/content/source_dates/updated",
            json!("2021-10-10"),
            Inconsistent,
        ),
        (
            "put_project",
            "/content/costs/0/date",
            json!("i fjol"),
            Malformed,
        ),
        (
            "plan_occasion",
            "/plan/when/date",
            json!("2026-13-01"),
            Malformed,
        ),
        (
            "plan_occasion",
            "/plan/when/start",
            json!("25:00"),
            Malformed,
        ),
        (
            "plan_occasion",
            "/plan/when/end",
            json!("08:00"),
            Inconsistent,
        ),
        (
            "plan_occasion",
            "/plan/segments/0/end",
            json!("08:30"),
            Inconsistent,
        ),
        ("propose", "/offer/claim_by", json!("i morgon"), Malformed),
        (
            "propose",
            "/offer/deliver_by",
            json!("2026-03-19T16:00:00Z"),
            Inconsistent,
        ),
        (
            "put_person",
            "/person/name",
            json!("Sol\u{7}Sundin"),
            ForbiddenCharacter,
        ),
        (
            "put_person",
            "/person/name",
            json!(bidi),
            ForbiddenCharacter,
        ),
        (
            "put_person",
            "/person/name",
            json!("Sol\nSundin"),
            ForbiddenCharacter,
        ),
        (
            "put_person",
            "/person/note",
            json!("ett\u{0}tecken"),
            ForbiddenCharacter,
        ),
        (
            "create_byline",
            "/name/name",
            json!(isolate),
            ForbiddenCharacter,
        ),
        ("create_byline", "/name/name", json!("\u{200b}"), Empty),
        (
            "create_byline",
            "/name/form",
            json!("unnamed"),
            Inconsistent,
        ),
        (
            "put_organisation",
            "/content/name",
            json!(bidi),
            ForbiddenCharacter,
        ),
        (
            "put_organisation",
            "/content/url",
            json!("javascript:alert(1)"),
            Malformed,
        ),
        (
            "put_organisation",
            "/content/url",
            json!("https://a@b.example.org/"),
            Malformed,
        ),
        (
            "put_term",
            "/content/label",
            json!("Bo\u{202d}stad"),
            ForbiddenCharacter,
        ),
        (
            "put_term",
            "/content/vocabulary",
            json!("topic"),
            Inconsistent,
        ),
        (
            "put_asset",
            "/content/alt/text",
            json!("IMG_0692"),
            FaultCode::FileName,
        ),
        (
            "put_asset",
            "/content/credit/name",
            json!(bidi),
            ForbiddenCharacter,
        ),
        (
            "put_project",
            "/content/title",
            json!(isolate),
            ForbiddenCharacter,
        ),
        (
            "put_project",
            "/content/goals/0/completed",
            json!(false),
            Inconsistent,
        ),
        ("put_event", "/content/groups", json!(["a", "a"]), Duplicate),
        (
            "cancel_occasion",
            "/reason",
            json!(bidi),
            ForbiddenCharacter,
        ),
        ("propose", "/offer/title", json!(bidi), ForbiddenCharacter),
        ("save", "/text/headline", json!(bidi), ForbiddenCharacter),
        ("save", "/text/headline", json!(""), Empty),
        (
            "save",
            "/text/lead",
            json!("a\u{1b}[31m"),
            ForbiddenCharacter,
        ),
        ("save", "/text/body/0/id", json!("P 1"), Malformed),
        ("save", "/text/body/1/id", json!("p1"), Duplicate),
        (
            "save",
            "/text/body/0/spans/0/marks",
            json!(["bold"]),
            Malformed,
        ),
        (
            "save",
            "/text/body/0/spans/0/link",
            json!("data:text/html,x"),
            Malformed,
        ),
        ("save", "/text/body/0/spans", json!([]), Empty),
        ("save", "/text/body/0/kind", json!("script"), Malformed),
        (
            "save",
            "/text/body/3/speaker/name",
            json!(bidi),
            ForbiddenCharacter,
        ),
        (
            "submit",
            "/declarations/ties",
            json!({"nothing": false}),
            Inconsistent,
        ),
        ("request_changes", "/comment", json!(" "), Empty),
        ("decline", "/reason", json!(""), Empty),
        ("unpublish", "/reason", json!("\u{feff}"), Empty),
        ("return_assignment", "/reason", json!("\n"), Empty),
    ]
}

#[test]
fn what_is_not_of_its_form_is_refused_and_named() {
    block_on(async {
        let scene = Scene::set().await;
        for (name, pointer, value, code) in malformed() {
            let mut command = scene.command(name);
            *at(&mut command, pointer) = value.clone();
            let faults = scene.faults(&command).await;
            let field = path(pointer);
            let mut codes = faults.iter().filter(|fault| {
                let given = fault.path.as_str();
                let inside = given.starts_with(&field) || field.starts_with(given);
                // What does not fit another field may be named at the other one.
                inside || fault.code == FaultCode::Inconsistent
            });
            let named = codes.any(|fault| fault.code == code);
            assert!(named, "{name} {pointer} {value}: {faults:?}");
            for fault in &faults {
                assert!(!fault.to_string().contains("javascript"), "{fault}");
            }
        }
    });
}

#[test]
fn what_is_no_json_or_no_command_is_refused() {
    for json in [
        "",
        "null",
        "{}",
        "[]",
        "\"pause\"",
        "{\"pause\": null}",
        "{\"pause\": {}}",
        "{\"erase\": {}}",
        "{\"pause\": {\"variant\": 7}}",
        "{\"pause\": {\"variant\": \"variant:0d5c1a52-7d3e-4c8b-9a0f-3b1e5d7c9f02\"}} {}",
        "{\"pause\": {\"variant\": \"variant:0d5c1a52-7d3e-4c8b-9a0f-3b1e5d7c9f02\"",
        "\u{feff}{}",
    ] {
        let refused = Command::from_json(json.as_bytes());
        assert!(
            matches!(refused, Err(Error::Invalid(_))),
            "{json} {refused:?}"
        );
    }
    let deep = "[".repeat(100_000);
    assert!(matches!(
        Command::from_json(deep.as_bytes()),
        Err(Error::Invalid(_))
    ));
    assert!(matches!(
        Command::from_json(b"\xff\xfe"),
        Err(Error::Invalid(_))
    ));
}
