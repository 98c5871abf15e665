//! The suite can say no: each mutant is the memory store with one defect, and fails the rules that
//! are named for it. A rule that no mutant fails is a rule that has never said anything.

mod changes;
mod defect;
mod mutant;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use cmss_core::store::Store;
use cmss_testkit::{Declined, Fixture, RULES, Rule, async_trait};

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

fn rule(name: &str) -> &'static Rule {
    let rule = RULES.iter().find(|rule| rule.name == name);
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
    let broken: Vec<_> = RULES
        .iter()
        .filter(|rule| fails(rule, Defect::None))
        .collect();
    assert!(broken.is_empty(), "{broken:?}");
}

#[test]
fn every_rule_is_failed_by_some_mutant() {
    let named: BTreeSet<&str> = Defect::ALL
        .iter()
        .flat_map(|defect| defect.breaks())
        .copied()
        .collect();
    let spared: Vec<_> = RULES
        .iter()
        .filter(|rule| !named.contains(rule.name))
        .collect();
    assert!(spared.is_empty(), "no mutant is named for {spared:#?}");
}

#[test]
fn every_rule_that_is_written_is_listed() {
    let listed: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(listed.len(), RULES.len(), "a rule is listed twice");
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![source];
    let mut written = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the sources are there") {
            let path = entry.expect("the sources can be listed").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(path).expect("the sources can be read");
            let rules = text.split("\npub async fn ").skip(1);
            let rules = rules.filter(|rest| rest.contains("fixture: &mut dyn Fixture"));
            written.extend(
                rules
                    .filter_map(|rest| rest.split('(').next())
                    .map(str::to_owned),
            );
        }
    }
    written.remove("lines");
    let unlisted: Vec<_> = written
        .iter()
        .filter(|name| !listed.contains(name.as_str()))
        .collect();
    assert!(unlisted.is_empty(), "{unlisted:?}");
    assert_eq!(written.len(), RULES.len());
}
