//! Commands about people, bylines and consents.

use cmss::*;

use super::{Cast, Comes, List};
use crate::scene::Scene;
use crate::support::consent;
use crate::support::named;

pub(super) fn people(scene: &Scene, cast: &Cast, list: &mut List) {
    let Cast {
        admin,
        vera,
        sol,
        liv,
        kim,
        ..
    } = cast;
    let room = &scene.room;
    let put = |id, name: &str| {
        let mut person = NewPerson::named(name);
        person.account = Some("tor@login.example.org".to_owned()).into();
        Command::PutPerson(PutPerson { id, person })
    };
    list.done(admin, put(None, "Tore Tang"));
    list.done(vera, put(Some(scene.tor), "Tor Tangen"));
    list.refused(sol, put(None, "Tore Tang"));

    let admit = |person, media: &[Medium]| {
        let media = media.to_vec();
        Command::AdmitReporter(AdmitReporter { person, media })
    };
    list.done(vera, admit(scene.tor, &[Medium::Film]));
    list.done(vera, admit(room.sol, &[Medium::Film]));
    list.add(
        vera,
        admit(room.liv, &[Medium::Text, Medium::Photo]),
        Comes::ToNothing,
    );
    list.done(
        liv,
        Command::RestReporter(RestReporter { person: room.liv }),
    );
    list.done(
        vera,
        Command::RestReporter(RestReporter { person: room.sol }),
    );

    let create = |person, name: &str| {
        let name = named(BylineForm::PenName, name);
        Command::CreateByline(CreateByline { person, name })
    };
    list.done(sol, create(room.sol, "Måsen"));
    list.done(vera, create(room.liv, "Måsen"));
    let change = |byline, name: &str, past_works| {
        let name = named(BylineForm::PenName, name);
        Command::ChangeByline(ChangeByline {
            byline,
            name,
            past_works,
        })
    };
    let renamed = PastWorks::Renamed { told: true };
    list.done(sol, change(room.sols, "Måsen", renamed));
    list.done(sol, change(room.sols, "Tärnan", PastWorks::Unnamed));
    list.done(liv, change(room.livs, "Måsen", renamed));
    list.refused(vera, change(room.sols, "Tärnan", renamed));
    let look_up = |byline| Command::LookUpByline(cmss::LookUpByline { byline });
    list.done(vera, look_up(room.sols));
    list.refused(liv, look_up(room.sols));

    let quotes = Covers::Quotes(scene.live.article);
    list.done(vera, Command::GiveConsent(consent(scene.ebba, quotes)));
    list.done(
        sol,
        Command::GiveConsent(consent(scene.ebba, Covers::Image(scene.bench))),
    );
    for consent in [scene.live_quote, scene.approved_quote, scene.on_bench] {
        list.done(vera, Command::WithdrawConsent(WithdrawConsent { consent }));
    }
    list.refused(
        kim,
        Command::WithdrawConsent(WithdrawConsent {
            consent: scene.on_bench,
        }),
    );
}
