//! `changes`: what was done, commit by commit.

use cmss::store::{Intake, Line, LogRecord, Seq};
use serde_json::Value;

use crate::args::From;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::report::Report;
use crate::source::{self, Source};

/// How many records are read at a time.
const PAGE: usize = 100;

pub(crate) async fn run(from: &From, after: u64, report: Report) -> Result<(), Failure> {
    let after = Seq(after);
    match Source::open(from)? {
        Source::Files(paths) => {
            let in_files = source::in_files(&paths);
            let mut intake = Intake::new();
            let mut last = Seq::ZERO;
            for line in source::lines(&paths)? {
                let line = line.map_err(&in_files)?;
                intake.take(&line).map_err(&in_files)?;
                if let Line::Record(record) = line {
                    last = record.seq;
                    if last > after {
                        tell(&record, report)?;
                    }
                }
            }
            check_happened(after, last).map_err(|failure| failure.before(&source::shown(&paths)))
        }
        Source::Store(store) => {
            let of_store = Failure::of_store(&from.from);
            let mut progress = Progress::of("commits read");
            let mut told = after;
            let last = loop {
                let changes = store.changes(told, PAGE).await.map_err(&of_store)?;
                let Some(record) = changes.records.last() else {
                    break changes.as_of;
                };
                told = record.seq;
                progress.add(changes.records.len() as u64);
                for record in &changes.records {
                    tell(record, report)?;
                }
            };
            store.close().await.map_err(&of_store)?;
            check_happened(after, last).map_err(|failure| failure.about(&from.from))
        }
    }
}

/// Refuses to begin after a commit that has not happened: who has seen it has seen another store, or
/// a later state of this one.
fn check_happened(after: Seq, last: Seq) -> Result<(), Failure> {
    if after <= last {
        return Ok(());
    }
    let what = format!("it ends with commit {last}: nothing can be after {after}");
    Err(Failure::refused(what).with_advice(
        "whoever has seen that commit saw another store, or a later state of this one: read it from \
         its beginning",
    ))
}

fn tell(record: &LogRecord, report: Report) -> Result<(), Failure> {
    let note = Note::of(record);
    let (seq, documents) = (record.seq, record.touched.len());
    let text = format!(
        "{seq:>6}  {}  {}  ({documents} written)",
        note.at, note.acts
    );
    let json = serde_json::to_value(record).unwrap_or_default();
    report.say(&json, &text)
}

/// What the audit note of a commit says, for people; `?` where it cannot be read.
pub(crate) struct Note {
    /// When, in UTC.
    pub(crate) at: String,
    /// Who did what, and what came of it.
    pub(crate) acts: String,
}

impl Note {
    pub(crate) fn of(record: &LogRecord) -> Self {
        let note: Value = serde_json::from_str(&record.note).unwrap_or_default();
        let acts = note.get("acts").and_then(Value::as_array);
        let acts = acts.map_or(&[][..], Vec::as_slice);
        let told: Vec<_> = acts.iter().map(act).collect();
        Self {
            at: acts.first().map_or_else(unknown, |act| text(act, "at")),
            acts: match told.is_empty() {
                true => unknown(),
                false => told.join("; "),
            },
        }
    }
}

/// One act: the command, who gave it, and the names of the facts that followed.
fn act(act: &Value) -> String {
    let by = match act.get("by") {
        Some(by @ Value::Object(_)) => text(by, "person"),
        _ => text(act, "by"),
    };
    let facts = act.get("facts").and_then(Value::as_array);
    let facts = facts.into_iter().flatten().map(|fact| text(fact, "fact"));
    let facts: Vec<_> = facts.collect();
    let (command, role) = (text(act, "command"), text(act, "role"));
    format!("{command} by {by} as {role}: {}", facts.join(", "))
}

/// A field's text, on one line and moving no cursor, whatever stands in a file that others wrote.
fn text(value: &Value, field: &str) -> String {
    let text = value.get(field).and_then(Value::as_str);
    text.map_or_else(unknown, |text| {
        let shown = text.chars().map(|char| match char.is_control() {
            true => char::REPLACEMENT_CHARACTER,
            false => char,
        });
        shown.collect()
    })
}

fn unknown() -> String {
    "?".to_owned()
}
