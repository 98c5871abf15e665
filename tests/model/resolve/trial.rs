//! Commands that are tried first.

use crate::cast::Who;
use crate::newsroom::{Ask, Foretold, Newsroom};

/// The first command that would change something.
pub(crate) fn first_done(
    newsroom: &Newsroom,
    mut given: impl Iterator<Item = (Who, Ask)>,
) -> Option<(Who, Ask)> {
    let mut trial = Trial::of(newsroom);
    given.find(|(who, ask)| trial.is_done(*who, ask))
}

/// What would become of commands.
#[derive(Debug)]
pub(crate) struct Trial<'a> {
    newsroom: &'a Newsroom,
    tried: Newsroom,
}

impl<'a> Trial<'a> {
    pub(crate) fn of(newsroom: &'a Newsroom) -> Self {
        let tried = newsroom.clone();
        Self { newsroom, tried }
    }

    /// Whether a command would change something.
    pub(crate) fn is_done(&mut self, who: Who, ask: &Ask) -> bool {
        // What comes to nothing leaves the tables as they are.
        let done = self.tried.give(who, ask) == Foretold::Done;
        if done {
            self.tried.clone_from(self.newsroom);
        }
        done
    }
}
