//! The programme itself: why there are resident reporters, how they work, and who can be one.
//!
//! A text by the newsroom: no reporter stands behind it, so that a second person must.

use cmss::values::{BlockContent, Flaw, Span};
use cmss::{ArticleText, CreditedTo, NewArticle};

use crate::blocks::{body, declared, heading, list, paragraph, text};
use crate::cast::{Cast, World};
use crate::story::{Failure, Story};

pub(crate) async fn tell(story: &Story, cast: &Cast, world: &World) -> Result<(), Failure> {
    story.chapter("The page about the programme")?;
    let mut text = page()?;
    text.topics = vec![world.influence];
    let article = NewArticle {
        assignment: None,
        co_authors: Vec::new(),
        text,
    };
    let begun = story
        .step(
            "2026-03-03 09:00",
            "programme: begin",
            &cast.vera,
            "Vera writes about the programme.",
            async |desk| desk.start_article(&article).await,
        )
        .await?;
    story
        .step(
            "2026-03-03 10:30",
            "programme: submit",
            &cast.vera,
            "Vera hands her text in.",
            async |desk| desk.submit(begun.edition, begun.head, &declared()).await,
        )
        .await?;
    story
        .refused(
            "2026-03-03 10:31",
            &cast.vera,
            "Vera tries to approve her own text, alone.",
            async |desk| desk.approve(begun.edition, begun.head).await,
        )
        .await?;
    story
        .step(
            "2026-03-03 13:00",
            "programme: second person",
            &cast.mona,
            "Mona, the mentor, reads it and stands behind it too.",
            async |desk| desk.accept_edit(begun.edition, begun.head).await,
        )
        .await?;
    story
        .step(
            "2026-03-03 13:10",
            "programme: approve",
            &cast.vera,
            "Vera approves it.",
            async |desk| desk.approve(begun.edition, begun.head).await,
        )
        .await?;
    story
        .step(
            "2026-03-03 13:15",
            "programme: publish",
            &cast.vera,
            "Vera publishes it, at an address of her choice: invanarreporter.",
            async |desk| {
                desk.publish(begun.edition, begun.head, Some("invanarreporter"))
                    .await
            },
        )
        .await
}

fn page() -> Result<ArticleText, Flaw> {
    let body = body([
        (
            "what",
            paragraph(
                "Invånarreportrarna är ett projekt. De som skriver har själva mött de sociala \
             tjänsterna, och berättar här om dem.",
            ),
        ),
        ("why", heading("Varför finns det?")),
        (
            "why-1",
            paragraph(
                "Socialförvaltningen vill bli bättre på att berätta vad den gör: för sin egen personal, \
             för invånare och för brukarnas föreningar. Mest gäller det projekt där brukare är med \
             och bestämmer.",
            ),
        ),
        (
            "why-2",
            paragraph(
                "Den vill också granskas av någon som vill väl, en kritisk vän. När invånare frågar och \
             verksamheten svarar kan både tilliten och kvaliteten växa.",
            ),
        ),
        ("how", heading("Hur går det till?")),
        (
            "how-1",
            list(&[
                "Du tar upp det som du själv, eller någon du känner, vill ha svar på.",
                "Verksamheterna erbjuder uppdrag: intervjuer, möten, konferenser, föreläsningar och \
             annat som händer. Du berättar hur det såg ut från ditt håll.",
                "Du kan också följa arbetsgrupper och utvecklingsprojekt där invånare är med.",
                "Du tar de uppdrag du vill, och lägger den tid på dem som du vill.",
                "För det som publiceras får du betalt per timme.",
                "Kommunikatören är redaktör och din kontakt, och den som publicerar.",
                "Du får lära dig hantverket, med en van journalist som handledare.",
            ]),
        ),
        ("who", heading("Vem kan bli det?")),
        (
            "who-1",
            paragraph(
                "Du har sökt stöd hos socialförvaltningen, själv eller som anhörig. Eller så vet du på \
             annat sätt hur det är att må psykiskt dåligt eller stå utanför.",
            ),
        ),
        (
            "who-2",
            paragraph(
                "Du vill skriva reportage och ta bilder, och filma om du har lust. Ingen kräver \
             utbildning eller att du har gjort det förut: vi ser till vem du är och vad du kan. \
             Mest räknas att andra förstår det du skriver.",
            ),
        ),
        ("contact", heading("Vem frågar du?")),
        ("contact-1", contact()),
    ])?;
    let house = CreditedTo::Name("Redaktionen".to_owned());
    let lead = "Har du egen erfarenhet av socialtjänsten? Då kan du skriva om den här.";
    Ok(text("Bli invånarreporter", lead, body, house))
}

fn contact() -> BlockContent {
    let mail = Span {
        link: Some("mailto:redaktionen@example.org".to_owned()),
        ..Span::from("redaktionen@example.org")
    };
    let name = Span::from("Vera Vinge, kommunikatör och redaktör, telefon 08-465 004 00, ");
    BlockContent::Paragraph {
        spans: vec![name, mail],
    }
}
