//! Who at the desk may read what, written out by hand: every read, by everybody.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests are not in test functions"
)]

mod every;
mod rich;

use std::collections::BTreeSet;

use cmss::store::{Seq, Store};
use cmss::{
    Actor, Archived, AssignmentState, Covers, Declarations, Desk, EditionState, Error, Fact, Guard,
    NewArticle, PersonId, PlacesView, ProjectId, PublicationState, RecordList, RecordRef,
    RevisionId, Ties, VariantId, Vocabulary,
};
use pollster::block_on;
use rich::Rich;
use serde::Serialize;
use serde_json::Value;

/// Who reads. Sol is the reporter whose own things are read, Liv another one; Kim speaks for the
/// library, and Tor for another unit; Una has no role, but consents of her own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Who {
    Sol,
    Liv,
    Mentor,
    Editor,
    Unit,
    OtherUnit,
    Admin,
    Una,
    Clock,
    Visitor,
}

use Who::{Admin, Clock, Editor, Liv, Mentor, OtherUnit, Sol, Una, Unit, Visitor};

const ALL: [Who; 10] = [
    Sol, Liv, Mentor, Editor, Unit, OtherUnit, Admin, Una, Clock, Visitor,
];

/// Everybody who is of the newsroom.
const NEWSROOM: &[Who] = &[Sol, Liv, Mentor, Editor, Unit, OtherUnit, Admin, Una];

fn actor(rich: &Rich, who: Who) -> Actor {
    let people = &rich.people;
    match who {
        Sol => people.reporter(),
        Liv => people.other(),
        Mentor => people.mentor(),
        Editor => people.editor(),
        Unit => people.unit(rich.records.library),
        OtherUnit => Actor::new(people.tor).unit_contact(rich.records.association),
        Admin => people.admin(),
        Una => Actor::new(people.una),
        Clock => Actor::clock(),
        Visitor => Actor::visitor(),
    }
}

/// Those of them who have a role in it.
const STAFF: &[Who] = &[Sol, Liv, Mentor, Editor, Unit, OtherUnit, Admin];

/// What is read.
#[derive(Clone, Copy, Debug)]
enum Read {
    PersonSol,
    BylinesOfSol,
    BylinesOfLiv,
    ConsentsOfUna,
    Reporters,
    Audit,
    DraftOfSols,
    ReturnedOfSols,
    ApprovedOfSols,
    SubmittedOfLivs,
    LiveOfBoth,
    RevisionsOfSolsDraft,
    Editions,
    VariantOfBoth,
    VariantOfSolsDraft,
    Variants,
    VariantsForSols,
    Proposed,
    SolsIdea,
    Open,
    AssignmentsOfTheLibrary,
    Organisation,
    Term,
    Asset,
    Project,
    Event,
    Organisations,
    Topics,
    Assets,
    Projects,
    ProjectsPutAside,
    Events,
    RevisionsOfProject,
    RevisionOfProject,
    RevisionsOfAsset,
    Occasion,
    Occasions,
    FindTerm,
    Assignments,
    OwnClaims,
    OwnEditions,
    AllowedOnSolsDraft,
    AllowedOnSolsClaim,
    AllowedOnSolsPage,
    AllowedOnOccasion,
}

/// Every read, and who may. What somebody may read of a thing, where that differs, is looked at
/// further below.
const TABLE: [(Read, &[Who]); 45] = [
    // Name and contact behind a byline; suitability, experience. An admin writes people down and
    // does not read them; a mentor reads what the reporter says, and there is no way to say so yet.
    (Read::PersonSol, &[Sol, Editor]),
    (Read::BylinesOfSol, &[Sol, Editor]),
    (Read::BylinesOfLiv, &[Liv, Editor]),
    (Read::ConsentsOfUna, &[Una, Editor]),
    (Read::Reporters, &[Editor]),
    // What was done; of it, each reads what concerns them: `tests/audit.rs`.
    (Read::Audit, NEWSROOM),
    // A draft before it is handed in: of it, an editor reads title and state.
    (Read::DraftOfSols, &[Sol, Editor]),
    (Read::RevisionsOfSolsDraft, &[Sol]),
    (Read::AllowedOnSolsDraft, &[Sol, Editor]),
    (Read::VariantOfSolsDraft, &[Editor]),
    // A text that was handed in.
    (Read::SubmittedOfLivs, &[Liv, Editor]),
    (Read::ReturnedOfSols, &[Sol, Editor]),
    (Read::ApprovedOfSols, &[Sol, Editor]),
    (Read::LiveOfBoth, &[Sol, Liv, Editor]),
    (Read::VariantOfBoth, &[Sol, Liv, Editor]),
    (Read::AllowedOnSolsPage, &[Sol, Editor]),
    (Read::Editions, &[Editor]),
    (Read::Variants, &[Editor]),
    (Read::VariantsForSols, &[Editor]),
    // An offer before it is open, and afterwards.
    (Read::Proposed, &[Editor, Unit]),
    (Read::SolsIdea, &[Sol, Editor]),
    (Read::Open, &[Sol, Liv, Editor, Unit]),
    (Read::AssignmentsOfTheLibrary, &[Editor, Unit]),
    // Who holds a claim.
    (Read::AllowedOnSolsClaim, &[Sol, Editor]),
    // What the newsroom works with.
    (Read::Organisation, STAFF),
    (Read::Term, STAFF),
    (Read::Asset, STAFF),
    (Read::Project, STAFF),
    (Read::Event, STAFF),
    (Read::Organisations, STAFF),
    (Read::Topics, STAFF),
    (Read::Assets, STAFF),
    (Read::Projects, STAFF),
    (Read::ProjectsPutAside, STAFF),
    (Read::Events, STAFF),
    // What it was before, and who changed it: for those who may.
    (Read::RevisionsOfProject, &[Editor, Admin]),
    (Read::RevisionOfProject, &[Editor, Admin]),
    (Read::RevisionsOfAsset, &[Editor, Admin]),
    (Read::Occasion, STAFF),
    (Read::Occasions, STAFF),
    (Read::FindTerm, STAFF),
    (Read::AllowedOnOccasion, &[Editor]),
    // Lists that hold what is one's own, or what one may read of each.
    (Read::Assignments, NEWSROOM),
    (Read::OwnClaims, NEWSROOM),
    (Read::OwnEditions, NEWSROOM),
];

fn json<T: Serialize>(read: Result<T, Error>) -> Result<Value, Error> {
    read.map(|view| serde_json::to_value(view).unwrap())
}

async fn read(desk: &Desk, rich: &Rich, read: Read) -> Result<Value, Error> {
    let Rich {
        people,
        records,
        events,
        assignments,
        articles,
        ..
    } = rich;
    let pages = PublicationState::Live;
    let list = async |list, archived| json(desk.records(list, archived, None, 100).await);
    match read {
        Read::PersonSol => json(desk.person(people.sol).await),
        Read::BylinesOfSol => json(desk.bylines(people.sol, None).await),
        Read::BylinesOfLiv => json(desk.bylines(people.liv, None).await),
        Read::ConsentsOfUna => json(desk.consents(people.una, None).await),
        Read::Reporters => json(desk.reporters(true, None).await),
        Read::Audit => json(desk.audit(Seq::ZERO, 100).await),
        Read::DraftOfSols => json(desk.edition(articles.draft.edition).await),
        Read::ReturnedOfSols => json(desk.edition(articles.returned.edition).await),
        Read::ApprovedOfSols => json(desk.edition(articles.approved.edition).await),
        Read::SubmittedOfLivs => json(desk.edition(articles.submitted.edition).await),
        Read::LiveOfBoth => json(desk.edition(articles.rich.edition).await),
        Read::RevisionsOfSolsDraft => json(desk.revisions(articles.draft.edition, 0).await),
        Read::Editions => json(desk.editions(EditionState::Draft, None).await),
        Read::VariantOfBoth => json(desk.variant(articles.rich.variant).await),
        Read::VariantOfSolsDraft => json(desk.variant(articles.draft.variant).await),
        Read::Variants => json(desk.variants(pages, None).await),
        Read::VariantsForSols => json(desk.variants_for(assignments.written, None).await),
        Read::Proposed => json(desk.assignment(assignments.proposed).await),
        Read::SolsIdea => json(desk.assignment(assignments.idea).await),
        Read::Open => json(desk.assignment(assignments.open).await),
        Read::AssignmentsOfTheLibrary => json(desk.assignments_of(records.library, None).await),
        Read::Organisation => json(desk.organisation(records.library).await),
        Read::Term => json(desk.term(records.topic).await),
        Read::Asset => json(desk.asset(records.photo).await),
        Read::Project => json(desk.project(records.project).await),
        Read::Event => json(desk.event(events.day).await),
        Read::Organisations => list(RecordList::Organisations, Archived::Without).await,
        Read::Topics => list(RecordList::Terms(Vocabulary::Topic), Archived::With).await,
        Read::Assets => list(RecordList::Assets, Archived::Without).await,
        Read::Projects => list(RecordList::Projects, Archived::Without).await,
        Read::ProjectsPutAside => list(RecordList::Projects, Archived::Only).await,
        Read::Events => list(RecordList::Events, Archived::With).await,
        Read::RevisionsOfProject => json(desk.record_revisions(records.project, 0).await),
        Read::RevisionOfProject => json(desk.record_revision(records.project, 1).await),
        Read::RevisionsOfAsset => json(desk.record_revisions(records.photo, 0).await),
        Read::Occasion => json(desk.occasion(events.exact).await),
        Read::Occasions => json(desk.occasions(events.day).await),
        Read::FindTerm => json(desk.find_term(Vocabulary::Topic, "bostad").await),
        Read::Assignments => json(desk.assignments(AssignmentState::Open, None).await),
        Read::OwnClaims => json(desk.own_claims(None).await),
        Read::OwnEditions => json(desk.own_editions(None).await),
        Read::AllowedOnSolsDraft => json(desk.allowed(articles.draft.edition).await),
        Read::AllowedOnSolsClaim => json(desk.allowed(assignments.claim).await),
        Read::AllowedOnSolsPage => json(desk.allowed(articles.paused.variant).await),
        Read::AllowedOnOccasion => json(desk.allowed(events.exact).await),
    }
}

/// Whether a read was refused, for the one reason there is.
fn is_refused<T: std::fmt::Debug>(answer: &Result<T, Error>) -> bool {
    match answer {
        Ok(_) => false,
        Err(Error::Refused(refusal)) => {
            assert_eq!(refusal.guards, [Guard::MayNotRead]);
            true
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn each_may_read_what_the_table_says_and_nothing_else() {
    block_on(async {
        let rich = Rich::told().await;
        let mut wrong = Vec::new();
        for (what, readers) in TABLE {
            for who in ALL {
                let desk = rich.cms.desk(actor(&rich, who));
                let may = !is_refused(&read(&desk, &rich, what).await);
                if may != readers.contains(&who) {
                    wrong.push(format!("{who:?} {what:?}: {may}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    });
}

/// The text of somebody's view of an edition.
async fn text_of(rich: &Rich, who: Who, what: Read) -> Value {
    let desk = rich.cms.desk(actor(rich, who));
    read(&desk, rich, what).await.unwrap()["text"].clone()
}

/// The word that stands in a private field.
fn word(rich: &Rich, field: &str) -> String {
    let mut kept = rich.words.kept.iter();
    let found = kept.find(|(what, _)| what == field);
    found.unwrap_or_else(|| panic!("no {field}")).1.clone()
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
        let (edition, _) = vera.open_edition(unnamed).await.unwrap();
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

/// The fields of a view that tell who holds places.
async fn places(rich: &Rich, who: Who) -> PlacesView {
    let desk = rich.cms.desk(actor(rich, who));
    desk.assignment(rich.assignments.open).await.unwrap().places
}

#[test]
fn nobody_but_the_editor_learns_who_holds_a_claim() {
    block_on(async {
        let rich = Rich::told().await;
        let (sol, claim) = (rich.people.sol, rich.assignments.claim);
        let PlacesView::Editor { held } = places(&rich, Editor).await else {
            panic!("an editor sees who");
        };
        let held: Vec<_> = held.iter().map(|one| (one.claim, one.reporter)).collect();
        assert_eq!(held, [(claim, sol)]);
        let own = Some(claim);
        assert_eq!(
            places(&rich, Sol).await,
            PlacesView::Reporter { own, left: 1 }
        );
        let own = None;
        assert_eq!(
            places(&rich, Liv).await,
            PlacesView::Reporter { own, left: 1 }
        );
        assert_eq!(places(&rich, Unit).await, PlacesView::Unit { taken: true });
        // Nor by any other read of theirs.
        let reads = TABLE.map(|(what, _)| what);
        for who in [Liv, Mentor, Unit, OtherUnit, Una] {
            let desk = rich.cms.desk(actor(&rich, who));
            for what in reads {
                let Ok(view) = read(&desk, &rich, what).await else {
                    continue;
                };
                assert!(
                    !view.to_string().contains(&claim.to_string()),
                    "{who:?} {what:?}"
                );
            }
        }
    });
}

#[test]
fn a_unit_is_told_that_somebody_has_claimed_and_not_how_many() {
    block_on(async {
        let rich = Rich::told().await;
        let kim = rich.cms.desk(actor(&rich, Unit));
        let open = rich.assignments.open;
        let before = kim.assignment(open).await.unwrap();
        let liv = rich.cms.desk(actor(&rich, Liv));
        liv.claim(open).await.unwrap();
        assert_eq!(kim.assignment(open).await.unwrap(), before);
        // Nor by what is answered to a move that is not a unit's.
        let refused = kim.complete_assignment(open).await;
        let told = format!("{refused:?} {:?}", kim.allowed(open).await.unwrap());
        for counted in ["ClaimsLeft", "Full", "AlreadyClaimed"] {
            assert!(!told.contains(counted), "{told}");
        }
    });
}

#[test]
fn nobody_but_editor_and_reporter_learns_who_is_behind_a_byline() {
    block_on(async {
        let rich = Rich::told().await;
        let sol = rich.people.sol.to_string();
        let bylines = [rich.people.pen, rich.people.lost, rich.people.changed];
        for who in [Liv, Mentor, Unit, OtherUnit, Una] {
            let desk = rich.cms.desk(actor(&rich, who));
            for (what, _) in TABLE {
                let Ok(view) = read(&desk, &rich, what).await else {
                    continue;
                };
                let view = view.to_string();
                // Liv writes with Sol, and knows: the text is both of theirs.
                let joint = who == Liv && matches!(what, Read::LiveOfBoth | Read::OwnEditions);
                let joined = bylines
                    .iter()
                    .any(|byline| view.contains(&byline.to_string()));
                assert!(joint || !joined || !view.contains(&sol), "{who:?} {what:?}");
                for field in ["sol: legal name", "sol: e-mail", "sol: phone", "sol: note"] {
                    assert!(
                        !view.contains(&word(&rich, field)),
                        "{who:?} {what:?} {field}"
                    );
                }
            }
        }
    });
}

#[test]
fn what_the_editor_said_of_an_offer_is_for_those_it_concerns() {
    block_on(async {
        let rich = Rich::told().await;
        let asked = word(&rich, "offer: what the editor asks for");
        for (who, told) in [(Editor, true), (Unit, true)] {
            let desk = rich.cms.desk(actor(&rich, who));
            let offer = desk.assignment(rich.assignments.proposed).await.unwrap();
            assert_eq!(offer.reason.as_ref() == Some(&asked), told, "{who:?}");
        }
        let cancelled = rich.assignments.cancelled;
        for (who, told) in [(Editor, true), (Unit, true), (Sol, false), (Liv, false)] {
            let desk = rich.cms.desk(actor(&rich, who));
            let offer = desk.assignment(cancelled).await.unwrap();
            assert_eq!(offer.reason.is_some(), told, "{who:?}");
        }
    });
}

#[test]
fn lists_hold_what_their_reader_may_read() {
    block_on(async {
        let rich = Rich::told().await;
        for state in [
            AssignmentState::Proposed,
            AssignmentState::Open,
            AssignmentState::Closed,
            AssignmentState::Completed,
            AssignmentState::Cancelled,
        ] {
            for who in NEWSROOM {
                let desk = rich.cms.desk(actor(&rich, *who));
                let listed = desk.assignments(state, None).await.unwrap();
                for view in &listed {
                    assert_eq!(&desk.assignment(view.id).await.unwrap(), view);
                }
                let expected = match (who, state) {
                    (Editor, AssignmentState::Proposed) => 2,
                    (Sol | Unit, AssignmentState::Proposed) => 1,
                    (Editor | Unit | Sol | Liv, AssignmentState::Open) => 2,
                    (Liv, AssignmentState::Proposed) => 0,
                    (Editor | Unit | Sol | Liv, _) => 1,
                    _ => 0,
                };
                assert_eq!(listed.len(), expected, "{who:?} {state:?}");
            }
        }
    });
}

#[test]
fn a_card_says_of_a_record_what_the_record_says_and_none_is_left_out() {
    block_on(async {
        let rich = Rich::told().await;
        let desk = rich.cms.desk(actor(&rich, Editor));
        let mut seen = BTreeSet::new();
        let mut listed = BTreeSet::new();
        for list in [
            RecordList::Organisations,
            RecordList::Terms(Vocabulary::Topic),
            RecordList::Terms(Vocabulary::Category),
            RecordList::Terms(Vocabulary::Stage),
            RecordList::Assets,
            RecordList::Projects,
            RecordList::Events,
        ] {
            for card in desk.records(list, Archived::With, None, 100).await.unwrap() {
                let (record, title) = match card.record {
                    RecordRef::Organisation(id) => (json(desk.organisation(id).await), "name"),
                    RecordRef::Term(id) => (json(desk.term(id).await), "label"),
                    RecordRef::Asset(id) => (json(desk.asset(id).await), "file"),
                    RecordRef::Project(id) => (json(desk.project(id).await), "title"),
                    RecordRef::Event(id) => (json(desk.event(id).await), "title"),
                };
                let record = record.unwrap();
                let public = match (&record["public"], &record["first_published_at"]) {
                    (Value::Null, Value::Null) => "never",
                    (Value::Null, _) => "hidden",
                    (public, _) if *public == record["working"] => "same",
                    _ => "differs",
                };
                let said = serde_json::to_value(&card).unwrap();
                assert_eq!(said["title"], record["working"][title]);
                assert_eq!(said["public"], public);
                for field in ["archived", "revision", "edited_at"] {
                    assert_eq!(said[field], record[field], "{field}");
                }
                seen.insert(format!("{public}, archived: {}", card.archived));
                assert!(listed.insert(card.record));
            }
        }
        assert_eq!(seen.len(), 5, "{seen:?}");
        let documents = rich.store.walk(None, 1_000).await.unwrap();
        assert!(!documents.more);
        let is_record = |collection: &str| {
            let kinds = ["organisation", "term", "asset", "project", "event"];
            kinds.contains(&collection)
        };
        let records = documents.docs.iter();
        let records = records.filter(|stored| is_record(stored.at.collection.as_str()));
        assert_eq!(records.count(), listed.len());
    });
}

/// Somebody who is not there.
fn nobody() -> PersonId {
    every::id("person").parse().unwrap()
}

#[test]
fn who_may_not_read_is_not_told_whether_there_is_anything() {
    block_on(async {
        let rich = Rich::told().await;
        let unit = every::id("organisation").parse().unwrap();
        let project: ProjectId = every::id("project").parse().unwrap();
        for who in [Liv, Mentor, Unit, OtherUnit, Admin, Una, Clock, Visitor] {
            let desk = rich.cms.desk(actor(&rich, who));
            let pairs = [
                (
                    json(desk.person(rich.people.sol).await),
                    json(desk.person(nobody()).await),
                ),
                (
                    json(desk.bylines(rich.people.sol, None).await),
                    json(desk.bylines(nobody(), None).await),
                ),
                (
                    json(desk.consents(rich.people.tor, None).await),
                    json(desk.consents(nobody(), None).await),
                ),
                (
                    json(desk.assignments_of(rich.records.network, None).await),
                    json(desk.assignments_of(unit, None).await),
                ),
            ];
            let refused_alike = |there, nowhere| {
                assert!(is_refused(&there) && is_refused(&nowhere), "{who:?}");
                assert_eq!(format!("{there:?}"), format!("{nowhere:?}"));
            };
            for (there, nowhere) in pairs {
                // Tor speaks for another unit, and has consents of his own.
                if who == OtherUnit && there.is_ok() {
                    continue;
                }
                refused_alike(there, nowhere);
            }
            if who != Admin {
                refused_alike(
                    json(desk.record_revisions(rich.records.project, 0).await),
                    json(desk.record_revisions(project, 0).await),
                );
                refused_alike(
                    json(desk.record_revision(rich.records.project, 1).await),
                    json(desk.record_revision(project, 1).await),
                );
            }
        }
    });
}

#[test]
fn a_thing_that_is_not_there_is_not_there_for_the_newsroom_and_refused_to_others() {
    block_on(async {
        let rich = Rich::told().await;
        let edition = every::id("edition").parse().unwrap();
        let variant: VariantId = every::id("variant").parse().unwrap();
        let project = every::id("project").parse().unwrap();
        let assignment = every::id("assignment").parse().unwrap();
        for who in ALL {
            let desk = rich.cms.desk(actor(&rich, who));
            let answers = [
                json(desk.edition(edition).await),
                json(desk.revisions(edition, 0).await),
                json(desk.variant(variant).await),
                json(desk.assignment(assignment).await),
                json(desk.allowed(variant).await),
            ];
            for answer in answers {
                match answer {
                    Err(Error::NotFound { .. }) => assert!(NEWSROOM.contains(&who)),
                    other => assert!(is_refused(&other) && !NEWSROOM.contains(&who), "{who:?}"),
                }
            }
            match json(desk.project(project).await) {
                Err(Error::NotFound { .. }) => assert!(STAFF.contains(&who)),
                other => assert!(is_refused(&other) && !STAFF.contains(&who), "{who:?}"),
            }
        }
    });
}

#[test]
fn a_consent_is_shown_with_what_it_covers_and_to_nobody_else() {
    block_on(async {
        let rich = Rich::told().await;
        let una = rich.cms.desk(actor(&rich, Una));
        let consents = una.consents(rich.people.una, None).await.unwrap();
        let covers: Vec<_> = consents.iter().map(|consent| consent.covers).collect();
        assert!(covers.contains(&Covers::Image(rich.records.photo)));
        assert_eq!(covers.len(), 2);
        // An image names its consents, and not whose they are.
        let sol = rich.cms.desk(actor(&rich, Sol));
        let photo = json(sol.asset(rich.records.photo).await)
            .unwrap()
            .to_string();
        assert!(photo.contains(&rich.records.photo_consent.to_string()));
        assert!(!photo.contains(&rich.people.una.to_string()));
    });
}
