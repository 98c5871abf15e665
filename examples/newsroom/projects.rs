//! Two projects that were published elsewhere before: the days their source shows stay with them.

use chrono::NaiveDate;
use cmss::values::{Locale, Money};
use cmss::{
    ContactPoint, CostLine, EffectGoal, Project, ProjectId, SourceDates, TermId, Vocabulary,
};

use crate::cast::{Cast, World, publish};
use crate::story::{Failure, Story};

pub(crate) async fn tell(story: &Story, cast: &Cast, world: &World) -> Result<(), Failure> {
    story.chapter("Two projects")?;
    let desk = story.cms.desk(cast.vera.clone());
    let stage = async |name: &str| -> Result<TermId, Failure> {
        let found = desk.find_term(Vocabulary::Stage, name).await?;
        Ok(found.ok_or_else(|| format!("there is no stage {name}"))?)
    };
    let goals = goals(world, stage("pilot").await?)?;
    put(
        story,
        cast,
        &goals,
        "It is tried as a pilot. No owner is named, and none is shown.",
    )
    .await?;
    let megaphone = megaphone(world, stage("realiserad").await?)?;
    put(
        story,
        cast,
        &megaphone,
        "The first of two administrations owns it, the second takes part.",
    )
    .await?;
    Ok(())
}

async fn put(
    story: &Story,
    cast: &Cast,
    project: &Project,
    beside: &str,
) -> Result<ProjectId, Failure> {
    let title = &project.title;
    let (key, says) = (
        format!("project {title}"),
        format!("Vera writes down {title}."),
    );
    let step = story.step("2026-03-05 09:00", &key, &cast.vera, &says, async |desk| {
        desk.put_project(None, project).await
    });
    let id = step.await?;
    story.aside(beside)?;
    publish(story, "2026-03-05 09:00", &cast.vera, id, title).await?;
    Ok(id)
}

/// Residents put words to the goals of a political board.
fn goals(world: &World, stage: TermId) -> Result<Project, Failure> {
    Ok(Project {
        category: Some(world.democracy),
        stage: Some(stage),
        what: prose(
            "Socialnämnden sätter mål för varje år. Inför 2022 och 2023 fick de som använder \
             tjänsterna vara med och skriva dem, nästan som i en direkt demokrati.",
        ),
        why: prose(
            "Vad är viktigast just nu? Vad går bra, och vad går dåligt? Det vet de bäst som använder \
             tjänsterna, så då är det bättre att fråga än att gissa.",
        ),
        how: prose(
            "Några täta arbetsdagar samlade folk från föreningar, nämnden och kommunen, och andra \
             med egen erfarenhet av socialtjänsten. Det de kom fram till lades ihop med en \
             invånarresa, som följer någon före, under och efter en tjänst, och med lärdomar från \
             projektet Nära vård.\n\nNämnden fick förslag på mål och aktiviteter, och på hur de kan \
             mätas. Hösten 2021 fortsätter arbetet inför 2023: med fler, också ungdomar, och under \
             längre tid.",
        ),
        goals: vec![EffectGoal {
            text: "Sociala tjänster som är bättre för dem som använder dem".to_owned(),
            completed: false,
            result: None,
        }],
        involvement: vec!["Invånare skriver förslag på mål i workshoppar".to_owned()],
        contacts: vec![
            contact("Gry Grönlund", "gry.gronlund@example.org", true),
            contact("Tage Tallberg", "tage.tallberg@example.org", false),
        ],
        source_dates: Some(source_dates((2021, 10, 11))?),
        ..Project::titled("Invånarmedverkan i nämndens mål", Locale::Sv.into())
    })
}

/// A group of residents calls those whom information passes by.
fn megaphone(world: &World, stage: TermId) -> Result<Project, Failure> {
    Ok(Project {
        category: Some(world.integration),
        stage: Some(stage),
        what: prose(
            "Ett verktyg för kriser: staden och föreningslivet når tillsammans grupper som \
             information ofta går förbi. Det prövades grundligt en vår, med Stadsdelsmammorna.",
        ),
        why: prose(
            "Hösten 2020 frågade Stadsdelsmammorna staden om en jourlinje. De ville få ut viktig \
             kunskap om pandemin, och hade sett hur systergrupper i Norden, mest i Norge, gjorde. \
             Två förvaltningar tog sig an det ihop.\n\nVerktyget beskriver i nivåer hur staden kan \
             stötta. Fler grupper har sedan bjudits in, på villkor som de själva sätter. Det som är \
             värt mest är sättet att arbeta: både de som ringde och de som fick samtalen formade \
             det.",
        ),
        how: prose(
            "Staden står för material och uppgifter som går att lita på, och ger det hjälp \
             som behövs. Megafonen håller invånarna i själva.",
        ),
        goals: vec![EffectGoal {
            text: "Nå dem som det annars är svårt att nå".to_owned(),
            completed: true,
            result: prose(
                "Stadsdelsmammorna ringde 1500 samtal. En projektgrupp över förvaltningarnas gränser \
                 gav en ordning att bygga vidare på.",
            ),
        }],
        involvement: vec!["Invånare driver det mesta själva".to_owned()],
        owner: Some(world.employment),
        participants: vec![world.city_office],
        partners: vec![world.mothers],
        costs: vec![CostLine {
            amount: Money::ore(500_000),
            date: None,
            note: prose("Underlag i pärm Blåbär"),
        }],
        contacts: vec![contact(
            "Ravn Rosenkvist",
            "ravn.rosenkvist@example.org",
            true,
        )],
        source_dates: Some(source_dates((2021, 5, 7))?),
        ..Project::titled("Megafonen till invånare", Locale::Sv.into())
    })
}

fn prose(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn contact(name: &str, email: &str, public: bool) -> ContactPoint {
    ContactPoint {
        name: name.to_owned(),
        title: None,
        email: Some(email.to_owned()),
        phone: None,
        public,
    }
}

/// Both were last updated on the same day.
fn source_dates((year, month, day): (i32, u32, u32)) -> Result<SourceDates, Failure> {
    let date =
        |year, month, day| NaiveDate::from_ymd_opt(year, month, day).ok_or("there is no such day");
    Ok(SourceDates {
        published: date(year, month, day)?,
        updated: date(2024, 5, 24)?,
    })
}
