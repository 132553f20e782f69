//! What may be typed behind `restore`.

use clap::Args;
use std::path::PathBuf;

/// Which backup, where it goes, and by whose word.
#[derive(Debug, Args)]
pub struct Restore {
    /// 备份文件 / the backup
    #[arg(required_unless_present = "drill")]
    pub file: Option<PathBuf>,
    /// 新文件，默认 --db 的位置 / the new file, where --db points if not said
    #[arg(long, value_name = "NEW.db")]
    pub to: Option<PathBuf>,
    /// 授权人工号，密码接着输入 / number of the second person, whose password is asked for next
    #[arg(long, value_name = "CODE", conflicts_with_all = ["drill", "recovery"])]
    pub second: Option<String>,
    /// 用恢复码，代替两人的密码 / by a recovery code instead of both passwords
    #[arg(long, conflicts_with = "drill")]
    pub recovery: bool,
    /// 演练：不恢复，只试最近的备份 / drill: restore nothing, try the newest backup
    #[arg(long, conflicts_with = "to")]
    pub drill: bool,
}
