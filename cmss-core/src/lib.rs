//! The domain and the editorial state machines of cmss, behind one small storage trait.

pub mod ids;
pub mod store;
pub mod values;
