//! Lines and prose in their normal form.
//!
//! All text is brought into NFC, so that what looks the same is the same. A line is a name or a
//! title; prose may hold line breaks.

use unicode_normalization::UnicodeNormalization;

use super::{FaultCode, Flaw};

/// A name or a title: one line that shows something, trimmed, without control and bidirectional
/// override or isolate characters, of at most so many characters.
pub(crate) fn line(text: &str, max_chars: usize) -> Result<String, Flaw> {
    let text = trimmed(&text.nfc().collect::<String>());
    if text.chars().any(is_forbidden_in_a_line) {
        return Err(Flaw::new(FaultCode::ForbiddenCharacter));
    }
    sized(text, max_chars)
}

/// A line, or none where none is given or it is blank.
pub(crate) fn optional_line(text: Option<&str>, max_chars: usize) -> Result<Option<String>, Flaw> {
    text.filter(|text| !is_blank(text))
        .map(|text| line(text, max_chars))
        .transpose()
}

/// Text of several lines that shows something, trimmed, of at most so many characters.
pub(crate) fn prose(text: &str, max_chars: usize) -> Result<String, Flaw> {
    clean(text).and_then(|text| sized(trimmed(&text), max_chars))
}

/// Prose, or none where none is given or it is blank.
pub(crate) fn optional_prose(text: Option<&str>, max_chars: usize) -> Result<Option<String>, Flaw> {
    text.filter(|text| !is_blank(text))
        .map(|text| prose(text, max_chars))
        .transpose()
}

/// Text of several lines, neither trimmed nor measured: every kind of line break becomes `\n`, a
/// tab becomes a space, and no other control character is accepted.
pub(crate) fn clean(text: &str) -> Result<String, Flaw> {
    let text: String = text
        .replace("\r\n", "\n")
        .nfc()
        .map(|c| match c {
            '\r' | '\u{2028}' | '\u{2029}' => '\n',
            '\t' => ' ',
            other => other,
        })
        .collect();
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Flaw::new(FaultCode::ForbiddenCharacter));
    }
    Ok(text)
}

/// Whether a reader would see nothing.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// Whether the character may turn the reading order of what follows it.
pub(crate) const fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether the character shows nothing by itself (the default ignorable ones of Unicode).
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFF8}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Control characters hide text, line breaks split it, bidirectional ones disguise it.
fn is_forbidden_in_a_line(c: char) -> bool {
    c.is_control() || is_bidi_control(c) || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Without white space at its ends. A part of a text in NFC is in NFC.
fn trimmed(text: &str) -> String {
    text.trim().to_owned()
}

/// The text, when it shows something and is not longer than the limit.
fn sized(text: String, max_chars: usize) -> Result<String, Flaw> {
    let chars = text.chars().count();
    if is_blank(&text) {
        Err(Flaw::new(FaultCode::Empty))
    } else if chars > max_chars {
        let (limit, given) = (max_chars as u64, chars as u64);
        Err(Flaw::limit(FaultCode::TooLong, limit, given))
    } else {
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(checked: Result<String, Flaw>) -> FaultCode {
        checked.unwrap_err().code
    }

    #[test]
    fn a_line_is_trimmed_and_composed() {
        assert_eq!(
            line("  Sa\u{308}ker hamn\n", 80).unwrap(),
            "S\u{e4}ker hamn"
        );
    }

    #[test]
    fn characters_are_counted_and_not_bytes() {
        assert!(line("åäöé", 4).is_ok());
        assert_eq!(line("åäöéx", 4), Err(Flaw::limit(FaultCode::TooLong, 4, 5)));
    }

    #[test]
    fn a_line_that_shows_nothing_is_empty() {
        for blank in ["", "  ", "\u{200B}", "\u{a0}\u{FEFF} \u{AD}"] {
            assert_eq!(code(line(blank, 80)), FaultCode::Empty, "{blank:?}");
            assert_eq!(optional_line(Some(blank), 80), Ok(None));
            assert_eq!(optional_prose(Some(blank), 80), Ok(None));
        }
        assert_eq!(optional_line(None, 80), Ok(None));
    }

    #[test]
    fn a_line_holds_no_break_and_nothing_that_hides_or_disguises() {
        for c in [
            '\n', '\r', '\t', '\0', '\u{7f}', '\u{85}', '\u{2028}', '\u{202E}', '\u{2066}',
        ] {
            assert_eq!(
                code(line(&format!("a{c}b"), 80)),
                FaultCode::ForbiddenCharacter,
                "{c:?}"
            );
        }
    }

    #[test]
    fn scripts_that_need_joiners_are_names_too() {
        assert!(line("می\u{200C}خواهم", 80).is_ok());
        assert!(line("👩\u{200D}👧", 80).is_ok());
    }

    #[test]
    fn prose_has_one_kind_of_line_break_and_no_tab() {
        assert_eq!(
            prose("a\r\nb\rc\u{2028}d\te\n\n", 80).unwrap(),
            "a\nb\nc\nd e"
        );
        assert_eq!(code(prose("a\0b", 80)), FaultCode::ForbiddenCharacter);
        assert_eq!(code(prose("a\u{85}b", 80)), FaultCode::ForbiddenCharacter);
        assert_eq!(code(prose("\n \n", 80)), FaultCode::Empty);
        assert_eq!(code(prose("abc", 2)), FaultCode::TooLong);
    }

    fn texts() -> impl Strategy<Value = String> {
        let odd = proptest::sample::select(vec![
            'a', ' ', '\n', '\r', '\t', '\u{308}', '\u{301}', '\u{200B}', '\u{202E}', '\u{1100}',
            '\u{1161}', '\u{11A8}', '\u{2028}', '\u{212B}', '\u{0}',
        ]);
        let c = prop_oneof![odd, any::<char>()];
        proptest::collection::vec(c, 0..40).prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #[test]
        fn a_checked_line_checks_to_itself_within_its_bounds(text in texts()) {
            if let Ok(checked) = line(&text, 20) {
                prop_assert!((1..=20).contains(&checked.chars().count()));
                prop_assert!(!checked.chars().any(char::is_control));
                prop_assert_eq!(line(&checked, 20), Ok(checked));
            }
        }

        #[test]
        fn checked_prose_checks_to_itself_within_its_bounds(text in texts()) {
            if let Ok(checked) = prose(&text, 20) {
                prop_assert!((1..=20).contains(&checked.chars().count()));
                prop_assert!(!checked.chars().any(|c| c.is_control() && c != '\n'));
                prop_assert_eq!(prose(&checked, 20), Ok(checked));
            }
        }
    }
}
