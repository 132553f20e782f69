//! Addresses as they may lie about: the town stays, where in it one lives does not. Which town is a branch's does not live here.

use super::plain;

/// What stands in the place of street and house.
const HIDDEN: &str = "***";
/// What the name of a place ends with, down to the town; a village is told by its few families.
const PLACES: [&str; 8] = ["街道", "省", "市", "州", "区", "县", "镇", "乡"];
/// What goes on with a street's name: `县府街` is no county, `新市路` no city.
const STREETS: [char; 6] = ['路', '街', '巷', '弄', '府', '场'];
/// What stands before 区 in the name of a quarter rather than a district.
const QUARTERS: [char; 5] = ['社', '小', '园', '景', '片'];

/// The address down to the town. Where no town is named, nothing from the first number on is shown, and of what has no number either
/// two characters.
pub fn mask(text: &str) -> String {
    let text = plain::line(text);
    // Masked before it is masked the same again.
    let text = text.strip_suffix(HIDDEN).unwrap_or(&text);
    if text.is_empty() {
        return String::new();
    }
    let chars: Vec<char> = text.chars().collect();
    let number = chars.iter().position(|c| c.is_numeric()).unwrap_or(chars.len());
    let ends = |at: usize| {
        PLACES.iter().any(|place| {
            let place: Vec<char> = place.chars().collect();
            let start = at + 1 - place.len().min(at + 1);
            chars.get(start..=at) == Some(place.as_slice())
        })
    };
    // A town stands before the number, at least two characters after the one before, and no street goes on with its name.
    let mut keep = 0;
    for at in 0..number.min(chars.len()) {
        // `街道` ends a place, `街` alone does not.
        let street = chars.get(at + 1).is_some_and(|c| STREETS.contains(c));
        let before = at.checked_sub(1).and_then(|b| chars.get(b));
        let quarter = chars.get(at) == Some(&'区') && before.is_some_and(|c| QUARTERS.contains(c));
        if ends(at) && at > keep && !street && !quarter {
            keep = at + 1;
        }
    }
    if keep == 0 {
        keep = number.min(2);
    }
    chars.iter().take(keep).collect::<String>() + HIDDEN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_town_stays_and_street_and_house_do_not() {
        for (whole, masked) in [
            ("道真县玉溪镇解放路 128 号", "道真县玉溪镇***"),
            ("贵州省遵义市道真县玉溪街道新城社区3栋2单元501", "贵州省遵义市道真县玉溪街道***"),
            ("道真县大磏镇文家坝村", "道真县大磏镇***"),
            ("玉溪镇县府街12号", "玉溪镇***"),
            ("解放路128号", "解放***"),
            ("桂花园", "桂花***"),
            ("镇", "镇***"),
            ("", ""),
        ] {
            assert_eq!(mask(whole), masked, "{whole}");
            assert_eq!(mask(masked), masked, "masked twice");
        }
    }
}
