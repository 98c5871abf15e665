use super::*;
use crate::ids::ConsentId;
use crate::values::{Line, ListItem};

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
