//! Whatever it runs on and however often, it comes to the same; and what it is not asked properly it
//! refuses.

use std::fs;
use std::path::Path;

use crate::example::{ended, files, newsroom, site, told};

pub(crate) fn run_in(data: &Path, site: &Path) -> String {
    let mut command = newsroom([Path::new("--data"), data, Path::new("--site"), site]);
    String::from_utf8(told(&mut command).stdout).unwrap()
}

#[test]
fn twice_on_one_directory_publishes_once_and_on_any_store_the_same() {
    let home = tempfile::tempdir().unwrap();
    let (data, first) = (home.path().join("data"), home.path().join("site"));
    let story = run_in(&data, &first);
    assert_eq!(&files(&first), site());
    let again = run_in(&data, &first);
    assert_eq!(&files(&first), site());

    let log = |story: &str| story.split_once("The audit log").unwrap().1.to_owned();
    assert_eq!(log(&again), log(&story));
    assert!(!story.contains("(done before)"));
    let steps = log(&story)
        .lines()
        .filter(|line| line.contains("+0"))
        .count()
        - 1;
    assert_eq!(again.matches("(done before)").count(), steps);
}

#[test]
fn a_site_is_written_again_and_what_is_not_on_it_any_more_goes() {
    let home = tempfile::tempdir().unwrap();
    let write = || told(newsroom(["--store", "memory", "--site"]).arg(home.path()));
    write();
    let (stale, page) = (
        home.path().join("articles/gammal.json"),
        "articles/invanarreporter.json",
    );
    fs::write(&stale, "{}").unwrap();
    // As one that was on it when it was written before.
    let named = home.path().join(".cmss-site");
    let names = fs::read_to_string(&named).unwrap() + "articles/gammal.json\n";
    fs::write(named, names).unwrap();
    fs::write(home.path().join(page), "half of").unwrap();
    fs::write(home.path().join("style.css"), "").unwrap();
    write();
    let mut written = files(home.path());
    assert_eq!(written.remove("style.css").as_deref(), Some(""));
    assert_eq!(&written, site());
}

#[test]
fn the_story_says_why_commands_are_refused_and_what_the_site_answers() {
    let home = tempfile::tempdir().unwrap();
    let story = run_in(&home.path().join("data"), &home.path().join("site"));
    for told in [
        "claim_assignment refused: full",
        "the exact text is not accepted by person:",
        "; somebody other than the approver must have written or accepted it",
        "publish refused: not permitted: it takes editor",
        "complete_occasion refused: the occasion is tentative",
        "the publication is paused",
        "invalid: content.alt.text",
        "brevet-som-nagon-laste-fore-dig: not there",
        "brevet-som-nagon-laste-fore-dig: here",
        "the list of sol-sundin: not there",
        "the list of strandskatan: 2 pages",
        "still show the old name: 0",
    ] {
        assert!(story.contains(told), "{told}\n\n{story}");
    }
}

#[test]
fn what_it_is_not_asked_properly_it_refuses_with_its_usage() {
    for (args, what) in [
        (
            &["--store", "paper"][..],
            "--store is sled or memory, not paper",
        ),
        (&["--store"], "--store needs a value"),
        (
            &["--store", "memory", "--data", "d"],
            "--store memory keeps nothing",
        ),
        (&["--site", "s", "--site", "t"], "--site is given twice"),
        (&["--data", "d", "--site", "d"], "must be outside of --data"),
        (
            &["--data", "d", "--site", "d/s"],
            "must be outside of --data",
        ),
        (&["--bogus"], "there is no option --bogus"),
        (&["site"], "there is no option site"),
    ] {
        let output = ended(&mut newsroom(args));
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {error}");
        assert!(
            error.contains(what) && error.contains("Usage: newsroom"),
            "{error}"
        );
        assert!(output.stdout.is_empty());
    }
    let help = told(&mut newsroom(["--help"]));
    assert!(
        String::from_utf8(help.stdout)
            .unwrap()
            .contains("--store sled|memory")
    );
}

#[test]
fn a_directory_that_holds_something_else_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("diary.txt"), "Kära dagbok").unwrap();
    let mut command = newsroom(["--store", "memory", "--site"]);
    let output = ended(command.arg(home.path()));
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("and no site")
    );
    assert_eq!(files(home.path()).len(), 1);
}
