//! A table by hand, and how the library is held against it.

use std::collections::{BTreeMap, BTreeSet};

use cmss::store::{Seq, Store};
use cmss::{Actor, Allowance, Cms, Command, Error, Guard, MemoryStore, Refusal, Target};

use crate::support::{guards, opened};

/// Everybody who tries: what they are here, and the actor.
pub type Cast = Vec<(&'static str, Actor)>;

/// A thing in a state.
pub struct Case<T> {
    /// The state, as the table calls it.
    pub state: &'static str,
    pub store: MemoryStore,
    pub target: Target,
    /// What commands on it name.
    pub names: T,
}

/// A row: in these states, these may do this, and the state is another afterwards.
pub struct May {
    pub verb: &'static str,
    /// What happens. A verb that happens differently has a row for each; in a state without a row
    /// it is judged as in its first.
    pub event: &'static str,
    pub states: &'static [&'static str],
    pub who: &'static [&'static str],
    /// The code of the state afterwards; empty where it stays.
    pub to: &'static str,
}

/// A row of a verb that happens in one way.
pub const fn may(
    verb: &'static str,
    states: &'static [&'static str],
    who: &'static [&'static str],
    to: &'static str,
) -> May {
    may_as(verb, verb, states, who, to)
}

/// A row of a verb that happens in more than one.
pub const fn may_as(
    event: &'static str,
    verb: &'static str,
    states: &'static [&'static str],
    who: &'static [&'static str],
    to: &'static str,
) -> May {
    May {
        verb,
        event,
        states,
        who,
        to,
    }
}

/// Guards that say nothing of the thing.
const TURNS_AWAY: [&str; 2] = ["not_permitted", "may_not_read"];

/// A guard beside those on state and role: it fails for these, or for all.
pub struct Beside {
    pub verb: &'static str,
    pub states: &'static [&'static str],
    pub who: Option<&'static [&'static str]>,
    pub guard: &'static str,
}

/// A guard that fails in these states, for these or for all.
pub const fn beside(
    verb: &'static str,
    states: &'static [&'static str],
    who: Option<&'static [&'static str]>,
    guard: &'static str,
) -> Beside {
    Beside {
        verb,
        states,
        who,
        guard,
    }
}

/// All of it.
pub struct Table {
    pub may: &'static [May],
    pub beside: &'static [Beside],
    /// Verbs that the desk does not list.
    pub unlisted: &'static [&'static str],
    /// The editors among them.
    pub editors: &'static [&'static str],
    /// Who has a part in what a verb moves, in a state: beside editors, they alone read what else
    /// stands against what they may not do.
    pub part: fn(&str, &str, &str) -> bool,
}

impl Table {
    fn verbs(&self) -> BTreeSet<&'static str> {
        self.may.iter().map(|may| may.verb).collect()
    }

    /// The guards that fail, and the row that is made when none does.
    fn expects(&self, verb: &str, state: &str, who: &str) -> (BTreeSet<String>, Option<&May>) {
        let rows = || self.may.iter().filter(|may| may.verb == verb);
        let here = || rows().filter(|may| may.states.contains(&state));
        let made = here().find(|may| may.who.contains(&who));
        let mut guards = BTreeSet::new();
        if here().next().is_none() {
            guards.insert("wrong_state");
            let event = rows().next().unwrap().event;
            let mut ever = rows().filter(|may| may.event == event);
            if !ever.any(|may| may.who.contains(&who)) {
                guards.insert("not_permitted");
            }
        } else if made.is_none() {
            guards.insert("not_permitted");
        }
        for beside in self.beside {
            let whom = beside.who.is_none_or(|whom| whom.contains(&who));
            if beside.verb == verb && beside.states.contains(&state) && whom {
                guards.insert(beside.guard);
            }
        }
        let concerned = self.editors.contains(&who) || (self.part)(verb, state, who);
        if !concerned && guards.iter().any(|guard| TURNS_AWAY.contains(guard)) {
            guards.retain(|guard| TURNS_AWAY.contains(guard));
        }
        (guards.into_iter().map(str::to_owned).collect(), made)
    }

    /// What the desk answers to whoever asks what they may do.
    fn listed(&self, state: &str, who: &str) -> Option<BTreeMap<String, BTreeSet<String>>> {
        let verbs = self.verbs().into_iter();
        let verbs = verbs.filter(|verb| !self.unlisted.contains(verb));
        let all: BTreeMap<_, _> = verbs
            .map(|verb| (verb.to_owned(), self.expects(verb, state, who).0))
            .collect();
        let concerned = self.editors.contains(&who)
            || all
                .values()
                .any(|guards| !TURNS_AWAY.iter().any(|guard| guards.contains(*guard)));
        (concerned && who != "clock" && who != "visitor").then_some(all)
    }

    /// Holds the library against it: in every case, everybody gives every command. Answers where
    /// the two differ.
    pub async fn differences<T>(
        &self,
        cases: &[Case<T>],
        cast: &Cast,
        command: impl Fn(&Case<T>, &str, &str) -> Command,
        state: impl AsyncFn(&Cms, &Case<T>) -> &'static str,
    ) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut tried = 0;
        // Whoever has no part in it is answered the same in every state.
        let mut turned_away: BTreeMap<(&str, &str), Refusal> = BTreeMap::new();
        for case in cases {
            let before = state(&open(&case.store).await, case).await;
            let mut store = case.store.fork().unwrap();
            for (who, actor) in cast {
                let cms = open(&store).await;
                let listed = listed(cms.desk(actor.clone()).allowed(case.target).await);
                let expected = self.listed(case.state, who);
                if listed != expected {
                    wrong.push(format!(
                        "{who} in {}: listed {listed:?}, expected {expected:?}",
                        case.state
                    ));
                }
                for verb in self.verbs() {
                    let (guards, made) = self.expects(verb, case.state, who);
                    let cms = open(&store).await;
                    let given = command(case, verb, who);
                    let answer = cms.desk(actor.clone()).execute(&given).await;
                    tried += 1;
                    let fails = match &answer {
                        Ok(_) => BTreeSet::new(),
                        Err(Error::Refused(refusal)) => {
                            refusal.guards.iter().map(Guard::code).collect()
                        }
                        Err(other) => panic!("{other:?}"),
                    };
                    if fails != guards {
                        wrong.push(format!(
                            "{who} in {}: {verb} fails {fails:?}, expected {guards:?}",
                            case.state
                        ));
                    }
                    let concerned =
                        self.editors.contains(who) || (self.part)(verb, case.state, who);
                    if let (Err(Error::Refused(refusal)), false) = (&answer, concerned)
                        && fails.contains("not_permitted")
                    {
                        let before = turned_away.entry((who, verb));
                        let before = before.or_insert_with(|| refusal.clone());
                        if before != refusal {
                            wrong.push(format!(
                                "{who} in {}: {verb} answers {refusal}, elsewhere {before}",
                                case.state
                            ));
                        }
                    }
                    if answer.is_err() {
                        assert_eq!(seq(&store).await, seq(&case.store).await, "{verb} by {who}");
                        continue;
                    }
                    let to = made.map_or("", |may| may.to);
                    let to = if to.is_empty() { before } else { to };
                    let after = state(&cms, case).await;
                    if after != to {
                        wrong.push(format!(
                            "{who} in {}: {verb} leads to {after}, expected {to}",
                            case.state
                        ));
                    }
                    store = case.store.fork().unwrap();
                }
            }
        }
        assert_eq!(tried, cases.len() * cast.len() * self.verbs().len());
        wrong
    }
}

async fn seq(store: &MemoryStore) -> Seq {
    store.get(&[]).await.unwrap().as_of
}

/// The newsroom in a store.
pub async fn open(store: &MemoryStore) -> Cms {
    opened(store.clone(), "tables").await
}

/// The states that things are in, each once.
pub async fn states<T>(
    cases: &[Case<T>],
    state: impl AsyncFn(&Cms, &Case<T>) -> &'static str,
) -> BTreeSet<&'static str> {
    let mut states = BTreeSet::new();
    for case in cases {
        states.insert(state(&open(&case.store).await, case).await);
    }
    states
}

/// The guards that fail for each verb; `None` for whoever may not even know.
fn listed(answer: Result<Vec<Allowance>, Error>) -> Option<BTreeMap<String, BTreeSet<String>>> {
    let allowances = match answer {
        Ok(allowances) => allowances,
        refused => {
            assert_eq!(guards(refused), [Guard::MayNotRead]);
            return None;
        }
    };
    let listed = allowances.into_iter().map(|allowance| {
        let guards = allowance.guards.iter().map(Guard::code);
        (allowance.command.into_owned(), guards.collect())
    });
    Some(listed.collect())
}
