//! Commands about assignments and claims.

use cmss::*;

use super::{Cast, List};
use crate::scene::Scene;
use crate::support::offer;

pub(super) fn assignments(scene: &Scene, cast: &Cast, list: &mut List) {
    let Cast {
        vera,
        nils,
        sol,
        liv,
        kim,
        ..
    } = cast;
    let Scene {
        proposed,
        open,
        shared,
        full,
        closed,
        ..
    } = *scene;
    let idea = Offer {
        unit: None,
        ..offer(scene.room.library, 1)
    };
    list.done(
        kim,
        Command::Propose(Propose {
            offer: offer(scene.room.library, 2),
        }),
    );
    list.done(sol, Command::Propose(Propose { offer: idea }));
    let more = offer(scene.room.library, 3);
    let assignment = proposed;
    list.done(
        kim,
        Command::ReviseAssignment(ReviseAssignment {
            assignment,
            offer: more,
        }),
    );
    let reason = "Vem betalar?".to_owned();
    list.done(
        vera,
        Command::ReturnAssignment(ReturnAssignment { assignment, reason }),
    );
    list.done(vera, Command::OpenAssignment(OpenAssignment { assignment }));
    for assignment in [open, shared] {
        list.done(
            vera,
            Command::CloseAssignment(CloseAssignment { assignment }),
        );
    }
    list.done(
        vera,
        Command::ReopenAssignment(ReopenAssignment { assignment: closed }),
    );
    list.done(
        nils,
        Command::CompleteAssignment(CompleteAssignment { assignment: closed }),
    );
    list.refused(
        nils,
        Command::CompleteAssignment(CompleteAssignment { assignment: full }),
    );
    for assignment in [proposed, shared, full] {
        let reason = "Mötet är inställt.".to_owned();
        list.done(
            vera,
            Command::CancelAssignment(CancelAssignment { assignment, reason }),
        );
    }
    let claim = |assignment| Command::ClaimAssignment(ClaimAssignment { assignment });
    list.done(sol, claim(open));
    list.done(liv, claim(open));
    list.done(sol, claim(shared));
    list.refused(liv, claim(full));
    list.refused(sol, claim(closed));
    list.done(
        liv,
        Command::ReleaseClaim(ReleaseClaim {
            claim: scene.livs_claim,
        }),
    );
    list.done(
        sol,
        Command::ReleaseClaim(ReleaseClaim {
            claim: scene.sols_claim,
        }),
    );
    list.refused(
        vera,
        Command::ReleaseClaim(ReleaseClaim {
            claim: scene.sols_claim,
        }),
    );
}
