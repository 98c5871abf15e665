//! The desk must show what the tables hold; and the invariants that the desk's views can tell.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use cmss::{AssignmentState, Coded, EditionState, Error, PlacesView};

use crate::cast::{ACCOUNTS, LEGAL, LIV, NILS, NOTES, SOL, Who};
use crate::newsroom::{self, Newsroom};
use crate::play::ensure;
use crate::record;
use crate::world::World;

pub(crate) fn said(error: Error) -> String {
    format!("the desk says {error}")
}

pub(crate) fn same<T: PartialEq + Debug>(what: &str, is: &T, should: &T) -> Result<(), String> {
    ensure!(is == should, "{what} is {is:?}, and should be {should:?}");
    Ok(())
}

/// The code of a state of the tables.
pub(crate) fn code(state: impl Debug) -> String {
    let mut code = String::new();
    for c in format!("{state:?}").chars() {
        if c.is_uppercase() && !code.is_empty() {
            code.push('_');
        }
        code.extend(c.to_lowercase());
    }
    code
}

/// Everything the desk knows.
pub(crate) async fn check(world: &World, newsroom: &Newsroom) -> Result<(), String> {
    check_tasks(world, newsroom).await?;
    check_claims(world, newsroom).await?;
    check_people(world, newsroom).await?;
    record::check(world, newsroom).await?;
    check_editions(world, newsroom).await?;
    check_variants(world, newsroom).await
}

/// A command that came to nothing leaves the tables as they were.
pub(crate) fn check_unchanged(before: &Newsroom, after: &Newsroom) -> Result<(), String> {
    same("the newsroom", after, before)
}

async fn check_tasks(world: &World, newsroom: &Newsroom) -> Result<(), String> {
    let editor = world.desk(Who::Vera);
    for (row, task) in newsroom.tasks.iter().enumerate() {
        let view = editor.assignment(world.tasks[row]).await.map_err(said)?;
        same(
            "an assignment",
            &view.state.code().to_owned(),
            &code(task.state),
        )?;
        let title = format!("Skildra mötet {}", task.offer.version);
        same("an offer", &view.offer.title, &title)?;
        let PlacesView::Editor { held } = view.places else {
            return Err("an editor does not see who holds a place".to_owned());
        };
        // 16: live claims within the places, and none that waits on what was called off.
        let waits = held
            .iter()
            .filter(|place| place.state.code() != "fulfilled")
            .count();
        let ended = view.state == AssignmentState::Cancelled;
        ensure!(
            !ended || waits == 0,
            "a claim waits on a cancelled assignment"
        );
        let held: BTreeSet<_> = held.iter().map(|place| place.claim).collect();
        let should = newsroom.claims.iter().enumerate();
        let should = should.filter(|(_, claim)| claim.task == row && claim.holds_a_place());
        same(
            "who holds a place",
            &held,
            &should.map(|(row, _)| world.claims[row]).collect(),
        )?;
    }
    Ok(())
}

async fn check_claims(world: &World, newsroom: &Newsroom) -> Result<(), String> {
    for person in [SOL, LIV, NILS] {
        let own = world
            .person_desk(person)
            .own_claims(None)
            .await
            .map_err(said)?;
        let own: BTreeMap<_, _> = own
            .iter()
            .map(|claim| (claim.id, claim.state.code().to_owned()))
            .collect();
        let should = newsroom.claims.iter().enumerate();
        let should = should.filter(|(_, claim)| claim.reporter == person);
        let should = should.map(|(row, claim)| (world.claims[row], code(claim.state)));
        same("own claims", &own, &should.collect())?;
    }
    Ok(())
}

async fn check_people(world: &World, newsroom: &Newsroom) -> Result<(), String> {
    for active in [true, false] {
        let reporters = world
            .desk(Who::Vera)
            .reporters(active, None)
            .await
            .map_err(said)?;
        let reporters: BTreeSet<_> = reporters.iter().map(|reporter| reporter.person).collect();
        let should = newsroom.reporters.iter().filter(|(_, is)| **is == active);
        let should = should.map(|(person, _)| world.persons[*person]);
        same("the reporters", &reporters, &should.collect())?;
    }
    for (account, key) in ACCOUNTS.iter().enumerate() {
        let holder = world.cms.account(key).await.map_err(said)?;
        let mut should = newsroom.persons.iter().zip(&world.persons);
        let should = should.find(|(person, _)| person.account == Some(account));
        same("an account", &holder, &should.map(|(_, id)| *id))?;
    }
    for (person, id) in world.persons.iter().enumerate() {
        let view = world.desk(Who::Vera).person(*id).await.map_err(said)?;
        let written = newsroom.persons[person];
        same(
            "a person's name",
            &view.name,
            &LEGAL[written.name].to_owned(),
        )?;
        let note = written.note.map(|note| NOTES[note].to_owned());
        same("a note", &view.note, &note)?;
        let bylines = world
            .person_desk(person)
            .bylines(*id, None)
            .await
            .map_err(said)?;
        let shown = |view: &cmss::BylineView| {
            let slug = view.slug.as_ref().map(ToString::to_string);
            (view.id, view.name.clone(), slug, view.retired)
        };
        let bylines: BTreeSet<_> = bylines.iter().map(shown).collect();
        let should = newsroom
            .bylines
            .iter()
            .enumerate()
            .filter(|(_, one)| one.person == person);
        let should = should.map(|(row, byline)| {
            let name = byline
                .name
                .map(|name| crate::cast::NAMES[name].0.to_owned());
            (
                world.bylines[row],
                name,
                byline.slug.clone(),
                byline.retired,
            )
        });
        same("own bylines", &bylines, &should.collect())?;
    }
    Ok(())
}

async fn check_editions(world: &World, newsroom: &Newsroom) -> Result<(), String> {
    let editor = world.desk(Who::Vera);
    let mut open = BTreeSet::new();
    let mut listed = 0;
    for state in EditionState::ALL {
        for card in editor.editions(*state, None).await.map_err(said)? {
            listed += 1;
            use EditionState::{Approved, ChangesRequested, Draft, Submitted};
            // 5: at most one open edition for each variant.
            let is_open = matches!(state, Draft | Submitted | ChangesRequested | Approved);
            let alone = !is_open || open.insert(card.variant);
            ensure!(alone, "{} has two open editions", card.variant);
        }
    }
    same("the number of editions", &listed, &newsroom.editions.len())?;
    for (row, edition) in newsroom.editions.iter().enumerate() {
        let desk = world.person_desk(edition.authors[0]);
        let view = desk.edition(world.editions[row]).await.map_err(said)?;
        same(
            "an edition",
            &view.card.state.code().to_owned(),
            &code(edition.state),
        )?;
        let text = view.text.ok_or("an author does not see the text")?;
        same("the head", &text.revision, &world.revisions[edition.head])?;
        let head = &newsroom.revisions[edition.head];
        same("the text", &text.text, &world.text(&head.text))?;
        same("the writer", &text.writer, &world.persons[head.writer])?;
        let accepted = edition.accepted.iter().map(|person| world.persons[*person]);
        same(
            "who accepted",
            &text.accepted.iter().copied().collect(),
            &accepted.collect::<BTreeSet<_>>(),
        )?;
        same("declared", &text.declarations.is_some(), &edition.declared)?;
        // 3: no approval but of the head, and none where the text is under work.
        let approval = text
            .approval
            .as_ref()
            .map(|approval| (approval.revision, approval.by));
        let should = edition.approval;
        let should = should.map(|one| (world.revisions[one.revision], world.persons[one.by]));
        same("the approval", &approval, &should)?;
        ensure!(
            approval.is_none_or(|(of, _)| of == text.revision),
            "another text is approved"
        );

        // 14: no state before publication in which the author may not take it back.
        use newsroom::EditionState as S;
        let before = [S::Draft, S::Submitted, S::ChangesRequested, S::Approved];
        if before.contains(&edition.state) {
            let allowed = desk.allowed(world.editions[row]).await.map_err(said)?;
            let withdraw = allowed.iter().find(|one| one.command == "withdraw");
            ensure!(
                withdraw.is_some_and(|one| one.is_allowed()),
                "an author cannot withdraw"
            );
        }
        let revisions = desk.revisions(world.editions[row], 0).await.map_err(said)?;
        let revisions: Vec<_> = revisions.iter().map(|revision| revision.id).collect();
        let should = newsroom.revisions.iter().enumerate();
        let should = should.filter(|(_, revision)| revision.edition == row);
        same(
            "the revisions",
            &revisions,
            &should.map(|(row, _)| world.revisions[row]).collect(),
        )?;
    }
    Ok(())
}

async fn check_variants(world: &World, newsroom: &Newsroom) -> Result<(), String> {
    let editor = world.desk(Who::Vera);
    for (row, variant) in newsroom.variants.iter().enumerate() {
        let view = editor.variant(world.variants[row]).await.map_err(said)?;
        same(
            "a publication",
            &view.publication.code().to_owned(),
            &code(variant.state),
        )?;
        same(
            "the open edition",
            &view.open,
            &variant.open.map(|row| world.editions[row]),
        )?;
        same("the slug", &view.slug.map(String::from), &variant.slug)?;
        let old: Vec<_> = view.old_slugs.into_iter().map(String::from).collect();
        same("old slugs", &old, &variant.old)?;
        same("first published", &view.first_published_at, &variant.first)?;
        same("updated", &view.updated_at, &variant.updated)?;
        let latest = variant.latest.as_ref();
        let should = latest.map(|latest| {
            (
                world.editions[latest.edition],
                world.revisions[latest.revision],
            )
        });
        same("what was last public", &view.latest, &should)?;
        if let Some((edition, revision)) = view.latest {
            check_stands_behind(world, edition, revision).await?;
        }
    }
    Ok(())
}

/// 2 and 4: what is public was approved as it is, by two persons, its authors among them.
async fn check_stands_behind(
    world: &World,
    edition: cmss::EditionId,
    revision: cmss::RevisionId,
) -> Result<(), String> {
    let view = world.desk(Who::Vera).edition(edition).await.map_err(said)?;
    ensure!(
        view.card.state == EditionState::Published,
        "what is public is {:?}",
        view.card.state
    );
    let text = view.text.ok_or("an editor does not see what is public")?;
    ensure!(text.revision == revision, "what is public is not the head");
    let approval = text.approval.ok_or("what is public is not approved")?;
    ensure!(
        approval.revision == revision,
        "what is public is not what was approved"
    );
    let mut behind: BTreeSet<_> = text.accepted.into_iter().collect();
    behind.insert(text.writer);
    let accepted = view
        .card
        .authors
        .iter()
        .all(|author| behind.contains(author));
    ensure!(accepted, "an author of what is public did not accept it");
    behind.insert(approval.by);
    ensure!(
        behind.len() >= 2 && !approval.alone,
        "one person alone stands behind it"
    );
    Ok(())
}
