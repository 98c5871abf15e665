//! What its pages tell.

use serde_json::{Value, json};

use crate::example::site;

fn page(path: &str) -> Value {
    serde_json::from_str(&site()[path]).unwrap()
}

/// The part at a place.
fn part<'a>(page: &'a Value, place: &Value) -> &'a Value {
    let index = usize::try_from(place["part"].as_u64().unwrap()).unwrap();
    &page["parts"][index]
}

fn occasions() -> Vec<Value> {
    let group = page("events/utvecklingsgruppen-2017.json");
    group["page"]["occasions"].as_array().unwrap().clone()
}

/// The occasion that begins then.
fn begins(at: &str) -> Value {
    let mut all = occasions().into_iter();
    all.find(|one| one["starts_at"] == at).unwrap()
}

#[test]
fn the_index_is_everything_by_kind_then_address() {
    let order = [
        ("article", "brevet-som-nagon-laste-fore-dig"),
        ("article", "invanarna-satt-med-nar-aret-planerades"),
        ("article", "invanarreporter"),
        ("event", "utvecklingsdag-den-16-maj"),
        ("event", "utvecklingsgruppen-2017"),
        ("project", "invanarmedverkan-i-namndens-mal"),
        ("project", "megafonen-till-invanare"),
    ];
    let texts = order.map(|(kind, slug)| site()[&format!("{kind}s/{slug}.json")].clone());
    assert_eq!(site()["index.json"], format!("[{}]", texts.join(",")));
    // And the file that names them all.
    assert_eq!(site().len(), order.len() + 2);
    for (kind, slug) in order {
        let page = &page(&format!("{kind}s/{slug}.json"))["page"];
        assert_eq!(
            [&page["kind"], &page["slug"], &page["language"]],
            [kind, slug, "sv"]
        );
        for field in ["title", "published_at", "updated_at"] {
            assert!(page[field].is_string(), "{slug} has no {field}");
        }
    }
}

#[test]
fn the_programme_says_why_how_and_who() {
    let programme = page("articles/invanarreporter.json");
    let blocks = programme["page"]["blocks"].as_array().unwrap();
    let headings = blocks.iter().filter(|block| block["type"] == "heading");
    let headings: Vec<_> = headings
        .map(|block| block["spans"][0]["text"].clone())
        .collect();
    let asked = [
        "Varför finns det?",
        "Hur går det till?",
        "Vem kan bli det?",
        "Vem frågar du?",
    ];
    assert_eq!(headings, asked);
    assert_eq!(
        programme["page"]["published_at"],
        "2026-03-03T13:15:00+01:00"
    );
    assert!(site()["articles/invanarreporter.json"].contains("mailto:redaktionen@example.org"));
}

#[test]
fn the_development_day_has_a_day_and_no_year() {
    let day = &page("events/utvecklingsdag-den-16-maj.json")["page"];
    assert_eq!(day["save_the_date"], true);
    assert_eq!(day["programme"], "to_come");
    assert_eq!(day["event_kind"], "development_day");
    assert_eq!(day["groups"].as_array().unwrap().len(), 9);
    let occasion = &day["occasions"][0];
    let when = json!({"grade": "month_day", "month": 5, "day": 16, "part": "forenoon"});
    assert_eq!(occasion["when"], when);
    assert_eq!(
        [&occasion["starts_at"], &occasion["ends_at"]],
        [&Value::Null, &Value::Null]
    );
    assert!(occasion["place"].as_str().unwrap().contains("Bredgatan"));
}

#[test]
fn the_first_meeting_was_held_and_its_day_is_unknown() {
    let all = occasions();
    assert_eq!(all.len(), 8);
    let held: Vec<_> = all
        .iter()
        .filter(|one| one["status"] == "took_place")
        .collect();
    let [held] = held[..] else { panic!("{held:?}") };
    let when = json!({"grade": "term", "part": "first_half", "year": 2017});
    assert_eq!([&held["when"], &held["starts_at"]], [&when, &Value::Null]);
}

#[test]
fn the_seven_dates_are_those_that_were_set() {
    let exact = [
        (
            "2017-02-16T13:00:00+01:00",
            "2017-02-16T15:00:00+01:00",
            "confirmed",
            None,
        ),
        (
            "2017-02-23T09:00:00+01:00",
            "2017-02-23T16:00:00+01:00",
            "confirmed",
            Some("Miatorp"),
        ),
        (
            "2017-03-23T13:00:00+01:00",
            "2017-03-23T15:00:00+01:00",
            "confirmed",
            None,
        ),
        (
            "2017-04-20T09:00:00+02:00",
            "2017-04-20T16:00:00+02:00",
            "confirmed",
            Some("Norrehed"),
        ),
        (
            "2017-05-18T13:00:00+02:00",
            "2017-05-18T15:00:00+02:00",
            "confirmed",
            None,
        ),
        (
            "2017-06-12T13:00:00+02:00",
            "2017-06-12T15:00:00+02:00",
            "tentative",
            Some("Cafeterian, Järnvägsgatan 35"),
        ),
    ];
    for (start, end, certainty, place) in exact {
        let one = begins(start);
        assert_eq!([&one["ends_at"], &one["certainty"]], [end, certainty]);
        assert_eq!(one["status"], "planned");
        match place {
            None => assert_eq!(one["place"], Value::Null),
            Some(place) => assert!(one["place"].as_str().unwrap().contains(place)),
        }
    }
    assert!(
        occasions()
            .iter()
            .all(|one| one["open_to_residents"] == true)
    );
    assert_eq!(begins("2017-03-23T13:00:00+01:00")["theme"], Value::Null);
}

#[test]
fn residents_are_at_a_part_of_the_workshop() {
    let segments = begins("2017-02-23T09:00:00+01:00")["segments"].clone();
    let segments: Vec<_> = segments.as_array().unwrap().iter().collect();
    let said = |segment: &Value| json!([segment["start"], segment["end"], segment["audience"]]);
    let expected = [
        json!(["09:00", "14:00", "residents"]),
        json!(["14:00", "16:00", "staff"]),
    ];
    assert_eq!(segments.into_iter().map(said).collect::<Vec<_>>(), expected);
}

#[test]
fn the_joint_meeting_is_tentative_and_has_a_day_without_a_time() {
    let all = occasions();
    let joint = all
        .iter()
        .find(|one| one["when"]["date"] == "2017-05-22")
        .unwrap();
    assert_eq!(joint["when"], json!({"grade": "day", "date": "2017-05-22"}));
    assert_eq!(
        [&joint["certainty"], &joint["status"]],
        ["tentative", "planned"]
    );
    assert_eq!(
        [&joint["starts_at"], &joint["ends_at"]],
        [&Value::Null, &Value::Null]
    );
    let group = joint["groups"][0].as_str().unwrap();
    assert!(group.contains("socialförvaltningen") && group.contains("arbetsmarknadsförvaltningen"));
}

#[test]
fn the_pilot_project_names_no_owner() {
    let file = page("projects/invanarmedverkan-i-namndens-mal.json");
    let project = &file["page"];
    assert_eq!(
        [&project["published_at"], &project["updated_at"]],
        ["2021-10-11", "2024-05-24"]
    );
    let (stage, category) = (
        part(&file, &project["stage"]),
        part(&file, &project["category"]),
    );
    assert_eq!(
        [&stage["slug"], &stage["label"]],
        ["pilot", "Testas som pilot"]
    );
    assert_eq!(stage["progress"], 50);
    assert_eq!(category["label"], "Demokrati");
    for absent in ["owner", "participants", "partners", "cost_so_far"] {
        assert_eq!(project.get(absent), None, "{absent}");
    }
    let contacts = project["contacts"].as_array().unwrap();
    assert_eq!(contacts.len(), 1);
    assert_eq!(project["goals"][0]["completed"], false);
}

#[test]
fn the_finished_project_is_owned_by_one_and_run_with_another() {
    let file = page("projects/megafonen-till-invanare.json");
    let project = &file["page"];
    assert_eq!(
        [&project["published_at"], &project["updated_at"]],
        ["2021-05-07", "2024-05-24"]
    );
    let (stage, category) = (
        part(&file, &project["stage"]),
        part(&file, &project["category"]),
    );
    assert_eq!(
        [&stage["slug"], &stage["label"]],
        ["realiserad", "Realiserad"]
    );
    assert_eq!(stage["progress"], 100);
    assert_eq!(category["label"], "Integration");
    assert_eq!(
        project["cost_so_far"],
        json!({"minor": 500_000, "currency": "SEK"})
    );
    let named = |place: &Value| part(&file, place)["name"].clone();
    assert_eq!(named(&project["owner"]), "Arbetsmarknadsförvaltningen");
    assert_eq!(
        named(&project["participants"][0]),
        "Stadsledningsförvaltningen"
    );
    assert_eq!(named(&project["partners"][0]), "Stadsdelsmammorna");
    let goal = &project["goals"][0];
    assert_eq!(goal["completed"], true);
    assert!(goal["result"].as_str().unwrap().contains("1500 samtal"));
}

#[test]
fn the_report_shows_a_quote_and_a_photo_that_were_agreed_to() {
    let file = page("articles/invanarna-satt-med-nar-aret-planerades.json");
    let article = &file["page"];
    let blocks = article["blocks"].as_array().unwrap();
    let block = |kind: &str| blocks.iter().find(|block| block["type"] == kind).unwrap();
    let quote = part(&file, &block("quote")["quote"]);
    assert_eq!([&quote["type"], &quote["speaker"]], ["quote", "Olle"]);
    let image = part(&file, &block("image")["image"]);
    assert_eq!([&image["type"], &image["credit"]["by"]], ["image", "page"]);
    assert!(image["alt"].as_str().unwrap().contains("bord"));
    let goal = block("fact_box").to_string();
    assert!(goal.contains("50 procent") && goal.contains("2017"));
    assert!(file.to_string().contains("Klarspråksgruppen"));
    assert_eq!(
        article["lead"].as_str().unwrap().matches("2017").count(),
        1,
        "as it was edited"
    );
    let linked = part(&file, &article["events"][0]);
    assert_eq!(
        [&linked["kind"], &linked["slug"]],
        ["event", "utvecklingsgruppen-2017"]
    );
}

#[test]
fn past_pages_show_the_pen_name() {
    for slug in [
        "brevet-som-nagon-laste-fore-dig",
        "invanarna-satt-med-nar-aret-planerades",
    ] {
        let file = page(&format!("articles/{slug}.json"));
        for credit in file["page"]["credits"].as_array().unwrap() {
            let byline = part(&file, &credit["byline"]);
            let expected =
                json!({"type": "byline", "name": "Strandskatan", "slug": "strandskatan"});
            assert_eq!(*byline, expected);
        }
    }
}
