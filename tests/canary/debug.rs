//! No `Debug` shows a private word.

use cmss::store::{Conflict, Line, Order, Range, Scan, Store as _, Want, Write};
use cmss::{Actor, Cms, Command};
use pollster::block_on;

use crate::every;
use crate::heard::Secrets;
use crate::outside::Answer;
use crate::rich::{self, Rich};

/// What a value's `Debug` shows, in both forms.
fn debugged(what: &str, value: &impl std::fmt::Debug) -> Answer {
    Answer {
        question: what.to_owned(),
        answer: format!("{value:?}\n{value:#?}"),
    }
}

#[test]
fn no_debug_of_a_handle_shows_what_the_newsroom_holds() {
    block_on(async {
        let rich = Rich::told().await;
        let mut shown = vec![
            debugged("the newsroom", &rich.cms),
            debugged("its builder", &Cms::builder(rich.store.clone())),
            debugged("its store", &rich.store),
            debugged("its site", &rich.site()),
        ];
        let people = &rich.people;
        for actor in [
            people.admin(),
            people.editor(),
            people.reporter(),
            Actor::visitor(),
        ] {
            shown.push(debugged("a desk", &rich.cms.desk(actor)));
        }
        let vera = rich.cms.desk(people.editor());
        shown.push(debugged(
            "a person",
            &vera.person(people.sol).await.unwrap(),
        ));
        shown.push(debugged(
            "a name",
            &vera.bylines(people.sol, None).await.unwrap(),
        ));
        let consents = vera.consents(people.tor, None).await.unwrap();
        assert_eq!(consents.len(), 2);
        shown.push(debugged("a consent", &consents));
        let project = vera.project(rich.records.project).await.unwrap();
        shown.push(debugged("a contact", &project.working.contacts));
        // What is under work, as those see it who may.
        let sol = rich.cms.desk(people.reporter());
        let draft = rich.articles.draft.edition;
        let text = sol.edition(draft).await.unwrap();
        shown.push(debugged(
            "what may be written",
            &text.text.as_ref().unwrap().text,
        ));
        shown.push(debugged("a text", &text));
        shown.push(debugged(
            "revisions",
            &sol.revisions(draft, 0).await.unwrap(),
        ));
        shown.push(debugged(
            "own texts",
            &sol.own_editions(None).await.unwrap(),
        ));
        for task in [rich.assignments.proposed, rich.assignments.open] {
            let task = vera.assignment(task).await.unwrap();
            shown.push(debugged("an offer", &task.offer));
            shown.push(debugged("an assignment", &task));
        }
        assert_eq!(Secrets::words(&rich).heard(&shown), [""; 0]);
    });
}

#[test]
fn no_debug_of_what_a_store_takes_and_hands_out_shows_a_word() {
    block_on(async {
        let rich = Rich::told().await;
        let secrets = Secrets::words(&rich);
        let docs = rich.store.walk(None, 1_000).await.unwrap().docs;
        let whole = serde_json::to_string(&docs).unwrap();
        let spelled = Answer {
            question: "documents as they are exported".to_owned(),
            answer: whole,
        };
        assert_ne!(secrets.heard(&[spelled]), [""; 0], "there is what to hide");
        let ats: Vec<_> = docs.iter().map(|stored| stored.at.clone()).collect();
        let mut shown = vec![
            debugged("documents", &docs),
            debugged(
                "lines",
                &docs.iter().cloned().map(Line::Doc).collect::<Vec<_>>(),
            ),
            debugged("what was got", &rich.store.get(&ats[..20]).await.unwrap()),
        ];
        for stored in docs {
            for entry in &stored.entries {
                let range = Range::at(entry.index().clone(), entry.key().clone());
                for want in [Want::Card, Want::Body] {
                    let scan = Scan {
                        range: range.clone(),
                        order: Order::Ascending,
                        limit: 3,
                        want,
                    };
                    shown.push(debugged("a scan", &scan));
                    shown.push(debugged("hits", &rich.store.scan(&scan).await.unwrap()));
                }
                let taken = Conflict::Taken {
                    index: entry.index().clone(),
                    key: entry.key().clone(),
                    by: stored.at.clone(),
                };
                shown.push(debugged("a conflict", &taken));
            }
            let write = Write::Put {
                at: stored.at,
                salt: stored.salt,
                body: stored.body,
                card: stored.card,
                entries: stored.entries,
            };
            shown.push(debugged("a write", &write));
        }
        assert_eq!(secrets.heard(&shown), [""; 0]);
    });
}

#[test]
fn no_debug_of_a_command_shows_its_words() {
    let mut words = rich::Words::default();
    let commands = every::commands(&mut |field| words.secret(field));
    let mut shown = Vec::new();
    for command in &commands {
        let read = Command::from_json(command.to_string().as_bytes()).unwrap();
        let debugged = debugged(every::name(command), &read);
        // Addresses that were wanted are words too.
        for address in ["en-adress", "ett-projekt", "en-dag", "vilar", "040-628"] {
            assert!(!debugged.answer.contains(address), "{}", debugged.answer);
        }
        shown.push(debugged);
    }
    assert!(words.kept.len() > 80);
    assert_eq!(Secrets(words.kept).heard(&shown), [""; 0]);
    let mut named: Vec<_> = commands.iter().map(every::name).collect();
    let mut names = every::names();
    named.sort_unstable();
    names.sort_unstable();
    assert_eq!(named, names, "every command is among them");
}
