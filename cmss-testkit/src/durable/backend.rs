//! A backend whose stores are directories, as its tests know it.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use cmss_core::store::{Store, StoreError};
use tempfile::TempDir;

use crate::{Declined, Fixture};

/// What the tests of files have to know of a backend.
///
/// # Contract
///
/// Beyond the [contract](cmss_core::store) of its stores a backend is held to these clauses, which the
/// rules about files cite as well.
///
/// - **H1** A directory has one store at a time: while it is open, opening it again and compacting it
///   are refused, the error names the file that is locked, and the store goes on. Closed or dropped,
///   it can be opened at once.
/// - **H2** A directory that is missing is made, with its parents. On Unix it is its owner's alone; one
///   that is there keeps its mode.
/// - **H3** What is somebody else's is refused, and left as it was: a file, a directory of other things,
///   a file that has the name of one of the store's own.
/// - **H4** What a process left that died is gone when the store is opened again, and a call leaves no
///   file behind that the store does not need.
/// - **H5** A store of which files are damaged, or gone, opens as it was, or is refused with what is
///   wrong, and left as it was.
/// - **H6** A full disk loses nothing that was answered, and is named ([`StoreError::Full`]).
/// - **H7** A compaction that dies or fails, at whatever moment, leaves the old store or the new one,
///   whole, and nothing beside it once it is opened.
/// - **H8** A compacted store is smaller, where there was something to leave out, holds what it held,
///   its journal included, and goes on.
/// - **H9** A store that the first release of its format has left, closed or not, is read, and written
///   to; and what is left today reads as that does.
pub trait Backend: Send + Sync {
    /// Its stores.
    type Store: Store;

    /// The file in a store's directory that holds the data, and is locked while the store is open.
    const FILE: &'static str;

    /// Opens the store in a directory, or creates it there.
    ///
    /// # Errors
    /// Those of the backend.
    fn open(&self, path: &Path) -> Result<Self::Store, StoreError>;

    /// Looks at all that a store holds; answers in words what there is.
    ///
    /// # Errors
    /// What is wrong.
    fn verify(&self, store: &Self::Store) -> Result<String, StoreError>;

    /// Rewrites the store in a directory, which nobody has open, and tells of each step it reaches:
    /// its name, and after it whatever else there is to say.
    ///
    /// # Errors
    /// Those of the backend.
    fn compact(&self, path: &Path, reached: &mut dyn FnMut(&str)) -> Result<(), StoreError>;
}

/// Implements [`Backend`] for a unit type by the inherent functions `open`, `verify` and `compact`
/// of a store, as those of this project have them.
///
/// Takes the type, the store, and the name of its file: `impl_backend!(Sled, SledStore, "db")`.
#[macro_export]
macro_rules! impl_backend {
    ($backend:ident, $store:ident, $file:expr) => {
        impl $crate::durable::Backend for $backend {
            type Store = $store;

            const FILE: &'static str = $file;

            fn open(
                &self,
                path: &::std::path::Path,
            ) -> Result<$store, $crate::private::StoreError> {
                $store::open(path)
            }

            fn verify(&self, store: &$store) -> Result<String, $crate::private::StoreError> {
                Ok(format!("{:?}", store.verify(|_| ())?))
            }

            fn compact(
                &self,
                path: &::std::path::Path,
                reached: &mut dyn FnMut(&str),
            ) -> Result<(), $crate::private::StoreError> {
                $store::compact(path, |step| reached(&format!("{step:?}")))?;
                Ok(())
            }
        }
    };
}

/// A store of a backend in a directory of its own.
#[derive(Debug)]
pub struct Housed<B: Backend> {
    backend: B,
    /// Dropped before the directory is.
    store: Option<Arc<B::Store>>,
    home: TempDir,
}

impl<B: Backend> Housed<B> {
    /// An empty one.
    ///
    /// # Panics
    /// When no directory can be made.
    #[must_use]
    pub fn of(backend: B) -> Self {
        Self {
            backend,
            store: None,
            home: tempfile::tempdir().expect("there is room for a store"),
        }
    }
}

#[async_trait]
impl<B: Backend + Copy + 'static> Fixture for Housed<B> {
    async fn open(&mut self) -> Arc<dyn Store> {
        let opened = || self.backend.open(self.home.path());
        let open = || Arc::new(opened().expect("the store opens"));
        self.store.get_or_insert_with(open).clone()
    }

    async fn reopen(&mut self) -> Result<Arc<dyn Store>, Declined> {
        if let Some(store) = self.store.take() {
            store.close().await.expect("the store closes");
        }
        Ok(self.open().await)
    }

    fn another(&self) -> Box<dyn Fixture> {
        Box::new(Self::of(self.backend))
    }
}

/// What a rule about the files of a backend is given.
#[derive(Debug)]
pub struct Trial<'a, B> {
    /// The full name of the calling test, which has to do nothing else: its children run it again.
    pub test: &'a str,
    /// The backend it is about.
    pub backend: &'a B,
}

impl<'a, B> Trial<'a, B> {
    /// By the path of the test, the name of its program included.
    #[doc(hidden)]
    #[must_use]
    pub fn at(path: &'a str, backend: &'a B) -> Self {
        let test = path.split_once("::").map_or(path, |(_, test)| test);
        Self { test, backend }
    }

    /// The same test of another backend.
    #[must_use]
    pub const fn of<C>(&self, backend: &'a C) -> Trial<'a, C> {
        let test = self.test;
        Trial { test, backend }
    }

    pub(crate) fn home(&self) -> TempDir {
        tempfile::tempdir().expect("there is room for a store")
    }
}

impl<B: Backend> Trial<'_, B> {
    pub(crate) fn open(&self, path: &Path) -> Result<B::Store, StoreError> {
        self.backend.open(path)
    }
}
