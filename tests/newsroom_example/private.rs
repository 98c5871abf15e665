//! What the newsroom keeps to itself.

use cmss::SledStore;
use cmss::store::Store;

use crate::example::{alone, newsroom, site, told};

/// What the newsroom keeps to itself, each by a piece that stands nowhere else.
const PRIVATE: [&str; 33] = [
    // Names in the register, and those that are no longer used.
    "Almgren",
    "Munterberg",
    "Kvistling",
    "Sundin",
    "Lindesson",
    "Askelund",
    "Tallberg",
    // How people are reached, and how they log in.
    "vera.vinge",
    "mona.m@",
    "kim.k@",
    "sol.s@",
    "livia.l@",
    "olof.a@",
    "tage.tallberg",
    "login.example.org",
    "08-465 004 01",
    "08-465 004 02",
    "08-465 004 03",
    "08-465 004 04",
    "08-465 004 05",
    "08-465 004 06",
    // What is noted about them, and about what they agreed to.
    "Har hand om sidan",
    "trettio år",
    "på förmiddagen.",
    "många soffor",
    "skriver helst kort",
    "citat i förväg",
    "mapp Lingon",
    "tredje lydelsen",
    // The desk's own: what something cost and for what, offers, texts that were taken back.
    "pärm Blåbär",
    "Körsbärsgården",
    "Vilken mobil får du köpa",
    "jag vill veta mer innan",
];

#[test]
fn nothing_private_is_on_the_site_though_all_of_it_is_kept() {
    for (name, text) in site() {
        for private in PRIVATE {
            assert!(!text.contains(private), "{name} tells {private}");
        }
    }
    let home = tempfile::tempdir().unwrap();
    told(newsroom(["--data"]).arg(home.path()));
    let alone = alone();
    let kept = pollster::block_on(async {
        let store = SledStore::open(home.path()).unwrap();
        let (mut kept, mut after) = (String::new(), None);
        loop {
            let walked = store.walk(after.as_ref(), 100).await.unwrap();
            let Some(last) = walked.docs.last() else {
                break kept;
            };
            after = Some(last.at.clone());
            walked
                .docs
                .iter()
                .for_each(|stored| kept.push_str(&stored.body));
        }
    });
    drop(alone);
    for private in PRIVATE {
        assert!(
            kept.contains(private),
            "{private} is nowhere, and proves nothing"
        );
    }
}
