//! The smallest useful program: found a newsroom, write a text, publish it, read it.
//!
//! ```text
//! cargo run --example embed
//! ```
#![allow(clippy::print_stdout, reason = "it shows what it has read")]

use cmss::values::{Body, Locale};
use cmss::{
    Actor, ArticleText, BylineForm, BylineName, Cms, Credit, CreditRole, CreditedTo, Declarations,
    Found, Medium, MemoryStore, NewArticle, NewNewsroom, NewPerson, Ties,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Any executor does; this one runs a future to its end on this thread.
    pollster::block_on(run())
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    // `SledStore::open("newsroom-data")?` here keeps it on disk. It is founded once: the next start says
    // `open()`, and `cms.account(key)` finds Ada by the key of her account. `follow_changes.rs` does both.
    let newsroom = NewNewsroom {
        name: "Öppen stad".into(),
        zone: cmss::chrono_tz::Europe::Stockholm,
        language: Locale::Sv.into(),
    };
    let founding = Cms::builder(MemoryStore::new());
    let mut ada = NewPerson::named("Ada Almgren");
    ada.account = Some("ada@login.example.org".to_owned()).into();
    let (cms, ada) = founding.found(&newsroom, &ada).await?;

    // A desk is the private door, and somebody stands at it: your program has logged them in, and
    // vouches for what they are.
    let admin = cms.desk(Actor::new(ada).admin());
    let sol = admin
        .put_person(None, &NewPerson::named("Sol Sundin"))
        .await?;
    let editor = cms.desk(Actor::new(ada).editor());
    editor.admit_reporter(sol, &[Medium::Text]).await?;

    // The reporter writes under a byline, never under the name in the register.
    let reporter = cms.desk(Actor::new(sol).reporter());
    let name = BylineName {
        form: BylineForm::PenName,
        name: Some("Strandskatan".into()),
    };
    let byline = reporter.create_byline(sol, &name).await?;
    let text = ArticleText {
        headline: "En dag på biblioteket".into(),
        lead: "Det är varmt där, och ingen frågar vad man gör.".into(),
        language: Locale::Sv.into(),
        body: Body::from_plain_text("Dörren öppnar klockan nio.\n\nKaffet kostar en tia."),
        credits: vec![Credit {
            role: CreditRole::Text,
            by: CreditedTo::Byline(byline),
        }],
        topics: vec![],
        projects: vec![],
        events: vec![],
    };
    let article = NewArticle {
        assignment: None,
        co_authors: vec![],
        text,
    };
    let begun = reporter.start_article(&article).await?;
    let declared = Declarations {
        no_client_information: true,
        ties: Ties::Nothing(true),
    };
    reporter
        .submit(begun.edition, begun.head, &declared)
        .await?;

    // Only an editor publishes, and exactly the text that was approved.
    editor.approve(begun.edition, begun.head).await?;
    editor.publish(begun.edition, begun.head, None).await?;

    // The site is the public door: nobody stands at it, and there are no drafts behind it.
    match cms.site().article("en-dag-pa-biblioteket").await? {
        Found::Here(page) => println!("{}", page.to_json()),
        answer => return Err(format!("the site answers {answer:?}").into()),
    }
    Ok(())
}
