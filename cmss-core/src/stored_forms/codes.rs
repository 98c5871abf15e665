//! The spellings of closed sets: written on disk, and in what others keep.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Serialize;

use crate::values::{Coded, DayPart, FaultCode, Mark, YearPart};
use crate::{
    AssignmentKind, AssignmentState, Audience, BylineForm, Capacity, Certainty, ClaimState,
    CreditRole, EditionKind, EditionState, EventKind, Medium, OccasionStatus, OrganisationKind,
    PageKind, ProgrammeState, PublicCopy, PublicationState, Role, Vocabulary,
};

/// The spellings of a coded set, as serde says them, which must be what `code` says.
fn codes<C: Coded + Serialize>() -> String {
    let codes = C::ALL.iter().map(|case| {
        let spelled = serde_json::to_value(case).unwrap();
        assert_eq!(spelled, case.code());
        case.code()
    });
    codes.collect::<Vec<_>>().join(" ")
}

/// The spellings of a set that has no `ALL`.
fn spelled<S: Serialize>(cases: impl IntoIterator<Item = S>) -> String {
    let spelled = cases.into_iter().map(|case| {
        let spelled = serde_json::to_value(&case).unwrap();
        spelled.as_str().unwrap().to_owned()
    });
    spelled.collect::<Vec<_>>().join(" ")
}

/// The cases of a set: a case that is left out does not compile.
macro_rules! cases {
    ($name:ident: $($case:ident),* $(,)?) => {{
        let known = |case| match case { $($name::$case)|* => case };
        [$($name::$case),*].map(known)
    }};
}

macro_rules! all_codes {
    ($($name:ident),* $(,)?) => {
        BTreeMap::from([$((stringify!($name), codes::<$name>()),)*])
    };
}

fn all() -> BTreeMap<&'static str, String> {
    let mut all = all_codes![
        AssignmentKind,
        AssignmentState,
        Audience,
        Capacity,
        BylineForm,
        Certainty,
        ClaimState,
        CreditRole,
        EditionKind,
        EditionState,
        EventKind,
        Medium,
        OccasionStatus,
        OrganisationKind,
        PageKind,
        ProgrammeState,
        PublicCopy,
        PublicationState,
        Role,
        Vocabulary,
    ];
    let faults = cases!(FaultCode:
        Empty, TooLong, TooMany, TooFew, TooSmall, TooLarge, ForbiddenCharacter, Malformed,
        UnknownField, Missing, Duplicate, FileName, Inconsistent, NoSuchTime,
    );
    for fault in faults {
        assert_eq!(serde_json::to_value(fault).unwrap(), fault.code());
    }
    all.insert("FaultCode", spelled(faults));
    all.insert("Mark", spelled(cases!(Mark: Strong, Emphasis)));
    let parts = cases!(DayPart: Forenoon, Afternoon, Evening, WholeDay);
    all.insert("DayPart", spelled(parts));
    let parts = cases!(YearPart: FirstHalf, SecondHalf, Spring, Summer, Autumn, Winter);
    all.insert("YearPart", spelled(parts));
    all
}

#[test]
fn every_closed_set_is_spelled_as_it_was() {
    let lines = all().into_iter();
    let lines: String = lines
        .map(|(name, codes)| format!("{name}: {codes}\n"))
        .collect();
    let file = super::snapshots().join("codes.txt");
    if std::env::var_os("CMSS_WRITE_SNAPSHOTS").is_some() {
        fs::write(&file, &lines).unwrap();
    }
    assert_eq!(lines, fs::read_to_string(file).unwrap());
}

/// The public closed sets that a source file declares.
fn declared(path: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            declared(&path, found);
            continue;
        }
        let source = fs::read_to_string(path).unwrap();
        for (at, _) in source.match_indices("\ncoded! {") {
            let rest = source.get(at..).unwrap_or_default();
            let (before, rest) = rest.split_once("enum ").unwrap();
            let (name, _) = rest.split_once(' ').unwrap();
            if before.ends_with("pub ") {
                found.insert(name.to_owned());
            }
        }
    }
}

#[test]
fn no_closed_set_is_left_out() {
    // What happens in a machine is not public, and is not stored.
    let mut found = BTreeSet::new();
    declared(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
    );
    let all = all();
    let missing: Vec<_> = found
        .iter()
        .filter(|name| !all.contains_key(name.as_str()))
        .collect();
    assert!(missing.is_empty() && found.len() > 15, "{missing:?}");
}
