//! Every command there is, given by somebody who is there, on things of the scene.

mod assignments;
mod pages;
mod people;
mod records;
mod texts;

use std::collections::BTreeSet;

use cmss::*;

use crate::scene::Scene;

/// What a command comes to when it is given in the scene.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Comes {
    /// It is carried out, and something changes.
    Done,
    /// Everything is so already.
    ToNothing,
    /// Guards fail, or the head it names is none.
    Refused,
}

/// A command, who gives it, and what it comes to.
#[derive(Clone, Debug)]
pub struct Given {
    pub by: Actor,
    pub command: Command,
    pub comes: Comes,
}

impl Given {
    /// The command as JSON spells it.
    pub fn name(&self) -> String {
        let case = format!("{:?}", self.command);
        let case = case.split('(').next().unwrap();
        let mut name = String::new();
        for letter in case.chars() {
            if letter.is_uppercase() && !name.is_empty() {
                name.push('_');
            }
            name.extend(letter.to_lowercase());
        }
        name
    }
}

/// The name of every command, as the library tells whoever gives one that it does not know.
pub fn all_names() -> BTreeSet<String> {
    let unknown = serde_json::from_str::<Command>("{\"\": {}}").unwrap_err();
    let unknown = unknown.to_string();
    let (_, expected) = unknown.split_once("expected one of ").unwrap();
    let names = expected.split('`').skip(1).step_by(2);
    names.map(str::to_owned).collect()
}

/// Collects commands.
struct List(Vec<Given>);

impl List {
    fn add(&mut self, by: &Actor, command: Command, comes: Comes) {
        self.0.push(Given {
            by: by.clone(),
            command,
            comes,
        });
    }

    fn done(&mut self, by: &Actor, command: Command) {
        self.add(by, command, Comes::Done);
    }

    fn refused(&mut self, by: &Actor, command: Command) {
        self.add(by, command, Comes::Refused);
    }
}

/// Those who give commands.
struct Cast {
    admin: Actor,
    vera: Actor,
    nils: Actor,
    sol: Actor,
    liv: Actor,
    kim: Actor,
}

/// All of them.
pub fn given(scene: &Scene) -> Vec<Given> {
    let room = &scene.room;
    let cast = Cast {
        admin: Actor::new(room.ada).admin(),
        vera: Actor::new(room.vera).editor(),
        nils: Actor::new(room.nils).editor(),
        sol: Actor::new(room.sol).reporter(),
        liv: Actor::new(room.liv).reporter(),
        kim: Actor::new(room.kim).unit_contact(room.library),
    };
    let mut list = List(Vec::new());
    people::people(scene, &cast, &mut list);
    records::records(scene, &cast, &mut list);
    records::occasions(scene, &cast, &mut list);
    assignments::assignments(scene, &cast, &mut list);
    texts::texts(scene, &cast, &mut list);
    pages::publications(scene, &cast, &mut list);
    list.0
}
