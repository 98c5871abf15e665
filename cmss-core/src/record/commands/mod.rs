//! What is done with records: the four commands of every kind.

mod publish;
mod put;
mod scene;
mod take_off;

pub(super) use publish::Publish;
pub(super) use take_off::TakeOff;

pub use publish::PublishRecord;
pub use put::{PutRecord, PutTarget};
pub use take_off::{ArchiveRecord, HideRecord};
