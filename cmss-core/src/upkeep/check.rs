//! Checking that what a store holds fits together.

use std::collections::HashSet;

use serde::Serialize;

use super::forms::{Spelling, is_rendered};
use super::rebuild::faces;
use super::{LOOKS, STEP};
use crate::cms::Cms;
use crate::kernel::{Actor, Document, Error, Reader};
use crate::newsroom::{Newsroom, SCHEMA};
use crate::site::{FEED, FeedHead};
use crate::store::{DocRef, Seq, StoreExt, Stored};

/// What was checked, and found to be in order.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Checked {
    /// Private documents: read, and found under exactly the entries their bodies say.
    pub private: u64,
    /// Public documents: exactly what the private ones are rendered to.
    pub public: u64,
    /// Entries of the public feed: found under their numbers, of which none is missing.
    pub feed: u64,
}

impl Cms {
    /// Checks that all the store holds fits together: that every private document can be read and
    /// stands under the index entries that its body says, that the public documents are
    /// exactly those that publishing would write today, and that the public feed is whole.
    ///
    /// A store checks on its own that what it hands out is what was once written; this checks that
    /// what was written is right. Others may go on working meanwhile. `progress` is told after each
    /// step how many documents have been looked at; each is looked at twice, for what is rendered
    /// from it and for whether anything accounts for it. Memory grows by the id of each public
    /// document.
    ///
    /// # Errors
    /// [`Error::Corrupt`] with the first document that does not fit, and, of one that is rendered from no
    /// other, whether an older release may have left it so; [`Error::Busy`] when others change the same
    /// things again and again; [`Error::Store`].
    pub async fn check(&self, mut progress: impl FnMut(u64) + Send) -> Result<Checked, Error> {
        let desk = self.desk(Actor::clock());
        let press = self.inner.newsroom.press();
        let raised = self.raised().await?;
        let told_before = self.told().await?;
        let mut checked = Checked::default();
        let (mut rendered, mut began, mut after) = (HashSet::new(), None, None);
        let mut looked_at = 0_u64;
        let mut tell = |documents: usize| {
            looked_at = looked_at.saturating_add(documents as u64);
            progress(looked_at);
        };
        loop {
            let walked = desk.store().walk(after.as_ref(), STEP).await?;
            began.get_or_insert(walked.as_of);
            let mut sources = Vec::new();
            for stored in &walked.docs {
                let Some(today) = Spelling::today(stored)? else {
                    continue;
                };
                if let Some(how) = misfit(stored, &today, raised) {
                    return Err(wrong(&stored.at, &how));
                }
                if stored.at.collection != FEED {
                    checked.private = checked.private.saturating_add(1);
                    sources.push(stored.at.clone());
                    continue;
                }
                checked.feed = checked.feed.saturating_add(1);
                if stored.at.id.as_u128() != u128::from(checked.feed) {
                    return Err(wrong(&stored.at, "stands after a gap in the public feed"));
                }
            }
            let mut look = 1;
            let faces = loop {
                let mut reader = Reader::new(desk.store());
                let faces = faces(&mut reader, &press, &sources).await?;
                let mut differs = None;
                for face in &faces {
                    let stored = reader.stored(&face.at).await?;
                    if stored.is_none_or(|stored| !face.is_stored_as(&stored)) {
                        differs = Some(face.at.clone());
                        break;
                    }
                }
                match differs {
                    None if reader.is_whole() => break faces,
                    Some(at) if reader.is_whole() => {
                        return Err(wrong(&at, "is not what it is rendered from"));
                    }
                    _ if look == LOOKS => return Err(Error::Busy),
                    _ => look += 1,
                }
            };
            checked.public = checked.public.saturating_add(faces.len() as u64);
            rendered.extend(faces.into_iter().map(|face| face.at));
            tell(walked.docs.len());
            after = walked.docs.last().map(|stored| stored.at.clone());
            if !walked.more {
                break;
            }
        }
        let told = told_before..=self.told().await?;
        if !told.contains(&checked.feed) {
            let how = format!(
                "counts {} entries of the public feed, and there are {}",
                told.end(),
                checked.feed
            );
            return Err(wrong(&FeedHead::at(FeedHead::ID), &how));
        }
        self.check_for_strays(&rendered, began.unwrap_or_default(), tell)
            .await?;
        Ok(checked)
    }

    /// How many entries the public feed has by now.
    async fn told(&self) -> Result<u64, Error> {
        let mut reader = Reader::new(&*self.inner.store);
        let head: Option<FeedHead> = reader.find(FeedHead::ID).await?;
        Ok(head.map_or(0, |head| head.last()))
    }

    /// From which commit on nobody has written who spells or indexes otherwise than this release: by
    /// then the store had its schema. `None` where it has not.
    async fn raised(&self) -> Result<Option<Seq>, Error> {
        let doc = self
            .inner
            .store
            .get_one(&Newsroom::at(Newsroom::ID))
            .await?;
        let doc = doc.ok_or(Error::NotFounded)?;
        let raised = Newsroom::schema_of(&doc).is_some_and(|schema| schema >= SCHEMA);
        Ok(raised.then_some(doc.version))
    }

    /// Nothing public stands there, since before the check, that nothing was rendered to.
    async fn check_for_strays(
        &self,
        rendered: &HashSet<DocRef>,
        began: Seq,
        mut tell: impl FnMut(usize) + Send,
    ) -> Result<(), Error> {
        let mut after = None;
        loop {
            let walked = self.inner.store.walk(after.as_ref(), STEP).await?;
            let stray = |stored: &&Stored| {
                is_rendered(&stored.at.collection)
                    && stored.version <= began
                    && !rendered.contains(&stored.at)
            };
            if let Some(stray) = walked.docs.iter().find(stray) {
                return Err(wrong(&stray.at, "is public, and nothing accounts for it"));
            }
            tell(walked.docs.len());
            after = walked.docs.last().map(|stored| stored.at.clone());
            if !walked.more {
                return Ok(());
            }
        }
    }
}

/// How a document is not as this release would store it, where that matters: a private one need not be
/// spelled anew to be read. It may be that an older release has left it so, before this one had `raised`
/// the schema.
fn misfit(stored: &Stored, today: &Spelling, raised: Option<Seq>) -> Option<String> {
    let (fits, what) = match stored.at.collection == FEED {
        true => (today.is_stored_as(stored), "is not stored as what it tells"),
        false => (
            today.is_indexed_as(stored),
            "stands under other entries, or another card, than its body says",
        ),
    };
    let who = match raised {
        Some(raised) if stored.version >= raised => "and no older release wrote it",
        _ => "as an older release may have left it: upgrade the store",
    };
    (!fits).then(|| format!("{what}, {who}"))
}

fn wrong(at: &DocRef, how: &str) -> Error {
    Error::Corrupt {
        what: format!("{at} {how}"),
    }
}
