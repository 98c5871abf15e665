//! The values of the domain: plain, checked, and free of any storage.
//!
//! What an editor's program sends is plain data with public fields. A check takes it through, notes
//! *every* fault with its path, and hands back the same type in its normal form: what has been
//! checked may be stored. A value whose form alone decides whether it is one, such as a [`Slug`],
//! has one door in, and deserialising goes through it.

mod amount;
pub(crate) mod article_text;
mod block;
mod body;
pub(crate) mod coded;
pub(crate) mod contact;
mod dates;
mod lang;
pub mod limits;
pub(crate) mod private;
mod range;
mod slug;
mod span;
pub(crate) mod string_value;
pub(crate) mod text;
mod when;
mod zone;

pub(crate) use crate::fault::Faults;
pub use crate::fault::{Fault, FaultCode, Flaw, Invalid};
pub use amount::{Money, Percent};
pub(crate) use article_text::{ArticleText, Credit, CreditRole, CreditedTo, distinct};
pub use block::{Block, BlockContent, BlockId, Line, ListItem, Quote, Speaker};
pub use body::Body;
pub(crate) use coded::{Coded, coded};
pub(crate) use dates::hhmm;
pub use lang::{Lang, Locale};
pub use private::Private;
pub(crate) use private::redacted;
pub(crate) use range::in_range;
pub use slug::Slug;
pub use span::{Mark, Span};
pub use when::{DayPart, When, YearPart};
pub(crate) use when::{check_time, nothing_else};
pub use zone::offset_time;
pub(crate) use zone::{Fold, instant, instant_passed};
