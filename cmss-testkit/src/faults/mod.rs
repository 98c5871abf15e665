//! Faults: a scenario, in which each call of the store fails in turn, in every way.
//!
//! [`Faulty`] makes one call fail. [`under_every_fault`] runs a scenario with the first call
//! failing, then the second, and so on until it ends without meeting the fault, in each way that
//! there is, and lets it try again.

mod driver;
mod dump;
mod faulty;

pub use driver::{Survived, under_every_fault, under_every_fault_to_its_end};
pub use dump::Dump;
pub use faulty::{Call, Fault, Faulty};
