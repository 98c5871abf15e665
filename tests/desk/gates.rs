//! What stands between a text or a record and the public: names, terms, addresses; and what it costs
//! to look for assignments that one may read.

use std::sync::Arc;

use crate::support::{Newsroom, declared, guards, named, text};
use cmss::values::Locale;
use cmss::{
    Actor, AssignmentState, BylineForm, Cms, ContactPoint, Credit, CreditRole, CreditedTo, Found,
    Guard, ListBy, Listing, MemoryStore, NewArticle, Organisation, OrganisationKind, Project, Term,
    Vocabulary,
};
use cmss_testkit::Counting;
use pollster::block_on;
use serde_json::json;

/// What stands against handing in a text of Sol's that credits this name for its photos.
async fn against_crediting(room: &Newsroom, name: &str) -> Vec<Guard> {
    let sol = room.reporter();
    let mut text = text("Om ett namn", room.sols);
    text.credits.push(Credit {
        role: CreditRole::Photo,
        by: CreditedTo::Name(name.to_owned()),
    });
    let article = NewArticle {
        assignment: None,
        co_authors: Vec::new(),
        text,
    };
    let begun = sol.start_article(&article).await.unwrap();
    match sol.submit(begun.edition, begun.head, &declared()).await {
        Ok(()) => Vec::new(),
        refused => guards(refused),
    }
}

#[test]
fn a_free_name_that_reads_as_a_bylines_is_refused_and_the_byline_is_not_named() {
    block_on(async {
        let room = Newsroom::in_memory().await;
        let pen = named(BylineForm::PenName, "Vit Fågel");
        let byline = room.editor().create_byline(room.liv, &pen).await.unwrap();
        for name in [
            "Vit Fågel",
            "vit fågel",
            "Vit\u{200b} Fågel",
            "Vit\u{a0}Fågel",
            "V\u{ad}it Fågel",
        ] {
            let guards = against_crediting(&room, name).await;
            assert_eq!(guards, [Guard::CreditIsByline], "{name:?}");
            let told = serde_json::to_string(&guards).unwrap();
            assert!(!told.contains(&byline.to_string()), "{told}");
        }
        for name in ["Vit Fjäder", "Fågel Vit", "***", "فاطمة"] {
            assert_eq!(against_crediting(&room, name).await, [], "{name:?}");
        }
    });
}

#[test]
fn a_name_of_which_no_slug_can_be_made_has_an_address_and_a_list_all_the_same() {
    block_on(async {
        let room = Newsroom::in_memory().await;
        let mut slugs = Vec::new();
        for (person, name) in [(room.sol, "فاطمة"), (room.liv, "ليلى")] {
            let byline = named(BylineForm::FirstName, name);
            let byline = room.editor().create_byline(person, &byline).await.unwrap();
            let desk = room.cms.desk(Actor::new(person).reporter());
            let article = NewArticle {
                assignment: None,
                co_authors: Vec::new(),
                text: text(&format!("Text {}", slugs.len()), byline),
            };
            let begun = desk.start_article(&article).await.unwrap();
            let (edition, head) = (begun.edition, begun.head);
            desk.submit(edition, head, &declared()).await.unwrap();
            room.editor().approve(edition, head).await.unwrap();
            room.editor().publish(edition, head, None).await.unwrap();
            let bylines = desk.bylines(person, None).await.unwrap();
            let view = bylines.into_iter().find(|view| view.id == byline).unwrap();
            slugs.push(view.slug.unwrap().to_string());
        }
        assert_eq!(slugs, ["byline", "byline-2"]);
        for slug in &slugs {
            let of_byline = Listing::by(ListBy::Byline(slug.parse().unwrap()));
            let page = room.cms.site().list(&of_byline).await.unwrap().unwrap();
            assert_eq!(page.items.len(), 1, "{slug}");
        }
    });
}

#[test]
fn a_project_is_published_in_a_category_that_is_public() {
    block_on(async {
        let room = Newsroom::in_memory().await;
        let editor = room.editor();
        let category: Term = serde_json::from_value(json!({
            "vocabulary": "category", "slug": "demokrati", "label": "Demokrati",
        }))
        .unwrap();
        let category = editor.put_term(None, &category).await.unwrap();
        let stage = editor.find_term(Vocabulary::Stage, "pilot").await.unwrap();
        let contact: ContactPoint =
            serde_json::from_value(json!({"name": "Kim", "email": "kim@example.org"})).unwrap();
        let project = Project {
            category: Some(category),
            stage,
            contacts: vec![contact],
            ..Project::titled("Plan", Locale::Sv.into())
        };
        let project = editor.put_project(None, &project).await.unwrap();
        let refused = editor.publish_record(project).await;
        let not_public = Guard::TermNotPublished { term: category };
        assert_eq!(guards(refused), [not_public]);
        assert_eq!(
            room.cms.site().project("plan").await.unwrap(),
            Found::NotThere
        );
        editor.publish_record(category).await.unwrap();
        editor.publish_record(project).await.unwrap();
        let page = room.cms.site().project("plan").await.unwrap();
        assert!(matches!(page, Found::Here(_)));
    });
}

#[test]
fn assignments_that_one_may_not_read_are_passed_over_a_hundred_at_a_time() {
    block_on(async {
        let store = MemoryStore::new();
        let room = Newsroom::in_store(store.clone()).await;
        for _ in 0..150 {
            let task = room.open_assignment(1).await;
            let editor = room.editor();
            editor.cancel_assignment(task, "Inställt.").await.unwrap();
        }
        let bath = Organisation::named("Badhuset", OrganisationKind::Unit);
        let bath = room.editor().put_organisation(None, &bath).await.unwrap();
        let counting = Arc::new(Counting::new(Arc::new(store)));
        let cms = Cms::builder(counting.clone()).open().await.unwrap();
        counting.reset();
        let other = cms.desk(Actor::new(room.nils).unit_contact(bath));
        let cancelled = AssignmentState::Cancelled;
        assert_eq!(other.assignments(cancelled, None).await.unwrap(), []);
        let counts = counting.counts();
        assert_eq!((counts.get, counts.scan), (0, 2), "{counts:?}");
    });
}
