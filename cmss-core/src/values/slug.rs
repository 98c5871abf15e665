//! The readable part of an address.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::limits;
use super::string_value::string_value;
use super::text::is_invisible;
use super::{FaultCode, Flaw};

string_value!(
    /// The readable part of an address: 1 to 80 of `a-z`, `0-9` and `-`, with no hyphen first,
    /// last or beside another.
    ///
    /// # Examples
    ///
    /// ```
    /// use cmss_core::values::Slug;
    ///
    /// let slug = Slug::from_title("Så här gör vi: kvällsöppet på Ån").ok_or("no slug")?;
    /// assert_eq!(slug.as_str(), "sa-har-gor-vi-kvallsoppet-pa-an");
    /// assert_eq!(slug.numbered(2).as_str(), "sa-har-gor-vi-kvallsoppet-pa-an-2");
    ///
    /// assert!("Kvällsöppet".parse::<Slug>().is_err());
    /// assert_eq!(Slug::from_title("???"), None);
    /// # Ok::<(), &'static str>(())
    /// ```
    Slug,
    parse
);

impl Slug {
    /// The slug of a title, by Swedish custom: å and ä become a, ö becomes o. Other Latin letters
    /// lose their marks or are spelled out (æ is ae, ß is ss); everything else separates words. It
    /// ends at the last word that fits.
    ///
    /// `None` when nothing remains, as of a title in Arabic: then somebody has to choose.
    #[must_use]
    pub fn from_title(title: &str) -> Option<Self> {
        let mut slug = String::new();
        let mut word = String::new();
        for c in title.nfkd().flat_map(char::to_lowercase) {
            if is_combining_mark(c) || is_invisible(c) {
                continue;
            }
            match spelled(c) {
                Some(letters) => word.push_str(letters),
                None if c.is_ascii_alphanumeric() => word.push(c),
                None if join(&mut slug, &word) => word.clear(),
                None => break,
            }
            // No word of this length fits: what follows in it cannot matter.
            if word.len() > limits::SLUG {
                break;
            }
        }
        join(&mut slug, &word);
        if slug.is_empty() {
            slug = word.chars().take(limits::SLUG).collect();
        }
        (!slug.is_empty()).then_some(Self(slug))
    }

    /// This slug with a number after it, for when it is taken; shortened where it has to be.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        let number = format!("-{number}");
        let room = limits::SLUG.saturating_sub(number.len());
        let start: String = self.0.chars().take(room).collect();
        Self(format!("{}{number}", start.trim_end_matches('-')))
    }
}

/// Appends a word to the slug, when it fits.
fn join(slug: &mut String, word: &str) -> bool {
    let hyphen = usize::from(!slug.is_empty());
    if slug.len() + hyphen + word.len() > limits::SLUG {
        return false;
    }
    if !slug.is_empty() && !word.is_empty() {
        slug.push('-');
    }
    slug.push_str(word);
    true
}

/// The Latin letters that are no letter with a mark.
const fn spelled(c: char) -> Option<&'static str> {
    Some(match c {
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ß' => "ss",
        'đ' | 'ð' | 'ɖ' => "d",
        'þ' => "th",
        'ł' => "l",
        'ħ' => "h",
        'ı' => "i",
        'ŋ' => "ng",
        'ŧ' => "t",
        'ə' => "e",
        _ => return None,
    })
}

/// The text, when it is a slug.
fn parse(text: &str) -> Result<String, Flaw> {
    let given = text.chars().count();
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9'))
    };
    if text.is_empty() {
        Err(Flaw::new(FaultCode::Empty))
    } else if given > limits::SLUG {
        Err(Flaw::limit(
            FaultCode::TooLong,
            limits::SLUG as u64,
            given as u64,
        ))
    } else if text.split('-').all(is_word) {
        Ok(text.to_owned())
    } else {
        Err(Flaw::new(FaultCode::Malformed))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(title: &str) -> Option<String> {
        Slug::from_title(title).map(String::from)
    }

    #[test]
    fn swedish_letters_lose_their_marks() {
        assert_eq!(
            of("Återbesök på Östra Ängen").as_deref(),
            Some("aterbesok-pa-ostra-angen")
        );
        assert_eq!(of("A\u{30a}ret som gick").as_deref(), Some("aret-som-gick"));
    }

    #[test]
    fn other_latin_letters_are_spelled_out() {
        for (title, slug) in [
            ("Ærø", "aero"),
            ("Straße, STRAẞE", "strasse-strasse"),
            ("Đorđe Łukasz", "dorde-lukasz"),
            ("Þórr og ıslak Ħal", "thorr-og-islak-hal"),
            ("Čačak ş ğ ñ ç é", "cacak-s-g-n-c-e"),
            ("Tiếng Việt", "tieng-viet"),
            ("ﬁn ²", "fin-2"),
            ("Sam\u{ad}arbete", "samarbete"),
        ] {
            assert_eq!(of(title).as_deref(), Some(slug), "{title}");
        }
    }

    #[test]
    fn everything_else_separates() {
        assert_eq!(
            of(" -- 50 % -- ja!?? / nej… ").as_deref(),
            Some("50-ja-nej")
        );
    }

    #[test]
    fn a_title_without_a_latin_letter_or_digit_has_no_slug() {
        for title in ["", "???", "مرحبا بالعالم", "Привет", "\u{301}"] {
            assert_eq!(of(title), None, "{title}");
        }
    }

    #[test]
    fn a_long_title_ends_at_a_word() {
        let title = "ord ".repeat(60);
        let slug = of(&title).unwrap();
        assert_eq!(slug.len(), 79);
        assert!(slug.ends_with("-ord"));
    }

    #[test]
    fn a_word_that_is_too_long_is_cut_only_when_it_stands_alone() {
        let word = "x".repeat(200);
        assert_eq!(of(&word), Some("x".repeat(80)));
        assert_eq!(of(&format!("kort {word} slut")).as_deref(), Some("kort"));
    }

    #[test]
    fn what_is_no_slug_is_refused() {
        for text in ["-a", "a-", "a--b", "A", "å", "a b", "a_b", "a\n", "-"] {
            assert_eq!(
                text.parse::<Slug>().unwrap_err().code,
                FaultCode::Malformed,
                "{text:?}"
            );
        }
        assert_eq!("".parse::<Slug>().unwrap_err().code, FaultCode::Empty);
        let long = "a".repeat(81);
        assert_eq!(
            long.parse::<Slug>(),
            Err(Flaw::limit(FaultCode::TooLong, 80, 81))
        );
        assert!(serde_json::from_str::<Slug>(r#""a--b""#).is_err());
    }

    proptest! {
        #[test]
        fn a_made_slug_is_valid_and_makes_itself(title in any::<String>()) {
            if let Some(slug) = Slug::from_title(&title) {
                prop_assert_eq!(slug.as_str().parse::<Slug>(), Ok(slug.clone()));
                prop_assert_eq!(Slug::from_title(slug.as_str()), Some(slug));
            }
        }

        #[test]
        fn a_numbered_slug_is_valid_and_ends_in_its_number(
            title in "([a-z0-9]{1,30}[ -]){1,5}", number: u32,
        ) {
            let slug = Slug::from_title(&title).unwrap();
            prop_assert_eq!(Slug::from_title(slug.as_str()), Some(slug.clone()));
            let numbered = slug.numbered(number);
            prop_assert_eq!(numbered.as_str().parse::<Slug>(), Ok(numbered.clone()));
            let end = format!("-{number}");
            prop_assert!(numbered.as_str().ends_with(&end));
        }
    }
}
