//! Texts that are made to pass for what they are not.

use super::*;

/// A record in a text, made by who knows this secret.
fn forged(secret: Secret) -> Batch {
    let record = write_record(Vec::new(), &secret, tip(3), tip(9), &batch(9, 10));
    // It begins where a page does: after a header, a key of one byte, and the length of the text.
    let mut text = vec![0; PAGE - HEADER - (8 + 1) - (1 + 8)];
    text.extend_from_slice(&record);
    Batch::from([(vec![4], Some(text))])
}

/// What is read after a cut that has left the text of a commit and not its beginning.
fn read_after_a_forged_text(secret: impl Fn(&Lived) -> Secret) -> Result<Batch, StoreError> {
    let mut lived = three();
    let secret = secret(&lived);
    lived.commit(forged(secret));
    let mut bytes = lived.bytes();
    bytes[7 * PAGE..8 * PAGE].fill(0);
    read(&bytes, 0)
}

#[test]
fn no_text_passes_for_a_record_without_the_secret() {
    let found = read_after_a_forged_text(|_| [7; 32]).unwrap();
    assert_eq!(found, three().first(3));
    // Who knew the secret could stand in the way.
    assert!(read_after_a_forged_text(|lived| lived.journal.secret).is_err());
}

/// Two texts of the same length, which differ in each sector by what CRC-32 does not see.
fn texts_of_one_sum() -> [Vec<u8>; 2] {
    let first = vec![b'a'; 3 * PAGE];
    let mut second = first.clone();
    // The polynomial, lowest bit of the first byte first, as the sum reads it.
    let unseen = (1_u64 << 32 | 0x04c1_1db7).reverse_bits() >> 31;
    for sector in second.chunks_mut(SECTOR) {
        for (byte, flip) in sector.iter_mut().skip(100).zip(unseen.to_le_bytes()) {
            *byte ^= flip;
        }
    }
    assert_eq!(crc32fast::hash(&first), crc32fast::hash(&second));
    [first, second]
}

#[test]
fn no_text_is_made_to_pass_for_whole_when_its_parts_are_of_two() {
    let mut lived = three();
    lived.carry();
    let [older, newer] = texts_of_one_sum();
    lived.commit(Batch::from([(vec![4], Some(older))]));
    let durable = lived.bytes();
    lived.carry();
    lived.commit(Batch::from([(vec![4], Some(newer))]));
    let mut fates = vec![true; durable.len() / SECTOR];
    let text = (PAGE + HEADER).div_ceil(SECTOR) + 1;
    fates[text..text + 12].fill(false);
    let mixed = mixed(&durable, &lived.bytes(), SECTOR, &fates);
    assert_ne!(mixed, durable);
    assert_ne!(mixed, lived.bytes());
    assert_eq!(read(&mixed, 4).unwrap(), Batch::new());
}
