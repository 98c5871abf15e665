//! Bytes as text: two lower-case hexadecimal digits each, and no other spelling of them.

/// The digits of these bytes.
pub(crate) fn spelled(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for value in [byte >> 4, byte & 0xf] {
            let zero = if value < 10 { b'0' } else { b'a' - 10 };
            digits.push(char::from(zero + value));
        }
    }
    digits
}

/// The bytes that these digits spell.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    let (pairs, odd) = text.as_bytes().as_chunks::<2>();
    let mut bytes = vec![0; pairs.len()];
    (odd.is_empty() && read(pairs, &mut bytes)).then_some(bytes)
}

/// The bytes that these 64 digits spell.
pub(crate) fn array(digits: &[u8; 64]) -> Option<[u8; 32]> {
    let (pairs, _) = digits.as_chunks::<2>();
    let mut bytes = [0; 32];
    read(pairs, &mut bytes).then_some(bytes)
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
            all: [u8; 32], place in 0..64_usize, other: u8,
        ) {
            let mut digits: [u8; 64] = spelled(&all).into_bytes().try_into().unwrap();
            prop_assert_eq!(array(&digits), Some(all));
            digits[place] = other;
            let text = String::from_utf8(digits.to_vec()).ok();
            let read = text.and_then(|text| bytes(&text)?.try_into().ok());
            prop_assert_eq!(array(&digits), read);
        }
    }

    #[test]
    fn there_is_one_spelling() {
        for other in ["0", "0A", "0x", " 0", "é"] {
            assert_eq!(bytes(other), None, "{other}");
        }
    }
}
