//! Who reads what of the audit log.

use std::collections::BTreeSet;

use crate::rich::Rich;
use cmss::store::Seq;
use cmss::{ActedBy, Actor, AuditRecord, Error, Fact, Guard, NewPerson, Role};
use pollster::block_on;
use serde_json::Value;

/// What somebody reads of the whole log, page by page.
async fn log(rich: &Rich, actor: Actor, limit: usize) -> Vec<AuditRecord> {
    let desk = rich.cms.desk(actor);
    let (mut lines, mut after) = (Vec::new(), Seq::ZERO);
    loop {
        let page = desk.audit(after, limit).await.unwrap();
        lines.extend(page.lines);
        if page.reached == after {
            return lines;
        }
        after = page.reached;
    }
}

fn for_themselves(role: Option<Role>) -> bool {
    matches!(role, None | Some(Role::Reporter))
}

/// Whether it tells of a byline or a consent.
fn of_a_name(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::BylineCreated { .. }
            | Fact::BylineChanged { .. }
            | Fact::ConsentGiven { .. }
            | Fact::ConsentWithdrawn { .. }
    )
}

/// The ids in a fact.
fn ids(fact: &Fact) -> BTreeSet<String> {
    let fact = serde_json::to_value(fact).unwrap();
    let fields = fact.as_object().unwrap().values();
    let ids = fields
        .filter_map(Value::as_str)
        .filter(|text| text.contains(':'));
    ids.map(str::to_owned).collect()
}

#[test]
fn an_editor_reads_all_of_it_whatever_the_pages() {
    block_on(async {
        let rich = Rich::told().await;
        let all = log(&rich, rich.people.editor(), 100).await;
        assert!(all.len() > 50);
        assert!(all.iter().all(|line| line.by.is_some()));
        let seqs: Vec<_> = all.iter().map(|line| line.seq).collect();
        assert!(seqs.is_sorted() && seqs[0] == Seq(1));
        assert_eq!(log(&rich, rich.people.editor(), 7).await, all);
    });
}

#[test]
fn an_admin_is_not_told_who_acted_as_a_reporter_or_for_themselves() {
    block_on(async {
        let rich = Rich::told().await;
        let all = log(&rich, rich.people.editor(), 100).await;
        let read = log(&rich, rich.people.admin(), 100).await;
        assert_eq!(read.len(), all.len());
        let mut hidden = 0;
        for (read, line) in read.iter().zip(&all) {
            let AuditRecord { by, .. } = read.clone();
            assert_eq!(
                &AuditRecord {
                    by: line.by,
                    ..read.clone()
                },
                line
            );
            let own = line.by == Some(ActedBy::Person(rich.people.ada));
            match (line.by, line.role) {
                (Some(ActedBy::Person(_)), role)
                    if !own && (for_themselves(role) || line.facts.iter().any(of_a_name)) =>
                {
                    assert_eq!(by, None, "{line:?}");
                    hidden += 1;
                }
                _ => assert_eq!(by, line.by),
            }
        }
        assert!(hidden > 10, "{hidden}");
    });
}

#[test]
fn a_reporter_reads_what_they_did_and_what_was_done_to_their_own() {
    block_on(async {
        let rich = Rich::told().await;
        let all = log(&rich, rich.people.editor(), 100).await;
        let mut read_by_both = 0;
        for (person, actor) in [
            (rich.people.sol, rich.people.reporter()),
            (rich.people.liv, rich.people.other()),
        ] {
            let desk = rich.cms.desk(actor.clone());
            // Their own, as the desk lists it to them.
            let mut own: BTreeSet<String> = BTreeSet::from([person.to_string()]);
            let editions = desk.own_editions(None).await.unwrap();
            own.extend(editions.iter().map(|edition| edition.id.to_string()));
            let claims = desk.own_claims(None).await.unwrap();
            own.extend(claims.iter().map(|claim| claim.id.to_string()));
            let bylines = serde_json::to_value(desk.bylines(person, None).await.unwrap()).unwrap();
            let bylines = bylines.as_array();
            own.extend(
                bylines
                    .unwrap()
                    .iter()
                    .map(|byline| byline["id"].as_str().unwrap().to_owned()),
            );
            let read = log(&rich, actor, 100).await;
            for line in &all {
                let theirs = line.by == Some(ActedBy::Person(person));
                let seen = read.iter().find(|read| read.seq == line.seq);
                if theirs {
                    assert_eq!(seen, Some(line));
                    continue;
                }
                // What is in no list above (a page, a consent, an idea) may be shown beside.
                let listed: Vec<&Fact> = line
                    .facts
                    .iter()
                    .filter(|fact| !ids(fact).is_disjoint(&own))
                    .collect();
                for fact in &listed {
                    let seen = seen.is_some_and(|seen| seen.facts.contains(fact));
                    assert!(seen, "{person} does not read {fact:?}");
                    read_by_both += 1;
                }
                for fact in seen.into_iter().flat_map(|seen| &seen.facts) {
                    let of_a_page = ["variant:", "consent:", "assignment:"];
                    let unlisted = ids(fact)
                        .iter()
                        .any(|id| of_a_page.iter().any(|kind| id.starts_with(kind)));
                    assert!(
                        listed.contains(&fact) || unlisted,
                        "{person} reads {fact:?}"
                    );
                    let record = matches!(fact, Fact::RecordPut { .. } | Fact::PersonPut { .. });
                    assert!(!record || listed.contains(&fact), "{fact:?}");
                }
            }
        }
        assert!(read_by_both > 20, "{read_by_both}");
    });
}

#[test]
fn nobody_reads_of_what_is_another_reporters_alone() {
    block_on(async {
        let rich = Rich::told().await;
        let draft = rich.articles.draft.edition.to_string();
        let claim = rich.assignments.claim.to_string();
        let mentions = |lines: &[AuditRecord], id: &String| {
            lines
                .iter()
                .flat_map(|line| &line.facts)
                .any(|fact| ids(fact).contains(id))
        };
        let sol = log(&rich, rich.people.reporter(), 100).await;
        assert!(mentions(&sol, &draft) && mentions(&sol, &claim));
        for other in [
            rich.people.other(),
            rich.people.mentor(),
            rich.people.unit(rich.records.library),
            Actor::new(rich.people.una),
        ] {
            let read = log(&rich, other.clone(), 100).await;
            assert!(
                !mentions(&read, &draft) && !mentions(&read, &claim),
                "{other:?}"
            );
        }
    });
}

#[test]
fn a_contact_reads_what_was_done_for_their_unit_and_who_of_it_did_it() {
    block_on(async {
        let rich = Rich::told().await;
        let library = rich.records.library;
        let all = log(&rich, rich.people.editor(), 100).await;
        // A colleague, who has done nothing yet.
        let colleague = Actor::new(rich.people.una).unit_contact(library);
        let read = log(&rich, colleague, 100).await;
        assert!(!read.is_empty());
        for line in &read {
            let own = line.facts.iter().all(|fact| {
                matches!(
                    fact,
                    Fact::ConsentGiven { .. }
                        | Fact::ConsentWithdrawn { .. }
                        | Fact::PersonPut { .. }
                )
            });
            assert!(own || line.role == Some(Role::UnitContact), "{line:?}");
        }
        let proposed = all
            .iter()
            .filter(|line| line.command == "propose" && line.role == Some(Role::UnitContact));
        let seen = |line: &&AuditRecord| read.iter().any(|read| read.seq == line.seq);
        assert!(proposed.clone().count() > 0);
        let other = Actor::new(rich.people.tor).unit_contact(rich.records.association);
        let elsewhere = log(&rich, other, 100).await;
        for line in proposed {
            assert!(seen(&line) || elsewhere.iter().any(|read| read.seq == line.seq));
        }
    });
}

#[test]
fn who_looks_who_is_behind_a_byline_is_seen_to_have_looked() {
    block_on(async {
        let rich = Rich::told().await;
        let sol = rich.people.sol;
        let desk = rich.cms.desk(rich.people.reporter());
        let bylines = serde_json::to_value(desk.bylines(sol, None).await.unwrap()).unwrap();
        let bylines = bylines.as_array().unwrap();
        let byline = bylines[0]["id"].as_str().unwrap().parse().unwrap();
        for other in [
            rich.people.reporter(),
            rich.people.other(),
            rich.people.mentor(),
            rich.people.unit(rich.records.library),
            Actor::visitor(),
            Actor::clock(),
        ] {
            let Err(Error::Refused(refusal)) = rich.cms.desk(other).look_up_byline(byline).await
            else {
                panic!("it was told");
            };
            assert!(matches!(refusal.guards[..], [Guard::NotPermitted { .. }]));
        }
        let told = rich
            .cms
            .desk(rich.people.admin())
            .look_up_byline(byline)
            .await
            .unwrap();
        assert_eq!((told.id, told.note), (sol, None));
        let read = log(&rich, rich.people.reporter(), 100).await;
        let last = read.last().unwrap();
        assert_eq!(last.by, Some(ActedBy::Person(rich.people.ada)));
        assert_eq!(last.facts, [Fact::BylineLookedUp { byline }]);
    });
}

#[test]
fn an_admin_who_writes_a_person_down_leaves_the_editors_note() {
    block_on(async {
        let rich = Rich::told().await;
        let sol = rich.people.sol;
        let vera = rich.cms.desk(rich.people.editor());
        let before = vera.person(sol).await.unwrap();
        assert!(before.note.is_some());
        let admin = rich.cms.desk(rich.people.admin());
        let moved = NewPerson {
            phone: Some("040-628 04 02".to_owned()).into(),
            ..NewPerson::named("Sol Sund")
        };
        admin.put_person(Some(sol), &moved).await.unwrap();
        let after = vera.person(sol).await.unwrap();
        assert_eq!(after.note, before.note);
        assert_eq!(
            (after.name.as_str(), after.email),
            ("Sol Sund", before.email)
        );
        assert_eq!(after.phone.as_deref(), Some("040-628 04 02"));
        vera.put_person(Some(sol), &moved).await.unwrap();
        assert_eq!(vera.person(sol).await.unwrap().note, None);
    });
}
