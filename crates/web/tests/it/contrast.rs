//! Contrast of every pair of tokens that is used, in both themes (WCAG 2.2, 1.4.3 and 1.4.11).

use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// Linear red, green and blue from 0 to 1.
type Rgb = [f64; 3];

/// The colours of one theme by name.
fn tokens(is_dark: bool) -> HashMap<String, Rgb> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/src/css/tokens.css");
    let css = fs::read_to_string(path).unwrap();
    css.lines()
        .filter_map(|line| {
            line.trim()
                .strip_prefix("--")?
                .strip_suffix(';')?
                .split_once(": ")
        })
        .filter_map(|(name, value)| Some((name.to_owned(), colour(value, is_dark)?)))
        .collect()
}

fn colour(value: &str, is_dark: bool) -> Option<Rgb> {
    let one = match value.strip_prefix("light-dark(") {
        Some(pair) => pair.strip_suffix(')')?.split(", ").nth(usize::from(is_dark))?,
        None => value,
    };
    let hex = one.strip_prefix('#').filter(|h| h.len() == 6)?;
    let channel = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).ok().map(linear);
    Some([channel(0)?, channel(2)?, channel(4)?])
}

fn linear(byte: u8) -> f64 {
    let c = f64::from(byte) / 255.0;
    if c <= 0.04045 {
        c / 12.92
    } else {
        ((c + 0.055) / 1.055).powf(2.4)
    }
}

fn luminance([r, g, b]: Rgb) -> f64 {
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn ratio(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// `color-mix(in oklab, a share, b)`.
fn mix(a: Rgb, share: f64, b: Rgb) -> Rgb {
    let (a, b) = (to_oklab(a), to_oklab(b));
    from_oklab([0, 1, 2].map(|i| a[i] * share + b[i] * (1.0 - share)))
}

#[expect(
    clippy::many_single_char_names,
    reason = "the names that the definition of oklab uses"
)]
fn to_oklab([r, g, b]: Rgb) -> Rgb {
    let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
    let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
    let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
    [
        0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
        1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
        0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
    ]
}

#[expect(
    clippy::many_single_char_names,
    reason = "the names that the definition of oklab uses"
)]
fn from_oklab([lightness, a, b]: Rgb) -> Rgb {
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
    ]
}

const KINDS: [&str; 6] = ["passed", "failed", "retest", "blocked", "skipped", "untested"];
const SURFACES: [&str; 7] = [
    "canvas",
    "surface",
    "raised",
    "sunken",
    "hover",
    "active",
    "side-hover",
];

/// Foreground, background, and the least ratio between them.
fn pairs() -> Vec<(String, String, f64)> {
    let mut pairs = Vec::new();
    let mut add = |front: &str, back: &str, least| pairs.push((front.to_owned(), back.to_owned(), least));
    for back in SURFACES {
        for front in ["text", "text-2"] {
            add(front, back, 4.5);
        }
    }
    for back in ["canvas", "surface", "raised", "sunken", "hover", "active"] {
        add("text-3", back, 4.5);
        add("accent", back, 4.5);
        add("st-failed", back, 4.5);
        add("st-retest", back, 4.5);
    }
    add("text", "side-on", 4.5);
    add("accent", "side-on", 4.5);
    for back in ["accent-bg", "accent-bg-hover", "danger-bg"] {
        add("on-accent", back, 4.5);
    }
    for hue in 0..8 {
        add("on-accent", &format!("hue-{hue}"), 4.5);
    }
    for tone in ["info", "warn", "ok", "error"] {
        add(&format!("{tone}-text"), &format!("{tone}-fill"), 4.5);
    }
    add("text", "selection", 4.5);
    for back in ["surface", "active", "canvas"] {
        add("ctl", back, 3.0);
    }
    for kind in KINDS {
        add(&format!("st-{kind}"), "surface", 4.5);
        if kind != "untested" {
            add(&format!("fill-{kind}"), "surface", 3.0);
        }
    }
    pairs
}

#[test]
fn the_maths_agrees_with_published_values() {
    let white = [1.0; 3];
    assert!((ratio(white, [0.0; 3]) - 21.0).abs() < 1e-9);
    let grey = colour("#767676", false).unwrap();
    assert!((ratio(white, grey) - 4.54).abs() < 0.01);
    let same = from_oklab(to_oklab([0.2, 0.5, 0.7]));
    assert!(
        same.iter()
            .zip([0.2, 0.5, 0.7])
            .all(|(a, b)| (a - b).abs() < 1e-6)
    );
}

#[test]
fn words_and_shapes_can_be_told_from_what_lies_behind_them() {
    for is_dark in [false, true] {
        let tokens = tokens(is_dark);
        assert!(tokens.len() > 45, "the table is read");
        for (front, back, least) in pairs() {
            let ratio = ratio(tokens[&front], tokens[&back]);
            assert!(ratio >= least, "{front} on {back} is {ratio:.2}, dark: {is_dark}");
        }
    }
}

#[test]
fn pills_can_be_read_on_their_tint() {
    for is_dark in [false, true] {
        let tokens = tokens(is_dark);
        for kind in KINDS
            .map(|k| format!("st-{k}"))
            .iter()
            .map(String::as_str)
            .chain(["accent"])
        {
            let words = tokens[kind];
            for (share, least) in [(0.10, 4.5), (0.13, 3.0)] {
                let ratio = ratio(words, mix(words, share, tokens["surface"]));
                assert!(ratio >= least, "{kind} at {share} is {ratio:.2}, dark: {is_dark}");
            }
        }
    }
}
