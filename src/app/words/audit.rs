//! Words on lines of the change log.

use super::entitle;
use crate::domain::audit::{self, Filter, Line};
use crate::domain::change::{Change, REWOUND_BY, SECOND, UNPROVED};
use crate::domain::staff::Staff;
use crate::domain::text::{Lang, t};
use crate::domain::values::plain;

/// What a line was, in a word.
pub fn doing(change: &Change, lang: Lang) -> String {
    let code = audit::doing(change);
    audit::label(code).map_or_else(|| code.to_owned(), |label| label.get(lang).to_owned())
}

/// What of a line is for people to read, one after the other, values masked.
pub fn details(change: &Change, staff: &[Staff], lang: Lang) -> Vec<String> {
    let mut edits: Vec<_> = audit::edits(change).collect();
    // What was decided is read first.
    edits.sort_by_key(|(_, e)| e.field != "verdict");
    let mut lines: Vec<String> = edits
        .into_iter()
        .filter(|(_, e)| !(e.before.is_empty() && e.after.is_empty()) && e.field != SECOND && e.field != UNPROVED)
        .map(|(label, e)| {
            let e = entitle::told(&e, staff, lang);
            let label = label.or_else(|| named(&e.field)).map_or(e.field.as_str(), |label| label.get(lang));
            match (e.before.is_empty(), e.after.is_empty()) {
                (true, _) => format!("{label} {}", e.after),
                (false, true) => format!("{label} {} → -", e.before),
                (false, false) => format!("{label} {} → {}", e.before, e.after),
            }
        })
        .collect();
    lines.extend(second(change, staff, lang));
    lines
}

/// Whose word was given beside it, and that they gave no password, where they have none.
pub fn second(change: &Change, staff: &[Staff], lang: Lang) -> Option<String> {
    let id = change.after(SECOND)?;
    let who = staff.iter().find(|s| s.id.0.to_string() == id).map_or(id, |s| s.name.as_str());
    let label = t("授权人", "second person").get(lang);
    let unproved =
        if change.after(UNPROVED).is_some() { t("（未验密码）", " (without password)").get(lang) } else { "" };
    Some(format!("{label} {who}{unproved}"))
}

/// The same in one line.
pub fn content(change: &Change, staff: &[Staff], lang: Lang) -> String {
    details(change, staff, lang).join(t("；", "; ").get(lang))
}

/// Fields of the log that no archive has.
fn named(code: &str) -> Option<crate::domain::text::Text> {
    Some(match code {
        "field" => t("字段", "field"),
        "rows" => t("条数", "rows"),
        "target" => t("去处", "to"),
        "channel" => t("渠道", "channel"),
        "outcome" => t("结果", "outcome"),
        "note" => t("备注", "note"),
        "mark" => t("标记", "mark"),
        "hand_over" => t("转给", "handed to"),
        "delegate" => t("代理人", "stands in"),
        "for" => t("代", "for"),
        "part" => t("附页", "part"),
        "text" => t("内容", "text"),
        "from" => t("从", "from"),
        "until" => t("到", "until"),
        "reason" => t("理由", "because"),
        "rewound" => t("换回到变更", "back to change"),
        "rewound.what" => t("依据", "by"),
        REWOUND_BY => t("办理人", "done by"),
        "drill.file" => t("演练备份", "backup tried"),
        "drill.result" => t("演练结果", "result"),
        code => return entitle::field(code),
    })
}

/// What is shown of the log, for a title.
pub fn title(filter: &Filter, customer: &str, staff: &str, lang: Lang) -> String {
    let mut words = vec![t("变更日志", "Change log").get(lang).to_owned()];
    words.extend(filter.customer.map(|_| customer.to_owned()));
    words.extend(filter.staff.map(|_| staff.to_owned()));
    words.extend(filter.doing.and_then(audit::label).map(|l| l.get(lang).to_owned()));
    if let Some(from) = filter.from {
        words.push(match (filter.to, lang) {
            (Some(to), _) if to == from => from.to_string(),
            (Some(to), _) => format!("{from} - {to}"),
            (None, Lang::Zh) => format!("{from} 起"),
            (None, Lang::En) => format!("from {from}"),
        });
    }
    words.join(" ")
}

/// A line in full, to read.
pub fn whole(line: &Line, who: &str, staff: &[Staff], lang: Lang) -> Vec<String> {
    let c = &line.change;
    let mut lines = vec![
        format!("{} {}", t("变更", "Change").get(lang), c.seq),
        c.at.format("%Y-%m-%d %H:%M:%S").to_string(),
        format!("{who}  {}", c.station),
        doing(c, lang),
    ];
    if !line.no.is_empty() {
        lines.push(format!("{} {}", line.no, line.name));
    }
    lines.extend(details(c, staff, lang));
    if !c.reason.is_empty() {
        lines.push(format!("{} {}", t("理由", "Because").get(lang), plain::masked(&c.reason)));
    }
    lines
}
