//! Terminal, threads, clock, arguments: everything the rest of the house is told rather than asks.

pub mod args;
pub mod burst;
pub mod clock;
pub mod config;
pub mod crash;
pub mod cycle;
pub mod events;
pub mod fault;
pub mod grammar;
pub mod keep;
pub mod log;
pub mod places;
pub mod terminal;

/// Runs the program and says how it went.
pub fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
