//! Steps that are chosen by what the newsroom is like: they take random sequences to where there is
//! something to see.

use crate::cast::{SLUGS, SOL, THEMES, Who};
use crate::newsroom::{
    Ask, Consent, Content, Covers, EVENT, EditionState, Newsroom, OfEdition, OfKind, OfOccasion,
    OfPage, OfRecord, OfTask, OfferText, Plan, PlanTime, Record, STAGES,
};
use crate::resolve::{EVERYBODY, OLDER, Trial, first_done, row, sound};
use crate::steps::Pick;

/// What has happened before a sequence begins: an assignment with two places, one of them taken,
/// and the text for it, which is live.
pub(crate) fn before(newsroom: &Newsroom) -> [(Who, Ask); 7] {
    let offer = OfferText {
        unit: Some(0),
        places: 2,
        claim_by: None,
        version: 0,
    };
    let start = Ask::Start {
        task: Some(0),
        with: Vec::new(),
        text: sound(newsroom, Some(SOL), 0),
    };
    let (edition, head) = (0, 0);
    let submit = Ask::Submit {
        edition,
        head,
        declared: true,
        ties: true,
    };
    let publish = Ask::Publish {
        edition,
        head,
        slug: None,
    };
    let open = Ask::Task {
        task: 0,
        event: OfTask::Open,
        blank: false,
    };
    [
        (
            Who::Kim,
            Ask::Propose {
                revises: None,
                offer,
            },
        ),
        (Who::Vera, open),
        (Who::Sol, Ask::Claim { task: 0 }),
        (Who::Sol, start),
        (Who::Sol, submit),
        (Who::Vera, Ask::Approve { edition, head }),
        (Who::Vera, publish),
    ]
}

/// What takes an edition nearer to its page; another edition, where it is public already.
pub(crate) fn ahead(newsroom: &Newsroom, pick: Pick, moves: bool) -> (Who, Ask) {
    let open = |row: &usize| {
        use EditionState::{Approved, ChangesRequested, Draft, Submitted};
        let state = newsroom.editions[*row].state;
        matches!(state, Draft | Submitted | ChangesRequested | Approved)
    };
    let rows: Vec<usize> = (0..newsroom.editions.len()).filter(open).collect();
    let Some(edition) = rows.get(row(pick, rows.len())).copied() else {
        let given = |variant| move |who| (who, Ask::OpenEdition { variant });
        let variant = row(pick, newsroom.variants.len());
        return first_done(newsroom, EVERYBODY.into_iter().map(given(variant)))
            .unwrap_or((Who::Vera, Ask::OpenEdition { variant }));
    };
    let at = &newsroom.editions[edition];
    let head = at.head;
    let author = at.authors.first().copied();
    let mut repaired = sound(newsroom, author, newsroom.text(head).headline);
    repaired.english = newsroom.variants[at.variant].english;
    let publish = |slug| Ask::Publish {
        edition,
        head,
        slug,
    };
    let mut slugs = [None, Some(SLUGS[head % 3])];
    if moves {
        slugs.reverse();
    }
    let asks = [
        publish(slugs[0]),
        publish(slugs[1]),
        Ask::Approve { edition, head },
        Ask::Accept { edition, head },
        Ask::Submit {
            edition,
            head,
            declared: true,
            ties: true,
        },
        Ask::Save {
            edition,
            parent: head,
            text: repaired,
        },
    ];
    let given = asks
        .iter()
        .flat_map(|ask| EVERYBODY.map(|who| (who, ask.clone())));
    first_done(newsroom, given).unwrap_or((Who::Vera, asks[2].clone()))
}

/// One of the moves that somebody may make, a new offer among them: every kind of move is as likely as any other.
pub(crate) fn any_move(newsroom: &Newsroom, which: usize) -> Option<(Who, Ask)> {
    use {OfEdition as E, OfPage as P, OfTask as T};
    let newest = |rows: usize| rows.saturating_sub(usize::from(OLDER))..rows;
    let blank = false;
    let mut kinds: Vec<Vec<Ask>> = Vec::new();
    for event in [T::Return, T::Close, T::Reopen, T::Complete, T::Cancel] {
        let of = |task| Ask::Task { task, event, blank };
        kinds.push(newest(newsroom.tasks.len()).map(of).collect());
    }
    for event in [
        E::SetAside,
        E::PullBack,
        E::RequestChanges,
        E::Dismiss,
        E::Decline,
        E::Withdraw,
        E::Reopen,
    ] {
        let of = |edition| Ask::Edition {
            edition,
            event,
            blank,
        };
        kinds.push(newest(newsroom.editions.len()).map(of).collect());
    }
    for event in [P::Republish, P::Pause, P::LiftPause] {
        let of = |variant| Ask::Page { variant, event };
        kinds.push(newest(newsroom.variants.len()).map(of).collect());
    }
    let revised = |task: usize| {
        let mut offer = newsroom.tasks[task].offer.clone();
        offer.version = offer.version.wrapping_add(1);
        let revises = Some(task);
        Ask::Propose { revises, offer }
    };
    kinds.push(newest(newsroom.tasks.len()).map(revised).collect());
    let old = newsroom.variants.iter().enumerate();
    let old = old.filter_map(|(row, page)| Some((row, page.old.first()?)));
    let drop = |(variant, slug): (usize, &String)| Ask::DropRedirect {
        variant,
        slug: slug.clone(),
    };
    kinds.push(old.map(drop).collect());
    let release = |claim| Ask::Release { claim };
    kinds.push(newest(newsroom.claims.len()).map(release).collect());

    kinds.extend(of_records(newsroom));

    let mut trial = Trial::of(newsroom);
    let mut may = |ask: Ask| {
        let movers = [Who::Sol, Who::Liv, Who::NilsInBoth, Who::Vera];
        let who = movers.into_iter().find(|who| trial.is_done(*who, &ask))?;
        Some((who, ask))
    };
    let kinds = kinds.into_iter();
    let kinds = kinds.map(|asks| asks.into_iter().filter_map(&mut may).collect::<Vec<_>>());
    let kinds: Vec<_> = kinds.filter(|kind| !kind.is_empty()).collect();
    let kind = kinds.get(which % kinds.len().max(1))?;
    kind.get(which / kinds.len() % kind.len()).cloned()
}

/// The moves of records and occasions, kind by kind.
fn of_records(newsroom: &Newsroom) -> Vec<Vec<Ask>> {
    let newest = |rows: usize| rows.saturating_sub(usize::from(OLDER))..rows;
    let (records, occasions) = (newsroom.records.len(), newsroom.occasions.len());
    let mut kinds: Vec<Vec<Ask>> = Vec::new();
    for event in [OfRecord::Publish, OfRecord::Hide, OfRecord::Archive] {
        let of = |record| Ask::Record { record, event };
        kinds.push(newest(records).chain([EVENT]).map(of).collect());
    }
    let blank = false;
    for event in [
        OfOccasion::Confirm,
        OfOccasion::Complete,
        OfOccasion::Cancel,
    ] {
        let of = |occasion| Ask::Occasion {
            occasion,
            event,
            blank,
        };
        kinds.push(newest(occasions).map(of).collect());
    }
    let changed = |occasion: usize| {
        let mut plan = newsroom.occasions[occasion].working;
        plan.theme = (plan.theme + 1) % THEMES.len() as u8;
        Ask::ChangePlan { occasion, plan }
    };
    kinds.push(newest(occasions).map(changed).collect());
    let planned = |confirmed| Ask::Plan {
        event: EVENT,
        confirmed,
        plan: Plan {
            theme: 0,
            time: PlanTime::Known,
        },
    };
    kinds.push([false, true].map(planned).into());
    // Each project in another stage.
    let moved = newsroom.records.iter().enumerate();
    let moved = moved.filter_map(|(row, record)| {
        let mut content = record.working.clone();
        let Content::Project { stage, .. } = &mut content else {
            return None;
        };
        *stage = Some(if *stage == Some(STAGES[0]) {
            STAGES[1]
        } else {
            STAGES[0]
        });
        Some(Ask::Put {
            changes: Some(row),
            revision: Some(record.revision),
            content,
        })
    });
    kinds.push(moved.collect());
    kinds.extend(of_images(newsroom));
    kinds
}

/// Each image with somebody in it who has agreed; and that they do not any more.
fn of_images(newsroom: &Newsroom) -> [Vec<Ask>; 2] {
    let images = newsroom.records.iter().enumerate();
    let images: Vec<_> = images
        .filter(|(_, record)| record.kind() == OfKind::Image)
        .collect();
    let agreed = |image: usize| {
        let holds = |consent: &Consent| consent.holds_for(Covers::Image(image));
        newsroom.consents.iter().rposition(holds)
    };
    let depicts = |(row, record): &(usize, &Record)| match agreed(*row) {
        None => Ask::GiveConsent {
            subject: 8,
            covers: Covers::Image(*row),
        },
        Some(consent) => Ask::Put {
            changes: Some(*row),
            revision: None,
            content: Content::Image {
                title: record.working.title(),
                person: Some(consent),
            },
        },
    };
    let withdrawn = images.iter().filter_map(|(row, _)| agreed(*row));
    let withdrawn = withdrawn.map(|consent| Ask::WithdrawConsent { consent });
    [images.iter().map(depicts).collect(), withdrawn.collect()]
}
