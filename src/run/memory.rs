//! What this process holds in memory once it has a data key: none of it goes to the disk by a crash, and no other process of this user may look
//! into it.

/// From now on a crash leaves no memory on the disk, and no debugger is let in. What the system refuses is said in the log.
#[cfg(target_os = "linux")]
pub fn shut() {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let done = set_dumpable_behavior(DumpableBehavior::NotDumpable).and_then(|()| setrlimit(Resource::Core, none));
    if let Err(error) = done {
        tracing::warn!(%error, "a crash may leave the memory of this process on the disk");
    }
}

/// The system decides what a crash leaves.
#[cfg(not(target_os = "linux"))]
pub fn shut() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

    #[test]
    fn a_process_with_a_key_leaves_no_core() {
        shut();
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
        assert_eq!(getrlimit(Resource::Core).maximum, Some(0));
    }
}
