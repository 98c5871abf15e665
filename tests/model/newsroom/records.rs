//! What is done to records.

use super::occasions::{OccasionState, Plan};
use super::record::{Content, OfKind, Progress, Record, Vocabulary};
use super::{Against, Ask, Covers, Foretold, Judged, Newsroom, OfRecord, Writes};
use crate::cast::{Roles, SLUGS, TITLES};

impl Newsroom {
    pub(super) fn of_records(&mut self, by: Roles, ask: &Ask) -> Judged<Writes> {
        match ask {
            Ask::Put {
                changes,
                revision,
                content,
            } => self.put(by, *changes, *revision, content),
            Ask::Record { record, event } => match event {
                OfRecord::Publish => self.publish_record(by, *record),
                OfRecord::Hide => self.take_off(by, *record, false),
                OfRecord::Archive => self.take_off(by, *record, true),
            },
            other => unreachable!("{other:?} is not of records"),
        }
    }

    /// The row, where it is of this kind.
    pub(super) fn of_kind(&self, row: usize, kind: OfKind) -> Judged<&Record> {
        let record = Self::row(&self.records, row)?;
        if record.kind() == kind {
            Ok(record)
        } else {
            Err(Foretold::NotFound)
        }
    }

    fn put(
        &mut self,
        by: Roles,
        changes: Option<usize>,
        revision: Option<u32>,
        content: &Content,
    ) -> Judged<Writes> {
        if !content.is_sound() || (changes.is_none() && revision.is_some()) {
            return Err(Foretold::Invalid);
        }
        let before = changes.map(|row| self.of_kind(row, content.kind()));
        let before = before.transpose()?.cloned();
        for (row, kind) in content.names() {
            self.of_kind(row, kind)?;
        }
        if let Content::Image {
            person: Some(consent),
            ..
        } = content
        {
            Self::row(&self.consents, *consent)?;
        }
        let mut against = Against::for_part(by.editor);
        self.judge_names(changes, content, &mut against);
        against.unless(by.editor || by.admin, "not_permitted");
        if let (Some(before), Some(named)) = (&before, revision) {
            let same = before.working == *content;
            against.unless(same || named == before.revision, "record_changed");
        }
        against.judged()?;
        let (Some(row), Some(before)) = (changes, before) else {
            self.records.push(Record::new(content.clone()));
            return Ok(Writes::Something);
        };
        if before.working == *content && !before.archived {
            return Ok(Writes::Nothing);
        }
        let record = &mut self.records[row];
        record.working = content.clone();
        record.revision += 1;
        record.archived = false;
        Ok(Writes::Something)
    }

    /// A term's names lead to no other of its vocabulary, and its slug stays.
    fn judge_names(&self, changes: Option<usize>, content: &Content, against: &mut Against) {
        let names = |content: &Content| match *content {
            Content::Term {
                vocabulary,
                slug,
                alias,
                ..
            } => Some((vocabulary, slug, alias)),
            _ => None,
        };
        let Some((vocabulary, slug, alias)) = names(content) else {
            return;
        };
        for (row, other) in self.records.iter().enumerate() {
            let Some((theirs, first, second)) = names(&other.working) else {
                continue;
            };
            let own = Some(row) == changes;
            let held = [Some(first), second];
            let taken = [Some(slug), alias]
                .iter()
                .any(|name| name.is_some() && held.contains(name));
            against.unless(own || theirs != vocabulary || !taken, "term_taken");
            against.unless(!own || (theirs, first) == (vocabulary, slug), "slug_fixed");
        }
    }

    /// The address for a record's page, or the guard that fails.
    fn record_address(&self, row: usize) -> Result<Option<String>, &'static str> {
        let record = &self.records[row];
        if !record.has_page() {
            return Ok(None);
        }
        let wanted = match record.working {
            Content::Event { slug, .. } => slug.map(|slug| SLUGS[slug]),
            _ => None,
        };
        let others = || {
            let others = self.records.iter().enumerate();
            others.filter(|(other, one)| *other != row && one.kind() == record.kind())
        };
        let taken = |slug: &str| {
            others().any(|(_, other)| {
                other.slug.as_deref() == Some(slug) || other.old.iter().any(|old| old == slug)
            })
        };
        if let Some(wanted) = wanted.or(record.slug.as_deref()) {
            let free = !taken(wanted);
            return free.then(|| Some(wanted.to_owned())).ok_or("slug_taken");
        }
        let first = TITLES[record.working.title()].1.ok_or("slug_needed")?;
        let numbered = (2..50).map(|n| format!("{first}-{n}"));
        let mut slugs = std::iter::once(first.to_owned()).chain(numbered);
        slugs
            .find(|slug| !taken(slug))
            .map(Some)
            .ok_or("slug_taken")
    }

    fn publish_record(&mut self, by: Roles, row: usize) -> Judged<Writes> {
        let before = Self::row(&self.records, row)?.clone();
        let mut against = Against::for_part(by.editor);
        against.unless(by.editor, "not_permitted");
        against.unless(!before.archived, "archived");
        self.may_publish(row, &before.working, &mut against);
        let address = self.record_address(row);
        if let Err(guard) = address {
            against.unless(false, guard);
        }
        against.judged()?;
        let slug = address.unwrap();

        let now = self.now();
        let plans = self.publish_occasions(row);
        let progress = self.progress(&before);
        let stopped = |progress: Option<Progress>| progress.filter(|progress| progress.stopped);
        let appeared = before.public.is_none();
        let hid = !appeared && !self.is_shown(row);
        let shown = appeared
            || hid
            || before.public.clone().map(Content::shown) != Some(before.working.clone().shown())
            || (slug.is_some() && slug != before.slug)
            || plans
            || stopped(progress) != stopped(before.progress);
        if !shown && before.public.as_ref() == Some(&before.working) {
            return Ok(Writes::Nothing);
        }
        let record = &mut self.records[row];
        record.public = Some(before.working.clone());
        record.first.get_or_insert(now);
        record.progress = progress;
        if let Some(slug) = slug {
            record.old.retain(|old| *old != slug);
            if let Some(old) = record.slug.replace(slug.clone()).filter(|old| *old != slug) {
                record.old.insert(0, old);
            }
        }
        if shown {
            record.updated = Some(now);
            if let Some(slug) = record.slug.clone().filter(|_| before.has_page()) {
                let change = if appeared { "appeared" } else { "changed" };
                self.feed.push((change, slug));
            }
            self.revalidate();
        }
        Ok(Writes::Something)
    }

    /// Whether whoever is in an image has agreed, and still does.
    fn agreed(&self, image: usize, person: Option<usize>) -> bool {
        person.is_none_or(|consent| self.consents[consent].holds_for(Covers::Image(image)))
    }

    /// Whether the public sees anything of a record.
    fn is_shown(&self, row: usize) -> bool {
        match self.records[row].public {
            None => false,
            Some(Content::Image { person, .. }) => self.agreed(row, person),
            Some(_) => true,
        }
    }

    /// The consent under which an image is shown.
    pub(super) fn shown_under(&self, image: usize) -> Option<usize> {
        match self.records[image].public {
            Some(Content::Image { person, .. }) => person.filter(|_| self.is_shown(image)),
            _ => None,
        }
    }

    /// The guards of its kind on publishing a record.
    fn may_publish(&self, row: usize, working: &Content, against: &mut Against) {
        match *working {
            Content::Image { person, .. } => {
                let holds = self.agreed(row, person);
                against.unless(holds, "consent_not_valid");
            }
            Content::Project {
                category,
                stage,
                contact,
                lessons,
                ..
            } => {
                for (term, vocabulary) in
                    [(category, Vocabulary::Category), (stage, Vocabulary::Stage)]
                {
                    let term = term.map(|row| &self.records[row]);
                    against.unless(term.is_some(), "field_needed");
                    let Some(term) = term else { continue };
                    let right = matches!(
                        term.seen(),
                        Content::Term { vocabulary: theirs, .. } if *theirs == vocabulary
                    );
                    against.unless(right, "wrong_vocabulary");
                    against.unless(term.public.is_some(), "term_not_published");
                }
                let stage = stage.map(|row| self.records[row].seen());
                let learns = matches!(stage, Some(Content::Term { lessons: true, .. }));
                against.unless(contact && (lessons || !learns), "field_needed");
            }
            Content::Organisation { .. } | Content::Term { .. } | Content::Event { .. } => {}
        }
    }

    /// Makes the plans of an event's occasions public; whether any changed.
    fn publish_occasions(&mut self, event: usize) -> bool {
        let mut changed = false;
        for one in self.occasions.iter_mut().filter(|one| one.event == event) {
            let unseen = one.public.is_none() && one.state == OccasionState::Cancelled;
            let next: Option<Plan> = if unseen { None } else { Some(one.working) };
            changed |= one.public != next;
            one.public = next;
        }
        changed
    }

    /// How far a project has come, once its working copy is public.
    fn progress(&self, before: &Record) -> Option<Progress> {
        let number = |content: &Content| match content {
            Content::Project {
                stage: Some(stage), ..
            } => self.records[*stage].number(),
            _ => None,
        };
        let own = number(&before.working);
        let reached = own
            .or_else(|| before.public.as_ref().and_then(number))
            .or_else(|| before.progress.map(|progress| progress.reached));
        reached.map(|reached| Progress {
            reached,
            stopped: own.is_none(),
        })
    }

    fn take_off(&mut self, by: Roles, row: usize, archives: bool) -> Judged<Writes> {
        let before = Self::row(&self.records, row)?.clone();
        let mut against = Against::for_part(by.editor);
        against.unless(by.editor, "not_permitted");
        if archives {
            against.unless(!before.archived, "archived");
        } else {
            against.unless(before.public.is_some(), "not_public");
        }
        against.judged()?;
        let shown = self.is_shown(row);
        let record = &mut self.records[row];
        record.public = None;
        record.archived |= archives;
        if shown {
            if let Some(slug) = before
                .slug
                .filter(|_| before.working.kind() >= OfKind::Project)
            {
                self.feed.push(("left", slug));
            }
            self.revalidate();
        }
        Ok(Writes::Something)
    }
}
