//! What a text must pass before it is handed in, approved, and, judged anew, published.

use super::Article;
use crate::ids::{ArticleId, AssetId, BylineId, ConsentId, PersonId};
use crate::kernel::{Document, Error, Guard, Guards, Reader};
use crate::record::{
    Asset, Byline, Consent, Covers, Event, Kept, Kind, PhotoCredit, Project, Term, byline_has_name,
};
use crate::site::Vocabulary;
use crate::store::DocRef;
use crate::values::{ArticleText, Credit, CreditRole, CreditedTo, Speaker};

/// What the gates look at, for one text.
#[derive(Debug)]
pub(crate) struct Gates {
    article: ArticleId,
    bylines: Vec<Byline>,
    /// Bylines whose names stand as free names in credits.
    clashes: bool,
    images: Vec<(Kept<Asset>, <Asset as Kind>::Around)>,
    consents: Vec<Consent>,
    topics: Vec<Kept<Term>>,
}

/// The consents under the quotes of a text, each once.
fn quote_consents(text: &ArticleText) -> Vec<ConsentId> {
    let consents = text
        .body
        .quotes()
        .filter_map(|(_, quote)| match &quote.speaker {
            Speaker::Identifiable { consent, .. } => Some(*consent),
            Speaker::Described { .. } => None,
        });
    let mut consents: Vec<_> = consents.collect();
    consents.sort_unstable();
    consents.dedup();
    consents
}

/// The images of a text, each once.
fn images(text: &ArticleText) -> Vec<AssetId> {
    let mut images: Vec<_> = text.body.images().map(|(_, asset)| asset).collect();
    images.sort_unstable();
    images.dedup();
    images
}

/// Everything a text refers to, which must be there for it to be saved.
pub(crate) fn refers_to(text: &ArticleText) -> Vec<DocRef> {
    let topics = text.topics.iter().map(|id| Kept::<Term>::at(*id));
    let projects = text.projects.iter().map(|id| Kept::<Project>::at(*id));
    let events = text.events.iter().map(|id| Kept::<Event>::at(*id));
    let mut refs: Vec<_> = topics.chain(projects).chain(events).collect();
    refs.extend(text.bylines(None).into_iter().map(Byline::at));
    refs.extend(images(text).into_iter().map(Kept::<Asset>::at));
    refs.extend(quote_consents(text).into_iter().map(Consent::at));
    refs
}

impl Gates {
    /// Reads what the gates look at.
    pub(crate) async fn read(
        reader: &mut Reader<'_>,
        article: &Article,
        text: &ArticleText,
    ) -> Result<Self, Error> {
        let bylines = reader.need_all(&text.bylines(None)).await?;
        let mut clashes = false;
        for credit in &text.credits {
            if let CreditedTo::Name(name) = &credit.by {
                clashes |= byline_has_name(reader, name).await?;
            }
        }
        let mut depicted = Vec::new();
        for kept in reader.need_all::<Kept<Asset>>(&images(text)).await? {
            if let Some(PhotoCredit::Name { name }) = kept.public.as_ref().map(|p| &p.credit) {
                clashes |= byline_has_name(reader, name).await?;
            }
            let around = Asset::around(&kept, reader).await?;
            depicted.push((kept, around));
        }
        let consents = reader.need_all(&quote_consents(text)).await?;
        let topics = reader.need_all(&text.topics).await?;
        Ok(Self {
            article: article.id,
            bylines,
            clashes,
            images: depicted,
            consents,
            topics,
        })
    }

    /// The guards that the text fails. A byline that serves no new works still serves the one it
    /// is on: `keeps` names those.
    pub(crate) fn judge(
        &self,
        text: &ArticleText,
        authors: &[PersonId],
        keeps: &[BylineId],
        guards: &mut Guards,
    ) {
        guards.ensure(
            !text.body.0.is_empty(),
            Guard::FieldNeeded {
                field: "body".into(),
            },
        );
        let credited = |role| {
            text.credits
                .iter()
                .any(|credit: &Credit| credit.role == role)
        };
        guards.ensure(credited(CreditRole::Text), Guard::TextCreditMissing);
        let writers = text.bylines(Some(CreditRole::Text));
        for byline in &self.bylines {
            let own = authors.contains(&byline.person) || !writers.contains(&byline.id);
            guards.ensure(own, Guard::BylineNotAuthors { byline: byline.id });
            let serves = !byline.retired || keeps.contains(&byline.id);
            guards.ensure(serves, Guard::BylineRetired { byline: byline.id });
        }
        guards.ensure(!self.clashes, Guard::CreditIsByline);
        for (image, consents) in &self.images {
            let asset = image.id;
            let Some(public) = &image.public else {
                guards.push(Guard::ImageNotPublished { asset });
                continue;
            };
            if matches!(public.credit, PhotoCredit::Page) {
                guards.ensure(
                    credited(CreditRole::Photo),
                    Guard::PhotoCreditMissing { asset },
                );
            }
            for depiction in &public.people {
                let valid = consents.hold(depiction.consent, asset);
                guards.ensure(
                    valid,
                    Guard::ConsentNotValid {
                        consent: depiction.consent,
                    },
                );
            }
        }
        for consent in &self.consents {
            let valid = consent.is_valid_for(Covers::Quotes(self.article));
            guards.ensure(
                valid,
                Guard::ConsentNotValid {
                    consent: consent.id,
                },
            );
        }
        for topic in &self.topics {
            let fits = topic.working.vocabulary == Vocabulary::Topic;
            guards.ensure(fits, Guard::WrongVocabulary { term: topic.id });
        }
    }
}
