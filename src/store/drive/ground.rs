//! What a file lies on: a disk of this PC, a network share, a folder that a cloud keeps in step, and whether its locks can be trusted by
//! what the mount says of itself (drive.md 2.4). What other workstations' locks say is found out in `lookout`.

use super::{Footing, cloud};
use crate::domain::text::{Complaint, Text, t};
use std::path::{Path, PathBuf};

/// What a file lies on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A disk of this PC.
    Local,
    /// NFS, and its version as the mount says it.
    Nfs(String),
    /// An SMB share mounted by the kernel.
    Smb,
    /// A file system outside the kernel, by its name; empty when it has none.
    Fuse(String),
    /// Plan 9: folders of the host of a virtual machine, WSL.
    Plan9,
    /// A folder that this service keeps in step with a cloud.
    Synced(&'static str),
    /// A network drive, where no more can be found out.
    Remote,
    /// A file system that this program does not know, by its type.
    Other(String),
    /// Nothing could be found out.
    Unknown,
}

/// Why locks are not to be trusted there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// An option of the mount keeps locks on this PC.
    LocalLocks(&'static str),
    /// `soft`: a write that the server was slow with is given up, and nobody is told.
    Soft,
    /// `cache=loose`: this PC shows what it read before, not what colleagues wrote.
    Stale,
    /// This kind of drive does not pass on locks.
    NoLocks,
    /// A file system that is not known to pass on locks.
    Doubtful,
    /// Whole files are copied behind everybody's back.
    Synced,
    /// SMB on a kind of PC where the kernel's locks cannot be mended.
    NoHook,
}

/// What a file lies on, what the mount says of itself, and why it is not to be trusted, if so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// What.
    pub kind: Kind,
    /// Type, source and options as the system says them; empty when it says nothing.
    pub facts: String,
    /// Why its locks are not to be trusted.
    pub wrong: Option<Wrong>,
}

/// File systems on disks of this PC. One that is missing here is refused until the administrator says so; one too many loses data.
const DISKS: [&str; 34] = [
    "ext2",
    "ext3",
    "ext4",
    "xfs",
    "btrfs",
    "zfs",
    "f2fs",
    "jfs",
    "reiserfs",
    "bcachefs",
    "nilfs2",
    "tmpfs",
    "ramfs",
    "rootfs",
    "overlay",
    "aufs",
    "vfat",
    "msdos",
    "exfat",
    "ntfs",
    "ntfs3",
    "fuseblk",
    "hfs",
    "hfsplus",
    "apfs",
    "ufs",
    "udf",
    "iso9660",
    "squashfs",
    "erofs",
    "ecryptfs",
    "ubifs",
    "jffs2",
    "fuse.fuse-overlayfs",
];

/// File systems outside the kernel of which it is known that they pass no locks on.
const LOCKLESS: [&str; 12] = [
    "sshfs",
    "rclone",
    "davfs",
    "gvfs",
    "s3fs",
    "goofys",
    "gcsfuse",
    "blobfuse",
    "curlftpfs",
    "smbnetfs",
    "google-drive",
    "onedriver",
];

impl Ground {
    /// Looks at what `path` lies on; a file that is not there yet lies where its folder does. Nothing is opened.
    pub fn of(path: &Path) -> Ground {
        let whole = whole(path);
        let ground = mounted(&whole).or_else(|| numbered(&whole));
        ground.unwrap_or(NOTHING).in_cloud(&whole)
    }

    /// What `path` lies on as far as can be told without touching it: links are not followed. For a drive that does not answer.
    pub fn from_afar(path: &Path) -> Ground {
        let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        mounted(&whole).unwrap_or(NOTHING).in_cloud(&whole)
    }

    fn in_cloud(self, whole: &Path) -> Ground {
        match cloud::service(whole) {
            Some(service) => Ground { kind: Kind::Synced(service), wrong: Some(Wrong::Synced), ..self },
            None => self,
        }
    }

    /// What the mount under `path` is by the text of `/proc/self/mountinfo`; `None` when it names none.
    pub fn by_mounts(mountinfo: &str, path: &Path) -> Option<Ground> {
        let mount = mountinfo
            .lines()
            .filter_map(Mount::parse)
            .filter(|m| path.starts_with(&m.point))
            // Of two on one point the later one hides the earlier.
            .max_by_key(|m| m.point.components().count())?;
        Some(mount.ground())
    }

    /// What lies there by the number that `statfs` gives; `None` when it says nothing sure. Some servers show a number of their own
    /// disks, so it is asked only where the mounts cannot be read.
    pub fn by_number(number: u64) -> Option<Ground> {
        let (kind, wrong) = match number {
            0x6969 => (Kind::Nfs(String::new()), Some(Wrong::Doubtful)),
            0xFE53_4D42 | 0xFF53_4D42 | 0x517B => (Kind::Smb, Some(Wrong::Doubtful)),
            0x6573_5546 => (Kind::Fuse(String::new()), Some(Wrong::Doubtful)),
            0x0102_1997 => (Kind::Plan9, Some(Wrong::NoLocks)),
            // ext, xfs, btrfs, tmpfs, overlay
            0xEF53 | 0x5846_5342 | 0x9123_683E | 0x0102_1994 | 0x794C_7630 => (Kind::Local, None),
            _ => return None,
        };
        Some(Ground { kind, facts: format!("statfs {number:#x}"), wrong })
    }

    /// Whether only this PC can reach it: then the system itself sees to the locks.
    pub fn local(&self) -> bool {
        self.kind == Kind::Local
    }

    /// Makes this process's locks fit for it, before the first connection.
    pub fn prepare(&mut self) {
        if self.kind == Kind::Smb && cfg!(not(windows)) && !crate::store::cifs::install() {
            self.wrong = self.wrong.or(Some(Wrong::NoHook));
        }
    }

    /// Whether the file may be written there; `overrule` is the word of this PC's config.
    pub fn footing(&self, overrule: bool) -> Footing {
        match self.complaint() {
            None => Footing::Firm,
            Some(_) if overrule => Footing::Overruled(format!("{}: {}", self.name(), self.facts)),
            Some(words) => Footing::Refused(words),
        }
    }

    /// In a word for the header.
    pub fn word(&self) -> Text {
        match self.kind {
            Kind::Local => t("本机", "Local"),
            Kind::Nfs(_) => t("共享盘 NFS", "Share NFS"),
            Kind::Smb => t("共享盘 SMB", "Share SMB"),
            Kind::Fuse(_) => t("共享盘 FUSE", "Share FUSE"),
            Kind::Plan9 => t("共享盘 9P", "Share 9P"),
            Kind::Synced(_) => t("同步盘", "Synced"),
            Kind::Remote => t("共享盘", "Share"),
            Kind::Other(_) => t("不明盘", "Odd drive"),
            Kind::Unknown => t("盘不明", "Drive ?"),
        }
    }

    /// Why it is opened only to be read, and what to ask the administrator for.
    pub fn complaint(&self) -> Option<Complaint> {
        let (zh, en) = match self.wrong? {
            Wrong::LocalLocks(option) => (
                format!(
                    "共享盘的挂载选项 {option} 让锁只留在本机，两台工作站会互相覆盖而没有任何提示。请管理员去掉 {option} 重新挂载"
                ),
                format!(
                    "The mount option {option} keeps locks on this PC: two workstations would write over each other without a word. Ask the administrator to mount the share without {option}"
                ),
            ),
            Wrong::Soft => (
                "共享盘以 soft 方式挂载，网络一慢，写入会丢失。请管理员改用 NFSv4 和 hard 重新挂载".to_owned(),
                "The share is mounted soft: when the network is slow, writes are lost. Ask the administrator to mount it with NFSv4 and hard".to_owned(),
            ),
            Wrong::Stale => (
                "共享盘以 cache=loose 方式挂载，看到的可能是旧内容，保存会覆盖同事的改动。请管理员改用 cache=strict 重新挂载".to_owned(),
                "The share is mounted with cache=loose: this PC may see old contents and save over colleagues' changes. Ask the administrator to mount it with cache=strict".to_owned(),
            ),
            Wrong::NoLocks => (
                format!("{} 不传递文件锁，不能让几台工作站一起写。请管理员改用 SMB 共享或 NFSv4（hard）", self.name()),
                format!(
                    "{} passes no locks on, so workstations cannot write together. Ask the administrator for an SMB share or NFSv4 (hard)",
                    self.name()
                ),
            ),
            Wrong::Doubtful => (
                format!("不知道 {} 是否传递文件锁。请管理员改用 SMB 共享或 NFSv4（hard），或确认锁可靠", self.name()),
                format!(
                    "It is not known whether {} passes locks on. Ask the administrator for an SMB share or NFSv4 (hard), or to make sure that locks work",
                    self.name()
                ),
            ),
            Wrong::Synced => (
                format!("文件在 {} 的同步文件夹里，同步会整份覆盖，丢掉同事的改动。请管理员把文件移到普通的共享盘", self.name()),
                format!(
                    "The file lies in a folder that {} keeps in step: whole files are replaced and colleagues' changes lost. Ask the administrator to move it to a plain share",
                    self.name()
                ),
            ),
            Wrong::NoHook => (
                "本机的 SMB 挂载不能正确加锁。请管理员改用 NFSv4（hard）".to_owned(),
                "SMB as this PC mounts it does not lock as it should. Ask the administrator for NFSv4 (hard)".to_owned(),
            ),
        };
        Some(Complaint::new(
            format!(
                "{zh}。在那之前只能查看，不能保存；确有把握时可在配置文件写 [drive] overrule = true，会记入变更日志。"
            ),
            format!(
                "{en}. Until then the file is only read. Who is sure may write [drive] overrule = true in the config file; the change log will say so."
            ),
        ))
    }

    /// Its name for people.
    pub fn name(&self) -> String {
        match &self.kind {
            Kind::Local => "local".to_owned(),
            Kind::Nfs(version) if version.is_empty() => "NFS".to_owned(),
            Kind::Nfs(version) => format!("NFS {version}"),
            Kind::Smb => "SMB".to_owned(),
            Kind::Fuse(name) if name.is_empty() => "FUSE".to_owned(),
            Kind::Fuse(name) => format!("FUSE {name}"),
            Kind::Plan9 => "9P".to_owned(),
            Kind::Synced(service) => (*service).to_owned(),
            Kind::Remote => "network drive".to_owned(),
            Kind::Other(kind) => kind.clone(),
            Kind::Unknown => "?".to_owned(),
        }
    }
}

/// A line of `/proc/self/mountinfo`.
struct Mount {
    point: PathBuf,
    kind: String,
    source: String,
    /// Options of the mount and of the file system.
    options: Vec<String>,
}

impl Mount {
    /// `36 35 98:0 /root /point rw,noatime shared:1 - ext3 /dev/root rw,errors=continue`
    fn parse(line: &str) -> Option<Mount> {
        let (left, right) = line.split_once(" - ")?;
        let mut left = left.split(' ').skip(4);
        let (point, mine) = (left.next()?, left.next()?);
        let mut right = right.split(' ');
        let (kind, source) = (right.next()?.to_owned(), plain(right.next().unwrap_or_default()));
        let options = mine.split(',').chain(right.next().unwrap_or_default().split(','));
        Some(Mount { point: PathBuf::from(plain(point)), kind, source, options: options.map(str::to_owned).collect() })
    }

    fn has(&self, option: &str) -> bool {
        self.options.iter().any(|o| o == option)
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.options.iter().find_map(|o| o.strip_prefix(name)?.strip_prefix('='))
    }

    fn ground(&self) -> Ground {
        let (kind, wrong) = self.judged();
        // A password never stands there; the kernel leaves it out.
        let facts = format!("{} {} {}", self.kind, self.source, self.options.join(","));
        Ground { kind, facts, wrong }
    }

    fn judged(&self) -> (Kind, Option<Wrong>) {
        let local = |options: &[&'static str]| options.iter().copied().find(|o| self.has(o)).map(Wrong::LocalLocks);
        let (kind, name) = self.kind.split_once('.').unwrap_or((self.kind.as_str(), ""));
        match kind {
            _ if DISKS.contains(&self.kind.as_str()) => (Kind::Local, None),
            "nfs" | "nfs3" | "nfs4" => {
                let soft = (self.has("soft") || self.has("softerr")).then_some(Wrong::Soft);
                let wrong = local(&["nolock", "local_lock=all", "local_lock=posix"]).or(soft);
                (Kind::Nfs(self.value("vers").unwrap_or_default().to_owned()), wrong)
            }
            "cifs" | "smb3" | "smbfs" => {
                let stale = (self.value("cache") == Some("loose")).then_some(Wrong::Stale);
                (Kind::Smb, local(&["nobrl", "nolock"]).or(stale))
            }
            "9p" => (Kind::Plan9, Some(Wrong::NoLocks)),
            "fuse" | "davfs" | "davfs2" => {
                let name = if name.is_empty() && kind != "fuse" { kind } else { name };
                let lockless = LOCKLESS.iter().any(|l| name.starts_with(l)) || self.source.starts_with("http");
                let wrong = if lockless { Wrong::NoLocks } else { Wrong::Doubtful };
                (Kind::Fuse(name.to_owned()), Some(wrong))
            }
            _ => (Kind::Other(self.kind.clone()), Some(Wrong::Doubtful)),
        }
    }
}

/// Blanks and the like stand in mountinfo as a backslash and three octal digits.
fn plain(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let escaped = match (first, tail) {
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', more @ ..]) => {
                Some(((a - b'0') * 64 + (b - b'0') * 8 + (c - b'0'), more))
            }
            _ => None,
        };
        let (byte, more) = escaped.unwrap_or((*first, tail));
        bytes.push(byte);
        rest = more;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The path without links and dots; of a file that is not there, the folder's and its name.
pub fn whole(path: &Path) -> PathBuf {
    if let Ok(whole) = std::fs::canonicalize(path) {
        return whole;
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (std::fs::canonicalize(folder), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

#[cfg(target_os = "linux")]
fn mounted(whole: &Path) -> Option<Ground> {
    Ground::by_mounts(&String::from_utf8_lossy(&std::fs::read("/proc/self/mountinfo").ok()?), whole)
}

#[cfg(target_os = "linux")]
fn numbered(whole: &Path) -> Option<Ground> {
    let there = if whole.exists() { Some(whole) } else { whole.parent() }?;
    // The width of the number differs between kinds of PC; all known ones have 32 bits.
    Ground::by_number(u64::from(u32::try_from(rustix::fs::statfs(there).ok()?.f_type & 0xFFFF_FFFF).ok()?))
}

/// Windows says by the form of the whole path whether it leads to another PC, also for a drive letter. `GetDriveTypeW` would need `unsafe`.
#[cfg(not(target_os = "linux"))]
fn mounted(whole: &Path) -> Option<Ground> {
    let text = whole.to_string_lossy();
    let unc = text.strip_prefix(r"\\?\").map_or(text.starts_with(r"\\"), |rest| rest.starts_with("UNC"));
    let kind = if unc { Kind::Remote } else { Kind::Local };
    cfg!(windows).then(|| Ground { kind, ..NOTHING })
}

#[cfg(not(target_os = "linux"))]
fn numbered(_: &Path) -> Option<Ground> {
    None
}

const NOTHING: Ground = Ground { kind: Kind::Unknown, facts: String::new(), wrong: None };

#[cfg(test)]
mod tests {
    use super::*;

    fn by(kind: &str, options: &str) -> Ground {
        let line = format!("40 22 0:50 / /mnt/x rw,relatime shared:1 - {kind} srv:/x rw,{options}");
        Ground::by_mounts(&line, Path::new("/mnt/x/a.db")).unwrap()
    }

    #[test]
    fn the_longest_mount_point_says_what_is_under_a_path() {
        let mounts = "22 1 0:20 / / rw - ext4 /dev/sda rw\n\
                      40 22 0:50 / /mnt/branch\\040share\\134\\303\\251 rw shared:1 - cifs //srv/x rw\n\
                      41 22 0:51 / /mnt rw - tmpfs tmpfs rw\n\
                      42 22 0:52 / /over rw - ext4 /dev/sdb rw\n\
                      43 42 0:53 / /over rw - nfs4 srv:/x rw,vers=4.1,hard\n\
                      a line of another shape\n";
        for (path, kind) in [
            ("/mnt/branch share\\é/a.db", Kind::Smb),
            ("/mnt/branch share/a.db", Kind::Local),
            ("/mnt/a.db", Kind::Local),
            ("/mntx/a.db", Kind::Local),
            ("/over/a.db", Kind::Nfs("4.1".into())),
        ] {
            assert_eq!(Ground::by_mounts(mounts, Path::new(path)).unwrap().kind, kind, "{path}");
        }
        assert_eq!(Ground::by_mounts("", Path::new("/a")), None);
    }

    #[test]
    fn options_and_kinds_that_lose_writes_are_refused_and_the_others_are_not() {
        use Wrong::{Doubtful, LocalLocks, NoLocks, Soft, Stale};
        for (kind, options, wrong) in [
            ("ext4", "errors=remount-ro", None),
            ("overlay", "lowerdir=/soft", None),
            ("fuseblk", "user_id=0", None),
            ("nfs4", "vers=4.1,hard,local_lock=none", None),
            ("nfs", "vers=3,hard,local_lock=flock", None),
            ("nfs", "vers=3,hard,nolock,local_lock=all", Some(LocalLocks("nolock"))),
            ("nfs", "vers=3,hard,local_lock=all", Some(LocalLocks("local_lock=all"))),
            ("nfs4", "vers=4.0,local_lock=posix,soft", Some(LocalLocks("local_lock=posix"))),
            ("nfs4", "vers=4.2,soft", Some(Soft)),
            ("nfs4", "vers=4.2,softerr", Some(Soft)),
            ("nfs4", "vers=4.2,softreval,hard", None),
            ("cifs", "vers=3.1.1,cache=strict,soft", None),
            ("smb3", "vers=3.1.1,cache=none", None),
            ("cifs", "vers=3.1.1,cache=strict,nobrl", Some(LocalLocks("nobrl"))),
            ("cifs", "vers=3.1.1,cache=loose", Some(Stale)),
            ("9p", "trans=virtio", Some(NoLocks)),
            ("fuse.sshfs", "user_id=0", Some(NoLocks)),
            ("fuse.rclone", "user_id=0", Some(NoLocks)),
            ("fuse.gvfsd-fuse", "user_id=0", Some(NoLocks)),
            ("davfs", "user_id=0", Some(NoLocks)),
            ("fuse.glusterfs", "user_id=0", Some(Doubtful)),
            ("fuse", "user_id=0", Some(Doubtful)),
            ("vboxsf", "", Some(Doubtful)),
        ] {
            let ground = by(kind, options);
            assert_eq!(ground.wrong, wrong, "{kind} {options}");
            assert_eq!(ground.complaint().is_some(), wrong.is_some());
            assert!(ground.facts.contains(options), "{}", ground.facts);
        }
    }

    #[test]
    fn every_refusal_says_in_both_languages_what_to_ask_for() {
        for wrong in [
            Wrong::LocalLocks("nobrl"),
            Wrong::Soft,
            Wrong::Stale,
            Wrong::NoLocks,
            Wrong::Doubtful,
            Wrong::Synced,
            Wrong::NoHook,
        ] {
            let c = Ground { kind: Kind::Synced("OneDrive"), facts: String::new(), wrong: Some(wrong) }
                .complaint()
                .unwrap();
            assert!(c.zh.ends_with('。') && c.en.ends_with('.'), "{wrong:?}");
            assert!(c.zh.contains("请管理员") && c.en.contains("Ask the administrator"), "{wrong:?}");
            assert!(c.zh.contains("overrule") && c.en.contains("overrule"), "{wrong:?}");
            assert!(!c.zh.chars().chain(c.en.chars()).any(|c| "“”…—·①●★→※".contains(c)), "{wrong:?}");
        }
    }

    #[test]
    fn the_number_of_statfs_is_a_second_source() {
        for (number, kind) in [
            (0xEF53, Kind::Local),
            (0x6969, Kind::Nfs(String::new())),
            (0xFE53_4D42, Kind::Smb),
            (0x6573_5546, Kind::Fuse(String::new())),
            (0x0102_1997, Kind::Plan9),
        ] {
            let ground = Ground::by_number(number).unwrap();
            assert_eq!((ground.kind, ground.wrong.is_none()), (kind, number == 0xEF53));
        }
        assert_eq!(Ground::by_number(1), None);
    }

    #[test]
    fn a_file_that_is_not_there_yet_lies_where_its_folder_does() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("none.db");
        assert_eq!(whole(&path), std::fs::canonicalize(folder.path()).unwrap().join("none.db"));
        let ground = Ground::of(&path);
        assert_eq!(ground, Ground::of(folder.path()));
        assert!(cfg!(not(target_os = "linux")) || ground.kind != Kind::Unknown);
    }
}
