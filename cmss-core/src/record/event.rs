//! Events: what is held on one or more occasions.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::occasion::{Occasion, PublicOccasion, group_names};
use super::{Kept, Kind, Organisation, PutTarget, RecordList, RecordView};
use crate::desk::{Changes, Desk};
use crate::ids::{EventId, OrganisationId};
use crate::kernel::{Document, Error, Guards, Reader};
use crate::site::{
    Card, Face, PageFace, PageKind, PagePart, Part, PartRef, Parts, Press, card_text,
};
use crate::store::{Collection, DocRef};
use crate::values::{Faults, Lang, Locale, Slug, coded, limits, text};

coded! {
    /// What kind of event it is.
    pub enum EventKind {
        /// A meeting.
        Meeting = "meeting", "Möte", "Meeting";
        /// A workshop.
        Workshop = "workshop", "Workshop", "Workshop";
        /// An open house.
        OpenHouse = "open_house", "Öppet hus", "Open house";
        /// A day on which work that goes on is shown.
        DevelopmentDay = "development_day", "Utvecklingsdag", "Development day";
        /// A conference.
        Conference = "conference", "Konferens", "Conference";
        /// A lecture.
        Lecture = "lecture", "Föreläsning", "Lecture";
    }
}

coded! {
    /// Whether the programme of an event is known.
    pub enum ProgrammeState {
        /// It is to come.
        ToCome = "to_come", "Kommer", "To come";
        /// It is there.
        Ready = "ready", "Klar", "Ready";
    }
}

/// An event. When and where it takes place is said by its occasions.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Its title: up to 200 characters.
    pub title: String,
    /// The address wanted for its page; none makes one of the title.
    #[serde(default)]
    pub slug: Option<Slug>,
    /// The language of its texts.
    pub language: Lang,
    /// What kind of event it is.
    pub kind: EventKind,
    /// What it is about: up to 10,000 characters.
    #[serde(default)]
    pub description: Option<String>,
    /// Whether its programme is known.
    pub programme: ProgrammeState,
    /// Whether people are asked to keep the day free, before there is more to say.
    #[serde(default)]
    pub save_the_date: bool,
    /// The groups whose event it is: up to 20 names of up to 200 characters.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Who holds it: up to 20.
    #[serde(default)]
    pub organisers: Vec<OrganisationId>,
}

/// An event's page as the site shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EventPage {
    /// The page's public id, which stays when its address changes.
    pub id: Uuid,
    /// What the page is about: an event.
    pub kind: PageKind,
    /// Its address.
    pub slug: Slug,
    /// Its title.
    pub title: String,
    /// The language of its texts.
    pub language: Lang,
    /// When it was first published: RFC 3339 with the newsroom's offset.
    pub published_at: String,
    /// When a publication last changed it.
    pub updated_at: String,
    /// What kind of event it is.
    pub event_kind: EventKind,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether its programme is known.
    pub programme: ProgrammeState,
    /// Whether people are asked to keep the day free, before there is more to say.
    pub save_the_date: bool,
    /// The groups whose event it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Who holds it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organisers: Vec<PartRef>,
    /// Its occasions: dated ones by their times, then the others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub occasions: Vec<PublicOccasion>,
}

impl Event {
    /// An event of which only title and kind are known: its programme is to come.
    ///
    /// # Examples
    ///
    /// ```
    /// use cmss_core::values::Locale;
    /// use cmss_core::{Event, EventKind};
    ///
    /// let circle = Event {
    ///     groups: vec!["Bokcirkeln".into()],
    ///     ..Event::titled("En kväll om böcker", Locale::Sv.into(), EventKind::Meeting)
    /// };
    /// assert_eq!(circle.organisers, []);
    /// ```
    #[must_use]
    pub fn titled(title: impl Into<String>, language: Lang, kind: EventKind) -> Self {
        Self {
            title: title.into(),
            slug: None,
            language,
            kind,
            description: None,
            programme: ProgrammeState::ToCome,
            save_the_date: false,
            groups: Vec::new(),
            organisers: Vec::new(),
        }
    }
}

impl Kind for Event {
    type Id = EventId;
    /// Every occasion of the event.
    type Around = Vec<Occasion>;

    const COLLECTION: Collection = Collection::new("event");
    const PUT: &'static str = "put_event";

    fn check(&self, faults: &mut Faults) -> Option<Self> {
        let title = faults.field("title", text::line(&self.title, limits::TITLE));
        let description = text::optional_prose(self.description.as_deref(), limits::NOTE);
        let description = faults.field("description", description);
        let groups = group_names(faults, &self.groups, limits::EVENT_GROUPS);
        faults.at_most("organisers", self.organisers.len(), limits::ORGANISERS);
        faults.unique("organisers", &self.organisers);
        Some(Self {
            title: title?,
            slug: self.slug.clone(),
            language: self.language.clone(),
            kind: self.kind,
            description: description?,
            programme: self.programme,
            save_the_date: self.save_the_date,
            groups: groups?,
            organisers: self.organisers.clone(),
        })
    }

    fn refers_to(&self) -> Vec<DocRef> {
        let organisers = self.organisers.iter();
        organisers.map(|id| Kept::<Organisation>::at(*id)).collect()
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn list(&self) -> RecordList {
        RecordList::Events
    }

    fn page(&self) -> Option<(PageKind, Option<&Slug>)> {
        Some((PageKind::Event, self.slug.as_ref()))
    }

    async fn around(kept: &Kept<Self>, reader: &mut Reader<'_>) -> Result<Vec<Occasion>, Error> {
        Occasion::all(reader, kept.id).await
    }

    fn may_publish(_: &Kept<Self>, _: &Vec<Occasion>, _: &mut Guards) {}

    fn publish_around(_: &mut Kept<Self>, around: &mut Vec<Occasion>, changes: &mut Changes) {
        for occasion in around {
            if occasion.publish() {
                changes.put(occasion);
            }
        }
    }

    fn faces(kept: &Kept<Self>, around: &Vec<Occasion>, press: &Press<'_>) -> Vec<Face> {
        let (Some(event), Some(slug), Some(published)) = (
            &kept.public,
            &kept.addresses.current,
            kept.first_published_at,
        ) else {
            return Vec::new();
        };
        let Self {
            title,
            slug: _,
            language,
            kind,
            description,
            programme,
            save_the_date,
            groups,
            organisers,
        } = event.clone();
        let locale = locale(&language);
        let occasions = around.iter();
        let mut occasions: Vec<_> = occasions
            .filter_map(|one| one.shown(locale, press))
            .collect();
        occasions.sort_by(PublicOccasion::in_order);

        let own = press.part(kept.id);
        let part = Part::Page(PagePart {
            kind: PageKind::Event,
            slug: slug.clone(),
            title: title.clone(),
        });
        let mut faces = vec![Face::part(own, &part)];
        faces.extend(occasions.iter().map(|one| one.face(own, slug, press)));

        let mut parts = Parts::new();
        let listed: Vec<Uuid> = organisers.into_iter().map(|id| press.part(id)).collect();
        let page = EventPage {
            id: press.page(kept.id),
            kind: PageKind::Event,
            slug: slug.clone(),
            title,
            language,
            published_at: press.time(published),
            updated_at: press.time(kept.updated_at.unwrap_or(published)),
            event_kind: kind,
            description,
            programme,
            save_the_date,
            groups,
            organisers: listed.iter().map(|id| parts.refer_to(*id)).collect(),
            occasions,
        };
        let face = PageFace {
            id: page.id,
            kind: PageKind::Event,
            slug,
            old: &kept.addresses.old,
            time: published,
            listed,
        };
        faces.push(face.here(&page, &parts, |room, _| page.card(room)));
        faces
    }
}

impl EventPage {
    /// The page as lists show it, with a lead of so many bytes.
    fn card(&self, room: usize) -> String {
        let lead = self.description.as_deref().unwrap_or_default();
        card_text(&Card {
            kind: PageKind::Event,
            slug: self.slug.clone(),
            title: self.title.clone(),
            published_at: self.published_at.clone(),
            updated_at: self.updated_at.clone(),
            lead: Card::lead_within(lead, room),
            bylines: Vec::new(),
            stage: None,
        })
    }
}

/// The language in which the library's own words stand beside a text.
fn locale(language: &Lang) -> Locale {
    match language.language() {
        "sv" => Locale::Sv,
        _ => Locale::En,
    }
}

impl Desk {
    /// Creates an event, or changes its working copy.
    ///
    /// Which one, and whether others may have changed it meanwhile: see [`PutTarget`].
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::NotFound`] for an organiser that is not there;
    /// [`Error::Refused`] unless it is an editor's or an admin's.
    pub async fn put_event(
        &self,
        target: impl Into<PutTarget<EventId>>,
        event: &Event,
    ) -> Result<EventId, Error> {
        self.put(target, event).await
    }

    /// An event, for whoever has a role in the newsroom. Its occasions are asked for by themselves.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] for everybody else.
    pub async fn event(&self, id: EventId) -> Result<RecordView<Event, EventId>, Error> {
        self.record(id).await
    }
}

#[cfg(test)]
mod tests;
