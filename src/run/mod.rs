//! Terminal, threads, clock, arguments: everything the rest of the house is told rather than asks.

pub mod anchors;
pub mod args;
pub mod backstage;
pub mod backups;
pub mod burst;
pub mod checked;
pub mod clock;
pub mod commands;
pub mod config;
pub mod copies;
pub mod crash;
pub mod cycle;
pub mod demo;
pub mod drafts;
pub mod events;
pub mod fault;
pub mod glass;
pub mod grammar;
pub mod handed;
pub mod hourly;
pub mod importing;
pub mod keep;
pub mod log;
pub mod memory;
pub mod outside;
pub mod places;
pub mod probe;
pub mod recrypt;
pub mod scratch;
pub mod setting;
pub mod sign_in;
pub mod soak;
pub mod still;
pub mod suspect;
pub mod targets;
pub mod terminal;
pub mod typed;
pub mod upgrade;
pub mod watch;
pub mod workbench;

use args::Cli;
use fault::Fault;
use grammar::Parsed;
use places::Places;
use setting::Setting;
use std::process::ExitCode;

/// Runs the program and says how it went.
pub fn main() -> ExitCode {
    let parsed = match grammar::parse(std::env::args_os()) {
        Ok(parsed) => parsed,
        Err(fault) => return fault.say(None),
    };
    let cli = match parsed {
        Parsed::Run(cli) => *cli,
        Parsed::Told(text) => return commands::print(&text).map_or_else(|f| f.say(None), |()| ExitCode::SUCCESS),
    };
    let lang = cli.shared.lang.map(Into::into);
    run(cli).unwrap_or_else(|fault| fault.say(lang))
}

fn run(cli: Cli) -> Result<ExitCode, Fault> {
    let places = Places::find()?;
    log::start(&places.log());
    match cli.command {
        Some(args::Command::Demo) => demo::open(&Setting::new(&cli.shared, places)?),
        Some(command) => commands::run(command, &cli.shared, places).map(|()| ExitCode::SUCCESS),
        None => workbench::open(&Setting::new(&cli.shared, places)?, false),
    }
}
