//! The audit log as the desk reads it.

use crate::desk::Desk;
use crate::kernel::{AuditRecord, Error, Guard, Guards, Role};
use crate::store::Seq;
use crate::values::{FaultCode, Faults, Flaw, limits};

impl Desk {
    /// What was done in the newsroom after a commit, oldest first: up to `limit` commits, 1 to
    /// 100. For editors and admins.
    ///
    /// # Errors
    /// [`Error::Invalid`] for another limit; [`Error::Refused`] for everybody else.
    pub async fn audit(&self, after: Seq, limit: usize) -> Result<Vec<AuditRecord>, Error> {
        let mut guards = Guards::new();
        let may = self.actor.is(Role::Editor) || self.actor.is(Role::Admin);
        guards.ensure(may, Guard::MayNotRead);
        guards.pass("read_audit")?;
        let mut faults = Faults::new();
        let (most, given) = (limits::PAGE as u64, limit as u64);
        if limit == 0 {
            faults.push("limit", Flaw::limit(FaultCode::TooSmall, 1, given));
        } else if given > most {
            faults.push("limit", Flaw::limit(FaultCode::TooLarge, most, given));
        }
        faults.finish()?;
        let changes = self.store().changes(after, limit).await?;
        let mut lines = Vec::new();
        for record in &changes.records {
            lines.extend(AuditRecord::lines(record)?);
        }
        Ok(lines)
    }
}
