//! Addresses people are reached at: e-mail, telephone, links.

use unicode_normalization::UnicodeNormalization;

use super::text::{is_bidi_control, is_invisible, line};
use super::{FaultCode, Flaw, limits};

const MALFORMED: Flaw = Flaw::new(FaultCode::Malformed);

/// An e-mail address, its domain in lower case. Tolerant: whether it can be reached shows only
/// when it is written to.
pub(crate) fn email(text: &str) -> Result<String, Flaw> {
    let text = line(text, limits::EMAIL)?;
    let (name, domain) = text.split_once('@').ok_or(MALFORMED)?;
    let domain = domain.to_lowercase();
    let sound = |c: char| !(is_hidden(c) || "<>()[],;:\"\\@".contains(c));
    let labels = || domain.split('.');
    if name.is_empty()
        || !text.chars().filter(|c| *c != '@').all(sound)
        || !domain.chars().all(sound)
        || labels().count() < 2
        || labels().any(str::is_empty)
    {
        return Err(MALFORMED);
    }
    Ok(format!("{name}@{domain}"))
}

/// A telephone number as people write it: digits, single spaces, `+`, `-`, `(` and `)`, of at
/// least three digits.
pub(crate) fn phone(text: &str) -> Result<String, Flaw> {
    let text = line(text, limits::PHONE)?;
    let number: String = text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .map(|c| {
            if matches!(c, '\u{2010}'..='\u{2013}') {
                '-'
            } else {
                c
            }
        })
        .collect();
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let sound = |c: char| c.is_ascii_digit() || " +-()".contains(c);
    if digits < 3 || !number.chars().all(sound) {
        return Err(MALFORMED);
    }
    Ok(number)
}

/// The target of a link: an absolute `https`, `http`, `mailto` or `tel` address without white
/// space, scheme and host in lower case. An address with a user name before its host is refused,
/// because readers take that name for the host.
pub(crate) fn link(text: &str) -> Result<String, Flaw> {
    let text: String = text.trim().nfc().collect();
    let given = text.chars().count();
    if text.is_empty() {
        return Err(Flaw::new(FaultCode::Empty));
    }
    if given > limits::LINK {
        return Err(Flaw::limit(
            FaultCode::TooLong,
            limits::LINK as u64,
            given as u64,
        ));
    }
    if text.chars().any(is_hidden) {
        return Err(Flaw::new(FaultCode::ForbiddenCharacter));
    }
    if text.chars().any(|c| "<>\"\\".contains(c)) {
        return Err(MALFORMED);
    }
    let (scheme, rest) = text.split_once(':').ok_or(MALFORMED)?;
    let scheme = scheme.to_ascii_lowercase();
    let rest = match scheme.as_str() {
        "https" | "http" => web(rest)?,
        // A limit of its own would not be that of the field.
        "mailto" => mail(rest).map_err(|_| MALFORMED)?,
        "tel" => phone(rest).map_err(|_| MALFORMED)?,
        _ => return Err(MALFORMED),
    };
    Ok(format!("{scheme}:{rest}"))
}

/// What follows the scheme of a web address.
fn web(rest: &str) -> Result<String, Flaw> {
    let rest = rest.strip_prefix("//").ok_or(MALFORMED)?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(end).ok_or(MALFORMED)?;
    if host.contains('@') || !host.starts_with(|c: char| c.is_alphanumeric() || c == '[') {
        return Err(MALFORMED);
    }
    Ok(format!("//{}{path}", host.to_lowercase()))
}

/// What follows the scheme of a mail address; a subject and the like may stand after it.
fn mail(rest: &str) -> Result<String, Flaw> {
    match rest.split_once('?') {
        Some((address, fields)) => Ok(format!("{}?{fields}", email(address)?)),
        None => email(rest),
    }
}

/// Whether the character breaks or hides part of an address.
fn is_hidden(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_bidi_control(c) || is_invisible(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_email_address_is_trimmed_and_its_domain_lowered() {
        assert_eq!(email(" Kim.Ek@Example.ORG ").unwrap(), "Kim.Ek@example.org");
        assert_eq!(
            email("åsa@öppet.example.org").unwrap(),
            "åsa@öppet.example.org"
        );
    }

    #[test]
    fn what_is_no_email_address_is_refused() {
        for text in [
            "kim",
            "kim@",
            "@example.org",
            "kim@example",
            "a@b@example.org",
            "kim@.org",
            "kim@example..org",
            "kim@example.org.",
            "k im@example.org",
            "<kim@example.org>",
            "kim@example.org,bo@example.org",
            "kim\u{200B}@example.org",
        ] {
            assert_eq!(email(text), Err(MALFORMED), "{text}");
        }
        let long = format!("{}@example.org", "k".repeat(250));
        assert_eq!(email(&long).unwrap_err().code, FaultCode::TooLong);
        assert_eq!(
            email("kim@example.org\r\nbcc: bo@example.org")
                .unwrap_err()
                .code,
            FaultCode::ForbiddenCharacter
        );
    }

    #[test]
    fn a_telephone_number_is_kept_as_written() {
        for (text, number) in [
            ("112", "112"),
            (" 042\u{2013}00 00\u{a0}00 ", "042-00 00 00"),
            ("+46 (0)42-00 00 00", "+46 (0)42-00 00 00"),
        ] {
            assert_eq!(phone(text).unwrap(), number);
        }
        for text in ["12", "ring mig", "042;00", "---", "０４２"] {
            assert_eq!(phone(text), Err(MALFORMED), "{text}");
        }
        assert_eq!(phone(&"1".repeat(31)).unwrap_err().code, FaultCode::TooLong);
    }

    #[test]
    fn a_link_has_one_of_four_schemes() {
        for (text, target) in [
            (
                " HTTPS://Example.ORG/Sida?a=B#c ",
                "https://example.org/Sida?a=B#c",
            ),
            ("http://example.org", "http://example.org"),
            ("https://öppet.example.org/å", "https://öppet.example.org/å"),
            ("https://[::1]:80/", "https://[::1]:80/"),
            (
                "mailto:kim@Example.org?subject=Hej",
                "mailto:kim@example.org?subject=Hej",
            ),
            ("tel:+46-42-000000", "tel:+46-42-000000"),
        ] {
            assert_eq!(link(text).unwrap(), target);
        }
    }

    #[test]
    fn a_link_that_could_run_or_deceive_is_refused() {
        for text in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "vbscript:x",
            "example.org",
            "/sida",
            "//example.org",
            "https:example.org",
            "https://",
            "https:///sida",
            "https://example.org@elsewhere.example/",
            "https:\\\\example.org",
            "mailto:",
            "mailto:kim",
            "tel:x",
            "https://example.org/\"onclick=",
            "#a",
            ":",
        ] {
            assert_eq!(link(text), Err(MALFORMED), "{text}");
        }
        for text in [
            "java\nscript:x",
            "https://example.org/a b",
            "https://exa\u{202E}mple.org",
        ] {
            assert_eq!(
                link(text).unwrap_err().code,
                FaultCode::ForbiddenCharacter,
                "{text:?}"
            );
        }
        assert_eq!(link("  ").unwrap_err().code, FaultCode::Empty);
        let long = format!("https://example.org/{}", "a".repeat(2_000));
        assert_eq!(
            link(&long),
            Err(Flaw::limit(FaultCode::TooLong, 2_000, 2_020))
        );
    }

    proptest! {
        #[test]
        fn what_was_accepted_is_accepted_as_itself(
            text in "(https?://|mailto:|tel:|)[\\PC@.+0-9]{0,40}",
        ) {
            for check in [email, phone, link] {
                if let Ok(checked) = check(&text) {
                    prop_assert_eq!(check(&checked), Ok(checked));
                }
            }
        }
    }
}
