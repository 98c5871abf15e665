//! Commands about records and occasions.

use cmss::*;

use super::{Cast, Comes, List};
use crate::scene::Scene;
use crate::things::{event, image, organisation, plan, project, term};

pub(super) fn records(scene: &Scene, cast: &Cast, list: &mut List) {
    let Cast {
        vera, nils, kim, ..
    } = cast;
    let content = organisation("Bryggan");
    list.done(
        vera,
        Command::PutOrganisation(PutRecord {
            id: None,
            revision: None,
            content,
        }),
    );
    let content = organisation("Kajens vänner");
    list.done(
        nils,
        Command::PutOrganisation(PutRecord {
            id: Some(scene.club),
            revision: None,
            content,
        }),
    );

    let put = |id, slug: &str, label: &str, aliases: &[&str]| {
        let content = term(Vocabulary::Topic, slug, label, aliases);
        Command::PutTerm(PutRecord {
            id,
            revision: None,
            content,
        })
    };
    list.done(vera, put(None, "trygghet", "Trygghet", &[]));
    list.done(nils, put(Some(scene.topic), "bostad", "Hem", &["Trygghet"]));

    let put = |id, caption: &str, people: &[ConsentId]| {
        let content = image(caption, people);
        Command::PutAsset(PutRecord {
            id,
            revision: None,
            content,
        })
    };
    list.done(vera, put(None, "En ny bänk", &[]));
    list.done(nils, put(Some(scene.bench), "Ingen på bänken", &[]));

    let put = |id, title: &str| {
        let content = project(title, scene.category, scene.stage);
        Command::PutProject(PutRecord {
            id,
            revision: None,
            content,
        })
    };
    list.done(vera, put(None, "En kaj för alla"));
    list.done(nils, put(Some(scene.quay), "En kaj för fler"));
    list.done(nils, put(Some(scene.lamp), "En kaj för alla"));

    let put = |id, title: &str| {
        let content = event(title, &[]);
        Command::PutEvent(PutRecord {
            id,
            revision: None,
            content,
        })
    };
    list.done(vera, put(None, "Vandringen"));
    list.done(nils, put(Some(scene.walk), "Vandringen runt sjön"));

    let all: [RecordRef; 6] = [
        scene.topic.into(),
        scene.club.into(),
        scene.quay.into(),
        scene.lamp.into(),
        scene.walk.into(),
        scene.bench.into(),
    ];
    for record in all {
        list.done(vera, Command::PublishRecord(PublishRecord { record }));
    }
    for record in all {
        let hide = Command::HideRecord(HideRecord { record });
        if record == scene.quay.into() {
            list.refused(vera, hide);
        } else {
            list.done(vera, hide);
        }
    }
    for record in [scene.topic.into(), scene.quay.into(), scene.walk.into()] {
        list.done(nils, Command::ArchiveRecord(ArchiveRecord { record }));
    }
    list.refused(
        kim,
        Command::PublishRecord(PublishRecord {
            record: scene.quay.into(),
        }),
    );
}

pub(super) fn occasions(scene: &Scene, cast: &Cast, list: &mut List) {
    let Cast { vera, nils, .. } = cast;
    let (tentative, confirmed) = (scene.tentative, scene.confirmed);
    let planned = PlanOccasion {
        event: scene.walk,
        certainty: Certainty::Confirmed,
        plan: plan("2026-05-01"),
    };
    list.done(vera, Command::PlanOccasion(planned));
    for (occasion, day) in [(tentative, "2026-04-02"), (confirmed, "2026-03-04")] {
        let plan = plan(day);
        list.done(
            nils,
            Command::ChangeOccasion(ChangeOccasion { occasion, plan }),
        );
    }
    let confirm = |occasion| Command::ConfirmOccasion(ConfirmOccasion { occasion });
    list.done(vera, confirm(tentative));
    list.add(vera, confirm(confirmed), Comes::ToNothing);
    let complete = |occasion| Command::CompleteOccasion(CompleteOccasion { occasion });
    list.done(vera, complete(confirmed));
    list.refused(vera, complete(tentative));
    for occasion in [tentative, confirmed] {
        let reason = "Halka".to_owned();
        list.done(
            nils,
            Command::CancelOccasion(CancelOccasion { occasion, reason }),
        );
    }
}
