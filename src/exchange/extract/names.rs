//! What other systems call the fields of the layouts, and how like a header is to one of them. What follows from it is in `propose`.

use super::layout::Layout;

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
    ("地址", &["联系地址", "通讯地址", "家庭地址", "居住地址", "家庭住址", "住址", "ADDRESS", "ADDR"]),
    ("开户日", &["开户日期", "建档日期", "建档日", "OPEN_DATE"]),
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

/// How many headers of a row are like fields of any layout: the header row has most of them.
pub fn likeness(headers: &[String]) -> usize {
    let is_like = |h: &&String| Layout::ALL.iter().flat_map(|l| l.headers()).any(|field| score(field, h) >= 90);
    headers.iter().filter(is_like).count()
}

/// How like a header is to a field, of 100.
pub fn score(field: &str, header: &str) -> u32 {
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
