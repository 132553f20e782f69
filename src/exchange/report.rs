//! A page as one HTML file that needs nothing else: opened in any browser, printed on A4. Text is escaped; no script, nothing from elsewhere.
//! What the page says lives with the words.

use crate::domain::page::Page;
use crate::domain::text::Lang;

/// How it looks: black on white, columns, a section's head with its data date.
const STYLE: &str = "body{font:14px/1.5 'Microsoft YaHei','PingFang SC','Noto Sans CJK SC',sans-serif;color:#111;background:#fff;\
max-width:48em;margin:2em auto;padding:0 1em}h1{font-size:1.4em;margin:0}p{margin:.2em 0 1em;color:#555}\
h2{font-size:1.05em;margin:1.2em 0 .3em;border-bottom:1px solid #999}h2 small{float:right;font-weight:normal;color:#555}\
table{border-collapse:collapse}td{padding:.1em 1.2em .1em 0;vertical-align:top}td.r{text-align:right;font-variant-numeric:tabular-nums}\
@media print{body{margin:0;max-width:none}h2{break-after:avoid}}@page{size:A4;margin:15mm}";

/// The page as HTML.
pub fn html(page: &Page, lang: Lang) -> String {
    let tongue = match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    };
    let title = escape(&page.title);
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{tongue}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<p>{}</p>\n",
        escape(&page.under)
    );
    for s in &page.sections {
        let dated = if s.dated.is_empty() { String::new() } else { format!("<small>{}</small>", escape(&s.dated)) };
        out.push_str(&format!("<h2>{}{dated}</h2>\n<table>\n", escape(&s.head)));
        let count = s.rows.iter().map(Vec::len).max().unwrap_or(1);
        for row in &s.rows {
            out.push_str("<tr>");
            for (n, cell) in row.iter().enumerate() {
                let class = if s.right.contains(&n) && row.len() > 1 { " class=\"r\"" } else { "" };
                // The last cell of a short row takes the columns it does not have.
                let left = count - row.len();
                let span =
                    if n + 1 == row.len() && left > 0 { format!(" colspan=\"{}\"", left + 1) } else { String::new() };
                let span = if class.is_empty() { span.as_str() } else { "" };
                out.push_str(&format!("<td{class}{span}>{}</td>", escape(cell)));
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</table>\n");
    }
    out.push_str(&format!("<p>{}</p>\n</body>\n</html>\n", escape(&page.foot)));
    out
}

/// Text without what HTML would take for its own, and without what steers a terminal or turns the direction of writing.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control()
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::page::Section;

    #[test]
    fn what_a_page_says_is_escaped_and_needs_nothing_from_elsewhere() {
        let mut s = Section::new("持有 & 贷款", "数据 11-20".into());
        s.right = vec![1];
        s.row(["<script>alert(1)</script>\u{1b}[31m".into(), "1,000.00".into(), "x".into()]);
        s.row(["只有一格".into()]);
        let page = Page { title: "\"报告\"".into(), under: "道真".into(), sections: vec![s], foot: String::new() };
        let text = html(&page, Lang::Zh);
        assert!(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;[31m"), "{text}");
        assert!(!text.contains("<script") && !text.contains("http") && !text.contains('\u{1b}'));
        assert!(text.contains("<td class=\"r\">1,000.00</td>") && text.contains("<td colspan=\"3\">只有一格</td>"));
        assert!(text.contains("<title>&quot;报告&quot;</title>"));
    }
}
