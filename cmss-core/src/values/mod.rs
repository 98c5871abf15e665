//! The values of the domain: plain, checked, and free of any storage.

mod fault;
pub(crate) mod private;

pub(crate) use fault::Faults;
pub use fault::{Fault, FaultCode, Flaw, Invalid};
pub use private::Private;
