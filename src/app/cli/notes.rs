//! Sentences and words that `lenet5 train`, with one seed or several, and `lenet5 test` share.

use lenet5::config::{Architecture, Measured, Settings};
use lenet5::data::{Dataset, Source};
use lenet5::models::Counterpart;
use lenet5::paper;
use lenet5::runs::folder::Run;

use super::format::count;

/// The option `--tensorboard` for a command that goes on with a run, or nothing.
pub fn option(tensorboard: bool) -> &'static str {
    if tensorboard { " --tensorboard" } else { "" }
}

/// The number of passes and the patterns of each; and the patterns that errors are measured on, where these are not the test set.
pub fn extent(run: &Run, dataset: &Dataset) -> String {
    let split = run.split(dataset);
    let passes = format!("{} of {}", count(run.settings().passes, "pass"), count(split.training, "pattern"));
    match split.on {
        Measured::Test => passes,
        Measured::HeldOut => format!("{passes}, errors measured on {} held out", count(split.measured, "pattern")),
    }
}

/// The sentence that must stand below a result of this network, beside this printed one, if there is one.
pub fn note(settings: &Settings, printed: Option<&Counterpart>) -> Option<&'static str> {
    let difference = printed.and_then(|printed| printed.difference);
    let reconstruction = (settings.network == Architecture::Lenet4).then_some(paper::LENET4_NOTE);
    difference.or(reconstruction)
}

/// Nobody should take a result on the embedded digits for one on MNIST.
pub fn warn_if_digits(source: Source) {
    if source == Source::Digits {
        say!(
            "NOT MNIST: these are the 1,797 small digits that come with the program. Results on them can't be compared with the \
             paper's."
        );
    }
}
