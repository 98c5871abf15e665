mod faults;
mod normal;
mod sizes;
mod spelling;

use uuid::Uuid;

use super::*;
use crate::ids::Id;
use crate::values::Speaker;

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
