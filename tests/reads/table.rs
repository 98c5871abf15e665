//! Every read, and who may.

use cmss::store::Seq;
use cmss::{
    Actor, Archived, AssignmentState, Desk, EditionState, Error, Guard, PublicationState,
    RecordList, Vocabulary,
};
use serde::Serialize;
use serde_json::Value;

use crate::rich::Rich;

/// Who reads. Sol is the reporter whose own things are read, Liv another one; Kim speaks for the
/// library, and Tor for another unit; Una has no role, but consents of her own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Who {
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

pub(crate) const ALL: [Who; 10] = [
    Sol, Liv, Mentor, Editor, Unit, OtherUnit, Admin, Una, Clock, Visitor,
];

/// Everybody who is of the newsroom.
pub(crate) const NEWSROOM: &[Who] = &[Sol, Liv, Mentor, Editor, Unit, OtherUnit, Admin, Una];

pub(crate) fn actor(rich: &Rich, who: Who) -> Actor {
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
pub(crate) const STAFF: &[Who] = &[Sol, Liv, Mentor, Editor, Unit, OtherUnit, Admin];

/// What is read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Read {
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
pub(crate) const TABLE: [(Read, &[Who]); 45] = [
    // Name and contact behind a byline; suitability, experience. An admin writes people down and
    // does not read them; a mentor reads what the reporter says, and there is no way to say so yet.
    (Read::PersonSol, &[Sol, Editor]),
    (Read::BylinesOfSol, &[Sol, Editor]),
    (Read::BylinesOfLiv, &[Liv, Editor]),
    (Read::ConsentsOfUna, &[Una, Editor]),
    (Read::Reporters, &[Editor]),
    // What was done; of it, each reads what concerns them: `tests/desk/audit.rs`.
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

pub(crate) fn json<T: Serialize>(read: Result<T, Error>) -> Result<Value, Error> {
    read.map(|view| serde_json::to_value(view).unwrap())
}

pub(crate) async fn read(desk: &Desk, rich: &Rich, read: Read) -> Result<Value, Error> {
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
pub(crate) fn is_refused<T: std::fmt::Debug>(answer: &Result<T, Error>) -> bool {
    match answer {
        Ok(_) => false,
        Err(Error::Refused(refusal)) => {
            assert_eq!(refusal.guards, [Guard::MayNotRead]);
            true
        }
        Err(error) => panic!("{error}"),
    }
}

/// The word that stands in a private field.
pub(crate) fn word(rich: &Rich, field: &str) -> String {
    let mut kept = rich.words.kept.iter();
    let found = kept.find(|(what, _)| what == field);
    found.unwrap_or_else(|| panic!("no {field}")).1.clone()
}
