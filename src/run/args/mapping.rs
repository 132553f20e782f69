//! The words of `mapping`.

use clap::Subcommand;
use std::path::PathBuf;

/// Mappings.
#[derive(Debug, Subcommand)]
pub enum Mapping {
    /// 列出 / all of them
    List,
    /// 看一份 / one of them
    Show {
        /// 名称 / its name
        name: String,
    },
    /// 写成文件，可传给别的网点 / write it to a file that another branch can take in
    Export {
        /// 名称 / its name
        name: String,
        /// 文件，不能已存在 / the file, which must not exist
        file: PathBuf,
    },
    /// 取入一份 / take one in
    Import {
        /// 栏目对照文件 / the mapping file
        file: PathBuf,
    },
    /// 删除一份 / forget one
    Drop {
        /// 名称 / its name
        name: String,
    },
    /// 按数据文件的表头拟一份，并试读前几行 / propose one for an extract and read its first rows by it
    Propose {
        /// 数据文件 / the extract
        extract: PathBuf,
        /// 按哪类文件：客户 资产 持有 贷款 签约 评级 交易，默认最像的一类 / to which layout, the likeliest if not said: customers figures holdings loans services ratings txns
        #[arg(long, value_name = "LAYOUT")]
        layout: Option<String>,
    },
}
