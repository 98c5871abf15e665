//! Runs the newsroom of the example, as a program of its own.

#![allow(dead_code, reason = "each test uses some of it")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are not in test functions"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// The built example. It is built here, since `cargo test --test …` builds no examples and would
/// leave an old one; where it is fresh this does nothing.
pub(crate) fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let test = std::env::current_exe().unwrap();
        let profile = test.parent().and_then(Path::parent).unwrap();
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--example", "newsroom"]);
        cargo.args([
            "--manifest-path",
            concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
        ]);
        cargo.arg("--target-dir").arg(profile.parent().unwrap());
        if profile.ends_with("release") {
            cargo.arg("--release");
        }
        assert!(cargo.status().unwrap().success());
        let name = format!("newsroom{}", std::env::consts::EXE_SUFFIX);
        profile.join("examples").join(name)
    })
}

/// The example, to be run with these arguments.
pub(crate) fn newsroom<S: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(program());
    command.args(args);
    command
}

/// To be held while a store is open in this process: none is started meanwhile. One that is being
/// started has every file of this one, and with them the locks, until it has become its program.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    // It guards nothing that a panic leaves half done.
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts it.
pub(crate) fn started(command: &mut Command) -> Child {
    let _alone = alone();
    command.spawn().unwrap()
}

/// Runs it to its end.
pub(crate) fn ended(command: &mut Command) -> Output {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    started(command).wait_with_output().unwrap()
}

/// Runs it to its end, which must be a good one.
pub(crate) fn told(command: &mut Command) -> Output {
    let output = ended(command);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {error}", output.status);
    output
}

/// Every file below a directory, by its path in it.
pub(crate) fn files(dir: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![dir.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

/// The site that the example writes from memory.
pub(crate) fn site() -> &'static BTreeMap<String, String> {
    static SITE: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    SITE.get_or_init(|| {
        let home = tempfile::tempdir().unwrap();
        told(newsroom(["--store", "memory", "--site"]).arg(home.path()));
        files(home.path())
    })
}
