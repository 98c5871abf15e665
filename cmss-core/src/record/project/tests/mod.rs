mod check;
mod faces;
mod publishing;
mod sizes;

use chrono::NaiveDate;
use chrono_tz::Europe::Stockholm;
use chrono_tz::Tz;
use uuid::Uuid;

use super::around::Progress;
use super::*;
use crate::ids::Id;
use crate::kernel::{Secret, SeededIds};
use crate::site::{Vocabulary, split};
use crate::values::Percent;

fn organisation(number: u128) -> OrganisationId {
    OrganisationId::from_uuid(Uuid::from_u128(number))
}

fn percent(number: u8) -> Percent {
    Percent::try_from(number).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn cost(ore: i64) -> CostLine {
    CostLine {
        amount: Money::ore(ore),
        date: None,
        note: None,
    }
}

fn contact(name: &str, public: bool) -> ContactPoint {
    ContactPoint {
        name: name.to_owned(),
        title: None,
        email: None,
        phone: None,
        public,
    }
}

fn goal(text: &str) -> EffectGoal {
    EffectGoal {
        text: text.to_owned(),
        completed: false,
        result: None,
    }
}

fn term(number: u128, vocabulary: Vocabulary, progress: Option<u8>) -> Kept<Term> {
    let term = Term {
        vocabulary,
        slug: format!("term-{number}").parse().unwrap(),
        label: format!("Term {number}"),
        aliases: Vec::new(),
        progress: progress.map(percent),
        requires_lessons: false,
    };
    let id = TermId::from_uuid(Uuid::from_u128(number));
    let mut kept = Kept::new(id, term, chrono::DateTime::UNIX_EPOCH);
    kept.public = Some(kept.working.clone());
    kept
}

fn stage(number: u128, progress: Option<u8>) -> Kept<Term> {
    term(number, Vocabulary::Stage, progress)
}

fn category() -> Kept<Term> {
    term(100, Vocabulary::Category, None)
}

/// What publishing needs, and no more.
fn sound() -> Project {
    Project {
        category: Some(category().id),
        stage: Some(stage(1, None).id),
        contacts: vec![contact("Kim Ek", true)],
        ..Project::titled("Open evenings", "sv".parse().unwrap())
    }
}

/// A project with its terms, and the newsroom around it.
struct Scene {
    kept: Kept<Project>,
    progress: Option<Progress>,
    stages: Vec<Kept<Term>>,
    secret: Secret,
    zone: Tz,
}

impl Scene {
    fn new(project: Project) -> Self {
        let id = ProjectId::from_uuid(Uuid::from_u128(7));
        Self {
            kept: Kept::new(id, project, chrono::DateTime::UNIX_EPOCH),
            progress: None,
            stages: vec![stage(1, None)],
            secret: Secret::make(&SeededIds::new("a project")),
            zone: Stockholm,
        }
    }

    fn press(&self) -> Press<'_> {
        Press {
            secret: &self.secret,
            zone: self.zone,
        }
    }

    fn around(&self) -> Around {
        let stage = |id: Option<TermId>| self.stages.iter().find(|stage| Some(stage.id) == id);
        let public = self.kept.public.as_ref().and_then(|public| public.stage);
        Around {
            category: self.kept.working.category.map(|_| category()),
            stage: stage(self.kept.working.stage).cloned(),
            public_stage: stage(public).cloned(),
            progress: self.progress,
        }
    }

    fn refused(&self) -> Vec<Guard> {
        let mut guards = Guards::new();
        Project::may_publish(&self.kept, &self.around(), &mut guards);
        guards.into_vec()
    }

    /// Publishes the working copy as the verb does; answers whether the progress was written.
    fn publish(&mut self) -> bool {
        let mut around = self.around();
        let at = self.kept.edited_at;
        self.kept.public = Some(self.kept.working.clone());
        self.kept.first_published_at.get_or_insert(at);
        let (_, wanted) = self.kept.working.page().unwrap();
        let title = self.kept.working.title();
        let slug = wanted.cloned().or_else(|| Slug::from_title(title));
        self.kept.addresses.move_to(slug.unwrap());
        let mut changes = Changes::by(None);
        Project::publish_around(&mut self.kept, &mut around, &mut changes);
        self.progress = around.progress;
        self.kept.updated_at = Some(at);
        !changes.is_empty()
    }

    /// Moves to a stage with this number, and publishes.
    fn move_to(&mut self, number: u128) -> bool {
        self.kept.working.stage = Some(stage(number, None).id);
        self.publish()
    }

    fn faces(&self) -> Vec<Face> {
        Project::faces(&self.kept, &self.around(), &self.press())
    }

    fn page(&self) -> ProjectPage {
        let faces = self.faces();
        let (_, text) = split(&faces[0].at, &faces[0].body).unwrap();
        serde_json::from_str(text).unwrap()
    }
}

fn published(project: Project) -> Scene {
    let mut scene = Scene::new(project);
    assert_eq!(scene.refused(), []);
    scene.publish();
    scene
}

fn faults(project: &Project) -> Vec<(String, FaultCode)> {
    let mut faults = Faults::new();
    let _ = project.check(&mut faults);
    let invalid = faults.finish().err();
    let found = invalid.into_iter().flat_map(|invalid| invalid.faults);
    found.map(|fault| (fault.path, fault.code)).collect()
}
