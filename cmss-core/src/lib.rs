//! The domain and the editorial state machines of cmss, behind one small storage trait.

pub mod ids;
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
mod desk;
mod edition;
mod kernel;
mod machines;
mod newsroom;
mod occasion;
mod publication;
mod rebuild;
mod record;
mod site;

pub use allowed::Target;
pub use article::*;
pub use assignment::*;
pub use claim::*;
pub use cms::{Builder, Cms};
pub use command::Command;
pub use desk::Desk;
pub use edition::*;
pub use ids::*;
pub use kernel::{
    ActedBy, Actor, Allowance, AuditRecord, By, Clock, Coded, Conflict, Error, Fact, Guard,
    HouseTexts, Ids, Need, Policy, RandomIds, Refusal, Role, SeededIds, SetClock, SystemClock,
};
pub use machines::diagrams;
pub use newsroom::NewNewsroom;
pub use occasion::*;
pub use publication::*;
pub use rebuild::Rebuilt;
pub use record::*;
pub use site::*;
