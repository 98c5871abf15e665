//! What does get out is heard.

use cmss::store::CommitId;
use pollster::block_on;

use crate::heard::{Secrets, all_answers, spellings};
use crate::outside::Answer;
use crate::rich::Rich;

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
