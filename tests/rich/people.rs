//! The people of the story, and their bylines.

use cmss::{Actor, BylineForm, BylineId, BylineName, Medium, OrganisationId, PersonId};

use super::{Told, Words};

/// Who is in the story.
pub(crate) struct People {
    pub(crate) ada: PersonId,
    pub(crate) vera: PersonId,
    pub(crate) nils: PersonId,
    pub(crate) mona: PersonId,
    pub(crate) sol: PersonId,
    pub(crate) liv: PersonId,
    pub(crate) rut: PersonId,
    pub(crate) kim: PersonId,
    pub(crate) tor: PersonId,
    pub(crate) una: PersonId,
    /// Sol's pen name.
    pub(crate) pen: BylineId,
    /// Liv's first name.
    pub(crate) first: BylineId,
    /// Liv's, without a name.
    pub(crate) unnamed: BylineId,
    /// Sol's full name, which past works lose.
    pub(crate) lost: BylineId,
    /// Sol's full name, which past works change.
    pub(crate) changed: BylineId,
    /// A pen name that no page shows.
    pub(crate) unused: BylineId,
}

impl People {
    pub(super) async fn tell(told: &Told, words: &mut Words, ada: PersonId) -> Self {
        let admin = Actor::new(ada).admin();
        let mut people = Vec::new();
        for who in [
            "vera", "nils", "mona", "sol", "liv", "rut", "kim", "tor", "una",
        ] {
            let desk = told.desk(&admin, &format!("write down {who}"));
            people.push(desk.put_person(None, &words.person(who)).await.unwrap());
        }
        let [vera, nils, mona, sol, liv, rut, kim, tor, una] = people[..] else {
            panic!("nine people");
        };
        let editor = Actor::new(vera).editor();
        for (who, name) in [(sol, "sol"), (liv, "liv"), (rut, "rut")] {
            let desk = told.desk(&editor, &format!("admit {name}"));
            let media = [Medium::Text, Medium::Photo];
            desk.admit_reporter(who, &media).await.unwrap();
        }
        let rest = told.desk(&Actor::new(rut).reporter(), "rut rests");
        rest.rest_reporter(rut).await.unwrap();

        let mut bylines = Vec::new();
        for (step, person, form, name) in [
            ("pen", sol, BylineForm::PenName, "Måsen".to_owned()),
            ("first", liv, BylineForm::FirstName, "Liv".to_owned()),
            (
                "lost",
                sol,
                BylineForm::FullName,
                words.secret("name that past works lost"),
            ),
            (
                "changed",
                sol,
                BylineForm::FullName,
                words.secret("name that past works changed"),
            ),
            (
                "unused",
                liv,
                BylineForm::PenName,
                words.secret("name no page shows"),
            ),
        ] {
            let name = Some(name);
            let desk = told.desk(&editor, &format!("byline {step}"));
            bylines.push(
                desk.create_byline(person, &BylineName { form, name })
                    .await
                    .unwrap(),
            );
        }
        let [pen, first, lost, changed, unused] = bylines[..] else {
            panic!("five bylines");
        };
        let form = BylineForm::Unnamed;
        let unnamed = told
            .desk(&editor, "byline unnamed")
            .create_byline(liv, &BylineName { form, name: None })
            .await
            .unwrap();
        Self {
            ada,
            vera,
            nils,
            mona,
            sol,
            liv,
            rut,
            kim,
            tor,
            una,
            pen,
            first,
            unnamed,
            lost,
            changed,
            unused,
        }
    }

    pub(crate) fn admin(&self) -> Actor {
        Actor::new(self.ada).admin()
    }

    pub(crate) fn editor(&self) -> Actor {
        Actor::new(self.vera).editor()
    }

    pub(crate) fn mentor(&self) -> Actor {
        Actor::new(self.mona).mentor()
    }

    pub(crate) fn reporter(&self) -> Actor {
        Actor::new(self.sol).reporter()
    }

    pub(crate) fn other(&self) -> Actor {
        Actor::new(self.liv).reporter()
    }

    pub(crate) fn unit(&self, unit: OrganisationId) -> Actor {
        Actor::new(self.kim).unit_contact(unit)
    }
}
