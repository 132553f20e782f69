//! What checks of a file say, for people: a sentence in Chinese with the English original beside it. What is checked is in `store::check`.

/// The sentence for what a check found.
pub fn chinese(found: &str) -> String {
    let has = |word: &str| found.contains(word);
    let sentence = if has("does not fit the one before") || has("it ends at change") {
        "变更记录不完整或被改过"
    } else if has("is not what a recount gives") || has("what a search from the file needs") {
        "计数或检索表和重算的不一致"
    } else if has("names a row that") {
        "有的行指向不存在的行"
    } else if has("other bytes than were written") {
        "盘读回来的内容和写进去的不一样"
    } else if has("its manifest says") {
        "和清单不符"
    } else if has("missing from index") || has("wrong # of entries in index") || has("non-unique entry in index") {
        "索引和表不一致"
    } else if has("truncated") {
        "文件不完整"
    } else {
        "文件的页有损坏"
    };
    format!("{sentence}（原文 {found}）")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finding_has_a_sentence_and_keeps_its_words() {
        for (found, zh) in [
            ("change 7 does not fit the one before", "变更记录"),
            ("tier_sum is not what a recount gives", "重算"),
            ("row 12 missing from index customer_phone", "索引"),
            ("*** in database main ***\nTree 4 page 9: btreeInitPage() returns error code 11", "页有损坏"),
            ("contact names a row that customer lacks", "不存在"),
            ("it is not what its manifest says", "清单"),
        ] {
            let said = chinese(found);
            assert!(said.contains(zh) && said.contains(found), "{said}");
        }
    }
}
