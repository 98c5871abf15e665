//! The public door: what the site shows, and nothing else.

mod changes;
mod cursor;
mod door;
mod everything;
mod face;
mod feed;
mod found;
mod list;
mod occasions;
pub(crate) mod part;
mod served;
mod validator;
mod window;

#[cfg(test)]
mod tests;

pub(crate) use face::*;
pub(crate) use feed::FeedHead;

pub use changes::FeedPage;
pub use cursor::Cursor;
pub use door::Site;
pub use everything::{Addressed, Everything};
pub use face::{PageKind, Place};
pub use feed::FeedItem;
pub use found::{Found, Gone, Moved};
pub use list::{ListBy, ListPage, Listing};
pub use part::{
    BylinePart, Card, ImageCredit, ImagePart, OrganisationPart, PagePart, Part, QuotePart, TermPart,
};
pub use served::Served;
pub use validator::Validator;
