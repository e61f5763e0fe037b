//! A segmentation graph (section V-A) and its paths: the cheapest one (Viterbi), and the weight of all of them (forward scoring,
//! section VI).
//!
//! The nodes are places along a row, numbered from left to right. An arc leads from one place to a later one and has a cost. The weight
//! of a path is exp(-sum of its costs), as if costs were -log of probabilities.

/// An arc from one place to a later one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arc {
    /// The place at which it begins.
    pub first: usize,
    /// The place at which it ends, above `first`.
    pub end: usize,
    /// What it costs, in units of the network's distance.
    pub cost: f64,
}

/// A graph from place 0 to place `last`.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    arcs: Vec<Arc>,
    last: usize,
}

impl Graph {
    /// The graph of these arcs.
    ///
    /// # Panics
    /// If an arc does not lead from a place to a later one, up to `last`.
    pub fn new(arcs: Vec<Arc>, last: usize) -> Self {
        assert!(arcs.iter().all(|arc| arc.first < arc.end && arc.end <= last), "from a place to a later one");
        Self { arcs, last }
    }

    /// The indices of the arcs along the path of the smallest total cost, from left to right; `None` if no path leads to the end. Of equal
    /// costs, the arc that comes first is preferred.
    ///
    /// ```
    /// use lenet5::applications::graph::{Arc, Graph};
    /// let arc = |first, end, cost| Arc { first, end, cost };
    /// let graph = Graph::new(vec![arc(0, 1, 2.0), arc(1, 2, 2.0), arc(0, 2, 3.0)], 2);
    /// assert_eq!(graph.cheapest(), Some(vec![2]));
    /// ```
    pub fn cheapest(&self) -> Option<Vec<usize>> {
        let mut best: Vec<Option<(f64, usize)>> = vec![None; self.last + 1];
        let cost = |best: &[Option<(f64, usize)>], place: usize| {
            if place == 0 { Some(0.0) } else { best[place].map(|best| best.0) }
        };
        for index in self.order() {
            let arc = self.arcs[index];
            if let Some(before) = cost(&best, arc.first) {
                let total = before + arc.cost;
                if best[arc.end].is_none_or(|best| total < best.0) {
                    best[arc.end] = Some((total, index));
                }
            }
        }
        let (mut path, mut place) = (Vec::new(), self.last);
        while place > 0 {
            let (_, index) = best[place]?;
            path.push(index);
            place = self.arcs[index].first;
        }
        path.reverse();
        Some(path)
    }

    /// The cost of a path: the sum over its arcs.
    pub fn cost(&self, path: &[usize]) -> f64 {
        path.iter().map(|&index| self.arcs[index].cost).sum()
    }

    /// The share of each arc: the weight of the paths through it among that of all paths, 0 to 1. All 0 if no path leads to the end.
    pub fn shares(&self) -> Vec<f64> {
        let (before, after) = (self.before(), self.after());
        let total = before[self.last];
        let share = |arc: &Arc| libm::exp(before[arc.first] - arc.cost + after[arc.end] - total);
        if total == f64::NEG_INFINITY { vec![0.0; self.arcs.len()] } else { self.arcs.iter().map(share).collect() }
    }

    /// The logarithm of the weight of all paths.
    pub fn log_weight(&self) -> f64 {
        self.before()[self.last]
    }

    /// Of each place, the logarithm of the weight of the paths that lead to it.
    fn before(&self) -> Vec<f64> {
        let mut weights = vec![f64::NEG_INFINITY; self.last + 1];
        weights[0] = 0.0;
        for index in self.order() {
            let arc = self.arcs[index];
            weights[arc.end] = log_sum(weights[arc.end], weights[arc.first] - arc.cost);
        }
        weights
    }

    /// Of each place, the logarithm of the weight of the paths that lead from it to the end.
    fn after(&self) -> Vec<f64> {
        let mut weights = vec![f64::NEG_INFINITY; self.last + 1];
        weights[self.last] = 0.0;
        let mut order = self.order();
        order.sort_by_key(|&index| std::cmp::Reverse(self.arcs[index].end));
        for index in order {
            let arc = self.arcs[index];
            weights[arc.first] = log_sum(weights[arc.first], weights[arc.end] - arc.cost);
        }
        weights
    }

    /// The arcs by the place at which they begin: all arcs to a place come before those from it.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.arcs.len()).collect();
        order.sort_by_key(|&index| self.arcs[index].first);
        order
    }
}

/// log(exp(a) + exp(b)).
fn log_sum(a: f64, b: f64) -> f64 {
    let most = a.max(b);
    if most == f64::NEG_INFINITY { most } else { most + libm::log1p(libm::exp(a.min(b) - most)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::stream;
    use rand::RngExt;

    /// Every path from `place` to the end, as indices of arcs.
    fn paths(graph: &Graph, place: usize) -> Vec<Vec<usize>> {
        if place == graph.last {
            return vec![vec![]];
        }
        let from_here = graph.arcs.iter().enumerate().filter(|(_, arc)| arc.first == place);
        let longer = |(index, arc): (usize, &Arc)| {
            let rest = paths(graph, arc.end);
            rest.into_iter().map(move |rest| [vec![index], rest].concat()).collect::<Vec<Vec<usize>>>()
        };
        from_here.flat_map(longer).collect()
    }

    fn graph(number: u64) -> Graph {
        let mut generator = stream(1, "graph", number);
        let last = generator.random_range(1..=6);
        let arcs = (0..generator.random_range(1..=14)).map(|_| {
            let first = generator.random_range(0..last);
            Arc { first, end: generator.random_range(first + 1..=last), cost: generator.random_range(0.0..4.0) }
        });
        Graph::new(arcs.collect(), last)
    }

    #[test]
    fn the_cheapest_path_is_that_of_all_paths() {
        let mut connected = 0;
        for graph in (0..300).map(graph) {
            let all = paths(&graph, 0);
            let cheapest = all.iter().min_by(|a, b| graph.cost(a).total_cmp(&graph.cost(b)));
            assert_eq!(graph.cheapest().as_ref(), cheapest, "{graph:?}");
            connected += usize::from(cheapest.is_some());
        }
        assert!(connected > 100, "{connected}");
    }

    #[test]
    fn the_weight_is_that_of_all_paths_and_each_arc_has_its_share() {
        for graph in (0..300).map(graph) {
            let all = paths(&graph, 0);
            let weight = |path: &Vec<usize>| (-graph.cost(path)).exp();
            let total: f64 = all.iter().map(weight).sum();
            assert!((graph.log_weight().exp() - total).abs() < 1e-9);
            for (index, share) in graph.shares().into_iter().enumerate() {
                let through: f64 = all.iter().filter(|path| path.contains(&index)).map(weight).sum();
                let expected = if total > 0.0 { through / total } else { 0.0 };
                assert!((share - expected).abs() < 1e-9, "{share} for {expected}");
            }
        }
    }
}
