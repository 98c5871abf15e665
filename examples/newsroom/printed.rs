//! The public site, for a person to read.

use cmss::values::Money;
use cmss::{
    ArticlePage, BlockView, EventPage, ImageCredit, PageKind, Part, PartRef, ProjectPage,
    PublicOccasion, Site, SitePage,
};

use crate::story::{Failure, Story, label};

/// Prints every page of the site.
pub(crate) async fn print(story: &Story) -> Result<(), Failure> {
    story.chapter("The public site")?;
    for SitePage { kind, slug, page } in pages(&story.cms.site()).await? {
        let parts = Parts(page.parts()?);
        let lines = match kind {
            PageKind::Article => article(&page.read()?, &parts),
            PageKind::Project => project(&page.read()?, &parts),
            PageKind::Event => event(&page.read()?, &parts),
        };
        story.say(&format!("\n{}s/{slug}", label(kind).to_lowercase()))?;
        for line in lines {
            story.say(&format!("  {line}"))?;
        }
    }
    Ok(())
}

/// Every page there is, by kind, then address.
async fn pages(site: &Site) -> Result<Vec<SitePage>, Failure> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let some = site.everything(100, after.as_ref()).await?;
        all.extend(some.pages);
        match some.next {
            None => return Ok(all),
            next => after = next,
        }
    }
}

/// The parts that a page refers to.
pub(crate) struct Parts(pub(crate) Vec<Option<Part>>);

impl Parts {
    fn at(&self, reference: PartRef) -> Option<&Part> {
        self.0.get(reference.part)?.as_ref()
    }

    /// The names that these references lead to.
    fn names<'a>(&self, references: impl IntoIterator<Item = &'a PartRef>) -> String {
        let parts = references
            .into_iter()
            .filter_map(|reference| self.at(*reference));
        let names = parts.filter_map(|part| match part {
            Part::Byline(byline) => byline.name.clone(),
            Part::Organisation(organisation) => Some(organisation.name.clone()),
            Part::Term(term) => Some(term.label.clone()),
            Part::Page(page) => Some(page.title.clone()),
            _ => None,
        });
        names.collect::<Vec<_>>().join(", ")
    }

    /// The names of the bylines among them.
    pub(crate) fn bylines(&self) -> Vec<String> {
        let names = self.0.iter().flatten().filter_map(|part| match part {
            Part::Byline(byline) => byline.name.clone(),
            _ => None,
        });
        names.collect()
    }
}

fn article(page: &ArticlePage, parts: &Parts) -> Vec<String> {
    let mut lines = vec![page.title.clone()];
    lines.extend(page.lead.clone());
    lines.push(format!("published {}", page.published_at));
    let credits = page.credits.iter().map(|credit| {
        let name = credit.name.clone();
        let name = name.unwrap_or_else(|| parts.names(&credit.byline));
        format!("{} {name}", label(credit.role).to_lowercase())
    });
    lines.push(credits.collect::<Vec<_>>().join(", "));
    for (what, references) in [("about", &page.topics), ("see also", &page.events)] {
        if !references.is_empty() {
            lines.push(format!("{what}: {}", parts.names(references)));
        }
    }
    for block in &page.blocks {
        match block {
            BlockView::Image { image } => {
                if let Some(Part::Image(image)) = parts.at(*image) {
                    let by = match &image.credit {
                        ImageCredit::Name { name } => name,
                        ImageCredit::Page => "as the page says",
                        ImageCredit::Unknown => "unknown",
                    };
                    lines.push(format!("image: {} (photo: {by})", image.alt));
                }
            }
            BlockView::Quote { quote } => {
                if let Some(Part::Quote(quote)) = parts.at(*quote) {
                    let words = quote.spans.iter().map(|span| span.text.as_str());
                    lines.push(format!(
                        "{}: \"{}\"",
                        quote.speaker,
                        words.collect::<String>()
                    ));
                }
            }
            _ => {}
        }
    }
    lines
}

fn project(page: &ProjectPage, parts: &Parts) -> Vec<String> {
    let mut lines = vec![
        page.title.clone(),
        format!(
            "published {}, updated {}",
            page.published_at, page.updated_at
        ),
        parts.names([&page.category, &page.stage]),
    ];
    let owner = page.owner.iter().collect::<Vec<_>>();
    for (who, references) in [
        ("owner", owner),
        ("with", page.participants.iter().collect()),
        ("partner", page.partners.iter().collect()),
    ] {
        let names = parts.names(references);
        let named = if names.is_empty() {
            "nobody is named"
        } else {
            &names
        };
        lines.push(format!("{who}: {named}"));
    }
    let cost = page
        .cost_so_far
        .map(|cost| Money::ore(cost.minor).to_string());
    lines.push(format!(
        "cost so far: {}",
        cost.as_deref().unwrap_or("not known")
    ));
    for goal in &page.goals {
        lines.push(format!("goal: {}", goal.text));
        lines.extend(goal.result.iter().map(|result| format!("result: {result}")));
    }
    lines
}

fn event(page: &EventPage, parts: &Parts) -> Vec<String> {
    let mut lines = vec![
        page.title.clone(),
        format!("held by {}", parts.names(&page.organisers)),
    ];
    if page.save_the_date {
        let programme = label(page.programme).to_lowercase();
        lines.push(format!("save the date; the programme is {programme}"));
    }
    lines.push(format!("groups: {}", page.groups.join(", ")));
    lines.extend(page.occasions.iter().flat_map(occasion));
    lines
}

fn occasion(one: &PublicOccasion) -> Vec<String> {
    let states = [label(one.certainty), label(one.status)];
    let mut line = format!("- {}, {}", one.when_label, states.join(", ").to_lowercase());
    for more in one.theme.iter().chain(&one.groups).chain(&one.place) {
        line = format!("{line}; {more}");
    }
    let mut lines = vec![line];
    for segment in &one.segments {
        let (start, end) = (segment.start.format("%H:%M"), segment.end.format("%H:%M"));
        let audience = label(segment.audience).to_lowercase();
        lines.push(format!("    {start}–{end} {audience}"));
    }
    lines
}
