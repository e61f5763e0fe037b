//! LeNet-4 as a part of the paper's larger classifiers: its last layers replaced by K-NN or by local learning, and three of them boosted.

use lenet5::applications::boosting::{self, Cascade, Members};
use lenet5::applications::neighbours::{self, ChoiceRecord, Features, Labelled, LocalLearning, NearestNeighbours};
use lenet5::data::{Dataset, Images};
use lenet5::evaluation::Outputs;
use serde::{Deserialize, Serialize};

use crate::answers::{Answers, Set};
use crate::cells::{Arm, Extent};
use crate::finished::Finished;

/// The layer whose squashed states are compared, 400 to a pattern (Fig. 12).
pub const FEATURES: &str = "S4";

/// One in so many training patterns, the last ones, is held out to choose k: 10,000 of MNIST's.
const HELD_OUT: usize = 6;

/// So many of those are asked to choose k and the ridge of local learning.
const ASKED: usize = 2000;

/// Three networks a seed, with distorted patterns half as strong as Fig. 7's.
pub fn boosted(extent: &Extent) -> Arm {
    let assignments = ["preset=lenet4", "distorted_copies=9", "distortion=0.5"];
    Arm { boosted: true, ..extent.arm("boosted-lenet4", &assignments, "1-5") }
}

struct Space {
    training: Features,
    asked: Features,
    labels: Vec<u8>,
    images: Images,
}

impl Space {
    /// To answer this set; in place of all training patterns only the last 10,000, by what the others say.
    fn new(cell: &Finished, dataset: &Dataset, set: Set) -> anyhow::Result<Self> {
        let model = cell.model()?;
        let network = model.network();
        let state =
            network.hidden().into_iter().find(|layer| layer.name == FEATURES).expect("a layer of LeNet-4").state;
        let features = |images: &Images| neighbours::features(&network, &model.values, images, state);
        let all = &dataset.training;
        let (known, images) = match set {
            Set::Test => (all.clone(), dataset.test.clone()),
            Set::Training => {
                let kept = all.len() - all.len() / HELD_OUT;
                (all.first(kept), all.skip(kept))
            }
        };
        Ok(Self { training: features(&known), asked: features(&images), labels: known.labels().to_vec(), images })
    }

    fn labelled(&self) -> Labelled {
        Labelled::new(self.training.clone(), &self.labels, 10)
    }

    fn held_out(&self) -> usize {
        self.labels.len() / HELD_OUT
    }

    fn answers(self, outputs: Outputs<f32>) -> Answers {
        Answers { outputs, images: self.images, networks: 1.0 }
    }
}

/// K-NN in the place of the last layers, k chosen on training patterns held out.
pub fn by_neighbours(cell: &Finished, dataset: &Dataset, set: Set) -> anyhow::Result<Answers> {
    let space = Space::new(cell, dataset, set)?;
    let outputs = NearestNeighbours::choose(space.labelled(), space.held_out()).outputs(&space.asked);
    Ok(space.answers(outputs))
}

/// Local learning in the place of the last layers, k and the ridge chosen likewise.
pub fn by_local_learning(cell: &Finished, dataset: &Dataset, set: Set) -> anyhow::Result<Answers> {
    let space = Space::new(cell, dataset, set)?;
    let outputs = LocalLearning::choose(space.labelled(), space.held_out(), ASKED).outputs(&space.asked);
    Ok(space.answers(outputs))
}

/// The sum of the three networks' distances, and what the cascade costs.
pub fn by_committee(cell: &Finished, dataset: &Dataset, set: Set) -> anyhow::Result<Answers> {
    let (members, cascade, _) = cascade(cell, dataset, set)?;
    Ok(Answers { outputs: members.sum(), images: set.images(dataset).clone(), networks: cascade.networks_per_pattern })
}

/// The outputs of the three networks, the cascade's answers, and its threshold, which is chosen on the training patterns.
fn cascade(cell: &Finished, dataset: &Dataset, set: Set) -> anyhow::Result<(Members, Cascade, f64)> {
    let committee = cell.committee()?;
    let threshold = committee.members(&dataset.training).threshold(dataset.training.labels());
    let members = committee.members(set.images(dataset));
    let cascade = members.cascade(threshold);
    Ok((members, cascade, threshold))
}

/// A row of `boosted.csv`: the three networks of a seed on the test set, together and alone.
#[derive(Serialize, Deserialize)]
pub struct BoostedRow {
    pub seed: u64,
    /// Patterns that the second and the third were trained on, and copies of each original that were looked through for them.
    pub second_patterns: usize,
    pub second_copies: usize,
    pub third_patterns: usize,
    pub third_copies: usize,
    pub first_errors: usize,
    pub second_errors: usize,
    pub third_errors: usize,
    pub committee_errors: usize,
    pub cascade_threshold: f64,
    pub cascade_errors: usize,
    pub cascade_networks_a_pattern: f64,
}

impl BoostedRow {
    pub fn new(cell: &Finished, dataset: &Dataset) -> anyhow::Result<Self> {
        let (members, cascade, threshold) = cascade(cell, dataset, Set::Test)?;
        let labels = dataset.test.labels();
        let errors =
            |answers: &[usize]| answers.iter().zip(labels).filter(|(a, label)| **a != usize::from(**label)).count();
        let [first, second, third] = members.each().each_ref().map(|outputs| errors(&outputs.answers()));
        let [of_second, of_third] = ["second", "third"].map(|name| boosting::filtered(cell.folder(), name));
        let (of_second, of_third) = (of_second?, of_third?);
        Ok(Self {
            seed: cell.seed,
            second_patterns: of_second.found,
            second_copies: of_second.copies,
            third_patterns: of_third.found,
            third_copies: of_third.copies,
            first_errors: first,
            second_errors: second,
            third_errors: third,
            committee_errors: errors(&members.sum().answers()),
            cascade_threshold: threshold,
            cascade_errors: errors(&cascade.answers),
            cascade_networks_a_pattern: cascade.networks_per_pattern,
        })
    }
}

/// A row of `neighbours.csv`: what was tried on the training patterns held out, and which was taken.
#[derive(Serialize, Deserialize)]
pub struct NeighbourRow {
    pub seed: u64,
    pub method: String,
    pub k: usize,
    pub ridge: Option<f64>,
    pub patterns: usize,
    pub errors: usize,
    pub chosen: bool,
}

pub fn choices(cell: &Finished, dataset: &Dataset) -> anyhow::Result<Vec<NeighbourRow>> {
    let space = Space::new(cell, &Dataset { test: dataset.test.first(1), ..dataset.clone() }, Set::Test)?;
    let votes = NearestNeighbours::choose(space.labelled(), space.held_out());
    let local = LocalLearning::choose(space.labelled(), space.held_out(), ASKED);
    let row = |method: &str, record: &ChoiceRecord, chosen| {
        let &ChoiceRecord { k, ridge, patterns, errors } = record;
        NeighbourRow { seed: cell.seed, method: method.into(), k, ridge, patterns, errors, chosen }
    };
    let by_votes = votes.choice().iter().map(|one| row("K-NN", one, one.k == votes.k()));
    let best = (local.k(), Some(local.ridge()));
    let by_layers = local.choice().iter().map(|one| row("local learning", one, (one.k, one.ridge) == best));
    Ok(by_votes.chain(by_layers).collect())
}
