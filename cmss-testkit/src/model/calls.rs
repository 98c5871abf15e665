//! The calls of a store and their answers, as values that can be kept and judged.

use cmss_core::store::{
    Changes, Changeset, CommitId, Conflict, DocRef, Got, Order, Page, Receipt, Scan, Seq, Store,
    StoreError, Walked,
};

use super::specification::{Foretold, Specification};

/// One call, with all it is given.
#[derive(Clone, Debug)]
pub(crate) enum Call {
    Get(Vec<DocRef>),
    Scan(Scan),
    Walk { after: Option<DocRef>, limit: usize },
    Changes { after: Seq, limit: usize },
    Receipt(CommitId),
    Grown(Seq),
    Commit(Changeset),
}

/// What was answered.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Got(Got),
    Page(Page),
    Walked(Walked),
    Changes(Changes),
    Receipt(Option<Receipt>),
    Grown(Seq),
    Committed(Receipt),
    Refused(Conflict),
    Malformed,
}

impl Call {
    /// Makes the call.
    pub(crate) async fn make(&self, store: &dyn Store) -> Result<Answer, StoreError> {
        Ok(match self {
            Self::Get(refs) => Answer::Got(store.get(refs).await?),
            Self::Scan(scan) => Answer::Page(store.scan(scan).await?),
            Self::Walk { after, limit } => {
                Answer::Walked(store.walk(after.as_ref(), *limit).await?)
            }
            Self::Changes { after, limit } => Answer::Changes(store.changes(*after, *limit).await?),
            Self::Receipt(id) => Answer::Receipt(store.receipt(*id).await?),
            Self::Grown(past) => Answer::Grown(store.grown(*past).await?),
            Self::Commit(change) => match store.commit(change.clone()).await {
                Ok(receipt) => Answer::Committed(receipt),
                Err(StoreError::Conflict(conflict)) => Answer::Refused(conflict),
                Err(StoreError::Malformed { .. }) => Answer::Malformed,
                Err(error) => return Err(error),
            },
        })
    }

    /// Whether the call can change anything.
    pub(crate) const fn writes(&self) -> bool {
        matches!(self, Self::Commit(_))
    }
}

impl Specification {
    /// Whether a call may be answered like this in this state; a commit is only judged.
    pub(crate) fn allows(&self, call: &Call, answer: &Answer) -> bool {
        match (call, answer) {
            (Call::Get(refs), Answer::Got(got)) => {
                let docs = refs.iter().map(|at| self.docs.get(at));
                got.as_of == self.seq()
                    && docs
                        .map(|stored| stored.map(|stored| stored.doc()))
                        .eq(got.docs.iter().cloned())
            }
            (Call::Scan(scan), Answer::Page(page)) => self.allows_page(scan, page),
            (Call::Walk { after, limit }, Answer::Walked(walked)) => {
                let rest = self.docs.values();
                let rest: Vec<_> = rest
                    .filter(|stored| Some(&stored.at) > after.as_ref())
                    .collect();
                let here = walked.docs.len();
                walked.as_of == self.seq()
                    && here <= *limit
                    && walked.docs.iter().eq(rest.iter().copied().take(here))
                    && walked.more == (here < rest.len())
                    && (here > 0 || !walked.more)
            }
            (Call::Changes { after, limit }, Answer::Changes(changes)) => {
                let log = self.log.iter().filter(|record| record.seq > *after);
                changes.as_of == self.seq() && changes.records.iter().eq(log.take(*limit))
            }
            (Call::Receipt(id), Answer::Receipt(receipt)) => *receipt == self.receipt(*id),
            (Call::Grown(past), Answer::Grown(seq)) => *seq == self.seq() && *seq > *past,
            (Call::Commit(change), answer) => match (self.judge(change), answer) {
                (Foretold::New(record), Answer::Committed(receipt)) => {
                    let own = (record.seq, record.id, record.digest);
                    own == (receipt.seq, receipt.id, receipt.digest)
                }
                (Foretold::Again(foretold), Answer::Committed(receipt)) => foretold == *receipt,
                (Foretold::Refused(conflicts), Answer::Refused(conflict)) => {
                    conflicts.contains(conflict)
                }
                (Foretold::Malformed, Answer::Malformed) => true,
                _ => false,
            },
            _ => false,
        }
    }

    /// Judges one page, and whether what is left is where it says.
    fn allows_page(&self, scan: &Scan, page: &Page) -> bool {
        let all = self.scan(&scan.range, scan.order, scan.want);
        let (here, rest) = all.split_at(page.hits.len().min(all.len()));
        let resumed = page.next.as_ref().is_none_or(|next| {
            let mut range = scan.range.clone();
            match scan.order {
                Order::Ascending => range.from = Some(next.clone()),
                Order::Descending => range.until = Some(next.clone()),
            }
            !page.hits.is_empty() && self.scan(&range, scan.order, scan.want) == rest
        });
        page.as_of == self.seq()
            && page.hits.len() <= scan.limit
            && page.hits == here
            && page.next.is_some() != rest.is_empty()
            && resumed
    }
}
