//! What is public, and the log: neither holds a private word.

use cmss::AuditRecord;
use cmss::store::{LogRecord, Seq};
use pollster::block_on;

use crate::heard::{Secrets, WRITTEN_OVER, all_answers, documents, is_public, log};
use crate::outside::Answer;
use crate::rich::Rich;

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

#[test]
fn the_log_holds_ids_and_no_word() {
    block_on(async {
        let rich = Rich::told().await;
        let log = log(&rich.store).await;
        let line = |record: &LogRecord| Answer {
            question: format!("record {}", record.seq),
            answer: format!("{record:?}\n{}", record.note),
        };
        let mut lines: Vec<_> = log.iter().map(line).collect();
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
