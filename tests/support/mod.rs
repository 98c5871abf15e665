//! The newsroom of the journeys: the one that programs get for their own tests.

#![allow(unused_imports, reason = "each journey takes some of it")]

pub(crate) use cmss_testkit::Newsroom;
pub(crate) use cmss_testkit::newsroom::{declared, named, offer, start, text};
