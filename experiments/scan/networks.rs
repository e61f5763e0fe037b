//! The networks that read strings: the candidates, the one that was chosen of them, and what stands beside it.

use lenet5::drawing::plot::colour;
use plotters::style::RGBColor;

use crate::cells::{Arm, Extent};
use crate::fig5;
use crate::schedule::stretched;

/// A network trained with neighbours beside the characters and the class "blank" (section VII-B).
pub struct Candidate {
    /// In the names of its arms.
    pub name: &'static str,
    /// In tables.
    pub title: &'static str,
    /// The salt-and-pepper noise that VII-B prints: each pixel inverted with probability 0.1.
    noise: bool,
    /// The passes with distortions, each distorted pattern once, and [`FOR_DISTORTIONS`]; none for the 20 passes and the settings of the
    /// preset `paper`.
    distorted_passes: Option<usize>,
}

/// The candidates, from the cheapest to the dearest.
pub static CANDIDATES: [Candidate; 5] = [
    Candidate { name: "neighbours", title: "digits with neighbours", noise: false, distorted_passes: None },
    Candidate { name: "printed", title: "neighbours and noise, as printed", noise: true, distorted_passes: None },
    Candidate { name: "distorted", title: "distorted digits, neighbours", noise: false, distorted_passes: Some(40) },
    Candidate {
        name: "distorted-noise",
        title: "distorted digits, neighbours, noise",
        noise: true,
        distorted_passes: Some(40),
    },
    Candidate {
        name: "distorted-80",
        title: "distorted digits, neighbours, 80 passes",
        noise: false,
        distorted_passes: Some(80),
    },
];

/// The candidate that read most strings of the digits held out (`lenet5-reproduce scan-choice`).
pub const CHOSEN: &str = "distorted-80";

/// The settings that were chosen for distorted single digits, held out (`lenet5-reproduce tuned`). They stand here whatever the presets become.
const FOR_DISTORTIONS: [&str; 9] = [
    "distortion=0.5",
    "loss=eq9",
    "j=5.0",
    "distance=half",
    "weight_range=1.0",
    "coefficient=0.5",
    "coefficient_start=constant",
    "coefficient_curvature=sum",
    "eta_factor=0.3",
];

impl Candidate {
    fn assignments(&self) -> Vec<String> {
        let mut settings = vec!["flanks=true".into(), "alphabet='0123456789 '".into(), "training_error=false".into()];
        if self.noise {
            settings.push("pixel_noise=0.1".into());
        }
        if let Some(passes) = self.distorted_passes {
            settings.extend(FOR_DISTORTIONS.map(String::from));
            settings.extend([
                format!("passes={passes}"),
                format!("distorted_copies={}", passes - 1),
                stretched(passes),
            ]);
        }
        settings
    }

    fn arm_with(&self, extent: &Extent, folder: &str, more: &[&str], seeds: &str) -> Arm {
        let own = self.assignments();
        let settings: Vec<&str> = own.iter().map(String::as_str).chain(more.iter().copied()).collect();
        extent.arm(&format!("{folder}/{}", self.name), &settings, seeds)
    }

    /// As a candidate, without the last 10,000 training patterns.
    pub fn held_out(&self, extent: &Extent) -> Arm {
        self.arm_with(extent, "strings/choice", &["held_out=10000"], "1-2")
    }

    /// Trained on all patterns.
    pub fn arm(&self, extent: &Extent) -> Arm {
        self.arm_with(extent, "strings", &[], "1-5")
    }
}

/// The networks whose strings of test digits are read: the chosen one, as printed and without noise, and that of single digits.
pub fn arms(extent: &Extent) -> Vec<Arm> {
    let names = ["printed", "neighbours"].into_iter().filter(|&name| name != CHOSEN);
    let shown = |name: &str| CANDIDATES.iter().find(|candidate| candidate.name == name).expect("a candidate");
    let flanked = [CHOSEN].into_iter().chain(names).map(|name| shown(name).arm(extent));
    flanked.chain([fig5::arm(extent).first(5)]).collect()
}

/// The name of an arm in tables and figures, and its colour.
pub fn legend(arm: &str) -> (&'static str, RGBColor) {
    let name = arm.rsplit('/').next().unwrap_or_default();
    let title =
        CANDIDATES.iter().find(|candidate| candidate.name == name).map_or("digits with neighbours", |one| one.title);
    match name {
        "paper" => ("single digits", colour::TRAINING),
        _ if name == CHOSEN => (title, colour::TEST),
        "printed" => (title, colour::AFTER),
        _ => (title, colour::ALL[3]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_have_the_settings_that_their_titles_say() {
        let extent = Extent::default();
        for candidate in &CANDIDATES {
            let (arm, held_out) = (candidate.arm(&extent), candidate.held_out(&extent));
            let settings = &arm.settings;
            assert_eq!((settings.flanks, settings.classes(), settings.held_out), (true, 11, 0), "{}", arm.name);
            assert_eq!(settings.pixel_noise, if candidate.title.contains("noise") { 0.1 } else { 0.0 }, "{}", arm.name);
            assert_eq!(settings.distorted_copies > 0, candidate.title.contains("distorted"), "{}", arm.name);
            assert_eq!(settings.passes == 80, candidate.title.contains("80 passes"), "{}", arm.name);
            assert_eq!(settings.schedule.iter().map(|rate| rate.passes).sum::<usize>(), settings.passes);
            assert_eq!(held_out.settings.with(|config| config.held_out = 0).as_ref(), Ok(settings));
            assert_eq!(held_out.settings.held_out, 10_000);
        }
        let arms = arms(&extent);
        let named = |name: &str| arms.iter().filter(|arm| arm.name.ends_with(name)).count();
        assert_eq!([CHOSEN, "/printed", "/neighbours", "paper"].map(named), [1; 4]);
    }
}
