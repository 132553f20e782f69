//! The colours, and the only place that names one: the sixteen of every terminal, by what a thing means. Meaning is never told
//! by colour alone; signs and words are the panes' business and never live here.

use crate::domain::text::{Text, t};
use crate::domain::tier::Tier;
use ratatui::style::{Color, Modifier, Style};

/// What a piece of text or a line means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Plain values.
    Text,
    /// Labels, hints, what may be overlooked.
    Label,
    /// A name, a figure that counts.
    Strong,
    /// Due today or soon.
    Due,
    /// Overdue; stands with a `!`.
    Overdue,
    /// Border of a pane.
    Border,
    /// Border of the pane that has the keys.
    Focus,
    /// Keys of the F-key bar, links, the marker of the row.
    Accent,
    /// Something to look out for.
    Warning,
    /// The row under the cursor.
    Selected,
    /// The row under the cursor of a pane that does not have the keys.
    Resting,
    /// Letters that matched.
    Match,
    /// The badge of a tier; `None` without figures.
    Badge(Option<Tier>),
    /// A field one types in.
    Input,
    /// A field that may not be changed.
    Fixed,
    /// A refusal.
    Error,
    /// Done, saved, in order.
    Ok,
    /// Header and F-key bar.
    Bar,
}

impl Tone {
    /// All of them, for tests and the theme picture.
    pub const ALL: [Tone; 24] = [
        Tone::Text,
        Tone::Label,
        Tone::Strong,
        Tone::Due,
        Tone::Overdue,
        Tone::Border,
        Tone::Focus,
        Tone::Accent,
        Tone::Warning,
        Tone::Selected,
        Tone::Resting,
        Tone::Match,
        Tone::Badge(None),
        Tone::Badge(Some(Tier::Untiered)),
        Tone::Badge(Some(Tier::Small)),
        Tone::Badge(Some(Tier::Ordinary)),
        Tone::Badge(Some(Tier::Potential)),
        Tone::Badge(Some(Tier::Vip)),
        Tone::Badge(Some(Tier::Big)),
        Tone::Input,
        Tone::Fixed,
        Tone::Error,
        Tone::Ok,
        Tone::Bar,
    ];
}

/// A set of colours with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// The name written in the config file and kept with a member of staff.
    pub name: &'static str,
    /// The name on screen.
    pub label: Text,
    /// Whether the screen behind it is taken to be light, for pictures.
    pub light: bool,
    palette: Palette,
}

/// What differs from theme to theme. `None` leaves the terminal's own colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Palette {
    text: Option<Color>,
    label: Option<Color>,
    strong: Option<Color>,
    due: Option<Color>,
    overdue: Option<Color>,
    border: Option<Color>,
    focus: Option<Color>,
    accent: Option<Color>,
    /// Foreground and background of the row under the cursor; `None` turns the row round.
    selected: Option<(Color, Color)>,
    bar: Option<(Color, Color)>,
    input: Option<(Color, Color)>,
    tiers: Option<[Color; 6]>,
    error: Option<Color>,
    ok: Option<Color>,
}

const DARK: Palette = Palette {
    text: None,
    label: Some(Color::DarkGray),
    strong: Some(Color::White),
    due: Some(Color::LightYellow),
    overdue: Some(Color::LightRed),
    border: Some(Color::DarkGray),
    focus: Some(Color::LightCyan),
    accent: Some(Color::LightCyan),
    selected: Some((Color::White, Color::Blue)),
    bar: Some((Color::White, Color::DarkGray)),
    input: Some((Color::White, Color::Blue)),
    tiers: Some([
        Color::DarkGray,
        Color::Gray,
        Color::LightGreen,
        Color::LightCyan,
        Color::LightMagenta,
        Color::LightYellow,
    ]),
    error: Some(Color::LightRed),
    ok: Some(Color::LightGreen),
};

const LIGHT: Palette = Palette {
    text: None,
    label: Some(Color::DarkGray),
    strong: Some(Color::Black),
    due: Some(Color::Magenta),
    overdue: Some(Color::Red),
    border: Some(Color::Gray),
    focus: Some(Color::Blue),
    accent: Some(Color::Blue),
    selected: Some((Color::White, Color::Blue)),
    bar: Some((Color::Black, Color::Gray)),
    input: Some((Color::Black, Color::LightYellow)),
    tiers: Some([Color::DarkGray, Color::DarkGray, Color::Green, Color::Blue, Color::Magenta, Color::Red]),
    error: Some(Color::Red),
    ok: Some(Color::Green),
};

const HIGH_CONTRAST: Palette = Palette {
    text: Some(Color::White),
    label: Some(Color::White),
    strong: Some(Color::White),
    due: Some(Color::LightYellow),
    overdue: Some(Color::LightYellow),
    border: Some(Color::White),
    focus: Some(Color::LightYellow),
    accent: Some(Color::LightYellow),
    selected: Some((Color::Black, Color::LightYellow)),
    bar: Some((Color::Black, Color::White)),
    input: Some((Color::Black, Color::White)),
    tiers: Some([Color::White; 6]),
    error: Some(Color::LightYellow),
    ok: Some(Color::White),
};

const MONO: Palette = Palette {
    text: None,
    label: None,
    strong: None,
    due: None,
    overdue: None,
    border: None,
    focus: None,
    accent: None,
    selected: None,
    bar: None,
    input: None,
    tiers: None,
    error: None,
    ok: None,
};

const GREEN: Palette = Palette {
    text: Some(Color::Green),
    label: Some(Color::Green),
    strong: Some(Color::LightGreen),
    due: Some(Color::LightGreen),
    overdue: Some(Color::LightGreen),
    border: Some(Color::Green),
    focus: Some(Color::LightGreen),
    accent: Some(Color::LightGreen),
    selected: Some((Color::Black, Color::LightGreen)),
    bar: Some((Color::Black, Color::Green)),
    input: Some((Color::Black, Color::Green)),
    tiers: Some([Color::Green, Color::Green, Color::Green, Color::LightGreen, Color::LightGreen, Color::LightGreen]),
    error: Some(Color::LightGreen),
    ok: Some(Color::LightGreen),
};

impl Theme {
    /// All themes; the first is the usual one.
    pub const ALL: [Theme; 5] = [
        Theme { name: "dark", label: t("深色", "Dark"), light: false, palette: DARK },
        Theme { name: "light", label: t("浅色", "Light"), light: true, palette: LIGHT },
        Theme { name: "high-contrast", label: t("高对比", "High contrast"), light: false, palette: HIGH_CONTRAST },
        Theme { name: "mono", label: t("单色", "Mono"), light: false, palette: MONO },
        Theme { name: "green", label: t("绿屏", "Green screen"), light: false, palette: GREEN },
    ];

    /// The theme of this name, code or label.
    pub fn named(name: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|x| x.name == name || x.label.zh == name || x.label.en.eq_ignore_ascii_case(name))
    }

    /// The theme without any colour, for NO_COLOR and printers.
    pub const fn mono() -> Theme {
        let [_, _, _, mono, _] = Theme::ALL;
        mono
    }

    /// The next theme in the list, for a key that goes round.
    pub fn next(&self) -> Theme {
        let at = Theme::ALL.iter().position(|x| x.name == self.name).unwrap_or(0);
        Theme::ALL.get((at + 1) % Theme::ALL.len()).copied().unwrap_or_default()
    }

    /// How something of this meaning is drawn.
    pub fn of(&self, tone: Tone) -> Style {
        let p = &self.palette;
        let plain = Style::new();
        let ink = |c: Option<Color>| c.map_or(plain, |c| plain.fg(c));
        let block = |c: Option<(Color, Color)>| match c {
            Some((fg, bg)) => plain.fg(fg).bg(bg),
            None => plain.add_modifier(Modifier::REVERSED),
        };
        match tone {
            Tone::Text => ink(p.text),
            // Without a colour of its own a label would look like a value.
            Tone::Label if p.label.is_none() => plain.add_modifier(Modifier::DIM),
            Tone::Label | Tone::Fixed => ink(p.label),
            Tone::Strong => ink(p.strong).add_modifier(Modifier::BOLD),
            Tone::Due => ink(p.due).add_modifier(Modifier::BOLD),
            Tone::Overdue => ink(p.overdue).add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            Tone::Border => ink(p.border),
            Tone::Focus => ink(p.focus).add_modifier(Modifier::BOLD),
            Tone::Accent => ink(p.accent).add_modifier(Modifier::BOLD),
            Tone::Warning => ink(p.due).add_modifier(Modifier::BOLD),
            Tone::Selected => block(p.selected).add_modifier(Modifier::BOLD),
            Tone::Resting => plain.add_modifier(Modifier::UNDERLINED),
            Tone::Match => ink(p.accent).add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            Tone::Badge(tier) => {
                let rank = tier.map_or(0, Tier::rank);
                let badge = ink(p.tiers.and_then(|all| all.get(rank).copied()));
                if rank >= Tier::Vip.rank() { badge.add_modifier(Modifier::BOLD) } else { badge }
            }
            // A field is underlined where colours are gone, so that its length shows.
            Tone::Input if p.input.is_none() => plain.add_modifier(Modifier::UNDERLINED),
            Tone::Input => block(p.input),
            Tone::Error => ink(p.error).add_modifier(Modifier::BOLD),
            Tone::Ok => ink(p.ok),
            Tone::Bar => block(p.bar),
        }
    }
}

impl Default for Theme {
    fn default() -> Self {
        let [dark, ..] = Theme::ALL;
        dark
    }
}

/// The colour of a picture for one of the sixteen, as `#rrggbb`; `None` for the terminal's own colour.
pub fn paint(color: Color) -> Option<&'static str> {
    Some(match color {
        Color::Black => "#1c1f26",
        Color::Red => "#b3261e",
        Color::Green => "#2e8b57",
        Color::Yellow => "#a67c00",
        Color::Blue => "#2456a6",
        Color::Magenta => "#8e3b8e",
        Color::Cyan => "#1d7f8c",
        Color::Gray => "#c5c8cc",
        Color::DarkGray => "#7d8590",
        Color::LightRed => "#ff6b5e",
        Color::LightGreen => "#63d68c",
        Color::LightYellow => "#f2cc60",
        Color::LightBlue => "#6ea8fe",
        Color::LightMagenta => "#e28fe2",
        Color::LightCyan => "#5fd7e5",
        Color::White => "#f5f7fa",
        _ => return None,
    })
}

/// Ink and paper of a picture where nothing else is said, as `#rrggbb`.
pub const fn paper(light: bool) -> (&'static str, &'static str) {
    if light { ("#24292f", "#fcfcf9") } else { ("#d4d8de", "#14171c") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIXTEEN: [Color; 16] = [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::Gray,
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];

    #[test]
    fn every_theme_uses_only_the_sixteen_named_colours() {
        for theme in Theme::ALL {
            for tone in Tone::ALL {
                let style = theme.of(tone);
                for color in [style.fg, style.bg].into_iter().flatten() {
                    assert!(SIXTEEN.contains(&color), "{} {tone:?} {color:?}", theme.name);
                    assert!(paint(color).is_some());
                }
            }
        }
    }

    #[test]
    fn mono_names_no_colour_at_all() {
        for tone in Tone::ALL {
            let style = Theme::mono().of(tone);
            assert_eq!((style.fg, style.bg), (None, None), "{tone:?}");
        }
    }

    #[test]
    fn what_must_be_told_apart_is_told_apart_in_every_theme_even_without_colours() {
        let pairs = [
            (Tone::Text, Tone::Label),
            (Tone::Text, Tone::Overdue),
            (Tone::Due, Tone::Overdue),
            (Tone::Border, Tone::Focus),
            (Tone::Text, Tone::Selected),
            (Tone::Selected, Tone::Resting),
            (Tone::Text, Tone::Match),
            (Tone::Text, Tone::Input),
        ];
        for theme in Theme::ALL.into_iter().filter(|x| !["high-contrast", "green"].contains(&x.name)) {
            for (a, b) in pairs {
                assert_ne!(theme.of(a), theme.of(b), "{} {a:?} {b:?}", theme.name);
            }
        }
        for theme in Theme::ALL {
            for (a, b) in pairs.into_iter().skip(1) {
                assert_ne!(theme.of(a), theme.of(b), "{} {a:?} {b:?}", theme.name);
            }
        }
    }

    #[test]
    fn a_theme_is_found_by_its_name_in_either_language_and_the_round_comes_back() {
        assert_eq!(Theme::named("绿屏").map(|x| x.name), Some("green"));
        assert_eq!(Theme::named("high CONTRAST").map(|x| x.name), Some("high-contrast"));
        assert_eq!(Theme::named("sepia"), None);
        let mut theme = Theme::default();
        for _ in 0..Theme::ALL.len() {
            theme = theme.next();
        }
        assert_eq!(theme, Theme::default());
    }
}
