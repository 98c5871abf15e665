//! Every command there is, given by somebody who is there, on things of the scene.

use std::collections::BTreeSet;

use cmss::*;

use crate::scene::{Scene, consent, event, image, organisation, plan, project, quoting, term};
use crate::support::{declared, named, offer, text};

/// What a command comes to when it is given in the scene.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Comes {
    /// It is carried out, and something changes.
    Done,
    /// Everything is so already.
    ToNothing,
    /// Guards fail, or the head it names is none.
    Refused,
}

/// A command, who gives it, and what it comes to.
#[derive(Clone, Debug)]
pub struct Given {
    pub by: Actor,
    pub command: Command,
    pub comes: Comes,
}

impl Given {
    /// The command as JSON spells it.
    pub fn name(&self) -> String {
        let case = format!("{:?}", self.command);
        let case = case.split('(').next().unwrap();
        let mut name = String::new();
        for letter in case.chars() {
            if letter.is_uppercase() && !name.is_empty() {
                name.push('_');
            }
            name.extend(letter.to_lowercase());
        }
        name
    }
}

/// The name of every command, as the library tells whoever gives one that it does not know.
pub fn all_names() -> BTreeSet<String> {
    let unknown = serde_json::from_str::<Command>("{\"\": {}}").unwrap_err();
    let unknown = unknown.to_string();
    let (_, expected) = unknown.split_once("expected one of ").unwrap();
    let names = expected.split('`').skip(1).step_by(2);
    names.map(str::to_owned).collect()
}

/// Collects commands.
struct List(Vec<Given>);

impl List {
    fn add(&mut self, by: &Actor, command: Command, comes: Comes) {
        self.0.push(Given {
            by: by.clone(),
            command,
            comes,
        });
    }

    fn done(&mut self, by: &Actor, command: Command) {
        self.add(by, command, Comes::Done);
    }

    fn refused(&mut self, by: &Actor, command: Command) {
        self.add(by, command, Comes::Refused);
    }
}

/// Those who give commands.
struct Cast {
    admin: Actor,
    vera: Actor,
    nils: Actor,
    sol: Actor,
    liv: Actor,
    kim: Actor,
}

/// All of them.
pub fn given(scene: &Scene) -> Vec<Given> {
    let room = &scene.room;
    let cast = Cast {
        admin: Actor::new(room.ada).admin(),
        vera: Actor::new(room.vera).editor(),
        nils: Actor::new(room.nils).editor(),
        sol: Actor::new(room.sol).reporter(),
        liv: Actor::new(room.liv).reporter(),
        kim: Actor::new(room.kim).unit_contact(room.library),
    };
    let mut list = List(Vec::new());
    people(scene, &cast, &mut list);
    records(scene, &cast, &mut list);
    occasions(scene, &cast, &mut list);
    assignments(scene, &cast, &mut list);
    texts(scene, &cast, &mut list);
    publications(scene, &cast, &mut list);
    list.0
}

fn people(scene: &Scene, cast: &Cast, list: &mut List) {
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

fn records(scene: &Scene, cast: &Cast, list: &mut List) {
    let Cast {
        vera, nils, kim, ..
    } = cast;
    let content = organisation("Bryggan");
    list.done(
        vera,
        Command::PutOrganisation(PutRecord { id: None, content }),
    );
    let content = organisation("Kajens vänner");
    list.done(
        nils,
        Command::PutOrganisation(PutRecord {
            id: Some(scene.club),
            content,
        }),
    );

    let put = |id, slug: &str, label: &str, aliases: &[&str]| {
        let content = term(Vocabulary::Topic, slug, label, aliases);
        Command::PutTerm(PutRecord { id, content })
    };
    list.done(vera, put(None, "trygghet", "Trygghet", &[]));
    list.done(nils, put(Some(scene.topic), "bostad", "Hem", &["Trygghet"]));

    let put = |id, caption: &str, people: &[ConsentId]| {
        let content = image(caption, people);
        Command::PutAsset(PutRecord { id, content })
    };
    list.done(vera, put(None, "En ny bänk", &[]));
    list.done(nils, put(Some(scene.bench), "Ingen på bänken", &[]));

    let put = |id, title: &str| {
        let content = project(title, scene.category, scene.stage);
        Command::PutProject(PutRecord { id, content })
    };
    list.done(vera, put(None, "En kaj för alla"));
    list.done(nils, put(Some(scene.quay), "En kaj för fler"));
    list.done(nils, put(Some(scene.lamp), "En kaj för alla"));

    let put = |id, title: &str| {
        let content = event(title, &[]);
        Command::PutEvent(PutRecord { id, content })
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

fn occasions(scene: &Scene, cast: &Cast, list: &mut List) {
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

fn assignments(scene: &Scene, cast: &Cast, list: &mut List) {
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

fn texts(scene: &Scene, cast: &Cast, list: &mut List) {
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

    let save = |of: Started, text| {
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
            Started {
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
    let accept = |of: Started| {
        let Started { edition, head, .. } = of;
        Command::AcceptEdit(AcceptEdit { edition, head })
    };
    list.done(sol, accept(edited));
    list.done(sol, accept(submitted));
    let approve = |of: Started| {
        let Started { edition, head, .. } = of;
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
    let reopen = |of: Started| {
        Command::ReopenEdition(ReopenEdition {
            edition: of.edition,
        })
    };
    list.done(sol, reopen(scene.withdrawn));
    list.done(vera, reopen(scene.declined));
}

fn publications(scene: &Scene, cast: &Cast, list: &mut List) {
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
    let publish = |of: Started, slug: Option<&str>| {
        let Started { edition, head, .. } = of;
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
        let afterwards = Afterwards::Redirect(PageRef::Project(scene.lamp));
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
