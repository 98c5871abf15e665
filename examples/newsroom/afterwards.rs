//! What authors decide about their own: a text taken back, a page paused, a name changed.

use cmss::values::BlockContent;
use cmss::{
    ArticleText, BylineForm, BylineName, CreditedTo, EventId, Found, ListBy, Listing, NewArticle,
    PastWorks, StartedArticle,
};

use crate::blocks::{body, declared, paragraph, text};
use crate::cast::{Cast, World};
use crate::story::{Failure, Story};
use crate::{printed, report};

/// The address of the text on plain language.
const PLAIN: &str = "brevet-som-nagon-laste-fore-dig";

pub(crate) async fn tell(
    story: &Story,
    cast: &Cast,
    world: &World,
    day: EventId,
) -> Result<(), Failure> {
    withdrawn(story, cast, world).await?;
    let plain = plain_language(story, cast, world, day).await?;
    paused(story, cast, &plain).await?;
    renamed(story, cast).await
}

async fn begin(
    story: &Story,
    at: &str,
    key: &str,
    author: &cmss::Actor,
    text: ArticleText,
) -> Result<StartedArticle, Failure> {
    let (key, says) = (
        format!("{key}: begin"),
        format!("A text is begun: \"{}\".", text.headline),
    );
    let new = NewArticle {
        assignment: None,
        co_authors: Vec::new(),
        text,
    };
    let step = story.step(at, &key, author, &says, async |desk| {
        desk.start_article(&new).await
    });
    step.await
}

/// A text that its author takes back, after it was handed in.
async fn withdrawn(story: &Story, cast: &Cast, world: &World) -> Result<(), Failure> {
    story.chapter("Livia takes a text back")?;
    let said = "Frågan kom upp på mötet, och jag vill veta mer innan jag skriver klart.";
    let body = body([("p1", paragraph(said))])?;
    let by = CreditedTo::Byline(cast.livias);
    let mut text = text("Vilken mobil får du köpa?", "", body, by);
    text.topics = vec![world.influence];
    let begun = begin(story, "2026-03-19 10:00", "mobile", &cast.livia, text).await?;
    story
        .step(
            "2026-03-19 11:00",
            "mobile: submit",
            &cast.livia,
            "Livia hands it in.",
            async |desk| desk.submit(begun.edition, begun.head, &declared()).await,
        )
        .await?;
    story
        .step(
            "2026-03-19 22:00",
            "mobile: withdraw",
            &cast.livia,
            "She takes it back. Nobody asks why, and nobody can stop her.",
            async |desk| desk.withdraw(begun.edition).await,
        )
        .await?;
    story
        .refused(
            "2026-03-20 09:00",
            &cast.vera,
            "Vera tries to approve it all the same.",
            async |desk| desk.approve(begun.edition, begun.head).await,
        )
        .await
}

/// Another text of Sol's, published.
async fn plain_language(
    story: &Story,
    cast: &Cast,
    world: &World,
    day: EventId,
) -> Result<StartedArticle, Failure> {
    story.chapter("Sol writes about the plain-language group")?;
    let blocks: [(&str, BlockContent); 3] = [
        (
            "p1",
            paragraph(
                "I Klarspråksgruppen sitter brukare. De läser det som förvaltningen skriver, och säger \
             om det är vårdat, om det är enkelt och om någon som själv är brukare förstår det.",
            ),
        ),
        (
            "p2",
            paragraph(
                "När mottagningen för ekonomiskt bistånd ville ha frågor som går att förstå var det \
             gruppen som nämndes först.",
            ),
        ),
        (
            "p3",
            paragraph("Den 16 maj, före lunch, berättar gruppen själv."),
        ),
    ];
    let by = CreditedTo::Byline(cast.sols);
    let lead = "Klarspråksgruppen granskar det förvaltningen skriver.";
    let mut text = text("Brevet som någon läste före dig", lead, body(blocks)?, by);
    text.topics = vec![world.plain_language];
    text.events = vec![day];
    let begun = begin(story, "2026-03-23 10:00", "plain", &cast.sol, text).await?;
    story
        .step(
            "2026-03-23 12:00",
            "plain: submit",
            &cast.sol,
            "Sol hands it in.",
            async |desk| desk.submit(begun.edition, begun.head, &declared()).await,
        )
        .await?;
    story
        .step(
            "2026-03-24 09:00",
            "plain: approve",
            &cast.vera,
            "Vera approves it as it is.",
            async |desk| desk.approve(begun.edition, begun.head).await,
        )
        .await?;
    story
        .step(
            "2026-03-24 09:30",
            "plain: publish",
            &cast.vera,
            "Vera publishes it.",
            async |desk| desk.publish(begun.edition, begun.head, None).await,
        )
        .await?;
    Ok(begun)
}

/// The author stops a page in the evening, and lets it come back.
async fn paused(story: &Story, cast: &Cast, page: &StartedArticle) -> Result<(), Failure> {
    story.chapter("Sol pauses a page for a night")?;
    let variant = page.variant;
    story
        .step(
            "2026-03-24 21:40",
            "plain: pause",
            &cast.sol,
            "Sol stops the page. It is evening, and no editor is needed.",
            async |desk| desk.pause(variant).await,
        )
        .await?;
    whether_there(story).await?;
    story
        .refused(
            "2026-03-25 08:30",
            &cast.vera,
            "Vera tries to put it back without Sol's yes.",
            async |desk| desk.republish(variant).await,
        )
        .await?;
    story
        .step(
            "2026-03-25 12:00",
            "plain: lift pause",
            &cast.sol,
            "Sol says yes to its return.",
            async |desk| desk.lift_pause(variant).await,
        )
        .await?;
    story
        .step(
            "2026-03-25 12:20",
            "plain: republish",
            &cast.vera,
            "Vera puts it back.",
            async |desk| desk.republish(variant).await,
        )
        .await?;
    whether_there(story).await
}

async fn whether_there(story: &Story) -> Result<(), Failure> {
    // After a run that came further the site is what the rest of the story made of it.
    if !story.is_here().await? {
        return Ok(());
    }
    let answer = match story.cms.site().article(PLAIN).await? {
        Found::Here(_) => "here",
        Found::Moved(_) => "moved",
        Found::Gone(_) => "gone",
        Found::NotThere => "not there",
    };
    story.aside(&format!("the site answers at articles/{PLAIN}: {answer}"))
}

/// A full name becomes a pen name, on what is published already too.
async fn renamed(story: &Story, cast: &Cast) -> Result<(), Failure> {
    story.chapter("Sol takes a pen name")?;
    let pen = BylineName {
        form: BylineForm::PenName,
        name: Some("Strandskatan".to_owned()),
    };
    story
        .refused("2026-03-30 16:00", &cast.sol,
            "Sol wants it on past pages too, and has not been told that kept copies join the names.",
            async |desk| {
                let past = PastWorks::Renamed { told: false };
                desk.change_byline(cast.sols, &pen, past).await
            })
        .await?;
    story
        .step(
            "2026-03-30 16:20",
            "pen name",
            &cast.sol,
            "Vera has told Sol, and Sol wants it still.",
            async |desk| {
                let past = PastWorks::Renamed { told: true };
                desk.change_byline(cast.sols, &pen, past).await
            },
        )
        .await?;
    let site = story.cms.site();
    for slug in [report::SLUG, PLAIN] {
        if let Found::Here(page) = site.article(slug).await? {
            let names = printed::Parts(page.parts()?).bylines().join(", ");
            story.aside(&format!("articles/{slug} is signed {names}"))?;
        }
    }
    for slug in ["strandskatan", "sol-sundin"] {
        let list = site
            .list(&Listing::by(ListBy::Byline(slug.parse()?)))
            .await?;
        let pages = list.map_or_else(
            || "not there".to_owned(),
            |list| format!("{} pages", list.items.len()),
        );
        story.aside(&format!("the list of {slug}: {pages}"))?;
    }
    let all = site
        .list(&Listing::by(ListBy::All))
        .await?
        .ok_or("there is a list of all")?;
    let old = all
        .items
        .iter()
        .filter(|card| card.to_json().contains("Sundin"))
        .count();
    story.aside(&format!(
        "cards of {} pages that still show the old name: {old}",
        all.items.len()
    ))
}
