//! The events of the story, and their occasions.

use cmss::chrono::NaiveTime;
use cmss::values::{DayPart, When, YearPart};
use cmss::{
    Audience, Certainty, Event, EventId, EventKind, OccasionId, OccasionPlan, ProgrammeState,
    Segment,
};

use super::{People, Records, Told, Words, swedish};

/// What is held.
pub(crate) struct Events {
    pub(crate) day: EventId,
    pub(crate) never: EventId,
    pub(crate) exact: OccasionId,
    pub(crate) changed: OccasionId,
    pub(crate) unshown: OccasionId,
}

fn event(title: &str, slug: &str) -> Event {
    Event {
        title: title.to_owned(),
        slug: Some(slug.parse().unwrap()),
        language: swedish(),
        kind: EventKind::DevelopmentDay,
        description: None,
        programme: ProgrammeState::ToCome,
        save_the_date: false,
        groups: Vec::new(),
        organisers: Vec::new(),
    }
}

fn time(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").unwrap()
}

/// Plans that know less and less of their time.
fn plans() -> Vec<(&'static str, Certainty, OccasionPlan)> {
    use Certainty::{Confirmed, Tentative};
    let date = |text: &str| text.parse().unwrap();
    let exact = OccasionPlan {
        theme: Some("Klarspråk".to_owned()),
        place: Some("Läsesalen".to_owned()),
        groups: vec!["Klarspråksgruppen".to_owned()],
        segments: vec![
            Segment {
                start: time("09:00"),
                end: time("14:00"),
                label: Some("Workshop".to_owned()),
                audience: Audience::Residents,
            },
            Segment {
                start: time("14:00"),
                end: time("16:00"),
                label: None,
                audience: Audience::Staff,
            },
        ],
        open_to_residents: true,
        note: Some("Hissen är på baksidan.".to_owned()),
        ..OccasionPlan::at(When::Exact {
            date: date("2026-03-23"),
            start: time("09:00"),
            end: Some(time("16:00")),
        })
    };
    let evening = When::DayPart {
        date: date("2026-05-22"),
        part: DayPart::Evening,
    };
    let save_the_date = When::MonthDay {
        month: 5,
        day: 16,
        part: Some(DayPart::Forenoon),
    };
    let autumn = When::Term {
        part: YearPart::Autumn,
        year: 2026,
    };
    let month = When::Month {
        year: 2026,
        month: 11,
    };
    let begins = When::Exact {
        date: date("2026-02-16"),
        start: time("13:00"),
        end: None,
    };
    vec![
        ("exact", Confirmed, exact),
        ("took place", Confirmed, OccasionPlan::at(begins)),
        (
            "day",
            Confirmed,
            OccasionPlan::at(When::Day {
                date: date("2026-04-20"),
            }),
        ),
        ("evening", Tentative, OccasionPlan::at(evening)),
        ("month and day", Tentative, OccasionPlan::at(save_the_date)),
        ("month", Confirmed, OccasionPlan::at(month)),
        ("term", Confirmed, OccasionPlan::at(autumn)),
        ("unknown", Confirmed, OccasionPlan::at(When::Unknown)),
    ]
}

impl Events {
    pub(super) async fn tell(
        told: &Told,
        words: &mut Words,
        people: &People,
        records: &Records,
    ) -> Self {
        told.later("2026-03-02T12:00:00Z");
        let editor = people.editor();
        let mut shown = Event {
            description: Some("En dag om hur vi skriver till varandra.".to_owned()),
            programme: ProgrammeState::Ready,
            save_the_date: true,
            groups: vec!["Utvecklingsgruppen".to_owned()],
            organisers: vec![records.library, records.association],
            ..event("Utvecklingsdagen", "utvecklingsdagen")
        };
        let desk = told.desk(&editor, "event");
        let day = desk.put_event(None, &shown).await.unwrap();
        let mut occasions = Vec::new();
        for (name, certainty, plan) in plans() {
            let desk = told.desk(&editor, &format!("plan {name}"));
            occasions.push(desk.plan_occasion(day, certainty, &plan).await.unwrap());
        }
        let [exact, took_place, whole_day, evening, ..] = occasions[..] else {
            panic!("eight occasions");
        };
        // Called off before anybody saw it: so nobody reads why.
        let plan = secret_plan(words, "occasion called off unseen");
        let unseen = told
            .desk(&editor, "plan unseen")
            .plan_occasion(day, Certainty::Tentative, &plan)
            .await
            .unwrap();
        told.desk(&editor, "cancel unseen")
            .cancel_occasion(unseen, &words.secret("occasion called off unseen: reason"))
            .await
            .unwrap();
        told.desk(&editor, "publish event")
            .publish_record(day)
            .await
            .unwrap();

        told.later("2026-03-02T13:00:00Z");
        told.desk(&editor, "complete")
            .complete_occasion(took_place)
            .await
            .unwrap();
        told.desk(&editor, "cancel")
            .cancel_occasion(evening, "Lokalen är stängd.")
            .await
            .unwrap();
        let plan = secret_plan(words, "changed occasion");
        told.desk(&editor, "change")
            .change_occasion(whole_day, &plan)
            .await
            .unwrap();
        let plan = secret_plan(words, "occasion not shown yet");
        let unshown = told
            .desk(&editor, "plan unshown")
            .plan_occasion(day, Certainty::Confirmed, &plan)
            .await
            .unwrap();
        shown.description = Some(words.secret("event: description in the working copy"));
        shown.groups = vec![words.secret("event: group in the working copy")];
        told.desk(&editor, "event anew")
            .put_event(Some(day), &shown)
            .await
            .unwrap();
        let never = Self::unseen(told, words, people).await;
        Self {
            day,
            never,
            exact,
            changed: whole_day,
            unshown,
        }
    }

    /// One that was never public, and one that is hidden with its occasion.
    async fn unseen(told: &Told, words: &mut Words, people: &People) -> EventId {
        let editor = people.editor();
        let mut secret = |what: &str, slug: &str| Event {
            description: Some(words.secret(&format!("{what} event: description"))),
            groups: vec![words.secret(&format!("{what} event: group"))],
            ..event(&words.secret(&format!("{what} event: title")), slug)
        };
        let never = secret("unpublished", "aldrig");
        let hidden = secret("hidden", "dold-dag");
        let never = told
            .desk(&editor, "never event")
            .put_event(None, &never)
            .await
            .unwrap();
        let hidden = told
            .desk(&editor, "hidden event")
            .put_event(None, &hidden)
            .await
            .unwrap();
        for (event, what) in [(never, "unpublished"), (hidden, "hidden")] {
            let plan = secret_plan(words, &format!("occasion of the {what} event"));
            told.desk(&editor, &format!("plan {what}"))
                .plan_occasion(event, Certainty::Confirmed, &plan)
                .await
                .unwrap();
        }
        told.desk(&editor, "publish hidden event")
            .publish_record(hidden)
            .await
            .unwrap();
        told.desk(&editor, "hide event")
            .hide_record(hidden)
            .await
            .unwrap();
        never
    }
}

/// A plan of which nothing is public.
fn secret_plan(words: &mut Words, what: &str) -> OccasionPlan {
    OccasionPlan {
        theme: Some(words.secret(&format!("{what}: theme"))),
        place: Some(words.secret(&format!("{what}: place"))),
        groups: vec![words.secret(&format!("{what}: group"))],
        note: Some(words.secret(&format!("{what}: note"))),
        ..OccasionPlan::at(When::Day {
            date: "2026-06-12".parse().unwrap(),
        })
    }
}
