//! Plays a sequence on the library and on the tables side by side.

mod beginning;

use std::collections::BTreeMap;
use std::sync::Arc;

use cmss::store::Store;
use cmss::{Actor, Command, Error};
use serde_json::Value;

use crate::answers::{check_allowed, ended, listed};
use crate::cast::{LEGAL, Roles, Who};
use crate::newsroom::{Ask, EditionState, Foretold, Newsroom, OfEdition};
use crate::onward::before;
use crate::world::World;
use crate::{private, public};

use beginning::Place;
pub(crate) use beginning::{Beginning, Home};

/// What a sequence came to, for the report; or how it failed.
pub(crate) type Played = Result<BTreeMap<String, Counted>, String>;

/// How often a command was accepted, and how often not.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Counted {
    pub(crate) accepted: u32,
    pub(crate) refused: u32,
}

/// Fails the sequence unless a condition holds.
macro_rules! ensure {
    ($holds:expr, $($why:tt)*) => {
        if !$holds {
            return Err(format!($($why)*));
        }
    };
}
pub(crate) use ensure;

/// How a sequence is played.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Play {
    /// After how many changes the site is rebuilt, and must be as it was.
    pub(crate) rebuild_every: usize,
    /// What the tables get wrong on purpose, to show that it is noticed.
    pub(crate) slip: Option<fn(Foretold) -> Foretold>,
}

impl Play {
    pub(crate) const EACH_CHANGE: Self = Self {
        rebuild_every: 1,
        slip: None,
    };
}

/// The library and the tables, side by side.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) newsroom: Newsroom,
    how: Play,
    /// Where the store lies, if it can be opened again.
    lies: Option<Place>,
    /// Everything public, byte for byte.
    public: String,
    changes: usize,
    counted: BTreeMap<String, Counted>,
}

impl Stage {
    /// A newsroom in an empty store, with what is done before all sequences.
    pub(crate) async fn set(store: Arc<dyn Store>, how: Play) -> Result<Self, String> {
        let (world, newsroom) = Box::pin(World::found(store)).await;
        let mut stage = Self {
            public: public::dump(&world).await?,
            world,
            newsroom,
            how,
            lies: None,
            changes: 0,
            counted: BTreeMap::new(),
        };
        for (who, ask) in before(&stage.newsroom) {
            let given = Box::pin(stage.give(who, &ask, false)).await;
            given.map_err(|why| format!("before all steps, {who:?} {ask:?}: {why}"))?;
        }
        Ok(stage)
    }

    /// Closes the store and opens it again, where it can be: all is as it was.
    async fn reopen(&mut self) -> Result<(), String> {
        let Some(place) = &self.lies else {
            return Ok(());
        };
        let said = |error: Error| format!("closing, the store says {error}");
        self.world.cms.close().await.map_err(said)?;
        let ids = format!("opened after {} commits", self.world.seq);
        self.world = self.world.clone().opened(place.open(), &ids).await;
        self.check_untouched().await?;
        private::check(&self.world, &self.newsroom).await
    }

    /// One command, and everything that must hold around it.
    pub(crate) async fn give(&mut self, who: Who, ask: &Ask, again: bool) -> Result<(), String> {
        let command = self.world.command(ask);
        let spelled = spelling(&command);
        let allowed = listed(&self.world, who, ask, &spelled).await?;
        let stale = self.newsroom.clone();
        let mut foretold = self.newsroom.give(who, ask);
        if let Some(slip) = self.how.slip {
            foretold = slip(foretold);
        }

        let key = self.world.fresh_key();
        let desk = self.world.desk(who).once(key);
        let result = desk.execute(&command).await;
        let end = ended(&result)?;
        let happened = self.world.news().await.map_err(|error| error.to_string())?;
        let accepted = match (&end, &foretold) {
            (Ok(_), Foretold::Done | Foretold::Nothing) => true,
            (Err(end), foretold) if end == foretold => false,
            (end, foretold) => return Err(format!("foretold {foretold:?}, and was {end:?}")),
        };
        let count = self.counted.entry(spelled.clone()).or_default();
        if accepted {
            count.accepted += 1
        } else {
            count.refused += 1
        }

        let wrote = foretold == Foretold::Done;
        ensure!(
            happened.len() == usize::from(wrote),
            "left {} records",
            happened.len()
        );
        if let Some(line) = happened.first() {
            ensure!(line.command == spelled, "the log says {}", line.command);
            let at = self.newsroom.last_change;
            ensure!(line.at == at, "happened at {}, not at {at}", line.at);
        }
        if let Err(Error::Conflict(conflict)) = &result {
            self.check_conflict(ask, conflict)?;
        }
        check_allowed(allowed, &end)?;
        if again {
            self.again(who, &command, key, &end).await?;
        }
        if let Ok(done) = &end {
            if wrote {
                self.world.learn(ask, done);
            }
            self.check_answer(ask, done)?;
        }
        if wrote {
            self.changed(ask).await
        } else {
            private::check_unchanged(&stale, &self.newsroom)?;
            self.check_untouched().await
        }
    }

    /// The loser of two who name one head is shown what there is (6).
    fn check_conflict(&self, ask: &Ask, conflict: &cmss::EditConflict) -> Result<(), String> {
        let (edition, mine) = match ask {
            Ask::Save { edition, text, .. } => (*edition, Some(text)),
            Ask::Submit { edition, .. }
            | Ask::Accept { edition, .. }
            | Ask::Approve { edition, .. }
            | Ask::Publish { edition, .. } => (*edition, None),
            other => return Err(format!("{other:?} names no head")),
        };
        let head = self.newsroom.editions[edition].head;
        ensure!(
            conflict.head == self.world.revisions[head],
            "another head is shown"
        );
        let theirs = self.world.text(self.newsroom.text(head));
        ensure!(*conflict.theirs == theirs, "another text is shown");
        let mine = mine.map(|text| Box::new(self.world.text(text)));
        ensure!(
            conflict.mine == mine,
            "the text that was sent is not handed back"
        );
        Ok(())
    }

    /// The same key again: the same answer, and no second change (7).
    async fn again(
        &mut self,
        who: Who,
        command: &Command,
        key: cmss::store::CommitId,
        end: &Result<Value, Foretold>,
    ) -> Result<(), String> {
        let second = ended(&self.world.desk(who).once(key).execute(command).await)?;
        ensure!(
            second == *end,
            "sent twice, it answered {second:?} after {end:?}"
        );
        let happened = self.world.news().await.map_err(|error| error.to_string())?;
        // But each look is written down.
        let looked = matches!((command, end), (Command::LookUpByline(_), Ok(_)));
        ensure!(
            happened.len() == usize::from(looked),
            "sent twice, it happened {} times more",
            happened.len()
        );
        Ok(())
    }

    /// What a save answers is the head; what a change of a byline answers serves new works.
    fn check_answer(&self, ask: &Ask, done: &Value) -> Result<(), String> {
        let answers = match ask {
            Ask::Save { edition, .. }
            | Ask::Edition {
                edition,
                event: OfEdition::SetAside,
                ..
            } => self.world.revisions[self.newsroom.editions[*edition].head].to_string(),
            Ask::LookUp { byline } => return self.check_look(*byline, done),
            _ => return Ok(()),
        };
        ensure!(
            done.as_str() == Some(&answers),
            "answered {done}, and {answers} is the head"
        );
        Ok(())
    }

    /// Who looks is told who is behind a byline.
    fn check_look(&self, byline: usize, done: &Value) -> Result<(), String> {
        let person = self.newsroom.bylines[byline].person;
        let name = LEGAL[self.newsroom.persons[person].name];
        let (is, should) = (&done["id"], self.world.persons[person].to_string());
        ensure!(
            *is == *should && done["name"] == *name,
            "a look says {done}, and it is {should}"
        );
        Ok(())
    }

    /// After a change: the desk and the site are what the tables say.
    async fn changed(&mut self, ask: &Ask) -> Result<(), String> {
        private::check(&self.world, &self.newsroom).await?;
        let public = public::dump(&self.world).await?;
        if public != self.public {
            ensure!(ask.may_show(), "it changed what the public reads");
            public::check_hidden(&self.world, &public)?;
            self.public = public;
        }
        public::check_names(&self.newsroom, &self.public)?;
        public::check(&self.world, &self.newsroom).await?;
        self.changes += 1;
        if self.changes.is_multiple_of(self.how.rebuild_every) {
            self.check_rebuilt().await?;
        }
        Ok(())
    }

    /// Stored equals rendered (1).
    async fn check_rebuilt(&mut self) -> Result<(), String> {
        let rebuilt = self
            .world
            .cms
            .rebuild_site(|_| {})
            .await
            .map_err(|error| error.to_string())?;
        let same = rebuilt == cmss::Rebuilt::default();
        ensure!(same, "a rebuild changes what is public: {rebuilt:?}");
        Ok(())
    }

    /// After a command that came to nothing (10): not a byte of the public side has changed. That
    /// nothing was committed was seen from the log.
    async fn check_untouched(&self) -> Result<(), String> {
        let public = public::dump(&self.world).await?;
        ensure!(
            public == self.public,
            "it came to nothing, and the public reads something else"
        );
        Ok(())
    }

    /// In the end every author takes back what is not public yet, and nobody stops them (14).
    async fn end(&mut self) -> Result<(), String> {
        self.reopen().await?;
        self.check_rebuilt().await?;
        for edition in 0..self.newsroom.editions.len() {
            let at = &self.newsroom.editions[edition];
            use EditionState::{Approved, ChangesRequested, Draft, Submitted};
            if !matches!(at.state, Draft | Submitted | ChangesRequested | Approved) {
                continue;
            }
            let author = at.authors[edition % at.authors.len()];
            let (desk, id) = (self.world.person_desk(author), self.world.edition(edition));
            desk.withdraw(id)
                .await
                .map_err(|error| format!("{id}: {error}"))?;
            let ask = Ask::Edition {
                edition,
                event: OfEdition::Withdraw,
                blank: false,
            };
            let by = Roles {
                person: Some(author),
                ..Roles::default()
            };
            let foretold = self.newsroom.give_as(by, &ask);
            ensure!(
                foretold == Foretold::Done,
                "foretold {foretold:?} of taking back"
            );
        }
        let closed = self.world.cms.desk(Actor::visitor()).own_claims(None).await;
        ensure!(closed.is_err(), "a visitor has claims");
        Ok(())
    }
}

/// How a command is spelled in the log.
fn spelling(command: &Command) -> String {
    let shown = format!("{command:?}");
    let name = shown.split(['(', ' ']).next().unwrap_or_default();
    let mut spelled = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !spelled.is_empty() {
            spelled.push('_');
        }
        spelled.extend(c.to_lowercase());
    }
    spelled
}
