//! Numbers and names as people read them in messages.

pub mod table;
pub mod terminal;

/// 60000 as `60,000`.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its noun: `1 pass`, `2 passes`, `60,000 training patterns`.
pub fn count(number: usize, noun: &str) -> String {
    let ending = match noun {
        _ if number == 1 => "",
        _ if noun.ends_with('s') => "es",
        _ => "s",
    };
    format!("{} {noun}{ending}", thousands(number))
}

/// The message about an unknown name, such as ``unknown preset `papr`, did you mean `paper`? The presets: paper, tuned``.
pub fn unknown(kind: &str, name: &str, names: &[&str]) -> String {
    let list = names.join(", ");
    match nearest(name, names) {
        Some(near) => format!("unknown {kind} `{name}`, did you mean `{near}`? The {kind}s: {list}"),
        None => format!("unknown {kind} `{name}`; the {kind}s: {list}"),
    }
}

/// The most similar of the names, if one is similar.
pub fn nearest<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    const ALIKE: f64 = 0.75;
    let lower = name.to_lowercase();
    let alike = names.iter().map(|&other| (strsim::jaro_winkler(&lower, &other.to_lowercase()), other));
    alike.filter(|(likeness, _)| *likeness > ALIKE).max_by(|one, other| one.0.total_cmp(&other.0)).map(|best| best.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many() {
        assert_eq!(
            ["1", "12", "123", "1,234", "60,000", "1,234,567"],
            [1, 12, 123, 1234, 60_000, 1_234_567].map(thousands).each_ref().map(String::as_str)
        );
        let counts = [(0, "pass"), (1, "pass"), (2, "pass"), (1, "seed"), (1237, "pattern")];
        let texts = counts.map(|(number, noun)| count(number, noun));
        assert_eq!(texts, ["0 passes", "1 pass", "2 passes", "1 seed", "1,237 patterns"]);
    }

    #[test]
    fn the_nearest_name_is_found_if_there_is_one() {
        let names = ["passes", "momentum", "eta_factor", "training_patterns", "curvature_patterns", "mu"];
        for (name, near) in [
            ("pases", Some("passes")),
            ("Momentum", Some("momentum")),
            ("eta-factor", Some("eta_factor")),
            ("trainingpatterns", Some("training_patterns")),
            ("impetus", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, &names), near, "{name}");
        }
        assert_eq!(
            unknown("preset", "papr", &["paper", "tuned"]),
            "unknown preset `papr`, did you mean `paper`? The presets: paper, tuned"
        );
        assert_eq!(unknown("preset", "x", &["paper"]), "unknown preset `x`; the presets: paper");
    }
}
