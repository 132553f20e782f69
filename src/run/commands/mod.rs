//! What each command does, a small file for a few that belong together. Which commands there are is said in `args`.

mod audit;
mod backup;
mod branch;
mod crypt;
mod doctor;
mod door;
mod drive;
mod entitle;
mod files;
mod find;
mod finding;
mod health;
mod imports;
mod init;
mod keepers;
mod leaving;
mod mapping;
mod numbers;
mod output;
mod password;
mod pictures;
mod program;
mod report;
mod restore;
mod restorer;
mod results;
mod salvage;
mod session;
mod show;
mod soak;
mod subject;
mod tiers;
mod today;
mod twins;
mod verify;
mod word;
mod write;

use super::args::{Command, Entitle, Holidays, Listed, Mapping, Report, Restore, Shared, StaffAdd, Subject};
use super::copies;
use super::fault::Fault;
use super::places::Places;
use super::probe;
use super::setting::Setting;
use super::soak::{Plan, station};
use super::typed::Typed;
use crate::domain::calendar;
use crate::domain::rights::Action;
use crate::domain::text::Lang;
use crate::store::open::Mode;
pub use files::unmade;
pub use output::print;
use session::Session;
pub use session::unopened;

/// Runs a command.
///
/// # Errors
/// Why it ended badly.
pub fn run(command: Command, shared: &Shared, places: Places) -> Result<(), Fault> {
    if let Command::Config(what) = command {
        return program::config(what, &places, shared.lang.map(Lang::from).unwrap_or_default());
    }
    match &command {
        Command::Completions { shell } => return program::completions(*shell),
        Command::Man => return program::man(),
        Command::Pictures { folder } => return pictures::pictures(folder),
        Command::CopyBytes { source, target } => return copies::read_on(source, target),
        Command::TryLock { lock } => return probe::answer(lock),
        Command::Keys => return output::print(&crate::app::keymap::table()),
        Command::Rights => return output::print(&crate::domain::rights::table()),
        _ => {}
    }
    let mut setting = Setting::new(shared, places)?;
    setting.to = name(&command);
    let open = |setting: &Setting, mode| Session::open(setting, mode);
    match command {
        Command::Init { file, branch, plain } => init::init(&setting, shared.staff.as_deref(), (&file, &branch), plain),
        Command::Encrypt => crypt::encrypt(open(&setting, Mode::Write)?, &setting),
        Command::Decrypt { second } => crypt::decrypt(open(&setting, Mode::Write)?, &setting, &second),
        Command::Rekey => crypt::rekey(open(&setting, Mode::Write)?, &setting),
        Command::Find { query, limit, out } => find::find(&mut listing(&setting, &out)?, &query.join(" "), limit, &out),
        Command::Show { no, reveal, out } => show::show(&mut listing(&setting, &out)?, &no, reveal.as_deref(), &out),
        Command::Report(Report::Value { no, html, text: _, out, second }) => {
            let mut session = open(&setting, leaving::mode(second.as_deref()))?;
            report::value(&mut session, &no, html, (out.as_deref(), second.as_deref()))
        }
        Command::Report(Report::Outflow { days, bank, keeper, out }) => {
            let wanted = results::Gone { days, bank, keeper };
            results::outflow(&mut listing(&setting, &out)?, &wanted, &out)
        }
        Command::Report(Report::Loyal { years, keeper, out }) => {
            results::loyal(&mut listing(&setting, &out)?, years, keeper.as_deref(), &out)
        }
        Command::Report(Report::Targets { month, shape }) => {
            results::targets(&mut open(&setting, Mode::Read)?, month, shape.json)
        }
        Command::Report(Report::Credit { month, out }) => results::credit(&mut listing(&setting, &out)?, month, &out),
        Command::Report(Report::Subject { no, html, bare, second, out }) => {
            let mut session = open(&setting, Mode::Write)?;
            subject::report(&mut session, &no, (html, bare), second.as_deref(), out.as_deref())
        }
        Command::Subject(what) => {
            let read = matches!(what, Subject::Show { .. } | Subject::Check { .. } | Subject::Certificate { .. });
            subject::subject(&mut open(&setting, if read { Mode::Read } else { Mode::Write })?, what)
        }
        Command::Entitle(what) => {
            let read = matches!(what, Entitle::Show { .. });
            entitle::entitle(&mut open(&setting, if read { Mode::Read } else { Mode::Write })?, what)
        }
        Command::Today { date, branch, out } => {
            if let Some(day) = date {
                setting.clock = super::clock::Clock::new(Some(day));
            }
            today::today(&mut listing(&setting, &out)?, branch, &out)
        }
        Command::Birthdays { date, days, out } => {
            let mut session = listing(&setting, &out)?;
            let from = date.unwrap_or(session.today);
            today::birthdays(&mut session, from, days, &out)
        }
        Command::Tiers { explain: Some(no), out, .. } => tiers::explain(&mut listing(&setting, &out)?, &no, &out),
        Command::Tiers { lines, basis, out, .. } if !lines.is_empty() || basis.is_some() => {
            tiers::what_if(&mut listing(&setting, &out)?, &lines, basis.as_deref(), &out)
        }
        Command::Tiers { out, .. } => tiers::rules(&mut open(&setting, Mode::Read)?, out.json),
        Command::Board { shape } => find::board(&mut open(&setting, Mode::Read)?, shape.json),
        Command::Lunar { date, shape } => {
            // The branch may have later holidays than the program; a drive that is away is no reason not to answer, nor a password.
            let unasked = Setting { typed: Typed::nowhere(), ..setting.clone() };
            let own = setting.db.as_ref().and_then(|_| open(&unasked, Mode::Read).ok()).map(|s| s.branch.holidays);
            let table = own.unwrap_or_else(calendar::holidays::Holidays::shipped);
            numbers::lunar(date, &table, setting.tongue(), shape.json)
        }
        Command::Check { kind, value, shape } => {
            numbers::check(kind, &value, setting.clock.today(), setting.tongue(), shape.json)
        }
        Command::Log { no, channel, outcome, note } => {
            write::log(&mut open(&setting, Mode::Write)?, &no, &channel, &outcome, &note)
        }
        Command::Set { no, field, value } => write::set(&mut open(&setting, Mode::Write)?, &no, &field, &value),
        Command::Verify { accept, shape } => verify::verify(&setting, accept.as_deref(), shape.json),
        Command::Audit(wanted) => audit::audit(&setting, &wanted),
        Command::Doctor { shape } => doctor::doctor(&setting, shape.json),
        Command::Holidays(Holidays::Import { file }) => program::holidays(&mut open(&setting, Mode::Write)?, &file),
        Command::Salvage { old, new, shape } => salvage::salvage(&setting, &old, &new, shape.json),
        Command::Soak { workstations, seconds, pace, folder, shape } => {
            soak::soak(&setting, folder.as_deref(), Plan { workstations, seconds, pace }, shape.json)
        }
        Command::SoakStation { number, seconds, pace, file, outbox } => {
            station::work(&setting, &file, &outbox, number, (seconds, pace))
        }
        Command::Backup { to } => {
            let mut session = Session::visit(&setting)?;
            session.allow(Action::Backup)?;
            backup::backup(&mut session, &setting, to.as_deref())
        }
        Command::BackupElected { handed } => backup::handed(&setting, handed)
            .and_then(|()| backup::elected(&setting))
            .inspect_err(|fault| tracing::error!(%fault, "the backup that is due was not made")),
        Command::Restore(Restore { file, drill: true, .. }) => {
            let mut session = open(&setting, Mode::Write)?;
            session.say_who();
            session.allow(Action::Restore)?;
            restore::drill(&mut session, &setting, file.as_deref())
        }
        Command::Restore(wanted) => restore::restore(&setting, &wanted),
        Command::Settings { key, value, .. } if value.is_empty() => {
            branch::settings(&mut open(&setting, Mode::Read)?, key.as_deref())
        }
        Command::Settings { key, value, second } => {
            branch::set(&mut open(&setting, Mode::Write)?, (&key.unwrap_or_default(), &value), second.as_deref())
        }
        Command::Staff { add: None | Some(StaffAdd::List) } => branch::staff(&open(&setting, Mode::Read)?),
        Command::Staff { add: Some(StaffAdd::Add { person, area, leader }) } => {
            branch::add(&mut open(&setting, Mode::Write)?, &person, &area, leader.as_deref())
        }
        Command::Staff { add: Some(StaffAdd::Password { code, recovery: false }) } => {
            password::change(&mut Session::to_change(&setting)?, &code)
        }
        Command::Staff { add: Some(StaffAdd::Password { code, recovery: true }) } => password::recover(&setting, &code),
        Command::Staff { add: Some(StaffAdd::Delegate { away, stands_in, from, to, reason }) } => {
            keepers::delegate(&mut open(&setting, Mode::Write)?, (&away, &stands_in), (from, to), &reason)
        }
        Command::Staff { add: Some(StaffAdd::Leave { code, to, by_rules: _, dry_run, second, reason }) } => {
            let mode = if dry_run { leaving::mode(second.as_deref()) } else { Mode::Write };
            let mut session = open(&setting, mode)?;
            if dry_run {
                return keepers::leave_plan(&mut session, &code, to.as_deref(), second.as_deref());
            }
            keepers::leave(&mut session, &code, to.as_deref(), &reason)
        }
        Command::Orphans { out } => keepers::orphans(&mut listing(&setting, &out)?, &out),
        Command::Duplicates { out } => twins::duplicates(&mut listing(&setting, &out)?, &out),
        Command::Merge { keep, other, anyway } => {
            twins::merge(&mut open(&setting, Mode::Write)?, (&keep, &other), anyway)
        }
        Command::Part { no } => twins::part(&mut open(&setting, Mode::Write)?, &no),
        Command::Assign { no, preview, apply: _, reason, out } => {
            let mode = if preview { leaving::mode(out.second.as_deref()) } else { Mode::Write };
            keepers::assign(&mut open(&setting, mode)?, &no, preview, &reason, &out)
        }
        Command::MakeDemo { seed, out } => files::make_demo(seed, out.as_deref(), setting.tongue()),
        Command::Import { files, folder, as_of, dry_run, shape } => {
            let folder = folder.or_else(|| setting.config.import.folder.clone());
            let wanted = imports::Wanted { files, folder, as_of, dry_run };
            imports::take_in(&mut open(&setting, Mode::Write)?, &wanted, shape.json)
        }
        Command::Imports { shape } => imports::list(&mut open(&setting, Mode::Read)?, shape.json),
        Command::Undo { number } => imports::undo(&mut open(&setting, Mode::Write)?, number),
        Command::Mapping(Mapping::Propose { extract, layout }) => {
            mapping::propose(&extract, layout.as_deref(), setting.clock.today(), setting.tongue())
        }
        Command::Mapping(what @ (Mapping::List | Mapping::Show { .. } | Mapping::Export { .. })) => {
            mapping::read(&mut open(&setting, Mode::Read)?, &what)
        }
        Command::Mapping(what) => mapping::write(&mut open(&setting, Mode::Write)?, &what),
        // These need no branch file and were done above, or open the workbench and are done in `run`.
        Command::Demo
        | Command::Config(_)
        | Command::Completions { .. }
        | Command::Man
        | Command::Pictures { .. }
        | Command::CopyBytes { .. }
        | Command::TryLock { .. }
        | Command::Keys
        | Command::Rights => Ok(()),
    }
}

/// Opens the file for a list of customers.
fn listing(setting: &Setting, out: &Listed) -> Result<Session, Fault> {
    Session::open(setting, leaving::mode(out.second.as_deref()))
}

/// The first word of a command, as the log of sign-ins names it; never what follows it.
fn name(command: &Command) -> String {
    let whole = format!("{command:?}");
    whole.chars().take_while(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}
