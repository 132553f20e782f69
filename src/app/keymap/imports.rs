//! Commands that take extracts in and take them back. The keys of the import screen itself stand in `imports::keys`.

use crate::app::command::{Command, Scope, always};
use crate::app::imports::keys;
use crate::domain::text::t;

/// The rows.
pub static COMMANDS: &[Command] = &[
    Command {
        scope: Scope::Anywhere,
        name: "import",
        code: 9301,
        keys: &["C-x"],
        label: t("导入", "Import"),
        help: t(
            "导入核心系统的文件：预览、导入、看报告",
            "Take in extracts of the core system: preview, import, report",
        ),
        bar: 0,
        enabled: always,
        run: keys::open,
    },
    Command {
        scope: Scope::Anywhere,
        name: "folder",
        code: 9302,
        keys: &[],
        label: t("新文件", "New files"),
        help: t("看投放文件夹里有没有新文件", "Look for new files in the drop folder"),
        bar: 0,
        enabled: always,
        run: keys::folder,
    },
    Command {
        scope: Scope::Anywhere,
        name: "imports",
        code: 9303,
        keys: &[],
        label: t("已导入", "Imports"),
        help: t("看以前的导入，整批撤销", "Earlier imports; take a whole one back"),
        bar: 0,
        enabled: always,
        run: keys::batches,
    },
];
