//! Where the next page of a list begins.

use std::ops::RangeInclusive;

use uuid::Uuid;

use crate::kernel::KeyParts;
use crate::store::{Digest, Key, hex};
use crate::values::string_value::string_value;
use crate::values::{FaultCode, Faults, Flaw, Invalid, in_range, limits};

string_value!(
    /// Where the next page of a list begins: opaque, at most 256 bytes.
    ///
    /// A list hands it out and takes it back; every other list refuses it. It stays good for as
    /// long as there is a site, also when the page it came from is gone.
    ///
    /// # Examples
    ///
    /// ```
    /// use cmss_core::Cursor;
    ///
    /// assert!("somewhere".parse::<Cursor>().is_err());
    /// ```
    Cursor,
    parse
);

/// The version of the form.
const FORM: u8 = 1;
/// The bytes that tell lists apart.
const LIST: usize = 8;
/// The bytes of an id.
const ID: usize = 16;
/// The items of one page.
const LIMIT: RangeInclusive<i64> = 1..=limits::PAGE as i64;

/// Which list, with all its filters, a cursor is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ListId([u8; LIST]);

impl ListId {
    /// The list that these bytes describe.
    pub(super) fn of(Key(description): &Key) -> Self {
        let Digest(digest) = Digest::of(description);
        Self(*digest.first_chunk().unwrap_or(&[0; LIST]))
    }
}

/// A place in a list: what follows the list's own prefix in the key, and the public id.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Spot {
    pub(super) rest: Vec<u8>,
    pub(super) id: Uuid,
}

impl Cursor {
    /// The cursor at this place of a list.
    pub(super) fn new(ListId(list): ListId, spot: &Spot) -> Self {
        let bytes = [&[FORM][..], &list, spot.id.as_bytes(), &spot.rest].concat();
        Self(hex::spelled(&bytes))
    }

    /// The place, when it is one of this list.
    pub(super) fn spot(&self, list: ListId) -> Result<Spot, Flaw> {
        match taken_apart(&self.0) {
            Some((of, spot)) if of == list => Ok(spot),
            _ => Err(Flaw::new(FaultCode::Malformed)),
        }
    }
}

/// What is asked of every list, checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Asked {
    pub(super) list: ListId,
    pub(super) limit: usize,
    pub(super) after: Option<Spot>,
}

impl Asked {
    /// What is asked of the list of this name, which has no filters; or all that is at fault.
    pub(super) fn of(name: &str, limit: usize, after: Option<&Cursor>) -> Result<Self, Invalid> {
        let mut faults = Faults::new();
        let list = ListId::of(&KeyParts::new().text(name).key());
        let asked = Self::check(&mut faults, list, limit, after);
        faults.finish()?;
        asked.ok_or_else(Invalid::unexplained)
    }

    /// A limit within 1 to 100, and a cursor of this list.
    pub(super) fn check(
        faults: &mut Faults,
        list: ListId,
        limit: usize,
        after: Option<&Cursor>,
    ) -> Option<Self> {
        let measured = i64::try_from(limit).unwrap_or(i64::MAX);
        let sound = faults.field("limit", in_range(measured, &LIMIT));
        let after = after.map(|cursor| cursor.spot(list)).transpose();
        let after = faults.field("after", after);
        sound?;
        Some(Self {
            list,
            limit,
            after: after?,
        })
    }
}

/// The text, when it has the form of a cursor.
fn parse(text: &str) -> Result<String, Flaw> {
    if text.len() > limits::CURSOR_BYTES {
        let (limit, given) = (limits::CURSOR_BYTES as u64, text.len() as u64);
        return Err(Flaw::limit(FaultCode::TooLong, limit, given));
    }
    match taken_apart(text) {
        Some(_) => Ok(text.to_owned()),
        None => Err(Flaw::new(FaultCode::Malformed)),
    }
}

fn taken_apart(text: &str) -> Option<(ListId, Spot)> {
    let bytes = hex::bytes(text)?;
    let (&form, bytes) = bytes.split_first()?;
    let (&list, bytes) = bytes.split_first_chunk::<LIST>()?;
    let (&id, rest) = bytes.split_first_chunk::<ID>()?;
    let spot = Spot {
        rest: rest.to_vec(),
        id: Uuid::from_bytes(id),
    };
    (form == FORM).then_some((ListId(list), spot))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn list(description: &[u8]) -> ListId {
        ListId::of(&Key(description.to_vec()))
    }

    proptest! {
        #[test]
        fn a_cursor_leads_back_to_its_place_and_to_no_other_list(
            own: Vec<u8>, other: Vec<u8>, id: u128,
            rest in proptest::collection::vec(any::<u8>(), 0..=96),
        ) {
            let spot = Spot { rest, id: Uuid::from_u128(id) };
            let cursor = Cursor::new(list(&own), &spot);
            prop_assert!(cursor.as_str().len() <= limits::CURSOR_BYTES);
            let read: Cursor = cursor.to_string().parse().unwrap();
            let json = serde_json::to_string(&cursor).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Cursor>(&json).unwrap(), &cursor);
            prop_assert_eq!(&read, &cursor);
            prop_assert_eq!(read.spot(list(&own)).unwrap(), spot);
            prop_assume!(own != other);
            prop_assert_eq!(read.spot(list(&other)), Err(Flaw::new(FaultCode::Malformed)));
        }

        #[test]
        fn garbage_is_refused_where_it_is_read_or_where_it_is_used(
            text in prop_oneof![any::<String>(), "[0-9a-f]{0,300}", "01[0-9a-f]{48,120}"],
        ) {
            if let Ok(cursor) = text.parse::<Cursor>() {
                prop_assert_eq!(cursor.as_str(), &text);
                prop_assert!(cursor.spot(list(b"a list")).is_err());
            }
        }

        #[test]
        fn a_cursor_with_one_other_digit_in_front_of_its_place_is_refused(
            id: u128, digit in 0..18_usize, other in "[0-9a-f]",
        ) {
            let spot = Spot { rest: vec![1, 2, 3], id: Uuid::from_u128(id) };
            let cursor = Cursor::new(list(b"a list"), &spot).to_string();
            let mut tampered = cursor.clone();
            tampered.replace_range(digit..=digit, &other);
            prop_assume!(tampered != cursor);
            let refused = match tampered.parse::<Cursor>() {
                Ok(read) => read.spot(list(b"a list")).is_err(),
                Err(_) => true,
            };
            prop_assert!(refused);
        }
    }

    #[test]
    fn a_cursor_that_is_too_long_is_told_so() {
        let flaw = "0".repeat(257).parse::<Cursor>().unwrap_err();
        assert_eq!(flaw, Flaw::limit(FaultCode::TooLong, 256, 257));
    }

    #[test]
    fn the_limit_and_the_cursor_are_both_named_when_both_are_at_fault() {
        let foreign = Cursor::new(
            list(b"another"),
            &Spot {
                rest: Vec::new(),
                id: Uuid::nil(),
            },
        );
        let mut faults = Faults::new();
        assert_eq!(
            Asked::check(&mut faults, list(b"a list"), 101, Some(&foreign)),
            None
        );
        let found = faults.finish().unwrap_err().to_string();
        assert_eq!(
            found,
            "invalid: limit is too large: given 101, limit 100; after is malformed"
        );
    }
}
