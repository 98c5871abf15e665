//! The body of a text.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::span::Span;
use super::{Block, BlockContent, BlockId, FaultCode, Faults, Flaw, Quote, limits};
use crate::ids::AssetId;

/// The body of a text: its blocks, in reading order. Stored as their list.
///
/// # Examples
///
/// ```
/// use cmss_core::values::Body;
///
/// let body = Body::from_plain_text("Kaffet var varmt.\n\nMötet började.");
/// assert_eq!(body.0.len(), 2);
/// assert_eq!(body.plain_text(), "Kaffet var varmt.\n\nMötet började.");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Body(pub Vec<Block>);

impl Body {
    /// A paragraph for every stretch of lines between blank ones, named `p1`, `p2` and so on.
    #[must_use]
    pub fn from_plain_text(text: &str) -> Self {
        let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}'], "\n");
        let text = text.replace('\u{2029}', "\n\n");
        let mut paragraphs = vec![Vec::new()];
        for line in text.lines() {
            if line.trim().is_empty() {
                paragraphs.push(Vec::new());
            } else if let Some(paragraph) = paragraphs.last_mut() {
                paragraph.push(line.trim());
            }
        }
        let blocks = paragraphs
            .iter()
            .filter(|lines| !lines.is_empty())
            .zip(1..)
            .map(|(lines, number)| Block {
                id: BlockId::paragraph(number),
                content: BlockContent::Paragraph {
                    spans: vec![Span::from(lines.join("\n").as_str())],
                },
            });
        Self(blocks.collect())
    }

    /// The text alone, with a blank line between blocks; images have none.
    ///
    /// It holds the names and words of identifiable speakers, and so is for the desk: what may be
    /// shown of them depends on their consent.
    #[must_use]
    pub fn plain_text(&self) -> String {
        let texts = self.0.iter().map(Block::plain_text);
        let texts: Vec<_> = texts.filter(|text| !text.is_empty()).collect();
        texts.join("\n\n")
    }

    /// The images, in reading order.
    pub fn images(&self) -> impl Iterator<Item = (&BlockId, AssetId)> {
        self.0.iter().filter_map(|block| match &block.content {
            BlockContent::Image { asset } => Some((&block.id, *asset)),
            _ => None,
        })
    }

    /// The quotes, in reading order.
    pub fn quotes(&self) -> impl Iterator<Item = (&BlockId, &Quote)> {
        self.0.iter().filter_map(|block| match &block.content {
            BlockContent::Quote(quote) => Some((&block.id, quote)),
            _ => None,
        })
    }

    /// The same in normal form, when every block is sound and the whole is within its limits. A
    /// body may be empty, as a draft's is; who needs a text asks for one.
    pub(crate) fn check(&self, faults: &mut Faults) -> Option<Self> {
        // What is too much as a whole is not looked at in detail.
        self.check_sizes(faults)?;
        let mut ids = BTreeSet::new();
        let blocks = faults.each("", &self.0, |faults, block| {
            let unique = ids.insert(&block.id);
            faults.ensure("id", unique, FaultCode::Duplicate);
            block.check(faults).filter(|_| unique)
        });
        let body = Self(blocks?);
        // The normal form of a few characters is longer than what was given.
        body.check_sizes(faults).map(|()| body)
    }

    fn check_sizes(&self, faults: &mut Faults) -> Option<()> {
        let texts = || self.0.iter().flat_map(Block::texts);
        let spans = || texts().flatten();
        let links = || spans().filter_map(|span| span.link.as_deref());
        let bytes = spans().map(|span| span.text.len()).sum::<usize>()
            + links().map(str::len).sum::<usize>()
            + self
                .0
                .iter()
                .map(|block| block.beside().len())
                .sum::<usize>();
        if bytes > limits::BODY_BYTES {
            let (limit, given) = (limits::BODY_BYTES as u64, bytes as u64);
            faults.push("", Flaw::limit(FaultCode::TooLong, limit, given));
        }
        let counts = [
            (self.0.len(), limits::BODY_BLOCKS),
            // Every text needs a span, so that more texts than spans are allowed are too many.
            (spans().count().max(texts().count()), limits::BODY_SPANS),
            (links().count(), limits::BODY_LINKS),
            (self.images().count(), limits::BODY_IMAGES),
            (self.quotes().count(), limits::BODY_QUOTES),
        ];
        for (given, limit) in counts {
            faults.at_most("", given, limit);
        }
        let within = counts.iter().all(|(given, limit)| given <= limit);
        (within && bytes <= limits::BODY_BYTES).then_some(())?;
        let json = serde_json::to_vec(self).map_or(usize::MAX, |json| json.len());
        if json > limits::BODY_JSON_BYTES {
            let (limit, given) = (limits::BODY_JSON_BYTES as u64, json as u64);
            faults.push("", Flaw::limit(FaultCode::TooLong, limit, given));
            return None;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests;
