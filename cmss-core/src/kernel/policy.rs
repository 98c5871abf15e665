//! The values a host sets. They remove and add no moves.

use serde::{Deserialize, Serialize};

/// Who must stand behind a text that was written by editors alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HouseTexts {
    /// Two persons, of whom the second may be an editor, a mentor or an admin.
    #[default]
    SecondPerson,
    /// One editor; the approval records it.
    Alone,
}

/// The host's choices.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Policy {
    /// Who must stand behind a text that was written by editors alone.
    pub house_texts: HouseTexts,
}
