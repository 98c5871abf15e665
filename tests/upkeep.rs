//! Upkeep of a whole store: spelling it as this release does, checking that it fits together, and
//! refusing what a newer release has written.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests are not in test functions"
)]

mod past;
mod rich;

use cmss::store::{Collection, Entry, Expect, Salt, Store, Stored, Write};
use cmss::values::Private;
use cmss::{Checked, Cms, Error, MemoryStore, NewPerson};
use past::{commit, content, documents, is_of_the_feed, is_private, older, overwrite};
use pollster::block_on;
use rich::Rich;
use uuid::Uuid;

#[test]
fn what_is_spelled_otherwise_is_spelled_anew_and_nothing_else_is_touched() {
    block_on(async {
        let rich = Rich::told().await;
        let before = content(&rich.store).await;
        let mut commit = 1_000;
        for stored in documents(&rich.store)
            .await
            .iter()
            .filter(|one| is_private(one))
        {
            overwrite(&rich.store, commit, older(stored)).await;
            commit += 1;
        }
        assert_ne!(content(&rich.store).await, before);
        let private = u64::try_from(commit - 1_000).unwrap();
        assert!(private > 100);

        let mut seen = Vec::new();
        let written = rich
            .cms
            .upgrade(|looked_at| seen.push(looked_at))
            .await
            .unwrap();
        assert_eq!(written, private);
        assert_eq!(content(&rich.store).await, before);
        assert!(seen.is_sorted() && *seen.last().unwrap() == before.len() as u64);

        let seq = rich.store.get(&[]).await.unwrap().as_of;
        assert_eq!(rich.cms.upgrade(|_| {}).await.unwrap(), 0);
        assert_eq!(rich.store.get(&[]).await.unwrap().as_of, seq);
    });
}

#[test]
fn an_upgrade_that_was_interrupted_goes_on_from_there() {
    block_on(async {
        let rich = Rich::told().await;
        let before = content(&rich.store).await;
        for (n, stored) in documents(&rich.store)
            .await
            .iter()
            .filter(|one| is_private(one))
            .enumerate()
        {
            overwrite(&rich.store, 1_000 + n as u128, older(stored)).await;
        }
        let differ = |now: &[_]| {
            now.iter()
                .zip(&before)
                .filter(|(now, before)| now != before)
                .count()
        };
        let mut left = differ(&content(&rich.store).await);
        for steps in [1, 3] {
            // It ends in the middle, as when the process does.
            let mut step = 0;
            let stopped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                block_on(rich.cms.upgrade(|_| {
                    step += 1;
                    if step == steps {
                        std::panic::resume_unwind(Box::new("stopped"));
                    }
                }))
            }));
            assert!(stopped.is_err());
            let now = differ(&content(&rich.store).await);
            assert!(0 < now && now < left, "{now} of {left}");
            left = now;
        }
        rich.cms.upgrade(|_| {}).await.unwrap();
        assert_eq!(content(&rich.store).await, before);
    });
}

#[test]
fn a_newsroom_that_works_fits_together() {
    block_on(async {
        let rich = Rich::told().await;
        let all = documents(&rich.store).await;
        let private = all.iter().filter(|one| is_private(one)).count() as u64;
        let feed = all.iter().filter(|one| is_of_the_feed(one)).count() as u64;
        let public = all.len() as u64 - private - feed;
        let mut last = 0;
        let checked = rich.cms.check(|looked_at| last = looked_at).await.unwrap();
        assert_eq!(
            checked,
            Checked {
                private,
                public,
                feed
            }
        );
        assert_eq!(last, 2 * all.len() as u64);
    });
}

#[test]
fn whatever_one_document_is_changed_to_past_the_library_is_named() {
    block_on(async {
        let rich = Rich::told().await;
        let (mut unindexed, mut repainted, mut stray, mut told) = (0, 0, 0, 0);
        for stored in documents(&rich.store).await {
            let at = stored.at.to_string();
            let change = |store: &MemoryStore, stored| {
                let store = store.fork().unwrap();
                async move {
                    overwrite(&store, 5_000, stored).await;
                    let cms = Cms::builder(store).open().await.unwrap();
                    cms.check(|_| {}).await
                }
            };
            let names = |checked: Result<Checked, Error>| match checked {
                Err(Error::Corrupt { what }) => assert!(what.contains(&at), "{what} is not {at}"),
                other => panic!("{at}: {other:?}"),
            };
            if is_private(&stored) {
                if stored.entries.is_empty() {
                    continue;
                }
                let mut changed = stored.clone();
                changed.entries.pop();
                names(change(&rich.store, changed).await);
                unindexed += 1;
            } else if is_of_the_feed(&stored) {
                let mut changed = stored.clone();
                changed.entries.pop();
                names(change(&rich.store, changed).await);
                let mut changed = stored.clone();
                changed.body = stored.body.replacen('{', "{ ", 1).into();
                names(change(&rich.store, changed).await);
                told += 1;
            } else {
                let mut changed = stored.clone();
                changed.body = stored.body.replacen('{', "{ ", 1).into();
                names(change(&rich.store, changed).await);
                repainted += 1;
                // One that nothing accounts for.
                let store = rich.store.fork().unwrap();
                let at = cmss::store::DocRef {
                    collection: stored.at.collection.clone(),
                    id: Uuid::from_u128(stored.at.id.as_u128() ^ 1),
                };
                let write = Write::Put {
                    at: at.clone(),
                    salt: Salt([7; 16]),
                    body: stored.body.clone(),
                    card: None,
                    entries: Vec::new(),
                };
                commit(&store, 6_000, vec![Expect::Absent(at.clone())], write).await;
                let cms = Cms::builder(store).open().await.unwrap();
                let Err(Error::Corrupt { what }) = cms.check(|_| {}).await else {
                    panic!("{at} was not noticed");
                };
                assert!(what.contains(&at.to_string()), "{what}");
                stray += 1;
            }
        }
        assert!(unindexed > 100 && repainted > 20 && stray > 20 && told > 20);
    });
}

/// The entries of the public feed.
async fn feed(store: &MemoryStore) -> Vec<Stored> {
    let mut documents = documents(store).await;
    documents.retain(is_of_the_feed);
    documents
}

#[test]
fn a_feed_that_lacks_an_entry_or_has_one_too_many_is_noticed() {
    block_on(async {
        let rich = Rich::told().await;
        let feed = feed(&rich.store).await;
        let (last, count) = (feed.last().unwrap(), feed.len() as u128);
        assert_eq!(last.at.id.as_u128(), count);
        let checked = |write: Write| {
            let store = rich.store.fork().unwrap();
            async move {
                commit(&store, 6_000, Vec::new(), write).await;
                let cms = Cms::builder(store).open().await.unwrap();
                match cms.check(|_| {}).await {
                    Err(Error::Corrupt { what }) => what,
                    other => panic!("{other:?}"),
                }
            }
        };
        for (number, lacking) in feed.iter().enumerate() {
            let at = lacking.at.clone();
            let what = checked(Write::Remove { at }).await;
            let expected = match feed.get(number + 1) {
                Some(next) => format!("{} stands after a gap", next.at),
                None => "counts".to_owned(),
            };
            assert!(what.contains(&expected), "{what}");
        }
        for (number, said) in [
            (count + 1, "counts"),
            (count + 2, "gap"),
            (1 << 64, "number"),
        ] {
            let at = cmss::store::DocRef {
                collection: last.at.collection.clone(),
                id: Uuid::from_u128(number),
            };
            let what = checked(Write::Put {
                at,
                salt: Salt([7; 16]),
                body: last.body.clone(),
                card: None,
                entries: vec![Entry::Listed {
                    index: cmss::store::Index::new("public.number"),
                    key: cmss::store::Key((number as u64).to_be_bytes().to_vec()),
                }],
            })
            .await;
            assert!(what.contains(said), "{number}: {what}");
        }
    });
}

#[test]
fn entries_of_the_feed_that_are_not_found_are_found_again_after_an_upgrade() {
    block_on(async {
        let rich = Rich::told().await;
        let before = content(&rich.store).await;
        let feed = feed(&rich.store).await;
        let told = |cms: Cms| async move { cms.site().changes(None, 100).await.unwrap().to_json() };
        let followed = told(rich.cms.clone()).await;
        for (commit, stored) in (1_000..).zip(&feed) {
            let entries = Vec::new();
            let lost = Stored {
                entries,
                ..stored.clone()
            };
            overwrite(&rich.store, commit, lost).await;
        }
        assert_ne!(told(rich.cms.clone()).await, followed);
        let written = rich.cms.upgrade(|_| {}).await.unwrap();
        assert_eq!(written, feed.len() as u64);
        assert_eq!(content(&rich.store).await, before);
        assert_eq!(told(rich.cms.clone()).await, followed);
    });
}

/// The document of the newsroom.
async fn newsroom(store: &MemoryStore) -> Stored {
    let mut documents = documents(store).await.into_iter();
    documents
        .find(|one| one.at.collection == Collection::new("newsroom"))
        .unwrap()
}

/// A copy of a store, of which the newsroom's document says this in the place of that.
async fn with_newsroom(rich: &Rich, replaced: &[(&str, &str)]) -> MemoryStore {
    let store = rich.store.fork().unwrap();
    let found = newsroom(&store).await;
    let mut body = found.body.to_string();
    for (there, instead) in replaced {
        assert_eq!(body.matches(there).count(), 1, "{there}");
        body = body.replace(there, instead);
    }
    let body = body.into();
    overwrite(&store, 7_000, Stored { body, ..found }).await;
    store
}

#[test]
fn what_no_older_release_wrote_is_told_from_what_one_may_have() {
    block_on(async {
        let rich = Rich::told().await;
        let indexed = |one: &Stored| is_private(one) && !one.entries.is_empty();
        let mut unindexed = documents(&rich.store).await;
        unindexed.retain(indexed);
        let mut unindexed = unindexed.remove(0);
        unindexed.entries.pop();
        overwrite(&rich.store, 8_000, unindexed.clone()).await;

        let none = "no older release wrote it";
        let may = "an older release may have left it: upgrade the store";
        let schema = r#""schema":1"#;
        for (store, said) in [
            (rich.store.fork().unwrap(), none),
            (with_newsroom(&rich, &[(schema, schema)]).await, may),
            (
                with_newsroom(&rich, &[(schema, r#""schema":0"#)]).await,
                may,
            ),
        ] {
            let cms = Cms::builder(store).open().await.unwrap();
            let Err(Error::Corrupt { what }) = cms.check(|_| {}).await else {
                panic!("it was not noticed");
            };
            assert!(what.contains(&unindexed.at.to_string()), "{what}");
            assert!(what.ends_with(said), "{what}");
            cms.upgrade(|_| {}).await.unwrap();
            cms.check(|_| {}).await.unwrap();
        }
    });
}

#[test]
fn what_a_newer_release_has_written_is_refused_by_name_in_whatever_form() {
    block_on(async {
        let rich = Rich::told().await;
        let schema = (r#""schema":1"#, r#""schema":2"#);
        for replaced in [
            vec![schema],
            vec![
                schema,
                (r#""secret":"#, r#""motto":"Nothing hidden","secret":"#),
            ],
            vec![schema, (r#""form":1"#, r#""form":2"#)],
            vec![
                schema,
                (r#""form":1"#, r#""form":2"#),
                (r#""zone":"#, r#""zones":"#),
            ],
        ] {
            let store = with_newsroom(&rich, &replaced).await;
            let Err(error) = Cms::builder(store).open().await else {
                panic!("it was opened with {replaced:?}")
            };
            assert!(
                matches!(
                    error,
                    Error::Newer {
                        schema: 2,
                        known: 1
                    }
                ),
                "{replaced:?}: {error}"
            );
            assert_eq!(
                error.to_string(),
                "a newer release has written here (schema 2, this release knows 1): use that one \
                 or a newer"
            );
        }
        let damaged = with_newsroom(&rich, &[(r#""secret":"#, r#""motto":"","secret":"#)]).await;
        let refused = Cms::builder(damaged).open().await;
        assert!(matches!(refused, Err(Error::Corrupt { .. })));
    });
}

#[test]
fn what_an_older_release_has_written_is_raised_by_who_writes() {
    block_on(async {
        let rich = Rich::told().await;
        let found = newsroom(&rich.store).await;
        let store = with_newsroom(&rich, &[(r#""schema":1"#, r#""schema":0"#)]).await;
        let cms = Cms::builder(store.clone()).open().await.unwrap();
        let desk = cms.desk(rich.people.admin());
        desk.own_editions(None).await.unwrap();
        let untouched = newsroom(&store).await;
        assert_ne!(untouched.body, found.body, "who only reads raises nothing");
        let taken = rich::Words::default().person("ada");
        desk.put_person(None, &taken).await.unwrap_err();
        let untouched = newsroom(&store).await;
        assert_ne!(untouched.body, found.body, "nor who is refused");
        let person = NewPerson {
            account: Private::new(None),
            ..taken
        };
        desk.put_person(None, &person).await.unwrap();
        assert_eq!(newsroom(&store).await.body, found.body);
        let again = Cms::builder(store.clone()).open().await.unwrap();
        let admin = again.desk(rich.people.admin());
        admin.put_person(None, &person).await.unwrap();
        let log = store.changes(found.version, 1_000).await.unwrap().records;
        let raising = log
            .iter()
            .filter(|record| record.note.contains("schema_raised"));
        assert_eq!(raising.count(), 1, "with the command, and once");
    });
}
