//! How much of anything is accepted.
//!
//! A limit is checked before any other work starts, and the answer names the field, the limit and
//! what was given. A character is a Unicode scalar value; where bytes are meant, the name says so.

use std::ops::RangeInclusive;

/// Characters of a title.
pub const TITLE: usize = 200;
/// Characters of a lead.
pub const LEAD: usize = 1_000;
/// Characters of a slug.
pub const SLUG: usize = 80;
/// Characters of a note at the desk.
pub const NOTE: usize = 10_000;
/// Characters of the name a person or a byline is shown by.
pub const DISPLAY_NAME: usize = 80;
/// Characters of an e-mail address.
pub const EMAIL: usize = 254;
/// Characters of a telephone number.
pub const PHONE: usize = 30;
/// Characters of a link's target.
pub const LINK: usize = 2_000;
/// Tags of one thing.
pub const TAGS: usize = 20;
/// Characters of a tag.
pub const TAG: usize = 40;
/// Revisions of an article.
pub const REVISIONS: usize = 10_000;
/// Items of a page.
pub const PAGE: usize = 100;
/// Bytes of a cursor.
pub const CURSOR_BYTES: usize = 256;
/// Characters of the name a file is served under.
pub const FILE: usize = 200;
/// Characters of the text for those who do not see an image.
pub const ALT: usize = 1_000;
/// Characters of what stands under an image.
pub const CAPTION: usize = 1_000;
/// Identifiable people in an image.
pub const DEPICTED: usize = 50;

/// Places of an assignment.
pub const PLACES: u32 = 50;

/// Goals of a project.
pub const GOALS: usize = 50;
/// Ways in which a project involves residents.
pub const INVOLVEMENT: usize = 50;
/// Organisations that take part in a project.
pub const PARTICIPANTS: usize = 50;
/// Partners of a project.
pub const PARTNERS: usize = 100;
/// Cost lines of a project.
pub const COSTS: usize = 1_000;
/// Contacts of a thing.
pub const CONTACTS: usize = 20;
/// Bytes of a project, everything in it, as JSON.
pub const PROJECT_BYTES: usize = 400_000;

/// Bytes of a body's text: everything written in it, and the targets of its links.
pub const BODY_BYTES: usize = 200_000;
/// Bytes of a body, everything in it, as JSON: a page with it fits into one document.
pub const BODY_JSON_BYTES: usize = 800_000;
/// Blocks of a body.
pub const BODY_BLOCKS: usize = 2_000;
/// Spans of a body.
pub const BODY_SPANS: usize = 10_000;
/// Spans of a body that carry a link.
pub const BODY_LINKS: usize = 500;
/// Images of a body.
pub const BODY_IMAGES: usize = 100;
/// Quotes of a body.
pub const BODY_QUOTES: usize = 100;
/// Characters of the id of a block.
pub const BLOCK_ID: usize = 36;
/// Characters of the description of a speaker who is not named.
pub const SPEAKER: usize = 200;
/// The levels of a heading in a body; the title of the page is level 1.
pub const HEADING_LEVELS: RangeInclusive<i64> = 2..=3;

/// Groups of an event.
pub const EVENT_GROUPS: usize = 20;
/// Organisers of an event.
pub const ORGANISERS: usize = 20;
/// Occasions of an event.
pub const OCCASIONS: u32 = 200;
/// Bytes of an occasion's plan, everything in it, as JSON: a page with as many occasions as an
/// event can have fits into one document.
pub const OCCASION_BYTES: usize = 3_000;
/// Groups of an occasion.
pub const OCCASION_GROUPS: usize = 10;
/// Segments of an occasion.
pub const SEGMENTS: usize = 20;

/// The years a date may lie in.
pub const YEARS: RangeInclusive<i64> = 1900..=2200;
