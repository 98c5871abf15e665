//! What stands in the lists of a project: effects, costs, whom to ask, and the days of a source.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::values::{FaultCode, Faults, Money, contact, in_range, limits, text};

/// An effect that a project is to have.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EffectGoal {
    /// The effect: up to 1,000 characters.
    pub text: String,
    /// Whether the work towards it is done.
    #[serde(default)]
    pub completed: bool,
    /// What came of it, once it is completed: up to 1,000 characters.
    #[serde(default)]
    pub result: Option<String>,
}

/// Something a project has paid for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostLine {
    /// How much: 0 or more.
    pub amount: Money,
    /// When, where that is known.
    #[serde(default)]
    pub date: Option<NaiveDate>,
    /// What for, for the desk alone: up to 200 characters.
    #[serde(default)]
    pub note: Option<String>,
}

crate::values::redacted! { CostLine { date } }

/// Somebody to ask.
///
/// Its `Debug` shows neither name nor address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactPoint {
    /// Their name: up to 80 characters.
    pub name: String,
    /// What they are: up to 200 characters.
    #[serde(default)]
    pub title: Option<String>,
    /// Their e-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// Their telephone number.
    #[serde(default)]
    pub phone: Option<String>,
    /// Whether the public may see them; otherwise they are the newsroom's own.
    #[serde(default)]
    pub public: bool,
}

impl fmt::Debug for ContactPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContactPoint")
            .field("public", &self.public)
            .finish_non_exhaustive()
    }
}

/// The days that a source shows for what was published there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceDates {
    /// When it was published.
    pub published: NaiveDate,
    /// When it was last updated: on that day or after.
    pub updated: NaiveDate,
}

impl EffectGoal {
    pub(super) fn check(&self, faults: &mut Faults) -> Option<Self> {
        let text = faults.field("text", text::prose(&self.text, limits::LEAD));
        let result = text::optional_prose(self.result.as_deref(), limits::LEAD);
        let result = faults.field("result", result);
        let fits = self.completed || !matches!(result, Some(Some(_)));
        faults.ensure("result", fits, FaultCode::Inconsistent);
        Some(Self {
            text: text?,
            completed: self.completed,
            result: result?,
        })
    }
}

impl CostLine {
    pub(super) fn check(&self, faults: &mut Faults) -> Option<Self> {
        let amount = faults.field("amount", self.amount.not_negative());
        if let Some(date) = self.date {
            check_year(faults, "date", date);
        }
        let note = text::optional_line(self.note.as_deref(), limits::TITLE);
        let note = faults.field("note", note);
        Some(Self {
            amount: amount?,
            date: self.date,
            note: note?,
        })
    }
}

impl ContactPoint {
    pub(super) fn check(&self, faults: &mut Faults) -> Option<Self> {
        let name = faults.field("name", text::line(&self.name, limits::DISPLAY_NAME));
        let title = text::optional_line(self.title.as_deref(), limits::TITLE);
        let title = faults.field("title", title);
        let email = self.email.as_deref().map(contact::email).transpose();
        let email = faults.field("email", email);
        let phone = self.phone.as_deref().map(contact::phone).transpose();
        let phone = faults.field("phone", phone);
        Some(Self {
            name: name?,
            title: title?,
            email: email?,
            phone: phone?,
            public: self.public,
        })
    }
}

impl SourceDates {
    pub(super) fn check(self, faults: &mut Faults) {
        check_year(faults, "published", self.published);
        check_year(faults, "updated", self.updated);
        let in_order = self.published <= self.updated;
        faults.ensure("updated", in_order, FaultCode::Inconsistent);
    }
}

fn check_year(faults: &mut Faults, name: &str, date: NaiveDate) {
    faults.field(name, in_range(date.year(), &limits::YEARS));
}
