//! The audit log, for a person to read.

use cmss::store::Seq;
use cmss::values::offset_time;
use cmss::{ActedBy, AuditRecord, Coded as _};
use serde_json::Value;

use crate::cast::Cast;
use crate::story::{Failure, Story};

/// Prints what was done, by whom, as what: ids and no content.
pub(crate) async fn print(story: &Story, cast: &Cast) -> Result<(), Failure> {
    story.chapter("The audit log")?;
    let desk = story.cms.desk(cast.vera.clone());
    let mut after = Seq::ZERO;
    loop {
        let page = desk.audit(after, 100).await?;
        for line in &page.lines {
            story.say(&record(story, cast, line)?)?;
        }
        if page.reached == after {
            return Ok(());
        }
        after = page.reached;
    }
}

fn record(story: &Story, cast: &Cast, record: &AuditRecord) -> Result<String, Failure> {
    let who = match record.by {
        Some(ActedBy::Person(id)) => {
            let known = cast.names.iter().find(|(person, _)| *person == id);
            known.map_or("somebody else", |(_, name)| name)
        }
        Some(ActedBy::Clock) => "the clock",
        Some(ActedBy::Visitor) | None => "somebody",
    };
    let role = record.role.map_or("no role", |role| role.code());
    let mut facts = Vec::new();
    for fact in &record.facts {
        let fact = serde_json::to_value(fact)?;
        let name = fact
            .get("fact")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let mut ids = Vec::new();
        collect_ids(&fact, &mut ids);
        facts.push(format!("{name} {}", ids.join(" ")));
    }
    let at = offset_time(record.at, story.cms.zone());
    let (seq, command, facts) = (record.seq, &record.command, facts.join("; "));
    Ok(format!(
        "{seq:>3}  {at}  {who} ({role})  {command}: {facts}"
    ))
}

/// The ids in a fact, each by its kind and its first digits.
fn collect_ids(fact: &Value, ids: &mut Vec<String>) {
    match fact {
        Value::String(text) => {
            if let Some((kind, digits)) = text.split_once(':') {
                let digits: String = digits.chars().take(8).collect();
                ids.push(format!("{kind}:{digits}"));
            }
        }
        Value::Object(fields) => fields.values().for_each(|value| collect_ids(value, ids)),
        _ => {}
    }
}
