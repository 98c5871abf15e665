//! Reporters, bylines and consents.

use super::{
    Against, Ask, Byline, Consent, Covers, Foretold, Judged, Name, Newsroom, OfKind, Past, Writes,
    Written,
};
use crate::cast::{LEGAL, Person, Roles};

impl Newsroom {
    pub(super) fn of_people(&mut self, by: Roles, ask: &Ask) -> Judged<Writes> {
        match *ask {
            Ask::Admit { person } => self.admit(by, person),
            Ask::Rest { person } => self.rest(by, person),
            Ask::CreateByline { person, name } => self.create_byline(by, person, name),
            Ask::ChangeByline { byline, name, past } => self.change_byline(by, byline, name, past),
            Ask::GiveConsent { subject, covers } => self.give_consent(by, subject, covers),
            Ask::WithdrawConsent { consent } => self.withdraw_consent(by, consent),
            Ask::PutPerson { changes, written } => self.put_person(by, changes, written),
            Ask::LookUp { byline } => self.look_up(by, byline),
            ref other => unreachable!("{other:?} is not of people"),
        }
    }

    fn put_person(
        &mut self,
        by: Roles,
        changes: Option<Person>,
        written: Written,
    ) -> Judged<Writes> {
        if LEGAL[written.name].trim().is_empty() {
            return Err(Foretold::Invalid);
        }
        let before = changes.map(|row| Self::row(&self.persons, row));
        let before = before.transpose()?.copied();
        let mut others = self.persons.iter().enumerate();
        let taken = others.any(|(row, other)| {
            Some(row) != changes && other.account.is_some() && other.account == written.account
        });
        let mut against = Against::for_part(by.editor);
        against.unless(by.editor || by.admin, "not_permitted");
        against.unless(!taken, "account_taken");
        against.judged()?;
        let (Some(row), Some(before)) = (changes, before) else {
            self.persons.push(written);
            return Ok(Writes::Something);
        };
        let kept = before.note.filter(|_| !by.editor);
        let after = Written {
            account: written.account.or(before.account),
            note: written.note.or(kept),
            ..written
        };
        if after == before {
            return Ok(Writes::Nothing);
        }
        self.persons[row] = after;
        Ok(Writes::Something)
    }

    /// Each look is written down, also a second one.
    fn look_up(&self, by: Roles, byline: usize) -> Judged<Writes> {
        Self::row(&self.bylines, byline)?;
        let mut against = Against::for_part(by.editor);
        against.unless(by.editor || by.admin, "not_permitted");
        against.judged()?;
        Ok(Writes::Something)
    }

    fn admit(&mut self, by: Roles, person: Person) -> Judged<Writes> {
        Self::row(&self.persons, person)?;
        let mut against = Against::for_part(by.editor);
        against.unless(by.editor, "not_permitted");
        against.judged()?;
        if self.reporters.insert(person, true) == Some(true) {
            return Ok(Writes::Nothing);
        }
        Ok(Writes::Something)
    }

    fn rest(&mut self, by: Roles, person: Person) -> Judged<Writes> {
        if !self.reporters.contains_key(&person) {
            return Err(Foretold::NotFound);
        }
        let mut against = Against::for_part(by.editor);
        against.unless(by.editor || by.is(person), "not_permitted");
        against.judged()?;
        if self.reporters.insert(person, false) == Some(false) {
            return Ok(Writes::Nothing);
        }
        Ok(Writes::Something)
    }

    fn create_byline(&mut self, by: Roles, person: Person, name: Name) -> Judged<Writes> {
        if !name.is_sound() {
            return Err(Foretold::Invalid);
        }
        Self::row(&self.persons, person)?;
        let mut against = Against::for_part(by.editor);
        against.unless(by.editor || by.is(person), "not_permitted");
        against.judged()?;
        self.add_byline(person, name.name);
        Ok(Writes::Something)
    }

    fn change_byline(
        &mut self,
        by: Roles,
        byline: usize,
        name: Name,
        past: Past,
    ) -> Judged<Writes> {
        if !name.is_sound() {
            return Err(Foretold::Invalid);
        }
        let before = Self::row(&self.bylines, byline)?.clone();
        let mut against = Against::for_part(by.editor || by.is(before.person));
        against.unless(by.is(before.person), "not_permitted");
        against.unless(!before.retired, "byline_retired");
        against.unless(past != Past::Renamed { told: false }, "not_told");
        against.judged()?;
        let after = match past {
            Past::Renamed { .. } => {
                let slug = match (self.shows(byline), name.name == before.name) {
                    (true, true) => before.slug.clone(),
                    (true, false) => self.byline_slug(name.name),
                    (false, _) => None,
                };
                Byline {
                    name: name.name,
                    slug,
                    ..before.clone()
                }
            }
            Past::Unnamed => {
                self.add_byline(before.person, name.name);
                Byline {
                    name: None,
                    slug: None,
                    retired: true,
                    ..before.clone()
                }
            }
        };
        let differs = (before.name, &before.slug) != (after.name, &after.slug);
        if differs && self.shows(byline) {
            self.feed.push(("revalidate", String::new()));
        }
        self.bylines[byline] = after;
        Ok(Writes::Something)
    }

    fn give_consent(&mut self, by: Roles, subject: Person, covers: Covers) -> Judged<Writes> {
        Self::row(&self.persons, subject)?;
        match covers {
            Covers::Quotes(article) => _ = Self::row(&self.variants, article)?,
            Covers::Image(record) => _ = self.of_kind(record, OfKind::Image)?,
        }
        let mut against = Against::for_part(by.editor);
        against.unless(by.is(subject) || by.reporter || by.editor, "not_permitted");
        against.judged()?;
        self.consents.push(Consent {
            subject,
            covers,
            withdrawn: false,
        });
        Ok(Writes::Something)
    }

    fn withdraw_consent(&mut self, by: Roles, consent: usize) -> Judged<Writes> {
        let before = Self::row(&self.consents, consent)?;
        let mut against = Against::for_part(by.editor);
        against.unless(
            by.is(before.subject) || by.reporter || by.editor,
            "not_permitted",
        );
        against.unless(!before.withdrawn, "already_withdrawn");
        against.judged()?;
        let under = match before.covers {
            Covers::Quotes(article) => {
                let quote = self.live_text(article).and_then(|text| text.quote);
                quote.map(|(_, under)| under)
            }
            Covers::Image(image) => self.shown_under(image),
        };
        if under == Some(consent) {
            self.feed.push(("revalidate", String::new()));
        }
        self.consents[consent].withdrawn = true;
        Ok(Writes::Something)
    }
}
