//! Wanting something of the outside, and whether it may be wanted now. What the keys are stands in `keys` and `matching`.

use super::{Errand, Job, Running};
use crate::app::cx::Wait;
use crate::app::event::Effect;
use crate::app::rooms::Rooms;
use crate::app::words;
use crate::domain::text::t;
use crate::store::request::Ask;
use crate::store::workbench;

/// Reads the list of earlier imports.
pub fn read_batches(r: &mut Rooms) {
    r.out.ask(Wait::Batches, Ask::Workbench(workbench::Ask::Batches));
}

/// Wants something of the outside.
pub fn send(r: &mut Rooms, errand: Errand) {
    r.out.effects.push(Effect::Import(errand));
}

/// Tells what is under way to stop.
pub fn stop(r: &mut Rooms) {
    if let Some(running) = &mut r.imports.running {
        running.stopping = true;
        send(r, Errand::Stop);
    }
}

/// Whether something new can be begun; if not, that is said.
pub fn free(r: &mut Rooms) -> bool {
    if r.imports.running.is_some() {
        r.with(|cx| {
            cx.note(t("还有一件在进行，等它完成或按 Esc 停止", "Something is under way; wait or stop it with Esc"))
        });
        return false;
    }
    true
}

/// Whether the branch file may be written; if not, that is said.
pub fn may_write(r: &mut Rooms) -> bool {
    if r.shared.read_only() {
        let words = words::read_only(&r.shared);
        r.with(|cx| cx.refuse(words));
        return false;
    }
    true
}

/// Something is under way from now on.
pub fn begin(r: &mut Rooms, job: Job) {
    r.imports.running = Some(Running { job, progress: None, stopping: false });
}
