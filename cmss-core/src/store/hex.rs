//! Bytes as text: two lower-case hexadecimal digits each, and no other spelling of them.

/// The digits of these bytes.
pub(crate) fn spelled(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    let digits = digits.filter_map(|digit| char::from_digit(digit.into(), 16));
    digits.collect()
}

/// The bytes that these digits spell.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    let digit = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let (pairs, odd) = text.as_bytes().as_chunks::<2>();
    if !odd.is_empty() {
        return None;
    }
    let byte = |[high, low]: &[u8; 2]| Some(digit(*high)? << 4 | digit(*low)?);
    pairs.iter().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bytes_come_back_from_their_digits(all: Vec<u8>) {
            prop_assert_eq!(bytes(&spelled(&all)), Some(all));
        }
    }

    #[test]
    fn there_is_one_spelling() {
        for other in ["0", "0A", "0x", " 0", "é"] {
            assert_eq!(bytes(other), None, "{other}");
        }
    }
}
