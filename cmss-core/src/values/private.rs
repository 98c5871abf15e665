//! Values that must not leave by accident.

use std::fmt;

use serde::{Deserialize, Deserializer};

/// A private value, which does not leave by accident.
///
/// Its `Debug` shows nothing, it has no `Display`, and it has no `Serialize`, so a type that holds
/// one cannot be written out by derivation. The stored forms of the core name the one exception,
/// field by field, and each desk view names whom it is opened for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Private<T>(T);

impl<T> Private<T> {
    /// Closes a value.
    #[must_use]
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for who has decided that its reader may see it.
    #[must_use]
    pub const fn open(&self) -> &T {
        &self.0
    }
}

impl<T> From<T> for Private<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Private(..)")
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Private<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}

/// How a stored form spells a private field: `#[serde(serialize_with = "private::stored")]`.
pub(crate) fn stored<T: serde::Serialize, S: serde::Serializer>(
    value: &Private<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.0.serialize(serializer)
}

/// `Debug` for what holds a text: its name and the things it names, never the text.
macro_rules! redacted {
    ($($name:ident { $($field:ident),* $(,)? })+) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))
                    $(.field(stringify!($field), &self.$field))*
                    .finish_non_exhaustive()
            }
        }
    )+};
}
pub(crate) use redacted;
