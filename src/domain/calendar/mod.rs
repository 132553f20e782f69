//! Days: the lunar calendar, statutory holidays, yearly and repeating dates, working days. What falls on them does
//! not live here.

pub mod ages;
pub mod dates;
pub mod holidays;
pub mod lunar;
pub mod lunar_day;
pub mod repeat;
pub mod yearly;
