//! Files that are not what an export hands out.

use super::*;

#[test]
fn a_file_cut_short_anywhere_is_refused() {
    let whole = whole();
    for length in 0..whole.len() {
        let why = refusal([whole[..length].to_vec()]);
        let known = ["is cut short", "is empty", "has no end line"];
        assert!(known.iter().any(|known| why.contains(known)), "{why}");
    }
    let without_end = lines(&whole)[..8].concat();
    let why = "corrupt: the export has no end line: it was not finished";
    assert_eq!(refusal([without_end]), why);
}

#[test]
fn a_file_with_any_bit_flipped_is_refused() {
    let whole = whole();
    for place in 0..whole.len() {
        for bit in 0..8 {
            let mut flipped = whole.clone();
            flipped[place] ^= 1 << bit;
            refusal([flipped]);
        }
    }
}

#[test]
fn a_file_with_lines_swapped_doubled_or_missing_is_refused() {
    let whole = whole();
    let lines = lines(&whole);
    for place in 0..lines.len() {
        let mut doubled = lines.clone();
        doubled.insert(place, lines[place]);
        refusal([doubled.concat()]);
        let mut missing = lines.clone();
        missing.remove(place);
        refusal([missing.concat()]);
        for other in 0..place {
            let mut swapped = lines.clone();
            swapped.swap(place, other);
            refusal([swapped.concat()]);
        }
    }
}

#[test]
fn two_files_in_one_are_refused() {
    let twice = [whole(), whole()].concat();
    assert_eq!(
        refusal([twice]),
        "corrupt: line 11 of the export comes after the end line"
    );
    let twice = file(
        0,
        [
            doc(1, 1),
            Spelled::Export(Header {
                format: 1,
                after: Seq(0),
            }),
        ],
    );
    assert_eq!(
        refusal([twice]),
        "corrupt: line 3 of the export is out of place"
    );
}

#[test]
fn files_that_do_not_follow_each_other_are_refused() {
    let since = || file(2, [gone(1, 3), doc(2, 3)].into_iter().chain(records(3..=3)));
    assert_eq!(
        refusal([since()]),
        "corrupt: the export begins after commit 2: a whole one has to come before it"
    );
    let beginning = file(0, [doc(1, 1), doc(2, 1)].into_iter().chain(records(1..=1)));
    assert_eq!(
        refusal([beginning, since()]),
        "corrupt: export 2 begins after commit 2, the one before it ends with commit 1"
    );
    assert_eq!(
        refusal([whole(), whole()]),
        "corrupt: export 2 begins after commit 0, the one before it ends with commit 3"
    );
    assert_eq!(refusal([]), "corrupt: there is no export to be read");
}

#[test]
fn an_increment_of_another_history_is_refused() {
    let other = LogRecord::next(Digest::ZERO, Seq(4), &changeset(4, [(4, true)]));
    let other = file(3, [doc(4, 4), Spelled::Record(other)]);
    assert_eq!(
        refusal([whole(), other]),
        "corrupt: log record 4 breaks the chain"
    );
}

#[test]
fn a_file_that_fits_itself_and_not_its_log_is_refused() {
    let stale = [doc(1, 1), doc(2, 1), doc(3, 2), gone(1, 3)];
    let why = refusal([file(0, stale.into_iter().chain(records(1..=3)))]);
    assert!(why.ends_with("is not what log record 3 tells of"), "{why}");
    let gap = records(1..=1).chain(records(3..=3));
    let why = refusal([file(0, [doc(1, 1), doc(2, 1)].into_iter().chain(gap))]);
    assert_eq!(why, "corrupt: log record 3 does not follow 1");
}

#[test]
fn a_newer_format_is_named() {
    let newer = b"{\"export\":{\"format\":2,\"after\":0,\"with\":\"more\"}}\n{\"what\":1}\n";
    assert_eq!(
        refusal([newer.to_vec()]),
        "the store is unavailable: the export is of format 2, this release reads format 1: use \
         the release that wrote it, or a newer one"
    );
}

#[test]
fn what_is_no_export_is_refused_at_its_first_line() {
    let why = "corrupt: line 1 of the export is not the first line of an export";
    for other in [
        "\n",
        "{}\n",
        "{\"doc\":1}\n",
        "\u{feff}{\"export\":{}}\n",
        CANARY,
    ] {
        let other = format!("{other}\n");
        assert_eq!(refusal([other.into_bytes()]), why);
    }
    assert_eq!(refusal([vec![]]), "corrupt: the export is empty");
}

#[test]
fn a_line_is_bounded_and_its_number_named() {
    let limits = Limits::default();
    let longest = spelling::longest(&limits);
    let mut long = lines(&whole())[..2].concat();
    long.extend(std::iter::repeat_n(b' ', longest + 1));
    let why = format!("corrupt: line 3 of the export is longer than {longest} bytes");
    assert_eq!(refusal([long]), why);
    let garbled = [lines(&whole())[0], b"{\"doc\":{\"at\":1}}\n"].concat();
    assert_eq!(
        refusal([garbled]),
        "corrupt: line 2 of the export cannot be read, at byte 14"
    );
}

#[test]
fn the_largest_document_and_record_of_a_store_fit_a_line() {
    let limits = Limits::default();
    let name = "n".repeat(32);
    let index = Index::try_from(name.clone()).unwrap();
    let entry = |number: usize| Entry::Unique {
        index: index.clone(),
        key: crate::store::Key(number.to_be_bytes().repeat(limits.key / 8)),
    };
    let at = DocRef {
        collection: name.try_into().unwrap(),
        id: Uuid::from_u128(u128::MAX - 1),
    };
    let stored = Stored {
        at: at.clone(),
        version: Seq(u64::MAX),
        salt: Salt([255; 16]),
        body: "\u{1}".repeat(limits.body).into(),
        card: Some("\u{1}".repeat(limits.card).into()),
        entries: (0..limits.entries).map(entry).collect(),
    };
    Line::Doc(stored.clone()).check(&limits).unwrap();
    let mut change = changeset(1, std::iter::repeat_n((1, true), limits.writes));
    for write in &mut change.writes {
        if let Write::Put { at: place, .. } = write {
            *place = at.clone();
        }
    }
    change.note = "\u{1}".repeat(limits.note).into();
    let record = LogRecord::next(Digest::ZERO, Seq(u64::MAX), &change);
    for line in [Spelled::Doc(stored), Spelled::Record(record)] {
        let mut text = String::new();
        line.write(&mut text).unwrap();
        assert!(text.len() <= spelling::longest(&limits), "{}", text.len());
    }
}
