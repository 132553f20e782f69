//! What is typed and not shown: passwords and recovery codes, from the terminal or from a file descriptor, line by line. Never from the
//! command line or the environment, which every process of the PC can read.

use super::fault::Fault;
use crate::domain::password::Password;
use crate::domain::text::{Complaint, Lang, t};
use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, read};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use std::io::{IsTerminal, Read, Write};
use std::path::Path;
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
    pub fn line(&self, question: &str) -> Result<Option<Zeroizing<String>>, Fault> {
        let quiet = if self.asks() { Some(Quiet::new()?) } else { None };
        let line = self.next(question);
        drop(quiet);
        line
    }

    fn next(&self, question: &str) -> Result<Option<Zeroizing<String>>, Fault> {
        let mut from = self.from.lock().unwrap_or_else(PoisonError::into_inner);
        if let From::Number(n) = *from {
            *from = From::Open(open(n)?);
        }
        match &mut *from {
            From::Open(reader) => next(reader.as_mut()),
            From::Terminal => ask(question).map(Some),
            From::Number(_) | From::Nowhere => Ok(None),
        }
    }

    /// A password that must be there.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    pub fn password(&self, question: &str) -> Result<Password, Fault> {
        self.line(question)?.filter(|line| !line.is_empty()).map(|line| Password::new(&line)).ok_or_else(missing)
    }

    /// A new password, typed twice at a terminal, where it is asked for again until it will do; `None` when nothing was typed or given.
    ///
    /// # Errors
    /// It will not do and nobody can be asked again, or it cannot be read.
    pub fn new_password(
        &self,
        question: &str,
        lang: Lang,
        admits: impl Fn(&Password) -> Result<(), Complaint>,
    ) -> Result<Option<Password>, Fault> {
        // Quiet from the first key to the last, also between the questions.
        let quiet = if self.asks() { Some(Quiet::new()?) } else { None };
        let password = loop {
            let Some(first) = self.next(question)?.filter(|line| !line.is_empty()) else { break None };
            let first = Password::new(&first);
            // Said before it is typed a second time.
            let wrong = match admits(&first) {
                Err(c) if !self.asks() => return Err(Fault::refused(c.zh + "。", c.en + ".")),
                Err(c) => Some(c),
                Ok(()) if !self.asks() => break Some(first),
                Ok(()) => {
                    let again = self.next(t("再输一遍：", "Once more: ").get(lang))?;
                    if again.is_some_and(|again| Password::new(&again) == first) {
                        break Some(first);
                    }
                    Some(Complaint::new("两次输入不一样，请从头再输", "The two differ; begin anew"))
                }
            };
            if let Some(c) = wrong {
                eprint!("{}{}\r\n", c.get(lang), t("。", ".").get(lang));
            }
        };
        drop(quiet);
        Ok(password)
    }
}

/// Whom a password is asked of and where it is theirs; without a place, in the file in use.
pub fn whom(code: &str, second: bool, place: Option<&Path>) -> Complaint {
    let place = place.and_then(Path::file_name).map(|name| name.to_string_lossy());
    let (zh, en) = match &place {
        Some(name) => (format!("{code} 在 {name} 里"), format!("{code} in {name}")),
        None => (format!("{code} "), code.to_owned()),
    };
    if second {
        Complaint::new(format!("授权人 {zh}"), format!("the second person {en}"))
    } else {
        Complaint::new(zh, en)
    }
}

/// The question for somebody's password.
pub fn question(whom: &Complaint, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{}的密码：", whom.zh),
        Lang::En => format!("Password of {}: ", whom.en),
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
        assert_eq!(nowhere.line("密码："), Ok(None));
        assert_eq!(nowhere.password("密码："), Err(missing()));
        assert_eq!(Typed::new(Some(999)).line("密码：").unwrap_err().code(), 2);
    }
}
