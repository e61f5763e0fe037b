//! Sentences and words that `lenet5 train`, with one seed or several, and `lenet5 test` share.

use lenet5::config::{Architecture, Measured, Settings};
use lenet5::data::{Dataset, Source};
use lenet5::models::Counterpart;
use lenet5::paper;
use lenet5::runs::folder::Run;

use super::format::count;

/// ` --tensorboard` for a command that continues a run, if the run has it.
pub fn option(tensorboard: bool) -> &'static str {
    if tensorboard { " --tensorboard" } else { "" }
}

/// Announces a run, or several of which this is the first: its seeds, the place of the record, and the passes that are complete already.
pub fn announce(run: &Run, dataset: &Dataset, [seeds, record]: [String; 2], complete: Option<String>) {
    let (network, label) = (run.settings().network.name(), run.settings().label());
    say!("Network {network}, preset {label}, {seeds}, on {} ({})\n{record}", dataset.source, dataset.origin);
    if let Some(complete) = complete {
        say!("{complete} already complete");
    }
    // The folders of other runs are beside the first one's.
    if let Some(warning) = run.warning() {
        complain!("warning: {warning}");
    }
    warn_if_digits(dataset.source);
    say!("");
}

/// The number of passes and the patterns of each; and the patterns that errors are measured on, where these are not the test set.
pub fn extent(run: &Run, dataset: &Dataset) -> String {
    let split = run.split(dataset);
    let passes = format!("{} of {}", count(run.settings().passes, "pass"), count(split.training, "pattern"));
    match split.on {
        Measured::Test => passes,
        Measured::HeldOut => format!("{passes}, errors measured on {} held out", count(split.measured, "pattern")),
        Measured::Nothing => format!("{passes}, errors measured on the fly alone (test_set = false)"),
    }
}

/// The note that a result of this network must carry, alone or beside the printed one.
pub fn note(settings: &Settings, printed: Option<&Counterpart>) -> Option<&'static str> {
    let difference = printed.and_then(|printed| printed.difference);
    let reconstruction = (settings.network == Architecture::Lenet4).then_some(paper::LENET4_NOTE);
    difference.or(reconstruction)
}

/// Warns that results on the embedded digits are not results on MNIST.
pub fn warn_if_digits(source: Source) {
    if source == Source::Digits {
        say!(
            "NOT MNIST: these are the 1,797 small digits that come with the program. Results on them can't be compared with the \
             paper's."
        );
    }
}
