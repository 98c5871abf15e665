//! Closed enums with a stored spelling and labels for editors.

use std::fmt::Debug;

use super::Locale;

/// A closed set of cases that is stored, and shown to editors.
pub trait Coded: Copy + Eq + Debug + Send + Sync + 'static {
    /// Every case, in its natural order.
    const ALL: &'static [Self];

    /// The stored spelling, which never changes.
    fn code(self) -> &'static str;

    /// What an editor reads.
    fn label(self, locale: Locale) -> &'static str;
}

/// Declares a [`Coded`] enum: each case with its stored spelling and its labels in Swedish and
/// English.
macro_rules! coded {
    ($(#[$doc:meta])* $vis:vis enum $name:ident {
        $($(#[$case_doc:meta])* $case:ident = $code:literal, $sv:literal, $en:literal;)+
    }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug,
            serde::Serialize, serde::Deserialize,
        )]
        $vis enum $name {
            $($(#[$case_doc])* #[serde(rename = $code)] $case,)+
        }

        impl $crate::values::Coded for $name {
            const ALL: &'static [Self] = &[$(Self::$case),+];

            fn code(self) -> &'static str {
                match self { $(Self::$case => $code,)+ }
            }

            fn label(self, locale: $crate::values::Locale) -> &'static str {
                match (locale, self) {
                    $(($crate::values::Locale::Sv, Self::$case) => $sv,
                      ($crate::values::Locale::En, Self::$case) => $en,)+
                }
            }
        }
    };
}
pub(crate) use coded;
