//! What is measured as a whole: bodies, projects, plans, and commands as JSON.

use cmss::values::{
    Block, BlockContent, Body, Fault, FaultCode, Line, ListItem, Mark, Money, Quote, Span, Speaker,
};
use cmss::{ArticleText, AssetId, Command, CostLine, Error, Project, Term, Vocabulary};
use pollster::block_on;
use serde_json::json;

use crate::every;
use crate::scene::{Scene, at};
use crate::support::{declared, text};

fn block(number: usize, content: BlockContent) -> Block {
    Block {
        id: format!("b{number}").parse().unwrap(),
        content,
    }
}

fn paragraph(number: usize, spans: Vec<Span>) -> Block {
    block(number, BlockContent::Paragraph { spans })
}

/// So many paragraphs of this text.
fn paragraphs(n: usize, text: &str) -> Body {
    Body(
        (0..n)
            .map(|number| paragraph(number, vec![Span::from(text)]))
            .collect(),
    )
}

/// So many spans that are not joined, in paragraphs of a hundred.
fn spans(n: usize, span: impl Fn(usize) -> Span) -> Body {
    let all: Vec<_> = (0..n).map(span).collect();
    let blocks = all.chunks(100).enumerate();
    Body(
        blocks
            .map(|(number, spans)| paragraph(number, spans.to_vec()))
            .collect(),
    )
}

/// A span that looks other than the one before it.
fn marked(number: usize) -> Span {
    let mut span = Span::from("a");
    if number.is_multiple_of(2) {
        span.marks.insert(Mark::Strong);
    }
    span
}

fn linked(number: usize) -> Span {
    Span {
        link: Some(format!("https://example.org/{number}")),
        ..Span::from("a")
    }
}

fn images(n: usize) -> Body {
    let asset: AssetId = every::id("asset").parse().unwrap();
    Body(
        (0..n)
            .map(|number| block(number, BlockContent::Image { asset }))
            .collect(),
    )
}

fn quotes(n: usize) -> Body {
    let quote = |number| {
        let speaker = Speaker::Described {
            text: "någon".to_owned(),
        };
        let spans = vec![Span::from("a")];
        block(number, BlockContent::Quote(Quote { spans, speaker }))
    };
    Body((0..n).map(quote).collect())
}

/// A body with so many of something.
type Make = fn(usize) -> Body;

/// What a body may have of each.
fn measures() -> Vec<(FaultCode, usize, Make)> {
    use FaultCode::{TooLong, TooMany};
    vec![
        (TooLong, 200_000, |n| paragraphs(1, &"a".repeat(n))),
        (TooMany, 2_000, |n| paragraphs(n, "a")),
        (TooMany, 10_000, |n| spans(n, marked)),
        (TooMany, 500, |n| spans(n, linked)),
        (TooMany, 100, images),
        (TooMany, 100, quotes),
    ]
}

#[test]
fn a_body_is_accepted_at_each_of_its_limits_and_refused_above() {
    block_on(async {
        for (code, limit, make) in measures() {
            let scene = Scene::set().await;
            let begun = scene.room.begun("En kropp").await;
            let sol = scene.room.reporter();
            let mut written = text("En kropp", scene.room.sols);
            written.body = make(limit + 1);
            let sent = written.clone();
            let before = scene.commits().await;
            let refused = sol.save(begun.edition, begun.head, &written).await;
            let Err(Error::Invalid(invalid)) = refused else {
                panic!("{limit} {refused:?}");
            };
            let fault = Fault {
                path: "text.body".to_owned(),
                code,
                limit: Some(limit as u64),
                given: Some(limit as u64 + 1),
            };
            assert_eq!(invalid.faults, [fault]);
            assert_eq!((scene.commits().await, &written), (before, &sent));
            written.body = make(limit);
            match sol.save(begun.edition, begun.head, &written).await {
                Ok(_) | Err(Error::NotFound { .. }) => {}
                other => panic!("{limit} {other:?}"),
            }
        }
    });
}

/// Many spans of many characters that JSON spells in two, each with all a span may have beside.
fn largest(spans_of: usize, scene: &Scene) -> ArticleText {
    let mut written = text(&"\"".repeat(200), scene.room.sols);
    written.lead = "\"".repeat(1_000);
    let lang = |number: usize| {
        let even = number.is_multiple_of(2);
        if even { "sv-Latn-SE" } else { "en-Latn-GB" }.parse()
    };
    let span = |number: usize| Span {
        lang: Some(lang(number).unwrap()),
        marks: [Mark::Strong, Mark::Emphasis].into(),
        link: None,
        ..Span::from("\"".repeat(20).as_str())
    };
    written.body = spans(spans_of, span);
    written
}

#[test]
fn a_body_is_measured_as_json_too() {
    block_on(async {
        let scene = Scene::set().await;
        let begun = scene.room.begun("Den största").await;
        let sol = scene.room.reporter();
        let largest = largest(10_000, &scene);
        let refused = sol.save(begun.edition, begun.head, &largest).await;
        let Err(Error::Invalid(invalid)) = refused else {
            panic!("{refused:?}");
        };
        let [fault] = &invalid.faults[..] else {
            panic!("{invalid}");
        };
        let told = (fault.path.as_str(), fault.code, fault.limit);
        assert_eq!(told, ("text.body", FaultCode::TooLong, Some(800_000)));
    });
}

#[test]
fn whatever_is_within_its_limits_fits_into_a_store_and_onto_the_site() {
    block_on(async {
        let scene = Scene::set().await;
        let sol = scene.room.reporter();
        let begun = scene.room.begun("Den största").await;
        let largest = largest(7_800, &scene);
        let json = serde_json::to_string(&largest.body).unwrap().len();
        assert!((790_000..=800_000).contains(&json), "{json}");
        let head = sol.save(begun.edition, begun.head, &largest).await.unwrap();
        sol.submit(begun.edition, head, &declared()).await.unwrap();
        let vera = scene.room.editor();
        vera.approve(begun.edition, head).await.unwrap();
        let slug = Some("den-storsta");
        vera.publish(begun.edition, head, slug).await.unwrap();
        scene.room.page("den-storsta").await;
    });
}

#[test]
fn many_short_lines_are_counted_too() {
    // A list whose items hold nothing needs no span, and is a fault of its own.
    let empty = ListItem {
        spans: Vec::new(),
        items: vec![Line { spans: Vec::new() }; 10_001],
    };
    let items = vec![empty];
    let body = Body(vec![block(
        0,
        BlockContent::List {
            ordered: false,
            items,
        },
    )]);
    block_on(async {
        let scene = Scene::set().await;
        let begun = scene.room.begun("En lista").await;
        let mut written = text("En lista", scene.room.sols);
        written.body = body;
        let sol = scene.room.reporter();
        let refused = sol.save(begun.edition, begun.head, &written).await;
        let Err(Error::Invalid(invalid)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(invalid.faults[0].code, FaultCode::TooMany);
    });
}

#[test]
fn a_project_is_measured_as_a_whole() {
    block_on(async {
        let scene = Scene::set().await;
        let mut command = scene.command("put_project");
        let line = json!({"amount": {"ore": 1}, "note": "å".repeat(200)});
        *at(&mut command, "/content/costs") = vec![line; 950].into();
        let faults = scene.faults(&command).await;
        let [fault] = &faults[..] else {
            panic!("{faults:?}");
        };
        let told = (fault.path.as_str(), fault.code, fault.limit);
        assert_eq!(told, ("content", FaultCode::TooLong, Some(400_000)));
    });
}

#[test]
fn a_project_is_measured_in_its_normal_form_too() {
    block_on(async {
        let scene = Scene::set().await;
        // One character of three bytes, which in normal form is three of two.
        let text = |chars: usize| "\u{fb2c}".repeat(chars);
        let cost = CostLine {
            amount: Money::ore(1),
            date: None,
            note: Some(text(66)),
        };
        let project = Project {
            what: Some(text(3_333)),
            why: Some(text(3_333)),
            involvement: vec![text(333); 50],
            costs: vec![cost; 1_000],
            ..Project::titled("Växer", "sv".parse().unwrap())
        };
        assert!(serde_json::to_string(&project).unwrap().len() < 400_000);
        let refused = scene.room.editor().put_project(None, &project).await;
        let Err(Error::Invalid(invalid)) = refused else {
            panic!("{refused:?}");
        };
        let [fault] = &invalid.faults[..] else {
            panic!("{invalid}");
        };
        let told = (fault.path.as_str(), fault.code, fault.limit);
        assert_eq!(told, ("content", FaultCode::TooLong, Some(400_000)));
    });
}

#[test]
fn a_name_of_a_term_may_have_its_forty_characters_of_any_script() {
    block_on(async {
        let scene = Scene::set().await;
        let vera = scene.room.editor();
        let alias = "\u{1f642}".repeat(40);
        let term = Term {
            vocabulary: Vocabulary::Category,
            slug: "glatt".parse().unwrap(),
            label: "Glatt".to_owned(),
            aliases: vec![alias.clone()],
            progress: None,
            requires_lessons: false,
        };
        let id = vera.put_term(None, &term).await.unwrap();
        let found = vera.find_term(Vocabulary::Category, &alias).await.unwrap();
        assert_eq!(found, Some(id));
        let long = "x".repeat(100_000);
        assert_eq!(
            vera.find_term(Vocabulary::Category, &long).await.unwrap(),
            None
        );
    });
}

#[test]
fn a_plan_is_measured_as_a_whole() {
    block_on(async {
        let scene = Scene::set().await;
        let mut command = scene.command("plan_occasion");
        let groups: Vec<_> = (0..9).map(|n| format!("{n}{}", "å".repeat(180))).collect();
        *at(&mut command, "/plan/groups") = groups.into();
        let faults = scene.faults(&command).await;
        let [fault] = &faults[..] else {
            panic!("{faults:?}");
        };
        let told = (fault.path.as_str(), fault.code, fault.limit);
        assert_eq!(told, ("plan", FaultCode::TooLong, Some(3_000)));
    });
}

#[test]
fn a_command_as_json_has_at_most_a_million_bytes() {
    let command = json!({"claim_assignment": {"assignment": every::id("assignment")}});
    let mut json = command.to_string().into_bytes();
    json.resize(1_000_000, b' ');
    Command::from_json(&json).unwrap();
    json.push(b' ');
    let Err(Error::Invalid(invalid)) = Command::from_json(&json) else {
        panic!("it was read");
    };
    let fault = Fault {
        path: String::new(),
        code: FaultCode::TooLong,
        limit: Some(1_000_000),
        given: Some(1_000_001),
    };
    assert_eq!(invalid.faults, [fault]);
}
