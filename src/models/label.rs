//! Settings in a few words, for headings and titles.

use toml::Value;

use super::preset;
use crate::config::{SETTINGS, Settings, plain};
use crate::words::{count, thousands};

impl Settings {
    /// The label of a result: the preset and every setting that differs from it, such as `paper, activation relu, 6,000 patterns`. The
    /// seed and the data set, which are shown beside it, are left out, and so is `training_error`, which changes no result.
    ///
    /// ```
    /// let assignments = ["activation=relu", "training_patterns=6000"];
    /// let settings = lenet5::models::builder::Builder::assigned(&assignments).unwrap();
    /// assert_eq!(settings.label(), "paper, 6,000 patterns, activation relu");
    /// ```
    pub fn label(&self) -> String {
        let (ours, theirs) = (self.table(), preset(&self.preset).unwrap_or_default().table());
        let keys = SETTINGS.iter().map(|setting| setting.key).filter(|&key| ours[key] != theirs[key]);
        // The classes of a user's own data, and how these are read, belong to the data set.
        let of_data = |key: &str| self.dataset.is_own() && ["alphabet", "classes", "transpose"].contains(&key);
        let shown = keys.filter(|key| {
            !["preset", "seed", "dataset", "training_error", "training_patterns"].contains(key) && !of_data(key)
        });
        let changes = shown.map(|key| format!(", {}", in_words(key, &ours[key])));
        self.preset.clone() + &self.patterns_in_words() + &changes.collect::<String>()
    }

    /// The number of training patterns, if not all are used: counted from the size of the data set where it is known.
    fn patterns_in_words(&self) -> String {
        let wanted = self.training_patterns;
        let (used, left) = match self.dataset.sizes() {
            Some(sizes) => (self.split(sizes).training, sizes.0.saturating_sub(self.held_out)),
            None => (wanted, usize::MAX),
        };
        if wanted == 0 || used >= left { String::new() } else { format!(", {}", count(used, "pattern")) }
    }
}

fn in_words(key: &str, value: &Value) -> String {
    let number = value.as_integer().unwrap_or(0) as usize;
    match (key, value) {
        ("held_out", _) => format!("{} held out", thousands(number)),
        ("passes", _) => count(number, "pass"),
        ("network", Value::Table(declared)) => {
            format!("network {} (declared)", declared.get("name").map(plain).unwrap_or_default())
        }
        ("schedule", Value::Array(rates)) => {
            let rate = |rate: &Value| Some(format!("{} x {}", rate.get("passes")?, rate.get("eta")?));
            format!("schedule {}", rates.iter().filter_map(rate).collect::<Vec<_>>().join(" + "))
        }
        _ => format!("{} {}", key.replace('_', " "), plain(value)),
    }
}

#[cfg(test)]
mod tests {
    use crate::models::builder::Builder;

    #[test]
    fn every_change_is_named() {
        let label = |assignments: &[&str]| Builder::assigned(assignments).unwrap().label();
        assert_eq!(label(&["seed=3", "dataset=digits"]), "paper");
        assert_eq!(label(&["preset=modern", "passes=1"]), "modern, 1 pass");
        assert_eq!(label(&["held_out=10000", "j=5"]), "paper, 10,000 held out, j 5");
        assert_eq!(label(&["schedule=[{passes=2,eta=0.001}]"]), "paper, schedule 2 x 0.001");
        assert_eq!(label(&["network=lenet1"]), "paper, network lenet1");
        assert_eq!(label(&["dataset=mnist", "training_patterns=99999"]), "paper", "all that there are");
        assert_eq!(label(&["dataset=digits", "training_patterns=300", "held_out=1430"]), "paper, 1,430 held out");
        assert_eq!(label(&["preset=tuned", "training_error=false"]), "tuned");
    }
}
