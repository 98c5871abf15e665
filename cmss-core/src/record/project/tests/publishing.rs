use super::*;

#[test]
fn publishing_names_everything_that_is_needed() {
    let scene = Scene::new(Project::titled("Open evenings", "sv".parse().unwrap()));
    let needed = ["category", "stage", "contacts"].map(|field| Guard::FieldNeeded {
        field: field.into(),
    });
    assert_eq!(scene.refused(), needed);
}

#[test]
fn a_term_of_another_vocabulary_is_refused() {
    let mut scene = Scene::new(sound());
    scene.stages = vec![term(1, Vocabulary::Topic, None)];
    let wrong = Guard::WrongVocabulary {
        term: stage(1, None).id,
    };
    assert_eq!(scene.refused(), [wrong]);
}

#[test]
fn a_stage_may_ask_for_what_was_learnt() {
    let mut scene = Scene::new(sound());
    let public = scene.stages[0].public.as_mut().unwrap();
    public.requires_lessons = true;
    let needed = Guard::FieldNeeded {
        field: "lessons".into(),
    };
    assert_eq!(scene.refused(), [needed]);
    scene.kept.working.lessons = Some("Ask earlier".to_owned());
    assert_eq!(scene.refused(), []);
}

#[test]
fn a_stage_without_a_number_leaves_the_project_where_it_was() {
    let mut scene = Scene::new(sound());
    scene.stages = vec![
        stage(1, None),
        stage(2, Some(50)),
        stage(3, Some(75)),
        stage(4, None),
    ];
    // It never had a number.
    assert!(!scene.move_to(1));
    assert_eq!(scene.page().progress, None);
    // Its stage has one.
    assert!(scene.move_to(2));
    assert_eq!(scene.page().progress, None);
    assert!(!scene.publish());
    assert!(scene.move_to(1));
    assert_eq!(scene.page().progress, Some(percent(50)));
    // Two stages without a number in a row.
    assert!(!scene.move_to(4));
    assert_eq!(scene.page().progress, Some(percent(50)));
    assert!(scene.move_to(3));
    assert_eq!(scene.page().progress, None);
    // Hidden in between.
    scene.kept.public = None;
    assert_eq!(scene.faces(), []);
    assert!(scene.move_to(4));
    assert_eq!(scene.page().progress, Some(percent(75)));
}

#[test]
fn a_project_keeps_the_number_that_its_stage_last_showed() {
    let mut scene = Scene::new(sound());
    scene.stages = vec![stage(1, None), stage(2, Some(50))];
    scene.move_to(2);
    scene.stages[1] = stage(2, Some(60));
    scene.move_to(1);
    assert_eq!(scene.page().progress, Some(percent(60)));
    // From here on no stage moves it.
    let before = scene.faces();
    scene.stages = vec![stage(1, Some(10)), stage(2, Some(20))];
    assert_eq!(scene.faces(), before);
}
