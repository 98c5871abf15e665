//! The memory store with one defect.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, RwLock, RwLockReadGuard};

use cmss_core::store::{
    Changes, Changeset, CommitId, DocRef, Got, Limits, Lines, Order, Page, Position, Receipt, Scan,
    Seq, Store, StoreError, Walked, Want,
};
use cmss_memory::MemoryStore;
use cmss_testkit::{async_trait, feed, lines};
use pollster::block_on;

use crate::changes;
use crate::defect::Defect;
use crate::power::Device;
use crate::racing::Racing;
use crate::waiting;

#[derive(Debug)]
pub(crate) struct Mutant {
    store: RwLock<MemoryStore>,
    /// What the store held when it was closed; written while nothing is committed.
    kept: RwLock<Option<MemoryStore>>,
    defect: Defect,
    loaded: AtomicBool,
    /// What scans have answered, by how they were asked.
    scanned: Mutex<BTreeMap<String, Page>>,
    racing: Racing,
    /// Whether somebody has stopped waiting.
    left: Arc<AtomicBool>,
    /// Where a commit is written before it is durable.
    device: RwLock<Device>,
}

impl Mutant {
    pub(crate) fn new(defect: Defect) -> Self {
        Self {
            store: RwLock::default(),
            kept: RwLock::default(),
            defect,
            loaded: AtomicBool::new(false),
            scanned: Mutex::default(),
            racing: Racing::default(),
            left: Arc::default(),
            device: RwLock::default(),
        }
    }

    /// What a loss of power leaves at this moment.
    pub(crate) async fn cut(&self) -> Result<Self, StoreError> {
        let left = self.store().fork()?;
        self.close().await?;
        Ok(Self {
            device: RwLock::new(Device::new(&left)?),
            store: RwLock::new(left),
            ..Self::new(self.defect)
        })
    }

    pub(crate) const fn defect(&self) -> Defect {
        self.defect
    }

    fn is(&self, defect: Defect) -> bool {
        self.defect == defect
    }

    fn store(&self) -> MemoryStore {
        self.store.read().expect("the handle is whole").clone()
    }

    /// The store as reads see it.
    fn seen(&self) -> MemoryStore {
        match self.defect {
            Defect::AnsweredBeforeItIsSeen => self.racing.late(&self.store()),
            Defect::ReadBeforeTheSync | Defect::AnsweredBeforeTheSync => self.device().written(),
            _ => self.store(),
        }
    }

    fn device(&self) -> RwLockReadGuard<'_, Device> {
        self.device.read().expect("the device is whole")
    }

    /// Whether commits are written before they are durable.
    const fn is_on_a_device(&self) -> bool {
        matches!(
            self.defect,
            Defect::None
                | Defect::AnsweredBeforeTheSync
                | Defect::RefusedBeforeTheSync
                | Defect::RepeatedBeforeTheSync
                | Defect::ReadBeforeTheSync
        )
    }

    /// Closes the store and opens another with the same content.
    pub(crate) async fn reopen(&self) -> Result<(), StoreError> {
        let new = MemoryStore::new();
        let kept = self.kept.write().expect("what is kept is whole").take();
        let old = kept.unwrap_or_else(|| self.store());
        if !self.is(Defect::ForgottenAtReopening) {
            new.load(feed(lines(&old).await?)).await?;
        }
        old.close().await?;
        self.racing.forget();
        *self.device.write().expect("the device is whole") = Device::new(&new)?;
        *self.store.write().expect("the handle is whole") = new;
        Ok(())
    }

    fn as_of(&self, seq: Seq) -> Seq {
        if self.is(Defect::AsOfLags) {
            seq.previous()
        } else {
            seq
        }
    }

    fn version(&self, seq: Seq) -> Seq {
        if self.is(Defect::VersionStandsStill) {
            Seq(1)
        } else {
            seq
        }
    }

    fn page(&self, limit: usize) -> Result<(), StoreError> {
        let page = self.limits().page;
        if self.is(Defect::LimitsExclusive) && limit == page {
            return Err(StoreError::Limit {
                what: "page",
                limit: page,
                given: limit,
            });
        }
        Ok(())
    }
}

#[async_trait]
impl Store for Mutant {
    async fn get(&self, refs: &[DocRef]) -> Result<Got, StoreError> {
        self.page(refs.len())?;
        let mut refs = refs.to_vec();
        if self.is(Defect::GetSorted) {
            refs.sort();
        }
        let seen = match self.defect {
            Defect::GetFromACopy => self.racing.copy(&self.store())?,
            _ => self.seen(),
        };
        let mut got = seen.get(&refs).await?;
        got.as_of = self.as_of(got.as_of);
        for place in &mut got.docs {
            *place = place.take().filter(|doc| &*doc.body != changes::GONE);
            if let Some(doc) = place {
                doc.version = self.version(doc.version);
            }
        }
        Ok(got)
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        let store = self.seen();
        let mut scan = scan.clone();
        let asked = format!("{scan:?}");
        match self.defect {
            Defect::UntilInclusive => changes::include_until(&mut scan.range),
            Defect::IndexNamesCut => scan.range.index = changes::cut(&scan.range.index),
            Defect::LargePagesCut => scan.limit = scan.limit.min(256),
            Defect::CardUnasked if scan.want == Want::Nothing => scan.want = Want::Card,
            Defect::InvertedRangePanics => {
                let bounds = scan.range.from.as_ref().zip(scan.range.until.as_ref());
                assert!(bounds.is_none_or(|(from, until)| from <= until), "inverted");
            }
            Defect::StaleSets => {
                let scanned = self.scanned.lock().expect("the answers are whole");
                if let Some(page) = scanned.get(&asked) {
                    return Ok(page.clone());
                }
            }
            _ => {}
        }
        self.page(scan.limit)?;
        let mut page = match self.defect {
            Defect::ScanInHalves => self.racing.halves(&store, &scan).await?,
            _ => store.scan(&scan).await?,
        };
        page.as_of = self.as_of(page.as_of);
        for hit in &mut page.hits {
            hit.version = self.version(hit.version);
        }
        match self.defect {
            Defect::TiesReversed => page
                .hits
                .sort_by(|a, b| (&a.key, &b.at).cmp(&(&b.key, &a.at))),
            Defect::HitForEachEntry => {
                let docs = changes::documents(&store).await?;
                let often = |hit: &cmss_core::store::Hit| {
                    let entries = docs[&hit.at].entries.iter();
                    let index = &scan.range.index;
                    entries
                        .filter(|entry| entry.index() == index && *entry.key() == hit.key)
                        .count()
                };
                let hits = page.hits.into_iter();
                page.hits = hits
                    .flat_map(|hit| {
                        let count = often(&hit);
                        std::iter::repeat_n(hit, count)
                    })
                    .collect();
            }
            Defect::NextWheneverFull => {
                if let Some(last) = page.hits.last().filter(|_| page.hits.len() == scan.limit) {
                    let (key, at) = (last.key.clone(), last.at.clone());
                    page.next = Some(match scan.order {
                        Order::Ascending => Position::after(key, at),
                        Order::Descending => Position::before(key, at),
                    });
                }
            }
            Defect::ResumesAtTheNextHit if page.next.is_some() => {
                let mut range = scan.range.clone();
                match scan.order {
                    Order::Ascending => range.from = page.next,
                    Order::Descending => range.until = page.next,
                }
                let one = Scan {
                    range,
                    limit: 1,
                    ..scan
                };
                let hits = store.scan(&one).await?.hits;
                page.next = hits.into_iter().next().map(|hit| match scan.order {
                    Order::Ascending => Position::before(hit.key, hit.at),
                    Order::Descending => Position::after(hit.key, hit.at),
                });
            }
            Defect::LargePagesCut => page.next = page.next.filter(|_| scan.limit < 256),
            Defect::StaleSets => {
                let mut scanned = self.scanned.lock().expect("the answers are whole");
                scanned.insert(asked, page.clone());
            }
            _ => {}
        }
        Ok(page)
    }

    async fn walk(&self, after: Option<&DocRef>, limit: usize) -> Result<Walked, StoreError> {
        self.page(limit)?;
        let store = self.seen();
        let mut walked = store.walk(after, limit).await?;
        if let Some(after) = after {
            let docs = changes::documents(&store).await?;
            match (self.defect, docs.get(after)) {
                (Defect::WalkInclusive, Some(stored)) => walked.docs.insert(0, stored.clone()),
                (Defect::WalkNeedsItsDocument, None) => walked.docs.clear(),
                _ => {}
            }
        }
        walked.docs.truncate(limit);
        walked.as_of = self.as_of(walked.as_of);
        for stored in &mut walked.docs {
            stored.version = self.version(stored.version);
        }
        Ok(walked)
    }

    async fn commit(&self, changeset: Changeset) -> Result<Receipt, StoreError> {
        let _not_closing = self.kept.read().expect("what is kept is whole");
        let store = self.store();
        if self.is_on_a_device() {
            return block_on(self.device().commit(&store, self.defect, changeset));
        }
        match self.defect {
            Defect::GetFromACopy | Defect::AnsweredBeforeItIsSeen | Defect::ScanInHalves => {
                self.racing.changing(&store)?;
            }
            Defect::ReplayNotLookedForAgain => {
                return block_on(self.racing.unlooked(&store, changeset));
            }
            _ => {}
        }
        block_on(changes::commit(&store, self.defect, changeset))
    }

    async fn receipt(&self, id: CommitId) -> Result<Option<Receipt>, StoreError> {
        let receipt = self.seen().receipt(id).await?;
        let loaded = self.loaded.load(Ordering::SeqCst);
        let lost = self.is(Defect::ReceiptLost) || self.is(Defect::LoadLosesReceipts) && loaded;
        Ok(receipt.filter(|_| !lost))
    }

    async fn changes(&self, after: Seq, limit: usize) -> Result<Changes, StoreError> {
        self.page(limit)?;
        let mut changes = self.seen().changes(after, limit).await?;
        changes.as_of = self.as_of(changes.as_of);
        if self.is(Defect::RecordsMissing) {
            changes.records.retain(|record| record.seq.0 % 2 == 1);
        }
        Ok(changes)
    }

    async fn grown(&self, past: Seq) -> Result<Seq, StoreError> {
        let store = self.store();
        match self.defect {
            Defect::GrownTooEarly => Ok(past.next()),
            Defect::WakersLost => waiting::deaf(&store, past).await,
            Defect::WokenOnce => waiting::once(&store, past).await,
            Defect::LeavingWakesNobody => waiting::until_one_leaves(&store, past, &self.left).await,
            Defect::LooksBeforeItWaits => waiting::for_the_next(&store, past).await,
            _ => store.grown(past).await,
        }
    }

    async fn load(&self, lines: Lines) -> Result<Seq, StoreError> {
        let store = self.store();
        if self.is(Defect::LoadedNothingIsNotEmpty) && self.loaded.load(Ordering::SeqCst) {
            return Err(StoreError::NotEmpty);
        }
        if self.is(Defect::LoadWritesOver) {
            let lines = lines.collect::<Result<_, _>>()?;
            let new = MemoryStore::new();
            let loaded = new.load(feed(lines)).await?;
            *self.store.write().expect("the handle is whole") = new;
            return Ok(loaded);
        }
        let lines = if self.is(Defect::LoadSealsItself) {
            changes::sealed(lines)?
        } else {
            lines
        };
        if self.is(Defect::LoadIsVisibleEarly) {
            changes::trace(&store, None).await?;
        }
        let loaded = match self.is_on_a_device() {
            true => block_on(self.device().load(&store, lines)),
            false => store.load(lines).await,
        };
        self.loaded.store(loaded.is_ok(), Ordering::SeqCst);
        match (self.defect, loaded) {
            (Defect::LoadAcceptsNonEmpty, Err(StoreError::NotEmpty)) => {
                Ok(store.changes(Seq::ZERO, 1).await?.as_of)
            }
            (Defect::LoadTrustsItsLines, Err(StoreError::Corrupt { .. })) => Ok(Seq::ZERO),
            (Defect::LoadLeavesTraces, Err(error)) => {
                changes::trace(&store, None).await?;
                Err(error)
            }
            (_, loaded) => loaded,
        }
    }

    fn limits(&self) -> Limits {
        let mut limits = self.store().limits();
        if self.is(Defect::LimitsLow) {
            limits.card -= 1;
        }
        limits
    }

    async fn close(&self) -> Result<(), StoreError> {
        if self.is(Defect::CloseIgnored) {
            return Ok(());
        }
        let mut kept = self.kept.write().expect("what is kept is whole");
        let store = self.store();
        if let Ok(still_open) = store.fork() {
            *kept = Some(still_open);
        }
        block_on(self.device().written().close())?;
        self.racing.forget();
        block_on(store.close())
    }
}
