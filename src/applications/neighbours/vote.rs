//! K-NN: the majority of the nearest decides.

use rayon::prelude::*;

use super::{ChoiceRecord, Features, Labelled, Neighbour, nearest};
use crate::evaluation::Outputs;
use crate::network::loss;

/// The k that are tried.
pub const KS: [usize; 8] = [1, 3, 5, 7, 9, 11, 13, 15];

/// The k nearest patterns vote. Of classes with as many votes, that whose voters' squared distances sum up to less.
#[derive(Debug, Clone)]
pub struct NearestNeighbours {
    training: Labelled,
    k: usize,
    choice: Vec<ChoiceRecord>,
}

impl NearestNeighbours {
    /// With this k, 1 or more.
    pub fn new(training: Labelled, k: usize) -> Self {
        Self { training, k, choice: Vec::new() }
    }

    /// With the k of [`KS`] that makes fewest errors on the last `held_out` patterns, searched among the others; the smallest of
    /// those as good.
    ///
    /// # Panics
    /// If no pattern is held out, or none is left.
    pub fn choose(training: Labelled, held_out: usize) -> Self {
        let (kept, asked) = training.split(held_out);
        let found = nearest(&kept.features, &asked.features, KS[KS.len() - 1]);
        let record = |&k: &usize| {
            let wrong = |&(near, &label): &(&Vec<Neighbour>, &u8)| {
                let votes = votes(&near[..k.min(near.len())], &kept.labels, kept.classes);
                loss::answer(&votes) != usize::from(label)
            };
            let errors = found.iter().zip(&asked.labels).filter(wrong).count();
            ChoiceRecord { k, ridge: None, patterns: held_out, errors }
        };
        let choice: Vec<ChoiceRecord> = KS.iter().map(record).collect();
        let k = choice.iter().min_by_key(|record| (record.errors, record.k)).map_or(1, |record| record.k);
        Self { training, k, choice }
    }

    /// The number of neighbours that vote.
    pub fn k(&self) -> usize {
        self.k
    }

    /// The result of each k on the held-out patterns; empty where k was given.
    pub fn choice(&self) -> &[ChoiceRecord] {
        &self.choice
    }

    /// A distance for each class, of which the smallest wins: k less the votes, and for a class that has votes half its voters'
    /// share of all voters' squared distances, which orders equals. The distances of a vote of all for one class are 1/2 and k.
    pub fn outputs(&self, queries: &Features) -> Outputs<f32> {
        let Labelled { features, labels, classes } = &self.training;
        let found = nearest(features, queries, self.k);
        let rows: Vec<Vec<f32>> = found.par_iter().map(|near| votes(near, labels, *classes)).collect();
        Outputs::new(*classes, rows.concat())
    }
}

fn votes(near: &[Neighbour], labels: &[u8], classes: usize) -> Vec<f32> {
    let mut of_class = vec![(0, 0.0); classes];
    for neighbour in near {
        let (votes, sum) = &mut of_class[usize::from(labels[neighbour.index])];
        *votes += 1;
        *sum += neighbour.distance;
    }
    let total: f64 = near.iter().map(|neighbour| neighbour.distance).sum();
    let share = |sum: f64| if total > 0.0 { sum / total / 2.0 } else { 0.0 };
    of_class.into_iter().map(|(votes, sum)| (near.len() - votes) as f32 + share(sum) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::stream;
    use rand::RngExt;

    #[test]
    fn the_majority_wins_and_of_equals_the_nearer() {
        let near = |list: &[(usize, f64)]| -> Vec<Neighbour> {
            list.iter().map(|&(index, distance)| Neighbour { index, distance }).collect()
        };
        let labels = [0, 0, 1, 1, 2];
        assert_eq!(votes(&near(&[(4, 1.0), (0, 2.0), (1, 5.0)]), &labels, 3), [1.4375, 3.0, 2.0625]);
        let equal = votes(&near(&[(0, 1.0), (2, 2.0), (3, 2.5), (1, 4.0), (4, 5.0)]), &labels, 3);
        assert_eq!(loss::answer(&equal), 1, "{equal:?}");
        assert_eq!(votes(&near(&[(4, 0.0)]), &labels, 3), [1.0, 1.0, 0.0]);
        assert_eq!(votes(&[], &labels, 3), [0.0; 3]);
    }

    /// Two clouds apart, a fifth of their labels wrong: more neighbours than one do better.
    #[test]
    fn k_is_chosen_on_the_patterns_held_out() {
        let mut generator = stream(1, "votes", 0);
        let (mut values, mut labels, mut right) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..400 {
            let class: u8 = generator.random_range(0..2);
            values.extend([f32::from(class) * 3.0, 0.0].map(|centre| centre + generator.random_range(-1.0..1.0_f32)));
            labels.push(if generator.random_range(0..5) == 0 { 1 - class } else { class });
            right.push(usize::from(class));
        }
        let features = Features::new(2, values);
        let chosen = NearestNeighbours::choose(Labelled::new(features.clone(), &labels, 2), 100);
        assert!(chosen.k() >= 5 && chosen.choice().len() == KS.len(), "{:?}", chosen.choice());
        assert!(chosen.choice().iter().all(|record| record.patterns == 100));
        assert!(chosen.choice()[0].errors > chosen.choice().iter().map(|record| record.errors).min().unwrap());
        assert!(NearestNeighbours::new(Labelled::new(features.clone(), &labels, 2), 1).choice().is_empty());
        let wrong = chosen.outputs(&features).answers().iter().zip(&right).filter(|(a, b)| a != b).count();
        assert!(wrong < 20, "{wrong} of 400");
    }
}
