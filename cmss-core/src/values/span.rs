//! Runs of text that look and read alike.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{FaultCode, Faults, Flaw, Lang, contact, text};

/// A run of text with its marks, its link and its language.
///
/// # Examples
///
/// ```
/// use cmss_core::values::{Mark, Span};
///
/// let span: Span = serde_json::from_str(r#"{"text": "nu", "marks": ["strong"]}"#)?;
/// assert!(span.marks.contains(&Mark::Strong));
/// assert_eq!(Span::from("då").link, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// The text; a `\n` in it is a line break.
    pub text: String,
    /// How it is marked.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub marks: BTreeSet<Mark>,
    /// Where it leads: an absolute `https`, `http`, `mailto` or `tel` address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The language it is in, where that is not the language of the whole text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<Lang>,
}

/// How a run of text is marked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// It is important.
    Strong,
    /// It is stressed.
    Emphasis,
}

impl From<&str> for Span {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            ..Self::default()
        }
    }
}

impl Span {
    /// Whether what differs between the two is at most their text.
    fn looks_like(&self, other: &Self) -> bool {
        (&self.marks, &self.link, &self.lang) == (&other.marks, &other.link, &other.lang)
    }

    fn check(&self, faults: &mut Faults) -> Option<Self> {
        let text = if self.text.is_empty() {
            Err(Flaw::new(FaultCode::Empty))
        } else {
            text::clean(&self.text)
        };
        let text = faults.field("text", text);
        let link = faults.field("link", self.link.as_deref().map(contact::link).transpose());
        Some(Self {
            text: text?,
            marks: self.marks.clone(),
            link: link?,
            lang: self.lang.clone(),
        })
    }
}

/// The spans, when together they show something; those that look alike are joined.
pub(crate) fn check(faults: &mut Faults, name: &str, spans: &[Span]) -> Option<Vec<Span>> {
    if spans.iter().all(|span| text::is_blank(&span.text)) {
        faults.push(name, Flaw::new(FaultCode::Empty));
        return None;
    }
    let checked = faults.each(name, spans, |faults, span| span.check(faults))?;
    joined(checked).map_err(|flaw| faults.push(name, flaw)).ok()
}

/// The same text in the fewest spans, in normal form across what was joined.
fn joined(spans: Vec<Span>) -> Result<Vec<Span>, Flaw> {
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if last.looks_like(&span) => last.text.push_str(&span.text),
            _ => joined.push(span),
        }
    }
    for span in &mut joined {
        span.text = text::clean(&span.text)?;
    }
    Ok(joined)
}

/// The text alone.
pub(crate) fn plain_text(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}
