//! The newsroom as a program holds it.

use std::sync::Arc;

use crate::desk::{Changes, Desk, Inner, spelled, whole_micros};
use crate::ids::PersonId;
use crate::kernel::{
    Act, ActedBy, Actor, Capacity, Clock, Document, Error, Fact, Ids, Mint, Note, Policy,
    RandomIds, Reader, Role, Secret, SystemClock, decode,
};
use crate::machines;
use crate::newsroom::{NewNewsroom, Newsroom, SCHEMA};
use crate::record::{NewPerson, found_terms, with_account};
use crate::site::Site;
use crate::store::{Changeset, CommitId, Conflict, Digest, Expect, Store, StoreError, StoreExt};
use crate::values::{Faults, Invalid};

/// A newsroom in a store: the way to its [`Desk`] and its [`Site`].
///
/// Cheap to clone, and `Send + Sync`.
#[derive(Clone, Debug)]
pub struct Cms {
    pub(crate) inner: Arc<Inner>,
}

impl Cms {
    /// Begins with a store; [`Builder::found`] or [`Builder::open`] ends it.
    #[must_use]
    pub fn builder(store: impl Store) -> Builder {
        Builder {
            store: Arc::new(store),
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            policy: Policy::default(),
        }
    }

    /// The private door, for this actor.
    #[must_use]
    pub fn desk(&self, actor: Actor) -> Desk {
        Desk::new(self.inner.clone(), actor)
    }

    /// The public door.
    #[must_use]
    pub fn site(&self) -> Site {
        Site::new(self.inner.store.clone())
    }

    /// The newsroom's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.inner.newsroom.name
    }

    /// The zone in which the newsroom's local times are meant.
    #[must_use]
    pub fn zone(&self) -> chrono_tz::Tz {
        self.inner.newsroom.zone
    }

    /// The person with this account key: how a host finds who has logged in, before there is an
    /// actor. It answers an id and nothing else.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn account(&self, key: &str) -> Result<Option<PersonId>, Error> {
        with_account(&mut Reader::new(&*self.inner.store), key).await
    }

    /// Closes the store; every handle answers [`StoreError::Closed`] from then on.
    ///
    /// # Errors
    /// What the store says when it cannot finish.
    pub async fn close(&self) -> Result<(), Error> {
        Ok(self.inner.store.close().await?)
    }
}

/// What a newsroom is opened with.
#[derive(Clone, Debug)]
pub struct Builder {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    policy: Policy,
}

impl Builder {
    /// Takes the time from here instead of the machine's clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Takes unguessable numbers from here instead of the operating system.
    #[must_use]
    pub fn ids(mut self, ids: Arc<dyn Ids>) -> Self {
        self.ids = ids;
        self
    }

    /// Sets the host's choices.
    #[must_use]
    pub const fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Opens the newsroom that the store holds. That writes nothing: where an older release has
    /// written last, the first command that changes something raises the store's schema; from then on
    /// that release refuses it.
    ///
    /// # Errors
    /// [`Error::NotFounded`] when it holds none; [`Error::Newer`] when a newer release has written
    /// in it.
    pub async fn open(self) -> Result<Cms, Error> {
        let doc = self.store.get_one(&Newsroom::at(Newsroom::ID)).await?;
        let doc = doc.ok_or(Error::NotFounded)?;
        // First of all: what else is in it may have a form that this release does not know.
        if let Some(schema) = Newsroom::schema_of(&doc)
            && schema > SCHEMA
        {
            return Err(Error::Newer {
                schema,
                known: SCHEMA,
            });
        }
        self.with(decode(&doc)?)
    }

    /// Founds a newsroom in an empty store, with its first admin and the default stages of
    /// projects, and opens it. Give the admin an account key: [`Cms::account`] finds them by it when
    /// the store is opened again.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::AlreadyFounded`] when the store holds a newsroom.
    pub async fn found(
        self,
        newsroom: &NewNewsroom,
        first_admin: &NewPerson,
    ) -> Result<(Cms, PersonId), Error> {
        let mut faults = Faults::new();
        let sound = faults.within("newsroom", |faults| newsroom.check(faults));
        let admin = faults.within("first_admin", |faults| first_admin.check(faults));
        faults.finish()?;
        let (Some(sound), Some(admin)) = (sound, admin) else {
            return Err(Invalid::unexplained().into());
        };
        let NewNewsroom {
            name,
            zone,
            language,
        } = sound;
        let now = whole_micros(self.clock.now());
        let newsroom = Newsroom {
            schema: SCHEMA,
            name,
            zone,
            language,
            secret: Secret::make(&*self.ids),
            founded_at: now,
        };
        let key = CommitId(self.ids.fresh());
        let mut mint = Mint::new(&newsroom.secret, key);

        let person: PersonId = mint.id();
        let mut changes = Changes::by(Some(Capacity::Admin));
        changes.put(&newsroom);
        changes.put(&admin.person(person, now));
        found_terms(&mut changes, &mut mint, person, now, newsroom.press());
        changes.fact(Fact::NewsroomFounded {
            newsroom: Newsroom::ID,
            admin: person,
        });

        let mut reader = Reader::new(&*self.store);
        let (writes, facts) = changes.seal(&mut reader, &*self.ids).await?;
        let act = Act {
            by: ActedBy::Person(person),
            role: Some(Role::Admin),
            command: "found".into(),
            facts,
            at: now,
        };
        let note = spelled(&Note { acts: vec![act] })?;
        let changeset = Changeset {
            id: key,
            expect: vec![Expect::Absent(Newsroom::at(Newsroom::ID))],
            writes,
            digest: Digest::of(&note),
            note: String::from_utf8_lossy(&note).into(),
        };
        match self.store.commit(changeset).await {
            Ok(_) => Ok((self.with(newsroom)?, person)),
            Err(StoreError::Conflict(Conflict::Present { .. })) => Err(Error::AlreadyFounded),
            Err(error) => Err(error.into()),
        }
    }

    fn with(self, newsroom: Newsroom) -> Result<Cms, Error> {
        // A table that contradicts itself must not move anything.
        if let Some(what) = machines::faults().into_iter().next() {
            return Err(Error::Corrupt { what });
        }
        let Self {
            store,
            clock,
            ids,
            policy,
        } = self;
        let inner = Inner {
            store,
            clock,
            ids,
            policy,
            newsroom,
        };
        Ok(Cms {
            inner: Arc::new(inner),
        })
    }
}
