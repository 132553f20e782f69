//! Words on the drive: what the header says of it, why it takes no saves. What is true of it is kept in `app::drive`.

use crate::app::drive::Drive;
use crate::domain::text::{Lang, Text, t};
use crate::store::anchor::Turn;
use crate::store::drive::Proof;
use crate::store::request::Failure;
use chrono::{NaiveDateTime, TimeDelta};

/// Hours after which a backup is too old: a day and what a late morning adds (drive.md 7).
pub const OLD_BACKUP: i64 = 26;
/// Minutes by which the clocks of colleagues may differ.
const CLOCKS: i64 = 10;

/// What must be looked at now, most pressing first; empty when all is well. Long words for a wide header.
pub fn alarm(drive: &Drive, now: NaiveDateTime, wide: bool, lang: Lang) -> String {
    let mut words = Vec::new();
    if drive.proof == Proof::Broken {
        words.push(t("锁失效！停止保存", "LOCKS FAIL, no saving").get(lang).to_owned());
    }
    if drive.damaged.is_some() {
        words.push(t("文件损坏", "file damaged").get(lang).to_owned());
    }
    if drive.lacking {
        words.push(t("文件少了变更", "changes are missing").get(lang).to_owned());
    }
    if let Some((why, since)) = &drive.trouble {
        words.push(match wide {
            true => format!("{} {}s", trouble(why).get(lang), (now - *since).num_seconds().max(0)),
            false => trouble(why).get(lang).to_owned(),
        });
    }
    let since = drive.unread.as_ref().map(|(_, since)| *since).or(drive.asked);
    if let (None, Some(since)) = (&drive.trouble, since)
        && drive.away(now)
    {
        let seconds = (now - since).num_seconds().max(0);
        words.push(match (drive.unread.as_ref(), lang) {
            (Some((why, _)), _) => format!("{} {seconds}s", trouble(why).get(lang)),
            (None, Lang::Zh) => format!("等盘 {seconds}s"),
            (None, Lang::En) => format!("drive slow {seconds}s"),
        });
    }
    match (drive.waiting, lang) {
        (0, _) => {}
        (n, Lang::Zh) => words.push(format!("{n} 笔待存")),
        (1, Lang::En) => words.push("1 save waiting".to_owned()),
        (n, Lang::En) => words.push(format!("{n} saves waiting")),
    }
    if words.is_empty() && wide {
        match drive.backup {
            Some(None) => words.push(t("没有备份", "no backup").get(lang).to_owned()),
            Some(Some(at)) if now - at > TimeDelta::hours(OLD_BACKUP) => words.push(backup_age(now - at, lang)),
            _ => {}
        }
    }
    words.join(" ")
}

/// Why the drive takes no saves, in a word for the header.
fn trouble(why: &Failure) -> Text {
    match why {
        Failure::GaveWay | Failure::Busy => t("盘忙", "drive busy"),
        Failure::Full => t("盘满", "drive full"),
        Failure::ReadOnly => t("盘只读", "read-only"),
        Failure::Locks => t("锁不起作用", "locks fail"),
        Failure::Newer => t("请更新程序", "update guitai"),
        Failure::Replaced => t("文件被换", "another file"),
        Failure::Damaged(_) => t("文件损坏", "file damaged"),
        _ => t("盘断开", "drive away"),
    }
}

/// How the drive stands when all is well: what it lies on is said before.
pub fn standing(drive: &Drive, now: NaiveDateTime, lang: Lang) -> String {
    let mut words = String::new();
    words.push_str(match drive.proof {
        Proof::Unknown => "",
        Proof::Unproven => t("未证实", "unproven").get(lang),
        Proof::Proven => t("已证实", "proven").get(lang),
        Proof::Doubted => t("待证实", "in doubt").get(lang),
        Proof::Broken => t("锁失效", "no locks").get(lang),
    });
    // A disk of this PC takes no time worth telling.
    if let Some(millis) = drive.speed.filter(|millis| *millis >= 0.1) {
        words.push_str(&format!(" {millis:.1}ms"));
    }
    if let Some(Some(at)) = drive.backup
        && now - at <= TimeDelta::hours(OLD_BACKUP)
    {
        words.push_str(&format!("  {}", backup_age(now - at, lang)));
    }
    words
}

/// The age of the last verified backup.
fn backup_age(age: TimeDelta, lang: Lang) -> String {
    let (minutes, hours, days) = (age.num_minutes().max(0), age.num_hours(), age.num_days());
    match (hours, lang) {
        (..1, Lang::Zh) => format!("备份 {minutes} 分前"),
        (..1, Lang::En) => format!("backup {minutes} min ago"),
        (1..48, Lang::Zh) => format!("备份 {hours} 小时前"),
        (1..48, Lang::En) => format!("backup {hours} h ago"),
        (_, Lang::Zh) => format!("备份 {days} 天前"),
        (_, Lang::En) => format!("backup {days} days ago"),
    }
}

/// A save lies in the outbox.
pub fn kept(lang: Lang) -> String {
    t("已存在本机，共享盘恢复后自动写入", "Kept on this PC; written as soon as the drive takes it").get(lang).to_owned()
}

/// Saves that still wait when somebody leaves.
pub fn left(n: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{n} 笔已存在本机、还没有写入共享盘，下次在这台机器上打开 guitai 时自动写入。"),
        Lang::En => format!("{n} saves are kept on this PC and are written when guitai is opened here again."),
    }
}

/// Somebody gave changes up on purpose since this PC last looked.
pub fn turned(turn: &Turn, by: &str, lang: Lang) -> String {
    let (from, at, reason) = (turn.from, turn.at.format("%Y-%m-%d %H:%M"), &turn.reason);
    match lang {
        Lang::Zh => format!("网点文件 {at} 由 {by} 换回：变更 {from} 之后的作废（{reason}）"),
        Lang::En => {
            format!("{by} put the branch file back on {at}: what came after change {from} is void ({reason})")
        }
    }
}

/// This PC's clock is behind the newest line of the log by more than clocks of colleagues differ; nothing where it is not.
pub fn behind(newest: NaiveDateTime, now: NaiveDateTime, lang: Lang) -> Option<String> {
    let at = newest.format("%Y-%m-%d %H:%M");
    (newest - now > TimeDelta::minutes(CLOCKS)).then(|| match lang {
        Lang::Zh => format!("本机时间比日志最新一条（{at}）还早：请先校准时间再录入"),
        Lang::En => format!("The newest line of the log is of {at}, later than now: set this PC's clock right first"),
    })
}

/// Nothing waits any more.
pub fn caught_up(lang: Lang) -> String {
    t("本机待存的都已写入共享盘", "All that waited on this PC is written").get(lang).to_owned()
}

/// Acknowledged saves that the file lacks.
pub fn missing(n: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("有 {n} 笔已存的不在文件里了，正在重新写入；请告诉管理员（guitai doctor）"),
        Lang::En => format!("{n} saves are not in the file any more and are written again; tell the administrator"),
    }
}

/// The archive asked for cannot be shown.
pub fn never_seen(lang: Lang) -> String {
    t("共享盘没有响应，这份档案今天还没有看过", "The drive does not answer, and this archive was not seen today")
        .get(lang)
        .to_owned()
}

/// The archive shown is as old as that.
pub fn as_seen(at: NaiveDateTime, lang: Lang) -> String {
    let at = at.format("%H:%M");
    match lang {
        Lang::Zh => format!("共享盘没有响应，这是 {at} 看到的内容"),
        Lang::En => format!("The drive does not answer; this is as seen at {at}"),
    }
}

/// The proof in one cell, for a narrow header.
pub fn sign(proof: Proof) -> &'static str {
    match proof {
        Proof::Unknown => "",
        Proof::Unproven | Proof::Doubted => "?",
        Proof::Proven => "+",
        Proof::Broken => "!",
    }
}
