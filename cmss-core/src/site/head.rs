//! Public bodies and cards: a JSON array of two, with a line break between them. First stands a head
//! that is not served, then the very text that is served. Whoever serves splits at the first line
//! break and reads nothing but the head.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Parts;
#[cfg(test)]
use crate::kernel::Error;
use crate::store::Digest;
#[cfg(test)]
use crate::store::DocRef;
use crate::values::Slug;

/// The head of a public body: what is not served.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Head {
    /// The digest of the text that is served.
    pub(crate) digest: Digest,
    /// The parts it refers to, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) parts: Vec<Uuid>,
    /// What a page answers; absent where there is nothing but *here*.
    #[serde(default, skip_serializing_if = "Answer::is_here")]
    pub(crate) answer: Answer,
    /// The current address of a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) slug: Option<Slug>,
}

/// What a page answers to whoever asks for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// The page.
    #[default]
    Here,
    /// That it was taken down.
    Gone,
    /// The address in this part, or gone when that is not public.
    Moved(Uuid),
}

impl Answer {
    /// Whether it is the page.
    #[allow(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde passes a reference"
    )]
    const fn is_here(&self) -> bool {
        matches!(self, Self::Here)
    }
}

/// The JSON text of a public value. Public values are structs of strings, numbers and lists, for
/// which serialisation has no way to fail.
pub(super) fn spelled(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

/// Joins a head and a text into a body.
pub(super) fn join(parts: &Parts, answer: Answer, slug: Option<&Slug>, text: &str) -> String {
    let head = Head {
        digest: Digest::of(text.as_bytes()),
        parts: parts.ids().to_vec(),
        answer,
        slug: slug.cloned(),
    };
    format!("[{},\n{text}]", spelled(&head))
}

/// What is not served of a body or card, but for its parts, and the text that is served; `None` for
/// what is no public document. The ids of the parts go to the end of `ids`: a list has one run of
/// them.
pub(super) fn open<'a>(body: &'a str, ids: &mut Vec<Uuid>) -> Option<(Opened, &'a str)> {
    let inside = body.strip_prefix('[')?.strip_suffix(']')?;
    let before = ids.len();
    if let Some((opened, rest)) = Opened::as_spelled(inside, ids) {
        return Some((opened, rest.strip_prefix(",\n")?));
    }
    ids.truncate(before);
    let (head, text) = inside.split_once(",\n")?;
    let Head {
        digest,
        parts,
        answer,
        slug,
    } = serde_json::from_str(head).ok()?;
    ids.extend(parts);
    let opened = Opened {
        digest,
        answer,
        slug,
    };
    Some((opened, text))
}

/// What is read of a head, but for its parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Opened {
    pub(super) digest: Digest,
    pub(super) answer: Answer,
    pub(super) slug: Option<Slug>,
}

/// Splits a body or card into its head and the text that is served.
#[cfg(test)]
pub(crate) fn split<'a>(at: &DocRef, body: &'a str) -> Result<(Head, &'a str), Error> {
    let mut parts = Vec::new();
    let opened = open(body, &mut parts);
    let head = |opened| {
        let Opened {
            digest,
            answer,
            slug,
        } = opened;
        Head {
            digest,
            parts,
            answer,
            slug,
        }
    };
    opened
        .map(|(opened, text)| (head(opened), text))
        .ok_or_else(|| Error::Corrupt {
            what: format!("{at} is not a public document"),
        })
}

impl Opened {
    /// Reads a head, of something that is here, in the spelling in which it is written; answers
    /// what comes after it. Most of what a list costs would be its twenty heads, if a parser read
    /// them.
    fn as_spelled<'a>(text: &'a str, ids: &mut Vec<Uuid>) -> Option<(Self, &'a str)> {
        let rest = text.as_bytes().strip_prefix(b"{\"digest\":\"")?;
        let (digest, rest) = rest.split_first_chunk::<64>()?;
        let digest = Digest::spelled(digest)?;
        let mut rest = rest.strip_prefix(b"\"")?;
        if let Some(mut list) = rest.strip_prefix(b",\"parts\":[") {
            loop {
                let ([b'"', id @ .., b'"', end], after) = list.split_first_chunk::<39>()? else {
                    return None;
                };
                ids.push(Uuid::try_parse_ascii(id).ok()?);
                list = after;
                match end {
                    b',' => {}
                    b']' => break,
                    _ => return None,
                }
            }
            rest = list;
        }
        let mut slug = None;
        if let Some(named) = rest.strip_prefix(b",\"slug\":\"") {
            let end = named.iter().position(|byte| *byte == b'"')?;
            let (name, after) = named.split_at_checked(end)?;
            slug = Some(std::str::from_utf8(name).ok()?.parse().ok()?);
            rest = after.strip_prefix(b"\"")?;
        }
        let rest = rest.strip_prefix(b"}")?;
        let opened = Self {
            digest,
            answer: Answer::Here,
            slug,
        };
        Some((opened, text.get(text.len().checked_sub(rest.len())?..)?))
    }
}

/// The typed value of a text that is served.
#[cfg(test)]
pub(crate) fn typed<T: serde::de::DeserializeOwned>(at: &DocRef, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::Corrupt {
        what: format!("{at} cannot be read: {error}"),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn heads() -> impl Strategy<Value = Head> {
        let answers = prop_oneof![
            4 => Just(Answer::Here),
            1 => Just(Answer::Gone),
            1 => any::<u128>().prop_map(|id| Answer::Moved(Uuid::from_u128(id))),
        ];
        let parts = prop::collection::vec(any::<u128>().prop_map(Uuid::from_u128), 0..5);
        let slugs = prop::option::of("[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,3}");
        (any::<[u8; 32]>(), parts, answers, slugs).prop_map(|(digest, parts, answer, slug)| Head {
            digest: Digest(digest),
            parts,
            answer,
            slug: slug.map(|slug| slug.parse().unwrap()),
        })
    }

    proptest! {
        #[test]
        fn a_head_is_read_as_it_was_written(head in heads()) {
            let at = super::super::page_at(Uuid::from_u128(7));
            let body = format!("[{},\n{{\"a\":1}}]", spelled(&head));
            let (read, text) = split(&at, &body).unwrap();
            prop_assert_eq!(read, head);
            prop_assert_eq!(text, "{\"a\":1}");
        }

        #[test]
        fn what_is_here_is_read_without_a_parser(head in heads()) {
            let text = spelled(&head);
            let here = head.answer == Answer::Here;
            let mut ids = vec![Uuid::from_u128(7)];
            let read = Opened::as_spelled(&text, &mut ids);
            if !here {
                prop_assert_eq!(read, None);
                return Ok(());
            }
            let (Opened { digest, answer, slug }, rest) = read.unwrap();
            let parts = ids.split_off(1);
            prop_assert_eq!((Head { digest, parts, answer, slug }, rest), (head, ""));
        }

        #[test]
        fn what_is_read_without_a_parser_is_what_a_parser_reads(
            head in heads(),
            place: prop::sample::Index,
            put in "[\\[\\]{}\",:a-z0-9\\\\ -]{0,2}",
        ) {
            let mut text = spelled(&head);
            let place = place.index(text.len());
            text.replace_range(place..=place, &put);
            let mut parts = Vec::new();
            if let Some((Opened { digest, answer, slug }, "")) = Opened::as_spelled(&text, &mut parts) {
                let read = Head { digest, parts, answer, slug };
                prop_assert_eq!(serde_json::from_str::<Head>(&text).ok(), Some(read));
            }
        }
    }
}
