//! Texts under work.

use super::{Against, Approval, Ask, Edition, Foretold, Judged, Latest, Newsroom};
use super::{ClaimState, EditionState as S, OfEdition, PageState, Revision, Text, Variant, Writes};
use crate::cast::{Person, Roles};

impl Newsroom {
    pub(super) fn of_editions(&mut self, by: Roles, ask: &Ask) -> Judged<Writes> {
        match ask {
            Ask::Start { task, with, text } => self.start(by, *task, with, text),
            Ask::OpenEdition { variant } => self.open_edition(by, *variant),
            Ask::Save {
                edition,
                parent,
                text,
            } => self.save(by, *edition, *parent, text),
            Ask::Submit {
                edition,
                head,
                declared,
                ties,
            } => self.submit(by, *edition, *head, *declared, *ties),
            Ask::Accept { edition, head } => self.accept(by, *edition, *head),
            Ask::Approve { edition, head } => self.approve(by, *edition, *head),
            Ask::Publish {
                edition,
                head,
                slug,
            } => self.publish(by, *edition, *head, *slug),
            Ask::Edition {
                edition,
                event,
                blank,
            } => self.step(by, *edition, *event, *blank),
            other => unreachable!("{other:?} is not of editions"),
        }
    }

    /// What a text names must be there.
    fn named_is_there(&self, text: &Text) -> Judged {
        for byline in text.bylines() {
            Self::row(&self.bylines, byline)?;
        }
        if let Some((_, consent)) = text.quote {
            Self::row(&self.consents, consent)?;
        }
        Ok(())
    }

    fn start(
        &mut self,
        by: Roles,
        task: Option<usize>,
        with: &[Person],
        text: &Text,
    ) -> Judged<Writes> {
        let twice = (1..with.len()).any(|n| with[..n].contains(&with[n]));
        if twice || !text.is_sound() {
            return Err(Foretold::Invalid);
        }
        self.named_is_there(text)?;
        let own = by.reporter || with.is_empty();
        let own = by.person.filter(|_| own);
        let others = with.iter().copied().filter(|other| Some(*other) != own);
        let authors: Vec<Person> = own.into_iter().chain(others).collect();
        let mut against = Against::for_part(by.editor);
        against.unless(by.reporter || by.editor, "not_permitted");
        if let Some(task) = task {
            Self::row(&self.tasks, task)?;
            let first = authors.first();
            against.unless(
                self.held(task).any(|claim| Some(&claim.reporter) == first),
                "no_claim",
            );
            let theirs = |claim: &&super::Claim| authors.contains(&claim.reporter);
            against.unless(
                self.held(task)
                    .filter(theirs)
                    .all(|claim| claim.state == ClaimState::Active),
                "claim_delivered",
            );
        }
        let own = by.person.filter(|_| by.reporter);
        let active = with
            .iter()
            .chain(&own)
            .all(|person| self.reporters.get(person) == Some(&true));
        against.unless(active, "reporter_not_active");
        against.judged()?;
        let person = by.person.unwrap();
        let (variant, edition, head) = (
            self.variants.len(),
            self.editions.len(),
            self.revisions.len(),
        );
        for claim in &mut self.claims {
            let held = Some(claim.task) == task && claim.holds_a_place();
            if held && authors.contains(&claim.reporter) {
                claim.variant = Some(variant);
            }
        }
        self.variants.push(Variant {
            task,
            english: text.english,
            state: PageState::Never,
            open: Some(edition),
            latest: None,
            slug: None,
            old: Vec::new(),
            first: None,
            updated: None,
            after: super::After::NotThere,
        });
        self.revisions.push(Revision {
            edition,
            writer: person,
            text: text.clone(),
        });
        self.editions.push(Edition {
            variant,
            state: S::Draft,
            authors,
            house: !by.reporter && with.is_empty(),
            opened_by: person,
            base: None,
            head,
            own: head,
            accepted: [].into(),
            declared: false,
            approval: None,
        });
        Ok(Writes::Something)
    }

    fn open_edition(&mut self, by: Roles, variant: usize) -> Judged<Writes> {
        let at = Self::row(&self.variants, variant)?;
        let before = at
            .latest
            .as_ref()
            .map(|latest| &self.editions[latest.edition]);
        let authors = before.map_or(&[][..], |before| &before.authors);
        let mut against = Against::for_part(by.editor || by.one_of(authors));
        let may = by.editor || (by.reporter && by.one_of(authors));
        against.unless(may, "not_permitted");
        against.unless(at.open.is_none(), "edition_open");
        against.unless(at.latest.is_some(), "not_public");
        against.judged()?;
        let Some(Latest { edition, revision }) = at.latest.clone() else {
            unreachable!()
        };
        let (id, head) = (self.editions.len(), self.revisions.len());
        let before = self.editions[edition].clone();
        self.revisions.push(Revision {
            edition: id,
            ..self.revisions[revision].clone()
        });
        self.editions.push(Edition {
            state: S::Draft,
            opened_by: by.person.unwrap(),
            base: Some(revision),
            head,
            own: head,
            accepted: before.authors.iter().copied().collect(),
            declared: false,
            approval: None,
            ..before
        });
        self.variants[variant].open = Some(id);
        Ok(Writes::Something)
    }

    /// The edition, when it and the revision named are there.
    pub(super) fn seen(&self, edition: usize, named: usize) -> Judged<Edition> {
        let edition = Self::row(&self.editions, edition)?;
        Self::row(&self.revisions, named)?;
        Ok(edition.clone())
    }

    /// A stale revision is a conflict for whoever could do it to the one there is.
    pub(super) fn pass(against: Against, edition: &Edition, named: usize) -> Judged {
        let could = !against.has("not_permitted") && !against.has("wrong_state");
        if named != edition.head && could {
            return Err(Foretold::Conflict);
        }
        against.judged()
    }

    fn save(&mut self, by: Roles, edition: usize, parent: usize, text: &Text) -> Judged<Writes> {
        if !text.is_sound() {
            return Err(Foretold::Invalid);
        }
        self.named_is_there(text)?;
        let before = self.seen(edition, parent)?;
        let author = by.one_of(&before.authors);
        let writes = author || (by.editor && by.is(before.opened_by));
        let (to, may) = match before.state {
            S::Draft | S::ChangesRequested => (Some(before.state), writes),
            S::Submitted => (Some(S::Submitted), by.editor),
            S::Approved if author => (Some(S::Draft), true),
            S::Approved => (Some(S::Submitted), by.editor),
            _ => (None, writes),
        };
        let mut against = Against::of_text(by, &before);
        against.unless(to.is_some(), "wrong_state");
        against.unless(may, "not_permitted");
        let english = self.variants[before.variant].english;
        against.unless(text.english == english, "other_language");
        Self::pass(against, &before, parent)?;
        if text == self.text(before.head) {
            return Ok(Writes::Nothing);
        }
        let to = to.unwrap();
        let own = author && before.state != S::Submitted;
        self.add_revision(edition, by.person.unwrap(), text.clone(), own);
        self.editions[edition].state = to;
        if before.state == S::Approved && to == S::Draft {
            self.move_claims(&before, ClaimState::Delivered, ClaimState::Active);
        }
        Ok(Writes::Something)
    }

    /// A new head: nobody has accepted it, and it is not approved.
    fn add_revision(&mut self, edition: usize, writer: Person, text: Text, own: bool) {
        let head = self.revisions.len();
        self.revisions.push(Revision {
            edition,
            writer,
            text,
        });
        let edition = &mut self.editions[edition];
        edition.head = head;
        if own {
            edition.own = head;
        }
        edition.accepted.clear();
        edition.approval = None;
    }

    /// What becomes of the claims that a first edition delivers on.
    pub(super) fn move_claims(&mut self, edition: &Edition, from: ClaimState, to: ClaimState) {
        let (Some(task), None) = (self.variants[edition.variant].task, edition.base) else {
            return;
        };
        for claim in &mut self.claims {
            let theirs = claim.task == task
                && claim.variant == Some(edition.variant)
                && edition.authors.contains(&claim.reporter);
            if theirs && claim.state == from {
                claim.state = to;
            }
        }
    }

    fn submit(
        &mut self,
        by: Roles,
        edition: usize,
        head: usize,
        declared: bool,
        ties: bool,
    ) -> Judged<Writes> {
        if !ties {
            return Err(Foretold::Invalid);
        }
        let before = self.seen(edition, head)?;
        let mut against = Against::of_text(by, &before);
        let right = matches!(before.state, S::Draft | S::ChangesRequested);
        against.unless(right, "wrong_state");
        let may = by.one_of(&before.authors) || (by.editor && by.is(before.opened_by));
        against.unless(may, "not_permitted");
        against.unless(declared, "not_declared");
        self.gates(
            self.text(before.head),
            &before.authors,
            before.variant,
            &mut against,
        );
        Self::pass(against, &before, head)?;
        self.editions[edition].state = S::Submitted;
        self.editions[edition].declared = true;
        self.move_claims(&before, ClaimState::Active, ClaimState::Delivered);
        Ok(Writes::Something)
    }

    fn accept(&mut self, by: Roles, edition: usize, head: usize) -> Judged<Writes> {
        let before = self.seen(edition, head)?;
        let mut against = Against::of_text(by, &before);
        against.unless(
            matches!(before.state, S::Submitted | S::Approved),
            "wrong_state",
        );
        let second = before.house && (by.editor || by.mentor || by.admin);
        against.unless(second || by.one_of(&before.authors), "not_permitted");
        Self::pass(against, &before, head)?;
        if self.editions[edition].accepted.insert(by.person.unwrap()) {
            return Ok(Writes::Something);
        }
        Ok(Writes::Nothing)
    }

    /// Whether every author stands behind the head.
    pub(super) fn all_accept(&self, edition: &Edition) -> bool {
        let writer = self.revisions[edition.head].writer;
        let behind = |author: &Person| edition.accepted.contains(author) || *author == writer;
        edition.authors.iter().all(behind)
    }

    fn approve(&mut self, by: Roles, edition: usize, head: usize) -> Judged<Writes> {
        let before = self.seen(edition, head)?;
        let mut against = Against::of_text(by, &before);
        against.unless(before.state == S::Submitted, "wrong_state");
        against.unless(by.editor, "not_permitted");
        against.unless(self.all_accept(&before), "not_accepted");
        let writer = self.revisions[before.head].writer;
        let mut behind = before.accepted.iter().chain([&writer]);
        against.unless(behind.any(|person| !by.is(*person)), "second_person_needed");
        self.gates(
            self.text(before.head),
            &before.authors,
            before.variant,
            &mut against,
        );
        Self::pass(against, &before, head)?;
        let by = by.person.unwrap();
        self.editions[edition].state = S::Approved;
        self.editions[edition].approval = Some(Approval {
            revision: before.head,
            by,
        });
        Ok(Writes::Something)
    }

    fn step(&mut self, by: Roles, edition: usize, event: OfEdition, blank: bool) -> Judged<Writes> {
        use OfEdition as E;
        if blank && matches!(event, E::RequestChanges | E::Dismiss | E::Decline) {
            return Err(Foretold::Invalid);
        }
        let before = Self::row(&self.editions, edition)?.clone();
        let author = by.one_of(&before.authors);
        let open = [S::Draft, S::Submitted, S::ChangesRequested];
        let (right, may, to) = match event {
            E::SetAside => (before.state == S::Submitted, by.editor, S::Submitted),
            E::PullBack => (before.state == S::Submitted, author, S::Draft),
            E::RequestChanges => (before.state == S::Submitted, by.editor, S::ChangesRequested),
            E::Dismiss => (before.state == S::Approved, by.editor, S::Submitted),
            E::Decline => (open.contains(&before.state), by.editor, S::Declined),
            E::Withdraw => {
                let right = open.contains(&before.state) || before.state == S::Approved;
                (right, author, S::Withdrawn)
            }
            E::Reopen => match before.state {
                S::Withdrawn => (true, author, S::Draft),
                S::Declined => (true, by.editor, S::Draft),
                _ => (false, author || by.editor, S::Draft),
            },
        };
        let mut against = Against::of_text(by, &before);
        against.unless(right, "wrong_state");
        against.unless(may, "not_permitted");
        let variant = before.variant;
        if event == E::SetAside {
            against.unless(before.head != before.own, "head_is_authors");
        }
        if event == E::Reopen {
            against.unless(self.variants[variant].open.is_none(), "edition_open");
            let live = self.variants[variant]
                .latest
                .as_ref()
                .map(|latest| latest.revision);
            against.unless(live == before.base, "base_not_live");
        }
        against.judged()?;
        self.editions[edition].state = to;
        match event {
            E::SetAside => {
                let Revision { writer, text, .. } = self.revisions[before.own].clone();
                self.add_revision(edition, writer, text, true);
            }
            E::Dismiss => self.editions[edition].approval = None,
            E::RequestChanges => {}
            E::Reopen => self.variants[variant].open = Some(edition),
            E::PullBack => self.move_claims(&before, ClaimState::Delivered, ClaimState::Active),
            E::Decline | E::Withdraw => {
                self.editions[edition].approval = None;
                self.variants[variant].open = None;
                self.move_claims(&before, ClaimState::Delivered, ClaimState::Active);
            }
        }
        Ok(Writes::Something)
    }
}
