use proptest::prelude::*;

use super::*;
use crate::values::Mark;

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
