//! Every private field holds a word of its own, and none of them is heard outside: not in an
//! answer of the site, not in what is stored for it, not in a `Debug`, an error or the log.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests are not in test functions"
)]

mod every;
mod outside;
mod rich;

use std::collections::BTreeSet;

use cmss::store::{CommitId, Seq, Store, Stored};
use cmss::uuid::Uuid;
use cmss::{Actor, AuditRecord, Cms, Command, Declarations, Error, NewNewsroom, NewPerson, Ties};
use outside::{Answer, Questions, error};
use pollster::block_on;
use rich::{Rich, at};

/// Every document there is.
async fn documents(store: &dyn Store) -> Vec<Stored> {
    let mut documents = Vec::new();
    loop {
        let after = documents.last().map(|stored: &Stored| stored.at.clone());
        let walked = store.walk(after.as_ref(), 100).await.unwrap();
        documents.extend(walked.docs);
        if !walked.more {
            return documents;
        }
    }
}

fn is_public(stored: &Stored) -> bool {
    stored.at.collection.as_str().starts_with("public.")
}

/// What must not be heard, and what it is.
struct Secrets(Vec<(String, String)>);

impl Secrets {
    /// The words of private fields.
    fn words(rich: &Rich) -> Self {
        Self(rich.words.kept.clone())
    }

    /// The ids of private documents and of commits, in every spelling.
    async fn ids(rich: &Rich) -> Self {
        let mut ids = BTreeSet::new();
        for stored in documents(&rich.store).await {
            if !is_public(&stored) {
                ids.insert((format!("id in {}", stored.at.collection), stored.at.id));
            }
        }
        let mut seq = Seq::ZERO;
        loop {
            let changes = rich.store.changes(seq, 100).await.unwrap();
            let Some(last) = changes.records.last() else {
                break;
            };
            seq = last.seq;
            ids.extend(
                changes
                    .records
                    .iter()
                    .map(|record| (format!("key of commit {}", record.seq), record.id.0)),
            );
        }
        Self(
            ids.into_iter()
                .flat_map(|(what, id)| spellings(id).map(|id| (what.clone(), id)))
                .collect(),
        )
    }

    /// Those that are heard, each with where.
    fn heard(&self, answers: &[Answer]) -> Vec<String> {
        let mut heard = Vec::new();
        for Answer { question, answer } in answers {
            let answer = answer.to_lowercase();
            for (what, secret) in &self.0 {
                if answer.contains(&secret.to_lowercase()) {
                    heard.push(format!("{what} ({secret}) in: {question}"));
                }
            }
        }
        heard
    }
}

/// An id as text, and as the bytes of it.
fn spellings(id: Uuid) -> [String; 3] {
    let bytes = id.as_bytes().iter().map(|byte| char::from(*byte));
    [id.to_string(), id.simple().to_string(), bytes.collect()]
}

/// Everything the site can be asked, addresses and ids that are private among it.
async fn all_answers(rich: &Rich) -> Vec<Answer> {
    let mut slugs: Vec<String> = rich
        .articles
        .slugs
        .iter()
        .map(|slug| (*slug).into())
        .collect();
    slugs.extend(
        [
            "kvallsoppet",
            "kvallsoppet-bibliotek",
            "mentorer-pa-mottagningen",
            "dolt",
            "undanlagt",
            "utvecklingsdagen",
            "aldrig",
            "dold-dag",
            "bostad",
            "demokrati",
            "ide",
            "pilot",
            "skala-upp",
            "vilar",
            "masen",
            "liv",
            "tarnan",
            "nobody-ever-had-this",
        ]
        .map(str::to_owned),
    );
    slugs.extend([
        rich.people.sol.to_string(),
        rich.articles.draft.edition.to_string(),
    ]);
    let questions = Questions {
        slugs,
        times: [
            "2026-02-01T00:00:00Z",
            "2026-03-03T09:00:00Z",
            "2026-04-20T23:00:00Z",
        ]
        .map(at)
        .to_vec(),
        limits: vec![1, 3, 100],
    };
    questions.ask(&rich.site()).await
}

/// The words that something later was written over: no document holds them any more.
const WRITTEN_OVER: [&str; 2] = ["second draft: ties", "what the editor asks to change"];

#[test]
fn every_word_stands_in_a_private_document() {
    block_on(async {
        let rich = Rich::told().await;
        let documents = documents(&rich.store).await;
        let kept = |word: &str| {
            let mut private = documents.iter().filter(|stored| !is_public(stored));
            private.any(|stored| stored.body.contains(word))
        };
        let lost = rich.words.kept.iter().filter(|(_, word)| !kept(word));
        let lost: Vec<_> = lost.map(|(field, _)| field.as_str()).collect();
        assert_eq!(lost, WRITTEN_OVER);
        assert!(rich.words.kept.len() > 200);
    });
}

#[test]
fn nothing_private_is_heard_through_the_public_door() {
    block_on(async {
        let rich = Rich::told().await;
        let answers = all_answers(&rich).await;
        // There is something to hear, of every kind.
        let said = answers.iter().map(|answer| answer.answer.as_str());
        let said: String = said.collect();
        for public in [
            "Nycklarna delas ut klockan sex.",
            "karin@example.org",
            "En dag om hur vi skriver till varandra.",
            "Lokalen är stängd.",
            "Sidan togs bort på begäran.",
            "Måsen",
            "Tärnan",
            "Tor Tyst",
            "Frits Fotograf",
            "revalidate",
        ] {
            assert!(said.contains(public), "{public}");
        }
        assert_eq!(Secrets::words(&rich).heard(&answers), [""; 0]);
        assert_eq!(Secrets::ids(&rich).await.heard(&answers), [""; 0]);
    });
}

#[test]
fn nothing_private_stands_in_what_is_stored_for_the_site() {
    block_on(async {
        let rich = Rich::told().await;
        let stored = documents(&rich.store).await;
        let stored: Vec<_> = stored
            .into_iter()
            .filter(is_public)
            .map(|stored| {
                let keys = stored
                    .entries
                    .iter()
                    .flat_map(|entry| entry.key().0.clone());
                let keys: String = keys.map(char::from).collect();
                let card = stored.card.as_deref().unwrap_or_default();
                Answer {
                    question: format!("{:?}", stored.at),
                    answer: format!("{} {} {card} {keys}", stored.at.id, stored.body),
                }
            })
            .collect();
        assert!(stored.len() > 40);
        assert_eq!(Secrets::words(&rich).heard(&stored), [""; 0]);
        // Public documents name each other, by ids that are never served; none names a private one.
        assert_eq!(Secrets::ids(&rich).await.heard(&stored), [""; 0]);
    });
}

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
fn no_debug_of_a_command_shows_its_words() {
    let mut words = rich::Words::default();
    let commands = every::commands(&mut |field| words.secret(field));
    let mut shown = Vec::new();
    for command in &commands {
        let read = Command::from_json(command.to_string().as_bytes()).unwrap();
        let debugged = debugged(every::name(command), &read);
        // Addresses that were wanted are words too.
        for address in ["en-adress", "ett-projekt", "en-dag", "vilar", "042-10"] {
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

#[test]
fn the_log_holds_ids_and_no_word() {
    block_on(async {
        let rich = Rich::told().await;
        let mut lines = Vec::new();
        let mut seq = Seq::ZERO;
        loop {
            let changes = rich.store.changes(seq, 100).await.unwrap();
            let Some(last) = changes.records.last() else {
                break;
            };
            seq = last.seq;
            lines.extend(changes.records.iter().map(|record| Answer {
                question: format!("record {}", record.seq),
                answer: format!("{record:?}\n{}", record.note),
            }));
        }
        let admin = rich.cms.desk(rich.people.admin());
        let audit: Vec<AuditRecord> = admin.audit(Seq::ZERO, 100).await.unwrap().lines;
        lines.extend(audit.iter().map(|line| Answer {
            question: format!("line {}", line.seq),
            answer: format!("{line:?}\n{}", serde_json::to_string(line).unwrap()),
        }));
        assert!(lines.len() > 200);
        assert_eq!(Secrets::words(&rich).heard(&lines), [""; 0]);
    });
}

#[test]
fn a_word_that_gets_out_is_heard() {
    block_on(async {
        let rich = Rich::told().await;
        let vera = rich.cms.desk(rich.people.editor());
        // Publishing is what makes it public, and nothing else was in the way.
        vera.publish_record(rich.records.library).await.unwrap();
        vera.publish_record(rich.records.topic).await.unwrap();
        let heard = Secrets::words(&rich).heard(&all_answers(&rich).await);
        for field in [
            "library: name in the working copy",
            "library: address in the working copy",
            "topic: label in the working copy",
        ] {
            assert!(
                heard.iter().any(|heard| heard.starts_with(field)),
                "{field}"
            );
        }
        assert!(
            !heard.iter().any(|heard| heard.contains("event:")),
            "{heard:?}"
        );
    });
}

#[test]
fn an_id_that_gets_out_is_heard_in_each_spelling() {
    block_on(async {
        let rich = Rich::told().await;
        let ids = Secrets::ids(&rich).await;
        let key = CommitId::named("step: write down sol").0;
        for spelling in spellings(key) {
            let answer = Answer {
                question: "a leak".to_owned(),
                answer: format!("…{spelling}…"),
            };
            assert_eq!(ids.heard(&[answer]).len(), 1);
        }
    });
}
