//! The public door: what the site shows, and nothing else.

mod changes;
mod cursor;
mod door;
mod everything;
mod face;
mod feed;
mod folder;
mod found;
mod head;
mod layout;
mod list;
mod occasions;
pub(crate) mod part;
mod press;
mod reference;
mod served;
mod text;
mod validator;
mod window;

#[cfg(test)]
mod tests;

pub(crate) use face::*;
pub(crate) use feed::FeedHead;
pub(crate) use head::*;
pub(crate) use layout::*;
pub(crate) use press::Press;
pub(crate) use reference::Parts;

/// The version of the JSON that the site serves: `docs/public-json.md` writes it down, field by
/// field.
///
/// It is raised when a field leaves, changes its meaning, or may be absent where it could not be.
/// A field, a kind of part or block, or a word of an open set that is new is no new version: whoever
/// reads skips what it does not know. The version is not repeated in what is served; a host that
/// serves several puts it into its addresses or headers.
pub const PUBLIC_JSON_VERSION: u32 = 1;

pub use changes::FeedPage;
pub use cursor::Cursor;
pub use door::Site;
pub use everything::{SitePage, SitePages};
pub use feed::FeedItem;
pub use folder::{SiteFolder, SiteFolderError};
pub use found::{Found, Gone, Moved};
pub use layout::PageKind;
pub use list::{ListBy, ListPage, Listing};
pub use part::{
    BylinePart, Card, ImageCredit, ImagePart, OrganisationKind, OrganisationPart, PagePart, Part,
    QuotePart, TermPart, Vocabulary,
};
pub use reference::PartRef;
pub use served::Served;
pub use validator::Validator;
