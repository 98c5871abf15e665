//! Places of assignments.

use cmss::*;

use crate::support::Newsroom;
use crate::{apart, guards, meet};

/// Sol, Liv, Mona and Kim, all of them reporters in this newsroom.
async fn reporters(room: &Newsroom, number: usize) -> Vec<Desk> {
    let all = [room.sol, room.liv, room.mona, room.kim];
    if number == 0 {
        for newcomer in [room.mona, room.kim] {
            let desk = room.editor();
            desk.admit_reporter(newcomer, &[Medium::Text])
                .await
                .unwrap();
        }
    }
    let desk = |person| room.cms.desk(Actor::new(person).reporter());
    all.map(desk).into()
}

/// How many places of four claimants' are taken, and that all the others were told so.
async fn claimed(room: &Newsroom, number: usize, places: u32) -> Vec<usize> {
    let task = room.open_assignment(places).await;
    let answers = meet(&reporters(room, number).await, async |desk, _| {
        desk.claim(task).await
    });
    let (winners, losers) = apart(answers);
    assert_eq!(winners.len(), places as usize, "{losers:?}");
    for loser in &losers {
        assert_eq!(guards(loser), [Guard::Full { places }]);
    }
    room.editor()
        .cancel_assignment(task, "Inställt.")
        .await
        .unwrap();
    winners
}

pub async fn of_four_who_claim_the_last_place_one_gets_it_and_three_find_it_full(
    room: &Newsroom,
    number: usize,
) -> &'static str {
    ["the first", "the second", "the third", "the fourth"][claimed(room, number, 1).await[0]]
}

pub async fn of_four_who_claim_two_places_two_get_them_and_two_find_it_full(
    room: &Newsroom,
    number: usize,
) -> &'static str {
    match claimed(room, number, 2).await[..] {
        [0, 1] => "the first two",
        [2, 3] => "the last two",
        _ => "others",
    }
}

pub async fn one_reporter_who_claims_twice_at_once_has_one_place(
    room: &Newsroom,
    _: usize,
) -> &'static str {
    let task = room.open_assignment(2).await;
    let twice = [room.reporter(), room.reporter()];
    let answers = meet(&twice, async |desk, _| desk.claim(task).await);
    let (winners, losers) = apart(answers);
    assert_eq!(winners.len(), 1, "{losers:?}");
    // The other place is still there.
    room.other_reporter().claim(task).await.unwrap();
    room.editor()
        .cancel_assignment(task, "Inställt.")
        .await
        .unwrap();
    ["the first", "the second"][winners[0]]
}
