//! Commands about what the public sees.

use cmss::*;

use super::{Cast, List};
use crate::scene::Scene;

pub(super) fn publications(scene: &Scene, cast: &Cast, list: &mut List) {
    let unit = Some(scene.room.library);
    let Cast {
        vera,
        nils,
        sol,
        liv,
        ..
    } = cast;
    let Scene {
        submitted,
        approved,
        approved_too,
        live,
        next,
        down,
        paused,
        ..
    } = *scene;
    let publish = |of: StartedArticle, slug: Option<&str>| {
        let StartedArticle { edition, head, .. } = of;
        let slug = slug.map(str::to_owned);
        Command::Publish(Publish {
            edition,
            head,
            slug,
        })
    };
    list.done(vera, publish(approved, None));
    list.done(nils, publish(approved, Some("kaffe")));
    list.done(nils, publish(approved_too, None));
    list.done(vera, publish(approved_too, Some("kaffe")));
    list.done(vera, publish(next, None));
    list.refused(vera, publish(submitted, None));
    list.refused(vera, publish(approved_too, Some("banken")));

    list.done(
        sol,
        Command::OpenEdition(OpenEdition {
            variant: live.variant,
        }),
    );
    list.done(
        vera,
        Command::OpenEdition(OpenEdition {
            variant: live.variant,
        }),
    );
    list.refused(
        liv,
        Command::OpenEdition(OpenEdition {
            variant: live.variant,
        }),
    );
    for of in [live, next] {
        let (variant, reason) = (of.variant, "Fel.".to_owned());
        let afterwards = AddressFallback::Redirect(PageRef::Project(scene.lamp));
        list.done(
            vera,
            Command::Unpublish(Unpublish {
                variant,
                reason,
                afterwards,
                on_request_of: unit,
            }),
        );
    }
    for of in [live, next, down] {
        list.done(
            sol,
            Command::Pause(Pause {
                variant: of.variant,
            }),
        );
    }
    list.refused(
        liv,
        Command::Pause(Pause {
            variant: live.variant,
        }),
    );
    list.done(
        vera,
        Command::Republish(Republish {
            variant: down.variant,
        }),
    );
    list.refused(
        vera,
        Command::Republish(Republish {
            variant: paused.variant,
        }),
    );
    list.done(
        sol,
        Command::LiftPause(LiftPause {
            variant: paused.variant,
        }),
    );
    list.refused(
        vera,
        Command::LiftPause(LiftPause {
            variant: paused.variant,
        }),
    );
    let drop = |page, slug: &str| {
        let slug = slug.to_owned();
        Command::DropRedirect(DropRedirect { page, slug })
    };
    let article = PageRef::Article(live.variant);
    list.done(vera, drop(article, "en-bank-vid-vattnet"));
    list.done(vera, drop(PageRef::Project(scene.lamp), "ljus"));
    list.done(vera, drop(PageRef::Event(scene.walk), "vandringen"));
    list.refused(vera, drop(article, "banken"));
}
