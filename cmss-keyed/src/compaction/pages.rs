//! Everything a store holds, as the lines of a load.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use cmss_core::store::{DocRef, Intake, Line, Seq, StoreError};

use crate::engine::Engine;
use crate::shared::Shared;

/// Documents or records read at a time.
const PAGE: usize = 16;

/// How much has been handed out: documents and log records.
pub(super) type HandedOut = (u64, u64);

/// What comes next.
enum Stage {
    Documents(Option<DocRef>),
    Records(Seq),
    Over,
}

/// The lines of a store in which nothing is committed meanwhile.
pub(super) struct Pages<E> {
    shared: Arc<Shared<E>>,
    stage: Stage,
    ready: VecDeque<Line>,
    intake: Intake,
    handed_out: HandedOut,
    told: Sender<HandedOut>,
}

impl<E: Engine> Pages<E> {
    pub(super) fn of(shared: Arc<Shared<E>>, told: Sender<HandedOut>) -> Self {
        Self {
            shared,
            stage: Stage::Documents(None),
            ready: VecDeque::new(),
            intake: Intake::new(),
            handed_out: (0, 0),
            told,
        }
    }

    /// Reads on; nothing is ready when there is nothing more.
    fn read(&mut self) -> Result<(), StoreError> {
        while self.ready.is_empty() {
            match &self.stage {
                Stage::Documents(after) => {
                    let page = (self.shared).settled(|view, _| view.walk(after.as_ref(), PAGE));
                    let (docs, _) = page?;
                    self.handed_out.0 = self.handed_out.0.saturating_add(docs.len() as u64);
                    self.stage = match docs.last() {
                        Some(last) => Stage::Documents(Some(last.at.clone())),
                        None => Stage::Records(Seq::ZERO),
                    };
                    self.ready.extend(docs.into_iter().map(Line::Doc));
                }
                Stage::Records(after) => {
                    let after = *after;
                    let records =
                        (self.shared).settled(|view, tip| view.records(after, PAGE, tip.seq))?;
                    self.handed_out.1 = self.handed_out.1.saturating_add(records.len() as u64);
                    match records.last() {
                        Some(last) => self.stage = Stage::Records(last.seq),
                        None => {
                            self.stage = Stage::Over;
                            self.ready.push_back(Line::End(self.intake.end()));
                        }
                    }
                    self.ready.extend(records.into_iter().map(Line::Record));
                }
                Stage::Over => return Ok(()),
            }
            // Who listens no longer has gone.
            let _ = self.told.send(self.handed_out);
        }
        Ok(())
    }
}

impl<E: Engine> Iterator for Pages<E> {
    type Item = Result<Line, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(error) = self.read() {
            return Some(Err(error));
        }
        let line = self.ready.pop_front()?;
        let taken = match line {
            Line::End(_) => Ok(()),
            Line::Doc(_) | Line::Record(_) => self.intake.take(&line),
        };
        Some(taken.map(|()| line))
    }
}
