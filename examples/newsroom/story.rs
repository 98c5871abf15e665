//! The teller: sets the clock, gives each step its key, and says what came of it.

use std::cell::Cell;
use std::error::Error as StdError;
use std::io::{self, Write as _};
use std::sync::Arc;

use chrono::{NaiveDateTime, TimeZone as _};
use chrono_tz::Europe::Stockholm;
use cmss::store::{CommitId, Store};
use cmss::values::Locale;
use cmss::{Actor, Cms, Desk, Error, NewNewsroom, NewPerson, SeededIds, SetClock};

/// What may go wrong in an example.
pub(crate) type Failure = Box<dyn StdError>;

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
    /// Whether the last step was taken now, and not in an earlier run.
    new: Cell<bool>,
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
        let (new, name) = (Cell::new(new), cms.name().to_owned());
        let story = Self {
            cms,
            store,
            clock,
            acks,
            new,
        };
        if story.is_new() {
            story.say(&format!("{BEGINS}  The newsroom {name} is founded."))?;
        } else {
            story.say(&format!(
                "The newsroom {name} is here already. Every command is sent again with the key it \
                 had; what\nwas done before is answered as it was then, and marked \"done before\"."
            ))?;
        }
        Ok(story)
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
        self.clock.set(instant(at)?);
        let id = CommitId::named(key);
        let before = self.store.receipt(id).await?.is_some();
        let answer = command(self.cms.desk(actor.clone()).once(id)).await;
        let answer = answer.map_err(|error| format!("{key}: {error}"))?;
        if self.acks {
            writeln!(io::stderr(), "ack {id}")?;
        }
        self.new.set(!before);
        let note = if before { "  (done before)" } else { "" };
        self.say(&format!("{at}  {says}{note}"))?;
        Ok(answer)
    }

    /// A command that is refused, with its reasons. It writes nothing, so that it is judged anew
    /// in every run: by then there may be other reasons.
    pub(crate) async fn refused<T>(
        &self,
        at: &str,
        actor: &Actor,
        says: &str,
        command: impl AsyncFnOnce(Desk) -> Result<T, Error>,
    ) -> Result<(), Failure> {
        self.clock.set(instant(at)?);
        let key = CommitId::named(&format!("refused: {says}"));
        self.say(&format!("{at}  {says}"))?;
        match command(self.cms.desk(actor.clone()).once(key)).await {
            Ok(_) => Err(format!("nobody refused: {says}").into()),
            Err(Error::Refused(refusal)) => {
                let reasons: Vec<_> = refusal.guards.iter().map(|guard| guard.code()).collect();
                self.aside(&format!("refused: {}", reasons.join(", ")))?;
                self.aside(&format!("in words: {refusal}"))
            }
            Err(error @ Error::Invalid(_)) => self.aside(&format!("refused: {error}")),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the last step was taken now: what stands on the site is then what it led to.
    pub(crate) fn is_new(&self) -> bool {
        self.new.get()
    }

    /// A headline of the story.
    pub(crate) fn chapter(&self, title: &str) -> Result<(), Failure> {
        self.say(&format!("\n{title}\n{}", "-".repeat(title.chars().count())))
    }

    /// Something beside a step.
    pub(crate) fn aside(&self, text: &str) -> Result<(), Failure> {
        self.say(&format!("                    {text}"))
    }

    /// A line.
    pub(crate) fn say(&self, line: &str) -> Result<(), Failure> {
        Ok(writeln!(io::stdout(), "{line}")?)
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
pub(crate) fn instant(local: &str) -> Result<chrono::DateTime<chrono::Utc>, Failure> {
    let time = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M")?;
    let instant = Stockholm.from_local_datetime(&time).earliest();
    Ok(instant
        .ok_or_else(|| format!("there is no {local}"))?
        .to_utc())
}

/// How something is called at the desk.
pub(crate) fn label(case: impl cmss::Coded) -> &'static str {
    case.label(Locale::En)
}
