//! A host finds people by the keys of its own login.

use std::sync::Arc;

use cmss::values::Locale;
use cmss::{Cms, MemoryStore, NewNewsroom, NewPerson};

#[test]
fn a_host_finds_the_first_admin_again_by_their_account_key() {
    pollster::block_on(async {
        let store = Arc::new(MemoryStore::new());
        let newsroom = NewNewsroom {
            name: "Öppen stad".to_owned(),
            zone: chrono_tz::Europe::Stockholm,
            language: Locale::Sv.into(),
        };
        let ada = NewPerson {
            account: Some("ada@login.example.org".to_owned()).into(),
            ..NewPerson::named("Ada Almgren")
        };
        let founding = Cms::builder(store.clone());
        let (_, founder) = founding.found(&newsroom, &ada).await.unwrap();

        let cms = Cms::builder(store).open().await.unwrap();
        let found = cms.account(" ada@login.example.org ").await;
        assert_eq!(found.unwrap(), Some(founder));
        for stranger in ["bo@login.example.org", "", "a\nda", &"a".repeat(1_000)] {
            let found = cms.account(stranger).await.unwrap();
            assert_eq!(found, None, "{stranger:?}");
        }
    });
}
