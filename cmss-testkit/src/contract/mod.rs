//! The contract, clause by clause.

pub mod commits;
pub mod documents;
pub mod expectations;
pub mod life;
pub mod load;
pub mod loading;
pub mod log;
pub mod ranges;
pub mod reads;
pub mod uniqueness;
