//! Whether one text stands in another with one typing error, and how bad the error is. Whom that finds does not live here.

/// How bad the error is, as the level of what it finds: two neighbours swapped.
pub const SWAPPED: u8 = 0;
/// One character wrong.
pub const WRONG: u8 = 1;
/// One missing, or one too many.
pub const LOST: u8 = 2;

/// Whether `typed` with one error stands in `text`, and how bad the error is.
pub fn near<T: PartialEq>(text: &[T], typed: &[T]) -> Option<u8> {
    let len = typed.len();
    let same = |a: &[T], b: &[T]| a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let tail = |a: &[T], b: &[T]| a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let mut best = None;
    let mut better = |level: u8| best = Some(best.map_or(level, |b: u8| b.min(level)));
    for window in text.windows(len) {
        let (head, end) = (same(window, typed), tail(window, typed));
        if head + end + 1 >= len {
            better(WRONG);
        } else if head + end + 2 == len
            && window.get(head) == typed.get(head + 1)
            && window.get(head + 1) == typed.get(head)
        {
            better(SWAPPED);
        }
    }
    for window in text.windows(len + 1).chain(text.windows(len.max(2) - 1)) {
        let short = window.len().min(len);
        // One missed, or one too many, but not at an end: there the rest would be met as it is.
        if same(window, typed) + tail(window, typed) >= short {
            better(LOST);
        }
    }
    best
}
