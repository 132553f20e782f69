//! What came back from the outside, and what becomes of it on the screen. How it was done never lives here.

use super::mapper::Mapper;
use super::{Errand, Found, Job, News, Seen, Sight, State, View};
use super::{errands, matching};
use crate::app::cx::Wait;
use crate::app::layers::{Layer, Reading};
use crate::app::rooms::Rooms;
use crate::app::words::imports as said;
use crate::domain::text::{Complaint, t};
use crate::store::request::Ask;
use crate::store::workbench;

/// Takes what came back.
pub fn take(r: &mut Rooms, news: News) {
    match news {
        News::Offered(found) => offered(r, &found),
        News::Listed(folder, found) => {
            r.imports.folder = folder;
            r.imports.listed = true;
            r.imports.list(found);
        }
        News::Added(found) => {
            r.imports.listed = true;
            let why =
                found.iter().find_map(|f| if let State::Broken(why) = &f.state { Some(why.clone()) } else { None });
            r.imports.add(found);
            if let Some(why) = why {
                let words = why.get(r.shared.lang).to_owned();
                r.with(|cx| cx.refuse(words));
            }
        }
        News::Looked(files) => {
            r.imports.running = None;
            show(r, Seen { files, ..Seen::default() });
            if !on_screen(r) {
                r.with(|cx| cx.note(t("预览好了，Ctrl+X 查看", "The preview is ready; Ctrl+X shows it")));
            }
        }
        News::Progress(progress) => {
            if let Some(running) = &mut r.imports.running {
                running.progress = Some(progress);
            }
        }
        News::TakenIn(files, trouble) => taken_in(r, files, trouble),
        News::Stopped => {
            let job = r.imports.running.take().map(|x| x.job);
            let words = match job {
                Some(Job::Look) => t("已停止预览", "The preview was stopped"),
                _ => t("已停止，什么都没有导入", "Stopped; nothing was imported"),
            };
            r.with(|cx| cx.note(words));
        }
        News::Undone(n) => {
            r.imports.running = None;
            let batch = r.imports.batches.iter().flatten().find(|b| b.n == n).map(|b| b.file.clone());
            let seen = r.imports.seen.iter().flat_map(|s| &s.files).find(|s| s.batch == Some(n));
            let path = seen.map(|s| s.found.path.clone());
            r.imports.stands(|f| path.as_ref().map_or(Some(&f.name) == batch.as_ref(), |p| *p == f.path), None);
            if let Some(seen) = &mut r.imports.seen {
                seen.files.iter_mut().filter(|s| s.batch == Some(n)).for_each(|s| s.batch = None);
            }
            let words = said::undone(r.shared.lang, n);
            r.with(|cx| cx.done(words));
            changed(r);
        }
        News::Depends(n, why) => {
            r.imports.running = None;
            let lines = said::depends(r.shared.lang, n, &why);
            let title = r.shared.say(t("不能撤销", "Cannot be taken back")).to_owned();
            r.layers.push(Layer::Reading(Reading { title, lines, top: 0, print: None }));
        }
        News::Opened(strange) => {
            r.imports.mapper = Some(Mapper::new(*strange));
            r.imports.view = View::Map;
            matching::try_it(r);
        }
        News::Tried(rows) => {
            if let Some(mapper) = &mut r.imports.mapper {
                mapper.tried = rows;
            }
        }
        News::Kept(mapping) => {
            // What was looked into before was read otherwise.
            r.imports.seen = None;
            r.imports.view = View::Files;
            match r.imports.mapper.take() {
                Some(mapper) => r.imports.mapped(&mapper.strange.found.path, &mapping),
                None => errands::send(r, Errand::List),
            }
            let words = said::kept(r.shared.lang, &mapping);
            r.with(|cx| cx.done(words));
        }
        News::Exported(path) => {
            let words = said::exported(r.shared.lang, &path);
            r.with(|cx| cx.done(words));
        }
        News::Failed(why) => {
            r.imports.running = None;
            let words = why.get(r.shared.lang).to_owned();
            r.with(|cx| cx.refuse(words));
        }
    }
}

fn on_screen(r: &Rooms) -> bool {
    r.layers.iter().any(|l| matches!(l, Layer::Imports))
}

fn show(r: &mut Rooms, seen: Seen) {
    r.imports.seen = Some(seen);
    r.imports.view = View::Seen;
    r.imports.fresh = !on_screen(r);
}

fn offered(r: &mut Rooms, found: &[Found]) {
    if found.is_empty() || on_screen(r) {
        return;
    }
    r.imports.offered = found.len();
    let words = said::offered(r.shared.lang, found);
    r.shared.messages.say(r.shared.now, crate::app::message::Tone::Note, words);
}

fn taken_in(r: &mut Rooms, files: Vec<Sight>, trouble: Option<Complaint>) {
    r.imports.running = None;
    let words = said::taken_in(r.shared.lang, &files);
    if let Some(why) = &trouble {
        let words = why.get(r.shared.lang).to_owned();
        r.with(|cx| cx.refuse(words));
    } else {
        r.with(|cx| cx.done(words));
    }
    if !files.is_empty() || trouble.is_some() {
        let now = r.shared.now;
        for sight in &files {
            r.imports.marked.remove(&sight.found.path);
            r.imports.stands(|f| f.path == sight.found.path, Some(now));
        }
        show(r, Seen { files, done: true, trouble, ..Seen::default() });
    }
    changed(r);
}

/// The file has other rows now: queue, board and index are read anew by the change feed, the list of imports with them.
fn changed(r: &mut Rooms) {
    let since = r.shared.seq;
    r.out.ask(Wait::News, Ask::Workbench(workbench::Ask::News { since }));
    errands::read_batches(r);
}
