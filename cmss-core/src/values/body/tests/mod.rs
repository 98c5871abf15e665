use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::ids::{AssetId, ConsentId, Id};
use crate::values::{Line, ListItem, Mark, Speaker};

const ASSET: &str = "asset:00000000-0000-0000-0000-000000000007";
const CONSENT: &str = "consent:00000000-0000-0000-0000-000000000007";

fn block(id: &str, content: BlockContent) -> Block {
    Block {
        id: id.parse().unwrap(),
        content,
    }
}

fn paragraph(id: &str, text: &str) -> Block {
    block(
        id,
        BlockContent::Paragraph {
            spans: vec![text.into()],
        },
    )
}

fn image(id: &str) -> Block {
    block(
        id,
        BlockContent::Image {
            asset: AssetId::from_uuid(Uuid::from_u128(7)),
        },
    )
}

fn quote(id: &str, speaker: Speaker) -> Block {
    let quote = Quote {
        spans: vec!["Vi blev hörda.".into()],
        speaker,
    };
    block(id, BlockContent::Quote(quote))
}

fn described(text: &str) -> Speaker {
    Speaker::Described {
        text: text.to_owned(),
    }
}

fn linked(text: &str, link: &str) -> Span {
    Span {
        link: Some(link.to_owned()),
        ..text.into()
    }
}

/// The checked body, or the paths and codes of the faults.
fn check(body: &Body) -> Result<Body, Vec<(String, FaultCode)>> {
    let mut faults = Faults::new();
    let checked = faults.within("body", |faults| body.check(faults));
    match faults.finish() {
        Ok(()) => Ok(checked.unwrap()),
        Err(invalid) => {
            assert_eq!(checked, None);
            let pairs = invalid
                .faults
                .into_iter()
                .map(|fault| (fault.path, fault.code));
            Err(pairs.collect())
        }
    }
}

fn faults(blocks: Vec<Block>) -> Vec<(String, FaultCode)> {
    check(&Body(blocks)).unwrap_err()
}

fn fault(path: &str, code: FaultCode) -> (String, FaultCode) {
    (path.to_owned(), code)
}

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
fn every_fault_is_named_with_its_place() {
    let heading = |level, text: &str| BlockContent::Heading {
        level,
        spans: vec![text.into()],
    };
    let found = faults(vec![
        paragraph("a", "ett"),
        paragraph("a", "två"),
        block(
            "b",
            BlockContent::Paragraph {
                spans: vec!["x".into(), linked("", "javascript:alert(1)"), "\0".into()],
            },
        ),
        block("c", BlockContent::Paragraph { spans: vec![] }),
        block("d", heading(1, "Rubrik")),
        block("e", heading(4, "Ru\nbrik")),
        block(
            "f",
            BlockContent::List {
                ordered: false,
                items: vec![],
            },
        ),
        block(
            "g",
            BlockContent::List {
                ordered: false,
                items: vec![ListItem {
                    spans: vec![" ".into()],
                    items: vec![Line {
                        spans: vec!["\u{200B}".into()],
                    }],
                }],
            },
        ),
        quote("h", described("")),
        quote(
            "i",
            Speaker::Identifiable {
                name: "Kim\nEk".to_owned(),
                consent: ConsentId::from_uuid(Uuid::from_u128(7)),
            },
        ),
        block(
            "j",
            BlockContent::FactBox {
                title: String::new(),
                paragraphs: vec![],
            },
        ),
        block(
            "k",
            BlockContent::QuestionAnswer {
                question: vec![],
                answer: vec![],
            },
        ),
    ]);
    assert_eq!(
        found,
        [
            fault("body[1].id", FaultCode::Duplicate),
            fault("body[2].spans[1].text", FaultCode::Empty),
            fault("body[2].spans[1].link", FaultCode::Malformed),
            fault("body[2].spans[2].text", FaultCode::ForbiddenCharacter),
            fault("body[3].spans", FaultCode::Empty),
            fault("body[4].level", FaultCode::TooSmall),
            fault("body[5].level", FaultCode::TooLarge),
            fault("body[5].spans", FaultCode::ForbiddenCharacter),
            fault("body[6].items", FaultCode::Empty),
            fault("body[7].items[0].spans", FaultCode::Empty),
            fault("body[7].items[0].items[0].spans", FaultCode::Empty),
            fault("body[8].speaker.text", FaultCode::Empty),
            fault("body[9].speaker.name", FaultCode::ForbiddenCharacter),
            fault("body[10].title", FaultCode::Empty),
            fault("body[10].paragraphs", FaultCode::Empty),
            fault("body[11].question", FaultCode::Empty),
            fault("body[11].answer", FaultCode::Empty),
        ]
    );
}

#[test]
fn an_empty_body_is_sound() {
    assert_eq!(check(&Body::default()).unwrap(), Body::default());
}

fn numbered(count: usize, of: impl Fn(&str) -> Block) -> Vec<Block> {
    (0..count).map(|number| of(&format!("b{number}"))).collect()
}

#[test]
fn a_body_is_accepted_up_to_each_limit_and_not_beyond() {
    let spans = |count: usize, span: &dyn Fn(usize) -> Span| {
        let spans = (0..count).map(span).collect();
        vec![block("a", BlockContent::Paragraph { spans })]
    };
    let link = |number: usize| linked("x", &format!("https://example.org/{number}"));
    let marked = |number: usize| Span {
        marks: if number.is_multiple_of(2) {
            [].into()
        } else {
            [Mark::Strong].into()
        },
        ..Span::from("x")
    };
    let line = || Line {
        spans: vec!["x".into()],
    };
    let facts = |lines: usize| {
        let paragraphs = (0..lines).map(|_| line()).collect();
        vec![block(
            "a",
            BlockContent::FactBox {
                title: "x".to_owned(),
                paragraphs,
            },
        )]
    };
    type Blocks<'a> = &'a dyn Fn(usize) -> Vec<Block>;
    let cases: [(&str, usize, Blocks<'_>); 7] = [
        ("bytes", 200_000, &|n| vec![paragraph("a", &"x".repeat(n))]),
        ("blocks", 2_000, &|n| numbered(n, |id| paragraph(id, "x"))),
        ("spans", 10_000, &|n| spans(n, &marked)),
        ("texts", 10_000, &facts),
        ("links", 500, &|n| spans(n, &link)),
        ("images", 100, &|n| numbered(n, image)),
        ("quotes", 100, &|n| {
            numbered(n, |id| quote(id, described("en deltagare")))
        }),
    ];
    for (what, limit, blocks) in cases {
        assert!(check(&Body(blocks(limit))).is_ok(), "{what}");
        let mut faults = Faults::new();
        assert_eq!(Body(blocks(limit + 1)).check(&mut faults), None, "{what}");
        let found = faults.finish().unwrap_err().faults;
        assert_eq!(found.len(), 1, "{what}");
        assert_eq!(found[0].limit, Some(limit as u64), "{what}");
        assert_eq!(found[0].given, Some(limit as u64 + 1), "{what}");
    }
}

#[test]
fn texts_without_a_span_count_against_the_limit_too() {
    let paragraphs = vec![Line { spans: vec![] }; 10_001];
    let facts = BlockContent::FactBox {
        title: "Fakta".to_owned(),
        paragraphs,
    };
    assert_eq!(
        faults(vec![block("a", facts)]),
        [fault("body", FaultCode::TooMany)]
    );
}

#[test]
fn what_grows_in_normal_form_is_measured_again() {
    // U+FB2C takes three bytes, its normal form six.
    let text = "\u{FB2C}".repeat(limits::BODY_BYTES / 3);
    assert_eq!(
        faults(vec![paragraph("a", &text)]),
        [fault("body", FaultCode::TooLong)]
    );
}

#[test]
fn spans_that_look_alike_are_joined_in_normal_form() {
    let strong = |text: &str| Span {
        marks: [Mark::Strong].into(),
        ..text.into()
    };
    let spans = vec![
        "a".into(),
        "\u{30a}".into(),
        strong("b"),
        strong("c"),
        "d".into(),
    ];
    let body = Body(vec![block("a", BlockContent::Paragraph { spans })]);
    let spans = vec!["\u{e5}".into(), strong("bc"), "d".into()];
    let joined = Body(vec![block("a", BlockContent::Paragraph { spans })]);
    assert_eq!(check(&body).unwrap(), joined);
}

#[test]
fn a_link_is_stored_in_its_normal_form() {
    let spans = vec![linked("x", " HTTPS://Example.org/A ")];
    let body = check(&Body(vec![block("a", BlockContent::Paragraph { spans })])).unwrap();
    let spans = vec![linked("x", "https://example.org/A")];
    assert_eq!(body.0, [block("a", BlockContent::Paragraph { spans })]);
}

#[test]
fn plain_text_is_split_at_blank_lines() {
    let body = Body::from_plain_text("\r\n  Ett\r\nsamma \r\n \t\r\n\r\nTvå\u{2029}Tre\n\n");
    assert_eq!(
        body.0,
        [
            paragraph("p1", "Ett\nsamma"),
            paragraph("p2", "Två"),
            paragraph("p3", "Tre")
        ]
    );
    assert_eq!(Body::from_plain_text(" \n\n"), Body::default());
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

proptest! {
    #[test]
    fn plain_text_goes_through_a_body_and_back(text in "([a-zåäö .\n\r\t]|\\PC){0,60}") {
        let body = Body::from_plain_text(&text);
        prop_assert_eq!(Body::from_plain_text(&body.plain_text()), body);
    }

    #[test]
    fn what_was_checked_checks_to_itself(
        texts in proptest::collection::vec(
            ("[a-e \u{301}\u{30a}\r\n\t]{0,6}", 0..3_usize, any::<bool>()), 0..6,
        ),
    ) {
        let marks = |which| match which {
            0 => BTreeSet::new(),
            1 => [Mark::Strong].into(),
            _ => [Mark::Strong, Mark::Emphasis].into(),
        };
        let spans = texts.iter().map(|(text, which, link)| Span {
            text: text.clone(),
            marks: marks(*which),
            link: link.then(|| "HTTP://EXAMPLE.org".to_owned()),
            lang: None,
        });
        let content = BlockContent::Paragraph { spans: spans.collect() };
        if let Ok(checked) = check(&Body(vec![block("a", content)])) {
            prop_assert_eq!(check(&checked), Ok(checked.clone()));
            let stored = serde_json::to_string(&checked).unwrap();
            prop_assert_eq!(serde_json::from_str::<Body>(&stored).unwrap(), checked);
        }
    }
}
