//! Lists of the desk, page by page.

mod order;
mod others;
mod records;
mod revisions;
