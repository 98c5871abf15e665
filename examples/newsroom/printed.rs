//! The public site and the audit log, for a person to read.

use cmss::store::Seq;
use cmss::values::offset_time;
use cmss::{
    ActedBy, Addressed, ArticlePage, AuditRecord, Coded as _, EventPage, PageKind, Part,
    ProjectPage,
};
use serde_json::Value;

use crate::cast::Cast;
use crate::story::{Failure, Story, label};

/// Prints every page of the site.
pub(crate) async fn site(story: &Story, pages: &[Addressed]) -> Result<(), Failure> {
    story.chapter("The public site")?;
    for addressed in pages {
        let (kind, slug) = (addressed.kind, &addressed.slug);
        let parts = addressed.page.parts()?;
        match kind {
            PageKind::Article => {
                let page: ArticlePage = addressed.page.read()?;
                story.say(&format!("\narticles/{slug}: {}", page.title))?;
                story.say(&format!("  published {}", page.published_at))?;
                let credited = page.credits.iter().filter_map(|credit| {
                    let name = match credit.byline {
                        Some(place) => name_at(&parts, place.part)?,
                        None => credit.name.clone()?,
                    };
                    Some(format!("{} {name}", label(credit.role).to_lowercase()))
                });
                story.say(&format!("  {}", credited.collect::<Vec<_>>().join(", ")))?;
            }
            PageKind::Project => {
                let page: ProjectPage = addressed.page.read()?;
                story.say(&format!("\nprojects/{slug}: {}", page.title))?;
                let days = (&page.published_at, &page.updated_at);
                story.say(&format!("  published {}, updated {}", days.0, days.1))?;
                let names = |places: &mut dyn Iterator<Item = usize>| {
                    let names = places.filter_map(|place| name_at(&parts, place));
                    names.collect::<Vec<_>>().join(", ")
                };
                let stage = names(&mut [page.category.part, page.stage.part].into_iter());
                story.say(&format!("  {stage}"))?;
                let owner = names(&mut page.owner.iter().map(|place| place.part));
                let owner = if owner.is_empty() {
                    "nobody is named"
                } else {
                    &owner
                };
                let with = names(&mut page.participants.iter().map(|place| place.part));
                let partners = names(&mut page.partners.iter().map(|place| place.part));
                story.say(&format!(
                    "  owner: {owner}; with: {with}; partners: {partners}"
                ))?;
                if let Some(cost) = page.cost_so_far {
                    story.say(&format!("  cost so far: {} öre", cost.minor))?;
                }
                for result in page.goals.iter().filter_map(|goal| goal.result.as_ref()) {
                    story.say(&format!("  result: {result}"))?;
                }
            }
            PageKind::Event => {
                let page: EventPage = addressed.page.read()?;
                story.say(&format!("\nevents/{slug}: {}", page.title))?;
                for one in &page.occasions {
                    let theme = one.theme.as_deref().unwrap_or("(no title)");
                    let states = (label(one.certainty), label(one.status));
                    let line = format!("{}: {theme} [{}, {}]", one.when_label, states.0, states.1);
                    story.say(&format!("  {line}"))?;
                    for segment in &one.segments {
                        let (start, end) =
                            (segment.start.format("%H:%M"), segment.end.format("%H:%M"));
                        let audience = label(segment.audience).to_lowercase();
                        story.say(&format!("    {start}–{end} {audience}"))?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// The name that the part at a place shows.
fn name_at(parts: &[Option<Part>], place: usize) -> Option<String> {
    match parts.get(place)?.as_ref()? {
        Part::Byline(byline) => byline.name.clone(),
        Part::Organisation(organisation) => Some(organisation.name.clone()),
        Part::Term(term) => Some(term.label.clone()),
        Part::Page(page) => Some(page.title.clone()),
        _ => None,
    }
}

/// The names of the bylines among these parts.
pub(crate) fn bylines(parts: &[Option<Part>]) -> Vec<String> {
    let names = parts.iter().flatten().filter_map(|part| match part {
        Part::Byline(byline) => byline.name.clone(),
        _ => None,
    });
    names.collect()
}

/// Prints what was done, by whom, as what: ids and no content.
pub(crate) async fn audit(story: &Story, cast: &Cast) -> Result<(), Failure> {
    story.chapter("The audit log")?;
    let desk = story.cms.desk(cast.vera.clone());
    let mut after = Seq::ZERO;
    loop {
        let lines = desk.audit(after, 100).await?;
        let Some(last) = lines.last() else {
            return Ok(());
        };
        after = last.seq;
        for line in &lines {
            story.say(&record(story, cast, line)?)?;
        }
    }
}

fn record(story: &Story, cast: &Cast, record: &AuditRecord) -> Result<String, Failure> {
    let who = match record.by {
        ActedBy::Person(id) => {
            let known = cast.names.iter().find(|(person, _)| *person == id);
            known.map_or("somebody else", |(_, name)| name)
        }
        ActedBy::Clock => "the clock",
        ActedBy::Visitor => "a visitor",
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
