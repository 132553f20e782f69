//! Identity documents: which kinds there are, and a number that fits its kind. How each number is checked lives in
//! `idcard` and `credit_code`.

use super::idcard::{self, IdCard, IdCardError};
use super::plain::tight;
use super::sex::Sex;
use super::{credit_code, plain};
use crate::domain::text::{Complaint, Text, t};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// 居民身份证 (GB 11643-1999)
    IdCard,
    /// 护照
    Passport,
    /// 港澳居民来往内地通行证
    HongKongMacau,
    /// 台湾居民来往大陆通行证
    Taiwan,
    /// 户口簿
    Household,
    /// 统一社会信用代码 (GB 32100-2015)
    CreditCode,
    /// 其他
    Other,
}

impl DocumentKind {
    /// All kinds, in the order of a pick list.
    pub const ALL: [DocumentKind; 7] = [
        DocumentKind::IdCard,
        DocumentKind::Passport,
        DocumentKind::HongKongMacau,
        DocumentKind::Taiwan,
        DocumentKind::Household,
        DocumentKind::CreditCode,
        DocumentKind::Other,
    ];

    /// The code stored and given out.
    pub const fn code(self) -> &'static str {
        match self {
            DocumentKind::IdCard => "id_card",
            DocumentKind::Passport => "passport",
            DocumentKind::HongKongMacau => "hong_kong_macau",
            DocumentKind::Taiwan => "taiwan",
            DocumentKind::Household => "household",
            DocumentKind::CreditCode => "credit_code",
            DocumentKind::Other => "other",
        }
    }

    /// The word on screen.
    pub const fn label(self) -> Text {
        match self {
            DocumentKind::IdCard => t("居民身份证", "ID card"),
            DocumentKind::Passport => t("护照", "Passport"),
            DocumentKind::HongKongMacau => t("港澳居民来往内地通行证", "HK/Macau travel permit"),
            DocumentKind::Taiwan => t("台湾居民来往大陆通行证", "Taiwan travel permit"),
            DocumentKind::Household => t("户口簿", "Household booklet"),
            DocumentKind::CreditCode => t("统一社会信用代码", "Credit code"),
            DocumentKind::Other => t("其他", "Other"),
        }
    }

    /// The kind with this code or label, or another name core systems give it.
    pub fn parse(text: &str) -> Option<DocumentKind> {
        let name = plain::fold(&plain::line(text));
        let name = name.trim();
        DocumentKind::ALL
            .into_iter()
            .find(|k| {
                k.code().eq_ignore_ascii_case(name) || k.label().zh == name || k.label().en.eq_ignore_ascii_case(name)
            })
            .or(match name {
                "身份证"
                | "二代身份证"
                | "二代证"
                | "第二代居民身份证"
                | "临时身份证"
                | "居民临时身份证"
                | "港澳台居民居住证"
                | "外国人永久居留身份证" => Some(DocumentKind::IdCard),
                "港澳通行证" | "回乡证" | "港澳居民通行证" | "港澳居民来往通行证" => {
                    Some(DocumentKind::HongKongMacau)
                }
                "台胞证" | "台湾通行证" | "台湾居民通行证" => Some(DocumentKind::Taiwan),
                "户口本" | "户口册" => Some(DocumentKind::Household),
                "营业执照" | "信用代码" | "社会信用代码" => Some(DocumentKind::CreditCode),
                "其它" | "其他证件" | "其它证件" => Some(DocumentKind::Other),
                _ => None,
            })
    }
}

/// A document: kind and checked number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Document {
    /// Its kind.
    pub kind: DocumentKind,
    /// Its number, ASCII, upper case.
    pub number: String,
}

/// The number as 18 characters where it is an ID number, so that one of 15 meets it; else as it is.
pub fn canonical(number: &str) -> String {
    // Whether the holder is born yet was asked when it came in.
    IdCard::parse(number, NaiveDate::MAX).map_or_else(|_| number.to_owned(), |c| c.number().to_owned())
}

impl Document {
    /// Whether it is another than this one, an ID number of 15 digits being the one of 18 that was made of it.
    pub fn differs(&self, other: &Document) -> bool {
        canonical(&self.number) != canonical(&other.number)
    }

    /// Reads a number of this kind; without a kind an ID card or a credit code is recognised. ID numbers of 15 digits
    /// are kept in their 18-character form, so that the same person is found by either.
    pub fn parse(kind: Option<DocumentKind>, text: &str, today: NaiveDate) -> Result<Document, Complaint> {
        let Some(kind) = kind else { return Document::guess(text, today) };
        let number = match kind {
            DocumentKind::IdCard => IdCard::parse(text, today).map_err(|fault| fault.complaint())?.number().to_string(),
            DocumentKind::CreditCode => credit_code::parse(text)?,
            DocumentKind::Passport => {
                formed(kind, text, is_passport, t("5 至 15 位字母或数字", "5 to 15 letters or digits"))?
            }
            DocumentKind::HongKongMacau => {
                formed(kind, text, is_home_return_permit, t("H 或 M 加 8 或 10 位数字", "H or M and 8 or 10 digits"))?
            }
            DocumentKind::Taiwan => formed(kind, text, is_taiwan_permit, t("8 或 10 位数字", "8 or 10 digits"))?,
            DocumentKind::Household => {
                formed(kind, text, is_household_number, t("5 至 18 位字母或数字", "5 to 18 letters or digits"))?
            }
            DocumentKind::Other => {
                formed(kind, text, is_other_number, t("1 至 30 位字母或数字", "1 to 30 letters or digits"))?
            }
        };
        Ok(Document { kind, number })
    }

    fn guess(text: &str, today: NaiveDate) -> Result<Document, Complaint> {
        let fault = match IdCard::parse(text, today) {
            Ok(card) => return Ok(Document { kind: DocumentKind::IdCard, number: card.number().to_string() }),
            Err(fault) => fault,
        };
        match credit_code::parse(text) {
            Ok(number) => Ok(Document { kind: DocumentKind::CreditCode, number }),
            // 18 characters with letters among them were meant as a credit code.
            Err(complaint) if fault == IdCardError::NotDigits && tight(text).chars().count() == 18 => Err(complaint),
            Err(_) => Err(fault.complaint()),
        }
    }

    /// Date of birth, where the number tells it: ID cards, and household booklets numbered by their holder's ID.
    pub fn birth(&self) -> Option<NaiveDate> {
        self.card().map(|card| card.birth())
    }

    /// Sex, where the number tells it.
    pub fn sex(&self) -> Option<Sex> {
        self.card().map(|card| card.sex())
    }

    /// Where it was first given out, or where the business is registered.
    pub fn region(&self) -> Option<Text> {
        match self.kind {
            DocumentKind::CreditCode => self.number.get(2..).and_then(idcard::province),
            _ => self.card().map(|card| card.region()),
        }
    }

    /// The number with its middle hidden. Credit codes are public and stay whole.
    pub fn masked(&self) -> String {
        match self.kind {
            DocumentKind::CreditCode => self.number.clone(),
            _ => idcard::mask(&self.number),
        }
    }

    fn card(&self) -> Option<IdCard> {
        match self.kind {
            DocumentKind::IdCard | DocumentKind::Household => IdCard::read(&self.number).ok(),
            _ => None,
        }
    }
}

/// A number whose form only is known.
fn formed(kind: DocumentKind, text: &str, fits: fn(&str) -> bool, form: Text) -> Result<String, Complaint> {
    let text = tight(text);
    let number = text.strip_prefix('\'').unwrap_or(&text);
    if fits(number) {
        return Ok(number.to_string());
    }
    let label = kind.label();
    Err(Complaint::new(
        format!("{}号码应为 {}，请核对", label.zh, form.zh),
        format!("{}: the number should be {}; please check", label.en, form.en),
    ))
}

fn is_passport(s: &str) -> bool {
    (5..=15).contains(&s.len()) && s.chars().all(|c| c.is_ascii_alphanumeric())
}

fn is_home_return_permit(s: &str) -> bool {
    s.strip_prefix(['H', 'M']).is_some_and(|d| matches!(d.len(), 8 | 10) && d.chars().all(|c| c.is_ascii_digit()))
}

fn is_taiwan_permit(s: &str) -> bool {
    matches!(s.len(), 8 | 10) && s.chars().all(|c| c.is_ascii_digit())
}

fn is_household_number(s: &str) -> bool {
    (5..=18).contains(&s.len()) && s.chars().all(|c| c.is_ascii_alphanumeric())
}

fn is_other_number(s: &str) -> bool {
    s.len() <= 30
        && s.chars().any(|c| c.is_ascii_alphanumeric())
        && s.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '.' | '(' | ')'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
    }

    #[test]
    fn a_number_without_a_kind_is_recognised() {
        let card = Document::parse(None, "11010519491231002x", today()).unwrap();
        assert_eq!((card.kind, card.number.as_str()), (DocumentKind::IdCard, "11010519491231002X"));
        assert_eq!((card.birth(), card.sex()), (NaiveDate::from_ymd_opt(1949, 12, 31), Some(Sex::Female)));
        assert_eq!((card.region().unwrap().zh, card.masked().as_str()), ("北京市", "110***********002X"));

        assert_eq!(Document::parse(None, "110105491231002", today()).unwrap(), card);

        let code = Document::parse(None, "91350100M000100Y43", today()).unwrap();
        assert_eq!((code.kind, code.region().unwrap().zh, code.birth()), (DocumentKind::CreditCode, "福建省", None));

        for (text, said) in [
            ("91350100M000100Y44", "统一社会信用代码"),
            ("110105194912310021", "身份证"),
            ("5.2E+17", "科学计数法"),
            ("1101051949123100", "16 位"),
            ("", "身份证"),
        ] {
            let refused = Document::parse(None, text, today()).unwrap_err();
            assert!(refused.zh.contains(said), "{text}: {}", refused.zh);
        }
    }

    #[test]
    fn each_kind_has_its_form() {
        use DocumentKind::{HongKongMacau, Household, Other, Passport, Taiwan};
        for (kind, text, number) in [
            (Passport, "e12345678", Some("E12345678")),
            (Passport, "E1 2345 678", Some("E12345678")),
            (Passport, "E123", None),
            (Passport, "护照12345", None),
            (HongKongMacau, "H12345678", Some("H12345678")),
            (HongKongMacau, "m1234567801", Some("M1234567801")),
            (HongKongMacau, "12345678", None),
            (Taiwan, "12345678", Some("12345678")),
            (Taiwan, "A2345678", None),
            (Household, "11010519491231002X", Some("11010519491231002X")),
            (Household, "1234", None),
            (Other, "军-0123", None),
            (Other, "JG-0123", Some("JG-0123")),
            (Other, "", None),
            (Other, "--", None),
        ] {
            let read = Document::parse(Some(kind), text, today());
            assert_eq!(read.as_ref().ok().map(|d| d.number.as_str()), number, "{text}");
        }
        let refused = Document::parse(Some(Passport), "E123", today()).unwrap_err();
        assert_eq!(refused.zh, "护照号码应为 5 至 15 位字母或数字，请核对");
        let child = Document::parse(Some(Household), "11010519491231002X", today()).unwrap();
        assert!(child.birth().is_some());
    }

    #[test]
    fn every_kind_is_known_by_code_and_by_both_labels() {
        for kind in DocumentKind::ALL {
            for name in [kind.code(), kind.label().zh, kind.label().en] {
                assert_eq!(DocumentKind::parse(name), Some(kind));
            }
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
        }
        assert_eq!(DocumentKind::parse(" 身份证 "), Some(DocumentKind::IdCard));
        assert_eq!(DocumentKind::parse("驾驶证"), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_what_is_read_is_ascii(s in any::<String>(), near in "[0-9A-Zx'é中 -]{0,20}") {
            for text in [s, near] {
                for kind in DocumentKind::ALL.into_iter().map(Some).chain([None]) {
                    if let Ok(document) = Document::parse(kind, &text, today()) {
                        prop_assert!(document.number.is_ascii() && !document.number.is_empty());
                        prop_assert_eq!(Document::parse(Some(document.kind), &document.number, today()), Ok(document.clone()));
                        let _ = (document.birth(), document.region(), document.masked());
                    }
                }
            }
        }
    }
}
