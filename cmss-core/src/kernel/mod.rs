//! What every decision is made of: facts read through a [`Reader`], an actor's standing, machines,
//! guards, and what is noted of it.

mod actor;
mod allowance;
mod clock;
mod document;
mod error;
mod fact;
mod guard;
mod keys;
mod machine;
mod mint;
mod policy;
mod reader;
mod refusal;
mod standing;

pub(crate) use document::{Cover, Document, decode, decode_cover, encode, encode_cover};
pub(crate) use fact::{Act, Note};
pub(crate) use keys::KeyParts;
pub(crate) use machine::{Machine, Move, To};
pub(crate) use mint::{Mint, Secret, salt};
pub(crate) use reader::Reader;
pub(crate) use refusal::{Denied, Guards, due_work, may_read};
pub(crate) use standing::Standing;

pub use actor::{ActedBy, Actor, Role};
pub use allowance::{Allowance, Need};
pub use clock::{Clock, SetClock, SystemClock};
pub use error::{EditConflict, Error};
pub use fact::{AuditRecord, Fact};
pub use guard::Guard;
pub use mint::{Ids, RandomIds, SeededIds};
pub use policy::{HouseTexts, Policy};
pub use refusal::Refusal;
pub use standing::Capacity;
