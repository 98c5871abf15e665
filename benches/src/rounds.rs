//! Alternating rounds: what is compared runs turn by turn, each round beginning with another, so
//! that whatever else the machine does falls on all of them.

use std::io::{self, Write as _};
use std::time::Duration;

use crate::Failure;

/// What takes part, under its name; a round of it answers how long one piece of work took.
pub(crate) struct Contender<'a> {
    name: String,
    round: Box<dyn FnMut(usize) -> Result<Duration, Failure> + 'a>,
}

impl<'a> Contender<'a> {
    /// `round` is told its number, from 0 on, and answers the time of one piece of work.
    pub(crate) fn new(
        name: impl Into<String>,
        round: impl FnMut(usize) -> Result<Duration, Failure> + 'a,
    ) -> Self {
        Self {
            name: name.into(),
            round: Box::new(round),
        }
    }
}

/// The times of each contender, round by round.
pub(crate) struct Measured {
    rows: Vec<(String, Vec<f64>)>,
}

/// Runs a round that does not count, then `rounds` that do.
pub(crate) fn alternate(
    rounds: usize,
    mut contenders: Vec<Contender<'_>>,
) -> Result<Measured, Failure> {
    let mut rows: Vec<(String, Vec<f64>)> = contenders
        .iter()
        .map(|one| (one.name.clone(), Vec::new()))
        .collect();
    let count = contenders.len().max(1);
    for round in 0..=rounds {
        for turn in 0..count {
            let place = (round + turn) % count;
            let (Some(one), Some((_, times))) = (contenders.get_mut(place), rows.get_mut(place))
            else {
                continue;
            };
            let took = (one.round)(round)?;
            if round > 0 {
                times.push(took.as_secs_f64());
            }
        }
    }
    Ok(Measured { rows })
}

impl Measured {
    /// Rows of several measurements as those of one.
    pub(crate) fn join(mut self, other: Self) -> Self {
        self.rows.extend(other.rows);
        self
    }

    /// The times of one, in seconds.
    fn times(&self, name: &str) -> Result<&[f64], Failure> {
        let row = self.rows.iter().find(|(found, _)| *found == name);
        Ok(row
            .map(|(_, times)| &times[..])
            .ok_or("nothing of that name was measured")?)
    }

    /// The median of the times of one, in seconds.
    pub(crate) fn median(&self, name: &str) -> Result<f64, Failure> {
        Ok(median(self.times(name)?.to_vec()))
    }

    /// The median over the rounds of one's time divided by another's.
    pub(crate) fn time_of(&self, one: &str, other: &str) -> Result<f64, Failure> {
        let pairs = self.times(one)?.iter().zip(self.times(other)?);
        Ok(median(pairs.map(|(one, other)| one / other).collect()))
    }

    /// The median over the rounds of one's rate divided by another's.
    pub(crate) fn rate_of(&self, one: &str, other: &str) -> Result<f64, Failure> {
        self.time_of(other, one)
    }

    /// Prints what was measured.
    pub(crate) fn print(&self, title: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        writeln!(out, "\n{title}\n")?;
        let header = ["", "median", "least", "most", "a second"];
        let [name, median_of, least, most, rate] = header;
        writeln!(
            out,
            "| {name:<44} | {median_of:>10} | {least:>10} | {most:>10} | {rate:>10} |"
        )?;
        writeln!(
            out,
            "|-{:-<44}-|-{:->10}:|-{:->10}:|-{:->10}:|-{:->10}:|",
            "", "", "", "", ""
        )?;
        for (name, times) in &self.rows {
            let middle = median(times.clone());
            let least = times.iter().copied().fold(f64::INFINITY, f64::min);
            let most = times.iter().copied().fold(0.0, f64::max);
            writeln!(
                out,
                "| {name:<44} | {:>10} | {:>10} | {:>10} | {:>10.0} |",
                shown(middle),
                shown(least),
                shown(most),
                1.0 / middle,
            )?;
        }
        Ok(())
    }
}

/// Prints what is no table.
pub(crate) fn printed(text: &str) -> Result<(), Failure> {
    Ok(writeln!(io::stdout().lock(), "\n{text}")?)
}

/// The last lines of a command.
pub(crate) fn ratios(ratios: &[(&str, f64)]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out)?;
    for (name, value) in ratios {
        writeln!(out, "ratio {name} {value:.3}")?;
    }
    Ok(())
}

/// The middle of these; between two middles, the mean of them.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let upper = values.get(values.len() / 2);
    let lower = values.get(values.len().saturating_sub(1) / 2);
    upper
        .zip(lower)
        .map_or(f64::NAN, |(upper, lower)| f64::midpoint(*upper, *lower))
}

/// A time with a unit that suits it.
fn shown(seconds: f64) -> String {
    if seconds >= 1.0 {
        format!("{seconds:.2} s")
    } else if seconds >= 1e-3 {
        format!("{:.2} ms", seconds * 1e3)
    } else if seconds >= 1e-6 {
        format!("{:.2} µs", seconds * 1e6)
    } else {
        format!("{:.0} ns", seconds * 1e9)
    }
}
