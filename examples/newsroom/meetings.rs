//! The development group's first meeting of 2017, and the seven dates that were set at it.

use chrono::{NaiveDate, NaiveTime};
use cmss::values::{Locale, When, YearPart};
use cmss::{
    Audience, Certainty, Event, EventId, EventKind, OccasionId, OccasionPlan, ProgrammeState,
    Segment,
};

use crate::cast::{Cast, World, publish};
use crate::story::{Failure, Story};

pub(crate) async fn tell(story: &Story, cast: &Cast, world: &World) -> Result<EventId, Failure> {
    story.chapter("The development group's meetings")?;
    let group = Event {
        title: "Utvecklingsgruppen första halvåret 2017".to_owned(),
        slug: Some("utvecklingsgruppen-2017".parse()?),
        language: Locale::Sv.into(),
        kind: EventKind::Meeting,
        description: Some(
            "Medarbetare och invånare planerar tillsammans. Invånare får komma till alla datum."
                .to_owned(),
        ),
        programme: ProgrammeState::Ready,
        save_the_date: false,
        groups: vec!["Utvecklingsgruppen".to_owned()],
        organisers: vec![world.employment],
    };
    let event = story
        .step(
            "2026-03-04 10:00",
            "meetings: put",
            &cast.vera,
            "Vera writes down the group's half-year.",
            async |desk| desk.put_event(None, &group).await,
        )
        .await?;

    // It was held, before the dates it set; its day was not written down.
    let held = themed(
        When::Term {
            part: YearPart::FirstHalf,
            year: 2017,
        },
        "Årets första möte",
    );
    let held = plan(story, cast, event, "first", Certainty::Confirmed, held).await?;

    use Certainty::{Confirmed, Tentative};
    let mut last = None;
    for (key, certainty, occasion) in [
        (
            "16 February",
            Confirmed,
            themed(exact(2, 16, 13, 15)?, "Utvecklingsgruppen träffas"),
        ),
        ("23 February", Confirmed, communication()?),
        (
            "23 March",
            Confirmed,
            OccasionPlan::at(exact(3, 23, 13, 15)?),
        ),
        ("20 April", Confirmed, co_creation()?),
        (
            "18 May",
            Confirmed,
            themed(exact(5, 18, 13, 15)?, "Utvecklingsgruppen träffas"),
        ),
        ("22 May", Tentative, joint()?),
        ("12 June", Tentative, open_house()?),
    ] {
        last = Some(plan(story, cast, event, key, certainty, occasion).await?);
    }
    publish(story, "2026-03-04 10:30", &cast.vera, event, &group.title).await?;

    story
        .step(
            "2026-03-04 10:40",
            "meetings: first took place",
            &cast.vera,
            "Vera notes that the first meeting took place; the site says so at once.",
            async |desk| desk.complete_occasion(held).await,
        )
        .await?;
    let last = last.ok_or("there are seven dates")?;
    story
        .refused(
            "2026-03-04 10:41",
            &cast.vera,
            "She tries to note the same of 12 June, which was only tentative.",
            async |desk| desk.complete_occasion(last).await,
        )
        .await?;
    Ok(event)
}

async fn plan(
    story: &Story,
    cast: &Cast,
    event: EventId,
    key: &str,
    certainty: Certainty,
    plan: OccasionPlan,
) -> Result<OccasionId, Failure> {
    let plan = OccasionPlan {
        open_to_residents: true,
        ..plan
    };
    let certainly = crate::story::label(certainty).to_lowercase();
    let says = format!(
        "Vera plans: {}, {certainly}{}{}.",
        plan.when.label(Locale::En),
        plan.theme
            .iter()
            .map(|theme| format!(", {theme}"))
            .collect::<String>(),
        plan.place
            .iter()
            .map(|place| format!(", {place}"))
            .collect::<String>(),
    );
    let key = format!("meetings: plan {key}");
    let step = story.step("2026-03-04 10:10", &key, &cast.vera, &says, async |desk| {
        desk.plan_occasion(event, certainty, &plan).await
    });
    step.await
}

/// A workshop: residents until two, and after that those who work there go on.
fn communication() -> Result<OccasionPlan, Failure> {
    let segment = |start, end, label: &str, audience| -> Result<_, Failure> {
        let (start, end) = (hour(start)?, hour(end)?);
        Ok(Segment {
            start,
            end,
            label: Some(label.to_owned()),
            audience,
        })
    };
    Ok(OccasionPlan {
        place: Some("Miatorp, Norrehed".to_owned()),
        segments: vec![
            segment(9, 14, "Workshop", Audience::Residents)?,
            segment(14, 16, "Efterarbete", Audience::Staff)?,
        ],
        ..themed(
            exact(2, 23, 9, 16)?,
            "Workshop: så kommunicerar och informerar vi bättre",
        )
    })
}

fn co_creation() -> Result<OccasionPlan, Failure> {
    Ok(OccasionPlan {
        place: Some("Miatorp, Norrehed".to_owned()),
        ..themed(
            exact(4, 20, 9, 16)?,
            "Workshop: invånare som medskapare, och den nya organisationen",
        )
    })
}

/// A day without a time.
fn joint() -> Result<OccasionPlan, Failure> {
    let date = date(5, 22)?;
    Ok(OccasionPlan {
        groups: vec![
            "Gemensamma utvecklingsgruppen (socialförvaltningen och arbetsmarknadsförvaltningen)"
                .to_owned(),
        ],
        ..themed(When::Day { date }, "Gemensamt möte")
    })
}

fn open_house() -> Result<OccasionPlan, Failure> {
    Ok(OccasionPlan {
        place: Some("Cafeterian, Järnvägsgatan 35".to_owned()),
        ..themed(
            exact(6, 12, 13, 15)?,
            "Öppet hus: den strategiska ledningsgruppen får höra vad terminen gav",
        )
    })
}

fn themed(when: When, theme: &str) -> OccasionPlan {
    OccasionPlan {
        theme: Some(theme.to_owned()),
        ..OccasionPlan::at(when)
    }
}

/// From one hour to another of a day in 2017.
fn exact(month: u32, day: u32, start: u32, end: u32) -> Result<When, Failure> {
    let (date, start, end) = (date(month, day)?, hour(start)?, Some(hour(end)?));
    Ok(When::Exact { date, start, end })
}

fn date(month: u32, day: u32) -> Result<NaiveDate, Failure> {
    Ok(NaiveDate::from_ymd_opt(2017, month, day).ok_or("there is no such day")?)
}

fn hour(hour: u32) -> Result<NaiveTime, Failure> {
    Ok(NaiveTime::from_hms_opt(hour, 0, 0).ok_or("there is no such hour")?)
}
