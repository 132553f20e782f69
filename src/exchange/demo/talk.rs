//! What is said in the demo: notes of contacts, remarks, tasks, reasons. Made up, in the words of a county branch.

use super::rng::Rng;
use crate::domain::contact::{Channel, Outcome};
use crate::domain::tier::Tier;

const SMALL: [&str; 16] = [
    "低保补贴已到账，本人来柜台取现，教了手机银行查余额。",
    "烤烟款月底到账，想留两万做定期，到时再联系。",
    "问社保卡激活，已办好，顺便核对了手机号。",
    "外出务工，在浙江，过年回来办存款。",
    "想把零钱存定期，介绍了月月红，说考虑一下。",
    "老人不会用手机，子女代办，提醒防诈骗。",
    "医保代缴扣款失败，账户余额不足，已提醒存入。",
    "存折换成卡，开了短信通知。",
    "问小额贷款条件，转给客户经理联系。",
    "地址有变，搬到新街，已更正。",
    "说孩子学费要用钱，暂时不存。",
    "赶场天来的，送了一份反诈宣传单。",
    "问国债什么时候发，已记下，发行前通知。",
    "换了号码，旧号停用，已登记新号。",
    "核对资料，身份证快到期，提醒去换。",
    "养老金社会化发放，每月十五号来取。",
];

const MIDDLE: [&str; 18] = [
    "一年期定期下月到期，想比较三年期和国债，约了周五来网点。",
    "开餐馆的，每天有流水，介绍了收款码和节节高。",
    "女儿在遵义读高三，问教育金保险，资料已发。",
    "公积金贷款还清了，手上有闲钱，想稳一点。",
    "说别家利率高零点一，解释了安全和服务，愿意留一半。",
    "老伴住院，近期不谈理财，改天再问候。",
    "装修房子用了五万，年底奖金到账再存。",
    "问大额存单额度，二十万起，差三万，约定凑够再来。",
    "做茶叶生意，春茶前要备货，需要周转。",
    "孙子满月，送了红包袋，很高兴。",
    "理财到期资金留在活期，提醒了续存，下周决定。",
    "想给孩子存压岁钱，介绍了零存整取。",
    "问手机银行限额，已帮忙调整，并提醒不要告诉别人验证码。",
    "村里修路占地补偿款下月发，约好来开定期。",
    "对基金亏损有意见，解释了长期持有，情绪平稳。",
    "风险评估到期，约来重新做。",
    "退休手续办完了，一次性补发八万，想存三年。",
    "弟弟从外地回来想开店，介绍来问贷款。",
];

const UPPER: [&str; 22] = [
    "资金月底回笼，约三百万，想分散到存单和国债。",
    "谈了明年的资金安排，倾向稳健，等存单额度。",
    "儿子婚期定在腊月，需要备五十万现金，年后回存。",
    "工程款到账一百二十万，先放七天通知，下周面谈。",
    "送节日问候，客户在重庆，回来再约。",
    "对上次理财收益满意，愿意介绍朋友来看。",
    "他行客户经理也在联系，利率要求高，已请示主管。",
    "陪同主管上门拜访，看了新厂房，谈到设备贷款。",
    "女儿留学要购汇，讲了流程和额度，转个金部协助。",
    "身体不太好，在遵义住院，电话里不谈业务，只问候。",
    "保单体检，发现缺重疾，约下月带爱人一起来。",
    "养殖场扩建，资金先不动，问了农户贷的额度。",
    "问家族信托，记下需求，请个金部专家下周回电。",
    "国债到期八十万，答应续存五十万，其余买房。",
    "参加了财富讲座，留下两个朋友的电话。",
    "不满意排队时间，已道歉，说明可走绿色通道。",
    "茶山今年收成好，准备还清贷款，再存一笔。",
    "商量给老人办存单，签字手续讲清楚了。",
    "车险到期，介绍了合作公司，自己决定。",
    "客户说最近忙，下周三下午三点以后再打。",
    "风险测评做完，结果稳健型，和现有持仓相符。",
    "爱人生日送了花，客户表示感谢。",
];

const NO_ANSWER: [&str; 6] = [
    "响铃无人接。",
    "关机，晚些再打。",
    "占线，两次都没打通。",
    "家人接的，说下地去了，晚上再打。",
    "",
    "号码暂时无法接通。",
];

const REFUSED: [&str; 5] = [
    "说暂时没有需要，不要再推荐保险。",
    "正在开会，请改发短信。",
    "钱已转给儿子买房，短期没有安排。",
    "对手续费不满，不想谈，先放一放。",
    "说只存定期，其他都不考虑。",
];

const REFERRED: [&str; 4] = [
    "想办经营贷款，转骆霞跟进。",
    "要开对公账户，转网点经理。",
    "问信托，转个人金融部冯雪。",
    "资金较大，请主管一起面谈。",
];

const GIFTS: [&str; 4] = [
    "送了挂历和一副春联。",
    "生日送了一束花，代行里问好。",
    "中秋送月饼一盒，本人签收。",
    "送粮油一份，谢谢多年支持。",
];

/// Whether a text can be said of somebody of this age: grandchildren and pensions come late.
pub fn fits(text: &str, age: i32) -> bool {
    let late = ["孙", "退休", "养老金", "老伴", "老年", "老人不会", "儿子婚", "女儿留学"];
    age >= 55 || !late.iter().any(|word| text.contains(word))
}

/// The note of a contact with somebody of this tier and age.
pub fn note(rng: &mut Rng, tier: Option<Tier>, age: i32, channel: Channel, outcome: Outcome) -> &'static str {
    let list: &[&'static str] = match (outcome, channel) {
        (Outcome::NoAnswer, _) => &NO_ANSWER,
        (Outcome::Refused, _) => &REFUSED,
        (Outcome::Referred, _) => &REFERRED,
        (Outcome::Reached, Channel::Gift) => &GIFTS,
        (Outcome::Reached, _) => match tier {
            Some(Tier::Potential | Tier::Vip | Tier::Big) => &UPPER,
            Some(Tier::Ordinary) => &MIDDLE,
            _ => &SMALL,
        },
    };
    loop {
        let text = rng.word(list);
        // Every list has texts for all ages, so this ends.
        if fits(text, age) {
            return text;
        }
    }
}

/// Kind, text and state of a remark.
pub const REMARKS: [(&str, &str, &str); 12] = [
    ("need", "想买三年期国债二十万，发行前通知。", "open"),
    ("need", "明年三月要用三十万付首付，只接受半年以内的产品。", "open"),
    ("need", "给孙子存教育金，每月一千。", "open"),
    ("need", "经营周转五十万，茶季前要到位。", "done"),
    ("feedback", "希望周六下午也能办业务。", "open"),
    ("feedback", "短信字太小，老人看不清。", "done"),
    ("feedback", "表扬大堂陈波，帮忙填单很耐心。", "done"),
    ("problem", "手机银行换机后登不上，要本人来重新签约。", "open"),
    ("problem", "医保代缴重复扣款，正在退回。", "done"),
    ("news", "最近在忙新房装修。", "done"),
    ("news", "儿子考上贵州大学。", "done"),
    ("news", "刚从海南过冬回来。", "done"),
];

/// What must not be said or done.
pub const TABOO: [&str; 10] = [
    "不要提股票和基金亏损",
    "别问小儿子的事",
    "丧偶，不要祝夫妻同乐",
    "不接推销电话，只发短信",
    "正在离婚，家庭话题回避",
    "忌口辣，不喝酒",
    "别说太快，耳朵背",
    "不要当着家人说存款数额",
    "下午两点以前不要打电话",
    "不送猪肉制品，家里清真",
];

/// How people want to be spoken to, by sex (male, female) for elders, and for the others.
pub const ELDERS: [[&str; 3]; 2] = [["大爷", "老师", "叔"], ["孃孃", "阿姨", "老师"]];
/// See [`ELDERS`].
pub const ADULTS: [[&str; 3]; 2] = [["总", "哥", "老板"], ["姐", "老师", "女士"]];

/// Text, days from the demo's day and rhythm of the tasks of one's own that stand about.
pub const TASKS: [(&str, &str, i64, &str); 14] = [
    ("wangmin", "给邓总送挂历", 0, "once"),
    ("wangmin", "周一晨会讲大额存单话术", 2, "weekly"),
    ("wangmin", "整理到期客户名单交主管", -1, "monthly"),
    ("wangmin", "陪骆霞走访旧城镇三户", 3, "once"),
    ("wangmin", "核对本月联络台账", 9, "monthly"),
    ("wangmin", "打电话问候茶叶协会会长", -3, "once"),
    ("yangyong", "阳溪镇赶场日摆咨询台", 1, "after"),
    ("luoxia", "催收小微贷款资料", 0, "once"),
    ("chenbo", "检查大厅宣传折页", 0, "weekly"),
    ("liulan", "提醒存折换卡客户来取卡", 0, "once"),
    ("liqiang", "上门服务：行动不便老人激活社保卡", 2, "once"),
    ("zhoujianguo", "大客户季度回访安排", -2, "monthly"),
    ("heping", "与个金部商量年终答谢会", 4, "once"),
    ("wugang", "抽查档案修改记录", 0, "weekly"),
];

/// Code of the one who hands over, of the one who receives, the reason, days ago.
pub const HAND_OVERS: [(&str, &str, &str, i64); 6] = [
    ("liulan", "wangmin", "定期到期二十三万想做理财，柜面讲不细，请联系", 0),
    ("liqiang", "wangmin", "客户说征地款要到账，金额较大", 1),
    ("chenbo", "wangmin", "在大厅问了两次家庭保障方案", 2),
    ("zhangli", "yangyong", "想办农户贷款，已留电话", 1),
    ("wangmin", "zhoujianguo", "客户要求利率上浮，需要主管面谈", 1),
    ("liulan", "luoxia", "个体户问经营贷额度", 0),
];
