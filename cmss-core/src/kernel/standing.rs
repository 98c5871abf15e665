//! Who may: how an actor stands to a thing.

use std::collections::BTreeSet;

use super::{Actor, Role};
use crate::ids::{OrganisationId, PersonId};
use crate::values::coded;

coded! {
    /// The capacity in which somebody may make a move: a role, or a relation to the thing that is
    /// moved.
    pub enum Capacity {
        /// One of the authors of the text.
        Author = "author", "Författare", "Author";
        /// The editor who opened the edition.
        Opener = "opener", "Redaktör som öppnat", "Editor who opened it";
        /// The reporter who holds the claim.
        Holder = "holder", "Den som tackat ja", "Holder of the claim";
        /// Whoever proposed the assignment.
        Proposer = "proposer", "Förslagsställare", "Proposer";
        /// A contact of the unit that offers the assignment.
        OwnUnit = "own_unit", "Enhetens kontaktperson", "Contact of the unit";
        /// An editor, mentor or admin, for a text written by editors alone.
        SecondPerson = "second_person", "Andra person", "Second person";
        /// The person it is about.
        Own = "own", "Personen själv", "The person";
        /// A reporter.
        Reporter = "reporter", "Invånarreporter", "Reporter";
        /// An editor.
        Editor = "editor", "Redaktör", "Editor";
        /// An admin.
        Admin = "admin", "Administratör", "Administrator";
        /// No person: due work.
        Clock = "clock", "Klockan", "Clock";
    }
}

/// How an actor stands to the thing that is to be moved.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    by: BTreeSet<Capacity>,
}

impl Standing {
    /// What the actor's roles alone give.
    pub(crate) fn of(actor: &Actor) -> Self {
        let roles = [
            (Role::Reporter, Capacity::Reporter),
            (Role::Editor, Capacity::Editor),
            (Role::Admin, Capacity::Admin),
            (Role::Clock, Capacity::Clock),
        ];
        Self {
            by: roles
                .into_iter()
                .filter(|(role, _)| actor.is(*role))
                .map(|(_, by)| by)
                .collect(),
        }
    }

    /// Adds a relation where it holds.
    pub(crate) fn when(mut self, holds: bool, by: Capacity) -> Self {
        if holds {
            self.by.insert(by);
        }
        self
    }

    /// Adds authorship, where the actor is one of these persons.
    pub(crate) fn author_of(self, actor: &Actor, authors: &[PersonId]) -> Self {
        let author = actor
            .person()
            .is_some_and(|person| authors.contains(&person));
        self.when(author, Capacity::Author)
    }

    /// Adds the relation of a unit's contact.
    pub(crate) fn unit(self, actor: &Actor, unit: Option<OrganisationId>) -> Self {
        self.when(
            unit.is_some_and(|unit| actor.speaks_for(unit)),
            Capacity::OwnUnit,
        )
    }

    /// The first of these that the actor is.
    pub(crate) fn first(&self, any: &[Capacity]) -> Option<Capacity> {
        any.iter().copied().find(|by| self.by.contains(by))
    }

    /// Whether why a move is refused may be told: to whoever has a part in the thing, and to
    /// editors.
    pub(crate) fn is_concerned(&self) -> bool {
        self.by.iter().any(|by| match by {
            Capacity::Author
            | Capacity::Opener
            | Capacity::Holder
            | Capacity::Proposer
            | Capacity::OwnUnit
            | Capacity::SecondPerson
            | Capacity::Own
            | Capacity::Editor => true,
            Capacity::Reporter | Capacity::Admin | Capacity::Clock => false,
        })
    }

    /// Whether the actor is this.
    pub(crate) fn is(&self, by: Capacity) -> bool {
        self.by.contains(&by)
    }
}
