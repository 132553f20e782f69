//! Paths as people paste them: in quotes, as `file://` addresses, several at once. Whether there is such a file is seen outside.

/// The paths in a pasted text: one a line, quotes and `file://` taken away.
pub fn paths(text: &str) -> Vec<String> {
    text.lines().map(clean).filter(|p| !p.is_empty()).collect()
}

/// One path without quotes and `file://`.
pub fn clean(text: &str) -> String {
    let text = text.trim().trim_start_matches('&').trim();
    let pairs = [('"', '"'), ('\'', '\''), ('“', '”'), ('‘', '’'), ('「', '」')];
    let bare =
        pairs.into_iter().find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close)).unwrap_or(text).trim();
    match bare.strip_prefix("file://") {
        Some(address) => {
            let path = plain(address.strip_prefix("localhost").unwrap_or(address));
            // file:///C:/x on Windows, file:///home/x elsewhere.
            let drive = path.chars().nth(2) == Some(':');
            path.strip_prefix('/').filter(|_| drive).map(str::to_owned).unwrap_or(path)
        }
        None => bare.to_owned(),
    }
}

/// An address with its `%20` as letters.
fn plain(address: &str) -> String {
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address.bytes();
    while let Some(b) = rest.next() {
        let mut ahead = rest.clone();
        let hex = |c: Option<u8>| c.and_then(|c| char::from(c).to_digit(16)).and_then(|d| u8::try_from(d).ok());
        match (b, hex(ahead.next()), hex(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(high * 16 + low);
                rest = ahead;
            }
            _ => bytes.push(b),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_understood_however_it_was_pasted() {
        for (pasted, path) in [
            ("/share/客户.csv", "/share/客户.csv"),
            ("  \"C:\\下载\\客户.csv\"\r\n", "C:\\下载\\客户.csv"),
            ("'/share/a b.csv'", "/share/a b.csv"),
            ("“/share/客户.csv”", "/share/客户.csv"),
            ("file:///share/%E5%AE%A2%E6%88%B7%201.csv", "/share/客户 1.csv"),
            ("file:///C:/a%20b.csv", "C:/a b.csv"),
            ("file://localhost/share/100%.csv", "/share/100%.csv"),
        ] {
            assert_eq!(paths(pasted), [path], "{pasted}");
        }
        assert_eq!(paths("\n'/a'\n\n/b\n"), ["/a", "/b"]);
        assert!(paths(" \n").is_empty());
    }
}
