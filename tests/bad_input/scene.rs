//! A newsroom in which every command can be given, and a way to give each.

use std::collections::BTreeMap;

use cmss::store::{Seq, Store};
use cmss::values::{Fault, When};
use cmss::{
    Actor, Alt, Asset, AssetId, Certainty, Command, ConsentId, Covers, Desk, Error, Event, EventId,
    EventKind, GiveConsent, MemoryStore, OccasionPlan, Organisation, OrganisationKind, Project,
    ProjectId, StartedArticle, Term, TermId, Vocabulary,
};
use serde_json::Value;

use crate::every;
use crate::support::Newsroom;

/// What commands are given on.
pub(crate) struct Scene {
    pub(crate) store: MemoryStore,
    pub(crate) room: Newsroom,
    /// What stands for an id that is nobody's, in a command.
    ids: BTreeMap<String, String>,
    /// The edition and head that a command is given on.
    editions: BTreeMap<&'static str, StartedArticle>,
    claimed: String,
    live: StartedArticle,
}

struct Things {
    asset: AssetId,
    consent: ConsentId,
    topic: TermId,
    stage: TermId,
    event: EventId,
    project: ProjectId,
}

impl Things {
    async fn put(desk: &Desk, room: &Newsroom) -> Self {
        let asset = Asset::in_file("torget.jpg", Alt::Decorative);
        let asset = desk.put_asset(None, &asset).await.unwrap();
        desk.publish_record(asset).await.unwrap();
        let consent = GiveConsent {
            subject: room.liv,
            covers: Covers::Image(asset),
            informed: "2026-01".to_owned(),
            evidence: None,
        };
        let consent = desk.give_consent(&consent).await.unwrap();
        let term = |vocabulary, slug: &str| Term::labelled(vocabulary, slug.parse().unwrap(), slug);
        let topic = term(Vocabulary::Topic, "bostad");
        let topic = desk.put_term(None, &topic).await.unwrap();
        let stage = term(Vocabulary::Stage, "vilar");
        let stage = desk.put_term(None, &stage).await.unwrap();
        let event = Event::titled("Mötet", "sv".parse().unwrap(), EventKind::Meeting);
        let event = desk.put_event(None, &event).await.unwrap();
        let project = Project::titled("Projektet", "sv".parse().unwrap());
        let project = desk.put_project(None, &project).await.unwrap();
        Self {
            asset,
            consent,
            topic,
            stage,
            event,
            project,
        }
    }
}

impl Scene {
    pub(crate) async fn set() -> Self {
        let store = MemoryStore::new();
        let room = Newsroom::in_store(store.clone()).await;
        let desk = room.editor();
        let things = Things::put(&desk, &room).await;
        let organisation = Organisation::named("Bryggan", OrganisationKind::Association);
        let bridge = desk.put_organisation(None, &organisation).await.unwrap();
        let network = desk.put_organisation(None, &organisation).await.unwrap();
        let plan = OccasionPlan::at(When::Unknown);
        let occasion = desk
            .plan_occasion(things.event, Certainty::Confirmed, &plan)
            .await
            .unwrap();
        let offer = crate::support::offer(room.library, 2);
        let proposed = room.unit().propose(&offer).await.unwrap();
        let claimed = room.open_assignment(2).await;
        let claim = room.reporter().claim(claimed).await.unwrap();
        let draft = room.begun("Ett utkast").await;
        let submitted = room.submitted("En inskickad").await;
        let approved = room.approved("En godkänd").await;
        let live = room.published("En publicerad").await;
        let ids = [
            (every::id("person"), room.liv.to_string()),
            (every::id("byline"), room.sols.to_string()),
            (every::id("consent"), things.consent.to_string()),
            (every::id("organisation"), room.library.to_string()),
            (every::other_id("organisation"), bridge.to_string()),
            (
                "organisation:2f7e3c74-9f5a-4ead-9c2b-5d3a7f9e1b24".to_owned(),
                network.to_string(),
            ),
            (every::id("term"), things.topic.to_string()),
            (every::other_id("term"), things.stage.to_string()),
            (every::id("asset"), things.asset.to_string()),
            (every::id("project"), things.project.to_string()),
            (every::id("event"), things.event.to_string()),
            (every::id("occasion"), occasion.to_string()),
            (every::id("assignment"), proposed.to_string()),
            (every::id("claim"), claim.to_string()),
            (every::id("variant"), live.variant.to_string()),
        ];
        let editions = [
            ("save", draft),
            ("submit", draft),
            ("request_changes", submitted),
            ("decline", submitted),
            ("dismiss_approval", approved),
            ("publish", approved),
        ];
        Self {
            store,
            ids: ids.into(),
            editions: editions.into(),
            claimed: claimed.to_string(),
            live,
            room,
        }
    }

    /// The command of this name, on what there is.
    pub(crate) fn command(&self, name: &str) -> Value {
        let on = self.editions.get(name).unwrap_or(&self.live);
        self.command_on(name, on)
    }

    /// The same on an edition in each of its states.
    pub(crate) fn command_in_each_state(&self, name: &str) -> Vec<Value> {
        let editions = self.editions.values().chain([&self.live]);
        editions.map(|on| self.command_on(name, on)).collect()
    }

    fn command_on(&self, name: &str, on: &StartedArticle) -> Value {
        let commands = every::plain();
        let command = commands.iter().find(|one| every::name(one) == name);
        let mut spelled = command.unwrap().to_string();
        let StartedArticle { edition, head, .. } = on;
        let named = [
            (every::id("edition"), edition.to_string()),
            (every::id("revision"), head.to_string()),
        ];
        if name == "start_article" {
            spelled = spelled.replace(&every::id("assignment"), &self.claimed);
        }
        if name == "put_term" {
            let stage = &self.ids[&every::other_id("term")];
            spelled = spelled.replace(&every::id("term"), stage);
        }
        for (nobody, there) in self.ids.iter().chain(named.iter().map(|(a, b)| (a, b))) {
            spelled = spelled.replace(nobody, there);
        }
        serde_json::from_str(&spelled).unwrap()
    }

    /// The desk of somebody who may give it.
    pub(crate) fn desk(&self, name: &str) -> Desk {
        match name {
            "change_byline" | "save" | "submit" | "start_article" | "claim_assignment" => {
                self.room.reporter()
            }
            _ => self
                .room
                .cms
                .desk(Actor::new(self.room.vera).editor().admin()),
        }
    }

    /// Gives a command as JSON.
    pub(crate) async fn give(&self, command: &Value) -> Result<Value, Error> {
        let read = Command::from_json(command.to_string().as_bytes())?;
        let sent = read.clone();
        let answer = self.desk(every::name(command)).execute(&read).await;
        assert_eq!(read, sent, "what was sent is still the caller's");
        answer
    }

    /// How many commits there are.
    pub(crate) async fn commits(&self) -> Seq {
        self.store.changes(Seq::ZERO, 1).await.unwrap().as_of
    }

    /// The faults of a command, of which nothing was carried out.
    pub(crate) async fn faults(&self, command: &Value) -> Vec<Fault> {
        let before = self.commits().await;
        let answer = self.give(command).await;
        assert_eq!(self.commits().await, before, "{command}");
        match answer {
            Err(Error::Invalid(invalid)) => invalid.faults,
            other => panic!("{}: {other:?}", every::name(command)),
        }
    }
}

/// The value at a JSON pointer below a command's name.
pub(crate) fn at<'a>(command: &'a mut Value, pointer: &str) -> &'a mut Value {
    let name = every::name(command).to_owned();
    let field = command.pointer_mut(&format!("/{name}{pointer}"));
    field.unwrap_or_else(|| panic!("{name} has no {pointer}"))
}

/// A JSON pointer as faults spell a path: `/text/body/3/spans` is `text.body[3].spans`.
pub(crate) fn path(pointer: &str) -> String {
    let mut path = String::new();
    for name in pointer.split('/').skip(1) {
        match name.parse::<usize>() {
            Ok(index) => path.push_str(&format!("[{index}]")),
            Err(_) if path.is_empty() => path.push_str(name),
            Err(_) => path.push_str(&format!(".{name}")),
        }
    }
    path
}

#[test]
fn every_command_as_it_stands_has_no_fault() {
    pollster::block_on(async {
        let mut refused = Vec::new();
        for name in every::names() {
            let scene = Scene::set().await;
            let command = scene.command(&name);
            match scene.give(&command).await {
                Ok(_) => {}
                Err(Error::Refused(_) | Error::NotFound { .. }) => refused.push(name),
                Err(error) => panic!("{name}: {error}"),
            }
        }
        // What is checked further below is carried out, so that its faults are its only ones.
        for name in [
            "put_project",
            "save",
            "submit",
            "publish",
            "plan_occasion",
            "propose",
        ] {
            assert!(
                !refused.iter().any(|refused| refused == name),
                "{refused:?}"
            );
        }
    });
}
