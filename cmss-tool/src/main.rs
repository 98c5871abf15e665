//! `cmss-tool`: for whoever runs a newsroom, while the newsroom is not running.
//!
//! What it can do, and what its exit codes mean, is in `cmss-tool --help`.

mod args;
mod changes;
mod claims;
mod compact;
mod export;
mod failure;
mod folder;
mod held;
mod info;
mod kind;
mod load;
mod owner;
mod panics;
mod progress;
mod report;
mod site;
mod source;
mod unfinished;
mod upgrade;
mod verify;

use std::process::ExitCode;

use args::Command;
use failure::Failure;
use report::Report;

fn main() -> ExitCode {
    let args = match args::read() {
        Ok(args) => args,
        Err(wrong) => return wrong.told(),
    };
    let report = Report { json: args.json };
    match panics::contained(|| pollster::block_on(run(args.command, report))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => report.complain(&failure),
    }
}

async fn run(command: Command, report: Report) -> Result<(), Failure> {
    match command {
        Command::Info { dir } => info::run(&dir, report).await,
        Command::Verify { dir } => verify::run(&dir, report).await,
        Command::Upgrade { dir } => upgrade::run(&dir, report).await,
        Command::Compact { dir } => compact::run(&dir, report),
        Command::Export { dir, file, since } => export::run(&dir, &file, &since, report).await,
        Command::Load {
            file,
            dir,
            store,
            mut then,
        } => {
            then.insert(0, file);
            load::run(&then, &dir, store, report).await
        }
        Command::Changes { from, after } => changes::run(&from, after, report).await,
        Command::Site { from, out } => site::run(&from, &out, report).await,
    }
}
