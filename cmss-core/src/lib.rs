//! The domain and the editorial state machines of cmss, behind one small storage trait.
//!
//! Whoever embeds a newsroom takes the facade crate, `cmss`, which is this crate with the stores
//! beside it and a tour in front. This crate is for whoever writes a backend, and for whoever works
//! on the library.
//!
//! # For authors of backends
//!
//! [`store`] is all there is to implement: one trait, [`store::Store`], with the contract in the
//! module's documentation. `cmss-testkit` turns each clause into tests.
//!
//! # Map
//!
//! | module | what stands there |
//! |---|---|
//! | [`store`] | the contract: documents, index entries, changesets, the log |
//! | `ids` | one type of id for each kind of thing; knowing one grants nothing |
//! | [`values`] | what a field may hold: texts, slugs, times, amounts, and every fault in them |
//! | `kernel` | what decisions are made of: actor, clock, reader, guards, machines, errors |
//! | `site` | the public door, and the documents it reads |
//! | `desk` | the private door: what a command is, and how it is carried out |
//! | `record` | one file for each kind of record: organisation, term, image, project, event, … |
//! | `article` | what is written, its gates, and the page it becomes |
//! | `claim`, `assignment`, `occasion`, `publication`, `edition` | one folder for each thing with a state: model, machine, commands, views |
//! | `command`, `cms` | every command as data, and the handle on a newsroom |
//!
//! Each names only what stands above it in the table, or with it in a row.
//!
//! Everything public of the rooms stands at the root of the crate, under its own name.
//!
//! # How a command is carried out
//!
//! 1. Its fields are checked, all of them, or it is [`Error::Invalid`].
//! 2. What it rests on is read, and each document and each range that was handed out is noted.
//! 3. It is decided: a pure function of what was read, the [`Actor`] and the time. What fails is
//!    [`Error::Refused`], with every guard.
//! 4. It is written in one commit that expects just what was read. When somebody was faster, it
//!    begins again at 2.
//!
//! Public documents are written in the same commit as the change they follow from.

// The public interface speaks in their types, so whoever depends on it has them.
pub use {chrono, chrono_tz, uuid};

pub mod store;
pub mod values;

mod address;
mod allowed;
mod article;
mod assignment;
mod audit;
mod claim;
mod cms;
mod command;
mod consent;
mod desk;
mod edition;
mod fault;
mod ids;
mod kernel;
mod machines;
mod newsroom;
mod occasion;
mod publication;
mod record;
mod site;
#[cfg(test)]
mod stored_forms;
mod upkeep;

pub use allowed::Target;
pub use article::*;
pub use assignment::*;
pub use audit::AuditPage;
pub use claim::*;
pub use cms::{Builder, Cms};
pub use command::Command;
pub use consent::{GiveConsent, WithdrawConsent};
pub use desk::{Desk, Reason};
pub use edition::*;
pub use ids::*;
pub use kernel::{
    ActedBy, Actor, Allowance, AuditRecord, Capacity, Clock, EditConflict, Error, Fact, Guard,
    HouseTexts, Ids, Need, Policy, RandomIds, Refusal, Role, SeededIds, SetClock, SystemClock,
};
pub use newsroom::NewNewsroom;
pub use occasion::*;
pub use publication::*;
pub use record::*;
pub use site::*;
pub use upkeep::{Checked, Rebuilt};
pub use values::article_text::{ArticleText, Credit, CreditRole, CreditedTo};
pub use values::coded::Coded;
