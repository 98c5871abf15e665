//! Everything that anybody can ask through the public door, and every answer in full.

#![allow(dead_code, reason = "each test asks some of it")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a question that cannot be asked has failed"
)]

use std::fmt::Debug;

use cmss::chrono::{DateTime, Utc};
use cmss::{
    ArticlePage, Card, Coded, Cursor, Error, EventPage, FeedPage, Found, ListBy, ListPage, Listing,
    OccasionItem, PageKind, ProjectPage, Served, Site,
};

/// What is asked for by name, beside all that is asked for without.
pub(crate) struct Questions {
    /// Addresses: of pages, and of whatever else has one; those that are nobody's too.
    pub(crate) slugs: Vec<String>,
    /// Instants: for what is upcoming, and as bounds of lists.
    pub(crate) times: Vec<DateTime<Utc>>,
    /// How many items are asked for at a time.
    pub(crate) limits: Vec<usize>,
}

/// What was asked, and what was answered.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Answer {
    pub(crate) question: String,
    pub(crate) answer: String,
}

/// The answers, as they come.
struct Transcript {
    site: Site,
    answers: Vec<Answer>,
}

impl Questions {
    /// Asks all there is to ask.
    pub(crate) async fn ask(&self, site: &Site) -> Vec<Answer> {
        let mut transcript = Transcript {
            site: site.clone(),
            answers: Vec::new(),
        };
        for slug in &self.slugs {
            transcript.pages(slug).await;
        }
        for by in self.lists() {
            for &limit in &self.limits {
                transcript.list(&by, None, None, limit).await;
            }
        }
        for pair in self.times.windows(2) {
            let (from, until) = (Some(pair[0]), Some(pair[1]));
            transcript.list(&ListBy::All, from, until, 100).await;
            transcript.list(&ListBy::All, None, until, 2).await;
            let articles = ListBy::Kind(PageKind::Article);
            transcript.list(&articles, from, None, 2).await;
        }
        for &limit in &self.limits {
            for &time in &self.times {
                transcript.upcoming(time, limit).await;
            }
            transcript.undated(limit).await;
            transcript.everything(limit).await;
            transcript.feed(limit).await;
        }
        transcript.faulty().await;
        transcript.answers
    }

    fn lists(&self) -> Vec<ListBy> {
        let kinds = PageKind::ALL.iter().copied().map(ListBy::Kind);
        let mut lists: Vec<_> = std::iter::once(ListBy::All).chain(kinds).collect();
        for slug in self.slugs.iter().filter_map(|slug| slug.parse().ok()) {
            let slug: cmss::values::Slug = slug;
            lists.extend([
                ListBy::Topic(slug.clone()),
                ListBy::Category(slug.clone()),
                ListBy::Stage(slug.clone()),
                ListBy::Byline(slug.clone()),
                ListBy::Project(slug.clone()),
                ListBy::Event(slug),
            ]);
        }
        lists
    }
}

/// An answer and its `Debug`.
fn shown(json: String, debug: &impl Debug) -> String {
    format!("{json}\n{debug:?}")
}

/// A page, card or occasion in every form it is handed out in.
fn served(served: &Served) -> String {
    let typed = [
        served.read::<ArticlePage>().map(|page| format!("{page:?}")),
        served.read::<ProjectPage>().map(|page| format!("{page:?}")),
        served.read::<EventPage>().map(|page| format!("{page:?}")),
        served.read::<Card>().map(|card| format!("{card:?}")),
        served
            .read::<OccasionItem>()
            .map(|item| format!("{item:?}")),
    ];
    let typed: Vec<_> = typed
        .into_iter()
        .map(|typed| typed.unwrap_or_else(|error| format!("{error} {error:?}")))
        .collect();
    let parts = format!("{:?}", served.parts().unwrap());
    let validator = served.validator();
    let json = shown(served.to_json(), served);
    [json, validator.to_string(), parts, typed.join("\n")].join("\n")
}

/// A cursor: its text, and the bytes that its text spells.
fn cursor(cursor: &Cursor) -> String {
    let digits = cursor.as_str().as_bytes().chunks(2);
    let bytes = digits.map(|pair| {
        let pair = std::str::from_utf8(pair).unwrap();
        char::from(u8::from_str_radix(pair, 16).unwrap())
    });
    format!("{cursor} {}", bytes.collect::<String>())
}

/// An error with all that is behind it.
pub(crate) fn error(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        text.push_str(&format!("{error}\n{error:?}\n"));
        next = error.source();
    }
    text
}

impl Transcript {
    fn note(&mut self, question: String, answer: String) {
        self.answers.push(Answer { question, answer });
    }

    async fn pages(&mut self, slug: &str) {
        for kind in PageKind::ALL {
            let found = self.site.page(*kind, slug).await;
            let answer = match found {
                Err(fault) => error(&fault),
                Ok(found) => {
                    let told = match &found {
                        Found::Here(page) => served(page),
                        Found::Moved(moved) => format!("{moved:?}"),
                        Found::Gone(gone) => shown(gone.to_json(), &gone.notice().unwrap()),
                        Found::NotThere => "not there".to_owned(),
                    };
                    shown(format!("{told}\n{}", found.validator()), &found)
                }
            };
            self.note(format!("{} {slug}", kind.code()), answer);
        }
    }

    async fn list(
        &mut self,
        by: &ListBy,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
        limit: usize,
    ) {
        let mut listing = Listing {
            from,
            until,
            limit,
            ..Listing::by(by.clone())
        };
        let question = format!("{listing:?}");
        loop {
            let page = self.site.list(&listing).await.unwrap();
            let answer = page.as_ref().map_or("no such list".to_owned(), listed);
            self.note(question.clone(), answer);
            listing.after = page.and_then(|page| page.next);
            if listing.after.is_none() {
                return;
            }
        }
    }

    async fn upcoming(&mut self, time: DateTime<Utc>, limit: usize) {
        let mut after = None;
        loop {
            let page = self.site.upcoming(time, limit, after.as_ref()).await;
            let page = page.unwrap();
            self.note(format!("upcoming {time} {limit}"), listed(&page));
            after = page.next;
            if after.is_none() {
                return;
            }
        }
    }

    async fn undated(&mut self, limit: usize) {
        let mut after = None;
        loop {
            let page = self.site.undated(limit, after.as_ref()).await.unwrap();
            self.note(format!("undated {limit}"), listed(&page));
            after = page.next;
            if after.is_none() {
                return;
            }
        }
    }

    async fn everything(&mut self, limit: usize) {
        let mut after = None;
        loop {
            let page = self.site.everything(limit, after.as_ref()).await.unwrap();
            let mut answer = shown(String::new(), &page);
            for addressed in &page.pages {
                let (kind, slug) = (addressed.kind.code(), &addressed.slug);
                answer.push_str(&format!("\n{kind} {slug} {}", served(&addressed.page)));
            }
            answer.extend(page.next.as_ref().map(cursor));
            self.note(format!("everything {limit}"), answer);
            after = page.next;
            if after.is_none() {
                return;
            }
        }
    }

    async fn feed(&mut self, limit: usize) {
        let mut after = None;
        loop {
            let page: FeedPage = self.site.changes(after.as_ref(), limit).await.unwrap();
            let items = format!("{:?}", page.items().unwrap());
            let answer = [shown(page.to_json(), &page), items, cursor(&page.next)];
            self.note(format!("changes {limit}"), answer.join("\n"));
            if page.is_empty() {
                return;
            }
            after = Some(page.next);
        }
    }

    /// Questions that are no questions.
    async fn faulty(&mut self) {
        let site = self.site.clone();
        let mut refused: Vec<(&str, Error)> = Vec::new();
        for limit in [0, 101, usize::MAX] {
            let listing = Listing {
                limit,
                ..Listing::by(ListBy::All)
            };
            refused.push(("list", site.list(&listing).await.unwrap_err()));
            let everything = site.everything(limit, None).await;
            refused.push(("everything", everything.unwrap_err()));
            refused.push(("changes", site.changes(None, limit).await.unwrap_err()));
        }
        let feeds = site.changes(None, 1).await.unwrap().next;
        let of_another = site.everything(10, Some(&feeds)).await;
        refused.push(("another list's cursor", of_another.unwrap_err()));
        for (what, refused) in refused {
            self.note(format!("{what}, faulty"), error(&refused));
        }
    }
}

/// One page of a list, in every form it is handed out in.
fn listed(page: &ListPage) -> String {
    let items: Vec<_> = page.items.iter().map(served).collect();
    let of = format!("{:?}", page.of().unwrap());
    let json = shown(page.to_json(), page);
    let next = page.next.as_ref().map(cursor).unwrap_or_default();
    let validator = page.validator().to_string();
    [json, of, validator, next, items.join("\n")].join("\n")
}
