//! Whose a store is. What is made in it is its maker's alone: made by somebody else, root for one, it
//! would keep the newsroom out.

use std::path::Path;

use crate::failure::Failure;

/// Refuses a file of a store that is another user's.
#[cfg(unix)]
pub(crate) fn check(file: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::MetadataExt as _;
    let found = std::fs::metadata(file).map_err(Failure::unreadable(file))?;
    let (owner, user) = (found.uid(), rustix::process::geteuid().as_raw());
    if owner == user {
        return Ok(());
    }
    let shown = file.display();
    Err(Failure::not_opened(format!(
        "{shown} belongs to user {owner}, who could not open what user {user} leaves beside it"
    ))
    .with_advice(format!(
        "run this as its owner: sudo -u '#{owner}' cmss-tool …"
    )))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it may refuse")]
pub(crate) const fn check(_: &Path) -> Result<(), Failure> {
    Ok(())
}
