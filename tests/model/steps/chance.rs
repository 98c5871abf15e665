//! How likely each step is.

use proptest::prelude::*;

use super::{By, Change, Draft, Pick, Seen, Step, What};
use crate::cast::{ACCOUNTS, LEGAL, NAMES, NOTES, SPEAKERS, TERMS, THEMES, anybody};
use crate::newsroom::{OfEdition, OfKind, OfOccasion, OfPage, OfRecord, OfTask, Plan, PlanTime};

fn pick() -> BoxedStrategy<Pick> {
    prop_oneof![12 => Just(Pick(0)), 10 => (0..6_u8).prop_map(Pick), 1 => Just(Pick::GONE)].boxed()
}

fn seen() -> impl Strategy<Value = Seen> {
    prop_oneof![5 => Just(Seen::Head), 2 => pick().prop_map(Seen::Any)]
}

fn seldom() -> impl Strategy<Value = bool> {
    prop_oneof![9 => Just(false), 1 => Just(true)]
}

fn mostly() -> impl Strategy<Value = bool> {
    seldom().prop_map(|no| !no)
}

fn person() -> impl Strategy<Value = u8> {
    prop_oneof![2 => Just(4), 2 => Just(5), 2 => Just(2), 1 => 0..10_u8]
}

fn name() -> impl Strategy<Value = (bool, Option<u8>)> {
    let one = 0..NAMES.len() as u8;
    prop_oneof![
        4 => one.clone().prop_map(|name| (false, Some(name))),
        2 => Just((true, None)),
        1 => one.prop_map(|name| (true, Some(name))),
    ]
}

fn change() -> BoxedStrategy<Change> {
    let consent = pick();
    prop_oneof![
        2 => Just(Change::Nothing),
        3 => (0..3_u8).prop_map(Change::Headline),
        1 => (3..5_u8).prop_map(Change::Headline),
        4 => (0..3_u8).prop_map(Change::Lead),
        3 => (0..3_u8).prop_map(Change::Paragraphs),
        2 => (0..SPEAKERS.len() as u8, consent)
            .prop_map(|(speaker, consent)| Change::Quote { speaker, consent }),
        1 => Just(Change::NoQuote),
        1 => Just(Change::NoCredit),
        3 => pick().prop_map(Change::Words),
        2 => pick().prop_map(Change::Photos),
        2 => (0..NAMES.len() as u8).prop_map(Change::Name),
        1 => Just(Change::Language),
        2 => Just(Change::Event),
    ]
    .boxed()
}

fn of_tasks() -> BoxedStrategy<What> {
    use OfTask::{Cancel, Close, Complete, Open, Reopen, Return};
    let event = proptest::sample::select(vec![
        Return, Open, Open, Open, Close, Reopen, Complete, Cancel,
    ]);
    let unit = prop_oneof![Just(Some(false)), Just(Some(true)), Just(None)];
    let claim_by = prop_oneof![3 => Just(None), 1 => (0..300_i16).prop_map(Some)];
    let revises = proptest::option::weighted(0.5, pick());
    let offer = (revises, unit, 0..4_u8, claim_by, 0..4_u8);
    prop_oneof![
        3 => offer.prop_map(|(revises, unit, places, claim_by, version)| What::Propose {
            revises, unit, places, claim_by, version
        }),
        4 => (pick(), event, seldom())
            .prop_map(|(task, event, blank)| What::Task { task, event, blank }),
        5 => pick().prop_map(What::Claim),
        2 => pick().prop_map(What::Release),
    ]
    .boxed()
}

fn of_people() -> BoxedStrategy<What> {
    let told = prop_oneof![2 => Just(None), 2 => Just(Some(true)), 1 => Just(Some(false))];
    prop_oneof![
        1 => person().prop_map(What::Admit),
        1 => person().prop_map(What::Rest),
        2 => (person(), name())
            .prop_map(|(person, (unnamed, name))| What::CreateByline { person, unnamed, name }),
        4 => (pick(), name(), told).prop_map(|(byline, (unnamed, name), told)| {
            What::ChangeByline { byline, unnamed, name, told }
        }),
        3 => (prop_oneof![3 => Just(8), 1 => 0..10_u8], any::<bool>(), pick())
            .prop_map(|(subject, image, thing)| What::GiveConsent { subject, image, thing }),
        2 => pick().prop_map(What::WithdrawConsent),
        2 => written(),
        1 => pick().prop_map(What::LookUp),
    ]
    .boxed()
}

fn start() -> BoxedStrategy<What> {
    let other = || proptest::option::weighted(0.15, person());
    let task = proptest::option::weighted(0.35, pick());
    (task, [other(), other()], 0..5_u8, seldom(), change())
        .prop_map(|(task, with, headline, english, change)| What::Start {
            task,
            with,
            headline,
            english,
            change,
        })
        .boxed()
}

fn of_editions() -> BoxedStrategy<What> {
    use OfEdition::{Decline, Dismiss, PullBack, Reopen, RequestChanges, SetAside, Withdraw};
    let event = proptest::sample::select(vec![
        SetAside,
        PullBack,
        RequestChanges,
        Dismiss,
        Decline,
        Withdraw,
        Reopen,
        Reopen,
    ]);
    let slug = proptest::option::weighted(0.4, 0..4_u8);
    prop_oneof![
        2 => pick().prop_map(What::OpenEdition),
        8 => (pick(), seen(), change())
            .prop_map(|(edition, parent, change)| What::Save { edition, parent, change }),
        3 => (pick(), 0..SPEAKERS.len() as u8)
            .prop_map(|(edition, speaker)| What::Quote { edition, speaker }),
        3 => (pick(), seen(), mostly(), mostly()).prop_map(|(edition, head, declared, ties)| {
            What::Submit { edition, head, declared, ties }
        }),
        3 => (pick(), seen()).prop_map(|(edition, head)| What::Accept { edition, head }),
        4 => (pick(), seen()).prop_map(|(edition, head)| What::Approve { edition, head }),
        4 => (pick(), seen(), slug)
            .prop_map(|(edition, head, slug)| What::Publish { edition, head, slug }),
        6 => (pick(), event, seldom())
            .prop_map(|(edition, event, blank)| What::Edition { edition, event, blank }),
    ]
    .boxed()
}

fn of_pages() -> BoxedStrategy<What> {
    use OfPage::{LiftPause, Pause, Republish};
    let event = proptest::sample::select(vec![Republish, Republish, Pause, LiftPause]);
    prop_oneof![
        4 => (pick(), 0..6_u8, pick(), seldom()).prop_map(|(variant, after, elsewhere, blank)| {
            What::Unpublish { variant, after, elsewhere, blank }
        }),
        5 => (pick(), event).prop_map(|(variant, event)| What::Page { variant, event }),
        2 => (pick(), proptest::option::weighted(0.3, 0..4_u8))
            .prop_map(|(variant, old)| What::DropRedirect { variant, old }),
    ]
    .boxed()
}

fn draft() -> impl Strategy<Value = Draft> {
    use OfKind::{Event, Image, Organisation, Project, Term};
    let kind = proptest::sample::select(vec![
        Organisation,
        Term,
        Term,
        Image,
        Project,
        Project,
        Event,
        Event,
    ]);
    let title = prop_oneof![8 => 0..6_u8, 1 => Just(6)];
    let other = proptest::option::weighted(0.3, 0..TERMS.len() as u8);
    let often = || proptest::option::weighted(0.85, pick());
    let seldom_named = proptest::option::weighted(0.4, pick());
    let refers = (often(), often(), seldom_named).prop_map(|(one, two, three)| [one, two, three]);
    let names = (title, 0..TERMS.len() as u8, other);
    (kind, names, refers, 0..3_u8, (mostly(), any::<bool>())).prop_map(
        |(kind, (title, name, other), refers, vocabulary, (one, two))| Draft {
            kind,
            title,
            name,
            other,
            refers,
            vocabulary,
            flags: [one, two],
        },
    )
}

fn plan() -> impl Strategy<Value = Plan> {
    use PlanTime::{Backwards, Known, Unknown};
    let time = prop_oneof![6 => Just(Known), 3 => Just(Unknown), 1 => Just(Backwards)];
    (0..THEMES.len() as u8, time).prop_map(|(theme, time)| Plan { theme, time })
}

fn of_records() -> BoxedStrategy<What> {
    use OfRecord::{Archive, Hide, Publish};
    let event = proptest::sample::select(vec![Publish, Publish, Publish, Publish, Hide, Archive]);
    let changes = proptest::option::weighted(0.6, pick());
    let revision = proptest::option::weighted(0.4, mostly());
    let event_row = prop_oneof![3 => Just(Pick(0)), 1 => pick()];
    let settle = proptest::sample::select(vec![
        OfOccasion::Confirm,
        OfOccasion::Complete,
        OfOccasion::Cancel,
    ]);
    prop_oneof![
        6 => (changes, revision, draft())
            .prop_map(|(changes, revision, content)| What::Put { changes, revision, content }),
        6 => (0..12_u8, event)
            .prop_map(|(record, event)| What::Record { record: Pick(record), event }),
        3 => (event_row, any::<bool>(), plan())
            .prop_map(|(event, confirmed, plan)| What::Plan { event, confirmed, plan }),
        1 => (pick(), plan()).prop_map(|(occasion, plan)| What::ChangePlan { occasion, plan }),
        3 => (pick(), settle, seldom())
            .prop_map(|(occasion, event, blank)| What::Occasion { occasion, event, blank }),
    ]
    .boxed()
}

fn written() -> impl Strategy<Value = What> {
    let name = prop_oneof![6 => 0..LEGAL.len() as u8 - 1, 1 => Just(LEGAL.len() as u8 - 1)];
    let account = proptest::option::weighted(0.5, 0..ACCOUNTS.len() as u8);
    let note = proptest::option::weighted(0.5, 0..NOTES.len() as u8);
    let whom = proptest::option::weighted(0.7, person());
    (whom, name, account, note).prop_map(|(person, name, account, note)| What::PutPerson {
        person,
        name,
        account,
        note,
    })
}

fn step() -> BoxedStrategy<Step> {
    let what = prop_oneof![
        4 => of_tasks(),
        3 => of_people(),
        2 => start(),
        8 => of_editions(),
        4 => of_pages(),
        5 => of_records(),
    ];
    let by = prop_oneof![2 => (0..12_u8).prop_map(By::Anyone), 1 => anybody().prop_map(By::One)];
    let again = prop_oneof![3 => Just(false), 1 => Just(true)];
    prop_oneof![
        2 => prop_oneof![4 => 1..200_i16, 1 => -90..0_i16].prop_map(|minutes| Step::Clock { minutes }),
        10 => (prop_oneof![3 => Just(Pick(0)), 1 => pick()], any::<bool>())
            .prop_map(|(edition, moves)| Step::Ahead { edition, moves }),
        6 => any::<u16>().prop_map(|which| Step::Move { which }),
        1 => Just(Step::Reopen),
        20 => (by, what, again).prop_map(|(by, what, again)| Step::Give { by, what, again }),
    ]
    .boxed()
}

/// A sequence: something is begun in most of them before anything else happens.
pub(crate) fn sequences() -> impl Strategy<Value = Vec<Step>> {
    let begins = start().prop_map(|what| Step::Give {
        by: By::Anyone(0),
        what,
        again: false,
    });
    let begins = proptest::collection::vec(begins, 0..3);
    let rest = proptest::collection::vec(step(), 1..48);
    (begins, rest).prop_map(|(mut steps, rest)| {
        steps.extend(rest);
        steps
    })
}
