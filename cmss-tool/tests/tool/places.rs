//! Places that cannot be read, or written: full ones, and those of others.

use std::fs::{File, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::process::{Command, Output};

use super::*;

/// Nobody in particular.
const NOBODY: u32 = 65_534;

/// Runs the tool as somebody for whom permissions count: whoever may do anything gives that up.
fn run_as_any(home: &Home, args: &[&str]) -> Output {
    let probe = home.path("probe");
    fs::write(&probe, "").unwrap();
    fs::set_permissions(&probe, Permissions::from_mode(0o000)).unwrap();
    let may_all = File::open(&probe).is_ok();
    fs::remove_file(probe).unwrap();
    if !may_all {
        return home.run(args);
    }
    let program = home.path("cmss-tool");
    if !program.exists() {
        fs::copy(env!("CARGO_BIN_EXE_cmss-tool"), &program).unwrap();
    }
    give(home.0.path());
    // A fork of this process would hold the locks of other tests for a moment.
    let mut command = Command::new("setpriv");
    let [user, group] = ["reuid", "regid"].map(|what| format!("--{what}={NOBODY}"));
    command.args([&user, &group, "--clear-groups"]);
    command.arg(program).args(args);
    command.current_dir(home.0.path()).output().unwrap()
}

/// Gives a directory away with all it holds.
fn give(path: &Path) {
    chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            give(&entry.unwrap().path());
        }
    }
}

fn permit(home: &Home, name: &str, mode: u32) {
    fs::set_permissions(home.path(name), Permissions::from_mode(mode)).unwrap();
}

#[test]
fn what_this_user_may_not_open_is_3_and_what_cannot_be_written_is_5() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    home.done(&["load", "backup.ndjson", "other", "--store", "redb"]);
    fs::create_dir(home.path("closed")).unwrap();
    permit(&home, "closed", 0o500);
    permit(&home, "data", 0o000);
    permit(&home, "other/db.redb", 0o400);
    for (code, args) in [
        (3, &["info", "data"][..]),
        (3, &["verify", "data"]),
        (3, &["verify", "other"]),
        (3, &["load", "backup.ndjson", "closed/moved"]),
        (5, &["site", "backup.ndjson", "closed/public"]),
    ] {
        let output = run_as_any(&home, args);
        let (_, error) = told(&output);
        assert_eq!(output.status.code(), Some(code), "{args:?} {error}");
        let dir = args.last().unwrap();
        assert!(error.contains(dir), "{error}");
    }
    permit(&home, "other/db.redb", 0o600);
    let output = run_as_any(&home, &["export", "other", "closed/again.ndjson"]);
    let (_, error) = told(&output);
    assert_eq!(output.status.code(), Some(5), "{error}");
    assert!(error.contains("closed/again.ndjson"), "{error}");
    permit(&home, "backup.ndjson", 0o000);
    let output = run_as_any(&home, &["load", "backup.ndjson", "moved"]);
    let (_, error) = told(&output);
    assert_eq!(output.status.code(), Some(3), "{error}");
    assert!(error.contains("backup.ndjson"), "{error}");
    permit(&home, "data", 0o700);
}

#[test]
fn a_load_without_room_names_the_directory() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    // No file may grow, or not beyond one block.
    for blocks in [0, 1] {
        for kind in ["sled", "redb"] {
            let dir = format!("{kind}-{blocks}");
            let script = format!(
                "trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" load backup.ndjson {dir} --store {kind}"
            );
            let output = Command::new("sh")
                .args(["-c", &script, env!("CARGO_BIN_EXE_cmss-tool")])
                .current_dir(home.0.path())
                .output()
                .unwrap();
            let (_, error) = told(&output);
            assert_eq!(output.status.code(), Some(5), "{dir} {error}");
            assert!(error.starts_with(&format!("cmss-tool: {dir}: ")), "{error}");
            assert!(error.contains("the device is full"), "{error}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_done_and_cannot_be_answered_is_6() {
    let home = Home::new();
    home.done(&["export", "data", "backup.ndjson"]);
    for args in [
        &["load", "backup.ndjson", "moved"][..],
        &["info", "data"],
        &["--help"],
    ] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let mut command = home.command(args);
        command.stdout(full).stderr(Stdio::piped());
        let output = command.output().unwrap();
        let (_, error) = told(&output);
        assert_eq!(output.status.code(), Some(6), "{args:?} {error}");
        assert!(error.contains("the answer cannot be written"), "{error}");
    }
    assert_eq!(commits(&home.path("moved")), 4);
}
