//! The whole machine without a terminal: events in, effects out. Threads, clocks, colours and SQL never live here.

mod answers;
pub mod clashes;
pub mod command;
pub mod cx;
pub mod drafts;
pub mod drive;
pub mod event;
pub mod form;
pub mod frame;
mod goes;
pub mod input;
pub mod key;
pub mod keymap;
pub mod late;
pub mod layers;
pub mod list;
pub mod machine;
pub mod message;
mod news;
pub mod panes;
pub mod place;
mod replies;
pub mod rooms;
pub mod shared;
pub mod trial;
pub mod words;
