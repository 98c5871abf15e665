//! The domain and the editorial state machines of cmss, behind one small storage trait.

pub mod ids;
pub mod store;
pub mod values;

mod address;
mod article;
mod cms;
mod desk;
mod kernel;
mod newsroom;
mod record;
mod site;

pub use article::*;
pub use cms::{Builder, Cms};
pub use desk::Desk;
pub use ids::*;
pub use kernel::{
    ActedBy, Actor, Allowance, AuditRecord, By, Clock, Coded, Conflict, Error, Fact, Guard,
    HouseTexts, Ids, Need, Policy, RandomIds, Refusal, Role, SeededIds, SetClock, SystemClock,
};
pub use newsroom::NewNewsroom;
pub use record::*;
pub use site::*;
