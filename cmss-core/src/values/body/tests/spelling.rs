use serde_json::{Value, json};

use super::*;

const ASSET: &str = "asset:00000000-0000-0000-0000-000000000007";
const CONSENT: &str = "consent:00000000-0000-0000-0000-000000000007";

fn every_kind() -> Value {
    json!([
        {"id": "h-1", "kind": "heading", "level": 2, "spans": [{"text": "Mötet"}]},
        {"id": "p_1", "kind": "paragraph", "spans": [
            {"text": "Läs "},
            {"text": "mer", "marks": ["strong", "emphasis"], "link": "https://example.org/a", "lang": "en"},
        ]},
        {"id": "l", "kind": "list", "ordered": true, "items": [
            {"spans": [{"text": "Ett"}], "items": [{"spans": [{"text": "Ett och ett halvt"}]}]},
            {"spans": [{"text": "Två"}]},
        ]},
        {"id": "q1", "kind": "quote", "spans": [{"text": "Det går."}],
            "speaker": {"kind": "identifiable", "name": "Kim Ek", "consent": CONSENT}},
        {"id": "q2", "kind": "quote", "spans": [{"text": "Det gick."}],
            "speaker": {"kind": "described", "text": "en deltagare"}},
        {"id": "i", "kind": "image", "asset": ASSET},
        {"id": "f", "kind": "fact_box", "title": "Fakta", "paragraphs": [
            {"spans": [{"text": "Gruppen möts varje månad."}]},
        ]},
        {"id": "qa", "kind": "question_answer",
            "question": [{"text": "När?"}], "answer": [{"text": "I maj."}]},
    ])
}

#[test]
fn every_kind_of_block_is_stored_as_it_is_spelled_here() {
    let body: Body = serde_json::from_value(every_kind()).unwrap();
    assert_eq!(serde_json::to_value(&body).unwrap(), every_kind());
    assert_eq!(check(&body).unwrap(), body);
}

#[test]
fn a_field_nobody_knows_is_refused_at_every_depth() {
    let fields = [
        "/0",
        "/1",
        "/1/spans/1",
        "/2",
        "/2/items/0",
        "/2/items/0/items/0",
        "/3",
        "/3/speaker",
        "/4/speaker",
        "/5",
        "/6",
        "/6/paragraphs/0",
        "/7",
        "/7/answer/0",
    ];
    for at in fields {
        let mut body = every_kind();
        body.pointer_mut(at).unwrap()["colour"] = json!("red");
        assert!(
            serde_json::from_value::<Body>(body.clone()).is_err(),
            "{at}"
        );
        // The same through text, where the tag need not come first.
        assert!(
            serde_json::from_str::<Body>(&body.to_string()).is_err(),
            "{at}"
        );
    }
    for kind in ["embed", ""] {
        let body = json!([{"id": "a", "kind": kind, "spans": []}]);
        assert!(serde_json::from_value::<Body>(body).is_err());
    }
}

#[test]
fn its_text_alone_has_a_line_for_what_stands_apart() {
    let body: Body = serde_json::from_value(every_kind()).unwrap();
    assert_eq!(
        body.plain_text(),
        "Mötet\n\nLäs mer\n\nEtt\nEtt och ett halvt\nTvå\n\nDet går.\nKim Ek\n\n\
         Det gick.\nen deltagare\n\nFakta\nGruppen möts varje månad.\n\nNär?\nI maj."
    );
}

#[test]
fn images_and_quotes_are_found_in_reading_order() {
    let body: Body = serde_json::from_value(every_kind()).unwrap();
    let images: Vec<_> = body
        .images()
        .map(|(id, asset)| (id.as_str(), asset))
        .collect();
    assert_eq!(images, [("i", AssetId::from_uuid(Uuid::from_u128(7)))]);
    let quotes: Vec<_> = body
        .quotes()
        .map(|(id, quote)| (id.as_str(), &quote.speaker))
        .collect();
    assert_eq!(
        quotes.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
        ["q1", "q2"]
    );
    assert_eq!(quotes[1].1.shown(), "en deltagare");
}

#[test]
fn a_block_is_named_by_a_short_plain_word() {
    for id in ["p1", "00000000-0000-0000-0000-000000000007", "a_b-c", "-"] {
        assert!(id.parse::<BlockId>().is_ok(), "{id}");
    }
    for (id, code) in [
        ("", FaultCode::Empty),
        ("P1", FaultCode::Malformed),
        ("å", FaultCode::Malformed),
        ("a b", FaultCode::Malformed),
        ("0123456789012345678901234567890123456", FaultCode::TooLong),
    ] {
        assert_eq!(id.parse::<BlockId>().unwrap_err().code, code, "{id}");
    }
}
