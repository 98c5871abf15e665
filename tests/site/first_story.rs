//! A text goes from a unit's offer to a page, and what the public sees follows.

use std::sync::Arc;

use cmss::values::{Body, Locale};
use cmss::*;

const DECLARED: fn() -> Declarations = || Declarations {
    no_client_information: true,
    ties: Ties::Nothing(true),
};

#[test]
fn a_text_goes_from_offer_to_page() {
    pollster::block_on(async {
        let clock = Arc::new(SetClock::at("2026-03-02T08:00:00Z".parse().unwrap()));
        let founding = NewNewsroom {
            name: "Öppen stad".into(),
            zone: chrono_tz::Europe::Stockholm,
            language: Locale::Sv.into(),
        };
        let (cms, admin) = Cms::builder(MemoryStore::new())
            .clock(clock.clone())
            .ids(Arc::new(SeededIds::new("first story")))
            .found(&founding, &NewPerson::named("Ada Admin"))
            .await
            .unwrap();
        let admins = cms.desk(Actor::new(admin).admin());
        let vera = admins
            .put_person(None, &NewPerson::named("Vera Redaktör"))
            .await
            .unwrap();
        let sol = admins
            .put_person(None, &NewPerson::named("Sol Reporter"))
            .await
            .unwrap();
        let kim = admins
            .put_person(None, &NewPerson::named("Kim Kontakt"))
            .await
            .unwrap();
        let editor = cms.desk(Actor::new(vera).editor());
        let library = Organisation::named("Biblioteket", OrganisationKind::Unit);
        let library = editor.put_organisation(None, &library).await.unwrap();
        let unit = cms.desk(Actor::new(kim).unit_contact(library));
        let offer = Offer {
            unit: Some(library),
            expected_minutes: Some(240),
            ..Offer::titled("Skildra mötet", AssignmentKind::Meeting, "Kom och skriv.")
        };
        let task = unit.propose(&offer).await.unwrap();
        editor.open_assignment(task).await.unwrap();
        editor.admit_reporter(sol, &[Medium::Text]).await.unwrap();
        let reporter = cms.desk(Actor::new(sol).reporter());
        let claim = reporter.claim(task).await.unwrap();
        let name = BylineName {
            form: BylineForm::FullName,
            name: Some("Sol Sundin".into()),
        };
        let byline = reporter.create_byline(sol, &name).await.unwrap();
        let mut text = ArticleText {
            headline: "Möte med invånarexperter".into(),
            lead: "Hur det var.".into(),
            language: Locale::Sv.into(),
            body: Body::from_plain_text("Ett stycke.\n\nEtt till."),
            credits: vec![Credit {
                role: CreditRole::Text,
                by: CreditedTo::Byline(byline),
            }],
            topics: vec![],
            projects: vec![],
            events: vec![],
        };
        let article = NewArticle {
            assignment: Some(task),
            co_authors: vec![],
            text: text.clone(),
        };
        let draft = reporter.start_article(&article).await.unwrap();
        reporter
            .submit(draft.edition, draft.head, &DECLARED())
            .await
            .unwrap();
        text.lead = "Hur det verkligen var.".into();
        let head = editor.save(draft.edition, draft.head, &text).await.unwrap();
        let refused = editor.approve(draft.edition, head).await.unwrap_err();
        assert!(matches!(refused, Error::Refused(_)), "{refused}");
        reporter.accept_edit(draft.edition, head).await.unwrap();
        editor.approve(draft.edition, head).await.unwrap();
        let slug = "mote-med-invanarexperter";
        assert!(matches!(
            cms.site().article(slug).await.unwrap(),
            Found::NotThere
        ));
        editor.publish(draft.edition, head, None).await.unwrap();
        let Found::Here(page) = cms.site().article(slug).await.unwrap() else {
            panic!()
        };
        println!("{}", page.to_json());
        assert!(page.to_json().contains("Sol Sundin"));
        assert_eq!(
            reporter.own_claims(None).await.unwrap()[0].state,
            ClaimState::Fulfilled
        );
        assert_eq!(reporter.own_claims(None).await.unwrap()[0].id, claim);
        assert_eq!(cms.rebuild_site(|_| {}).await.unwrap(), Rebuilt::default());
        let pen = BylineName {
            form: BylineForm::PenName,
            name: Some("Måsen".into()),
        };
        reporter
            .change_byline(byline, &pen, PastWorks::Renamed { told: true })
            .await
            .unwrap();
        let Found::Here(page) = cms.site().article(slug).await.unwrap() else {
            panic!()
        };
        assert!(!page.to_json().contains("Sol Sundin"));
        assert!(page.to_json().contains("Måsen"));
        reporter.pause(draft.variant).await.unwrap();
        assert!(matches!(
            cms.site().article(slug).await.unwrap(),
            Found::NotThere
        ));
        assert_eq!(cms.rebuild_site(|_| {}).await.unwrap(), Rebuilt::default());
        reporter.lift_pause(draft.variant).await.unwrap();
        editor.republish(draft.variant).await.unwrap();
        let Found::Here(_) = cms.site().article(slug).await.unwrap() else {
            panic!()
        };
        let log = editor.audit(cmss::store::Seq::ZERO, 100).await.unwrap();
        for line in log.lines {
            println!("{}", serde_json::to_string(&line).unwrap());
        }
    });
}
