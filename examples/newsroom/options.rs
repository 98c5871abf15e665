//! What the program is asked to do.

use std::ffi::OsString;
use std::path::PathBuf;

/// How it is called.
pub(crate) const USAGE: &str = "\
Tells one run of a newsroom, and prints what the public sees and what was done.

Usage: newsroom [--store sled|memory] [--data DIR] [--site DIR] [--acks]

  --store sled|memory  where the newsroom is kept; sled unless told
  --data DIR           where sled keeps it, to go on from there next time; a temporary
                       directory unless told
  --site DIR           write the public site there, as the files it serves
  --acks               print \"ack KEY\" on standard error after every answered command
  --help               print this
";

/// Where the newsroom is kept.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) enum Engine {
    /// In a directory.
    #[default]
    Sled,
    /// In memory, until the program ends.
    Memory,
}

/// What was asked for.
#[derive(Default, Debug)]
pub(crate) struct Options {
    pub(crate) engine: Engine,
    pub(crate) data: Option<PathBuf>,
    pub(crate) site: Option<PathBuf>,
    pub(crate) acks: bool,
}

/// What is to be done about it.
#[derive(Debug)]
pub(crate) enum Asked {
    Run(Options),
    Help,
}

impl Asked {
    /// Reads the arguments after the program's name; answers what is wrong with them.
    pub(crate) fn read(mut args: impl Iterator<Item = OsString>) -> Result<Self, String> {
        let mut options = Options::default();
        let mut engine = None;
        while let Some(arg) = args.next() {
            let name = arg.to_string_lossy().into_owned();
            let mut value = || match args.next() {
                Some(value) if !value.is_empty() => Ok(value),
                _ => Err(format!("{name} needs a value")),
            };
            let twice = match name.as_str() {
                "--help" | "-h" => return Ok(Self::Help),
                "--acks" => {
                    options.acks = true;
                    false
                }
                "--store" => engine.replace(named(&value()?)?).is_some(),
                "--data" => options.data.replace(value()?.into()).is_some(),
                "--site" => options.site.replace(value()?.into()).is_some(),
                _ => return Err(format!("there is no option {name}")),
            };
            if twice {
                return Err(format!("{name} is given twice"));
            }
        }
        options.engine = engine.unwrap_or_default();
        if options.engine == Engine::Memory && options.data.is_some() {
            return Err("--store memory keeps nothing, so it takes no --data".to_owned());
        }
        if let (Some(data), Some(site)) = (&options.data, &options.site)
            && site.starts_with(data)
        {
            return Err("--site must be outside of --data, which is the store's alone".to_owned());
        }
        Ok(Self::Run(options))
    }
}

fn named(value: &OsString) -> Result<Engine, String> {
    match value.to_str() {
        Some("sled") => Ok(Engine::Sled),
        Some("memory") => Ok(Engine::Memory),
        _ => Err(format!(
            "--store is sled or memory, not {}",
            value.to_string_lossy()
        )),
    }
}
