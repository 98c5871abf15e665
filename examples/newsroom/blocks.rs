//! Bodies, written down block by block.

use cmss::values::{Block, BlockContent, Body, Flaw, Line, ListItem, Locale, Quote, Span, Speaker};
use cmss::{
    ArticleText, AssetId, BylineId, ConsentId, Credit, CreditRole, CreditedTo, Declarations, Ties,
};

/// A body of blocks with names of their own, which stay when the text around them changes.
pub(crate) fn body<'a>(
    blocks: impl IntoIterator<Item = (&'a str, BlockContent)>,
) -> Result<Body, Flaw> {
    let blocks = blocks.into_iter();
    let blocks = blocks.map(|(id, content)| {
        Ok(Block {
            id: id.parse()?,
            content,
        })
    });
    Ok(Body(blocks.collect::<Result<_, Flaw>>()?))
}

fn spans(text: &str) -> Vec<Span> {
    vec![Span::from(text)]
}

pub(crate) fn paragraph(text: &str) -> BlockContent {
    BlockContent::Paragraph { spans: spans(text) }
}

pub(crate) fn heading(text: &str) -> BlockContent {
    BlockContent::Heading {
        level: 2,
        spans: spans(text),
    }
}

pub(crate) fn list(items: &[&str]) -> BlockContent {
    let item = |text: &&str| ListItem {
        spans: spans(text),
        items: Vec::new(),
    };
    BlockContent::List {
        ordered: false,
        items: items.iter().map(item).collect(),
    }
}

pub(crate) fn facts(title: &str, paragraphs: &[&str]) -> BlockContent {
    let line = |text: &&str| Line { spans: spans(text) };
    let paragraphs = paragraphs.iter().map(line).collect();
    BlockContent::FactBox {
        title: title.to_owned(),
        paragraphs,
    }
}

pub(crate) fn image(asset: AssetId) -> BlockContent {
    BlockContent::Image { asset }
}

/// Words of somebody who can be recognised, and has agreed to be quoted.
pub(crate) fn quote(text: &str, name: &str, consent: ConsentId) -> BlockContent {
    let speaker = Speaker::Identifiable {
        name: name.to_owned(),
        consent,
    };
    BlockContent::Quote(Quote {
        spans: spans(text),
        speaker,
    })
}

/// Words of somebody who cannot be recognised.
pub(crate) fn unnamed_quote(text: &str, speaker: &str) -> BlockContent {
    let speaker = Speaker::Described {
        text: speaker.to_owned(),
    };
    BlockContent::Quote(Quote {
        spans: spans(text),
        speaker,
    })
}

/// A text in Swedish under a byline.
pub(crate) fn text(headline: &str, lead: &str, body: Body, by: CreditedTo) -> ArticleText {
    ArticleText {
        headline: headline.to_owned(),
        lead: lead.to_owned(),
        language: Locale::Sv.into(),
        body,
        credits: vec![Credit {
            role: CreditRole::Text,
            by,
        }],
        topics: Vec::new(),
        projects: Vec::new(),
        events: Vec::new(),
    }
}

pub(crate) fn photos_by(byline: BylineId) -> Credit {
    Credit {
        role: CreditRole::Photo,
        by: CreditedTo::Byline(byline),
    }
}

/// What an author declares when handing in.
pub(crate) fn declared() -> Declarations {
    Declarations {
        no_client_information: true,
        ties: Ties::Nothing(true),
    }
}
