//! Bytes as text: two lower-case hexadecimal digits each, and no other spelling of them.

/// The digits of these bytes.
pub(crate) fn spelled(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(bytes.len() * 2);
    for digit in bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]) {
        digits.extend(char::from_digit(digit.into(), 16));
    }
    digits
}

/// The bytes that these digits spell.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    let (pairs, odd) = text.as_bytes().as_chunks::<2>();
    let mut bytes = vec![0; pairs.len()];
    (odd.is_empty() && read(pairs, &mut bytes)).then_some(bytes)
}

/// As many bytes as are asked for, which these digits spell.
pub(crate) fn array<const N: usize>(text: &str) -> Option<[u8; N]> {
    let (pairs, odd) = text.as_bytes().as_chunks::<2>();
    let mut bytes = [0; N];
    (odd.is_empty() && pairs.len() == N && read(pairs, &mut bytes)).then_some(bytes)
}

/// Reads as many pairs of digits as there are bytes; whether they all were digits. No branch depends
/// on them: the heads of a list are mostly digests.
fn read(pairs: &[[u8; 2]], bytes: &mut [u8]) -> bool {
    let mut strange = 0;
    for ([high, low], byte) in pairs.iter().zip(bytes) {
        let (high, low) = (digit(*high), digit(*low));
        strange |= high | low;
        *byte = (high << 4) | (low & 0xf);
    }
    strange & NONE == 0
}

/// Set in what is no digit.
const NONE: u8 = 0x80;

/// The value of a digit.
const fn digit(digit: u8) -> u8 {
    let decimal = digit.wrapping_sub(b'0');
    let letter = digit.wrapping_sub(b'a');
    if decimal < 10 {
        decimal
    } else if letter < 6 {
        letter + 10
    } else {
        NONE
    }
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

        #[test]
        fn an_array_comes_back_from_its_digits_and_from_no_others(
            all: [u8; 32], place in 0..64_usize, other in "\\PC",
        ) {
            let text = spelled(&all);
            prop_assert_eq!(array(&text), Some(all));
            prop_assert_eq!(array::<31>(&text), None);
            let mut changed = text.clone();
            changed.replace_range(place..=place, &other);
            let read = bytes(&changed).and_then(|bytes| bytes.try_into().ok());
            prop_assert_eq!(array::<32>(&changed), read);
        }
    }

    #[test]
    fn there_is_one_spelling() {
        for other in ["0", "0A", "0x", " 0", "é"] {
            assert_eq!(bytes(other), None, "{other}");
        }
    }
}
