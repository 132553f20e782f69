//! Words of the tier board: names of columns, who keeps them, near the line, shares; shared by the screen and the command line.

use super::customer::distance;
use super::{count, say};
use crate::app::shared::Shared;
use crate::domain::board::Board;
use crate::domain::calendar::dates;
use crate::domain::staff::Role;
use crate::domain::text::{Lang, Text, t};
use crate::domain::tier::{Basis, Near, Tier};
use crate::domain::values::money::Fen;
use crate::index::{GroupBy, GroupKey};
use chrono::NaiveDate;

/// What the columns may be, with the code chosen by and the word.
pub const GROUPS: [(GroupBy, &str, Text); 4] = [
    (GroupBy::Tier, "tier", t("分级", "Tier")),
    (GroupBy::Owner, "owner", t("责任人", "Keeper")),
    (GroupBy::Area, "area", t("片区", "Area")),
    (GroupBy::Stage, "stage", t("生命周期", "Life cycle")),
];

/// Cards are not there yet.
pub const READING: Text = t("正在读取客户", "Reading the customers");

/// What the columns are.
pub fn group(by: GroupBy) -> Text {
    GROUPS.iter().find(|(g, ..)| *g == by).map_or(t("", ""), |(_, _, label)| *label)
}

/// The heading of a column: in full, and where room is short.
pub fn heading(key: &GroupKey, shared: &Shared) -> (String, String) {
    let lang = shared.lang;
    let both = |full: &str, short: &str| (full.to_owned(), short.to_owned());
    match key {
        GroupKey::Tier(Some(tier)) => both(tier.label().get(lang), tier.short().get(lang)),
        GroupKey::Tier(None) => both(t("无资产数据", "No figures").get(lang), t("无数据", "No data").get(lang)),
        GroupKey::Owner(Some(id)) => {
            let name = shared.name_of(Some(*id));
            both(name, name)
        }
        GroupKey::Owner(None) => both(t("无责任人", "No keeper").get(lang), t("无人", "Nobody").get(lang)),
        GroupKey::Area(area) if area.is_empty() => {
            both(t("未填片区", "No area").get(lang), t("未填", "None").get(lang))
        }
        GroupKey::Area(area) => both(area, area),
        GroupKey::Stage(Some(stage)) => both(stage.label().get(lang), stage.label().get(lang)),
        GroupKey::Stage(None) => both(t("未定", "Unknown").get(lang), t("未定", "Unknown").get(lang)),
    }
}

/// The roles that keep the customers of a column, or the role of the keeper: two of them, and the first alone.
pub fn keepers(key: &GroupKey, shared: &Shared) -> (String, String) {
    let roles: Vec<Role> = match key {
        GroupKey::Tier(Some(tier)) => Role::keepers(*tier).to_vec(),
        GroupKey::Owner(Some(id)) => shared.person(*id).map(|s| s.role).into_iter().collect(),
        _ => Vec::new(),
    };
    let names: Vec<&str> = roles.iter().take(2).map(|r| r.short().get(shared.lang)).collect();
    (names.join("+"), names.first().map_or(String::new(), |n| (*n).to_owned()))
}

/// The filter of the search box that keeps to a column; empty where there is none.
pub fn filter(key: &GroupKey, shared: &Shared) -> String {
    match key {
        GroupKey::Tier(tier) => format!("tier:{}", tier.map_or("none", Tier::code)),
        GroupKey::Owner(Some(id)) => shared.person(*id).map(|s| format!("owner:{}", s.code)).unwrap_or_default(),
        GroupKey::Owner(None) => "owner:none".to_owned(),
        GroupKey::Area(area) if area.is_empty() => "area:none".to_owned(),
        // A blank would end the filter's word.
        GroupKey::Area(area) if area.contains(char::is_whitespace) => String::new(),
        GroupKey::Area(area) => format!("area:{area}"),
        GroupKey::Stage(stage) => stage.map(|s| format!("stage:{}", s.code())).unwrap_or_default(),
    }
}

/// A share of the whole in per cent, rounded half up: `45%`; nothing of nothing.
pub fn share(part: Fen, whole: Fen) -> String {
    if whole.0 <= 0 {
        return String::new();
    }
    let (part, whole) = (i128::from(part.0), i128::from(whole.0));
    format!("{}%", (part * 200 + whole) / (whole * 2))
}

/// The sum of a column, or a dash where the one who looks does not see what all of them have.
pub fn of_all(aum: Option<Fen>, hidden: bool) -> String {
    aum.map_or_else(|| super::customer::amount(None, hidden), |aum| sum(aum, hidden))
}

/// A sum of many customers: 万 without a tenth from a hundred on (`1204万`), 亿 with two.
pub fn sum(aum: Fen, hidden: bool) -> String {
    /// A hundred 万, in fen.
    const HUNDRED: i64 = 100_000_000;
    /// One 亿, in fen.
    const YI: i64 = 10_000_000_000;
    /// One 万, in fen.
    const WAN: i64 = 1_000_000;
    if hidden {
        return "****".to_owned();
    }
    if (HUNDRED..YI).contains(&aum.0) {
        return format!("{}万", aum.0 / WAN);
    }
    aum.wan()
}

/// The amount on a card: 万 with a tenth, without it from a thousand on; in a narrow column the word 万 is left out.
pub fn amount(aum: Option<Fen>, hidden: bool, narrow: bool) -> String {
    /// A thousand 万 and one 亿, in fen.
    const FROM: i64 = 1_000_000_000;
    const TO: i64 = 10_000_000_000;
    /// One 万, in fen.
    const WAN: i64 = 1_000_000;
    let text = match aum {
        Some(f) if !hidden && (FROM..TO).contains(&f.0) => format!("{}万", f.0 / WAN),
        _ => super::customer::amount(aum, hidden),
    };
    match text.strip_suffix('万') {
        Some(number) if narrow => number.to_owned(),
        _ => text,
    }
}

/// What the figures are cut by.
pub const fn basis(basis: Basis) -> Text {
    match basis {
        Basis::MonthlyAverage => t("按月日均", "monthly average"),
        Basis::Balance => t("按时点", "balance on the day"),
    }
}

/// The data date, or that there is none.
pub fn data(as_of: Option<NaiveDate>, today: NaiveDate, lang: Lang) -> String {
    match as_of.map(|d| dates::short(d, today)) {
        Some(day) => say(lang, format_args!("数据 {day}"), format_args!("data of {day}")),
        None => t("无资产数据", "no figures yet").get(lang).to_owned(),
    }
}

/// What the signs on the cards mean, with what there is of each: top fifth, near up, near down, held.
pub fn footer(figures: &Board, lang: Lang) -> [String; 4] {
    let share = figures.top20_share * 100.0;
    let (up, down) = figures.near;
    [
        say(
            lang,
            format_args!("* 前 20% 客户持有 {share:.1}% 资产"),
            format_args!("* top 20% hold {share:.1}% of assets"),
        ),
        say(lang, format_args!("^ 临界升 {up} 人"), format_args!("^ {up} near up")),
        say(lang, format_args!("v 临界降 {down} 人"), format_args!("v {down} near down")),
        t("= 人工定级", "= by hand").get(lang).to_owned(),
    ]
}

/// The title of a list of those near a line.
pub fn near_title(up: bool, percent: u32, lang: Lang) -> String {
    match up {
        true => {
            say(lang, format_args!("临界升：差 {percent}% 以内"), format_args!("Near the next tier, within {percent}%"))
        }
        false => say(
            lang,
            format_args!("临界降：高出 {percent}% 以内"),
            format_args!("Near their tier's line, within {percent}%"),
        ),
    }
}

/// How far somebody is from the line: `差 1.2万 到贵宾`.
pub fn gap(near: Near, up: bool, hidden: bool, lang: Lang) -> String {
    let gap = if hidden { "****".to_owned() } else { distance(near.gap, lang) };
    let name = near.to.short().get(lang);
    match up {
        true => say(lang, format_args!("差 {gap} 到{name}"), format_args!("{gap} to {name}")),
        false => say(lang, format_args!("再少 {gap} 降{name}"), format_args!("{gap} from {name}")),
    }
}

/// Nobody is near a line.
pub fn nobody_near(up: bool, percent: u32, lang: Lang) -> String {
    match up {
        true => say(
            lang,
            format_args!("没有人离上一级差 {percent}% 以内；Esc 返回看板"),
            format_args!("Nobody is within {percent}% of the next tier; Esc goes back"),
        ),
        false => say(
            lang,
            format_args!("没有人高出本级下限不到 {percent}%；Esc 返回看板"),
            format_args!("Nobody is within {percent}% above the line of their tier; Esc goes back"),
        ),
    }
}

/// Where the cursor stands in its column: `贵宾客户 12/48`.
pub fn position(name: &str, at: usize, of: usize) -> String {
    format!("{name} {}/{}", count(at.saturating_add(1).min(of)), count(of))
}

/// So many are marked.
pub fn marked(n: usize, lang: Lang) -> String {
    say(lang, format_args!("已选 {n} 人"), format_args!("{n} marked"))
}

/// The title of the sheet that gives several customers to another keeper.
pub fn keeper_of(lang: Lang, n: usize) -> String {
    say(lang, format_args!("换责任人（{n} 人）"), format_args!("New keeper for {n} customers"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_columns_are_said_as_short_as_they_can_be() {
        let cases = [
            (0, "0.0万"),
            (99_999_999, "99.9万"),
            (1_204_000_000, "1204万"),
            (1_204_999_999, "1204万"),
            (9_999_999_999, "9999万"),
            (23_100_000_000, "2.31亿"),
        ];
        for (fen, want) in cases {
            assert_eq!(sum(Fen(fen), false), want);
            assert_eq!(sum(Fen(fen), true), "****");
        }
    }

    #[test]
    fn amounts_on_cards_never_take_more_than_their_cells() {
        let cases = [
            (31_056_100, "31.0万", "31.0"),
            (4_999_999, "4.9万", "4.9"),
            (128_400_000, "128.4万", "128.4"),
            (999_900_000, "999.9万", "999.9"),
            (999_960_000, "999.9万", "999.9"),
            (1_000_000_000, "1000万", "1000"),
            (9_999_999_999, "9999万", "9999"),
            (23_100_000_000, "2.31亿", "2.31亿"),
        ];
        for (fen, wide, narrow) in cases {
            assert_eq!(amount(Some(Fen(fen)), false, false), wide);
            assert_eq!(amount(Some(Fen(fen)), false, true), narrow);
        }
        assert_eq!((amount(None, false, true), amount(Some(Fen(1)), true, true)), ("-".into(), "****".into()));
    }

    #[test]
    fn shares_are_rounded_and_nothing_has_no_share() {
        assert_eq!(share(Fen(1), Fen(3)), "33%");
        assert_eq!(share(Fen(2), Fen(3)), "67%");
        assert_eq!(share(Fen(0), Fen(3)), "0%");
        assert_eq!(share(Fen(0), Fen(0)), "");
    }

    #[test]
    fn a_small_gap_is_said_in_yuan_and_suffices() {
        let gap_of = |fen, lang| gap(Near { to: Tier::Vip, gap: Fen(fen) }, true, false, lang);
        assert_eq!(gap_of(1_234_567, Lang::Zh), "差 1.3万 到贵宾");
        assert_eq!(gap_of(1_200_000, Lang::Zh), "差 1.2万 到贵宾");
        assert_eq!(gap_of(320_001, Lang::Zh), "差 3,201元 到贵宾");
        assert_eq!(gap_of(320_001, Lang::En), "¥3,201 to VIP");
        let down = gap(Near { to: Tier::Ordinary, gap: Fen(320_000) }, false, true, Lang::Zh);
        assert_eq!(down, "再少 **** 降普通");
    }

    #[test]
    fn counts_have_separators() {
        let all = [0, 999, 2920, 100_000, 1_234_567].map(count);
        assert_eq!(all, ["0", "999", "2,920", "100,000", "1,234,567"]);
    }
}
