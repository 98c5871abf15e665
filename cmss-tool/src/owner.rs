//! Whose a store is. What is made in it is its maker's alone: made by somebody else, root for one, it
//! would keep the newsroom out.

#[cfg(unix)]
use std::io::ErrorKind;
use std::path::Path;

use crate::failure::Failure;

/// Refuses a file of a store, or a directory that becomes one, where it is there and another user's.
#[cfg(unix)]
pub(crate) fn check(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::MetadataExt as _;
    let found = match std::fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        found => found.map_err(Failure::unreadable(path))?,
    };
    let (owner, user) = (found.uid(), rustix::process::geteuid().as_raw());
    if owner == user {
        return Ok(());
    }
    let shown = path.display();
    let what = format!(
        "{shown} belongs to user {owner}, who could not open what user {user} leaves there"
    );
    Err(Failure::not_opened(what).with_advice(format!(
        "run this as its owner, as `sudo -u '#{owner}'` does; or, where user {user} runs the newsroom, \
         give that user what is there, as `chown` does"
    )))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it may refuse")]
pub(crate) const fn check(_: &Path) -> Result<(), Failure> {
    Ok(())
}
