//! The blocks a body is made of.

use serde::{Deserialize, Serialize};

use super::span::{self, Span};
use super::string_value::string_value;
use super::{FaultCode, Faults, Flaw, in_range, limits, text};
use crate::ids::{AssetId, ConsentId};

string_value!(
    /// Names a block within its body: 1 to 36 of `a-z`, `0-9`, `_` and `-`.
    ///
    /// The editor's program chooses it and keeps it from revision to revision for as long as the
    /// block is the same one: comments and comparisons find the block by it. A UUID is one.
    BlockId,
    parse_id
);

/// The text, when it is a block's id.
fn parse_id(text: &str) -> Result<String, Flaw> {
    let (limit, given) = (limits::BLOCK_ID as u64, text.chars().count() as u64);
    if given == 0 {
        Err(Flaw::new(FaultCode::Empty))
    } else if given > limit {
        Err(Flaw::limit(FaultCode::TooLong, limit, given))
    } else if text
        .bytes()
        .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
    {
        Ok(text.to_owned())
    } else {
        Err(Flaw::new(FaultCode::Malformed))
    }
}

impl BlockId {
    /// The id of the paragraph with this number in a body made of plain text.
    pub(crate) fn paragraph(number: usize) -> Self {
        Self(format!("p{number}"))
    }
}

/// One block of a body.
///
/// Stored as one object: `{"id": "p1", "kind": "paragraph", "spans": [{"text": "…"}]}`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Block {
    /// Its name within the body.
    pub id: BlockId,
    /// What stands in it.
    // Not `deny_unknown_fields` beside `flatten`: the content sees every other field and refuses
    // what it does not know.
    #[serde(flatten)]
    pub content: BlockContent,
}

/// What stands in a block.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum BlockContent {
    /// A paragraph.
    Paragraph {
        /// Its text.
        spans: Vec<Span>,
    },
    /// A heading, on one line.
    Heading {
        /// 2 or 3; the title of the page is level 1.
        level: u8,
        /// Its text.
        spans: Vec<Span>,
    },
    /// A list.
    List {
        /// Whether the order of the items matters: they are numbered.
        #[serde(default)]
        ordered: bool,
        /// The items.
        items: Vec<ListItem>,
    },
    /// Words of somebody else.
    Quote(Quote),
    /// An image, with the alternative text, caption and credit its asset has.
    Image {
        /// The image.
        asset: AssetId,
    },
    /// A box with facts beside the text.
    FactBox {
        /// Its title.
        title: String,
        /// Its paragraphs.
        paragraphs: Vec<Line>,
    },
    /// A question and its answer.
    QuestionAnswer {
        /// The question.
        question: Vec<Span>,
        /// The answer.
        answer: Vec<Span>,
    },
}

/// Words of somebody else, and who said them.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quote {
    /// The words.
    pub spans: Vec<Span>,
    /// Who said them.
    pub speaker: Speaker,
}

/// Who said what is quoted.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Speaker {
    /// Somebody who can be recognised, and agreed to it. When the consent is withdrawn, the quote
    /// leaves the page.
    Identifiable {
        /// The name it is shown under.
        name: String,
        /// The consent.
        consent: ConsentId,
    },
    /// Somebody who cannot be recognised: "a participant".
    Described {
        /// The description.
        text: String,
    },
}

/// An item of a list, with a list below it where it has one.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListItem {
    /// Its text.
    pub spans: Vec<Span>,
    /// The items of the list below it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Line>,
}

/// A line of text inside a block: an inner item of a list, a paragraph of a fact box.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its text.
    pub spans: Vec<Span>,
}

impl Block {
    /// The text alone: what stands apart in the block, each on a line of its own, and a speaker
    /// last. Ranges within a block count the Unicode scalar values of this text.
    #[must_use]
    pub fn plain_text(&self) -> String {
        let mut lines = self.texts().map(span::plain_text).collect::<Vec<_>>();
        match &self.content {
            BlockContent::FactBox { title, .. } => lines.insert(0, title.clone()),
            BlockContent::Quote(quote) => lines.push(quote.speaker.shown().to_owned()),
            _ => {}
        }
        lines.join("\n")
    }

    /// Every run of spans, in reading order.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &[Span]> {
        let runs: Vec<&[Span]> = match &self.content {
            BlockContent::Paragraph { spans } | BlockContent::Heading { spans, .. } => vec![spans],
            BlockContent::Quote(quote) => vec![&quote.spans],
            BlockContent::List { items, .. } => items
                .iter()
                .flat_map(|item| {
                    let below = item.items.iter().map(|line| line.spans.as_slice());
                    std::iter::once(item.spans.as_slice()).chain(below)
                })
                .collect(),
            BlockContent::Image { .. } => Vec::new(),
            BlockContent::FactBox { paragraphs, .. } => paragraphs
                .iter()
                .map(|line| line.spans.as_slice())
                .collect(),
            BlockContent::QuestionAnswer { question, answer } => vec![question, answer],
        };
        runs.into_iter()
    }

    /// What is written beside the spans: a title, a speaker.
    pub(crate) fn beside(&self) -> &str {
        match &self.content {
            BlockContent::FactBox { title, .. } => title,
            BlockContent::Quote(quote) => quote.speaker.shown(),
            _ => "",
        }
    }

    /// The same in normal form, when it is sound by itself.
    pub(crate) fn check(&self, faults: &mut Faults) -> Option<Self> {
        let content = self.content.check(faults)?;
        Some(Self {
            id: self.id.clone(),
            content,
        })
    }
}

impl BlockContent {
    fn check(&self, faults: &mut Faults) -> Option<Self> {
        Some(match self {
            Self::Paragraph { spans } => Self::Paragraph {
                spans: span::check(faults, "spans", spans)?,
            },
            Self::Heading { level, spans } => {
                let sound = faults.field("level", in_range(*level, &limits::HEADING_LEVELS));
                let spans = span::check(faults, "spans", spans);
                if spans.iter().flatten().any(|span| span.text.contains('\n')) {
                    faults.push("spans", Flaw::new(FaultCode::ForbiddenCharacter));
                    return None;
                }
                sound?;
                Self::Heading {
                    level: *level,
                    spans: spans?,
                }
            }
            Self::List { ordered, items } => {
                faults.ensure("items", !items.is_empty(), FaultCode::Empty);
                let items = faults.each("items", items, |faults, item| item.check(faults))?;
                (!items.is_empty()).then_some(Self::List {
                    ordered: *ordered,
                    items,
                })?
            }
            Self::Quote(quote) => Self::Quote(quote.check(faults)?),
            Self::Image { asset } => Self::Image { asset: *asset },
            Self::FactBox { title, paragraphs } => {
                let title = faults.field("title", text::line(title, limits::TITLE));
                faults.ensure("paragraphs", !paragraphs.is_empty(), FaultCode::Empty);
                let lines =
                    faults.each("paragraphs", paragraphs, |faults, line| line.check(faults))?;
                (!lines.is_empty()).then_some(Self::FactBox {
                    title: title?,
                    paragraphs: lines,
                })?
            }
            Self::QuestionAnswer { question, answer } => {
                let question = span::check(faults, "question", question);
                let answer = span::check(faults, "answer", answer);
                Self::QuestionAnswer {
                    question: question?,
                    answer: answer?,
                }
            }
        })
    }
}

impl Quote {
    fn check(&self, faults: &mut Faults) -> Option<Self> {
        let spans = span::check(faults, "spans", &self.spans);
        let speaker = faults.within("speaker", |faults| self.speaker.check(faults));
        Some(Self {
            spans: spans?,
            speaker: speaker?,
        })
    }
}

impl Speaker {
    /// The name or the description.
    #[must_use]
    pub fn shown(&self) -> &str {
        match self {
            Self::Identifiable { name, .. } => name,
            Self::Described { text } => text,
        }
    }

    fn check(&self, faults: &mut Faults) -> Option<Self> {
        Some(match self {
            Self::Identifiable { name, consent } => Self::Identifiable {
                name: faults.field("name", text::line(name, limits::DISPLAY_NAME))?,
                consent: *consent,
            },
            Self::Described { text: described } => Self::Described {
                text: faults.field("text", text::line(described, limits::SPEAKER))?,
            },
        })
    }
}

impl ListItem {
    fn check(&self, faults: &mut Faults) -> Option<Self> {
        let spans = span::check(faults, "spans", &self.spans);
        let items = faults.each("items", &self.items, |faults, line| line.check(faults));
        Some(Self {
            spans: spans?,
            items: items?,
        })
    }
}

impl Line {
    fn check(&self, faults: &mut Faults) -> Option<Self> {
        let spans = span::check(faults, "spans", &self.spans)?;
        Some(Self { spans })
    }
}
