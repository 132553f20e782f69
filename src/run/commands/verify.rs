//! `verify`: whether the change log is whole, by itself, by what this PC remembers of it, and by the seals. It mends nothing.

use super::finding::{Finding, State};
use super::output;
use super::session::Session;
use crate::app::words::drive as words;
use crate::domain::archive;
use crate::domain::change::Change;
use crate::domain::rights::Action;
use crate::domain::text::{Lang, Text, t};
use crate::domain::values::plain;
use crate::run::anchors;
use crate::run::fault::Fault;
use crate::run::setting::Setting;
use crate::store::anchor::{Anchor, Standing};
use crate::store::chain::{Break, Why};
use chrono::NaiveDateTime;

/// Archives that are named; of more only the number is said.
const NAMED: usize = 5;

/// `verify`
///
/// # Errors
/// Something does not fit; what was found is written all the same.
pub fn verify(setting: &Setting, accept: Option<&str>, json: bool) -> Result<(), Fault> {
    let mut session = Session::visit(setting)?;
    if let Some(reason) = accept {
        give_up(setting, &mut session, reason)?;
    }
    let found =
        [chain(&mut session)?, state(&mut session)?, memory(setting, &mut session)?, seals(setting, &mut session)?];
    if json {
        output::json(&found)?;
    } else {
        let rows: Vec<Vec<String>> = found.iter().map(|f| f.row(session.lang)).collect();
        output::print(&output::columns(&rows))?;
    }
    if found.iter().all(|f| f.state != State::Bad) {
        return Ok(());
    }
    Err(Fault::file(
        "日志核对没有通过。请保留网点文件、备份和封存文件不动，把以上结果交给合规。",
        "The log does not fit. Leave the branch file, the backups and the seals as they are, and show this to compliance.",
    ))
}

/// The chain by itself.
fn chain(session: &mut Session) -> Result<Finding, Fault> {
    let broken = session.file.first_break()?;
    let (lang, seq) = (session.lang, session.branch.seq);
    let (state, text) = match (broken, lang) {
        (None, Lang::Zh) => (State::Ok, format!("变更 1 到 {seq} 条条相接")),
        (None, Lang::En) => (State::Ok, format!("changes 1 to {seq} fit one behind the other")),
        (Some(b), _) => (State::Bad, told(session, b)),
    };
    Ok(Finding { check: "chain", state, text, label: t("日志链", "Chain") })
}

/// The first row that does not fit, in words.
fn told(session: &mut Session, b: Break) -> String {
    let lang = session.lang;
    let Break { seq, why } = b;
    let what = match (why, lang) {
        (Why::Gap(from), Lang::Zh) => format!("变更 {from} 到 {} 不见了", seq - 1),
        (Why::Gap(from), Lang::En) => format!("changes {from} to {} are gone", seq - 1),
        (Why::Link, Lang::Zh) => format!("变更 {seq} 接不上前一条：前一条被改写过"),
        (Why::Link, Lang::En) => format!("change {seq} does not fit the one before, which was rewritten"),
        (Why::Content, Lang::Zh) => format!("变更 {seq} 的内容被改过"),
        (Why::Content, Lang::En) => format!("change {seq} was edited"),
        (Why::Key, Lang::Zh) => format!("变更 {seq} 是用别的密钥写的，核对不了"),
        (Why::Key, Lang::En) => format!("change {seq} was written with another key and cannot be checked"),
    };
    match session.file.logged(seq) {
        Ok(c) => format!("{what}{}", signed(session, &c)),
        Err(_) => what,
    }
}

/// When, who and where, of a change.
fn signed(session: &Session, c: &Change) -> String {
    let (at, who, station) = (c.at.format("%Y-%m-%d %H:%M:%S"), session.name_of(Some(c.by)), &c.station);
    match session.lang {
        Lang::Zh => format!("（{at} {who} {station}）"),
        Lang::En => format!(" ({at} {who} {station})"),
    }
}

/// Archives against the log.
fn state(session: &mut Session) -> Result<Finding, Fault> {
    let strayed = session.file.strayed()?;
    let lang = session.lang;
    let mut named = Vec::new();
    for (customer, field) in strayed.iter().take(NAMED) {
        let whose = session.opened(*customer).map_or_else(|_| customer.0.to_string(), |o| o.customer.no.clone());
        let label = archive::find(field).map_or("", |f| f.label.get(lang));
        named.push(format!("{whose} {label}").trim_end().to_owned());
    }
    let (n, named) = (strayed.len(), named.join(t("、", ", ").get(lang)));
    let (state, text) = match (n, lang) {
        (0, Lang::Zh) => (State::Ok, "档案与日志里最后的改动一致".to_owned()),
        (0, Lang::En) => (State::Ok, "the archives are what the log says they became".to_owned()),
        (_, Lang::Zh) => (State::Bad, format!("{n} 处档案与日志不符：{named}")),
        (_, Lang::En) => (State::Bad, format!("{n} fields of archives are not what the log says: {named}")),
    };
    Ok(Finding { check: "state", state, text, label: t("档案", "Archives") })
}

/// What this PC remembers.
///
/// # Errors
/// What the file says.
pub fn memory(setting: &Setting, session: &mut Session) -> Result<Finding, Fault> {
    let now = session.stamp().at;
    let (standing, known) = anchors::look(&setting.places, &mut session.file, now)?;
    let lang = session.lang;
    let (state, text) = match (&standing, &known) {
        (Standing::Turned(turn), _) => (State::Warn, words::turned(turn, &session.name_of(Some(turn.by)), lang)),
        (_, None) => {
            (State::Ok, t("本机第一次看到这个文件", "this PC sees the file for the first time").get(lang).to_owned())
        }
        (Standing::Held, Some(a)) => (State::Ok, had(a, lang)),
        (_, known) => {
            let words = anchors::refusal(&standing, known.as_ref());
            (State::Bad, words.map(|f| f.words().get(lang).to_owned()).unwrap_or_default())
        }
    };
    Ok(Finding { check: "memory", state, text, label: t("本机记忆", "This PC") })
}

fn had(a: &Anchor, lang: Lang) -> String {
    let (seq, at) = (a.seq, shown(a.at));
    match lang {
        Lang::Zh => format!("本机 {at} 见过的变更 {seq} 在文件里"),
        Lang::En => format!("change {seq}, seen here on {at}, is in the file"),
    }
}

fn shown(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%d %H:%M").to_string()
}

/// The seals.
fn seals(setting: &Setting, session: &mut Session) -> Result<Finding, Fault> {
    const LABEL: Text = t("封存", "Seals");
    let lang = session.lang;
    let say = |state, text: String| Ok(Finding { check: "seal", state, text, label: LABEL });
    let Some(folder) = setting.config.audit.seal.as_deref() else {
        let text = t(
            "没有封存文件夹，截断日志只有各台工作站自己记得；请在配置里写 [audit] seal = '文件夹'",
            "there is no folder of seals, so only workstations remember where the log ended; write [audit] seal = 'FOLDER' in the config",
        );
        return say(State::Warn, text.get(lang).to_owned());
    };
    let (mut held, mut turned, mut unread) = (0_usize, 0_usize, Vec::new());
    let own = session.file.anchor(session.stamp().at)?.file;
    for (name, n, seal) in anchors::seals(folder)? {
        let Some(seal) = seal else {
            unread.push(format!("{name}:{n}"));
            continue;
        };
        // Other branches may lay theirs here too.
        if seal.anchor.file != own && seal.branch != session.branch.branch {
            continue;
        }
        match session.file.stands(&seal.anchor)? {
            Standing::Held => held += 1,
            Standing::Turned(_) => turned += 1,
            Standing::Lacking | Standing::Other => {
                let (seq, at) = (seal.anchor.seq, shown(seal.anchor.at));
                return say(
                    State::Bad,
                    match lang {
                        Lang::Zh => format!(
                            "{name} 第 {n} 行封存的变更 {seq}（{at}）不在文件里：日志被截断、重写，或文件被换过"
                        ),
                        Lang::En => format!(
                            "change {seq}, sealed on {at} ({name}, line {n}), is not in the file: the log was cut short or rewritten, or the file was exchanged"
                        ),
                    },
                );
            }
        }
    }
    if !unread.is_empty() {
        let which = unread.join(" ");
        return say(
            State::Bad,
            match lang {
                Lang::Zh => format!("封存的这些行读不懂，可能被改过：{which}"),
                Lang::En => format!("these lines of seals cannot be read and may have been changed: {which}"),
            },
        );
    }
    say(
        State::Ok,
        match (turned, lang) {
            (0, Lang::Zh) => format!("封存的 {held} 个链头都在文件里"),
            (0, Lang::En) => format!("all {held} sealed heads are in the file"),
            (_, Lang::Zh) => format!("封存的 {held} 个链头在文件里，{turned} 个在有记录的换回中作废"),
            (_, Lang::En) => {
                format!("{held} sealed heads are in the file, {turned} were given up on purpose, as the log says")
            }
        },
    )
}

/// Says in the log that the file is used although it lacks what this PC or a seal remembers.
fn give_up(setting: &Setting, session: &mut Session, reason: &str) -> Result<(), Fault> {
    let reason = plain::line(reason);
    if reason.is_empty() {
        return Err(Fault::usage("请写明理由", "Say why"));
    }
    session.allow(Action::Log)?;
    let mut gone: Vec<Anchor> = anchors::remembered(&setting.places, session.file.path()).into_iter().collect();
    let own = session.file.anchor(session.stamp().at)?.file;
    if let Some(folder) = setting.config.audit.seal.as_deref() {
        let seals = anchors::seals(folder)?.into_iter().filter_map(|(.., seal)| seal);
        let ours = |s: &crate::store::anchor::Seal| s.anchor.file == own || s.branch == session.branch.branch;
        gone.extend(seals.filter(ours).map(|s| s.anchor));
    }
    let mut lowest: Option<i64> = None;
    for anchor in &gone {
        if matches!(session.file.stands(anchor)?, Standing::Lacking | Standing::Other) {
            lowest = Some(lowest.map_or(anchor.seq, |l| l.min(anchor.seq)));
        }
    }
    let Some(lowest) = lowest else {
        return Err(Fault::refused(
            "文件里什么都不少，没有需要确认的。",
            "The file lacks nothing that is remembered; there is nothing to accept.",
        ));
    };
    let stamp = session.stamp();
    session.file.turn_back(lowest - 1, "verify", &reason, &stamp)?;
    Ok(())
}
