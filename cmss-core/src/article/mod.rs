//! Articles: what is written, in which languages, and what a page of one is.
//!
//! The work on a text is an [edition](crate::edition); what the public sees of it is its
//! [publication](crate::publication).

mod gates;
mod model;
mod page;
mod revision;

pub(crate) use gates::{Gates, refers_to};
pub(crate) use model::{Article, BY_ASSIGNMENT, BY_PUBLICATION, Latest, Variant};
pub(crate) use revision::{REVISIONS, Revision};

pub use model::{AddressFallback, PublicationState};
pub use page::{ArticlePage, BlockView, CreditView, LineView, ListItemView};
