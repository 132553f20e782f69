//! room
//! The whole machine without a terminal: events in, effects out. Threads, clocks and colours never live here.

pub mod event;
pub mod key;
pub mod machine;
