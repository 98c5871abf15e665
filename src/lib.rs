//! A headless CMS library with pluggable storage, for newsrooms where residents with lived
//! experience report on public services.
//!
//! # What it is
//!
//! A program links `cmss`, gives it a store, and has a newsroom: people and their bylines,
//! assignments that units offer and reporters choose from, texts that are written, edited, agreed
//! to and published, projects and events, and a public site that holds what was published and
//! nothing else. Who may do what, and in which state, is decided here and not by the program around
//! it.
//!
//! # What it is not
//!
//! - Not an admin screen and not a web server: it has no HTTP, no HTML and no accounts. The program
//!   around it authenticates, and says who acts.
//! - Not a media store: the host keeps and serves the files of images.
//! - **Not yet for real people's data**: that takes an identity vault, erasure and access export,
//!   and none of them is here.
//!
//! # A whole program
//!
//! From an empty store to a page, and a list that leads to it. It runs on any executor; here on
//! `pollster`.
//!
//! ```
//! use cmss::values::{Body, Locale};
//! use cmss::*;
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     pollster::block_on(tour())
//! }
//!
//! async fn tour() -> Result<(), Box<dyn std::error::Error>> {
//!     // One store is one newsroom; founding it gives it its first admin.
//!     let founding = NewNewsroom {
//!         name: "Öppen stad".into(),
//!         zone: "Europe/Stockholm".parse()?,
//!         language: Locale::Sv.into(),
//!     };
//!     let (cms, ada) = Cms::builder(MemoryStore::new())
//!         .found(&founding, &NewPerson::named("Ada Almgren"))
//!         .await?;
//!
//!     // People. Their legal names never leave through the public door.
//!     let admin = cms.desk(Actor::new(ada).admin());
//!     let vera = admin.put_person(None, &NewPerson::named("Vera Vinge")).await?;
//!     let sol = admin.put_person(None, &NewPerson::named("Sol Sundin")).await?;
//!     let kim = admin.put_person(None, &NewPerson::named("Kim Kvist")).await?;
//!
//!     let editor = cms.desk(Actor::new(vera).editor());
//!     editor.admit_reporter(sol, &[Medium::Text]).await?;
//!     let library = Organisation::named("Biblioteket", OrganisationKind::Unit);
//!     let library = editor.put_organisation(None, &library).await?;
//!
//!     // A unit offers an assignment, the editor opens it, a reporter takes it on.
//!     let unit = cms.desk(Actor::new(kim).unit_contact(library));
//!     let description = "Kom och skriv om hur det var.";
//!     let offer = Offer {
//!         unit: Some(library),
//!         expected_minutes: Some(240),
//!         ..Offer::titled("Skildra bokcirkeln", AssignmentKind::Meeting, description)
//!     };
//!     let task = unit.propose(&offer).await?;
//!     editor.open_assignment(task).await?;
//!     let reporter = cms.desk(Actor::new(sol).reporter());
//!     reporter.claim(task).await?;
//!
//!     // The reporter writes under a byline, and hands in.
//!     let name = BylineName { form: BylineForm::FirstName, name: Some("Sol".into()) };
//!     let byline = reporter.create_byline(sol, &name).await?;
//!     let text = ArticleText {
//!         headline: "En kväll i bokcirkeln".into(),
//!         lead: "Alla hade läst, ingen var överens.".into(),
//!         language: Locale::Sv.into(),
//!         body: Body::from_plain_text("Vi var nio runt bordet.\n\nNästa gång ses vi i maj."),
//!         credits: vec![Credit { role: CreditRole::Text, by: CreditedTo::Byline(byline) }],
//!         topics: vec![],
//!         projects: vec![],
//!         events: vec![],
//!     };
//!     let article = NewArticle { assignment: Some(task), co_authors: vec![], text };
//!     let draft = reporter.start_article(&article).await?;
//!     let declared = Declarations { no_client_information: true, ties: Ties::Nothing(true) };
//!     reporter.submit(draft.edition, draft.head, &declared).await?;
//!
//!     // Until it is published, there is nothing for the public to find.
//!     editor.approve(draft.edition, draft.head).await?;
//!     assert_eq!(cms.site().article("en-kvall-i-bokcirkeln").await?, Found::NotThere);
//!
//!     editor.publish(draft.edition, draft.head, None).await?;
//!     let Found::Here(page) = cms.site().article("en-kvall-i-bokcirkeln").await? else {
//!         return Err("the page is not there".into());
//!     };
//!     let article: ArticlePage = page.read()?;
//!     assert_eq!(article.title, "En kväll i bokcirkeln");
//!     assert!(page.to_json().contains(r#""name":"Sol""#));
//!     assert!(!page.to_json().contains("Sundin"));
//!
//!     // A list, by the byline.
//!     let by_sol = Listing::by(ListBy::Byline("sol".parse()?));
//!     let list = cms.site().list(&by_sol).await?.ok_or("no page shows the byline")?;
//!     let card: Card = list.items.first().ok_or("the list is empty")?.read()?;
//!     assert_eq!(card.slug.as_str(), "en-kvall-i-bokcirkeln");
//!     Ok(())
//! }
//! ```
//!
//! # Two doors
//!
//! [`Cms::desk`] leads to the newsroom: a [`Desk`] is private and always has an [`Actor`], who is a
//! person with the roles that the host vouches for in this call. [`Cms::site`] leads to what was
//! published: a [`Site`] has no actor and takes no flag, because it reads documents that publishing
//! wrote, and no others. Its answer is a [`Found`]: *here*, *moved*, *gone*, or *not there*, which
//! is also what a draft answers.
//!
//! What may have to change or vanish on many pages at once, such as a byline, an image, a quote or
//! the title of a project, is a [`Part`]: a page keeps a [`PartRef`], and [`Served`] joins the part as
//! it is now. A part that is not public is `null`. [`Site::everything`] gives every page to whoever
//! writes a static site, and [`Site::changes`] says what has changed since.
//!
//! # Commands and keys
//!
//! A verb of the desk checks its input, decides on what is stored, and writes one commit or
//! nothing. The same verbs exist as data: a [`Command`] can be read [from JSON](Command::from_json)
//! and [carried out](Desk::execute), for an HTTP layer or a command line. Before asking,
//! [`Desk::allowed`] says what an actor may do with a thing, and which guards fail.
//!
//! Every command has a key. Whoever may have to send one twice, because an answer was lost, says
//! which with [`Desk::once`]: the second sending changes nothing and answers what the first did.
//!
//! ```
//! # use cmss::values::Locale;
//! # use cmss::*;
//! # fn main() -> Result<(), Box<dyn std::error::Error>> { pollster::block_on(async {
//! # let founding = NewNewsroom {
//! #     name: "Öppen stad".into(), zone: "Europe/Stockholm".parse()?, language: Locale::Sv.into(),
//! # };
//! # let (cms, ada) =
//! #     Cms::builder(MemoryStore::new()).found(&founding, &NewPerson::named("Ada Almgren")).await?;
//! use cmss::store::CommitId;
//!
//! let admin = cms.desk(Actor::new(ada).admin());
//! let key = CommitId::random();
//! let first = admin.once(key).put_person(None, &NewPerson::named("Vera Vinge")).await?;
//! let again = admin.once(key).put_person(None, &NewPerson::named("Vera Vinge")).await?;
//! assert_eq!(first, again);
//!
//! let other = admin.once(key).put_person(None, &NewPerson::named("Nils Norling")).await;
//! assert!(matches!(other, Err(Error::KeyReused { .. })));
//! # Ok(())
//! # }) }
//! ```
//!
//! # Errors
//!
//! Verbs borrow what they are given, and after every error but an unknown outcome of the store
//! nothing has changed. Three kinds are for people to act on:
//!
//! - [`Error::Invalid`]: *every* field that is at fault, each with its path, code and limit.
//! - [`Error::Refused`]: *every* [`Guard`] that fails, each with a stable code: of role, of state,
//!   of consent.
//! - [`Error::Conflict`]: somebody was faster, and the revision that was named is no longer the
//!   head. It hands out the text it was based on, theirs and mine.
//!
//! [`Error::is_retryable`] tells whether the same command may succeed with the same key.
//!
//! # Stores and features
//!
//! | feature | default | what it brings |
//! |---|---|---|
//! | `sled` | yes | `SledStore`: one directory, one process; what was answered is on the device |
//! | `redb` | no | `RedbStore`: the same, with redb as its engine |
//! | `memory` | yes | `MemoryStore`: gone with the process; for tests and examples |
//! | `testkit` | no | `cmss::testkit`: a newsroom with a cast for your tests, and the contract of a store as tests |
//!
//! A store is whatever implements [`store::Store`], whose documentation is the contract, clause by
//! clause. The library assumes no async runtime.
//!
//! Zones are of [`chrono_tz`], instants of [`chrono`], and ids of the store of [`uuid`]: the
//! versions the library speaks in are re-exported.
//!
//! # Where next
//!
//! - [`Desk`], [`Site`] and [`Command`] for what can be done;
//! - [`values`] for what a text, a time, a place in a vocabulary may be, and [`values::limits`];
//! - [`Policy`], [`Clock`] and [`Ids`] for what a host may choose;
//! - [`store`] for writing a backend;
//! - `examples/`, `ARCHITECTURE.md` and `docs/decisions/` in the repository.

pub use cmss_core::*;

#[cfg(feature = "memory")]
pub use cmss_memory::MemoryStore;
#[cfg(feature = "redb")]
pub use cmss_redb::RedbStore;
#[cfg(feature = "sled")]
pub use cmss_sled::SledStore;
#[cfg(feature = "testkit")]
pub use cmss_testkit as testkit;

/// What verifying and compacting a store in files answer.
#[cfg(any(feature = "redb", feature = "sled"))]
pub mod verify {
    pub use cmss_keyed::compaction::{Compacted, Compacting, recover};
    pub use cmss_keyed::{Corruption, CorruptionKind, Examined, Location, Unverified, Verified};
}

/// The program in the README is compiled and run as a test.
#[cfg(all(doctest, feature = "memory"))]
#[doc = include_str!("../README.md")]
#[derive(Debug)]
pub struct Readme;
