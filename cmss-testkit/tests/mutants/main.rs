//! The suite can say no: each mutant is the memory store with one defect, or a backend in directories
//! with one, and fails the rules that are named for it. A rule about processes that die is broken by one
//! beside it, of which the name ends in `is_caught`. A rule that nothing fails is a rule that has never
//! said anything.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "all of it is test code, also where it is not inside a test function"
)]

mod changes;
mod defect;
mod files;
mod mutant;
mod power;
mod racing;
mod waiting;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use cmss_core::store::Store;
use cmss_testkit::faults::{Fault, Faulty};
use cmss_testkit::{Declined, Fixture, RULES, Rule, async_trait, durable};

use crate::defect::Defect;
use crate::mutant::Mutant;

/// One mutant.
struct MutantFixture {
    store: Arc<Mutant>,
}

impl MutantFixture {
    fn new(defect: Defect) -> Self {
        Self {
            store: Arc::new(Mutant::new(defect)),
        }
    }
}

#[async_trait]
impl Fixture for MutantFixture {
    async fn open(&mut self) -> Arc<dyn Store> {
        self.store.clone()
    }

    async fn reopen(&mut self) -> Result<Arc<dyn Store>, Declined> {
        self.store
            .reopen()
            .await
            .expect("what is there can be loaded");
        Ok(self.store.clone())
    }

    async fn cut(&mut self) -> Result<Arc<dyn Store>, Declined> {
        let left = self.store.cut().await;
        self.store = Arc::new(left.expect("what is left can be opened"));
        Ok(self.store.clone())
    }

    async fn failing(&mut self) -> Result<Arc<dyn Store>, Declined> {
        let fault = match self.store.defect() {
            Defect::FailureAnswered => return Ok(self.store.clone()),
            Defect::FailurePassedOver => Fault::After,
            _ => Fault::PoisoningAfter,
        };
        Ok(Arc::new(Faulty::new(self.store.clone(), fault, 1)))
    }

    fn another(&self) -> Box<dyn Fixture> {
        Box::new(Self::new(self.store.defect()))
    }
}

fn fails(rule: &Rule, defect: Defect) -> bool {
    let mut fixture = MutantFixture::new(defect);
    // A fixture is thrown away after its rule, whatever state a panic left it in.
    let verdict = catch_unwind(AssertUnwindSafe(|| rule.judge(&mut fixture)));
    !matches!(verdict, Ok(Ok(())))
}

/// Every rule there is.
fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().chain(durable::RULES)
}

fn rule(name: &str) -> &'static Rule {
    let rule = rules().find(|rule| rule.name == name);
    rule.unwrap_or_else(|| panic!("{name} is no rule"))
}

/// Asserts that a mutant fails every rule that is named for it.
fn caught(defect: Defect) {
    let missed = defect
        .breaks()
        .iter()
        .filter(|name| !fails(rule(name), defect));
    let missed: Vec<_> = missed.collect();
    assert!(missed.is_empty(), "{defect:?} passes {missed:?}");
}

#[test]
fn a_mutant_without_a_defect_passes_every_rule() {
    let broken: Vec<_> = rules().filter(|rule| fails(rule, Defect::None)).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

#[test]
fn every_rule_is_failed_by_some_mutant() {
    let of_stores = Defect::ALL.iter().flat_map(|defect| defect.breaks());
    let named = of_stores.chain(files::BROKEN).map(|&name| name.to_owned());
    let mut named: BTreeSet<String> = named.collect();
    let (planted, rules): (Vec<_>, Vec<_>) = written().into_iter().partition(is_planted);
    let rules: Vec<String> = rules.into_iter().map(|(name, _)| name).collect();
    for (name, said) in planted {
        let breaks = |rule: &&String| said.contains(&format!("[`{rule}`]"));
        let broken: Vec<_> = rules.iter().filter(breaks).cloned().collect();
        assert!(!broken.is_empty(), "{name} names no rule that it breaks");
        named.extend(broken);
    }
    let spared: Vec<_> = rules.iter().filter(|rule| !named.contains(*rule)).collect();
    assert!(spared.is_empty(), "no mutant is named for {spared:#?}");
}

/// Whether a rule plants a defect, and so breaks others.
fn is_planted((name, _): &(String, String)) -> bool {
    name.ends_with("_is_caught")
}

/// What a rule is given.
const GIVEN: [&str; 4] = [
    "fixture: &mut dyn Fixture",
    "trial: &Trial<'_, B>",
    "trial: &Trial<'_, L>",
    "trial: &Trial<'_, B>, fixtures: &Path",
];

/// A rule as it is written: its name, and what is said of it.
fn written() -> BTreeMap<String, String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![source];
    let mut written = BTreeMap::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the sources are there") {
            let path = entry.expect("the sources can be listed").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(path).expect("the sources can be read");
            let mut said = String::new();
            for line in text.lines() {
                let start = line.strip_prefix("pub async fn ");
                let start = start.or_else(|| line.strip_prefix("pub fn "));
                if let Some(said_more) = line.strip_prefix("///") {
                    said.push_str(said_more);
                    continue;
                }
                if line.starts_with("#[") {
                    continue;
                }
                if let Some(name) = start.and_then(|start| start.split(['<', '(']).next()) {
                    let rest = text
                        .find(line)
                        .and_then(|at| text.get(at..)?.split_once('('));
                    let given = rest.and_then(|(_, rest)| rest.split_once(')'));
                    let given =
                        given.map(|(given, _)| given.split_whitespace().collect::<Vec<_>>());
                    let given = given.map(|given| given.join(" "));
                    if given.is_some_and(|given| GIVEN.contains(&given.trim_end_matches(','))) {
                        written.insert(name.to_owned(), said.clone());
                    }
                }
                said.clear();
            }
        }
    }
    written
}

/// The rules that the macros of [`cmss_testkit::crash`] and [`durable::format`] list, each in a line of
/// its own.
fn listed_beside() -> Vec<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let texts = ["crash/mod.rs", "crash/dying/mod.rs", "durable/format.rs"]
        .map(|name| std::fs::read_to_string(source.join(name)));
    let texts = texts.map(|text| text.expect("the sources can be read"));
    let lines = texts.iter().flat_map(|text| text.lines()).map(str::trim);
    let is_name = |line: &&str| {
        let mut letters = line.chars();
        line.contains('_') && letters.all(|letter| letter == '_' || letter.is_alphanumeric())
    };
    lines.filter(is_name).map(str::to_owned).collect()
}

#[test]
fn every_rule_that_is_written_is_listed() {
    let listed = rules().map(|rule| rule.name.to_owned());
    let listed: Vec<String> = listed.chain(listed_beside()).collect();
    let names: BTreeSet<String> = listed.iter().cloned().collect();
    assert_eq!(names.len(), listed.len(), "a rule is listed twice");
    let written: BTreeSet<String> = written().into_keys().collect();
    assert_eq!(written, names);
}

/// The clauses in a text: a letter and a digit; `C1 to C8` names those between as well.
fn clauses(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let clause = |word: &str| {
        let (letter, digit) = word.split_at_checked(1)?;
        let digit: u8 = digit.parse().ok()?;
        "DCURLMFH"
            .contains(letter)
            .then_some((letter.to_owned(), digit))
    };
    let mut found = BTreeSet::new();
    for (place, word) in words.iter().enumerate() {
        let Some((letter, first)) = clause(word) else {
            continue;
        };
        let last = match words.get(place + 1..place + 3) {
            Some(["to", last]) => clause(last).map_or(first, |(_, last)| last),
            _ => first,
        };
        found.extend((first..=last).map(|digit| format!("{letter}{digit}")));
    }
    found
}

/// The contracts are read where they stand, so a new clause asks for a rule.
#[test]
fn every_rule_cites_a_clause_and_every_clause_has_a_rule() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut contract = BTreeSet::new();
    for page in ["../cmss-core/src/store/mod.rs", "src/durable/backend.rs"] {
        let page = std::fs::read_to_string(own.join(page)).expect("the contract can be read");
        let numbered = page.split(" - **").skip(1);
        let numbered = numbered.filter_map(|rest| rest.split_once("**"));
        contract.extend(numbered.map(|(clause, _)| clause.to_owned()));
    }
    assert!(contract.len() > 33, "{contract:?}");

    let mut cited = BTreeSet::new();
    for (rule, said) in written().into_iter().filter(|rule| !is_planted(rule)) {
        let clauses = clauses(&said);
        assert!(!clauses.is_empty(), "{rule} cites no clause");
        let unknown: Vec<_> = clauses.difference(&contract).collect();
        assert!(unknown.is_empty(), "{rule} cites {unknown:?}");
        cited.extend(clauses);
    }
    let without: Vec<_> = contract.difference(&cited).collect();
    assert!(without.is_empty(), "no rule for {without:?}");
}
