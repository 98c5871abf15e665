//! Of a draft, nobody but its authors reads more than title and state.

use cmss::store::Seq;
use cmss::{Actor, Declarations, Error, Fact, NewArticle, OpenedEdition, RevisionId, Ties};
use pollster::block_on;
use serde_json::Value;

use crate::rich::Rich;
use crate::table::Who::{self, Admin, Editor, Mentor, Sol};
use crate::table::{ALL, Read, actor, is_refused, read, word};

/// The text of somebody's view of an edition.
async fn text_of(rich: &Rich, who: Who, what: Read) -> Value {
    let desk = rich.cms.desk(actor(rich, who));
    read(&desk, rich, what).await.unwrap()["text"].clone()
}

#[test]
fn of_a_draft_an_editor_reads_title_and_state() {
    block_on(async {
        let rich = Rich::told().await;
        let own = text_of(&rich, Sol, Read::DraftOfSols).await;
        assert_eq!(own["text"]["lead"], word(&rich, "draft: lead"));
        assert_eq!(text_of(&rich, Editor, Read::DraftOfSols).await, Value::Null);
        let desk = rich.cms.desk(actor(&rich, Editor));
        let seen = read(&desk, &rich, Read::DraftOfSols).await.unwrap();
        assert_eq!(seen["card"]["title"], word(&rich, "draft: headline"));
        assert_eq!(seen["card"]["state"], "draft");
        let all = format!(
            "{seen} {}",
            read(&desk, &rich, Read::Editions).await.unwrap()
        );
        for field in [
            "draft: lead",
            "draft: body",
            "draft: link text",
            "draft: free credit",
        ] {
            assert!(!all.contains(&word(&rich, field)), "{field}");
        }
    });
}

#[test]
fn of_a_text_that_was_sent_back_an_editor_reads_what_was_handed_in() {
    block_on(async {
        let rich = Rich::told().await;
        let own = text_of(&rich, Sol, Read::ReturnedOfSols).await;
        let since = word(&rich, "draft since it was returned: lead");
        assert_eq!(own["text"]["lead"], since);
        assert_eq!(own["said"], word(&rich, "returned text: comment"));
        let seen = text_of(&rich, Editor, Read::ReturnedOfSols).await;
        assert_eq!(seen["text"]["lead"], word(&rich, "returned text: lead"));
        assert!(!seen.to_string().contains(&since));
    });
}

#[test]
fn no_command_hands_an_editor_a_draft() {
    block_on(async {
        let rich = Rich::told().await;
        let vera = rich.cms.desk(actor(&rich, Editor));
        // The log names every revision.
        let mut named: Vec<RevisionId> = vec![rich.articles.draft.head];
        let mut after = Seq::ZERO;
        loop {
            let page = vera.audit(after, 100).await.unwrap();
            if page.reached == after {
                break;
            }
            after = page.reached;
            let facts = page.lines.iter().flat_map(|line| &line.facts);
            named.extend(facts.filter_map(|fact| match fact {
                Fact::TextSaved { head, .. }
                | Fact::TextEdited { head, .. }
                | Fact::EditionOpened { head, .. }
                | Fact::ArticleStarted { head, .. } => Some(*head),
                _ => None,
            }));
        }
        assert!(named.len() > 15);
        let text = vera.edition(rich.articles.submitted.edition).await.unwrap();
        let mine = text.text.unwrap().text;
        let drafts = [
            "draft: lead",
            "draft of an update: lead",
            "first draft: lead",
        ];
        let since = word(&rich, "draft since it was returned: lead");
        let drafts: Vec<_> = drafts.map(|field| word(&rich, field)).into();
        let articles = &rich.articles;
        for edition in [
            articles.draft.edition,
            articles.open_draft,
            articles.returned.edition,
            articles.submitted.edition,
            articles.approved.edition,
        ] {
            for head in &named {
                let answers = [
                    vera.save(edition, *head, &mine).await.map(drop),
                    vera.approve(edition, *head).await,
                    vera.publish(edition, *head, None).await,
                ];
                for answer in answers {
                    let Err(Error::Conflict(conflict)) = answer else {
                        continue;
                    };
                    let texts = [conflict.base, Some(conflict.theirs)];
                    let texts = serde_json::to_string(&texts).unwrap();
                    assert!(!texts.contains(&since), "{edition} {head}");
                    assert!(!drafts.iter().any(|draft| texts.contains(draft)), "{texts}");
                }
            }
        }
    });
}

#[test]
fn an_editor_is_given_the_base_that_was_handed_in_and_none_from_before() {
    block_on(async {
        let rich = Rich::told().await;
        let sol = rich.cms.desk(actor(&rich, Sol));
        let vera = rich.cms.desk(actor(&rich, Editor));
        let (edition, first) = (rich.articles.draft.edition, rich.articles.draft.head);
        let draft = sol.edition(edition).await.unwrap().text.unwrap().text;
        let with = |lead: &str| {
            let mut text = draft.clone();
            text.lead = lead.to_owned();
            text
        };
        let handed_in = sol.save(edition, first, &with("inlämnad")).await.unwrap();
        let declared = Declarations {
            no_client_information: true,
            ties: Ties::Nothing(true),
        };
        sol.submit(edition, handed_in, &declared).await.unwrap();
        vera.save(edition, handed_in, &with("redigerad"))
            .await
            .unwrap();
        for (named, base) in [(first, None), (handed_in, Some("inlämnad"))] {
            let answer = vera.save(edition, named, &with("min")).await;
            let Err(Error::Conflict(conflict)) = answer else {
                panic!("{answer:?}");
            };
            let seen = conflict.base.map(|text| text.lead);
            assert_eq!(seen.as_deref(), base);
            assert_eq!(conflict.theirs.lead, "redigerad");
        }
        // Its author takes it back, and reads all of it.
        sol.pull_back(edition).await.unwrap();
        let answer = sol.save(edition, first, &with("min")).await;
        let Err(Error::Conflict(conflict)) = answer else {
            panic!("{answer:?}");
        };
        assert_eq!(conflict.base.unwrap().lead, draft.lead);
    });
}

#[test]
fn who_is_no_editor_any_more_reads_no_draft_that_they_opened() {
    block_on(async {
        let rich = Rich::told().await;
        let unnamed = rich.articles.unnamed.variant;
        let vera = rich.cms.desk(actor(&rich, Editor));
        let OpenedEdition { edition, .. } = vera.open_edition(unnamed).await.unwrap();
        assert!(vera.edition(edition).await.unwrap().text.is_some());
        let nils = rich.cms.desk(Actor::new(rich.people.nils).editor());
        assert!(nils.edition(edition).await.unwrap().text.is_none());
        for former in [
            Actor::new(rich.people.vera),
            Actor::new(rich.people.vera).reporter(),
        ] {
            let desk = rich.cms.desk(former);
            assert!(is_refused(&desk.edition(edition).await));
        }
    });
}

#[test]
fn a_text_of_the_newsrooms_own_is_read_by_who_has_to_stand_behind_it() {
    block_on(async {
        let rich = Rich::told().await;
        let vera = rich.cms.desk(actor(&rich, Editor));
        let live = vera.edition(rich.articles.rich.edition).await.unwrap();
        let article = NewArticle {
            assignment: None,
            co_authors: Vec::new(),
            text: live.text.unwrap().text,
        };
        let mut article = article;
        article.text.body.0.truncate(1);
        article
            .text
            .credits
            .retain(|credit| matches!(&credit.by, cmss::CreditedTo::Name(_)));
        for credit in &mut article.text.credits {
            credit.role = cmss::CreditRole::Text;
        }
        article.text.topics.truncate(1);
        let house = vera.start_article(&article).await.unwrap();
        let readers = async || {
            let mut readers = Vec::new();
            for who in ALL {
                let desk = rich.cms.desk(actor(&rich, who));
                if !is_refused(&desk.edition(house.edition).await) {
                    readers.push(who);
                }
            }
            readers
        };
        assert_eq!(readers().await, [Editor]);
        let declared = Declarations {
            no_client_information: true,
            ties: Ties::Nothing(true),
        };
        vera.submit(house.edition, house.head, &declared)
            .await
            .unwrap();
        assert_eq!(readers().await, [Mentor, Editor, Admin]);
    });
}
