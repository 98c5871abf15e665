//! Who is there.

use cmss::{
    Actor, ArticleText, Credit, CreditRole, CreditedTo, MemoryStore, NewArticle, NewPerson,
    OpenedEdition, Organisation, OrganisationId, OrganisationKind, PersonId, StartedArticle,
    Target,
};

use crate::support::{Newsroom, declared, text};
use crate::table::{Case, Cast};

/// The authors around a text.
pub const AUTHORS: &[&str] = &[
    "author",
    "co-author",
    "author and editor",
    "author unvouched",
];
/// The editors around a text.
pub const EDITORS: &[&str] = &["editor", "second editor", "author and editor", "opener"];

/// A newsroom with more people: Eva edits and writes, Opal edits and opens.
pub struct Room {
    pub store: MemoryStore,
    pub room: Newsroom,
    pub eva: PersonId,
    pub opal: PersonId,
    pub tor: PersonId,
    pub kaj: PersonId,
    pub ben: PersonId,
    pub bath: OrganisationId,
    pub nobody: PersonId,
}

impl Room {
    pub async fn founded() -> Self {
        let store = MemoryStore::new();
        let room = Newsroom::in_store(store.clone()).await;
        let editor = room.editor();
        let mut people = Vec::new();
        for name in [
            "Eva Ek",
            "Opal Ohm",
            "Tor Tangen",
            "Kaj Kron",
            "Ben Berg",
            "Nina Noll",
        ] {
            people.push(
                editor
                    .put_person(None, &NewPerson::named(name))
                    .await
                    .unwrap(),
            );
        }
        let [eva, opal, tor, kaj, ben, nobody] = people[..] else {
            panic!("six people")
        };
        editor.admit_reporter(eva, &[]).await.unwrap();
        editor.admit_reporter(tor, &[]).await.unwrap();
        editor.rest_reporter(tor).await.unwrap();
        let bath = Organisation::named("Badhuset", OrganisationKind::Unit);
        let bath = editor.put_organisation(None, &bath).await.unwrap();
        Self {
            store,
            room,
            eva,
            opal,
            tor,
            kaj,
            ben,
            bath,
            nobody,
        }
    }

    /// Eva, in both of her roles.
    pub fn eva(&self) -> Actor {
        Actor::new(self.eva).reporter().editor()
    }

    /// Those to whom it is all the same what the thing is.
    pub fn bystanders(&self) -> Cast {
        let room = &self.room;
        vec![
            ("editor", Actor::new(room.vera).editor()),
            ("second editor", Actor::new(room.nils).editor()),
            ("mentor", Actor::new(room.mona).mentor()),
            ("admin", Actor::new(room.ada).admin()),
            ("own unit", Actor::new(self.kaj).unit_contact(room.library)),
            ("other unit", Actor::new(self.ben).unit_contact(self.bath)),
            ("clock", Actor::clock()),
            ("visitor", Actor::visitor()),
            ("nobody", Actor::new(self.nobody)),
        ]
    }

    /// Those around a text of Sol's, Liv's and Eva's.
    pub fn around_a_text(&self) -> Cast {
        let room = &self.room;
        let mut cast = self.bystanders();
        cast.extend([
            ("author", Actor::new(room.sol).reporter()),
            ("co-author", Actor::new(room.liv).reporter()),
            ("author and editor", self.eva()),
            ("author unvouched", Actor::new(room.sol)),
            ("other reporter", Actor::new(self.tor).reporter()),
            ("opener", Actor::new(self.opal).editor()),
        ]);
        cast
    }

    /// A thing in the state that it has come to so far, in a store of its own.
    pub fn case<T>(&self, state: &'static str, target: impl Into<Target>, names: T) -> Case<T> {
        Case {
            state,
            store: self.store.fork().unwrap(),
            target: target.into(),
            names,
        }
    }

    /// What the three write.
    pub fn text(&self, headline: &str) -> ArticleText {
        text(headline, self.room.sols)
    }

    /// An article of all three, for an assignment of the library's that Sol has claimed.
    pub async fn begun(&self, headline: &str) -> StartedArticle {
        let task = self.room.open_assignment(1).await;
        self.room.reporter().claim(task).await.unwrap();
        let article = NewArticle {
            assignment: Some(task),
            co_authors: vec![self.room.liv, self.eva],
            text: self.text(headline),
        };
        self.room.reporter().start_article(&article).await.unwrap()
    }

    /// The same, live.
    pub async fn published(&self, headline: &str) -> StartedArticle {
        let begun = self.begun(headline).await;
        self.publish(begun, None).await;
        begun
    }

    /// Takes an edition from draft to page, with the yes of all three.
    pub async fn publish(&self, of: StartedArticle, slug: Option<&str>) {
        let StartedArticle { edition, head, .. } = of;
        let (sol, liv) = (self.room.reporter(), self.room.other_reporter());
        sol.submit(edition, head, &declared()).await.unwrap();
        liv.accept_edit(edition, head).await.unwrap();
        self.room
            .cms
            .desk(self.eva())
            .accept_edit(edition, head)
            .await
            .unwrap();
        let editor = self.room.editor();
        editor.approve(edition, head).await.unwrap();
        editor.publish(edition, head, slug).await.unwrap();
    }

    /// Another edition of a page, which Opal opens.
    pub async fn opened(&self, of: StartedArticle) -> StartedArticle {
        let opal = self.room.cms.desk(Actor::new(self.opal).editor());
        let OpenedEdition { edition, head } = opal.open_edition(of.variant).await.unwrap();
        StartedArticle {
            edition,
            head,
            ..of
        }
    }
}

/// A text credit of nobody the newsroom knows.
pub fn by_the_newsroom() -> Credit {
    Credit {
        role: CreditRole::Text,
        by: CreditedTo::Name("Redaktionen".to_owned()),
    }
}
