//! Languages of texts, and of labels.

use serde::{Deserialize, Serialize};

use super::string_value::string_value;
use super::{FaultCode, Flaw};

string_value!(
    /// The language of a text, as BCP 47 spells it: two or three letters, then a script of four
    /// letters and a region of two letters or three digits where they matter. The case is
    /// normalised.
    ///
    /// # Examples
    ///
    /// ```
    /// use cmss_core::values::Lang;
    ///
    /// let lang: Lang = "ZH-hant-tw".parse()?;
    /// assert_eq!(lang.as_str(), "zh-Hant-TW");
    /// assert_eq!(lang.language(), "zh");
    /// assert!("swedish".parse::<Lang>().is_err());
    /// # Ok::<(), cmss_core::values::Flaw>(())
    /// ```
    Lang,
    parse
);

impl Lang {
    /// The language alone, without script and region.
    #[must_use]
    pub fn language(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }
}

impl From<Locale> for Lang {
    fn from(locale: Locale) -> Self {
        Self(locale.code().to_owned())
    }
}

/// The text as a language, in normal case.
fn parse(text: &str) -> Result<String, Flaw> {
    let malformed = Flaw::new(FaultCode::Malformed);
    let letters = |part: &str| part.bytes().all(|b| b.is_ascii_alphabetic());
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());

    let mut parts = text.split('-').peekable();
    let language = parts.next().unwrap_or_default();
    if !matches!(language.len(), 2 | 3) || !letters(language) {
        return Err(malformed);
    }
    let mut lang = language.to_ascii_lowercase();
    if let Some(script) = parts.next_if(|part| part.len() == 4 && letters(part)) {
        lang.push('-');
        for (at, c) in script.chars().enumerate() {
            lang.push(if at == 0 {
                c.to_ascii_uppercase()
            } else {
                c.to_ascii_lowercase()
            });
        }
    }
    if let Some(region) = parts.next_if(|part| match part.len() {
        2 => letters(part),
        3 => digits(part),
        _ => false,
    }) {
        lang.push('-');
        lang.push_str(&region.to_ascii_uppercase());
    }
    if parts.next().is_some() {
        return Err(malformed);
    }
    Ok(lang)
}

/// The language of what the desk itself says: labels of states, days and months.
///
/// What editors see has a `label`, which takes a locale; what is stored never depends on one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locale {
    /// Swedish.
    #[default]
    Sv,
    /// English.
    En,
}

impl Locale {
    /// The stable spelling, which is the language's.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sv => "sv",
            Self::En => "en",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_language_may_have_a_script_and_a_region() {
        for (text, lang) in [
            ("sv", "sv"),
            ("AR", "ar"),
            ("rom", "rom"),
            ("sr-latn", "sr-Latn"),
            ("en-gb", "en-GB"),
            ("es-419", "es-419"),
            ("zh-HANT-tw", "zh-Hant-TW"),
        ] {
            assert_eq!(text.parse::<Lang>().unwrap().as_str(), lang);
        }
    }

    #[test]
    fn what_is_no_language_is_refused() {
        let wrong = [
            "",
            "s",
            "svenska",
            "sv-",
            "-sv",
            "sv_SE",
            "sv-SE-Latn",
            "sv-1",
            "s1",
            "åä",
            "sv-SE-x",
            "en-GB-oed",
            " sv",
        ];
        for text in wrong {
            assert_eq!(
                text.parse::<Lang>().unwrap_err().code,
                FaultCode::Malformed,
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_locale_is_a_language_and_is_stored_as_one() {
        for locale in [Locale::Sv, Locale::En] {
            let lang = Lang::from(locale);
            assert_eq!(lang.as_str().parse::<Lang>().unwrap(), lang);
            assert_eq!(serde_json::to_value(locale).unwrap(), lang.as_str());
        }
    }

    proptest! {
        #[test]
        fn a_language_reads_back_as_itself(
            text in "[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?",
        ) {
            let lang: Lang = text.parse().unwrap();
            prop_assert!(lang.as_str().eq_ignore_ascii_case(&text));
            prop_assert_eq!(lang.as_str().parse::<Lang>(), Ok(lang));
        }
    }
}
