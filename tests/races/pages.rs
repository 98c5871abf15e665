//! What the public sees, and where.

use cmss::*;

use crate::support::Newsroom;
use crate::{apart, codes, guards, meet};

pub async fn of_two_editors_who_publish_one_text_one_does(
    room: &Newsroom,
    number: usize,
) -> &'static str {
    let StartedArticle { edition, head, .. } = room.approved("Godkänd").await;
    let slugs = ["veras", "nils"].map(|of| format!("{of}-{number}"));
    let editors = [room.editor(), room.second_editor()];
    let answers = meet(&editors, async |desk, place| {
        desk.publish(edition, head, Some(&slugs[place])).await
    });
    let (winners, losers) = apart(answers);
    let ([winner], [loser]) = (&winners[..], &losers[..]) else {
        panic!("{winners:?} {losers:?}");
    };
    assert_eq!(codes(loser), ["wrong_state"]);
    room.page(&slugs[*winner]).await;
    let other = room.cms.site().article(&slugs[1 - winner]).await.unwrap();
    assert_eq!(other, Found::NotThere);
    ["Vera", "Nils"][*winner]
}

pub async fn a_text_is_published_or_withdrawn_but_not_both(
    room: &Newsroom,
    number: usize,
) -> &'static str {
    let StartedArticle { edition, head, .. } = room.approved("Godkänd").await;
    let slug = format!("godkand-{number}");
    let both = [room.editor(), room.reporter()];
    let answers = meet(&both, async |desk, place| match place {
        0 => desk.publish(edition, head, Some(&slug)).await,
        _ => desk.withdraw(edition).await,
    });
    let (winners, losers) = apart(answers);
    let ([winner], [loser]) = (&winners[..], &losers[..]) else {
        panic!("{winners:?} {losers:?}");
    };
    assert_eq!(codes(loser), ["wrong_state"]);
    let found = room.cms.site().article(&slug).await.unwrap();
    assert_eq!(matches!(found, Found::Here(_)), *winner == 0, "{found:?}");
    ["published", "withdrawn"][*winner]
}

/// Two texts of one headline, which no other has, approved.
async fn two(room: &Newsroom, number: usize) -> [StartedArticle; 2] {
    let headline = format!("Kaffe {number}");
    [
        room.approved(&headline).await,
        room.approved(&headline).await,
    ]
}

pub async fn of_two_who_want_one_address_one_has_it(
    room: &Newsroom,
    number: usize,
) -> &'static str {
    let texts = two(room, number).await;
    let slug = format!("samma-{number}");
    let editors = [room.editor(), room.second_editor()];
    let answers = meet(&editors, async |desk, place| {
        let StartedArticle { edition, head, .. } = texts[place];
        desk.publish(edition, head, Some(&slug)).await
    });
    let (winners, losers) = apart(answers);
    let ([winner], [loser]) = (&winners[..], &losers[..]) else {
        panic!("{winners:?} {losers:?}");
    };
    let taken = Guard::SlugTaken { slug: slug.clone() };
    assert_eq!(guards(loser), [taken]);
    for (place, text) in texts.iter().enumerate() {
        let held = room.editor().variant(text.variant).await.unwrap().slug;
        let held = held.map(|held| held.to_string());
        assert_eq!(held, (place == *winner).then(|| slug.clone()));
    }
    room.page(&slug).await;
    ["Vera", "Nils"][*winner]
}

pub async fn of_two_with_one_headline_each_has_an_address_of_its_own(
    room: &Newsroom,
    number: usize,
) -> &'static str {
    let texts = two(room, number).await;
    let editors = [room.editor(), room.second_editor()];
    let answers = meet(&editors, async |desk, place| {
        let StartedArticle { edition, head, .. } = texts[place];
        desk.publish(edition, head, None).await
    });
    let (winners, losers) = apart(answers);
    assert_eq!(winners, [0, 1], "{losers:?}");
    let mut slugs = Vec::new();
    for text in &texts {
        let slug = room.editor().variant(text.variant).await.unwrap().slug;
        let slug = slug.unwrap().to_string();
        room.page(&slug).await;
        slugs.push(slug);
    }
    let [plain, counted] = [format!("kaffe-{number}"), format!("kaffe-{number}-2")];
    match slugs[0] == plain {
        true => {
            assert_eq!(slugs[1], counted);
            "Vera"
        }
        false => {
            assert_eq!(slugs, [counted, plain]);
            "Nils"
        }
    }
}
