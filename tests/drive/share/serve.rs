//! The file server behind every mount: operations on the one folder, each through the gate of its mount. Nothing is cached by the
//! kernel: no names, no attributes, no pages.

use super::gate::{Gate, Kind};
use super::locks::{Locks, Owner, Range, kind_of};
use fuser::{
    BsdFileFlags, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation, INodeNo, InitFlags,
    KernelConfig, LockOwner, OpenAccMode, OpenFlags, RenameFlags, ReplyAttr, ReplyCreate, ReplyData, ReplyDirectory,
    ReplyEmpty, ReplyEntry, ReplyLock, ReplyOpen, ReplyStatfs, ReplyWrite, Request, TimeOrNow, WriteFlags,
};
use nix::libc::{EACCES, EIO, ENOENT, F_UNLCK, F_WRLCK};
use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::{File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// Nothing may be kept by the kernel.
const NEVER: Duration = Duration::ZERO;

/// The folder and what is known about it, for all mounts.
pub struct Tree {
    files: PathBuf,
    names: Mutex<HashMap<u64, PathBuf>>,
    handles: Mutex<Handles>,
    locks: Mutex<Locks>,
}

#[derive(Default)]
struct Handles {
    last: u64,
    open: HashMap<u64, (u64, Arc<File>)>,
}

/// One mount's server.
pub struct Server {
    pub mount: usize,
    pub tree: Arc<Tree>,
    pub gate: Arc<Gate>,
}

type Served<T> = Result<T, i32>;

fn errno(e: &io::Error) -> i32 {
    e.raw_os_error().unwrap_or(EIO)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tree {
    pub fn new(files: PathBuf) -> Tree {
        let names = HashMap::from([(INodeNo::ROOT.0, files.clone())]);
        Tree { files, names: Mutex::new(names), handles: Mutex::default(), locks: Mutex::default() }
    }

    pub fn files(&self) -> &Path {
        &self.files
    }

    pub fn locks(&self) -> MutexGuard<'_, Locks> {
        lock(&self.locks)
    }

    /// The number of a file of the root by its name.
    pub fn number(&self, name: &str) -> Option<u64> {
        std::fs::metadata(self.files.join(name)).ok().map(|m| attributes(&m).ino.0)
    }

    fn path(&self, ino: INodeNo) -> Served<PathBuf> {
        lock(&self.names).get(&ino.0).cloned().ok_or(ENOENT)
    }

    fn below(&self, folder: INodeNo, name: &OsStr) -> Served<PathBuf> {
        Ok(self.path(folder)?.join(name))
    }

    /// The attributes of what lies at a path, whose number is kept.
    fn known(&self, path: PathBuf) -> Served<FileAttr> {
        let found = attributes(&std::fs::symlink_metadata(&path).map_err(|e| errno(&e))?);
        let mut names = lock(&self.names);
        names.retain(|ino, known| *known != path || *ino == found.ino.0);
        names.insert(found.ino.0, path);
        Ok(found)
    }

    fn handle(&self, fh: FileHandle) -> Served<Arc<File>> {
        lock(&self.handles).open.get(&fh.0).map(|(_, f)| Arc::clone(f)).ok_or(EIO)
    }

    fn opened(&self, ino: INodeNo, file: File) -> FileHandle {
        let mut handles = lock(&self.handles);
        handles.last += 1;
        let fh = handles.last;
        handles.open.insert(fh, (ino.0, Arc::new(file)));
        FileHandle(fh)
    }

    /// An open file of this number: one that was deleted has no other name any more.
    fn any_handle(&self, ino: INodeNo) -> Option<Arc<File>> {
        lock(&self.handles).open.values().find(|(i, _)| *i == ino.0).map(|(_, f)| Arc::clone(f))
    }

    fn attributes(&self, ino: INodeNo) -> Served<FileAttr> {
        let seen = match self.any_handle(ino) {
            Some(file) => file.metadata(),
            None => std::fs::symlink_metadata(self.path(ino)?),
        };
        let mut found = attributes(&seen.map_err(|e| errno(&e))?);
        found.ino = ino;
        Ok(found)
    }

    fn forget(&self, path: &Path) {
        lock(&self.names).retain(|_, known| known != path);
    }
}

fn attributes(m: &Metadata) -> FileAttr {
    let time = |t: io::Result<SystemTime>| t.unwrap_or(SystemTime::UNIX_EPOCH);
    FileAttr {
        // The root is 1; a number of the folder below could be 1 too.
        ino: INodeNo(m.ino() + 1),
        size: m.size(),
        blocks: m.blocks(),
        atime: time(m.accessed()),
        mtime: time(m.modified()),
        ctime: time(m.modified()),
        crtime: SystemTime::UNIX_EPOCH,
        kind: FileType::from_std(m.file_type()).unwrap_or(FileType::RegularFile),
        perm: u16::try_from(m.mode() & 0o7777).unwrap_or(0o600),
        nlink: u32::try_from(m.nlink()).unwrap_or(1),
        uid: m.uid(),
        gid: m.gid(),
        rdev: 0,
        blksize: 4096,
        flags: 0,
    }
}

impl Server {
    fn pass(&self, kind: Kind, ino: INodeNo, what: std::fmt::Arguments<'_>) -> Served<()> {
        let path = self.tree.path(ino).ok();
        let name = path.as_deref().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
        self.gate.pass(kind, format_args!("{name}{what}"))
    }

    fn owner(&self, process: u64) -> Owner {
        Owner { mount: self.mount, process }
    }

    fn look_up(&self, parent: INodeNo, name: &OsStr) -> Served<FileAttr> {
        self.gate.pass(Kind::Lookup, format_args!("{}", name.display()))?;
        let found = self.tree.known(self.tree.below(parent, name)?)?;
        self.gate.named(found.ino.0);
        Ok(found)
    }

    fn change(
        &self,
        ino: INodeNo,
        mode: Option<u32>,
        size: Option<u64>,
        mtime: Option<TimeOrNow>,
        fh: Option<FileHandle>,
    ) -> Served<FileAttr> {
        match size {
            Some(size) => self.pass(Kind::Truncate, ino, format_args!(" to {size}"))?,
            None => self.pass(Kind::Setattr, ino, format_args!(""))?,
        }
        let told = |e: io::Error| errno(&e);
        if let Some(mode) = mode {
            std::fs::set_permissions(self.tree.path(ino)?, Permissions::from_mode(mode & 0o7777)).map_err(told)?;
        }
        if size.is_some() || mtime.is_some() {
            let file = match fh {
                Some(fh) => self.tree.handle(fh)?,
                None => Arc::new(OpenOptions::new().write(true).open(self.tree.path(ino)?).map_err(told)?),
            };
            if let Some(size) = size {
                file.set_len(size).map_err(told)?;
            }
            if let Some(mtime) = mtime {
                let at = match mtime {
                    TimeOrNow::SpecificTime(t) => t,
                    TimeOrNow::Now => SystemTime::now(),
                };
                file.set_modified(at).map_err(told)?;
            }
        }
        self.tree.attributes(ino)
    }

    fn open_file(&self, ino: INodeNo, flags: OpenFlags) -> Served<FileHandle> {
        self.pass(Kind::Open, ino, format_args!(""))?;
        let writes = flags.acc_mode() != OpenAccMode::O_RDONLY;
        // As a server that looks at the rights does, also for root.
        let path = self.tree.path(ino)?;
        let found = std::fs::metadata(&path).map_err(|e| errno(&e))?;
        if writes && found.permissions().readonly() {
            return Err(EACCES);
        }
        let file = OpenOptions::new().read(true).write(writes).open(path).map_err(|e| errno(&e))?;
        Ok(self.tree.opened(ino, file))
    }

    fn create_file(&self, parent: INodeNo, name: &OsStr, mode: u32, flags: i32) -> Served<(FileAttr, FileHandle)> {
        self.gate.pass(Kind::Create, format_args!("{}", name.display()))?;
        let path = self.tree.below(parent, name)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).create_new(flags & nix::libc::O_EXCL != 0);
        let file = options.truncate(flags & nix::libc::O_TRUNC != 0).open(&path).map_err(|e| errno(&e))?;
        std::fs::set_permissions(&path, Permissions::from_mode(mode & 0o7777)).map_err(|e| errno(&e))?;
        let found = self.tree.known(path)?;
        Ok((found, self.tree.opened(found.ino, file)))
    }

    fn read_at(&self, ino: INodeNo, fh: FileHandle, offset: u64, size: u32) -> Served<Vec<u8>> {
        self.pass(Kind::Read, ino, format_args!(" {size} at {offset}"))?;
        let file = self.tree.handle(fh)?;
        let mut data = vec![0; usize::try_from(size).unwrap_or_default()];
        let mut done = 0;
        while done < data.len() {
            match file.read_at(&mut data[done..], offset + done as u64).map_err(|e| errno(&e))? {
                0 => break,
                n => done += n,
            }
        }
        data.truncate(done);
        Ok(data)
    }

    fn remove(&self, kind: Kind, parent: INodeNo, name: &OsStr) -> Served<()> {
        self.gate.pass(kind, format_args!("{}", name.display()))?;
        let path = self.tree.below(parent, name)?;
        let gone = if kind == Kind::Unlink { std::fs::remove_file(&path) } else { std::fs::remove_dir(&path) };
        gone.map_err(|e| errno(&e))?;
        self.tree.forget(&path);
        Ok(())
    }

    fn names(&self, ino: INodeNo, offset: u64, reply: &mut ReplyDirectory) -> Served<()> {
        self.pass(Kind::List, ino, format_args!(""))?;
        let path = self.tree.path(ino)?;
        let mut found = Vec::new();
        for entry in std::fs::read_dir(path).map_err(|e| errno(&e))? {
            let entry = entry.map_err(|e| errno(&e))?;
            let kind = entry.file_type().ok().and_then(FileType::from_std).unwrap_or(FileType::RegularFile);
            found.push((std::os::unix::fs::DirEntryExt::ino(&entry) + 1, kind, entry.file_name()));
        }
        found.sort_by(|a, b| a.2.cmp(&b.2));
        for (n, (ino, kind, name)) in (1_u64..).zip(found).skip(usize::try_from(offset).unwrap_or(usize::MAX)) {
            if reply.add(INodeNo(ino), n, kind, name) {
                break;
            }
        }
        Ok(())
    }
}

/// Answers with a result.
macro_rules! answer {
    ($reply:ident, $result:expr, $ok:expr) => {
        match $result {
            Ok(value) => $ok($reply, value),
            Err(e) => $reply.error(Errno::from_i32(e)),
        }
    };
}

impl Filesystem for Server {
    fn init(&mut self, _: &Request, config: &mut KernelConfig) -> io::Result<()> {
        config.add_capabilities(InitFlags::FUSE_POSIX_LOCKS).map_err(|_| io::Error::other("no POSIX locks over FUSE"))
    }

    fn lookup(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        answer!(reply, self.look_up(parent, name), |r: ReplyEntry, a| r.entry(&NEVER, &a, Generation(0)));
    }

    fn getattr(&self, _: &Request, ino: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        let free = self.gate.came_along(ino.0);
        let passed = if free { Ok(()) } else { self.pass(Kind::Getattr, ino, format_args!("")) };
        let found = passed.and_then(|()| self.tree.attributes(ino));
        answer!(reply, found, |r: ReplyAttr, a| r.attr(&NEVER, &a));
    }

    fn setattr(
        &self,
        _: &Request,
        ino: INodeNo,
        mode: Option<u32>,
        _uid: Option<u32>,
        _gid: Option<u32>,
        size: Option<u64>,
        _atime: Option<TimeOrNow>,
        mtime: Option<TimeOrNow>,
        _ctime: Option<SystemTime>,
        fh: Option<FileHandle>,
        _crtime: Option<SystemTime>,
        _chgtime: Option<SystemTime>,
        _bkuptime: Option<SystemTime>,
        _flags: Option<BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        answer!(reply, self.change(ino, mode, size, mtime, fh), |r: ReplyAttr, a| r.attr(&NEVER, &a));
    }

    fn mkdir(&self, _: &Request, parent: INodeNo, name: &OsStr, mode: u32, _umask: u32, reply: ReplyEntry) {
        let made = self.gate.pass(Kind::Folder, format_args!("{}", name.display())).and_then(|()| {
            let path = self.tree.below(parent, name)?;
            std::fs::create_dir(&path).map_err(|e| errno(&e))?;
            std::fs::set_permissions(&path, Permissions::from_mode(mode & 0o7777)).map_err(|e| errno(&e))?;
            self.tree.known(path)
        });
        answer!(reply, made, |r: ReplyEntry, a| r.entry(&NEVER, &a, Generation(0)));
    }

    fn unlink(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        answer!(reply, self.remove(Kind::Unlink, parent, name), |r: ReplyEmpty, ()| r.ok());
    }

    fn rmdir(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        answer!(reply, self.remove(Kind::Folder, parent, name), |r: ReplyEmpty, ()| r.ok());
    }

    fn rename(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        to: INodeNo,
        as_name: &OsStr,
        _: RenameFlags,
        reply: ReplyEmpty,
    ) {
        let done = self.gate.pass(Kind::Rename, format_args!("{} to {}", name.display(), as_name.display()));
        let done = done.and_then(|()| {
            let (old, new) = (self.tree.below(parent, name)?, self.tree.below(to, as_name)?);
            std::fs::rename(&old, &new).map_err(|e| errno(&e))?;
            self.tree.forget(&old);
            self.tree.known(new).map(drop)
        });
        answer!(reply, done, |r: ReplyEmpty, ()| r.ok());
    }

    fn open(&self, _: &Request, ino: INodeNo, flags: OpenFlags, reply: ReplyOpen) {
        answer!(reply, self.open_file(ino, flags), |r: ReplyOpen, fh| r.opened(fh, FopenFlags::FOPEN_DIRECT_IO));
    }

    fn create(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        mode: u32,
        umask: u32,
        flags: i32,
        reply: ReplyCreate,
    ) {
        let made = self.create_file(parent, name, mode & !umask, flags);
        answer!(reply, made, |r: ReplyCreate, (a, fh)| {
            r.created(&NEVER, &a, Generation(0), fh, FopenFlags::FOPEN_DIRECT_IO);
        });
    }

    fn read(
        &self,
        _: &Request,
        ino: INodeNo,
        fh: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        answer!(reply, self.read_at(ino, fh, offset, size), |r: ReplyData, d: Vec<u8>| r.data(&d));
    }

    fn write(
        &self,
        _: &Request,
        ino: INodeNo,
        fh: FileHandle,
        offset: u64,
        data: &[u8],
        _: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        let done = self.pass(Kind::Write, ino, format_args!(" {} at {offset}", data.len())).and_then(|()| {
            self.tree.handle(fh)?.write_all_at(data, offset).map_err(|e| errno(&e))?;
            Ok(u32::try_from(data.len()).unwrap_or(u32::MAX))
        });
        answer!(reply, done, |r: ReplyWrite, n| r.written(n));
    }

    fn flush(&self, _: &Request, ino: INodeNo, _: FileHandle, owner: LockOwner, reply: ReplyEmpty) {
        let done = self.pass(Kind::Flush, ino, format_args!(""));
        // Also when the answer fails to arrive: a server drops the locks of a handle that its client no longer has.
        self.tree.locks().closed(ino.0, self.owner(owner.0));
        answer!(reply, done, |r: ReplyEmpty, ()| r.ok());
    }

    /// Nobody waits for it, so that it is no round trip and takes no time.
    fn release(
        &self,
        _: &Request,
        _: INodeNo,
        fh: FileHandle,
        _: OpenFlags,
        _: Option<LockOwner>,
        _: bool,
        reply: ReplyEmpty,
    ) {
        lock(&self.tree.handles).open.remove(&fh.0);
        self.tree.locks().released(fh.0);
        reply.ok();
    }

    /// The disk of the server never fails here, so that there is nothing to be done.
    fn fsync(&self, _: &Request, ino: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        answer!(reply, self.pass(Kind::Fsync, ino, format_args!("")), |r: ReplyEmpty, ()| r.ok());
    }

    fn fsyncdir(&self, _: &Request, ino: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        answer!(reply, self.pass(Kind::FsyncDir, ino, format_args!("")), |r: ReplyEmpty, ()| r.ok());
    }

    fn opendir(&self, _: &Request, ino: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        let done = self.pass(Kind::List, ino, format_args!(""));
        answer!(reply, done, |r: ReplyOpen, ()| r.opened(FileHandle(0), FopenFlags::empty()));
    }

    fn readdir(&self, _: &Request, ino: INodeNo, _: FileHandle, offset: u64, mut reply: ReplyDirectory) {
        let listed = self.names(ino, offset, &mut reply);
        answer!(reply, listed, |r: ReplyDirectory, ()| r.ok());
    }

    fn statfs(&self, _: &Request, ino: INodeNo, reply: ReplyStatfs) {
        let done = self.pass(Kind::Other, ino, format_args!(""));
        let room = 1 << 30;
        answer!(reply, done, |r: ReplyStatfs, ()| r.statfs(room, room, room, room, room, 4096, 255, 4096));
    }

    fn getlk(
        &self,
        _: &Request,
        ino: INodeNo,
        _: FileHandle,
        owner: LockOwner,
        start: u64,
        end: u64,
        kind: i32,
        _pid: u32,
        reply: ReplyLock,
    ) {
        let asked = self.pass(Kind::AskLock, ino, format_args!(""));
        let found = asked.map(|()| {
            let range = Range { start, end };
            self.tree.locks().in_the_way(ino.0, self.owner(owner.0), range, kind == F_WRLCK)
        });
        answer!(reply, found, |r: ReplyLock, held: Option<super::locks::Held>| match held {
            Some(h) => r.locked(h.range.start, h.range.end, kind_of(h.write), 0),
            None => r.locked(start, end, F_UNLCK, 0),
        });
    }

    /// Waiting for a lock is not known here: who would wait is refused.
    fn setlk(
        &self,
        _: &Request,
        ino: INodeNo,
        fh: FileHandle,
        owner: LockOwner,
        start: u64,
        end: u64,
        kind: i32,
        _pid: u32,
        _sleep: bool,
        reply: ReplyEmpty,
    ) {
        let word = match kind {
            F_UNLCK => "unlock",
            F_WRLCK => "exclusive",
            _ => "shared",
        };
        let done = self
            .pass(Kind::Lock, ino, format_args!(" {word} {start}..={end}"))
            .and_then(|()| self.tree.locks().set(ino.0, fh.0, self.owner(owner.0), Range { start, end }, kind));
        answer!(reply, done, |r: ReplyEmpty, ()| r.ok());
    }
}
