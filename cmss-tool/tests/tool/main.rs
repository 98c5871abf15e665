//! The program as it is run: what it writes, what it refuses, and the exit code it says it with.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests are not in test functions"
)]

mod damage;
mod home;
mod increments;
#[cfg(unix)]
mod interrupted;
#[cfg(unix)]
mod large;
mod moving;
#[cfg(unix)]
mod places;
mod reading;
mod refusals;
mod remains;
#[cfg(unix)]
mod sites;
#[cfg(unix)]
mod terminal;
#[cfg(unix)]
mod unclosed;
mod whole;

use std::fs;
use std::path::Path;
use std::process::Stdio;

use cmss::SledStore;
use cmss::store::{Digest, Store};
use pollster::block_on;
use serde_json::{Value, json};

use home::{Home, PRIVATE, commits, exported, reading, reopened, told};
