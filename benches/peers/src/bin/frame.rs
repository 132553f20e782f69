//! A full frame of 200 by 60 drawn from a branch file: time, allocations, bytes, writes. The allocator that counts needs unsafe code,
//! which the package itself forbids. From `benches/peers`: `cargo run --release --bin frame -- ../../demo.db`

use guitai::domain::text::Lang;
use guitai::run::glass::Glass;
use guitai::run::still::Still;
use guitai::store::open::{File, Mode, Station};
use guitai::ui::render::render;
use guitai::ui::theme::Theme;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

static TIMES: AtomicUsize = AtomicUsize::new(0);
static BYTES: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: everything is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        TIMES.fetch_add(1, Ordering::Relaxed);
        BYTES.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Standard output as far as it matters here: counts what is written and in how many writes.
#[derive(Clone, Default)]
struct Out {
    bytes: Rc<Cell<usize>>,
    writes: Rc<Cell<usize>>,
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.set(self.bytes.get() + bytes.len());
        self.writes.set(self.writes.get() + 1);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn main() {
    let path = std::env::args().nth(1).unwrap_or_else(|| "../../demo.db".into());
    let copy = std::env::temp_dir().join(format!("guitai-frame-{}.db", std::process::id()));
    std::fs::copy(path, &copy).expect("the branch file");
    let size = (200, 60);
    for (name, keys) in [
        ("search, archive, queue", "wang<Down><Enter><F7><Down>"),
        ("board", "<F6><Right>"),
        ("search alone", "<F2>z"),
    ] {
        let file = File::open(&copy, Mode::Write, &Station::new("1", 1)).expect("opens");
        let mut still = Still::demo(file, size, Lang::Zh);
        still.keys(keys);
        let theme = Theme::default();
        let out = Out::default();
        let backend = Glass::new(out.clone());
        let area = Rect::new(0, 0, size.0, size.1);
        let options = TerminalOptions { viewport: Viewport::Fixed(area) };
        let mut terminal = Terminal::with_options(backend, options).expect("a terminal");
        let mut all = Vec::new();
        let mut nothing_new = Vec::new();
        for full in (0..202).map(|i| i % 2 == 0) {
            if full {
                terminal.resize(area).expect("from scratch");
                terminal.backend_mut().flush().expect("flushes");
            }
            out.bytes.set(0);
            out.writes.set(0);
            let before = (TIMES.load(Ordering::Relaxed), BYTES.load(Ordering::Relaxed));
            let began = Instant::now();
            terminal.draw(|frame| render(&still.app.rooms, &theme, frame)).expect("draws");
            let time = began.elapsed();
            let allocated = (TIMES.load(Ordering::Relaxed) - before.0, BYTES.load(Ordering::Relaxed) - before.1);
            let one = (time, allocated, out.bytes.get(), out.writes.get());
            if full { all.push(one) } else { nothing_new.push(one) }
        }
        for (kind, mut frames) in [("full", all), ("unchanged", nothing_new)] {
            frames.sort_unstable();
            let at = |p: usize| -> (Duration, (usize, usize), usize, usize) { frames[frames.len() * p / 100] };
            let (time, (times, bytes), written, writes) = at(50);
            println!(
                "{name:24} {kind:9} {:.3} ms (95 %: {:.3}), {times} allocations of {} KB, {} KB in {writes} writes",
                time.as_secs_f64() * 1e3,
                at(95).0.as_secs_f64() * 1e3,
                bytes / 1024,
                written / 1024
            );
        }
    }
    let _ = std::fs::remove_file(&copy);
}
