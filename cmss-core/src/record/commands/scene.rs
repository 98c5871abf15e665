//! A record with what surrounds it, for the commands that change what is public.

use uuid::Uuid;

use crate::kernel::{Error, Reader};
use crate::record::{Kept, Kind};
use crate::site::{PageKind, Press};
use crate::values::Slug;

/// A record, and what publishing and rendering it rest on.
#[derive(Debug)]
pub(crate) struct Scene<C: Kind> {
    pub(super) kept: Kept<C>,
    pub(super) around: C::Around,
}

impl<C: Kind> Scene<C> {
    /// The record as it is now.
    pub(super) async fn read(reader: &mut Reader<'_>, id: C::Id) -> Result<Self, Error> {
        let kept: Kept<C> = reader.need(id).await?;
        let around = C::around(&kept, reader).await?;
        Ok(Self { kept, around })
    }
}

/// The page a record has.
pub(super) fn page_of<C: Kind>(
    kept: &Kept<C>,
    press: &Press<'_>,
) -> Option<(Uuid, PageKind, Slug)> {
    let (kind, _) = kept.working.page()?;
    Some((press.page(kept.id), kind, kept.addresses.current.clone()?))
}
