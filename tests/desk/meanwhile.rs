//! What others do meanwhile: to records that two have read, to pages that lead to each other, and
//! under a rebuild.

use std::sync::Arc;

use crate::support::{Newsroom, consent, guards, opened};
use cmss::{
    Actor, AddressFallback, Alt, Asset, Covers, Depiction, Error, Found, Guard, MemoryStore,
    NewPerson, Organisation, OrganisationKind, PhotoCredit, Rebuilt,
};
use cmss_testkit::Interposed;
use pollster::block_on;

fn image(people: Vec<Depiction>) -> Asset {
    Asset {
        file: "torget.jpg".to_owned(),
        alt: Alt::Text {
            text: "Torget en höstdag".to_owned(),
        },
        caption: None,
        credit: PhotoCredit::Name {
            name: "Bo Berg".to_owned(),
        },
        people,
    }
}

fn club(name: &str, url: Option<&str>) -> Organisation {
    Organisation {
        name: name.to_owned(),
        kind: OrganisationKind::Unit,
        parent: None,
        url: url.map(str::to_owned),
    }
}

#[test]
fn whatever_others_change_under_a_rebuild_or_a_check_nothing_public_is_lost_or_blamed() {
    block_on(async {
        let store = MemoryStore::new();
        let room = Newsroom::in_store(store.clone()).await;
        let editor = room.editor();
        let asset = editor.put_asset(None, &image(Vec::new())).await.unwrap();
        let consent = consent(room.liv, Covers::Image(asset));
        let consent = editor.give_consent(&consent).await.unwrap();
        let depicted = image(vec![Depiction { consent }]);
        editor.put_asset(Some(asset), &depicted).await.unwrap();
        editor.publish_record(asset).await.unwrap();

        let vera = room.vera;
        let mut calls = 0;
        for (n, checks) in (1..).flat_map(|n| [(n, false), (n, true)]) {
            let fork = store.fork().unwrap();
            let other = fork.clone();
            // The image stays as it is, without the person, who takes the consent back.
            let event = async move {
                let cms = opened(other, "meanwhile").await;
                let editor = cms.desk(Actor::new(vera).editor());
                let alone = image(Vec::new());
                editor.put_asset(Some(asset), &alone).await.unwrap();
                editor.publish_record(asset).await.unwrap();
                editor.withdraw_consent(consent).await.unwrap();
            };
            let between = Arc::new(Interposed::before_call(n, Arc::new(fork.clone()), event));
            let cms = opened(between.clone(), "upkeep").await;
            if checks {
                cms.check(|_| {}).await.unwrap();
            } else {
                cms.rebuild_site(|_| {}).await.unwrap();
            }
            if !between.has_run() {
                break;
            }
            calls = n;
            let again = opened(fork, "again")
                .await
                .rebuild_site(|_| {})
                .await
                .unwrap();
            assert_eq!(again, Rebuilt::default(), "before call {n}");
        }
        assert!(calls > 20, "{calls}");
    });
}

#[test]
fn who_puts_a_record_that_somebody_has_changed_since_is_told_unless_they_mean_it() {
    block_on(async {
        let room = Newsroom::in_memory().await;
        let editor = room.editor();
        let id = editor
            .put_organisation(None, &club("Ett", None))
            .await
            .unwrap();
        let read = editor.organisation(id).await.unwrap();
        let (first, second) = (club("Två", None), club("Ett", Some("https://example.org/")));
        let at = (id, read.revision);
        editor.put_organisation(at, &first).await.unwrap();
        let refused = editor.put_organisation(at, &second).await;
        assert_eq!(guards(refused), [Guard::RecordChanged { revision: 2 }]);
        // Sent again, what was put is there already.
        editor.put_organisation(at, &first).await.unwrap();
        assert_eq!(editor.organisation(id).await.unwrap().revision, 2);
        editor.put_organisation(Some(id), &second).await.unwrap();
        assert_eq!(editor.organisation(id).await.unwrap().working, second);
    });
}

#[test]
fn a_follower_is_told_when_the_page_that_an_address_leads_to_comes_back() {
    block_on(async {
        let room = Newsroom::in_memory().await;
        let editor = room.editor();
        let old = room.published("Gammal text").await.variant;
        let new = room.published("Ny text").await.variant;
        let why = "Flyttad.";
        editor
            .unpublish(new, why, AddressFallback::NotThere)
            .await
            .unwrap();
        let to_new = AddressFallback::Redirect(new.into());
        editor.unpublish(old, why, to_new).await.unwrap();
        let site = room.cms.site();
        let before = site.changes(None, 100).await.unwrap().next;
        let answers = site.article("gammal-text").await.unwrap();
        assert!(!matches!(answers, Found::Moved { .. }), "{answers:?}");
        editor.republish(new).await.unwrap();
        let answers = site.article("gammal-text").await.unwrap();
        assert!(matches!(answers, Found::Moved { .. }), "{answers:?}");
        let told = site.changes(Some(&before), 100).await.unwrap().to_json();
        assert!(told.contains("revalidate"), "{told}");
    });
}

#[test]
fn writing_down_a_telephone_number_leaves_the_log_in() {
    block_on(async {
        let room = Newsroom::in_memory().await;
        let editor = room.editor();
        let with_account = NewPerson {
            account: Some("rut".to_owned()).into(),
            ..NewPerson::named("Rut Rask")
        };
        let rut = editor.put_person(None, &with_account).await.unwrap();
        let with_phone = NewPerson {
            phone: Some("040-628 04 03".to_owned()).into(),
            ..NewPerson::named("Rut Rask")
        };
        editor.put_person(Some(rut), &with_phone).await.unwrap();
        assert_eq!(room.cms.account("rut").await.unwrap(), Some(rut));
        let people = editor.people(None).await.unwrap();
        let there = people.iter().find(|view| view.id == rut).unwrap();
        assert_eq!(there.phone.as_deref(), Some("040-628 04 03"));
        for (n, view) in people.iter().enumerate() {
            let after = editor.people(Some(view)).await.unwrap();
            assert_eq!(after, people[n + 1..]);
        }
        let reporter = room.reporter().people(None).await;
        assert!(matches!(reporter, Err(Error::Refused(_))));
    });
}
