//! `soak`: the words for what came of many workstations on a drive. What they do is in `run::soak`.

use super::{files, output};
use crate::domain::text::{Lang, Text, t};
use crate::exchange::demo;
use crate::run::checked;
use crate::run::fault::Fault;
use crate::run::scratch::Scratch;
use crate::run::setting::Setting;
use crate::run::soak::tally::{Tally, Times};
use crate::run::soak::{self, Plan};
use std::path::Path;

/// The seed of the customers.
const SEED: u64 = 1;

/// `soak`: in `folder`, or beside the branch file.
///
/// # Errors
/// Something was lost, doubled or wrong, or a user would have seen an error; what was found is written all the same.
pub fn soak(setting: &Setting, folder: Option<&Path>, plan: Plan, json: bool) -> Result<(), Fault> {
    let lang = setting.tongue();
    let beside = match folder {
        Some(folder) => folder.to_owned(),
        None => setting.file()?.parent().map(Path::to_owned).unwrap_or_default(),
    };
    let Plan { workstations, seconds, .. } = plan;
    eprintln!(
        "{}",
        match lang {
            Lang::Zh => format!("{workstations} 台工作站试跑 {seconds} 秒，只用临时文件，Ctrl+C 中断"),
            Lang::En => format!("{workstations} workstations work {seconds} s on a scratch file; Ctrl+C ends it"),
        }
    );
    let scratch = Scratch::new("soak")?;
    let made = scratch.join("soak.db");
    demo::make(SEED, setting.clock.today(), &made).map_err(files::unmade)?;
    let tally = soak::run(setting, &beside, plan, &made)?;
    if json {
        output::json(&tally)?;
    } else {
        output::print(&output::columns(&rows(&tally, lang)))?;
    }
    if tally.sound {
        return Ok(());
    }
    Err(Fault::refused(
        "试跑没有通过：这个盘上不要存网点文件，请把上面的结果交给系统管理员。",
        "The soak failed: keep no branch file on this drive, and show the lines above to the administrator.",
    ))
}

/// The tally as lines of a label and what it says.
fn rows(tally: &Tally, lang: Lang) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut add = |label: Text, text: String| rows.push(vec![label.get(lang).to_owned(), text]);
    add(
        t("结论", "Verdict"),
        t(if tally.sound { "通过" } else { "不通过" }, if tally.sound { "passed" } else { "failed" })
            .get(lang)
            .to_owned(),
    );
    add(t("保存确认", "Acknowledged"), tally.saved.to_string());
    add(t("丢失", "Lost"), tally.lost.to_string());
    add(t("重复", "Doubled"), tally.doubled.to_string());
    add(t("与日志不符", "Unlike the log"), tally.strayed.to_string());
    add(t("报错", "Errors shown"), tally.errors.values().sum::<u64>().to_string());
    for (what, times) in &tally.errors {
        add(t("", ""), format!("{times} x {what}"));
    }
    let whole = match lang {
        Lang::Zh => "副本核对完好：页、引用、计数、变更链",
        Lang::En => "a copy was looked over: pages, references, counters and chain are whole",
    };
    let file = match (tally.wrong.join("; "), lang) {
        (wrong, _) if wrong.is_empty() => whole.to_owned(),
        (wrong, Lang::Zh) => checked::chinese(&wrong),
        (wrong, Lang::En) => wrong,
    };
    add(t("文件", "File"), file);
    add(t("同项冲突", "Same field"), tally.clashes.to_string());
    add(t("暂存本机", "Kept on the PC"), tally.waited.to_string());
    for (label, times) in
        [(t("保存", "Saves"), tally.saves), (t("读屏", "Reads"), tally.reads), (t("同事改动", "News"), tally.news)]
    {
        add(label, said(times, lang));
    }
    add(t("最长等待", "Longest wait"), millis(tally.longest_wait_ms));
    add(t("盘每次操作", "Drive operation"), format!("{:.3} ms", tally.operation_ms));
    rows
}

fn said(times: Times, lang: Lang) -> String {
    let (p50, p95, max) = (millis(times.p50_ms), millis(times.p95_ms), millis(times.max_ms));
    match lang {
        Lang::Zh => format!("{} 次，一半在 {p50} 内，95% 在 {p95} 内，最长 {max}", times.count),
        Lang::En => format!("{} of them, half within {p50}, 95 % within {p95}, longest {max}", times.count),
    }
}

fn millis(millis: f64) -> String {
    if millis < 10.0 { format!("{millis:.1} ms") } else { format!("{millis:.0} ms") }
}
