//! `settings` and `staff`: what the branch has laid down, and who works there. The workbench only reads both.

use super::init::person;
use super::session::Session;
use super::tiers;
use super::word;
use super::{output, password, results};
use crate::app::words::keepers;
use crate::domain::calendar::dates;
use crate::domain::rights::Action;
use crate::domain::settings::Settings;
use crate::domain::staff::Staff;
use crate::domain::text::Lang;
use crate::run::fault::Fault;
use crate::store::request::{Answer, Ask, Stamp};
use crate::store::workbench;
use serde_json::{Map, Value};

/// Settings that are laid down one by one.
const OWN_ROWS: [&str; 2] = ["targets", "introducer_percent"];

/// `settings`: all of them, or one, as JSON values.
///
/// # Errors
/// There is no such setting.
pub fn settings(session: &mut Session, key: Option<&str>) -> Result<(), Fault> {
    let mut all = as_map(&session.branch.settings)?;
    // Rows of their own in the file, and settings like the others here.
    all.insert("targets".to_owned(), serde_json::to_value(&session.branch.targets).unwrap_or_default());
    all.insert("introducer_percent".to_owned(), session.branch.introducer.into());
    let Some(key) = key else {
        let rows: Vec<Vec<String>> = all.iter().map(|(k, v)| vec![k.clone(), v.to_string()]).collect();
        return output::print(&output::columns(&rows));
    };
    let value = all.get(key).ok_or_else(|| unknown(key, &all))?;
    output::print(&format!("{value}\n"))
}

/// `settings KEY VALUE`; tiers, stages and due dates are derived anew.
///
/// # Errors
/// There is no such setting, or it cannot have this value.
pub fn set(session: &mut Session, (key, words): (&str, &[String]), second: Option<&str>) -> Result<(), Fault> {
    if OWN_ROWS.contains(&key) {
        return results::lay_down(session, key, words);
    }
    let mut all = as_map(&session.branch.settings)?;
    if !all.contains_key(key) {
        return Err(unknown(key, &all));
    }
    let (key, value) = value(key, words, &all)?;
    all.insert(key.clone(), value.clone());
    let settings: Settings = serde_json::from_value(Value::Object(all))
        .map_err(|e| Fault::refused(format!("{key} 不能是 {value}：{e}"), format!("{key} cannot be {value}: {e}")))?;
    settings.check().map_err(|c| Fault::refused(c.zh, c.en))?;
    if !settings.watch.holds() {
        return Err(Fault::refused(
            "金额不能为负（单位是分），天数为 0 到 366，最多十个，如 [30,7,1]；转出天数至少 1，月数 1 到 120",
            "Sums (in fen) cannot be negative; days are 0 to 366, ten at most, such as [30,7,1]; outflow days at least 1, months 1 to 120",
        ));
    }
    let works = |code: &str| session.branch.staff.iter().any(|s| s.active && s.code.eq_ignore_ascii_case(code));
    if let Some(rule) = settings.keepers.0.iter().find(|r| !r.keeper.is_empty() && !works(&r.keeper)) {
        let code = &rule.keeper;
        return Err(Fault::refused(
            format!("分户规则里没有工号为「{code}」的同事"),
            format!("Nobody has the code '{code}' of the keeper rules"),
        ));
    }
    let second = second.map(|code| word::given(session, Action::Rules, code)).transpose()?;
    let stamp = Stamp { second, ..session.stamp() };
    session.ask(&Ask::Workbench(workbench::Ask::KeepSettings { settings: Box::new(settings), stamp }))?;
    output::print(&match session.lang {
        Lang::Zh => format!("已改 {key} = {value}\n"),
        Lang::En => format!("{key} is {value} now\n"),
    })
}

/// What was typed as the value of a setting, and which setting it is: lines with a day in front are those from that day on.
fn value(key: &str, words: &[String], all: &Map<String, Value>) -> Result<(String, Value), Fault> {
    let off = |word: &String| word == "off";
    match (key, words) {
        ("lines", [day, rest @ ..]) if dates::parse(day).is_ok() && !rest.is_empty() => {
            let day = dates::parse(day).map_err(|c| Fault::refused(c.zh, c.en))?;
            let mut dated = all.get("lines_from").and_then(Value::as_object).cloned().unwrap_or_default();
            match rest {
                [word] if off(word) => _ = dated.remove(&day.to_string()),
                five => _ = dated.insert(day.to_string(), lines(five)?),
            }
            Ok(("lines_from".to_owned(), Value::Object(dated)))
        }
        ("lines", [_, _, ..]) => Ok((key.to_owned(), lines(words)?)),
        ("products", [code, name @ ..]) if !name.is_empty() => {
            let mut names = all.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
            match name {
                [word] if off(word) => _ = names.remove(code),
                words => _ = names.insert(code.clone(), words.join(" ").into()),
            }
            Ok((key.to_owned(), Value::Object(names)))
        }
        ("review_days", [word]) if off(word) => Ok((key.to_owned(), Value::Array(Vec::new()))),
        ("review_days", days) if days.iter().all(|d| d.len() == 4 && d.parse::<u16>().is_ok()) => {
            Ok((key.to_owned(), days.iter().filter_map(|d| d.parse::<u16>().ok()).collect::<Vec<_>>().into()))
        }
        // What is not JSON is meant as a word: `settings basis balance`.
        (_, [word]) => {
            Ok((key.to_owned(), serde_json::from_str(word).unwrap_or_else(|_| Value::String(word.to_owned()))))
        }
        _ => Err(Fault::refused(
            format!(
                "{key} 只能有一个值；lines 可写 [生效日] 五条线，review_days 可写几个月日，如 0630 1231，products 写代码和名称"
            ),
            format!(
                "{key} takes one value; lines takes [day] five lines, review_days takes days such as 0630 1231, products a code and a name"
            ),
        )),
    }
}

/// Five lines, typed in 万.
fn lines(words: &[String]) -> Result<Value, Fault> {
    let five: Vec<i64> = words.iter().map(|w| tiers::line(w).map(|l| l.0)).collect::<Result<_, _>>()?;
    if five.len() != 5 {
        return Err(Fault::refused(
            "分级线要五条，从小客户到大客户，单位万，如 0.1 5 20 50 300",
            "Five lines are needed, from small to big, in 万, such as 0.1 5 20 50 300",
        ));
    }
    Ok(five.into())
}

fn as_map(settings: &Settings) -> Result<Map<String, Value>, Fault> {
    match serde_json::to_value(settings) {
        Ok(Value::Object(all)) => Ok(all),
        _ => Err(Fault::refused("设置读不出来", "The settings cannot be read")),
    }
}

fn unknown(key: &str, all: &Map<String, Value>) -> Fault {
    let known: Vec<&str> = all.keys().map(String::as_str).collect();
    let known = known.join(" ");
    Fault::refused(format!("没有设置「{key}」，可用：{known}"), format!("There is no setting '{key}'; known: {known}"))
}

/// `staff`: who works here.
///
/// # Errors
/// Standard output does not take it.
pub fn staff(session: &Session) -> Result<(), Fault> {
    let name = |id| session.branch.staff.iter().find(|s| Some(s.id) == id).map_or("", |s: &Staff| s.name.as_str());
    let row = |s: &Staff| {
        let role = s.role.label().get(session.lang);
        vec![s.code.clone(), s.name.clone(), role.to_owned(), s.area.clone(), name(s.leader).to_owned()]
    };
    let rows: Vec<Vec<String>> = session.branch.staff.iter().filter(|s| s.active).map(row).collect();
    let (lang, today) = (session.lang, session.today);
    let ahead = session.branch.delegates.iter().filter(|d| d.until >= today);
    let told: String = ahead.map(|d| keepers::delegation(d, &session.branch.staff, lang, today) + "\n").collect();
    output::print(&(output::columns(&rows) + &told))
}

/// `staff add CODE:NAME:ROLE`
///
/// # Errors
/// The code is taken or reads wrong, or nobody has the leader's code.
pub fn add(session: &mut Session, text: &str, area: &str, leader: Option<&str>) -> Result<(), Fault> {
    // Said before a password is thought up; the store asks again.
    session.allow(Action::Staff)?;
    let mut new = person(text)?;
    new.area = crate::domain::values::plain::line(area);
    if let Some(code) = leader {
        let lead = session.branch.staff.iter().find(|s| s.active && s.code.eq_ignore_ascii_case(code));
        let lead = lead.ok_or_else(|| {
            Fault::refused(format!("没有工号为「{code}」的同事"), format!("Nobody has the code '{code}'"))
        })?;
        new.leader = Some(lead.id);
    }
    let password = password::first(session, &new.code)?;
    let code = new.code.clone();
    let words = match session.lang {
        Lang::Zh => format!("已加入 {} {} {}\n", new.code, new.name, new.role.label().zh),
        Lang::En => format!("Added {} {} ({})\n", new.code, new.name, new.role.label().en),
    };
    let stamp = session.stamp();
    session.ask(&Ask::Workbench(workbench::Ask::AddStaff { staff: Box::new(new), stamp }))?;
    output::print(&words)?;
    let Some(given) = password else { return Ok(()) };
    if let Answer::Workbench(workbench::Answer::Opened(opened)) = session.ask(&Ask::Workbench(workbench::Ask::Open))? {
        session.branch = *opened;
    }
    match session.branch.staff.iter().find(|s| s.code == code).cloned() {
        Some(person) => password::set(session, &person, &given),
        None => Err(Fault::from(crate::store::request::Failure::Gone)),
    }
}
