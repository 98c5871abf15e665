//! Commands about texts under work.

use cmss::*;

use super::{Cast, Comes, List};
use crate::scene::Scene;
use crate::support::{declared, text};
use crate::things::quoting;

pub(super) fn texts(scene: &Scene, cast: &Cast, list: &mut List) {
    let unit = Some(scene.room.library);
    let Cast {
        vera,
        nils,
        sol,
        liv,
        kim,
        ..
    } = cast;
    let room = &scene.room;
    let Scene {
        draft,
        submitted,
        edited,
        asked,
        approved,
        approved_too,
        next,
        ..
    } = *scene;
    let start = |assignment| {
        let (co_authors, text) = (Vec::new(), text("Börjad", room.sols));
        let article = NewArticle {
            assignment,
            co_authors,
            text,
        };
        Command::StartArticle(StartArticle { article })
    };
    list.done(sol, start(Some(scene.full)));
    list.done(nils, start(None));
    list.refused(liv, start(Some(scene.full)));

    let save = |of: StartedArticle, text| {
        let (edition, parent) = (of.edition, of.head);
        Command::Save(Save {
            edition,
            parent,
            text,
        })
    };
    let by_sol = |headline| text(headline, room.sols);
    list.done(sol, save(draft, by_sol("Sols utkast")));
    list.done(liv, save(draft, by_sol("Livs utkast")));
    list.done(vera, save(submitted, by_sol("Veras rubrik")));
    list.done(nils, save(submitted, by_sol("Nils rubrik")));
    let kept = quoting("Solens kaffe", room.sols, scene.approved_quote);
    list.done(sol, save(approved, kept.clone()));
    list.done(vera, save(approved, kept));
    list.add(sol, save(draft, by_sol("Ett utkast")), Comes::ToNothing);
    list.refused(
        sol,
        save(
            StartedArticle {
                head: submitted.head,
                ..edited
            },
            by_sol("En annan"),
        ),
    );
    list.refused(kim, save(draft, by_sol("Kims utkast")));

    list.done(
        vera,
        Command::SetAside(SetAside {
            edition: edited.edition,
        }),
    );
    for of in [draft, asked] {
        let (edition, head, declarations) = (of.edition, of.head, declared());
        list.done(
            sol,
            Command::Submit(Submit {
                edition,
                head,
                declarations,
            }),
        );
    }
    for of in [submitted, edited] {
        list.done(
            sol,
            Command::PullBack(PullBack {
                edition: of.edition,
            }),
        );
        let (edition, comment) = (of.edition, "Kortare.".to_owned());
        list.done(
            vera,
            Command::RequestChanges(RequestChanges { edition, comment }),
        );
    }
    let accept = |of: StartedArticle| {
        let StartedArticle { edition, head, .. } = of;
        Command::AcceptEdit(AcceptEdit { edition, head })
    };
    list.done(sol, accept(edited));
    list.done(sol, accept(submitted));
    let approve = |of: StartedArticle| {
        let StartedArticle { edition, head, .. } = of;
        Command::Approve(Approve { edition, head })
    };
    list.done(vera, approve(submitted));
    list.done(nils, approve(submitted));
    list.refused(vera, approve(edited));
    for of in [approved, next] {
        let (edition, reason) = (of.edition, "Ett namn är fel.".to_owned());
        list.done(
            nils,
            Command::DismissApproval(DismissApproval {
                edition,
                reason,
                on_request_of: unit,
            }),
        );
    }
    for of in [draft, submitted, asked] {
        let (edition, reason) = (of.edition, "Inte nu.".to_owned());
        list.done(
            vera,
            Command::Decline(Decline {
                edition,
                reason,
                on_request_of: None,
            }),
        );
    }
    for of in [draft, submitted, edited, approved, approved_too, next] {
        list.done(
            sol,
            Command::Withdraw(Withdraw {
                edition: of.edition,
            }),
        );
    }
    list.refused(
        vera,
        Command::Withdraw(Withdraw {
            edition: draft.edition,
        }),
    );
    let reopen = |of: StartedArticle| {
        Command::ReopenEdition(ReopenEdition {
            edition: of.edition,
        })
    };
    list.done(sol, reopen(scene.withdrawn));
    list.done(vera, reopen(scene.declined));
}
