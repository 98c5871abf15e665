//! Who takes part: invented people, and the organisations of the documents.

use cmss::{
    Actor, BylineForm, BylineId, BylineName, Medium, NewPerson, Organisation, OrganisationId,
    OrganisationKind, PersonId, Term, TermId, Vocabulary,
};

use crate::story::{FIRST_ADMIN, Failure, Story};

/// The people, as what they act, and the names they write under.
pub(crate) struct Cast {
    /// The editor.
    pub(crate) vera: Actor,
    /// An experienced journalist, the reporters' mentor.
    pub(crate) mona: Actor,
    /// Speaks for the employment administration.
    pub(crate) kim: Actor,
    /// A reporter.
    pub(crate) sol: Actor,
    /// Another one.
    pub(crate) livia: Actor,
    /// Somebody a text is about.
    pub(crate) olof: PersonId,
    pub(crate) sols: BylineId,
    pub(crate) livias: BylineId,
    /// What everybody is called, for those who may read the log.
    pub(crate) names: Vec<(PersonId, &'static str)>,
}

/// The organisations and terms that the pages name.
pub(crate) struct World {
    pub(crate) social_services: OrganisationId,
    pub(crate) employment: OrganisationId,
    pub(crate) city_office: OrganisationId,
    pub(crate) mothers: OrganisationId,
    pub(crate) democracy: TermId,
    pub(crate) integration: TermId,
    pub(crate) influence: TermId,
    pub(crate) plain_language: TermId,
}

/// Who everybody is, in an order of their own: name, mail, phone, and what the editor keeps in
/// mind. All of it is private.
const PEOPLE: [[&str; 4]; 6] = [
    [
        "Vera Vinge",
        "vera.vinge",
        "08-465 004 01",
        "Har hand om sidan sedan starten.",
    ],
    [
        "Mona Munterberg",
        "mona.m",
        "08-465 004 02",
        "Journalist i trettio år.",
    ],
    [
        "Kim Kvistling",
        "kim.k",
        "08-465 004 03",
        "Nås säkrast på förmiddagen.",
    ],
    [
        "Sol Sundin",
        "sol.s",
        "08-465 004 04",
        "Har sovit på många soffor.",
    ],
    [
        "Livia Lindesson",
        "livia.l",
        "08-465 004 05",
        "Anhörig, skriver helst kort.",
    ],
    [
        "Olof Askelund",
        "olof.a",
        "08-465 004 06",
        "Vill läsa sitt citat i förväg.",
    ],
];

pub(crate) async fn gather(story: &Story) -> Result<(Cast, World), Failure> {
    story.chapter("The newsroom and its people")?;
    let ada = story.cms.account(FIRST_ADMIN).await?;
    let ada = ada.ok_or("the store holds another newsroom than this example's")?;
    let admin = Actor::new(ada).admin();

    let mut names = vec![(ada, "Ada Almgren")];
    for [name, mail, phone, note] in PEOPLE {
        let person = NewPerson {
            email: Some(format!("{mail}@example.org")).into(),
            phone: Some(phone.to_owned()).into(),
            note: Some(note.to_owned()).into(),
            ..NewPerson::named(name)
        };
        let (at, key) = ("2026-03-02 08:05", format!("person {mail}"));
        let says = format!("Ada writes down {name}, for the newsroom only.");
        let step = story.step(at, &key, &admin, &says, async |desk| {
            desk.put_person(None, &person).await
        });
        names.push((step.await?, name));
    }
    let ids: Vec<_> = names.iter().map(|(id, _)| *id).collect();
    let [_, vera, mona, kim, sol, livia, olof] =
        <[PersonId; 7]>::try_from(ids).map_err(|_| "there are seven people")?;

    let editor = Actor::new(vera).editor();
    let world = world(story, &editor).await?;
    for (person, name) in [(sol, "Sol"), (livia, "Livia")] {
        let says = format!("Vera takes {name} on as a resident reporter.");
        let key = format!("admit {name}");
        let step = story.step("2026-03-02 09:00", &key, &editor, &says, async |desk| {
            desk.admit_reporter(person, &[Medium::Text, Medium::Photo])
                .await
        });
        step.await?;
    }
    let (sol, livia) = (Actor::new(sol).reporter(), Actor::new(livia).reporter());
    let cast = Cast {
        mona: Actor::new(mona).mentor(),
        kim: Actor::new(kim).unit_contact(world.employment),
        sols: byline(story, &sol, BylineForm::FullName, "Sol Sundin").await?,
        livias: byline(story, &livia, BylineForm::FirstName, "Livia").await?,
        vera: editor,
        sol,
        livia,
        olof,
        names,
    };
    Ok((cast, world))
}

async fn byline(
    story: &Story,
    reporter: &Actor,
    form: BylineForm,
    name: &str,
) -> Result<BylineId, Failure> {
    let person = reporter.person().ok_or("a reporter is a person")?;
    let shown = BylineName {
        form,
        name: Some(name.to_owned()),
    };
    let says = format!(
        "{name} chooses to sign with a {}.",
        crate::story::label(form).to_lowercase()
    );
    let key = format!("byline {name}");
    let step = story.step("2026-03-02 09:10", &key, reporter, &says, async |desk| {
        desk.create_byline(person, &shown).await
    });
    step.await
}

/// Writes down the organisations and terms, and lets pages name them.
async fn world(story: &Story, editor: &Actor) -> Result<World, Failure> {
    use OrganisationKind::{Administration, CivilSociety};
    Ok(World {
        social_services: organisation(story, editor, "Socialförvaltningen", Administration).await?,
        employment: organisation(story, editor, "Arbetsmarknadsförvaltningen", Administration)
            .await?,
        city_office: organisation(story, editor, "Stadsledningsförvaltningen", Administration)
            .await?,
        mothers: organisation(story, editor, "Stadsdelsmammorna", CivilSociety).await?,
        democracy: term(
            story,
            editor,
            Vocabulary::Category,
            "demokrati",
            "Demokrati",
        )
        .await?,
        integration: term(
            story,
            editor,
            Vocabulary::Category,
            "integration",
            "Integration",
        )
        .await?,
        influence: term(story, editor, Vocabulary::Topic, "inflytande", "Inflytande").await?,
        plain_language: term(story, editor, Vocabulary::Topic, "klarsprak", "Klarspråk").await?,
    })
}

async fn organisation(
    story: &Story,
    editor: &Actor,
    name: &str,
    kind: OrganisationKind,
) -> Result<OrganisationId, Failure> {
    let organisation = Organisation {
        name: name.to_owned(),
        kind,
        parent: None,
        url: None,
    };
    let (at, key) = ("2026-03-02 08:20", format!("organisation {name}"));
    let says = format!("Vera writes down {name}.");
    let step = story.step(at, &key, editor, &says, async |desk| {
        desk.put_organisation(None, &organisation).await
    });
    let id = step.await?;
    publish(story, at, editor, id, name).await?;
    Ok(id)
}

async fn term(
    story: &Story,
    editor: &Actor,
    vocabulary: Vocabulary,
    slug: &str,
    label: &str,
) -> Result<TermId, Failure> {
    let term = Term {
        vocabulary,
        slug: slug.parse()?,
        label: label.to_owned(),
        aliases: Vec::new(),
        progress: None,
        requires_lessons: false,
    };
    let (at, key) = ("2026-03-02 08:40", format!("term {slug}"));
    let says = format!(
        "Vera adds a {}: {label}.",
        crate::story::label(vocabulary).to_lowercase()
    );
    let step = story.step(at, &key, editor, &says, async |desk| {
        desk.put_term(None, &term).await
    });
    let id = step.await?;
    publish(story, at, editor, id, label).await?;
    Ok(id)
}

/// Publishes a record.
pub(crate) async fn publish(
    story: &Story,
    at: &str,
    editor: &Actor,
    record: impl Into<cmss::RecordRef>,
    name: &str,
) -> Result<(), Failure> {
    let record = record.into();
    let key = format!("publish {name}");
    let says = format!("Vera publishes {name}.");
    let step = story.step(at, &key, editor, &says, async |desk| {
        desk.publish_record(record).await
    });
    step.await
}
