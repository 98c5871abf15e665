//! Revisions of texts.

use cmss::*;

use crate::support::{Newsroom, text};
use crate::{apart, meet};

pub async fn of_two_editors_who_save_one_revision_one_is_handed_what_the_other_wrote(
    room: &Newsroom,
    _: usize,
) -> &'static str {
    let StartedArticle { edition, head, .. } = room.submitted("Inskickad").await;
    let texts = ["Veras", "Nils"].map(|headline| text(headline, room.sols));
    let editors = [room.editor(), room.second_editor()];
    let answers = meet(&editors, async |desk, place| {
        desk.save(edition, head, &texts[place]).await
    });
    let saved = answers
        .iter()
        .find_map(|answer| answer.as_ref().ok())
        .copied();
    let (winners, losers) = apart(answers);
    let ([winner], [Error::Conflict(conflict)]) = (&winners[..], &losers[..]) else {
        panic!("{winners:?} {losers:?}");
    };
    assert_eq!(conflict.named, head);
    assert_eq!(Some(conflict.head), saved);
    assert_eq!(*conflict.theirs, texts[*winner]);
    assert_eq!(conflict.mine.as_deref(), Some(&texts[1 - winner]));
    let revisions = room.reporter().revisions(edition, 0).await.unwrap();
    assert_eq!(revisions.len(), 2);
    ["Vera", "Nils"][*winner]
}

pub async fn who_approves_a_revision_while_it_is_written_over_is_told_or_was_first(
    room: &Newsroom,
    _: usize,
) -> &'static str {
    let StartedArticle { edition, head, .. } = room.submitted("Inskickad").await;
    let changed = text("Ändrad", room.sols);
    let editors = [room.editor(), room.second_editor()];
    let answers = meet(&editors, async |desk, place| match place {
        0 => desk.approve(edition, head).await,
        _ => desk.save(edition, head, &changed).await.map(drop),
    });
    let (winners, losers) = apart(answers);
    let EditionView { card, text: shown } = room.editor().edition(edition).await.unwrap();
    let shown = shown.unwrap();
    // Whoever came first: what was written over is approved by nobody.
    assert_eq!(shown.text, changed);
    assert!(shown.approval.is_none());
    assert_ne!(card.state, EditionState::Approved);
    match (&winners[..], &losers[..]) {
        ([0, 1], []) => "approved, then written over",
        ([1], [Error::Conflict(conflict)]) => {
            assert_eq!((conflict.named, &*conflict.theirs), (head, &changed));
            "written over, not approved"
        }
        _ => panic!("{winners:?} {losers:?}"),
    }
}
