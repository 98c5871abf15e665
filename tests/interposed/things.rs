//! What is said of things: terms, organisations, events, projects, images.

use cmss::values::{Lang, Locale, When};
use cmss::{
    Alt, ArticleText, Asset, BylineId, ConsentId, ContactPoint, Depiction, Event, EventKind,
    OccasionPlan, Organisation, OrganisationId, OrganisationKind, ProgrammeState, Project, Term,
    TermId, Vocabulary,
};

use crate::support::{quote, text};

/// What is said of a term.
pub fn term(vocabulary: Vocabulary, slug: &str, label: &str, aliases: &[&str]) -> Term {
    Term {
        aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
        ..Term::labelled(vocabulary, slug.parse().unwrap(), label)
    }
}

/// What is said of an organisation.
pub fn organisation(name: &str) -> Organisation {
    Organisation::named(name, OrganisationKind::Association)
}

/// What is said of an event.
pub fn event(title: &str, organisers: &[OrganisationId]) -> Event {
    Event {
        programme: ProgrammeState::Ready,
        organisers: organisers.to_vec(),
        ..Event::titled(title, Lang::from(Locale::Sv), EventKind::Meeting)
    }
}

/// What is planned for a day.
pub fn plan(day: &str) -> OccasionPlan {
    let date = day.parse().unwrap();
    OccasionPlan::at(When::Day { date })
}

/// What is said of a project.
pub fn project(title: &str, category: TermId, stage: TermId) -> Project {
    Project {
        category: Some(category),
        stage: Some(stage),
        what: Some("Något nytt.".to_owned()),
        contacts: vec![ContactPoint {
            name: "Kim Kvist".to_owned(),
            title: None,
            email: Some("kim@example.org".to_owned()),
            phone: None,
            public: true,
        }],
        ..Project::titled(title, Locale::Sv.into())
    }
}

/// What is said of an image.
pub fn image(caption: &str, people: &[ConsentId]) -> Asset {
    let alt = "En bank vid vattnet".to_owned();
    Asset {
        caption: Some(caption.to_owned()),
        people: people
            .iter()
            .map(|&consent| Depiction { consent })
            .collect(),
        ..Asset::in_file("bank.jpg", Alt::Text { text: alt })
    }
}

/// A text with what Ebba says, as she agreed to.
pub fn quoting(headline: &str, byline: BylineId, consent: ConsentId) -> ArticleText {
    let mut text = text(headline, byline);
    let words = quote("ebba", "Det är min bänk.", "Ebba Ek", consent);
    text.body.0.push(words);
    text
}
