//! No error shows a private word.

use std::collections::BTreeSet;

use cmss::store::CommitId;
use cmss::{Actor, Cms, Command, Declarations, Error, NewNewsroom, NewPerson, Ties};
use pollster::block_on;

use crate::every;
use crate::heard::Secrets;
use crate::outside::{Answer, error};
use crate::rich::{self, Rich};

/// Errors of every kind that a command can be answered with.
async fn all_errors(rich: &Rich) -> Vec<(&'static str, Error)> {
    let people = &rich.people;
    let (vera, sol) = (
        rich.cms.desk(people.editor()),
        rich.cms.desk(people.reporter()),
    );
    let words = |field: &str| {
        let mut kept = rich.words.kept.iter();
        kept.find(|(what, _)| what == field).unwrap().1.clone()
    };
    let mut errors = Vec::new();
    // Faults in texts that hold words.
    let long = NewPerson {
        name: words("sol: legal name").repeat(30).into(),
        email: Some(format!("{} example.org", words("sol: note"))).into(),
        ..NewPerson::named("")
    };
    errors.push(("invalid", vera.put_person(None, &long).await.unwrap_err()));
    let json = format!(
        r#"{{"claim_assignment": {{"assignment": "{}"}}}}"#,
        words("sol: note")
    );
    let malformed = Command::from_json(json.as_bytes());
    errors.push(("malformed", malformed.unwrap_err()));
    // Refusals, of who may not and of what does not happen.
    let offer = vera.assignment(rich.assignments.open).await.unwrap().offer;
    let visitor = rich.cms.desk(Actor::visitor());
    errors.push(("refused", visitor.propose(&offer).await.unwrap_err()));
    let closed = rich.assignments.closed;
    let refused = vera.revise_assignment(closed, &offer).await;
    errors.push(("refused in its state", refused.unwrap_err()));
    let gates = rich.articles.draft;
    let ties = Declarations {
        no_client_information: false,
        ties: Ties::Declared(words("whole: ties")),
    };
    let refused = sol.submit(gates.edition, gates.head, &ties).await;
    errors.push(("refused by a gate", refused.unwrap_err()));
    let taken = NewPerson {
        account: Some(words("liv: account key")).into(),
        ..NewPerson::named("Någon")
    };
    let refused = vera.put_person(None, &taken).await;
    errors.push(("taken", refused.unwrap_err()));
    errors.push(("unreadable", sol.person(people.liv).await.unwrap_err()));
    // A conflict with three private texts.
    let revisions = sol.revisions(rich.articles.open_draft, 0).await.unwrap();
    let (old, head) = (&revisions[0], &revisions[1]);
    let mut mine = head.text.clone();
    mine.lead = words("draft: lead");
    let conflict = sol.save(rich.articles.open_draft, old.id, &mine).await;
    let conflict = conflict.unwrap_err();
    let Error::Conflict(texts) = &conflict else {
        panic!("{conflict}");
    };
    assert_eq!(texts.theirs.lead, words("draft of an update: lead"));
    errors.push(("conflict", conflict));
    // What is not there, a key that was used, a newsroom that is founded.
    let nobody = vera.edition(every::id("edition").parse().unwrap()).await;
    errors.push(("not found", nobody.unwrap_err()));
    let key = CommitId::named("step: write down sol");
    let once = rich.cms.desk(people.admin()).once(key);
    errors.push((
        "key reused",
        once.put_person(None, &taken).await.unwrap_err(),
    ));
    let newsroom = NewNewsroom {
        name: words("sol: legal name"),
        zone: cmss::chrono_tz::UTC,
        language: rich::swedish(),
    };
    let founded = Cms::builder(rich.store.clone());
    let founded = founded.found(&newsroom, &taken).await.unwrap_err();
    errors.push(("founded", founded));
    errors
}

#[test]
fn no_error_shows_a_private_word_nor_does_what_is_behind_it() {
    block_on(async {
        let rich = Rich::told().await;
        let errors = all_errors(&rich).await;
        let kinds: BTreeSet<_> = errors
            .iter()
            .map(|(_, error)| std::mem::discriminant(error))
            .map(|kind| format!("{kind:?}"))
            .collect();
        assert_eq!(kinds.len(), 6, "{kinds:?}");
        let answers: Vec<_> = errors
            .iter()
            .map(|(what, told)| Answer {
                question: (*what).to_owned(),
                answer: error(told),
            })
            .collect();
        assert_eq!(Secrets::words(&rich).heard(&answers), [""; 0]);
    });
}
