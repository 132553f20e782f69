//! What `doctor` says of the drive: what it is, what its locks are worth, how the file is written, how fast it answers.

use super::finding::{Finding, State};
use crate::domain::text::{Lang, t};
use crate::run::probe;
use crate::run::setting::Setting;
use crate::store::drive::lookout::{Here, Lookout};
use crate::store::drive::{Footing, Proof};
use crate::store::open::File;
use std::path::Path;
use std::time::{Duration, Instant};

/// So many times the drive is asked; the middle one counts.
const ASKED: usize = 9;
/// Milliseconds an operation may take before screens become slow: a screen is ten of them (drive.md 3.1).
const SLOW: f64 = 10.0;

/// The drive that the branch file is to lie on; whether the file itself can be used is of no matter.
pub fn ground(setting: &Setting, path: &Path, lang: Lang) -> Vec<Finding> {
    let (ground, footing, _) = setting.ground(path);
    let facts = format!("{} {}", ground.word().get(lang), ground.facts);
    let (state, text) = match (&footing, lang) {
        (Footing::Firm, _) => (State::Ok, facts),
        (Footing::Refused(why), _) => (State::Bad, format!("{} ({})", why.get(lang), facts.trim_end())),
        (Footing::Overruled(facts), Lang::Zh) => (State::Warn, format!("不可靠，但配置里写了 overrule：{facts}")),
        (Footing::Overruled(facts), Lang::En) => (State::Warn, format!("not to be trusted, but overruled: {facts}")),
    };
    vec![Finding { check: "drive", state, text, label: t("共享盘", "Drive") }]
}

/// Locks, journal and speed under an open file.
pub fn open(setting: &Setting, file: &mut File, lang: Lang) -> Vec<Finding> {
    let (state, text) = locks(setting, file.path(), lang);
    let mut found = vec![Finding { check: "locks", state, text, label: t("文件锁", "Locks") }];
    let (state, text) = match file.journal_mode() {
        Ok(mode) if mode == "truncate" || (file.read_only() && mode == "delete") => (State::Ok, mode),
        Ok(mode) => (State::Bad, mode),
        Err(failure) => (State::Bad, failure.to_string()),
    };
    found.push(Finding { check: "journal", state, text, label: t("日志方式", "Journal mode") });
    if let Some(millis) = speed(file.path()) {
        let (state, text) = match (millis > SLOW, lang) {
            (false, _) => (State::Ok, format!("{millis:.2} ms")),
            (true, Lang::Zh) => (State::Warn, format!("{millis:.2} ms，较慢；一次保存约 60 次操作")),
            (true, Lang::En) => (State::Warn, format!("{millis:.2} ms, slow; a save takes about 60 operations")),
        };
        found.push(Finding { check: "speed", state, text, label: t("每次操作", "An operation") });
    }
    found
}

/// A look at the locks as the workbench takes it, without being seen by others.
fn locks(setting: &Setting, path: &Path, lang: Lang) -> (State, String) {
    let (ground, ..) = setting.ground(path);
    let mut lookout = Lookout::unseen(path, setting.desk(&setting.station(), &ground, true));
    lookout.look(Duration::ZERO, Here::default());
    let Some(lock) = lookout.locked() else {
        return match (lookout.proof(Duration::ZERO), lang) {
            (Proof::Broken, _) => (State::Bad, broken(lang)),
            (_, Lang::Zh) => (State::Warn, format!("{}.ws 文件夹不能写，锁无从证实", path.display())),
            (_, Lang::En) => {
                (State::Warn, format!("the folder {}.ws cannot be written: locks stay unproven", path.display()))
            }
        };
    };
    if let Some(refused) = probe::refused(&lock) {
        lookout.tested(refused);
    }
    let there: Vec<String> = lookout.present(Duration::ZERO).into_iter().map(|p| p.station).collect();
    let there = there.join(" ");
    match (lookout.proof(Duration::ZERO), lang) {
        (Proof::Proven, Lang::Zh) if there.is_empty() => (State::Ok, "有效".to_owned()),
        (Proof::Proven, Lang::En) if there.is_empty() => (State::Ok, "work".to_owned()),
        (Proof::Proven, Lang::Zh) => (State::Ok, format!("有效，另有 {there}")),
        (Proof::Proven, Lang::En) => (State::Ok, format!("work; also there: {there}")),
        (Proof::Unproven | Proof::Unknown, Lang::Zh) => {
            (State::Warn, "本机有效；到别的工作站未证实，请在另一台工作站打开柜台时再看".to_owned())
        }
        (Proof::Unproven | Proof::Unknown, Lang::En) => {
            (State::Warn, "work on this PC; unproven to others: look again while guitai is open on another".to_owned())
        }
        (Proof::Doubted, Lang::Zh) => (State::Bad, format!("拿到了别的工作站（{there}）的锁：三分钟后再看")),
        (Proof::Doubted, Lang::En) => {
            (State::Bad, format!("the lock of another workstation ({there}) was granted: look again in three minutes"))
        }
        (Proof::Broken, _) => (State::Bad, broken(lang)),
    }
}

fn broken(lang: Lang) -> String {
    Proof::Broken.complaint().map(|c| c.get(lang).to_owned()).unwrap_or_default()
}

/// Milliseconds that asking for the file's size takes.
fn speed(path: &Path) -> Option<f64> {
    let mut took = Vec::with_capacity(ASKED);
    for _ in 0..ASKED {
        let began = Instant::now();
        std::fs::metadata(path).ok()?;
        took.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    took.sort_by(f64::total_cmp);
    took.get(ASKED / 2).copied()
}
