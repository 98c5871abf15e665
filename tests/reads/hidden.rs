//! Who holds a claim, who is behind a byline, what was said to whom.

use cmss::{Covers, PlacesView};
use pollster::block_on;

use crate::rich::Rich;
use crate::table::Who::{self, Editor, Liv, Mentor, OtherUnit, Sol, Una, Unit};
use crate::table::{Read, TABLE, actor, json, read, word};

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
