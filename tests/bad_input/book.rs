//! The page on the commands is what the library reads, and whom it lets give them.
//!
//! `CMSS_WRITE_DOCS=1 cargo test --test bad_input` writes it anew.

use std::collections::BTreeSet;
use std::{env, fs};

use cmss::values::Locale;
use cmss::{Actor, Capacity, Cms, Coded as _, Command, Error, Guard};
use pollster::block_on;
use serde_json::{Map, Value};

use crate::every;
use crate::fields::{inside, pointers};
use crate::scene::Scene;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/commands.md");

/// Where the first sentence on each command stands.
const SOURCE: &str = include_str!("../../cmss-core/src/command.rs");

const HEADER: &str = "\
# Commands

Every command as JSON, with every field given. `Command::from_json` reads it, and
`cms.desk(actor).execute(&command)` carries it out, as the method of `Desk` does that stands for it.
A test compares this page with what the library reads and whom it lets through: do not edit it, but
run `CMSS_WRITE_DOCS=1 cargo test --test bad_input`.

- **Who** is whoever may give it, in the words of `cmss::Capacity`. In what state the thing must be,
  the tables in [machines.md](machines.md) say, and what else stands against it the refusal says.
- **May be left out** names the fields without which it is read all the same. Any other field that is
  missing, and each that is unknown, is a fault. So is a value over its limit: see
  `cmss::values::limits`.
- **A field with words behind it** takes one of them, or an object with one of them as its field. It
  stands for all fields that take the same.
- **Ids** say their kind, and are those that earlier commands have answered. A record that is put
  without `id` is a new one.
- **Times** are RFC 3339; dates, and times of day, are local to the newsroom.
- `save`, `submit`, `approve` and the like name the newest revision, `head` or `parent`, so that nobody
  overwrites what they have not seen.

To send a command twice and have it carried out once, give it a key: `desk.once(key)`.
";

/// The headings, and the command before which each stands.
const HEADINGS: [(&str, &str); 6] = [
    ("put_person", "People, bylines and consents"),
    ("put_organisation", "Records"),
    ("plan_occasion", "Occasions"),
    ("propose", "Assignments and claims"),
    ("start_article", "Texts"),
    ("unpublish", "Pages"),
];

/// What somebody might write into a field.
fn word(field: &str) -> &'static str {
    match field {
        "name" => "Sol Sundin",
        "account" => "sol@login.example.org",
        "email" => "sol",
        "note" => "Nås säkrast på kvällen.",
        "byline" => "Strandskatan",
        "first name" => "Sol",
        "informed" => "Muntligt och skriftligt, version 2026-01.",
        "evidence" => "Pärm 3, blad 14.",
        "organisation" => "Biblioteket i Västhamn",
        "label" => "Vilar",
        "alias" => "pausat",
        "file" => "torget.jpg",
        "alt" => "torg med träd i blom",
        "caption" => "Torget en morgon i maj.",
        "credit" => "Nils Norling",
        "project title" => "Kvällsöppet bibliotek",
        "what" => "Biblioteket håller öppet på kvällen.",
        "why" => "Många arbetar på dagen.",
        "how" => "Invånare öppnar och stänger.",
        "lessons" => "Ljuset vid dörren spelar roll.",
        "goal" => "Fler besök efter klockan 18.",
        "result" => "Besöken fördubblades.",
        "involvement" => "Invånare planerar schemat.",
        "cost" => "Lås och larm.",
        "contact" => "Karin Kontakt",
        "contact title" => "Projektledare",
        "contact email" => "karin",
        "event title" => "Öppet hus på biblioteket",
        "event description" => "Kom och se vad som är nytt.",
        "group" => "Läsgruppen",
        "theme" => "Ljus och ljud",
        "place" => "Stora salen",
        "segment" => "Visning",
        "reason" => "Det hann ändras.",
        "offer title" => "Skildra bokcirkeln",
        "offer description" => "Kom och skriv om hur det var.",
        "access" => "Hiss från gatan, hörslinga.",
        "headline" => "En kväll i bokcirkeln",
        "lead" => "Alla hade läst, ingen var överens.",
        "paragraph" => "Vi var nio runt bordet.",
        "link" => "biblioteket",
        "heading" => "Nästa gång",
        "item" => "Läs boken.",
        "inner item" => "Eller lyssna på den.",
        "quote" => "Jag läste den två gånger.",
        "speaker" => "Liv Lind",
        "described quote" => "Jag läste bara slutet.",
        "described speaker" => "en deltagare",
        "box" => "Bokcirkeln",
        "fact" => "Träffas den första måndagen i månaden.",
        "question" => "Måste man ha läst?",
        "answer" => "Nej.",
        "ties" => "Jag är med i cirkeln.",
        "comment" => "Berätta mer om slutet.",
        "notice" => "Texten är borttagen, eftersom den inte stämde.",
        other => panic!("no word for {other}"),
    }
}

/// As somebody would lay it out: on one line what has room there.
fn laid_out(value: &Value, indent: usize) -> String {
    let line = on_one_line(value);
    let parts: Vec<String> = match value {
        _ if indent + line.chars().count() <= 92 => return line,
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| format!("\"{name}\": {}", laid_out(value, indent + 2)))
            .collect(),
        Value::Array(items) => items
            .iter()
            .map(|item| laid_out(item, indent + 2))
            .collect(),
        _ => return line,
    };
    let (open, close) = if value.is_object() {
        ('{', '}')
    } else {
        ('[', ']')
    };
    let (inner, outer) = (" ".repeat(indent + 2), " ".repeat(indent));
    let parts = parts.join(&format!(",\n{inner}"));
    format!("{open}\n{inner}{parts}\n{outer}{close}")
}

fn on_one_line(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter();
            let fields = fields.map(|(name, value)| format!("\"{name}\": {}", on_one_line(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(on_one_line).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}

/// The first sentence that the library says about a command.
fn sentence(name: &str) -> &'static str {
    let case: String = name
        .split('_')
        .map(|word| word[..1].to_uppercase() + &word[1..])
        .collect();
    let (before, _) = SOURCE.split_once(&format!("\n    {case}(")).unwrap();
    let (_, sentence) = before.rsplit_once("    /// ").unwrap();
    sentence
}

/// The fields without which a command is read all the same.
fn optional(command: &Value) -> Vec<String> {
    let mut found = Vec::new();
    pointers(command, |_| true, "", &mut found);
    let mut optional = Vec::new();
    for pointer in found {
        let Some((above, field)) = pointer.rsplit_once('/') else {
            continue;
        };
        let mut without = command.clone();
        let above = without.pointer_mut(above).and_then(Value::as_object_mut);
        let taken = above.and_then(|fields: &mut Map<String, Value>| fields.remove(field));
        let whole = taken.is_some() && pointer.matches('/').count() > 1;
        if whole && Command::from_json(without.to_string().as_bytes()).is_ok() {
            optional.push(inside(&pointer));
        }
    }
    optional
}

/// The fields that take one of some words, the first of those that take the same, and the words.
fn choices(command: &Value) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    let may_be = |value: &Value| value.is_string() || value.is_object();
    pointers(command, may_be, "", &mut found);
    let mut choices: Vec<(String, Vec<String>)> = Vec::new();
    for pointer in found
        .iter()
        .filter(|pointer| pointer.matches('/').count() > 1)
    {
        let mut other = command.clone();
        *other.pointer_mut(pointer).unwrap() = "no such word".into();
        let Err(error) = serde_json::from_value::<Command>(other) else {
            continue;
        };
        let error = error.to_string();
        let Some((_, words)) = error.split_once("unknown variant `no such word`, expected ") else {
            continue;
        };
        let words = words.split('`').skip(1).step_by(2);
        let words: Vec<_> = words.map(str::to_owned).collect();
        if choices.iter().all(|(_, known)| *known != words) {
            choices.push((inside(pointer), words));
        }
    }
    choices
}

/// Who may give a command, as refusals say: to somebody who is nobody, and to the reporter who has
/// written the texts, whom they tell of each state.
async fn givers(scene: &Scene, name: &str) -> Vec<Capacity> {
    let mut givers = Vec::new();
    for actor in [Actor::visitor(), Actor::new(scene.room.sol).reporter()] {
        for command in scene.command_in_each_state(name) {
            let command = Command::from_json(command.to_string().as_bytes()).unwrap();
            // What the person may do is done, and is not to be in the way of the next.
            let cms = Cms::builder(scene.store.fork().unwrap());
            let cms = cms.open().await.unwrap();
            let Err(Error::Refused(refusal)) = cms.desk(actor.clone()).execute(&command).await
            else {
                continue;
            };
            let needs = refusal.guards.into_iter().find_map(|guard| match guard {
                Guard::NotPermitted { needs } => Some(needs),
                _ => None,
            });
            givers.extend(needs.unwrap_or_default());
        }
    }
    let mut known = BTreeSet::new();
    givers.retain(|by| known.insert(*by));
    assert!(!givers.is_empty(), "{name}");
    givers
}

async fn page() -> String {
    let scene = Scene::set().await;
    let commands = every::commands(&mut |field| word(field).to_owned());
    let mut page = HEADER.to_owned();
    for name in every::names() {
        if let Some((_, heading)) = HEADINGS.iter().find(|(first, _)| *first == name) {
            page += &format!("\n## {heading}\n");
        }
        let command = commands.iter().find(|one| every::name(one) == name);
        let command = command.unwrap();
        let givers = givers(&scene, &name).await;
        let givers: Vec<_> = givers.iter().map(|by| by.label(Locale::En)).collect();
        let (sentence, json) = (sentence(&name), laid_out(command, 0));
        let who = givers.join(", ").to_lowercase();
        page += &format!("\n### {name}\n\n{sentence} Who: {who}.\n\n```json\n{json}\n```\n");
        let optional = optional(command);
        if !optional.is_empty() {
            let optional: Vec<_> = optional.iter().map(|path| format!("`{path}`")).collect();
            page += &format!("\nMay be left out: {}.\n", optional.join(", "));
        }
        for (path, words) in choices(command) {
            let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
            page += &format!("\n`{path}`: {}.\n", words.join(", "));
        }
    }
    page
}

#[test]
fn the_page_on_the_commands_is_what_the_library_reads() {
    let page = block_on(page());
    if env::var_os("CMSS_WRITE_DOCS").is_some() {
        fs::write(PAGE, &page).unwrap();
    }
    let written = fs::read_to_string(PAGE).unwrap();
    assert!(
        written == page,
        "docs/commands.md is out of date: run CMSS_WRITE_DOCS=1 cargo test --test bad_input"
    );
}

#[test]
fn every_command_has_an_example_that_is_read_as_it_stands() {
    let page = block_on(page());
    let blocks = page.split("```json\n").skip(1);
    let examples = blocks.map(|block| block.split_once("\n```").unwrap().0);
    let mut read = BTreeSet::new();
    for example in examples {
        Command::from_json(example.as_bytes()).unwrap();
        let command: Value = serde_json::from_str(example).unwrap();
        read.insert(every::name(&command).to_owned());
    }
    assert_eq!(read, every::names().into_iter().collect());
}
