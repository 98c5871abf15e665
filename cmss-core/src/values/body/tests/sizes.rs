use super::*;
use crate::values::{Line, Mark};

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
