//! The teller: sets the clock, gives each step its key, and says what came of it.

use std::cell::Cell;
use std::error::Error as StdError;
use std::io::{self, Write as _};
use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Europe::Stockholm;
use cmss::store::{CommitId, Seq, Store};
use cmss::values::Locale;
use cmss::{Actor, Cms, Desk, Error, NewNewsroom, NewPerson, SeededIds, SetClock};

/// What may go wrong in an example.
pub(crate) type Failure = Box<dyn StdError>;

/// How local times are told.
const MINUTE: &str = "%Y-%m-%d %H:%M";

/// When the newsroom begins.
const BEGINS: &str = "2026-03-02 08:00";

/// The login of the first admin, by which she is found when the store is opened again.
pub(crate) const FIRST_ADMIN: &str = "ada.almgren@login.example.org";

/// A newsroom with its clock, and what was told of it so far.
pub(crate) struct Story {
    pub(crate) cms: Cms,
    store: Arc<dyn Store>,
    clock: Arc<SetClock>,
    acks: bool,
    /// The commit of the last step.
    reached: Cell<Seq>,
    /// When the last step was taken.
    last: Cell<DateTime<Utc>>,
}

impl Story {
    /// Opens the newsroom in the store, or founds one there.
    pub(crate) async fn begin(store: Arc<dyn Store>, acks: bool) -> Result<Self, Failure> {
        let clock = Arc::new(SetClock::at(instant(BEGINS)?));
        // A real newsroom keeps `RandomIds`: these can be guessed.
        let builder = Cms::builder(store.clone())
            .clock(clock.clone())
            .ids(Arc::new(SeededIds::new("the newsroom of the example")));
        let (cms, new) = match builder.clone().open().await {
            Ok(cms) => (cms, false),
            Err(Error::NotFounded) => (found(builder).await?, true),
            Err(error) => return Err(error.into()),
        };
        let name = cms.name().to_owned();
        let story = Self {
            cms,
            store,
            clock,
            acks,
            // Founding is the first commit of a store.
            reached: Cell::new(Seq::ZERO.next()),
            last: Cell::new(instant(BEGINS)?),
        };
        if new {
            story.say(&format!("{BEGINS}  The newsroom {name} is founded."))?;
        } else {
            story.say(&format!(
                "The newsroom {name} is here already. Every command is sent again with the key it \
                 had; what\nwas done before is answered as it was then, and marked \"done before\"."
            ))?;
        }
        Ok(story)
    }

    /// Puts the clock to a local time, or to a minute after the last step where that is later:
    /// each step has an instant of its own. Answers it as it is told.
    fn turn_to(&self, at: &str) -> Result<String, Failure> {
        let after = self.last.get() + TimeDelta::minutes(1);
        let at = instant(at)?.max(after);
        self.last.set(at);
        self.clock.set(at);
        Ok(at.with_timezone(&Stockholm).format(MINUTE).to_string())
    }

    /// One command, by one actor, at its instant, under its key: sent again, it changes nothing
    /// and answers the same.
    pub(crate) async fn step<T>(
        &self,
        at: &str,
        key: &str,
        actor: &Actor,
        says: &str,
        command: impl AsyncFnOnce(Desk) -> Result<T, Error>,
    ) -> Result<T, Failure> {
        let at = self.turn_to(at)?;
        let id = CommitId::named(key);
        let before = self.store.receipt(id).await?;
        let answer = command(self.cms.desk(actor.clone()).once(id)).await;
        let answer = answer.map_err(|error| format!("{key}: {error}"))?;
        if self.acks {
            writeln!(io::stderr(), "ack {id}")?;
        }
        let receipt = self.store.receipt(id).await?;
        let receipt = receipt.ok_or_else(|| format!("{key} left no receipt"))?;
        self.reached.set(receipt.seq);
        let note = before.map_or("", |_| "  (done before)");
        self.say(&format!("{at}  {says}{note}"))?;
        Ok(answer)
    }

    /// A command that is refused, with its reasons. It writes nothing, so that nothing remembers
    /// it: sent again later, it is judged anew, and might be let through. It is given only where it
    /// belongs in the story.
    pub(crate) async fn refused<T>(
        &self,
        at: &str,
        actor: &Actor,
        says: &str,
        command: impl AsyncFnOnce(Desk) -> Result<T, Error>,
    ) -> Result<(), Failure> {
        let at = self.turn_to(at)?;
        if !self.is_here().await? {
            return self.say(&format!("{at}  {says}  (refused before)"));
        }
        let key = CommitId::named(&format!("refused: {says}"));
        self.say(&format!("{at}  {says}"))?;
        match command(self.cms.desk(actor.clone()).once(key)).await {
            Ok(_) => Err(format!("nobody refused: {says}").into()),
            // Every reason is named, never only the first.
            Err(error @ (Error::Refused(_) | Error::Invalid(_))) => self.aside(&error.to_string()),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether nothing was done yet after the last step: an earlier run may have come further.
    pub(crate) async fn is_here(&self) -> Result<bool, Failure> {
        let latest = self.store.changes(Seq::ZERO, 1).await?.as_of;
        Ok(latest == self.reached.get())
    }

    /// A headline of the story.
    pub(crate) fn chapter(&self, title: &str) -> Result<(), Failure> {
        self.say(&format!("\n{title}\n{}", "-".repeat(title.chars().count())))
    }

    /// Something beside a step.
    pub(crate) fn aside(&self, text: &str) -> Result<(), Failure> {
        self.say(&format!("                    {text}"))
    }

    /// A line. Where nobody listens any more, the story goes on untold.
    pub(crate) fn say(&self, line: &str) -> Result<(), Failure> {
        match writeln!(io::stdout(), "{line}") {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
            _ => Ok(()),
        }
    }
}

async fn found(builder: cmss::Builder) -> Result<Cms, Error> {
    let newsroom = NewNewsroom {
        name: "Öppen stad".to_owned(),
        zone: Stockholm,
        language: Locale::Sv.into(),
    };
    let ada = NewPerson {
        account: Some(FIRST_ADMIN.to_owned()).into(),
        ..NewPerson::named("Ada Almgren")
    };
    let (cms, _) = builder.found(&newsroom, &ada).await?;
    Ok(cms)
}

/// The instant of a local time, `2026-03-02 08:00`.
pub(crate) fn instant(local: &str) -> Result<DateTime<Utc>, Failure> {
    let time = NaiveDateTime::parse_from_str(local, MINUTE)?;
    let instant = Stockholm.from_local_datetime(&time).earliest();
    Ok(instant
        .ok_or_else(|| format!("there is no {local}"))?
        .to_utc())
}

/// How something is called at the desk.
pub(crate) fn label(case: impl cmss::Coded) -> &'static str {
    case.label(Locale::En)
}
