//! The command line: what may be typed, its help in Chinese with English beside it. What a command does lives in `commands`.

mod entitle;
pub mod log;
mod mapping;
mod report;
mod restore;
mod staff;
mod subject;

pub use entitle::{Entitle, Word};
pub use mapping::Mapping;
pub use report::Report;
pub use restore::Restore;
pub use staff::StaffAdd;
pub use subject::Subject;

use crate::domain::calendar::dates;
use crate::domain::text::Lang;
use chrono::NaiveDate;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use serde::Serialize;
use std::path::PathBuf;

/// 柜台 guitai: 网点客户工作台 / the counter workbench of a bank branch
///
/// 不带命令：打开工作台 / without a command: opens the workbench.
/// 第一次用：guitai demo 看演示，guitai init 文件 --branch 网点名 建文件
/// First time: guitai demo shows a demo, guitai init FILE --branch NAME makes a file.
#[derive(Debug, Parser)]
#[command(
    name = "guitai",
    version,
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    verbatim_doc_comment
)]
pub struct Cli {
    /// What all commands share.
    #[command(flatten)]
    pub shared: Shared,
    /// The command; none opens the workbench.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options of every command.
#[derive(Debug, Clone, Default, Args)]
pub struct Shared {
    /// 网点文件 / the branch file (GUITAI_DB)
    #[arg(long, global = true, env = "GUITAI_DB", hide_env = true, value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// 工号 / code of the member of staff; init: CODE:NAME:ROLE
    #[arg(long, global = true, value_name = "CODE")]
    pub staff: Option<String>,
    /// 从这个文件描述符读密码，一行一个 / read passwords from this file descriptor, one a line
    #[arg(long, global = true, value_name = "N")]
    pub password_fd: Option<u32>,
    /// 当作今天的日期 / take this day for today
    #[arg(long, global = true, value_name = "DATE", value_parser = date)]
    pub today: Option<NaiveDate>,
    /// 语言 / language: zh, en
    #[arg(long, global = true, value_enum, hide_possible_values = true, value_name = "LANG")]
    pub lang: Option<Tongue>,
    /// 帮助 / help
    #[arg(short = 'h', long, global = true, action = ArgAction::Help)]
    help: Option<bool>,
    /// 版本 / version
    #[arg(short = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,
}

/// A language as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Tongue {
    /// 中文
    Zh,
    /// English
    En,
}

impl From<Tongue> for Lang {
    fn from(tongue: Tongue) -> Lang {
        match tongue {
            Tongue::Zh => Lang::Zh,
            Tongue::En => Lang::En,
        }
    }
}

/// How the answer is written.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Shape {
    /// 输出 JSON / write JSON
    #[arg(long)]
    pub json: bool,
}

/// How a list of customers leaves the program.
#[derive(Debug, Clone, Default, Args)]
pub struct Listed {
    /// 输出 JSON / write JSON
    #[arg(long)]
    pub json: bool,
    /// 授权人工号，行数超过 export_rows 要；密码接着输入 / who gives the second person's word, for more rows than export_rows
    #[arg(long, value_name = "CODE")]
    pub second: Option<String>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 新建网点文件 / make an empty branch file
    Init {
        /// 新文件 / the new file
        file: PathBuf,
        /// 网点名称 / name of the branch
        #[arg(long, value_name = "NAME")]
        branch: String,
        /// 不加密 / without encryption
        #[arg(long)]
        plain: bool,
    },
    /// 打开演示 / open the workbench on a scratch copy of the demo
    Demo,
    /// 生成演示文件 / make the demo file
    MakeDemo {
        /// 种子，同一种子同一文件 / seed; the same seed makes the same bytes
        #[arg(long, default_value_t = 1, hide_default_value = true, value_name = "N")]
        seed: u64,
        /// 输出文件，默认 demo.db / where to write, demo.db if not said
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// 导入核心系统数据 / take in extracts of the core system
    Import {
        /// CSV 文件；不写就取文件夹里的新文件 / CSV files; the new ones of the folder if not said
        files: Vec<PathBuf>,
        /// 放数据文件的文件夹，默认配置里的 import.folder / the drop folder, import.folder of the config if not said
        #[arg(long, value_name = "FOLDER")]
        folder: Option<PathBuf>,
        /// 数据日期，文件里没有时用 / the data date, where the file has none
        #[arg(long, value_name = "DATE", value_parser = date)]
        as_of: Option<NaiveDate>,
        /// 只看会改什么 / only show what would change
        #[arg(long)]
        dry_run: bool,
        /// 输出 / output
        #[command(flatten)]
        shape: Shape,
    },
    /// 栏目对照：表头不同的文件怎样读 / mappings: how files of other headers are read
    #[command(subcommand)]
    Mapping(Mapping),
    /// 导入记录 / the imports so far
    Imports {
        /// 输出 / output
        #[command(flatten)]
        shape: Shape,
    },
    /// 撤销一次导入 / take a whole import back
    Undo {
        /// 第几次，见 guitai imports / which, see guitai imports
        number: i64,
    },
    /// 查找客户 / find customers
    Find {
        /// 姓名、拼音、号码、地址、筛选 / name, pinyin, digits, address, filters
        #[arg(required = true)]
        query: Vec<String>,
        /// 最多几人，默认 20 / at most so many, 20 if not said
        #[arg(long, default_value_t = 20, hide_default_value = true, value_name = "N")]
        limit: usize,
        /// 输出 / output
        #[command(flatten)]
        out: Listed,
    },
    /// 看一份档案 / show an archive
    Show {
        /// 客户号 / customer number
        no: String,
        /// 说明理由，显示证件号、电话、地址全文，逐项登记 / show ID, phones and address in full for this reason; each is logged
        #[arg(long, value_name = "REASON")]
        reveal: Option<String>,
        /// 输出 / output
        #[command(flatten)]
        out: Listed,
    },
    /// 报告 / reports
    #[command(subcommand)]
    Report(Report),
    /// 个人信息：同意、请求、删除 / personal data: consent, requests, erasure
    #[command(subcommand)]
    Subject(Subject),
    /// 优惠与额度：提出、批准、拒绝、收回 / better rates and higher limits: propose, approve, refuse, take back
    #[command(subcommand)]
    Entitle(Entitle),
    /// 今日任务 / today's queue
    Today {
        /// 哪一天 / which day
        #[arg(long, value_parser = date)]
        date: Option<NaiveDate>,
        /// 整个网点 / the whole branch
        #[arg(long)]
        branch: bool,
        /// 输出 / output
        #[command(flatten)]
        out: Listed,
    },
    /// 生日 / birthdays
    Birthdays {
        /// 从哪一天起 / from which day on
        #[arg(long, value_parser = date)]
        date: Option<NaiveDate>,
        /// 几天，默认 1 / so many days, 1 if not said
        #[arg(long, default_value_t = 1, hide_default_value = true, value_name = "N")]
        days: u16,
        /// 输出 / output
        #[command(flatten)]
        out: Listed,
    },
    /// 分级看板 / the tier board
    Board {
        /// 输出 / output
        #[command(flatten)]
        shape: Shape,
    },
    /// 分级规则；试算；某客户的分级由来 / the rules of the tiers; who would move by others; why a customer has a tier
    Tiers {
        /// 试算：分级线改成这样 / who would move if a line were this: potential=30万
        #[arg(long = "if", value_name = "TIER=LINE", conflicts_with = "explain")]
        lines: Vec<String>,
        /// 试算：按这个口径 / the same by monthly_average or balance
        #[arg(long, value_name = "BASIS", conflicts_with = "explain")]
        basis: Option<String>,
        /// 为什么是这一级 / why this customer has their tier
        #[arg(long, value_name = "NO")]
        explain: Option<String>,
        /// 输出 / output
        #[command(flatten)]
        out: Listed,
    },
    /// 没有责任人、责任人已离岗、移交逾期、岗位不对的客户 / customers without the right keeper
    Orphans {
        /// 输出 / output
        #[command(flatten)]
        out: Listed,
    },
    /// 可能是同一人的档案 / archives that may be one person's
    Duplicates {
        /// 输出 / output
        #[command(flatten)]
        out: Listed,
    },
    /// 把一份档案并入另一份 / merge an archive into another
    Merge {
        /// 留下的客户号 / the number that stays
        keep: String,
        /// 并入的客户号 / the number that goes into it
        other: String,
        /// 证件号不同也合并 / also when their documents have different numbers
        #[arg(long)]
        anyway: bool,
    },
    /// 拆开合并过的档案 / part a merged archive again
    Part {
        /// 并入时的客户号 / the number that was merged
        no: String,
    },
    /// 按规则分户 / give customers to keepers by the rules
    Assign {
        /// 客户号，不写是全部无人维护的 / customer numbers; all without the right keeper if not said
        no: Vec<String>,
        /// 只看谁归谁 / only show who would get whom
        #[arg(long, conflicts_with = "apply", required_unless_present = "apply")]
        preview: bool,
        /// 照此分好 / do it
        #[arg(long)]
        apply: bool,
        /// 理由 / the reason
        #[arg(long, value_name = "TEXT", default_value = "按岗位分户", hide_default_value = true)]
        reason: String,
        /// 输出 / output
        #[command(flatten)]
        out: Listed,
    },
    /// 公历转农历 / the lunar date of a day
    Lunar {
        /// 日期 / the day
        #[arg(value_parser = date)]
        date: NaiveDate,
        /// 输出 / output
        #[command(flatten)]
        shape: Shape,
    },
    /// 校验号码 / check a number
    Check {
        /// id 身份证, phone 电话, uscc 统一社会信用代码, card 银行卡
        #[arg(value_enum, hide_possible_values = true)]
        kind: CheckKind,
        /// 号码 / the number
        value: String,
        /// 输出 / output
        #[command(flatten)]
        shape: Shape,
    },
    /// 记一次联络 / log a contact
    Log {
        /// 客户号 / customer number
        no: String,
        /// 渠道 / channel: phone visit wechat sms counter home email gift
        #[arg(long, value_name = "C")]
        channel: String,
        /// 结果 / outcome: reached no_answer refused referred
        #[arg(long, value_name = "O")]
        outcome: String,
        /// 备注 / note
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        note: String,
    },
    /// 改一个字段 / change one field
    Set {
        /// 客户号 / customer number
        no: String,
        /// 字段 / the field, by code or label
        field: String,
        /// 新值，空串清除 / the new value; empty clears it
        #[arg(allow_hyphen_values = true)]
        value: String,
    },
    /// 检查文件和本机 / check the file and this PC
    ///
    /// 不在共享盘上核对整个文件：那要锁住它几分钟；完整性在备份的副本上核对
    /// Never checks the integrity of the file on the drive, which would lock it for minutes: copies are checked when backups are made.
    Doctor {
        /// 输出 / output
        #[command(flatten)]
        shape: Shape,
    },
    /// 核对变更日志：有没有被改过、删过、截断过 / check the change log: whether anything in it was edited, deleted or cut off
    Verify {
        /// 确认使用少了变更的文件，写明理由 / use a file that lacks changes on purpose; the reason is logged
        #[arg(long, value_name = "REASON")]
        accept: Option<String>,
        /// 输出 / output
        #[command(flatten)]
        shape: Shape,
    },
    /// 查看变更日志：谁看过、改过、导出过什么 / look through the change log: who saw, changed and exported what
    Audit(log::Audit),
    /// 备份并核对网点文件 / copy the branch file and verify the copy
    Backup {
        /// 文件夹，默认网点文件旁的 backup / the folder, backup beside the branch file if not said
        #[arg(long, value_name = "FOLDER")]
        to: Option<PathBuf>,
    },
    /// 用备份恢复成新文件，要两个人 / restore a backup into a new file, which takes two
    ///
    /// 网点文件坏了：
    ///   1 大家退出工作台，不要再试着打开；
    ///   2 把坏的文件移到别处（旁边的 -journal 一起移，.keys 留下），不要删，还可能救得出内容（guitai salvage）；
    ///   3 网点经理或合规：guitai restore backup/最近的.db --staff 工号 --second 工号。
    /// 授权人是另一位网点经理、合规管理员或主管，两人各输密码；员工和密码以现用文件为准，文件已移走就以备份那天的为准。
    /// 文件加了密而没有人输得对密码：--recovery，输入保险柜里的恢复码，代替两人的密码。
    /// 恢复后看 guitai verify；备份之后的变更要重做，各台的待存会自己补上。
    ///
    /// When the branch file is broken:
    ///   1 everybody leaves the workbench and nobody tries it again;
    ///   2 move the broken file elsewhere (with its -journal; .keys stays), do not delete it: guitai salvage may save more;
    ///   3 branch manager or compliance: guitai restore backup/NEWEST.db --staff CODE --second CODE.
    /// The second is another branch manager, compliance or a supervisor; both type passwords, as of the file in use, or of the backup's
    /// day where that file is moved away. Encrypted, and nobody's password is right: --recovery takes a code from the safe instead of both.
    /// Then run guitai verify; what was changed since the backup is to be done again, saves that wait on a PC go in by themselves.
    #[command(verbatim_doc_comment)]
    Restore(Restore),
    /// 加密网点文件；其他人要先退出 / encrypt the branch file, with everybody else out
    Encrypt,
    /// 取消加密；要第二人在场 / make an encrypted branch file plain again, with a second person
    Decrypt {
        /// 第二人的工号，密码接着输入 / number of the second person, whose password is asked for next
        #[arg(long, value_name = "CODE")]
        second: String,
    },
    /// 换一把数据钥匙；其他人要先退出，之后各设新密码 / a new data key, with everybody else out; others get new passwords afterwards
    Rekey,
    /// 从损坏的文件里救出读得出的内容，写成新文件 / copy what can be read of a damaged file into a new one
    Salvage {
        /// 损坏的文件，只读不写 / the damaged file; it is never written
        old: PathBuf,
        /// 新文件，清单写在它旁边的 .txt 里 / the new file; the list goes into a .txt beside it
        new: PathBuf,
        /// 输出 / output
        #[command(flatten)]
        shape: Shape,
    },
    /// 让多台工作站在共享盘上试跑，核对有无丢失 / let many workstations try the drive, and count again what they saved
    Soak {
        /// 工作站数，默认 30 / workstations, 30 if not said
        #[arg(long, default_value_t = 30, hide_default_value = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1023))]
        workstations: u16,
        /// 秒数，默认 60 / seconds, 60 if not said
        #[arg(long, default_value_t = 60, hide_default_value = true, value_name = "M", value_parser = clap::value_parser!(u32).range(1..=604_800))]
        seconds: u32,
        /// human 人的节奏（默认），saturated 不停保存 / human (if not said), or saturated: one save after the other
        #[arg(
            long,
            value_enum,
            default_value = "human",
            hide_default_value = true,
            hide_possible_values = true,
            value_name = "PACE"
        )]
        pace: Pace,
        /// 在哪个文件夹试，默认网点文件旁 / the folder to try, beside the branch file if not said
        #[arg(long = "in", value_name = "FOLDER")]
        folder: Option<PathBuf>,
        /// 输出 / output
        #[command(flatten)]
        shape: Shape,
    },
    /// 网点设置 / the branch's settings
    Settings {
        /// 哪一项，不写列出全部 / which; all if not said
        key: Option<String>,
        /// 新值；lines 可写 2027-01-01 0.1 5 30 50 300 / the new value; lines takes a day and five lines in 万
        value: Vec<String>,
        /// 授权人工号（改分级规则要），有密码的接着输入 / who gives the second person's word (tier rules need one); their password is asked for next
        #[arg(long, value_name = "CODE")]
        second: Option<String>,
    },
    /// 员工 / the people who work here
    Staff {
        /// 不写列出全部 / everybody if not said
        #[command(subcommand)]
        add: Option<StaffAdd>,
    },
    /// 节假日 / holidays
    #[command(subcommand)]
    Holidays(Holidays),
    /// 配置文件 / the config file
    #[command(subcommand)]
    Config(Config),
    /// 命令补全 / shell completions: bash zsh fish powershell elvish
    Completions {
        /// 外壳 / the shell
        #[arg(value_enum, hide_possible_values = true)]
        shell: clap_complete::Shell,
    },
    /// 手册页 / the man page
    Man,
    /// 按键表，Markdown / the key table as Markdown
    Keys,
    /// 权限表，Markdown：岗位、动作、范围 / the table of rights as Markdown: post, action, reach
    Rights,
    /// 备份时在另一进程里复制 / what a backup does in a process of its own
    #[command(hide = true)]
    CopyBytes {
        /// 从 / from
        source: PathBuf,
        /// 到 / to
        target: PathBuf,
    },
    /// 工作台自动备份时运行 / what an open workbench runs when a backup is due
    #[command(hide = true)]
    BackupElected {
        /// 登录由工作台交来 / who signed in comes over standard input
        #[arg(long)]
        handed: bool,
    },
    /// 试跑中的一台工作站 / one workstation of a soak
    #[command(hide = true)]
    SoakStation {
        /// 第几台 / which
        #[arg(long)]
        number: u16,
        /// 秒数 / seconds
        #[arg(long)]
        seconds: u32,
        /// 节奏 / pace
        #[arg(long, value_enum)]
        pace: Pace,
        /// 临时文件 / the scratch file
        file: PathBuf,
        /// 待存的笔 / its outbox
        outbox: PathBuf,
    },
    /// 在另一进程里试锁 / what the look at the locks does in a process of its own
    #[command(hide = true)]
    TryLock {
        /// 锁文件 / the lock file
        lock: PathBuf,
    },
    /// 画说明书里的图 / draw the README's pictures
    #[command(hide = true)]
    Pictures {
        /// 文件夹 / the folder
        folder: PathBuf,
    },
}

/// How fast the workstations of a soak work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Pace {
    /// A save each ten to fifteen seconds, looking at archives in between.
    Human,
    /// A save as soon as the last one is done, after the short pause that lets others in (drive.md 3.3).
    Saturated,
}

impl Pace {
    /// As it is typed.
    pub fn code(self) -> &'static str {
        match self {
            Pace::Human => "human",
            Pace::Saturated => "saturated",
        }
    }
}

/// What can be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckKind {
    /// 身份证
    Id,
    /// 电话
    Phone,
    /// 统一社会信用代码
    Uscc,
    /// 银行卡
    Card,
}

/// Holidays.
#[derive(Debug, Subcommand)]
pub enum Holidays {
    /// 导入：每行 日期 off或work 名称 / take in lines of: date, off or work, name
    Import {
        /// TSV 或 CSV 文件 / a TSV or CSV file
        file: PathBuf,
    },
}

/// The config file.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Config {
    /// 在哪里 / where it is
    Path,
    /// 检查 / check it
    Check,
}

fn date(text: &str) -> Result<NaiveDate, String> {
    dates::parse(text).map_err(|c| format!("{} / {}", c.zh, c.en))
}
