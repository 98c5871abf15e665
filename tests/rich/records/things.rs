//! Organisations, terms and images.

use cmss::{
    Alt, Asset, AssetId, ConsentId, Covers, Depiction, OrganisationId, OrganisationKind,
    PhotoCredit, TermId, Vocabulary,
};

use super::{Teller, term};
use crate::rich::Words;

impl Teller<'_> {
    pub(super) async fn organisations(
        &self,
        words: &mut Words,
    ) -> (
        OrganisationId,
        OrganisationId,
        OrganisationId,
        OrganisationId,
    ) {
        use OrganisationKind as Kind;
        let url = Some("https://bibliotek.example.org/".to_owned());
        let name = "Biblioteket".to_owned();
        let library = self
            .organisation("library", None, name, Kind::Unit, url)
            .await;
        self.publish("library", library).await;
        let name = words.secret("library: name in the working copy");
        let url = Some(words.link("library: address in the working copy"));
        self.organisation("library anew", Some(library), name, Kind::Unit, url)
            .await;
        let name = "Föreningen Bryggan".to_owned();
        let association = self
            .organisation("association", None, name, Kind::Association, None)
            .await;
        self.publish("association", association).await;
        let name = "Nätverket Ljus".to_owned();
        let network = self
            .organisation("network", None, name, Kind::Network, None)
            .await;
        self.publish("network", network).await;
        let name = words.secret("unpublished organisation: name");
        let url = Some(words.link("unpublished organisation: address"));
        let never = self
            .organisation("never organisation", None, name, Kind::Board, url)
            .await;
        let name = words.secret("hidden organisation: name");
        let hidden = self
            .organisation("hidden organisation", None, name, Kind::Reception, None)
            .await;
        self.publish("hidden organisation", hidden).await;
        let desk = self
            .told
            .desk(&self.people.editor(), "hide the organisation");
        desk.hide_record(hidden).await.unwrap();
        (library, association, network, never)
    }

    pub(super) async fn terms(&self, words: &mut Words) -> (TermId, TermId, TermId) {
        let mut housing = term(Vocabulary::Topic, "bostad", "Bostad");
        housing.aliases = vec![words.secret("topic: alias")];
        let topic = self.term("topic", None, housing.clone()).await;
        self.publish("topic", topic).await;
        housing.label = words.secret("topic: label in the working copy");
        self.term("topic anew", Some(topic), housing).await;
        let slug = words.secret("unpublished topic: slug");
        let label = words.secret("unpublished topic: label");
        let never = term(Vocabulary::Topic, &slug, &label);
        let never = self.term("never topic", None, never).await;
        let category = term(Vocabulary::Category, "demokrati", "Demokrati");
        let category = self.term("category", None, category).await;
        self.publish("category", category).await;
        let slug = words.secret("archived category: slug");
        let label = words.secret("archived category: label");
        let archived = term(Vocabulary::Category, &slug, &label);
        let archived = self.term("archived category", None, archived).await;
        self.publish("archived category", archived).await;
        let desk = self
            .told
            .desk(&self.people.editor(), "archive the category");
        desk.archive_record(archived).await.unwrap();
        (topic, never, category)
    }

    pub(super) async fn photo(&self, words: &mut Words) -> (AssetId, ConsentId) {
        let mut photo = Asset {
            file: "una.jpg".to_owned(),
            alt: Alt::Text {
                text: "En läsare vid fönstret".to_owned(),
            },
            caption: Some("Kväll i läsesalen.".to_owned()),
            credit: PhotoCredit::Name {
                name: "Frits Fotograf".to_owned(),
            },
            people: Vec::new(),
        };
        let id = self.asset("photo", None, &photo).await;
        let covers = Covers::Image(id);
        let una = self.people.una;
        let consent = self.consent(words, "una's consent", una, covers).await;
        photo.people = vec![Depiction { consent }];
        self.asset("photo with una", Some(id), &photo).await;
        self.publish("photo", id).await;
        photo.caption = Some(words.secret("image: caption in the working copy"));
        self.asset("photo anew", Some(id), &photo).await;
        (id, consent)
    }

    /// An image that leaves the site in the end, because its consent is withdrawn.
    pub(super) async fn gone_photo(&self, words: &mut Words) -> (AssetId, ConsentId) {
        let mut photo = Asset {
            file: words.secret("image without consent: file"),
            alt: Alt::Text {
                text: format!("Ett {}", words.secret("image without consent: alt")),
            },
            caption: Some(words.secret("image without consent: caption")),
            credit: PhotoCredit::Unknown,
            people: Vec::new(),
        };
        let id = self.asset("gone photo", None, &photo).await;
        let covers = Covers::Image(id);
        let una = self.people.una;
        let consent = self.consent(words, "consent taken back", una, covers).await;
        photo.people = vec![Depiction { consent }];
        self.asset("gone photo with una", Some(id), &photo).await;
        self.publish("gone photo", id).await;
        (id, consent)
    }
}
