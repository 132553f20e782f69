//! Folders that a service keeps in step with a cloud, known by their names. What a drive says of itself is read in `ground`.

use std::path::Path;

/// The name of a folder, in lower case, and the service it belongs to.
const FOLDERS: [(&str, &str); 28] = [
    ("onedrive", "OneDrive"),
    ("dropbox", "Dropbox"),
    ("icloud drive", "iCloud"),
    ("iclouddrive", "iCloud"),
    ("icloud云盘", "iCloud"),
    ("mobile documents", "iCloud"),
    ("com~apple~clouddocs", "iCloud"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("nutstore", "坚果云"),
    ("nutstore files", "坚果云"),
    ("坚果云", "坚果云"),
    ("我的坚果云", "坚果云"),
    ("百度网盘", "百度网盘"),
    ("百度网盘同步空间", "百度网盘"),
    ("百度云同步盘", "百度网盘"),
    ("baidunetdisk", "百度网盘"),
    ("baidunetdiskworkspace", "百度网盘"),
    ("baidusyncdisk", "百度网盘"),
    ("wps云盘", "WPS云盘"),
    ("wpsdrive", "WPS云盘"),
    ("wps cloud files", "WPS云盘"),
    ("阿里云盘", "阿里云盘"),
    ("微云同步助手", "微云"),
    ("天翼云盘同步盘", "天翼云盘"),
    ("nextcloud", "Nextcloud"),
    ("owncloud", "ownCloud"),
    ("seafile", "Seafile"),
];

/// The service that keeps a folder on this path in step: the folder has its name, alone or before a blank, a dash or a bracket
/// (`OneDrive - 道真支行`, `Dropbox (2)`).
pub fn service(path: &Path) -> Option<&'static str> {
    path.parent()?.components().find_map(|part| {
        let name = part.as_os_str().to_string_lossy().to_lowercase();
        let of = |known: &str| {
            name.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '-', '(', '（']))
        };
        FOLDERS.iter().find(|(known, _)| of(known)).map(|(_, service)| *service)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_clouds_are_known_by_name_and_others_are_not() {
        for (path, expected) in [
            ("/home/a/OneDrive/a.db", Some("OneDrive")),
            ("/home/a/OneDrive - 道真支行/客户/a.db", Some("OneDrive")),
            ("/home/a/Dropbox (2)/a.db", Some("Dropbox")),
            ("/Users/a/Library/Mobile Documents/com~apple~CloudDocs/a.db", Some("iCloud")),
            ("/home/a/Nutstore Files/我的坚果云/a.db", Some("坚果云")),
            ("/home/a/我的坚果云/a.db", Some("坚果云")),
            ("/d/BaiduSyncdisk/a.db", Some("百度网盘")),
            ("/d/百度网盘/a.db", Some("百度网盘")),
            ("/d/WPS云盘/a.db", Some("WPS云盘")),
            ("/d/wpsdrive/1234/a.db", Some("WPS云盘")),
            ("/srv/share/a.db", None),
            ("/srv/dropboxes/a.db", None),
            ("/srv/share/onedrive", None),
            ("/srv/share/坚果/a.db", None),
            ("a.db", None),
        ] {
            assert_eq!(service(Path::new(path)), expected, "{path}");
        }
    }
}
