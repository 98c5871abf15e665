//! What the library answers, in the words of the tables; and what it says beforehand.

use std::collections::BTreeSet;

use cmss::{Allowance, Error, Guard};
use serde_json::Value;

use crate::cast::Who;
use crate::newsroom::{Ask, Foretold};
use crate::play::ensure;
use crate::world::World;

/// How a command ended, in the words of the tables; and what it answered.
pub(crate) fn ended(result: &Result<Value, Error>) -> Result<Result<Value, Foretold>, String> {
    Ok(Err(match result {
        Ok(value) => return Ok(Ok(value.clone())),
        Err(Error::Invalid(_)) => Foretold::Invalid,
        Err(Error::NotFound { .. }) => Foretold::NotFound,
        Err(Error::Conflict(_)) => Foretold::Conflict,
        Err(Error::Refused(refusal)) => Foretold::Refused(codes(&refusal.guards)),
        Err(other) => return Err(format!("ended in {other}")),
    }))
}

fn codes(guards: &[Guard]) -> BTreeSet<String> {
    guards.iter().map(Guard::code).collect()
}

/// Guards that depend on what a command says.
const OF_ARGUMENTS: [&str; 12] = [
    "other_unit",
    "other_language",
    "not_declared",
    "text_credit_missing",
    "byline_not_authors",
    "byline_retired",
    "credit_is_byline",
    "consent_not_valid",
    "field_needed",
    "slug_needed",
    "slug_taken",
    "slug_not_old",
];

/// What somebody is told they may do, before they try.
pub(crate) async fn listed(
    world: &World,
    who: Who,
    ask: &Ask,
    command: &str,
) -> Result<Option<Allowance>, String> {
    let Some(target) = ask.target() else {
        return Ok(None);
    };
    match world.desk(who).allowed(world.target(target)).await {
        Ok(all) => {
            let one = all
                .into_iter()
                .find(|allowance| allowance.command == command);
            one.map(Some).ok_or(format!("{command} is not listed"))
        }
        Err(Error::NotFound { .. }) => Ok(None),
        // Who is told nothing may do nothing.
        Err(Error::Refused(refusal)) => Ok(Some(Allowance {
            command: command.to_owned().into(),
            guards: refusal.guards,
            needs: Vec::new(),
        })),
        Err(error) => Err(error.to_string()),
    }
}

/// What is accepted was allowed; what was not allowed is refused for these reasons, and only what
/// is said with a command adds to them (19).
pub(crate) fn check_allowed(
    allowed: Option<Allowance>,
    end: &Result<Value, Foretold>,
) -> Result<(), String> {
    let Some(allowance) = allowed else {
        return Ok(());
    };
    let told_nothing = allowance.guards == [Guard::MayNotRead];
    match end {
        Ok(_) => ensure!(
            allowance.is_allowed(),
            "accepted, and not allowed: {allowance:?}"
        ),
        Err(Foretold::Refused(guards)) if told_nothing => {
            ensure!(
                guards.contains("not_permitted") || guards.contains("may_not_read"),
                "who is told nothing is let through"
            );
        }
        Err(Foretold::Refused(guards)) => {
            let listed = codes(&allowance.guards);
            let missing: Vec<_> = listed.difference(guards).collect();
            ensure!(
                missing.is_empty(),
                "{missing:?} stood against it, and it is not said"
            );
            let mut more = guards.difference(&listed);
            let more = more.find(|guard| !OF_ARGUMENTS.contains(&guard.as_str()));
            ensure!(more.is_none(), "allowed, and refused for {more:?}");
        }
        Err(_) => {}
    }
    Ok(())
}
