//! What the decisions on a publication rest on.

use super::machine::PublicationEvent as Event;
use super::{MACHINE, Shown};
use crate::article::{Article, Gates, PublicationState, Variant};
use crate::ids::VariantId;
use crate::kernel::{Actor, Capacity, Error, Guards, Reader, Standing};

/// What the verbs of a publication rest on.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(super) shown: Shown,
    pub(super) gates: Option<Gates>,
}

impl Scene {
    pub(super) async fn read(
        reader: &mut Reader<'_>,
        variant: VariantId,
        with_gates: bool,
    ) -> Result<Self, Error> {
        let variant: Variant = reader.need(variant).await?;
        let shown = Shown::with(reader, variant, &[]).await?;
        let gates = match (&shown.text, with_gates) {
            (Some(text), true) => {
                let article: Article = reader.need(shown.variant.article).await?;
                Some(Gates::read(reader, &article, text).await?)
            }
            _ => None,
        };
        Ok(Self { shown, gates })
    }

    /// The guards on state and standing, and where the event leads.
    pub(super) fn judge(
        &self,
        event: Event,
        actor: &Actor,
        guards: &mut Guards,
    ) -> Option<(PublicationState, Capacity)> {
        judge(&self.shown.variant, event, actor, guards)
    }
}

/// The same, of a variant alone.
pub(super) fn judge(
    variant: &Variant,
    event: Event,
    actor: &Actor,
    guards: &mut Guards,
) -> Option<(PublicationState, Capacity)> {
    let authors = variant
        .latest
        .as_ref()
        .map_or(&[][..], |latest| &latest.authors);
    let standing = Standing::of(actor).author_of(actor, authors);
    MACHINE.judge(Some(variant.publication), event, &standing, guards)
}
