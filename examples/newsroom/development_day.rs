//! A day to keep free: the 16th of May, before noon. Nobody wrote down the year, so there is none.

use cmss::values::{DayPart, Locale, When};
use cmss::{Certainty, Event, EventId, EventKind, OccasionPlan, ProgrammeState};

use crate::cast::{Cast, World, publish};
use crate::story::{Failure, Story};

/// What is to be presented.
const GROUPS: [&str; 9] = [
    "Bättre hälsa för unga romer",
    "Mentorsprojektet",
    "Klarspråksgruppen",
    "IT-gruppen",
    "SIP-gruppen",
    "Brister i samverkan",
    "Arbetsmarknadsförvaltningens nya utvecklingsarbete",
    "Innovationsgruppen",
    "Gemensam utvecklingsgrupp",
];

/// The same, in some more words.
const DESCRIPTION: &str = "\
I två år har brukare utvecklat socialtjänsten, inte bara suttit med. Idéerna kommer ofta från \
brukargrupper, och arvoderade brukarutvecklare genomför dem nära frivilliga organisationer. Nu \
visar grupperna upp sig, var och en kort. Programmet är inte klart än. Lokalerna ligger på \
Bredgatan.

Bättre hälsa för unga romer: föreningen Vorta Drom tog initiativet och driver det, med mat, \
rörelse och en skola på eftermiddagarna.

Mentorsprojektet: under sitt första år träffar nya socialsekreterare mentorer som själva har \
varit brukare.

Klarspråksgruppen: brukare läser förvaltningens texter och säger om de går att förstå.

IT-gruppen: brukare lär andra att hitta och uträtta ärenden på webben, och en e-tjänst för barn, \
unga och familj är på väg.

SIP-gruppen: sprider kunskap om samordnad individuell plan, bland personal, brukare och föreningar.

Brister i samverkan: samlar det som har rapporterats när samverkan kring en SIP inte fungerar.

Arbetsmarknadsförvaltningen: börjar själv arbeta med brukare, i frågor om sysselsättning och \
försörjningsstöd.

Innovationsgruppen: en smedja för idéer, en gång i månaden på Café Ria hos Hela människan. Flera \
av projekten kommer därifrån.

Gemensam utvecklingsgrupp: varannan vecka på Fontänhuset Bryggan går de två förvaltningarna och \
brukarnas organisationer igenom läget.

Vill du följa arbetet tills dess? Det går här på sidan, och i Facebookgruppen för utveckling av \
socialt arbete.";

pub(crate) async fn tell(story: &Story, cast: &Cast, world: &World) -> Result<EventId, Failure> {
    story.chapter("Save the date")?;
    let day = Event {
        title: "Utvecklingsdag den 16 maj".to_owned(),
        slug: None,
        language: Locale::Sv.into(),
        kind: EventKind::DevelopmentDay,
        description: Some(DESCRIPTION.to_owned()),
        programme: ProgrammeState::ToCome,
        save_the_date: true,
        groups: GROUPS.map(str::to_owned).to_vec(),
        organisers: vec![world.social_services],
    };
    let event = story
        .step(
            "2026-03-04 09:00",
            "development day: put",
            &cast.vera,
            "Vera writes down the development day.",
            async |desk| desk.put_event(None, &day).await,
        )
        .await?;
    let plan = OccasionPlan {
        place: Some("Konferenslokalerna på Bredgatan".to_owned()),
        open_to_residents: true,
        ..OccasionPlan::at(When::MonthDay {
            month: 5,
            day: 16,
            part: Some(DayPart::Forenoon),
        })
    };
    let says = format!(
        "Its day: {}. The year is not known, and nobody guesses one.",
        plan.when.label(Locale::En)
    );
    story
        .step(
            "2026-03-04 09:05",
            "development day: plan",
            &cast.vera,
            &says,
            async |desk| desk.plan_occasion(event, Certainty::Confirmed, &plan).await,
        )
        .await?;
    publish(story, "2026-03-04 09:20", &cast.vera, event, &day.title).await?;
    Ok(event)
}
