//! What a file of another layout most likely means: headers by their likeness to the fields' names and to what other systems
//! call them, units and orders by the first rows. A proposal is looked at by somebody before it is kept.

use super::layout::{Layout, OWN};
use super::look::Look;
use super::mapping::{DateOrder, Formats, Mapping, Rates, Sign, Unit};
use std::collections::BTreeMap;

/// What other systems call the fields.
const NAMES: [(&str, &[&str]); 43] = [
    (
        "客户号",
        &[
            "客户编号",
            "客户代码",
            "客户号码",
            "核心客户号",
            "客户内码",
            "客户ID",
            "CIF",
            "CIFNO",
            "CUST_NO",
            "CUSTNO",
            "CUST_ID",
            "CUSTID",
        ],
    ),
    ("姓名", &["户名", "客户名称", "客户姓名", "客户名", "名称", "借款人", "借款人名称", "NAME", "CUST_NAME"]),
    ("证件类型", &["证件种类", "证件类别", "ID_TYPE"]),
    ("证件号", &["证件号码", "身份证号", "身份证号码", "身份证", "统一社会信用代码", "ID_NO", "IDNO"]),
    ("手机", &["手机号", "手机号码", "移动电话", "联系电话", "联系方式", "电话", "MOBILE", "PHONE", "TEL"]),
    ("地址", &["联系地址", "通讯地址", "家庭地址", "居住地址", "住址", "ADDRESS", "ADDR"]),
    ("开户日", &["开户日期", "OPEN_DATE"]),
    ("开户机构", &["开户行", "开户网点", "所属机构", "机构名称", "归属机构", "网点", "机构"]),
    ("数据日期", &["统计日期", "报表日期", "时点日期", "数据时间", "日期", "DATA_DATE"]),
    ("活期", &["活期余额", "活期存款", "活期存款余额"]),
    ("定期", &["定期余额", "定期存款", "定期存款余额"]),
    ("理财", &["理财余额", "理财市值", "理财产品"]),
    ("基金", &["基金余额", "基金市值"]),
    ("保险", &["保险余额", "保险金额", "保费"]),
    ("国债", &["国债余额"]),
    (
        "AUM时点",
        &[
            "AUM",
            "AUM余额",
            "时点AUM",
            "金融资产",
            "金融资产余额",
            "总资产",
            "资产总额",
            "资产余额",
            "资产合计",
            "AUM合计",
        ],
    ),
    ("AUM月日均", &["月日均", "月日均AUM", "AUM月均", "AUM日均", "月日均资产", "日均资产", "月均余额", "日均余额"]),
    (
        "日期",
        &["交易日期", "记账日期", "交易日", "入账日期", "签约日期", "开通日期", "评级日期", "评定日期", "TRANS_DATE"],
    ),
    ("流水号", &["交易流水号", "交易流水", "核心流水号", "流水", "SERIAL", "SERIAL_NO"]),
    ("借贷", &["借贷标志", "借贷方向", "收支标志", "收支方向", "收支", "方向"]),
    ("金额", &["交易金额", "发生额", "持有金额", "持仓金额", "合同金额", "本金", "余额", "AMOUNT", "AMT"]),
    ("渠道", &["交易渠道", "CHANNEL"]),
    ("对手行", &["对方行", "对方行名", "对方银行", "对手银行", "对方开户行", "交易对手行"]),
    ("摘要", &["交易摘要", "附言", "备注", "MEMO"]),
    ("产品代码", &["产品编号", "产品名称", "产品", "PRODUCT"]),
    ("合同号", &["合同编号", "协议号", "存单号", "保单号", "账号", "CONTRACT_NO"]),
    ("起息日", &["起息日期", "起始日", "起始日期", "开始日期", "购买日期"]),
    ("到期日", &["到期日期", "终止日", "终止日期", "结束日期"]),
    ("利率", &["年利率", "执行利率", "收益率", "年化收益率", "预期收益率", "RATE"]),
    ("状态", &["合同状态", "账户状态", "签约状态", "STATUS"]),
    ("借据号", &["借据编号", "借据号码", "借据"]),
    ("产品", &["贷款品种", "贷款产品", "业务品种", "产品名称", "贷款种类"]),
    ("发放额", &["发放金额", "放款金额", "贷款金额", "借据金额", "合同金额"]),
    ("余额", &["贷款余额", "借据余额", "本金余额", "BALANCE"]),
    ("发放日", &["发放日期", "放款日期", "放款日", "起贷日"]),
    ("下次还款日", &["下期还款日", "下一还款日", "还款日期", "还款日"]),
    ("应还额", &["应还金额", "本期应还", "每期还款额", "月供"]),
    ("逾期天数", &["逾期天", "拖欠天数"]),
    ("五级分类", &["五级分类结果", "五级形态", "风险分类", "贷款形态"]),
    ("用途", &["贷款用途"]),
    ("还款账户", &["还款账号", "扣款账户", "扣款账号"]),
    ("服务", &["签约服务", "签约产品", "签约业务", "业务种类", "业务名称"]),
    ("等级", &["信用等级", "信用评级", "评级结果", "评级"]),
];

/// What a credit line is called; apart from the table above, for its words are other fields' too.
const CREDIT: [&str; 4] = ["授信额度", "授信金额", "授信总额", "额度"];

/// Two columns of sums, what goes out and what comes in.
const OUT_IN: [(&str, &str); 7] = [
    ("借方发生额", "贷方发生额"),
    ("借方金额", "贷方金额"),
    ("支出金额", "收入金额"),
    ("支出", "收入"),
    ("转出金额", "转入金额"),
    ("借方", "贷方"),
    ("取款", "存款"),
];

/// A header that is like a field by less is not proposed for it.
const LIKE: u32 = 50;

/// How many headers of a row are like fields of any layout: the header row has most of them.
pub fn likeness(headers: &[String]) -> usize {
    let is_like = |h: &&String| Layout::ALL.iter().flat_map(|l| l.headers()).any(|field| score(field, h) >= 90);
    headers.iter().filter(is_like).count()
}

/// Proposes a mapping to the layout that fits best; `None` when nothing is like anything.
pub fn propose(look: &Look) -> Option<Mapping> {
    let all = Layout::ALL.into_iter().rev().map(|layout| propose_as(look, layout));
    let best = all.max_by_key(|m| {
        let needs = m.layout.needs().len();
        ((needs - m.missing().len()) * 100 / needs.max(1), m.columns.len())
    })?;
    (!best.columns.is_empty()).then_some(best)
}

/// Proposes a mapping to a layout.
pub fn propose_as(look: &Look, layout: Layout) -> Mapping {
    let headers: Vec<&String> = look.headers.iter().filter(|h| !h.is_empty() && !OWN.contains(&h.as_str())).collect();
    let mut pairs = vec![];
    for (f, field) in layout.headers().iter().enumerate() {
        for (h, name) in headers.iter().enumerate() {
            let likeness = score(field, name);
            if likeness >= LIKE {
                pairs.push((likeness, f, h));
            }
        }
    }
    // Most alike first; of equals, in the order of the layout and the file.
    pairs.sort_by_key(|(likeness, f, h)| (u32::MAX - likeness, *f, *h));
    let (mut columns, mut used) = (BTreeMap::<String, Vec<String>>::new(), vec![]);
    for (_, f, h) in pairs {
        if let (Some(field), Some(name)) = (layout.headers().get(f), headers.get(h))
            && !columns.contains_key(*field)
            && !used.contains(&h)
        {
            columns.insert((*field).to_owned(), vec![(*name).clone()]);
            used.push(h);
        }
    }
    let mut formats = Formats { dates: dates(look, layout, &columns), ..Formats::default() };
    if layout == Layout::Txns {
        formats.sign = sign(look, &mut columns);
    }
    let money: Vec<&String> =
        ["AUM时点", "金额", "余额", "发放额", "授信"].iter().filter_map(|f| columns.get(*f)?.first()).collect();
    if money.iter().any(|h| h.contains("万元") || h.ends_with("(万)")) {
        formats.unit = Unit::Wan;
    }
    let rates: Vec<f64> = values(look, columns.get("利率")).filter_map(|v| v.parse().ok()).collect();
    if !rates.is_empty() && rates.iter().all(|r| *r < 0.3) {
        formats.rates = Rates::Fraction;
    }
    Mapping {
        name: layout.label().zh.to_owned(),
        layout,
        headers: look.headers.iter().filter(|h| !OWN.contains(&h.as_str())).cloned().collect(),
        as_of: None,
        formats,
        columns,
        constants: BTreeMap::new(),
    }
}

/// How like a header is to a field, of 100.
fn score(field: &str, header: &str) -> u32 {
    let bare = header.split(['(', '[']).next().unwrap_or(header).trim_end_matches("万元").to_uppercase();
    if bare == field.to_uppercase() {
        return 100;
    }
    let others = NAMES.iter().find(|(f, _)| *f == field).map_or(&[][..], |(_, names)| names);
    let others = if field == "授信" { &CREDIT[..] } else { others };
    if let Some(at) = others.iter().position(|name| *name == bare) {
        return 95 - u32::try_from(at).unwrap_or(5).min(5);
    }
    let letters = |s: &str| u32::try_from(s.chars().count()).unwrap_or(u32::MAX);
    if letters(field) > 1 && bare.contains(field) {
        return 80 - letters(&bare).saturating_sub(letters(field)).min(30);
    }
    let near = others.iter().filter(|name| letters(name) > 2 && bare.contains(**name));
    near.map(|name| 70 - letters(&bare).saturating_sub(letters(name)).min(20)).max().unwrap_or_default()
}

/// What stands in a column in the first rows.
fn values<'l>(look: &'l Look, column: Option<&Vec<String>>) -> impl Iterator<Item = &'l str> {
    let at = column.and_then(|c| c.first()).and_then(|name| look.headers.iter().position(|h| h == name));
    let rows = look.rows.iter();
    rows.filter_map(move |row| at.and_then(|at| row.cells.get(at))).map(|v| v.trim()).filter(|v| !v.is_empty())
}

/// The order of dates, where the year stands last: a part above 12 is the day.
fn dates(look: &Look, layout: Layout, columns: &BTreeMap<String, Vec<String>>) -> DateOrder {
    let of_dates = layout.headers().iter().filter(|f| f.contains('日') && **f != "AUM月日均");
    let (mut last, mut second) = (false, false);
    for value in of_dates.flat_map(|f| values(look, columns.get(*f))) {
        let parts: Vec<&str> = value.split(['-', '/', '.']).collect();
        if let [a, b, year] = parts.as_slice()
            && year.len() == 4
            && a.len() <= 2
        {
            last = true;
            second |= b.parse::<u32>().is_ok_and(|n| n > 12);
        }
    }
    match (last, second) {
        (false, _) => DateOrder::Ymd,
        (true, true) => DateOrder::Mdy,
        (true, false) => DateOrder::Dmy,
    }
}

/// How transactions say in or out; two columns of sums become the field's.
fn sign(look: &Look, columns: &mut BTreeMap<String, Vec<String>>) -> Sign {
    let has = |name: &&str| look.headers.iter().any(|h| h == name);
    if let Some((out, into)) = OUT_IN.iter().find(|(out, into)| has(out) && has(into)) {
        columns.retain(|_, names| !names.iter().any(|n| n == out || n == into));
        columns.insert("金额".to_owned(), vec![(*out).to_owned(), (*into).to_owned()]);
        return Sign::Columns;
    }
    if !columns.contains_key("借贷") && values(look, columns.get("金额")).any(|v| v.starts_with(['-', '(', '−']))
    {
        return Sign::Own;
    }
    Sign::Word
}
