//! Whether a history can be explained by an order of its calls.

use std::fmt::Write as _;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use todc_utils::{Action, History, WGLChecker};

use super::record::{Event, Tick};
use crate::model::{Call, Specification};

/// Asserts that there is an order of these calls, none before one that had ended when it began, in
/// which the [specification](crate::model) allows every answer.
///
/// A commit of which nobody knows what it came to may have happened at any time since it was sent, or
/// not at all.
///
/// # Panics
/// With the history, where there is none.
#[track_caller]
pub(crate) fn hold(events: &[Event]) {
    if is_explained(events) {
        return;
    }
    let mut told: Vec<_> = events.iter().collect();
    told.sort_by_key(|event| event.begun);
    let mut story = String::new();
    for event in told {
        let _ = writeln!(story, "{}", line(event));
    }
    let unexplained = first_unexplained(events).map_or_else(String::new, line);
    panic!("no order of these calls explains\n{unexplained}\nof\n{story}");
}

/// Whether there is such an order.
pub(crate) fn is_explained(events: &[Event]) -> bool {
    // Of a read that was not answered there is nothing to explain.
    let events = events
        .iter()
        .filter(|event| event.answer.is_some() || event.call.writes());
    let mut actions: Vec<(Tick, usize, Action<Arc<Event>>)> = Vec::new();
    // Each call is a process of its own to the checker: the ticks say all there is to say.
    for (process, event) in events.enumerate() {
        let event = Arc::new(event.clone());
        actions.push((event.begun, process, Action::Call(event.clone())));
        actions.push((event.ended, process, Action::Response(event)));
    }
    if actions.is_empty() {
        return true;
    }
    // What never ended keeps its place after all that did.
    actions.sort_by_key(|(tick, ..)| *tick);
    let actions = actions.into_iter();
    let actions = actions
        .map(|(_, process, action)| (process, action))
        .collect();
    WGLChecker::<InTurn>::is_linearizable(History::from_actions(actions))
}

/// The first answer that cannot be explained together with all that were given before it.
fn first_unexplained(events: &[Event]) -> Option<&Event> {
    let mut ended: Vec<_> = events.iter().collect();
    ended.sort_by_key(|event| event.ended);
    ended.into_iter().find(|last| {
        let known = events.iter().filter(|event| event.begun < last.ended);
        let known: Vec<Event> = known
            .map(|event| match event.ended <= last.ended {
                true => event.clone(),
                false => Event {
                    ended: Tick::MAX,
                    answer: None,
                    ..event.clone()
                },
            })
            .collect();
        !is_explained(&known)
    })
}

fn line(event: &Event) -> String {
    let Event {
        thread,
        begun,
        ended,
        call,
        answer,
    } = event;
    let answer = answer.as_ref().map_or_else(
        || "nothing known".to_owned(),
        |answer| format!("{answer:?}"),
    );
    match *ended {
        Tick::MAX => format!("thread {thread}, from {begun}: {call:?}: {answer}"),
        ended => format!("thread {thread}, {begun} to {ended}: {call:?}: {answer}"),
    }
}

/// A store that is called by one thread.
#[derive(Debug)]
struct InTurn;

/// Its state.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct State(Arc<Specification>);

impl Hash for State {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.log.last().map(|record| record.chain).hash(state);
    }
}

impl todc_utils::Specification for InTurn {
    type State = State;
    type Operation = Arc<Event>;

    fn init() -> State {
        State::default()
    }

    fn apply(event: &Arc<Event>, state: &State) -> (bool, State) {
        let answer = event.answer.as_ref();
        if answer.is_some_and(|answer| !state.0.allows(&event.call, answer)) {
            return (false, state.clone());
        }
        let Call::Commit(change) = &event.call else {
            return (true, state.clone());
        };
        let mut after = Specification::clone(&state.0);
        after.commit(change);
        (true, State(Arc::new(after)))
    }
}
