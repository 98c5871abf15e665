//! Records and occasions in the words of the library; and the desk must show what the tables hold.

use std::fmt::Debug;
use std::str::FromStr;

use chrono::{NaiveDate, NaiveTime};
use cmss::values::{Locale, When};
use cmss::{
    Alt, ArchiveRecord, Asset, AssetId, CancelOccasion, Certainty, ChangeOccasion, Coded, Command,
    CompleteOccasion, ConfirmOccasion, ContactPoint, Depiction, Error, Event, EventId, EventKind,
    HideRecord, OccasionId, OccasionPlan, Organisation, OrganisationId, OrganisationKind,
    PhotoCredit, PlanOccasion, ProgrammeState, Project, ProjectId, PublishRecord, PutRecord,
    RecordRef, RecordView, Term, TermId,
};
use serde_json::Value;

use crate::cast::{CALLED_OFF, SLUGS, TERMS, THEMES, TITLES, Who};
use crate::newsroom::{
    Ask, Content, Newsroom, Occasion, OccasionState, OfKind, OfOccasion, OfRecord, Plan, PlanTime,
    Record, Vocabulary,
};
use crate::private::{code, said, same};
use crate::world::{World, id};

/// The day of every occasion whose time is known.
fn day() -> NaiveDate {
    "2026-09-05".parse().unwrap()
}

impl Vocabulary {
    pub(crate) fn spelled(self) -> cmss::Vocabulary {
        match self {
            Self::Topic => cmss::Vocabulary::Topic,
            Self::Category => cmss::Vocabulary::Category,
            Self::Stage => cmss::Vocabulary::Stage,
        }
    }
}

impl World {
    /// The id of a record, in its kind; an id that nothing has, where the row holds none of it.
    fn record<I: FromStr + Copy>(&self, row: usize, kind: &str) -> I {
        let spelled = self.records.get(row).map(spelled);
        let read = spelled.and_then(|spelled| spelled.parse().ok());
        read.unwrap_or_else(|| id(&[], 0, kind))
    }

    pub(crate) fn unit(&self, row: usize) -> OrganisationId {
        self.record(row, "organisation")
    }

    fn term(&self, row: usize) -> TermId {
        self.record(row, "term")
    }

    pub(crate) fn image(&self, row: usize) -> AssetId {
        self.record(row, "asset")
    }

    fn project(&self, row: usize) -> ProjectId {
        self.record(row, "project")
    }

    pub(crate) fn event(&self, row: usize) -> EventId {
        self.record(row, "event")
    }

    pub(crate) fn occasion(&self, row: usize) -> OccasionId {
        id(&self.occasions, row, "occasion")
    }

    fn as_organisation(&self, content: &Content) -> Organisation {
        let &Content::Organisation { title, parent } = content else {
            unreachable!("{content:?} is no organisation");
        };
        Organisation {
            name: TITLES[title].0.to_owned(),
            kind: OrganisationKind::Unit,
            parent: parent.map(|row| self.unit(row)),
            url: None,
        }
    }

    fn as_term(&self, content: &Content) -> Term {
        let &Content::Term {
            vocabulary,
            slug,
            title,
            alias,
            number,
            lessons,
        } = content
        else {
            unreachable!("{content:?} is no term");
        };
        Term {
            vocabulary: vocabulary.spelled(),
            slug: TERMS[slug].parse().unwrap(),
            label: TITLES[title].0.to_owned(),
            aliases: alias
                .map(|name| TERMS[name].to_owned())
                .into_iter()
                .collect(),
            progress: number.map(|number| number.try_into().unwrap()),
            requires_lessons: lessons,
        }
    }

    fn as_image(&self, content: &Content) -> Asset {
        let &Content::Image { title, person } = content else {
            unreachable!("{content:?} is no image");
        };
        Asset {
            file: TITLES[title].0.to_owned(),
            alt: Alt::Decorative,
            caption: None,
            credit: PhotoCredit::Unknown,
            people: person
                .map(|row| Depiction {
                    consent: id(&self.consents, row, "consent"),
                })
                .into_iter()
                .collect(),
        }
    }

    fn as_project(&self, content: &Content) -> Project {
        let &Content::Project {
            title,
            category,
            stage,
            owner,
            contact,
            lessons,
        } = content
        else {
            unreachable!("{content:?} is no project");
        };
        let contact = contact.then(|| ContactPoint {
            name: "Informationen".to_owned(),
            title: None,
            email: None,
            phone: None,
            public: true,
        });
        Project {
            title: TITLES[title].0.to_owned(),
            slug: None,
            language: Locale::Sv.into(),
            category: category.map(|row| self.term(row)),
            stage: stage.map(|row| self.term(row)),
            what: None,
            why: None,
            how: None,
            lessons: lessons.then(|| "Det tog tid.".to_owned()),
            goals: Vec::new(),
            involvement: Vec::new(),
            owner: owner.map(|row| self.unit(row)),
            participants: Vec::new(),
            partners: Vec::new(),
            costs: Vec::new(),
            contacts: contact.into_iter().collect(),
            source_dates: None,
        }
    }

    fn as_event(&self, content: &Content) -> Event {
        let &Content::Event {
            title,
            slug,
            organiser,
        } = content
        else {
            unreachable!("{content:?} is no event");
        };
        Event {
            title: TITLES[title].0.to_owned(),
            slug: slug.map(|slug| SLUGS[slug].parse().unwrap()),
            language: Locale::Sv.into(),
            kind: EventKind::OpenHouse,
            description: None,
            programme: ProgrammeState::Ready,
            save_the_date: false,
            groups: Vec::new(),
            organisers: organiser.map(|row| self.unit(row)).into_iter().collect(),
        }
    }

    fn put(&self, changes: Option<usize>, revision: Option<u32>, content: &Content) -> Command {
        macro_rules! put {
            ($id:ident, $content:ident) => {
                PutRecord {
                    id: changes.map(|row| self.$id(row)),
                    revision,
                    content: self.$content(content),
                }
            };
        }
        match content.kind() {
            OfKind::Organisation => Command::PutOrganisation(put!(unit, as_organisation)),
            OfKind::Term => Command::PutTerm(put!(term, as_term)),
            OfKind::Image => Command::PutAsset(put!(image, as_image)),
            OfKind::Project => Command::PutProject(put!(project, as_project)),
            OfKind::Event => Command::PutEvent(put!(event, as_event)),
        }
    }

    /// A command on records or occasions in the words of the library.
    pub(crate) fn record_command(&self, ask: &Ask) -> Command {
        match ask {
            Ask::Put {
                changes,
                revision,
                content,
            } => self.put(*changes, *revision, content),
            Ask::Record { record, event } => {
                let nothing = || self.event(*record).into();
                let record = self.records.get(*record).copied().unwrap_or_else(nothing);
                match event {
                    OfRecord::Publish => Command::PublishRecord(PublishRecord { record }),
                    OfRecord::Hide => Command::HideRecord(HideRecord { record }),
                    OfRecord::Archive => Command::ArchiveRecord(ArchiveRecord { record }),
                }
            }
            Ask::Plan {
                event,
                confirmed,
                plan,
            } => Command::PlanOccasion(PlanOccasion {
                event: self.event(*event),
                certainty: certainty(*confirmed),
                plan: as_plan(*plan),
            }),
            Ask::ChangePlan { occasion, plan } => Command::ChangeOccasion(ChangeOccasion {
                occasion: self.occasion(*occasion),
                plan: as_plan(*plan),
            }),
            Ask::Occasion {
                occasion,
                event,
                blank,
            } => {
                let occasion = self.occasion(*occasion);
                let reason = if *blank { " " } else { CALLED_OFF }.to_owned();
                match event {
                    OfOccasion::Confirm => Command::ConfirmOccasion(ConfirmOccasion { occasion }),
                    OfOccasion::Complete => {
                        Command::CompleteOccasion(CompleteOccasion { occasion })
                    }
                    OfOccasion::Cancel => {
                        Command::CancelOccasion(CancelOccasion { occasion, reason })
                    }
                }
            }
            other => unreachable!("{other:?} is not of records"),
        }
    }

    /// The id of a record that was put.
    pub(crate) fn record_put(kind: OfKind, done: &Value) -> RecordRef {
        fn read<I: serde::de::DeserializeOwned>(done: &Value) -> I {
            serde_json::from_value(done.clone()).unwrap()
        }
        match kind {
            OfKind::Organisation => read::<OrganisationId>(done).into(),
            OfKind::Term => read::<TermId>(done).into(),
            OfKind::Image => read::<AssetId>(done).into(),
            OfKind::Project => read::<ProjectId>(done).into(),
            OfKind::Event => read::<EventId>(done).into(),
        }
    }
}

/// The id in it.
pub(crate) fn spelled(record: &RecordRef) -> String {
    match record {
        RecordRef::Organisation(id) => id.to_string(),
        RecordRef::Term(id) => id.to_string(),
        RecordRef::Asset(id) => id.to_string(),
        RecordRef::Project(id) => id.to_string(),
        RecordRef::Event(id) => id.to_string(),
    }
}

fn certainty(confirmed: bool) -> Certainty {
    if confirmed {
        Certainty::Confirmed
    } else {
        Certainty::Tentative
    }
}

pub(crate) fn as_plan(plan: Plan) -> OccasionPlan {
    let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let exact = |start, end| When::Exact {
        date: day(),
        start: hour(start),
        end: Some(hour(end)),
    };
    OccasionPlan {
        theme: Some(THEMES[usize::from(plan.theme)].to_owned()),
        ..OccasionPlan::at(match plan.time {
            PlanTime::Known => exact(14, 16),
            PlanTime::Unknown => When::Unknown,
            PlanTime::Backwards => exact(16, 14),
        })
    }
}

/// What the desk shows of records and occasions is what the tables hold.
pub(crate) async fn check(world: &World, newsroom: &Newsroom) -> Result<(), String> {
    let editor = world.desk(Who::Vera);
    for (row, record) in newsroom.records.iter().enumerate() {
        macro_rules! compare {
            ($view:ident, $id:ident, $content:ident) => {{
                let view = editor.$view(world.$id(row)).await.map_err(said)?;
                check_record(view, record, |content| world.$content(content))?;
            }};
        }
        match record.working.kind() {
            OfKind::Organisation => compare!(organisation, unit, as_organisation),
            OfKind::Term => compare!(term, term, as_term),
            OfKind::Image => compare!(asset, image, as_image),
            OfKind::Project => compare!(project, project, as_project),
            OfKind::Event => compare!(event, event, as_event),
        }
    }
    for (row, occasion) in newsroom.occasions.iter().enumerate() {
        let view = editor.occasion(world.occasion(row)).await.map_err(said)?;
        check_occasion(world, &view, occasion)?;
    }
    Ok(())
}

fn check_record<C: PartialEq + Debug, I>(
    view: RecordView<C, I>,
    record: &Record,
    content: impl Fn(&Content) -> C,
) -> Result<(), String> {
    same("a record", &view.working, &content(&record.working))?;
    let public = record.public.as_ref().map(content);
    same("what is public of a record", &view.public, &public)?;
    same("a record's revision", &view.revision, &record.revision)?;
    same("put aside", &view.archived, &record.archived)?;
    same(
        "a record's slug",
        &view.slug.map(String::from),
        &record.slug,
    )?;
    same("first published", &view.first_published_at, &record.first)?;
    same("updated", &view.updated_at, &record.updated)
}

fn check_occasion(
    world: &World,
    view: &cmss::OccasionView,
    occasion: &Occasion,
) -> Result<(), String> {
    same("the event", &view.event, &world.event(occasion.event))?;
    same(
        "an occasion",
        &view.status.code().to_owned(),
        &code(occasion.state),
    )?;
    let settled = certainty(occasion.confirmed);
    same("how certain it is", &view.certainty, &settled)?;
    let off = occasion.state == OccasionState::Cancelled;
    let reason = off.then(|| CALLED_OFF.to_owned());
    same("why it was called off", &view.reason, &reason)?;
    same("a plan", &view.working, &as_plan(occasion.working))?;
    let public = occasion.public.map(as_plan);
    same("a public plan", &view.public, &public)
}

/// Founds a record of the tables, as an editor does.
pub(crate) async fn found(world: &mut World, record: &Record) -> Result<(), Error> {
    let editor = world.desk(Who::Vera);
    if let &Content::Term {
        vocabulary: Vocabulary::Stage,
        slug,
        ..
    } = &record.working
    {
        let stage = editor
            .find_term(cmss::Vocabulary::Stage, TERMS[slug])
            .await?;
        world.records.extend(stage.map(RecordRef::from));
        return Ok(());
    }
    let put = world.put(None, None, &record.working);
    let id = World::record_put(record.working.kind(), &editor.execute(&put).await?);
    world.records.push(id);
    if record.public.is_some() {
        editor.publish_record(id).await?;
    }
    Ok(())
}
