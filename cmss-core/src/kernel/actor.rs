//! Who acts, and what the host vouches for.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Capacity;
use crate::ids::{OrganisationId, PersonId};
use crate::values::coded;

coded! {
    /// A role in the newsroom. A person may hold several.
    pub enum Role {
        /// Writes about public services from lived experience.
        Reporter = "reporter", "Invånarreporter", "Reporter";
        /// Supports reporters in their craft; an experienced journalist.
        Mentor = "mentor", "Handledare", "Mentor";
        /// Edits, approves and, alone, publishes; the communicator.
        Editor = "editor", "Redaktör", "Editor";
        /// Speaks for units of the organisation.
        UnitContact = "unit_contact", "Kontaktperson för enhet", "Unit contact";
        /// Runs the newsroom's people and records.
        Admin = "admin", "Administratör", "Administrator";
        /// No person: due work.
        Clock = "clock", "Klockan", "Clock";
        /// Nobody the newsroom knows.
        Visitor = "visitor", "Besökare", "Visitor";
    }
}

/// Who gives a command: a person with the roles and units for which the host vouches in this call.
///
/// The host authenticates and builds the actor; there is no default and nothing to deserialize
/// it from. That there is such a person is not looked up: the log names whom the host vouches for.
///
/// # Examples
///
/// ```
/// # use cmss_core::{Actor, PersonId};
/// # fn example(vera: PersonId) -> Actor {
/// Actor::new(vera).editor().admin()
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Actor {
    person: Option<PersonId>,
    roles: BTreeSet<Role>,
    units: BTreeSet<OrganisationId>,
}

impl Actor {
    /// This person, without a role: they may do with their own what is theirs to do, and nothing
    /// else.
    #[must_use]
    pub const fn new(person: PersonId) -> Self {
        Self {
            person: Some(person),
            roles: BTreeSet::new(),
            units: BTreeSet::new(),
        }
    }

    /// No person: due work only.
    #[must_use]
    pub fn clock() -> Self {
        Self {
            person: None,
            roles: BTreeSet::from([Role::Clock]),
            units: BTreeSet::new(),
        }
    }

    /// Nobody the newsroom knows.
    #[must_use]
    pub fn visitor() -> Self {
        Self {
            person: None,
            roles: BTreeSet::from([Role::Visitor]),
            units: BTreeSet::new(),
        }
    }

    /// Acts as a reporter.
    #[must_use]
    pub fn reporter(self) -> Self {
        self.with(Role::Reporter)
    }

    /// Acts as a mentor.
    #[must_use]
    pub fn mentor(self) -> Self {
        self.with(Role::Mentor)
    }

    /// Acts as an editor.
    #[must_use]
    pub fn editor(self) -> Self {
        self.with(Role::Editor)
    }

    /// Acts for this unit; call it again for each further one.
    #[must_use]
    pub fn unit_contact(mut self, unit: OrganisationId) -> Self {
        if self.person.is_some() {
            self.units.insert(unit);
        }
        self.with(Role::UnitContact)
    }

    /// Acts as an admin.
    #[must_use]
    pub fn admin(self) -> Self {
        self.with(Role::Admin)
    }

    /// The clock and a visitor take on no role of a person.
    fn with(mut self, role: Role) -> Self {
        if self.person.is_some() {
            self.roles.insert(role);
        }
        self
    }

    /// The person, unless it is the clock or a visitor.
    #[must_use]
    pub const fn person(&self) -> Option<PersonId> {
        self.person
    }

    /// Whether the host vouches for this role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether this is a person with a role in the newsroom.
    pub(crate) fn has_role(&self) -> bool {
        self.person.is_some() && !self.roles.is_empty()
    }

    /// Whether this is that person.
    pub(crate) fn is_person(&self, person: PersonId) -> bool {
        self.person == Some(person)
    }

    /// Whether the host vouches for this unit.
    pub(crate) fn speaks_for(&self, unit: OrganisationId) -> bool {
        self.is(Role::UnitContact) && self.units.contains(&unit)
    }

    /// The role that let the actor through as this.
    pub(crate) fn role_for(&self, by: Capacity) -> Option<Role> {
        let fitting: &[Role] = match by {
            Capacity::Author | Capacity::Proposer | Capacity::Own => {
                &[Role::Reporter, Role::Editor, Role::UnitContact]
            }
            Capacity::Holder | Capacity::Reporter => &[Role::Reporter],
            Capacity::OwnUnit => &[Role::UnitContact],
            Capacity::SecondPerson => &[Role::Editor, Role::Mentor, Role::Admin],
            Capacity::Editor | Capacity::Opener => &[Role::Editor],
            Capacity::Admin => &[Role::Admin],
            Capacity::Clock => &[Role::Clock],
        };
        fitting.iter().copied().find(|role| self.is(*role))
    }

    /// Who acts, for the audit record.
    pub(crate) fn acted_by(&self) -> ActedBy {
        match self.person {
            Some(person) => ActedBy::Person(person),
            None if self.is(Role::Clock) => ActedBy::Clock,
            None => ActedBy::Visitor,
        }
    }

    /// The spelling that a key's digest covers.
    pub(crate) fn spelled(&self) -> Spelled<'_> {
        Spelled {
            person: self.person,
            roles: &self.roles,
            units: &self.units,
        }
    }
}

/// An actor as a key's digest covers it.
#[derive(Debug, Serialize)]
pub(crate) struct Spelled<'a> {
    person: Option<PersonId>,
    roles: &'a BTreeSet<Role>,
    units: &'a BTreeSet<OrganisationId>,
}

/// Who acted, in the audit record.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActedBy {
    /// A person.
    Person(PersonId),
    /// Due work.
    Clock,
    /// Nobody the newsroom knows.
    Visitor,
}
