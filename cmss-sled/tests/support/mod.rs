//! What the tests build their changes of.

#[allow(
    unused_imports,
    reason = "part of tests, each file of which is a program of its own and uses what it needs"
)]
pub(crate) use cmss_testkit::notes::*;
