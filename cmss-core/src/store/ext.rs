//! Conveniences over every store.

use async_trait::async_trait;

use super::{Doc, DocRef, Hit, Order, Scan, Store, StoreError};

/// What can be said with the methods of [`Store`] alone, said once.
#[async_trait]
pub trait StoreExt: Store {
    /// One document.
    ///
    /// # Errors
    /// Those of [`Store::get`].
    async fn get_one(&self, at: &DocRef) -> Result<Option<Doc>, StoreError> {
        let got = self.get(std::slice::from_ref(at)).await?;
        Ok(got.docs.into_iter().next().flatten())
    }

    /// Every hit of a scan, page after page of `scan.limit`; each page is consistent, the whole
    /// need not be.
    ///
    /// # Errors
    /// Those of [`Store::scan`].
    async fn scan_all(&self, mut scan: Scan) -> Result<Vec<Hit>, StoreError> {
        let mut hits = Vec::new();
        loop {
            let page = self.scan(&scan).await?;
            hits.extend(page.hits);
            match (page.next, scan.order) {
                (None, _) => return Ok(hits),
                (next, Order::Ascending) => scan.range.from = next,
                (next, Order::Descending) => scan.range.until = next,
            }
        }
    }
}

impl<S: Store + ?Sized> StoreExt for S {}
