//! From a unit's offer to a page: the report on the development group's first meeting of 2017.

use cmss::{
    Alt, ArticleText, Asset, AssetId, AssignmentId, AssignmentKind, ConsentId, Covers, CreditedTo,
    Depiction, EventId, GiveConsent, NewArticle, Offer, PhotoCredit, StartedArticle,
};

use crate::blocks::{declared, photos_by, text};
use crate::cast::{Cast, World, publish};
use crate::report_body;
use crate::story::{Failure, Story, instant};

/// Its address, made of its headline.
pub(crate) const SLUG: &str = "invanarna-satt-med-nar-aret-planerades";

pub(crate) async fn tell(
    story: &Story,
    cast: &Cast,
    world: &World,
    meetings: EventId,
) -> Result<(), Failure> {
    let task = assign(story, cast, world, meetings).await?;
    let (begun, article) = write(story, cast, world, meetings, task).await?;
    edit(story, cast, &begun, article).await?;
    for (key, says) in [("close", "closes"), ("complete", "ends")] {
        let step_key = format!("report: {key}");
        let says = format!("Vera {says} the assignment.");
        let step = story.step(
            "2026-03-18 15:00",
            &step_key,
            &cast.vera,
            &says,
            async |desk| match key {
                "close" => desk.close_assignment(task).await,
                _ => desk.complete_assignment(task).await,
            },
        );
        step.await?;
    }
    Ok(())
}

/// A unit proposes, the editor opens, two reporters try for one place.
async fn assign(
    story: &Story,
    cast: &Cast,
    world: &World,
    meetings: EventId,
) -> Result<AssignmentId, Failure> {
    story.chapter("An assignment, and two who want it")?;
    let offer = Offer {
        unit: Some(world.employment),
        kind: AssignmentKind::WorkingGroup,
        title: "Berätta om utvecklingsgruppens första möte 2017".to_owned(),
        description: "Vi har anteckningar, en bild och deltagare som gärna minns.".to_owned(),
        place: None,
        access: Some("Hiss finns; ring på hos Körsbärsgården.".to_owned()),
        places: 1,
        claim_by: Some(instant("2026-03-13 16:00")?),
        deliver_by: Some(instant("2026-03-20 16:00")?),
        expected_minutes: Some(360),
        event: Some(meetings),
        project: None,
    };
    let task = story
        .step(
            "2026-03-09 09:00",
            "report: propose",
            &cast.kim,
            "Kim, for the employment administration, proposes an assignment with one place.",
            async |desk| desk.propose(&offer).await,
        )
        .await?;
    story
        .step(
            "2026-03-09 11:00",
            "report: open",
            &cast.vera,
            "Vera opens it to the reporters.",
            async |desk| desk.open_assignment(task).await,
        )
        .await?;
    story
        .step(
            "2026-03-09 17:30",
            "report: Sol claims",
            &cast.sol,
            "Sol takes it on.",
            async |desk| desk.claim(task).await,
        )
        .await?;
    story
        .refused(
            "2026-03-09 17:31",
            &cast.livia,
            "Livia tries a minute later.",
            async |desk| desk.claim(task).await,
        )
        .await?;
    Ok(task)
}

/// The reporter writes, with a photo and a quote to which the person shown has agreed.
async fn write(
    story: &Story,
    cast: &Cast,
    world: &World,
    meetings: EventId,
    task: AssignmentId,
) -> Result<(StartedArticle, ArticleText), Failure> {
    story.chapter("Sol writes")?;
    let photo = photo(story, cast).await?;
    let by = CreditedTo::Byline(cast.sols);
    let lead = "Årets planer lades vid ett bord där alla var med.";
    let mut article = text(
        "Invånarna satt med när året planerades",
        lead,
        report_body::first(photo)?,
        by,
    );
    article.credits.push(photos_by(cast.sols));
    article.topics = vec![world.influence, world.plain_language];
    article.events = vec![meetings];

    let new = NewArticle {
        assignment: Some(task),
        co_authors: Vec::new(),
        text: article.clone(),
    };
    let begun = story
        .step(
            "2026-03-12 18:00",
            "report: begin",
            &cast.sol,
            "Sol begins, without the quote.",
            async |desk| desk.start_article(&new).await,
        )
        .await?;
    let consent = consent(story, cast, Covers::Quotes(begun.article)).await?;
    article.body = report_body::whole(photo, consent)?;
    let head = story
        .step(
            "2026-03-13 20:00",
            "report: save",
            &cast.sol,
            "Sol saves the text with the quote.",
            async |desk| desk.save(begun.edition, begun.head, &article).await,
        )
        .await?;
    story
        .step(
            "2026-03-16 08:15",
            "report: submit",
            &cast.sol,
            "Sol hands it in, and declares that nothing in it points to a client.",
            async |desk| desk.submit(begun.edition, head, &declared()).await,
        )
        .await?;
    Ok((StartedArticle { head, ..begun }, article))
}

/// The editor edits, the writer accepts, the editor approves and publishes.
async fn edit(
    story: &Story,
    cast: &Cast,
    begun: &StartedArticle,
    mut article: ArticleText,
) -> Result<(), Failure> {
    story.chapter("Edited, accepted, approved, published")?;
    let edition = begun.edition;
    article.lead =
        "Utvecklingsgruppen lade upp 2017 vid ett bord där invånarna var med.".to_owned();
    let head = story
        .step(
            "2026-03-16 13:00",
            "report: edit",
            &cast.vera,
            "Vera says in the lead which group and which year it is.",
            async |desk| desk.save(edition, begun.head, &article).await,
        )
        .await?;
    story
        .refused(
            "2026-03-16 13:05",
            &cast.vera,
            "Vera tries to approve before Sol has seen that.",
            async |desk| desk.approve(edition, head).await,
        )
        .await?;
    story
        .step(
            "2026-03-17 19:00",
            "report: accept",
            &cast.sol,
            "Sol accepts the edited text.",
            async |desk| desk.accept_edit(edition, head).await,
        )
        .await?;
    story
        .step(
            "2026-03-18 09:00",
            "report: approve",
            &cast.vera,
            "Vera approves that exact text.",
            async |desk| desk.approve(edition, head).await,
        )
        .await?;
    story
        .refused(
            "2026-03-18 09:05",
            &cast.sol,
            "Sol tries to publish it. Only the editor publishes.",
            async |desk| desk.publish(edition, head, None).await,
        )
        .await?;
    story
        .step(
            "2026-03-18 14:00",
            "report: publish",
            &cast.vera,
            "Vera publishes it.",
            async |desk| desk.publish(edition, head, None).await,
        )
        .await?;
    let claims = story.cms.desk(cast.sol.clone()).own_claims(None).await?;
    let states: Vec<_> = claims
        .iter()
        .map(|claim| crate::story::label(claim.state))
        .collect();
    story.aside(&format!(
        "Sol's claim on the assignment: {}",
        states.join(", ").to_lowercase()
    ))
}

/// The image, whose text says what it shows, and the consent of the man in it.
async fn photo(story: &Story, cast: &Cast) -> Result<AssetId, Failure> {
    let mut photo = Asset {
        file: "2017/utvecklingsgruppen.jpg".to_owned(),
        alt: Alt::Text {
            text: "IMG_0692".to_owned(),
        },
        caption: Some("Olle berättar hur det är att vara den som behöver hjälp.".to_owned()),
        credit: PhotoCredit::Page,
        people: Vec::new(),
    };
    story
        .refused(
            "2026-03-11 10:00",
            &cast.vera,
            "Vera files Sol's photo, with a file name for its text.",
            async |desk| desk.put_asset(None, &photo).await,
        )
        .await?;
    photo.alt = Alt::Text {
        text: "En man talar med händerna vid ett långt bord. Två andra, sedda bakifrån, lyssnar."
            .to_owned(),
    };
    let asset = story
        .step(
            "2026-03-11 10:05",
            "photo: put",
            &cast.vera,
            "She says what it shows instead.",
            async |desk| desk.put_asset(None, &photo).await,
        )
        .await?;
    let consent = consent(story, cast, Covers::Image(asset)).await?;
    photo.people = vec![Depiction { consent }];
    story
        .step(
            "2026-03-11 14:05",
            "photo: people",
            &cast.vera,
            "Vera notes who is in the photo.",
            async |desk| desk.put_asset(Some(asset), &photo).await,
        )
        .await?;
    publish(story, "2026-03-11 14:10", &cast.vera, asset, "the photo").await?;
    Ok(asset)
}

async fn consent(story: &Story, cast: &Cast, covers: Covers) -> Result<ConsentId, Failure> {
    let (at, what) = match covers {
        Covers::Image(_) => ("2026-03-11 14:00", "shown"),
        Covers::Quotes(_) => ("2026-03-13 19:30", "quoted"),
    };
    let consent = GiveConsent {
        subject: cast.olof,
        covers,
        informed: "Samtycke, tredje lydelsen".to_owned(),
        evidence: Some("Underskrivet, mapp Lingon".to_owned()),
    };
    let says = format!("Sol notes that Olof agrees to be {what}.");
    let key = format!("consent to be {what}");
    let step = story.step(at, &key, &cast.sol, &says, async |desk| {
        desk.give_consent(&consent).await
    });
    step.await
}
