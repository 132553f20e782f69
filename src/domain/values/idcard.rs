//! 居民身份证 numbers (GB 11643-1999, check character by ISO 7064 MOD 11-2), the 15-digit ones of old, the residence
//! permits of 港澳台 (81, 82, 83) and foreigners' permanent residence cards (9). Other documents live in `document`.

use super::plain::tight;
use super::sex::Sex;
use crate::domain::text::{Complaint, Text, t};
use chrono::{Datelike, NaiveDate};

/// Why a text is no ID number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdCardError {
    /// Neither 18 nor 15 characters but so many.
    Length(usize),
    /// Something else than digits, or an X that is not at the end.
    NotDigits,
    /// A spreadsheet made a number of it (`5.2E+17`); the digits are lost.
    Scientific,
    /// The date of birth is in no calendar.
    NoSuchDate,
    /// The date of birth is after today.
    BirthInFuture,
    /// The date of birth is before 1900.
    TooOld,
    /// The first two digits are no province.
    Region,
    /// The last character does not fit the first 17.
    Checksum {
        /// The character that would fit.
        expected: char,
    },
}

impl IdCardError {
    /// The refusal in words, saying what to do.
    pub fn complaint(&self) -> Complaint {
        match self {
            IdCardError::Length(n) => Complaint::new(
                format!("身份证号应为 18 位（旧证 15 位），现为 {n} 位，请核对"),
                format!("An ID number has 18 characters (15 on old cards), this has {n}; please check"),
            ),
            IdCardError::NotDigits => Complaint::new(
                "身份证号只能是数字，仅末位可为 X，请核对",
                "An ID number is all digits, only the last may be X; please check",
            ),
            IdCardError::Scientific => Complaint::new(
                "身份证号已被电子表格改成科学计数法，后几位已丢失，请从原件重新录入",
                "A spreadsheet turned this ID number into scientific notation and its last digits are lost; enter it from the card",
            ),
            IdCardError::NoSuchDate => Complaint::new(
                "身份证号中的出生日期不存在，请核对第 7 至 14 位",
                "The date of birth in this ID number does not exist; check characters 7 to 14",
            ),
            IdCardError::BirthInFuture => Complaint::new(
                "身份证号中的出生日期晚于今天，请核对第 7 至 14 位",
                "The date of birth in this ID number is in the future; check characters 7 to 14",
            ),
            IdCardError::TooOld => Complaint::new(
                "身份证号中的出生日期早于 1900 年，请核对第 7 至 14 位",
                "The date of birth in this ID number is before 1900; check characters 7 to 14",
            ),
            IdCardError::Region => Complaint::new(
                "身份证号前两位不是省级代码，请核对",
                "The first two digits of this ID number are no province; please check",
            ),
            IdCardError::Checksum { expected } => Complaint::new(
                format!("身份证号校验不符（按前 17 位，末位应为 {expected}），请逐位核对"),
                format!(
                    "The check character of this ID number does not fit (its first 17 digits ask for {expected}); check each digit"
                ),
            ),
        }
    }
}

/// A number that passed every check.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdCard {
    number: String,
    birth: NaiveDate,
    sex: Sex,
    region: Text,
    old: bool,
}

impl IdCard {
    /// Reads a number as typed, pasted or exported: full-width folded, blanks and a leading `'` dropped, `x` as `X`.
    pub fn parse(text: &str, today: NaiveDate) -> Result<IdCard, IdCardError> {
        let card = IdCard::read(text)?;
        if card.birth > today { Err(IdCardError::BirthInFuture) } else { Ok(card) }
    }

    /// Reads a number without asking whether the holder is born yet, as stored numbers were asked when they came in.
    pub(super) fn read(text: &str) -> Result<IdCard, IdCardError> {
        let text = tight(text);
        let given = text.strip_prefix(['\'', '\u{2018}', '\u{2019}']).unwrap_or(&text);
        if is_scientific(given) {
            return Err(IdCardError::Scientific);
        }
        if given.chars().any(|c| !c.is_ascii_digit() && c != 'X') {
            return Err(IdCardError::NotDigits);
        }
        // From here on every character is ASCII.
        let old = given.len() == 15;
        if !old && given.len() != 18 {
            return Err(IdCardError::Length(given.len()));
        }
        let digits = if old { given } else { given.get(..17).unwrap_or_default() };
        if !digits.chars().all(|c| c.is_ascii_digit()) {
            return Err(IdCardError::NotDigits);
        }
        let first17 = if old {
            // The old numbers left out the century, which was the 20th, and the check character.
            format!("{}19{}", digits.get(..6).unwrap_or_default(), digits.get(6..).unwrap_or_default())
        } else {
            digits.to_string()
        };
        let region = province(&first17).ok_or(IdCardError::Region)?;
        let birth = first17
            .get(6..14)
            .and_then(|d| d.parse::<u32>().ok())
            .and_then(|d| NaiveDate::from_ymd_opt((d / 10_000).cast_signed(), d / 100 % 100, d % 100))
            .ok_or(IdCardError::NoSuchDate)?;
        if birth.year() < 1900 {
            return Err(IdCardError::TooOld);
        }
        let expected = check_digit(&first17);
        if !old && !given.ends_with(expected) {
            return Err(IdCardError::Checksum { expected });
        }
        let male = first17.as_bytes().get(16).is_some_and(|b| b % 2 == 1);
        let sex = if male { Sex::Male } else { Sex::Female };
        Ok(IdCard { number: format!("{first17}{expected}"), birth, sex, region, old })
    }

    /// The 18 characters of a number that passes every check, whenever the holder was born; an old number in its new form.
    pub fn of(text: &str) -> Option<String> {
        IdCard::read(text).ok().map(|card| card.number)
    }

    /// The 18 characters; an old number in its new form.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// Date of birth.
    pub fn birth(&self) -> NaiveDate {
        self.birth
    }

    /// Sex: the 17th digit is odd for men.
    pub fn sex(&self) -> Sex {
        self.sex
    }

    /// Where the number was first given out.
    pub fn region(&self) -> Text {
        self.region
    }

    /// It was written with 15 digits.
    pub fn is_old(&self) -> bool {
        self.old
    }
}

/// The check character of the first 17 digits (ISO 7064 MOD 11-2). What is no digit counts as 0.
pub fn check_digit(first17: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let sum: u32 = first17.chars().zip(WEIGHTS).map(|(c, w)| c.to_digit(10).unwrap_or(0) * w).sum();
    CHECKS.get(sum as usize % 11).copied().unwrap_or('1')
}

/// `110***********0021`: the first three and last four; of shorter numbers less, of up to four characters nothing.
pub fn mask(number: &str) -> String {
    let n = number.chars().count();
    let (head, tail) = match n {
        0..=4 => (0, 0),
        5..=7 => (1, 1),
        8..=10 => (2, 2),
        _ => (3, 4),
    };
    number.chars().enumerate().map(|(i, c)| if i < head || i + tail >= n { c } else { '*' }).collect()
}

/// `5.2E+17`, `110105E12`: digits, perhaps a point, E and an exponent.
fn is_scientific(text: &str) -> bool {
    let Some((number, power)) = text.split_once('E') else { return false };
    let power = power.strip_prefix(['+', '-']).unwrap_or(power);
    let digits = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_digit());
    digits(power) && number.split_once('.').map_or_else(|| digits(number), |(a, b)| digits(a) && digits(b))
}

/// The province of the first two digits (GB/T 2260), 83 for residence permits of Taiwan, and 9 as the first digit for
/// foreigners' permanent residence cards. Counties are left out: their codes are abolished all the time and stay valid on cards.
pub(super) fn province(code: &str) -> Option<Text> {
    let code = code.get(..2)?;
    Some(match code {
        "11" => t("北京市", "Beijing"),
        "12" => t("天津市", "Tianjin"),
        "13" => t("河北省", "Hebei"),
        "14" => t("山西省", "Shanxi"),
        "15" => t("内蒙古自治区", "Inner Mongolia"),
        "21" => t("辽宁省", "Liaoning"),
        "22" => t("吉林省", "Jilin"),
        "23" => t("黑龙江省", "Heilongjiang"),
        "31" => t("上海市", "Shanghai"),
        "32" => t("江苏省", "Jiangsu"),
        "33" => t("浙江省", "Zhejiang"),
        "34" => t("安徽省", "Anhui"),
        "35" => t("福建省", "Fujian"),
        "36" => t("江西省", "Jiangxi"),
        "37" => t("山东省", "Shandong"),
        "41" => t("河南省", "Henan"),
        "42" => t("湖北省", "Hubei"),
        "43" => t("湖南省", "Hunan"),
        "44" => t("广东省", "Guangdong"),
        "45" => t("广西壮族自治区", "Guangxi"),
        "46" => t("海南省", "Hainan"),
        "50" => t("重庆市", "Chongqing"),
        "51" => t("四川省", "Sichuan"),
        "52" => t("贵州省", "Guizhou"),
        "53" => t("云南省", "Yunnan"),
        "54" => t("西藏自治区", "Tibet"),
        "61" => t("陕西省", "Shaanxi"),
        "62" => t("甘肃省", "Gansu"),
        "63" => t("青海省", "Qinghai"),
        "64" => t("宁夏回族自治区", "Ningxia"),
        "65" => t("新疆维吾尔自治区", "Xinjiang"),
        "71" | "83" => t("台湾省", "Taiwan"),
        "81" => t("香港特别行政区", "Hong Kong"),
        "82" => t("澳门特别行政区", "Macau"),
        _ if code.starts_with('9') => t("外国人", "Foreign resident"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn read(text: &str) -> Result<IdCard, IdCardError> {
        IdCard::parse(text, day(2026, 11, 21))
    }

    #[test]
    fn the_example_of_the_standard_is_read() {
        let card = read("11010519491231002X").unwrap();
        assert_eq!((card.number(), card.birth(), card.sex()), ("11010519491231002X", day(1949, 12, 31), Sex::Female));
        assert_eq!((card.region().zh, card.is_old()), ("北京市", false));
        assert_eq!(read("440524188001010014"), Err(IdCardError::TooOld));
    }

    #[test]
    fn a_number_is_read_however_it_was_typed_or_exported() {
        for text in [
            "11010519491231002x",
            " 110105 19491231 002X\t",
            "'11010519491231002X",
            "１１０１０５１９４９１２３１００２Ｘ",
            "\u{FEFF}11010519491231002X\r\n",
            "\u{202D}11010519491231002X\u{202C}",
        ] {
            assert_eq!(read(text).unwrap().number(), "11010519491231002X", "{text:?}");
        }
    }

    #[test]
    fn an_old_number_is_brought_to_eighteen_characters() {
        let card = read("110105491231002").unwrap();
        assert_eq!((card.number(), card.is_old()), ("11010519491231002X", true));
        assert_eq!(read("11010549123100X"), Err(IdCardError::NotDigits));
        assert_eq!(read("110105490231002"), Err(IdCardError::NoSuchDate));
    }

    #[test]
    fn each_fault_is_called_by_its_name() {
        for (text, fault) in [
            ("", IdCardError::Length(0)),
            ("1101051949123100", IdCardError::Length(16)),
            ("1101051949123100211", IdCardError::Length(19)),
            ("中文中文中文", IdCardError::NotDigits),
            ("11010519491231002é", IdCardError::NotDigits),
            ("1101051949123100X2", IdCardError::NotDigits),
            ("11010519491231-02X", IdCardError::NotDigits),
            ("5.2E+17", IdCardError::Scientific),
            ("5.20325197712125E+17", IdCardError::Scientific),
            ("5e17", IdCardError::Scientific),
            ("110105194911310024", IdCardError::NoSuchDate),
            ("110105194902290024", IdCardError::NoSuchDate),
            ("110105202611220024", IdCardError::BirthInFuture),
            ("110105189912310024", IdCardError::TooOld),
            ("100105194912310024", IdCardError::Region),
            ("000000000000000000", IdCardError::Region),
            ("110105194912310021", IdCardError::Checksum { expected: 'X' }),
        ] {
            let text = match fault {
                // The check character is asked first, so the number has to be sound in itself.
                IdCardError::BirthInFuture => format!("{}{}", text.get(..17).unwrap(), check_digit(text)),
                _ => text.to_string(),
            };
            assert_eq!(read(&text), Err(fault.clone()), "{text}");
            let said = fault.complaint();
            assert!(!said.zh.is_empty() && !said.en.is_empty() && said.zh != said.en);
        }
    }

    #[test]
    fn residence_permits_and_foreigners_cards_are_no_faults() {
        for (first17, region) in [
            ("81000019900101001", "香港特别行政区"),
            ("82000019900101001", "澳门特别行政区"),
            ("83000019900101001", "台湾省"),
            ("71000019900101001", "台湾省"),
            ("91184019900101001", "外国人"),
        ] {
            let card = read(&format!("{first17}{}", check_digit(first17))).unwrap();
            assert_eq!((card.region().zh, card.sex()), (region, Sex::Male));
        }
        let known = (0..90).filter(|c| province(&format!("{c:02}")).is_some()).count();
        assert_eq!(known, 34 + 1, "34 provinces and 83");
    }

    #[test]
    fn masks_show_the_ends_of_long_numbers_only() {
        for (number, masked) in [
            ("110105194912310021", "110***********0021"),
            ("110105491231002", "110********1002"),
            ("E12345678", "E1*****78"),
            ("12345", "1***5"),
            ("1234", "****"),
            ("", ""),
            ("中文中文中文中文中文中文", "中文中*****中文中文"),
        ] {
            assert_eq!(mask(number), masked);
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(s in any::<String>(), near in "[0-9Xx'.Ee+０-９é中 ]{0,20}") {
            let _ = (read(&s), read(&near), mask(&s), check_digit(&s), check_digit(&near));
        }

        #[test]
        fn a_made_number_is_read_back_and_any_wrong_digit_is_noticed(
            days in 0..46_000_i64, order in 0..1000_u32, place in 0..17_usize, shift in 1..10_u32,
        ) {
            let birth = day(1900, 1, 1) + chrono::Duration::days(days);
            let first17 = format!("520325{}{order:03}", birth.format("%Y%m%d"));
            let number = format!("{first17}{}", check_digit(&first17));
            let card = read(&number).unwrap();
            prop_assert_eq!(card.number(), number.as_str());
            prop_assert_eq!(card.birth(), birth);
            prop_assert_eq!(card.sex() == Sex::Male, order % 2 == 1);

            let mut wrong: Vec<char> = number.chars().collect();
            wrong[place] = char::from_digit((wrong[place].to_digit(10).unwrap() + shift) % 10, 10).unwrap();
            prop_assert!(read(&wrong.into_iter().collect::<String>()).is_err());
        }

        #[test]
        fn two_digits_in_the_wrong_order_are_noticed(order in 0..1000_u32, place in 0..16_usize) {
            let first17 = format!("52032519771212{order:03}");
            let number = format!("{first17}{}", check_digit(&first17));
            let mut wrong: Vec<char> = number.chars().collect();
            wrong.swap(place, place + 1);
            let wrong: String = wrong.into_iter().collect();
            prop_assert!(wrong == number || read(&wrong).is_err());
        }
    }
}
