//! Articles: what is written, and what the public sees of it.

mod text;

pub use text::{ArticleText, Credit, CreditRole, CreditedTo};
