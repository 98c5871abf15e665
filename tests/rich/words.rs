//! The words that stand in private fields, each nowhere else.

use cmss::NewPerson;
use cmss::values::Private;

/// Makes words, and keeps what each stands in.
#[derive(Default)]
pub(crate) struct Words {
    /// What it stands in, and the word.
    pub(crate) kept: Vec<(String, String)>,
}

impl Words {
    /// A word that stands in one private field alone. It may be a name, a slug, and a part of a
    /// text.
    pub(crate) fn secret(&mut self, field: &str) -> String {
        let word = format!("kanarie{:04}", self.kept.len());
        self.kept.push((field.to_owned(), word.clone()));
        word
    }

    /// An e-mail address of such a word.
    pub(crate) fn email(&mut self, field: &str) -> String {
        format!("{}@example.org", self.secret(field))
    }

    /// A web address of such a word.
    pub(crate) fn link(&mut self, field: &str) -> String {
        format!("https://{}.example.org/", self.secret(field))
    }

    /// A telephone number that stands in one private field alone.
    pub(crate) fn phone(&mut self, field: &str) -> String {
        let number = format!("0700 55 {:04}", self.kept.len());
        self.kept.push((field.to_owned(), number.clone()));
        number
    }

    /// Somebody of whom nothing is public.
    pub(crate) fn person(&mut self, who: &str) -> NewPerson {
        NewPerson {
            name: Private::new(self.secret(&format!("{who}: legal name"))),
            account: Private::new(Some(self.secret(&format!("{who}: account key")))),
            email: Private::new(Some(self.email(&format!("{who}: e-mail")))),
            phone: Private::new(Some(self.phone(&format!("{who}: phone")))),
            note: Private::new(Some(self.secret(&format!("{who}: note")))),
        }
    }
}
