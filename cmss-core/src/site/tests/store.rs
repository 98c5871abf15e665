//! A store that holds faces, and fails whoever asks for anything that is not public.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use crate::site::{Face, Site};
use crate::store::{
    Changes, Changeset, CommitId, Doc, DocRef, Got, Hit, Limits, Lines, Order, Page, Position,
    Receipt, Salt, Scan, Seq, Store, StoreError, Walked, Want,
};

/// Faces by where they stand, what was asked, and what happens before the next `get`.
#[derive(Debug, Default)]
struct State {
    faces: BTreeMap<DocRef, Face>,
    asked: Vec<String>,
    meanwhile: Vec<Change>,
}

#[derive(Debug)]
enum Change {
    Put(Face),
    Remove(DocRef),
}

/// A store of public documents alone.
#[derive(Debug, Default)]
pub(super) struct Faces(Mutex<State>);

impl Faces {
    pub(super) fn new(faces: impl IntoIterator<Item = Face>) -> Arc<Self> {
        let store = Arc::new(Self::default());
        faces.into_iter().for_each(|face| store.put(face));
        store
    }

    pub(super) fn site(self: &Arc<Self>) -> Site {
        Site::new(self.clone())
    }

    pub(super) fn put(&self, face: Face) {
        self.state().change(Change::Put(face));
    }

    pub(super) fn remove(&self, at: DocRef) {
        self.state().change(Change::Remove(at));
    }

    /// Puts a face just before the next `get` is answered.
    pub(super) fn put_meanwhile(&self, face: Face) {
        self.state().meanwhile.push(Change::Put(face));
    }

    /// Removes a face just before the next `get` is answered.
    pub(super) fn remove_meanwhile(&self, at: DocRef) {
        self.state().meanwhile.push(Change::Remove(at));
    }

    /// What was asked since this was last asked.
    pub(super) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.state().asked)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl State {
    fn change(&mut self, change: Change) {
        match change {
            Change::Put(face) => {
                // A unique key is held once, as in any store.
                let unique: BTreeSet<_> = face.entries.iter().filter(|e| e.is_unique()).collect();
                let others = self.faces.values().filter(|other| other.at != face.at);
                assert!(
                    others
                        .flat_map(|other| &other.entries)
                        .all(|e| !unique.contains(e))
                );
                self.faces.insert(face.at.clone(), face);
            }
            Change::Remove(at) => {
                self.faces.remove(&at);
            }
        }
    }
}

/// Fails the test that a question for something private belongs to.
fn ensure_public(name: &str) {
    assert!(name.starts_with("public."), "{name} is private");
}

fn doc(face: &Face) -> Doc {
    Doc {
        at: face.at.clone(),
        version: Seq(4_711),
        salt: Salt([0x5a; 16]),
        body: face.body.as_str().into(),
    }
}

#[async_trait]
impl Store for Faces {
    async fn get(&self, refs: &[DocRef]) -> Result<Got, StoreError> {
        let mut state = self.state();
        for change in std::mem::take(&mut state.meanwhile) {
            state.change(change);
        }
        refs.iter()
            .for_each(|at| ensure_public(at.collection.as_str()));
        self.limits().check_page(refs.len())?;
        state.asked.push(format!("get {}", refs.len()));
        let docs = refs.iter().map(|at| state.faces.get(at).map(doc));
        Ok(Got {
            as_of: Seq(4_711),
            docs: docs.collect(),
        })
    }

    async fn scan(&self, scan: &Scan) -> Result<Page, StoreError> {
        let mut state = self.state();
        let name = scan.range.index.as_str();
        ensure_public(name);
        self.limits().check_page(scan.limit)?;
        state.asked.push(format!("scan {name}"));
        let places: BTreeMap<_, _> = state
            .faces
            .values()
            .flat_map(|face| face.entries.iter().map(move |entry| (entry, face)))
            .filter(|(entry, _)| *entry.index() == scan.range.index)
            .map(|(entry, face)| (Position::before(entry.key().clone(), face.at.clone()), face))
            .filter(|(place, _)| scan.range.contains(place))
            .collect();
        let mut found: Vec<_> = places.into_iter().collect();
        if scan.order == Order::Descending {
            found.reverse();
        }
        let more = found.len() > scan.limit;
        found.truncate(scan.limit);
        let last = found
            .last()
            .filter(|_| more)
            .map(|(place, _)| place.clone());
        let hits = found.into_iter().map(|(place, face)| Hit {
            key: place.key,
            at: face.at.clone(),
            version: Seq(4_711),
            card: face
                .card
                .as_deref()
                .filter(|_| scan.want == Want::Card)
                .map(Into::into),
            doc: Some(doc(face)).filter(|_| scan.want == Want::Body),
        });
        Ok(Page {
            as_of: Seq(4_711),
            hits: hits.collect(),
            next: last,
        })
    }

    async fn walk(&self, _: Option<&DocRef>, _: usize) -> Result<Walked, StoreError> {
        Err(StoreError::Closed)
    }

    async fn commit(&self, _: Changeset) -> Result<Receipt, StoreError> {
        Err(StoreError::Closed)
    }

    async fn receipt(&self, _: CommitId) -> Result<Option<Receipt>, StoreError> {
        Err(StoreError::Closed)
    }

    async fn changes(&self, _: Seq, _: usize) -> Result<Changes, StoreError> {
        Err(StoreError::Closed)
    }

    async fn grown(&self, _: Seq) -> Result<Seq, StoreError> {
        Err(StoreError::Closed)
    }

    async fn load(&self, _: Lines) -> Result<Seq, StoreError> {
        Err(StoreError::Closed)
    }

    fn limits(&self) -> Limits {
        Limits::default()
    }

    async fn close(&self) -> Result<(), StoreError> {
        Err(StoreError::Closed)
    }
}
