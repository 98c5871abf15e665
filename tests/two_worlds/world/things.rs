//! What pages are about.

use cmss::values::{Money, When};
use cmss::{
    Alt, Asset, AssetId, Certainty, ContactPoint, CostLine, Covers, Depiction, Error, Event,
    EventKind, GiveConsent, OccasionPlan, Organisation, OrganisationKind, PhotoCredit, Project,
    Term, Vocabulary,
};

use super::{World, swedish};

impl World {
    pub(super) async fn plan(&mut self, when: usize) -> Result<(), Error> {
        let date = |text: &str| text.parse().unwrap();
        let when = match when {
            0 => When::Day {
                date: date("2026-03-10"),
            },
            1 => When::Day {
                date: date("2026-03-20"),
            },
            2 => When::Month {
                year: 2026,
                month: 5,
            },
            _ => When::Unknown,
        };
        let plan = OccasionPlan {
            theme: Some(format!("Steg {}", self.step)),
            ..OccasionPlan::at(when)
        };
        let desk = self.desk(&self.editor(), "plan");
        let certainty = Certainty::Tentative;
        let one = desk.plan_occasion(self.event, certainty, &plan).await?;
        self.occasions.push(one);
        Ok(())
    }

    pub(crate) fn consent(&self, image: AssetId, word: &str) -> GiveConsent {
        GiveConsent {
            subject: self.subject(),
            covers: Covers::Image(image),
            informed: word.to_owned(),
            evidence: Some(word.to_owned()),
        }
    }

    pub(crate) fn topic_of(&self, label: &str) -> Term {
        Term {
            aliases: vec![format!("alias {}", self.word())],
            ..term(Vocabulary::Topic, "bostad", label)
        }
    }

    /// The project: public in these words, and with private lines of this world's.
    pub(crate) fn project_of(&self, version: usize) -> Project {
        let slug = if version == 1 {
            "projektet-flyttat"
        } else {
            "projektet"
        };
        let line = |ore, note: &str| CostLine {
            amount: Money::ore(ore),
            date: None,
            note: Some(note.to_owned()),
        };
        // The same sum, in other lines.
        let many = self.private.owners[0] as i64 + 1;
        let mut costs = vec![line(1_000, self.word()); many as usize];
        costs.push(line(100_000 - many * 1_000, self.word()));
        let contact = |name: &str, public| ContactPoint {
            name: name.to_owned(),
            title: None,
            email: Some(format!("{name}@example.org")),
            phone: None,
            public,
        };
        Project {
            slug: Some(slug.parse().unwrap()),
            category: Some(self.category),
            stage: Some(self.stage),
            what: Some(format!("Version {version}.")),
            owner: Some(self.library),
            costs,
            contacts: vec![contact("karin", true), contact(self.word(), false)],
            ..Project::titled("Projektet", swedish())
        }
    }

    pub(crate) fn event_of(&self) -> Event {
        Event {
            organisers: vec![self.library],
            ..event("Händelsen")
        }
    }

    pub(crate) fn image_of(&self) -> Asset {
        let consent = self.image_consent.unwrap();
        Asset {
            people: vec![Depiction { consent }],
            ..image("Kväll vid torget.")
        }
    }

    pub(crate) fn library_of(&self) -> Organisation {
        Organisation::named("Biblioteket", OrganisationKind::Unit)
    }
}

pub(super) fn term(vocabulary: Vocabulary, slug: &str, label: &str) -> Term {
    Term::labelled(vocabulary, slug.parse().unwrap(), label)
}

pub(super) fn event(title: &str) -> Event {
    Event {
        slug: Some("handelsen".parse().unwrap()),
        ..Event::titled(title, swedish(), EventKind::Meeting)
    }
}

pub(super) fn image(caption: &str) -> Asset {
    Asset {
        file: "torget.jpg".to_owned(),
        alt: Alt::Text {
            text: "Ett torg i kvällsljus".to_owned(),
        },
        caption: Some(caption.to_owned()),
        credit: PhotoCredit::Unknown,
        people: Vec::new(),
    }
}
