//! What is typed and not shown: passwords and recovery codes, from the terminal or from a file descriptor, line by line. Never from the
//! command line or the environment, which every process of the PC can read.

use super::fault::Fault;
use crate::domain::password::Password;
use crate::domain::text::{Lang, Text, t};
use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, read};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use std::io::{IsTerminal, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use zeroize::Zeroizing;

/// The longest line.
const LONGEST: usize = 1_000;

/// Where passwords come from; clones read on in the same place.
#[derive(Clone)]
pub struct Typed {
    /// Said as a flag.
    named: bool,
    from: Arc<Mutex<From>>,
}

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typed(..)")
    }
}

enum From {
    /// A descriptor that was not read yet.
    Number(u32),
    Open(Box<dyn Read + Send>),
    Terminal,
    Nowhere,
}

impl Typed {
    /// From the descriptor of this number, or the terminal, if there is one.
    pub fn new(descriptor: Option<u32>) -> Typed {
        let from = match descriptor {
            Some(n) => From::Number(n),
            None if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() => From::Terminal,
            None => From::Nowhere,
        };
        Typed { named: descriptor.is_some(), from: Arc::new(Mutex::new(from)) }
    }

    /// From nowhere: for what is not worth a question.
    pub fn nowhere() -> Typed {
        Typed { named: false, from: Arc::new(Mutex::new(From::Nowhere)) }
    }

    /// Whether somebody sits there and can be asked again.
    pub fn asks(&self) -> bool {
        matches!(*self.from.lock().unwrap_or_else(PoisonError::into_inner), From::Terminal)
    }

    /// Whether a descriptor was named.
    pub fn named(&self) -> bool {
        self.named
    }

    /// The next line; `None` when there is none, or nobody to ask.
    ///
    /// # Errors
    /// The descriptor or the terminal cannot be read; Ctrl-C.
    pub fn line(&self, question: Text, lang: Lang) -> Result<Option<Zeroizing<String>>, Fault> {
        let quiet = if self.asks() { Some(Quiet::new()?) } else { None };
        let line = self.next(question, lang);
        drop(quiet);
        line
    }

    fn next(&self, question: Text, lang: Lang) -> Result<Option<Zeroizing<String>>, Fault> {
        let mut from = self.from.lock().unwrap_or_else(PoisonError::into_inner);
        if let From::Number(n) = *from {
            *from = From::Open(open(n)?);
        }
        match &mut *from {
            From::Open(reader) => next(reader.as_mut()),
            From::Terminal => ask(question.get(lang)).map(Some),
            From::Number(_) | From::Nowhere => Ok(None),
        }
    }

    /// A password that must be there.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    pub fn password(&self, question: Text, lang: Lang) -> Result<Password, Fault> {
        self.line(question, lang)?.filter(|line| !line.is_empty()).map(|line| Password::new(&line)).ok_or_else(missing)
    }

    /// A new password, typed twice at a terminal; `None` when nothing was typed or given.
    ///
    /// # Errors
    /// The second is not the first, or they cannot be read.
    pub fn new_password(&self, question: Text, lang: Lang) -> Result<Option<Password>, Fault> {
        // Quiet from the first key to the last, also between the two questions.
        let quiet = if self.asks() { Some(Quiet::new()?) } else { None };
        let Some(first) = self.next(question, lang)?.filter(|line| !line.is_empty()) else { return Ok(None) };
        let first = Password::new(&first);
        if self.asks() {
            let again = self.next(t("再输一遍：", "Once more: "), lang)?;
            if again.is_none_or(|again| Password::new(&again) != first) {
                return Err(Fault::refused(
                    "两次输入不一样，没有改动。请再试。",
                    "The two differ; nothing was changed. Try again.",
                ));
            }
        }
        drop(quiet);
        Ok(Some(first))
    }
}

/// Nobody gave a password.
pub fn missing() -> Fault {
    Fault::usage(
        "这里要密码：请在终端里运行，或用 --password-fd N 从文件描述符读入（一行一个），例如 3<密码文件。命令行和环境变量里不写密码。",
        "A password is needed: run it in a terminal, or give --password-fd N to read one line from that file descriptor, such as 3<FILE. Never on the command line or in the environment.",
    )
}

/// The descriptor, opened by its name: taking it over by number would need unsafe code.
fn open(n: u32) -> Result<Box<dyn Read + Send>, Fault> {
    if n == 0 {
        return Ok(Box::new(std::io::stdin()));
    }
    let failed = |why: String| {
        Fault::usage(
            format!("文件描述符 {n} 读不了（{why}）。请检查 --password-fd，例如 --password-fd 3 3<密码文件。"),
            format!(
                "The file descriptor {n} cannot be read ({why}). Check --password-fd, such as --password-fd 3 3<FILE."
            ),
        )
    };
    if cfg!(not(unix)) {
        return Err(failed("0".to_owned()));
    }
    match std::fs::File::open(format!("/dev/fd/{n}")) {
        Ok(file) => Ok(Box::new(file)),
        Err(e) => Err(failed(e.to_string())),
    }
}

/// One line, byte by byte: what comes after it stays for whoever reads next.
fn next(reader: &mut dyn Read) -> Result<Option<Zeroizing<String>>, Fault> {
    let unread = |e: &dyn std::fmt::Display| {
        Fault::refused(
            format!("读不到密码：{e}。请检查 --password-fd。"),
            format!("No password could be read: {e}. Check --password-fd."),
        )
    };
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut byte = [0];
    loop {
        match reader.read(&mut byte) {
            Ok(0) if bytes.is_empty() => return Ok(None),
            Ok(0) => break,
            Ok(_) if byte == *b"\n" => break,
            Ok(_) if bytes.len() >= LONGEST => return Err(unread(&"> 1000")),
            Ok(_) => bytes.extend(byte),
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(unread(&e)),
        }
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| unread(&"UTF-8"))?;
    Ok(Some(Zeroizing::new(text.to_owned())))
}

/// A terminal that shows nothing of what is typed, until it is dropped. It begins before the question stands there: who types at once is
/// not shown either.
struct Quiet;

impl Quiet {
    fn new() -> Result<Quiet, Fault> {
        enable_raw_mode().map_err(|e| unanswered(&e)).map(|()| Quiet)
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        let _ = disable_raw_mode();
    }
}

fn unanswered(e: &std::io::Error) -> Fault {
    Fault::refused(format!("读不到回答：{e}"), format!("No answer could be read: {e}"))
}

/// Asks at a quiet terminal.
fn ask(question: &str) -> Result<Zeroizing<String>, Fault> {
    eprint!("{question}");
    std::io::stderr().flush().map_err(|e| unanswered(&e))?;
    let typed = unseen();
    // A quiet terminal does not go to the beginning of the line by itself.
    eprint!("\r\n");
    typed
        .map_err(|e| unanswered(&e))?
        .ok_or_else(|| Fault::refused("已取消，没有改动。", "Given up; nothing was changed."))
}

/// What is typed until Enter; `None` by Ctrl-C, Ctrl-D or Esc.
fn unseen() -> std::io::Result<Option<Zeroizing<String>>> {
    // Never longer than this, so that no piece of it is left behind by growing.
    let mut typed = Zeroizing::new(String::with_capacity(LONGEST * 4));
    loop {
        let key = match read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => key,
            Event::Paste(text) => {
                typed.extend(text.chars().filter(|c| !c.is_control()).take(LONGEST));
                continue;
            }
            _ => continue,
        };
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Enter => return Ok(Some(typed)),
            KeyCode::Esc => return Ok(None),
            KeyCode::Char('c' | 'd') if control => return Ok(None),
            KeyCode::Char('u') if control => typed.clear(),
            // Raw mode gives Ctrl-J and Ctrl-M for Enter on some terminals.
            KeyCode::Char('j' | 'm') if control => return Ok(Some(typed)),
            KeyCode::Char(c) if !control && typed.len() < LONGEST => typed.push(c),
            KeyCode::Backspace => _ = typed.pop(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_one_by_one_and_nothing_is_read_ahead() {
        let mut from: &[u8] = "Qing-shan-2026\r\nLv-shui-2027\n\n最后".as_bytes();
        let mut lines = Vec::new();
        while let Some(line) = next(&mut from).unwrap() {
            lines.push((line.to_string(), from.len()));
        }
        let said: Vec<(&str, usize)> = lines.iter().map(|(line, left)| (line.as_str(), *left)).collect();
        assert_eq!(said, [("Qing-shan-2026", 20), ("Lv-shui-2027", 7), ("", 6), ("最后", 0)]);
    }

    #[test]
    fn what_is_no_text_or_has_no_end_is_refused() {
        let mut endless = std::io::repeat(b'x');
        assert!(next(&mut endless).is_err());
        let mut noise: &[u8] = &[0xff, 0xfe, b'\n'];
        assert!(next(&mut noise).is_err());
    }

    #[test]
    fn without_a_terminal_or_a_descriptor_there_is_no_password() {
        let nowhere = Typed::nowhere();
        assert_eq!(nowhere.line(t("密码：", "Password: "), Lang::Zh), Ok(None));
        assert_eq!(nowhere.password(t("密码：", "Password: "), Lang::Zh), Err(missing()));
        assert_eq!(Typed::new(Some(999)).line(t("密码：", "Password: "), Lang::Zh).unwrap_err().code(), 2);
    }
}
