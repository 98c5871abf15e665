//! The public page of an article.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{AddressFallback, Latest, PublicationState, Variant};
use crate::ids::PageRef;
use crate::site::{
    Answer, Card, Face, PageFace, PageKind, PagePart, Part, PartRef, Parts, Press, QuotePart,
    card_text,
};
use crate::values::{
    ArticleText, Block, BlockContent, BlockId, Credit, CreditRole, CreditedTo, Lang, Line,
    ListItem, Quote, Slug, Span, Speaker,
};

/// The page of an article as it is served.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ArticlePage {
    /// The page's public id, which stays when its address changes.
    pub id: Uuid,
    /// What the page is about: an article.
    pub kind: PageKind,
    /// Its address.
    pub slug: Slug,
    /// The headline.
    pub title: String,
    /// The language it is written in.
    pub language: Lang,
    /// When it was first published: RFC 3339 with the newsroom's offset.
    pub published_at: String,
    /// When a publication last changed it.
    pub updated_at: String,
    /// The lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// The body.
    pub blocks: Vec<BlockView>,
    /// Who is credited.
    pub credits: Vec<CreditView>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<PartRef>,
    /// The projects it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub projects: Vec<PartRef>,
    /// The events it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<PartRef>,
}

/// Who is credited for what.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CreditView {
    /// For what.
    pub role: CreditRole,
    /// The byline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub byline: Option<PartRef>,
    /// The name of somebody who is not a reporter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A block of a page.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum BlockView {
    /// A paragraph.
    Paragraph {
        /// Its text.
        spans: Vec<Span>,
    },
    /// A heading.
    Heading {
        /// 2 or 3.
        level: u8,
        /// Its text.
        spans: Vec<Span>,
    },
    /// A list.
    List {
        /// Whether it is numbered.
        ordered: bool,
        /// Its items.
        items: Vec<ListItemView>,
    },
    /// Words of somebody who can be recognised: the words and the name stand in the part.
    Quote {
        /// The part.
        quote: PartRef,
    },
    /// Words of somebody who cannot be recognised.
    DescribedQuote {
        /// The words.
        spans: Vec<Span>,
        /// Who said them.
        speaker: String,
    },
    /// An image.
    Image {
        /// The part.
        image: PartRef,
    },
    /// A box with facts.
    FactBox {
        /// Its title.
        title: String,
        /// Its paragraphs.
        paragraphs: Vec<LineView>,
    },
    /// A question and its answer.
    QuestionAnswer {
        /// The question.
        question: Vec<Span>,
        /// The answer.
        answer: Vec<Span>,
    },
}

/// An item of a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ListItemView {
    /// Its text.
    pub spans: Vec<Span>,
    /// The list below it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<LineView>,
}

/// A line of text inside a block.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LineView {
    /// Its text.
    pub spans: Vec<Span>,
}

/// A page being written: its parts, as they come.
struct Writer<'a> {
    variant: &'a Variant,
    press: &'a Press<'a>,
    parts: Parts,
    quotes: Vec<Face>,
}

impl Writer<'_> {
    fn block(&mut self, block: &Block, latest: &Latest) -> BlockView {
        let Block { id, content } = block;
        match content.clone() {
            BlockContent::Paragraph { spans } => BlockView::Paragraph { spans },
            BlockContent::Heading { level, spans } => BlockView::Heading { level, spans },
            BlockContent::List { ordered, items } => BlockView::List {
                ordered,
                items: items.into_iter().map(item).collect(),
            },
            BlockContent::Quote(quote) => self.quote(id, quote, latest),
            BlockContent::Image { asset } => BlockView::Image {
                image: self.parts.refer_to(self.press.part(asset)),
            },
            BlockContent::FactBox { title, paragraphs } => BlockView::FactBox {
                title,
                paragraphs: paragraphs.into_iter().map(line).collect(),
            },
            BlockContent::QuestionAnswer { question, answer } => {
                BlockView::QuestionAnswer { question, answer }
            }
        }
    }

    fn quote(&mut self, block: &BlockId, quote: Quote, latest: &Latest) -> BlockView {
        let Quote { spans, speaker } = quote;
        match speaker {
            Speaker::Described { text } => BlockView::DescribedQuote {
                spans,
                speaker: text,
            },
            Speaker::Identifiable { name, consent } => {
                let id = self.press.quote(self.variant.id, block);
                if !latest.withdrawn.contains(&consent) {
                    let part = Part::Quote(QuotePart {
                        spans,
                        speaker: name,
                    });
                    self.quotes.push(Face::part(id, &part));
                }
                BlockView::Quote {
                    quote: self.parts.refer_to(id),
                }
            }
        }
    }

    fn credit(&mut self, credit: &Credit) -> CreditView {
        let Credit { role, by } = credit;
        let (byline, name) = match by {
            CreditedTo::Byline(byline) => {
                (Some(self.parts.refer_to(self.press.part(*byline))), None)
            }
            CreditedTo::Name(name) => (None, Some(name.clone())),
        };
        CreditView {
            role: *role,
            byline,
            name,
        }
    }

    fn references<I: crate::ids::Id>(&mut self, ids: &[I]) -> Vec<PartRef> {
        ids.iter()
            .map(|id| self.parts.refer_to(self.press.part(*id)))
            .collect()
    }
}

fn item(item: ListItem) -> ListItemView {
    let ListItem { spans, items } = item;
    ListItemView {
        spans,
        items: items.into_iter().map(line).collect(),
    }
}

fn line(line: Line) -> LineView {
    let Line { spans } = line;
    LineView { spans }
}

impl Variant {
    /// What the public sees of it: the page, the part by which others name it, its quotes; or
    /// what its address answers instead.
    pub(crate) fn faces(&self, text: &ArticleText, press: &Press<'_>) -> Vec<Face> {
        let (Some(slug), Some(latest)) = (&self.addresses.current, &self.latest) else {
            return Vec::new();
        };
        let frame = |listed: Vec<Uuid>| PageFace {
            id: press.page(self.id),
            kind: PageKind::Article,
            slug,
            old: &self.addresses.old,
            time: self.first_published_at.unwrap_or_default(),
            listed,
        };
        match (self.publication, &self.afterwards) {
            (PublicationState::Live, _) => self.here(slug, latest, text, press, frame),
            (PublicationState::Unpublished, AddressFallback::Gone(notice)) => {
                vec![frame(Vec::new()).away(Answer::Gone, Some(notice))]
            }
            (PublicationState::Unpublished, AddressFallback::Redirect(page)) => {
                let part = match page {
                    PageRef::Article(id) => press.part(*id),
                    PageRef::Project(id) => press.part(*id),
                    PageRef::Event(id) => press.part(*id),
                };
                vec![frame(Vec::new()).away(Answer::Moved(part), None)]
            }
            (PublicationState::Unpublished, AddressFallback::NotThere)
            | (PublicationState::Never | PublicationState::Paused, _) => Vec::new(),
        }
    }

    fn here<'a>(
        &self,
        slug: &Slug,
        latest: &Latest,
        text: &ArticleText,
        press: &Press<'_>,
        frame: impl FnOnce(Vec<Uuid>) -> PageFace<'a>,
    ) -> Vec<Face> {
        let time = |instant: Option<_>| press.time(instant.unwrap_or_default());
        let published_at = time(self.first_published_at);
        let updated_at = time(self.updated_at);
        let ArticleText {
            headline,
            lead,
            language,
            body,
            credits,
            topics,
            projects,
            events,
        } = text;
        let mut writer = Writer {
            variant: self,
            press,
            parts: Parts::new(),
            quotes: Vec::new(),
        };
        let page = ArticlePage {
            id: press.page(self.id),
            kind: PageKind::Article,
            slug: slug.clone(),
            title: headline.clone(),
            language: language.clone(),
            published_at: published_at.clone(),
            updated_at: updated_at.clone(),
            lead: (!lead.is_empty()).then(|| lead.clone()),
            blocks: body
                .0
                .iter()
                .map(|block| writer.block(block, latest))
                .collect(),
            credits: credits.iter().map(|credit| writer.credit(credit)).collect(),
            topics: writer.references(topics),
            projects: writer.references(projects),
            events: writer.references(events),
        };
        let bylines = latest.bylines.iter().map(|id| press.part(*id));
        let topics = topics.iter().map(|id| press.part(*id));
        let projects = projects.iter().map(|id| press.part(*id));
        let events = events.iter().map(|id| press.part(*id));
        let listed = bylines
            .chain(topics)
            .chain(projects)
            .chain(events)
            .collect();
        let card = |room: usize, parts: &mut Parts| {
            let writers = text.bylines(Some(CreditRole::Text)).into_iter();
            let bylines = writers.filter_map(|id| parts.refer_within(press.part(id), Card::PARTS));
            card_text(&Card {
                kind: PageKind::Article,
                slug: slug.clone(),
                title: headline.clone(),
                published_at: published_at.clone(),
                updated_at: updated_at.clone(),
                lead: Card::lead_within(lead, room),
                bylines: bylines.collect(),
                stage: None,
            })
        };
        let Writer {
            parts, mut quotes, ..
        } = writer;
        let own = Part::Page(PagePart {
            kind: PageKind::Article,
            slug: slug.clone(),
            title: headline.clone(),
        });
        quotes.push(frame(listed).here(&page, &parts, card));
        quotes.push(Face::part(press.part(self.id), &own));
        quotes
    }
}
