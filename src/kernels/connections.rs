//! The connections between the input maps and the output maps of a convolution.

use std::ops::Range;

use crate::maps::Shape;

/// A connection table: the pairs (output map, input map) that a convolution joins, each with a kernel of its own.
///
/// The order of the pairs is the order of the kernels in the parameters: by output map, then as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pairs: Vec<(usize, usize)>,
    /// (pair, output map) of each input map.
    of_inputs: Vec<Vec<(usize, usize)>>,
    inputs: usize,
    outputs: usize,
    full: bool,
}

impl Table {
    /// Every input map feeds every output map.
    pub fn full(inputs: usize, outputs: usize) -> Self {
        let pairs = (0..outputs).flat_map(|output| (0..inputs).map(move |input| (output, input))).collect();
        Self::new(pairs, inputs, outputs, true)
    }

    /// `rows[i]` lists the input maps of output map i, as the columns of the paper's Table I do.
    ///
    /// # Panics
    /// If a row is empty or names a map that is not below `inputs`: a table is part of a network's declaration.
    pub fn sparse(inputs: usize, rows: &[&[usize]]) -> Self {
        assert!(
            rows.iter().all(|row| !row.is_empty() && row.iter().all(|&input| input < inputs)),
            "rows of input maps"
        );
        let pairs = rows.iter().enumerate().flat_map(|(output, row)| row.iter().map(move |&input| (output, input)));
        let full = rows.iter().all(|row| row.iter().copied().eq(0..inputs));
        Self::new(pairs.collect(), inputs, rows.len(), full)
    }

    fn new(pairs: Vec<(usize, usize)>, inputs: usize, outputs: usize, full: bool) -> Self {
        let mut of_inputs = vec![Vec::new(); inputs];
        for (pair, &(output, input)) in pairs.iter().enumerate() {
            of_inputs[input].push((pair, output));
        }
        Self { pairs, of_inputs, inputs, outputs, full }
    }

    /// The pairs with this output map, which stand together.
    pub fn of_output(&self, output: usize) -> Range<usize> {
        let start = self.pairs.partition_point(|pair| pair.0 < output);
        start..start + self.pairs[start..].partition_point(|pair| pair.0 == output)
    }

    /// (index of the pair, output map) of each pair with this input map, in order.
    pub fn of_input(&self, input: usize) -> &[(usize, usize)] {
        &self.of_inputs[input]
    }

    /// The pairs (output map, input map), in the order of the kernels.
    pub fn pairs(&self) -> &[(usize, usize)] {
        &self.pairs
    }

    /// Number of input maps.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Number of output maps.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// The number of input maps that feed this output map.
    pub fn fan_in(&self, output: usize) -> usize {
        self.pairs.iter().filter(|pair| pair.0 == output).count()
    }

    /// True if every input map feeds every output map, and in order: the kernels then form an outputs x inputs matrix.
    pub fn is_full(&self) -> bool {
        self.full
    }
}

/// The largest side of a kernel that the kernel functions are compiled for.
pub const MAX_KERNEL: usize = 7;

/// The connections of a convolution: a kernel of `size` x `size` for each pair of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connections {
    /// The pairs of maps that are joined.
    pub table: Table,
    /// K, in 1 ..= [`MAX_KERNEL`].
    pub size: usize,
}

impl Connections {
    /// The number of weights: K x K for each pair, in the table's order.
    pub fn weights(&self) -> usize {
        self.table.pairs().len() * self.size * self.size
    }

    /// True if every unit of this output sees the whole input, which makes the convolution a full connection: F6, and C5 on an input
    /// as large as its kernel.
    pub fn is_dense(&self, output: Shape) -> bool {
        self.table.is_full() && output.area() == 1
    }
}

/// Calls a generic function with the kernel size as a constant, so that loops over it unroll:
/// `with_kernel_size!(size, K => f::<K>(...))`.
macro_rules! with_kernel_size {
    ($size:expr, $k:ident => $call:expr) => {
        $crate::connections::with_kernel_size!(@ $size, $k, $call, 1 2 3 4 5 6 7)
    };
    (@ $size:expr, $k:ident, $call:expr, $($value:literal)*) => {
        match $size {
            $($value => { const $k: usize = $value; $call })*
            other => unreachable!("a kernel of {other}x{other}"),
        }
    };
}
pub(crate) use with_kernel_size;
