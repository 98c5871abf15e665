//! How a backend's own type becomes a store.

/// Implements [`Store`](cmss_core::store::Store) for a backend's own type by passing every call on
/// to its field, a [`KeyedStore`](crate::KeyedStore).
///
/// The [crate's page](crate) has an example.
#[macro_export]
macro_rules! impl_store {
    ($backend:ident, $kept:ident) => {
        const _: () = {
            use $crate::private::*;

            #[async_trait]
            impl Store for $backend {
                async fn get(&self, refs: &[DocRef]) -> Result<Got, StoreError> {
                    self.$kept.get_at_once(refs)
                }

                async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
                    self.$kept.scan_at_once(scan)
                }

                async fn walk(
                    &self,
                    after: Option<&DocRef>,
                    limit: usize,
                ) -> Result<Walked, StoreError> {
                    self.$kept.walk(after, limit).await
                }

                async fn commit(&self, changeset: Changeset) -> Result<Receipt, StoreError> {
                    self.$kept.commit(changeset).await
                }

                async fn receipt(&self, id: CommitId) -> Result<Option<Receipt>, StoreError> {
                    self.$kept.receipt(id).await
                }

                async fn changes(&self, after: Seq, limit: usize) -> Result<Changes, StoreError> {
                    self.$kept.changes(after, limit).await
                }

                async fn grown(&self, past: Seq) -> Result<Seq, StoreError> {
                    self.$kept.grown(past).await
                }

                async fn load(&self, lines: Lines) -> Result<Seq, StoreError> {
                    self.$kept.load(lines).await
                }

                fn limits(&self) -> Limits {
                    self.$kept.limits()
                }

                async fn close(&self) -> Result<(), StoreError> {
                    self.$kept.close().await
                }
            }
        };
    };
}
