//! The pick lists of the archive: code and both labels, in the order they are offered. Which field uses which is said in the
//! field table.

use crate::domain::field::Choice;
use crate::domain::text::t;

const fn c(code: &'static str, zh: &'static str, en: &'static str) -> Choice {
    Choice { code, label: t(zh, en) }
}

/// 性别
pub const SEX: &[Choice] = &[c("male", "男", "Male"), c("female", "女", "Female")];
/// 客户类别
pub const SORT: &[Choice] =
    &[c("person", "个人", "Person"), c("business", "小微企业", "Business"), c("prospect", "潜在客户", "Prospect")];
/// 过哪个生日
pub const KEEPS: &[Choice] = &[c("solar", "过公历", "Solar"), c("lunar", "过农历", "Lunar")];
/// The seven channels of domain.md "The archive", and the two of feature 37.
pub const SOURCE: &[Choice] = &[
    c("survey", "活动调查", "Survey"),
    c("campaign", "营销活动", "Campaign"),
    c("service", "服务过程", "Service"),
    c("terminal", "终端", "Terminal"),
    c("community", "交流会/社区", "Community"),
    c("website", "网站/客服", "Web/hotline"),
    c("complaint", "客户投诉", "Complaint"),
    c("referral", "老带新", "Referral"),
    c("core", "核心导入", "Core import"),
];
/// 收入档, a year.
pub const INCOME: &[Choice] = &[
    c("under3", "3万以下", "under 30k"),
    c("3to5", "3-5万", "30-50k"),
    c("5to8", "5-8万", "50-80k"),
    c("8to15", "8-15万", "80-150k"),
    c("15to30", "15-30万", "150-300k"),
    c("30to100", "30-100万", "300k-1m"),
    c("over100", "100万以上", "over 1m"),
];
/// 风险偏好
pub const RISK: &[Choice] = &[
    c("c1", "C1 保守", "C1 Conservative"),
    c("c2", "C2 稳健", "C2 Steady"),
    c("c3", "C3 平衡", "C3 Balanced"),
    c("c4", "C4 成长", "C4 Growth"),
    c("c5", "C5 进取", "C5 Aggressive"),
];
/// 学历
pub const EDUCATION: &[Choice] = &[
    c("primary", "小学", "Primary"),
    c("junior", "初中", "Junior high"),
    c("senior", "高中/中专", "Senior high"),
    c("college", "大专", "College"),
    c("bachelor", "本科", "Bachelor"),
    c("master", "硕士及以上", "Master or up"),
];
/// 婚姻
pub const MARRIAGE: &[Choice] = &[
    c("single", "未婚", "Single"),
    c("married", "已婚", "Married"),
    c("divorced", "离异", "Divorced"),
    c("widowed", "丧偶", "Widowed"),
];
/// 职业
pub const JOB: &[Choice] = &[
    c("farmer", "务农", "Farmer"),
    c("worker", "务工", "Worker"),
    c("trader", "个体经营", "Trader"),
    c("owner", "企业主", "Business owner"),
    c("civil", "公务员", "Civil servant"),
    c("teacher", "教师", "Teacher"),
    c("medical", "医护", "Medical"),
    c("office", "企业职员", "Office staff"),
    c("retired", "退休", "Retired"),
    c("student", "学生", "Student"),
    c("other", "其他", "Other"),
];
/// 住房
pub const HOUSING: &[Choice] = &[
    c("own", "自有", "Own"),
    c("mortgage", "按揭", "Mortgaged"),
    c("rent", "租住", "Rented"),
    c("self_built", "自建", "Self-built"),
    c("parents", "与父母同住", "With parents"),
];
/// 产品偏好 (feature 10)
pub const PREFERS: &[Choice] = &[
    c("deposit", "存款", "Deposits"),
    c("wealth", "理财", "Wealth"),
    c("fund", "基金", "Funds"),
    c("insurance", "保险", "Insurance"),
    c("bond", "国债", "Bonds"),
    c("loan", "贷款", "Loans"),
];
/// 利率或收益 (feature 10)
pub const WANTS: &[Choice] =
    &[c("return", "重收益", "Return"), c("rate", "重利率", "Rate"), c("safety", "重安全", "Safety")];
/// 支付习惯
pub const PAYS: &[Choice] = &[
    c("cash", "现金", "Cash"),
    c("mobile", "手机支付", "Mobile"),
    c("card", "银行卡", "Card"),
    c("mixed", "混合", "Mixed"),
];
/// 价值分类 (feature 54)
pub const VALUE: &[Choice] = &[
    c("high", "高价值", "High value"),
    c("potential", "潜力", "Potential"),
    c("ordinary", "普通", "Ordinary"),
    c("risk", "风险", "Risk"),
];
/// 潜力评分 (feature 8)
pub const SCORE: &[Choice] =
    &[c("1", "1", "1"), c("2", "2", "2"), c("3", "3", "3"), c("4", "4", "4"), c("5", "5", "5")];
/// Relations of family members.
pub const RELATION: &[Choice] = &[
    c("spouse", "配偶", "Spouse"),
    c("son", "儿子", "Son"),
    c("daughter", "女儿", "Daughter"),
    c("father", "父亲", "Father"),
    c("mother", "母亲", "Mother"),
    c("brother", "兄弟", "Brother"),
    c("sister", "姐妹", "Sister"),
    c("grandchild", "孙辈", "Grandchild"),
    c("other", "其他", "Other"),
];
/// Kinds of links (feature 7).
pub const LINK: &[Choice] = &[
    c("relative", "亲属", "Relative"),
    c("colleague", "同事", "Colleague"),
    c("trade", "商圈", "Trade"),
    c("introducer", "介绍人", "Introducer"),
    c("guarantor", "担保人", "Guarantor"),
    c("friend", "朋友", "Friend"),
];
/// Kinds of remarks (features 10, 28, 31, 81).
pub const REMARK: &[Choice] = &[
    c("need", "需求", "Need"),
    c("feedback", "反馈", "Feedback"),
    c("problem", "问题", "Problem"),
    c("news", "近况", "News"),
];
/// State of a remark.
pub const STATE: &[Choice] = &[c("open", "未了", "Open"), c("done", "已了", "Done")];
/// What an entitlement grants.
pub const GRANTS: &[Choice] = &[
    c("rate", "优惠利率", "Better rate"),
    c("limit", "提高额度", "Higher limit"),
    c("fee", "费用减免", "Fee waived"),
    c("service", "增值服务", "Extra service"),
    c("other", "其他优惠", "Other"),
];
