//! The public door: what the site shows, and nothing else.

mod face;
mod feed;
pub(crate) mod part;

pub(crate) use face::*;
pub use face::{PageKind, Place};
pub(crate) use feed::FeedHead;
pub use feed::FeedItem;
pub use part::{
    BylinePart, Card, ImageCredit, ImagePart, OrganisationPart, PagePart, Part, QuotePart, TermPart,
};
