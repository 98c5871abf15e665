//! Who may not read is not told whether there is anything.

use cmss::{Error, PersonId, ProjectId, VariantId};
use pollster::block_on;

use crate::every;
use crate::rich::Rich;
use crate::table::Who::{Admin, Clock, Liv, Mentor, OtherUnit, Una, Unit, Visitor};
use crate::table::{ALL, NEWSROOM, STAFF, actor, is_refused, json};

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
