//! Who acts in the sequences, and what the words are that they write.

use proptest::prelude::*;

/// The persons, by their place in the tables: see [`PERSONS`].
pub(crate) type Person = usize;

/// The legal names, which no byline shows: none may ever stand in a public answer.
pub(crate) const PERSONS: [&str; 9] = [
    "Ada Almgrensdotter",
    "Vera Vingedotter",
    "Nils Norlingsson",
    "Mona Munterdotter",
    "Solveig Sundinsdotter",
    "Livia Lindsdotter",
    "Kim Kvistsson",
    "Bo Bergsson",
    "Iris Isbergsdotter",
];

/// All that a person may be named: those above, and those of whom somebody is written down later
/// with; the last is no name.
pub(crate) const LEGAL: [&str; 12] = [
    PERSONS[0],
    PERSONS[1],
    PERSONS[2],
    PERSONS[3],
    PERSONS[4],
    PERSONS[5],
    PERSONS[6],
    PERSONS[7],
    PERSONS[8],
    "Yngve Yllefabriksson",
    "Zelda Zinkgruvedotter",
    " ",
];

/// Account keys.
pub(crate) const ACCOUNTS: [&str; 3] = ["konto-ett", "konto-tva", "konto-tre"];

/// What an editor keeps in mind of a person.
pub(crate) const NOTES: [&str; 2] = ["Skriver helst om mat.", "Ring efter klockan tio."];

/// Titles of records and the addresses they make: two make the same, one makes none, and one is no
/// title. The last two are those of stages that are there from the start.
pub(crate) const TITLES: [(&str, Option<&str>); 9] = [
    ("Öppet hus i parken", Some("oppet-hus-i-parken")),
    ("Öppet hus i Parken!", Some("oppet-hus-i-parken")),
    ("Grannar läser högt", Some("grannar-laser-hogt")),
    ("Biblioteket", Some("biblioteket")),
    ("Badhuset", Some("badhuset")),
    ("!!!", None),
    (" ", None),
    ("Idé", Some("ide")),
    ("Avbruten", Some("avbruten")),
];

/// Slugs and other names of terms.
pub(crate) const TERMS: [&str; 5] = ["ide", "avbruten", "skolor", "parker", "grannskap"];

/// What occasions are about.
pub(crate) const THEMES: [&str; 3] = ["Premiär", "Om kaffe", "Sista gången"];

/// Why occasions are called off.
pub(crate) const CALLED_OFF: &str = "Ingen kunde komma.";

pub(crate) const VERA: Person = 1;
pub(crate) const NILS: Person = 2;
pub(crate) const SOL: Person = 4;
pub(crate) const LIV: Person = 5;

/// Who gives a command, in which roles.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Who {
    Ada,
    Vera,
    Nils,
    /// Nils as editor and as reporter at once.
    NilsInBoth,
    Mona,
    Sol,
    Liv,
    Kim,
    Bo,
    /// A person without any role.
    Iris,
    Visitor,
    Clock,
}

/// What the host vouches for.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Roles {
    pub(crate) person: Option<Person>,
    pub(crate) editor: bool,
    pub(crate) reporter: bool,
    pub(crate) mentor: bool,
    pub(crate) admin: bool,
    /// For which unit somebody speaks.
    pub(crate) unit: Option<usize>,
}

impl Who {
    pub(crate) fn roles(self) -> Roles {
        let of = |person| Roles {
            person: Some(person),
            ..Roles::default()
        };
        match self {
            Self::Ada => Roles {
                admin: true,
                ..of(0)
            },
            Self::Vera => Roles {
                editor: true,
                ..of(VERA)
            },
            Self::Nils => Roles {
                editor: true,
                ..of(NILS)
            },
            Self::NilsInBoth => Roles {
                editor: true,
                reporter: true,
                ..of(NILS)
            },
            Self::Mona => Roles {
                mentor: true,
                ..of(3)
            },
            Self::Sol => Roles {
                reporter: true,
                ..of(SOL)
            },
            Self::Liv => Roles {
                reporter: true,
                ..of(LIV)
            },
            Self::Kim => Roles {
                unit: Some(0),
                ..of(6)
            },
            Self::Bo => Roles {
                unit: Some(1),
                ..of(7)
            },
            Self::Iris => of(8),
            Self::Visitor | Self::Clock => Roles::default(),
        }
    }
}

/// Everybody, the busy ones more often.
pub(crate) fn anybody() -> impl Strategy<Value = Who> {
    prop_oneof![
        4 => Just(Who::Vera),
        2 => Just(Who::Nils),
        2 => Just(Who::NilsInBoth),
        5 => Just(Who::Sol),
        3 => Just(Who::Liv),
        1 => Just(Who::Ada),
        1 => Just(Who::Mona),
        1 => Just(Who::Kim),
        1 => Just(Who::Bo),
        1 => Just(Who::Iris),
        1 => Just(Who::Visitor),
        1 => Just(Who::Clock),
    ]
}

/// Headlines and the addresses they make: two of them make the same, one makes none, and the last
/// is no headline.
pub(crate) const HEADLINES: [(&str, Option<&str>); 5] = [
    ("Kaffe på torget", Some("kaffe-pa-torget")),
    ("Kaffe på Torget!", Some("kaffe-pa-torget")),
    ("Mötet om bussen", Some("motet-om-bussen")),
    ("???", None),
    ("  ", None),
];

/// Addresses that are asked for by name; the last is none.
pub(crate) const SLUGS: [&str; 4] = [
    "kaffe-pa-torget",
    "kaffe-pa-torget-2",
    "ny-adress",
    "Fel Adress",
];

/// Names that bylines and free credits show, and the addresses they make.
pub(crate) const NAMES: [(&str, &str); 5] = [
    ("Sol Ström", "sol-strom"),
    ("Liv", "liv"),
    ("Måsen", "masen"),
    ("måsen", "masen"),
    ("Tranan", "tranan"),
];

/// Names of people who are quoted.
pub(crate) const SPEAKERS: [&str; 2] = ["Gullan Grannström", "Hasse Hallåsare"];
